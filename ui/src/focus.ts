// Where the keyboard's place goes when a new view takes away the very thing that had it: to the nearest heading around
// it that is still there. A browser would begin again at the top of the page.

/** To be called before the page changes, and what it returns after that. */
export function holdPlace(): () => void {
  const before = document.activeElement;
  const around = placesAround(before);
  return () => {
    const lost = before?.isConnected === false && document.activeElement === document.body;
    if (lost) headingOf(around)?.focus();
  };
}

function placesAround(element: Element | null): Element[] {
  const outer = element?.parentElement ?? null;
  return outer === null ? [] : [outer, ...placesAround(outer)];
}

function headingOf(places: readonly Element[]): HTMLElement | undefined {
  const headings = places
    .filter((place) => place.isConnected)
    .map((place) => place.querySelector<HTMLElement>(":is(h1, h2, h3)[tabindex]"));
  return headings.find((heading) => heading !== null) ?? undefined;
}
