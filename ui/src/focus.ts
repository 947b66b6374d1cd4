// Where the keyboard's place goes when a new view moves or takes away the very thing that had it: along with it, to the
// article after it, or to the nearest heading around it that is still there. A browser would begin again at the top of
// the page.

/** To be called before the page changes, and what it returns after that. */
export function holdPlace(): () => void {
  const before = document.activeElement;
  const around = placesAround(before);
  return () => {
    if (document.activeElement !== document.body) return;
    if (before instanceof HTMLElement && before.isConnected) before.focus();
    else headingOf(around)?.focus();
  };
}

function placesAround(element: Element | null): Element[] {
  const outer = element?.parentElement ?? null;
  if (outer === null) return [];
  const next = element?.matches("article") ? element.nextElementSibling : null;
  return [...(next === null ? [] : [next]), outer, ...placesAround(outer)];
}

function headingOf(places: readonly Element[]): HTMLElement | undefined {
  const headings = places
    .filter((place) => place.isConnected)
    .map((place) => place.querySelector<HTMLElement>(":is(h1, h2, h3)[tabindex], summary"));
  return headings.find((heading) => heading !== null) ?? undefined;
}
