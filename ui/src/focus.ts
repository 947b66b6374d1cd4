// Keeps the keyboard focus when a new view moves or removes the focused element. Browsers would start over at the top
// of the page. Instead the focus moves along with the element; if the element is gone, it goes to the next article or
// to the nearest remaining heading around it.

/** Call this before the page changes, and the function it returns afterward. */
export function saveFocus(): () => void {
  const before = document.activeElement;
  const fallbacks = fallbacksFor(before);
  return () => {
    if (document.activeElement !== document.body) return;
    if (before instanceof HTMLElement && before.isConnected) before.focus();
    else headingIn(fallbacks)?.focus();
  };
}

/** The elements around one, innermost first; before an article's container comes the article after it. */
function fallbacksFor(element: Element | null): Element[] {
  const outer = element?.parentElement ?? null;
  if (outer === null) return [];
  const next = element?.matches("article") ? element.nextElementSibling : null;
  return [...(next === null ? [] : [next]), outer, ...fallbacksFor(outer)];
}

function headingIn(elements: readonly Element[]): HTMLElement | undefined {
  const headings = elements
    .filter((element) => element.isConnected)
    .map((element) => element.querySelector<HTMLElement>(":is(h1, h2, h3)[tabindex], summary"));
  return headings.find((heading) => heading !== null) ?? undefined;
}
