// The order of the connection cards, and the buttons on each. Each command appears once on a card, and at most one
// button is primary.

import type { Command } from "./generated/Command";
import type { ConnectionView } from "./generated/ConnectionView";
import type { LinkStage } from "./generated/LinkStage";
import type { LinkView } from "./generated/LinkView";

/** The stages in which opening the page again would interfere with the link. */
const activeStages: readonly LinkStage[] = ["preflight", "fetching", "waiting", "returned"];

/** Commands that give something up come last, where nobody presses them by accident. */
const lastCommands: readonly Command[] = ["open_link", "stop_syncing", "remove"];

/** Links that wait for the user come first, then problems, then the rest; each group keeps its order. */
export function sorted(connections: readonly ConnectionView[]): ConnectionView[] {
  return [...connections].sort((one, other) => rank(one) - rank(other));
}

function rank({ link, problem }: ConnectionView): number {
  if (link !== null && activeStages.includes(link.stage)) return 0;
  return problem === null ? 2 : 1;
}

/** The commands at the bottom of the card, the most helpful one first. The link's own commands are shown with it. */
export function cardCommands({ link, problem, commands }: ConnectionView): Command[] {
  const first = problem?.action ?? null;
  const middle = commands.filter((command) => !lastCommands.includes(command));
  const last = lastCommands.filter((command) => commands.includes(command));
  const all = new Set([...(first === null ? [] : [first]), ...middle, ...last]);
  return [...all].filter((command) => link === null || !belongsTo(link, command));
}

function belongsTo({ stage, commands, checks }: LinkView, command: Command): boolean {
  if (command === "open_link" && activeStages.includes(stage)) return true;
  return commands.includes(command) || checks.some(({ fix }) => fix === command);
}

/** The command of the primary button, which is either the link's or at the bottom of the card; `null` for none. */
export function primaryCommand({ link, problem }: ConnectionView): Command | null {
  const remedy = problem?.action ?? null;
  if (link === null) return remedy;
  if (link.stage === "preflight") return preflightCommand(link);
  if (link.stage === "ended" && link.commands.includes("open_link")) return remedy ?? "open_link";
  // While a link is active, requesting a new one is a way out, not the way forward.
  return remedy !== null && belongsTo(link, remedy) ? null : remedy;
}

/** The first failed check's remedy; without a failed check, the command that opens the page. */
function preflightCommand({ checks, commands }: LinkView): Command | null {
  const failed = checks.filter(({ state }) => state === "bad");
  if (failed.length > 0) return failed.find(({ fix }) => fix !== null)?.fix ?? null;
  return commands.includes("go_on") ? "go_on" : null;
}
