// Which connection's card stands where, and which buttons on it. Each offer stands there once, and at most one button is
// the one to press.

import type { ConnectionView } from "./generated/ConnectionView";
import type { LinkStage } from "./generated/LinkStage";
import type { LinkView } from "./generated/LinkView";
import type { Offer } from "./generated/Offer";

/** The stages in which opening the page anew would get in the link's own way. */
const underWay: readonly LinkStage[] = ["preflight", "fetching", "waiting", "returned"];

/** What lets go of a connection stands last, where nobody presses it in passing. */
const partings: readonly Offer[] = ["open_link", "stop_syncing", "remove"];

/** What waits for the user comes first, then what is wrong, each in the order in which it came. */
export function ordered(connections: readonly ConnectionView[]): ConnectionView[] {
  return [...connections].sort((one, other) => rank(one) - rank(other));
}

function rank({ link, problem }: ConnectionView): number {
  if (link !== null && underWay.includes(link.stage)) return 0;
  return problem === null ? 2 : 1;
}

/** The buttons under the card, the one that helps first. Those of the link stand with the link. */
export function buttons({ link, problem, offers }: ConnectionView): Offer[] {
  const first = problem?.action ?? null;
  const middle = offers.filter((offer) => !partings.includes(offer));
  const last = partings.filter((offer) => offers.includes(offer));
  const all = new Set([...(first === null ? [] : [first]), ...middle, ...last]);
  return [...all].filter((offer) => link === null || !belongsTo(link, offer));
}

function belongsTo({ stage, offers, checks }: LinkView, offer: Offer): boolean {
  if (offer === "open_link" && underWay.includes(stage)) return true;
  return offers.includes(offer) || checks.some(({ fix }) => fix === offer);
}

/** The one button to press, if there is one: it may stand with the link or under the card. */
export function primary({ link, problem }: ConnectionView): Offer | null {
  const helps = problem?.action ?? null;
  if (link === null) return helps;
  if (link.stage === "preflight") return beforeOpening(link);
  if (link.stage === "ended" && link.offers.includes("open_link")) return helps ?? "open_link";
  // While a link is under way a new one is the way out, not the way on.
  return helps !== null && belongsTo(link, helps) ? null : helps;
}

/** First what is not as it should be; then the page. */
function beforeOpening({ checks, offers }: LinkView): Offer | null {
  const bad = checks.filter(({ mark }) => mark === "bad");
  if (bad.length > 0) return bad.find(({ fix }) => fix !== null)?.fix ?? null;
  return offers.includes("go_on") ? "go_on" : null;
}
