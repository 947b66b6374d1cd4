// Everything that the page itself says: the messages of the files window.ftl, which hold one language each. A message
// that does not exist, or an argument too many or too few, is refused by its type; see build/words.ts.

import type { LinkStage } from "./generated/LinkStage";
import type { LoginStart } from "./generated/LoginStart";
import type { Mark } from "./generated/Mark";
import type { Mood } from "./generated/Mood";
import type { Offer } from "./generated/Offer";
import type { Page } from "./generated/Page";
import type { Severity } from "./generated/Severity";
import type { Who } from "./generated/Who";
import type { Messages } from "./generated-words";
import { Speech } from "./speech";

const files = import.meta.glob<string>("../../crates/deskside-text/locales/*/window.ftl", {
  query: "?raw",
  import: "default",
  eager: true,
});
/** By the name of the language, which is the folder's. */
const texts = new Map(Object.entries(files).map(([path, text]) => [path.split("/").at(-2) ?? "", text]));
const speech = new Speech(texts, navigator.languages);

/** The language that the page speaks, chosen once. */
export const language = speech.language;

/** A message in the page's language. */
export function say<Name extends keyof Messages>(message: Name, ...values: Messages[Name]): string {
  return speech.say(message, ...values);
}

/** The messages without arguments. */
type Plain = { [Name in keyof Messages]: Messages[Name] extends [] ? Name : never }[keyof Messages];

export const pages: Record<Page, Plain> = {
  status: "page-status",
  setup: "page-setup",
  diagnostics: "page-diagnostics",
  settings: "page-settings",
};

export const moods: Record<Mood, Plain> = {
  idle: "mood-idle",
  healthy: "mood-healthy",
  ready: "mood-ready",
  waiting: "mood-waiting",
  unknown: "mood-unknown",
  problem: "mood-problem",
};

export const marks: Record<Mark, Plain> = {
  good: "mark-good",
  bad: "mark-bad",
  unknown: "mark-unknown",
};

export const severities: Record<Severity, Plain> = {
  info: "severity-info",
  warning: "severity-warning",
  blocking: "severity-blocking",
};

export const noticeSeverities: Record<Severity, Plain> = {
  info: "notice-severity-info",
  warning: "notice-severity-warning",
  blocking: "notice-severity-blocking",
};

export const who: Record<Who, Plain> = {
  user: "who-user",
  it: "who-it",
  vendor: "who-vendor",
  nobody: "who-nobody",
};

export const offers: Record<Offer, Plain> = {
  check: "offer-check",
  open_link: "offer-open-link",
  go_on: "offer-go-on",
  cancel_link: "offer-cancel-link",
  stop_syncing: "offer-stop-syncing",
  copy_details: "offer-copy-details",
  open_quickbooks: "offer-open-quickbooks",
  start_web_connector: "offer-start-web-connector",
  open_log: "offer-open-log",
  open_sleep_settings: "offer-open-sleep-settings",
  remove: "offer-remove",
};

/** What asks for a second word, and the words of that question. */
export const confirmations = {
  stop_syncing: { title: "stop-title", yes: "stop-stop", no: "stop-keep" },
  remove: { title: "remove-title", yes: "remove-remove", no: "remove-keep" },
} as const satisfies Partial<Record<Offer, Record<"title" | "yes" | "no", Plain>>>;

/** What is going on by itself while a link is on its way. */
export const linkWork: Partial<Record<LinkStage, Plain>> = {
  fetching: "link-fetching",
  returned: "link-returned",
};

/** Why the user cannot change whether Deskside starts at login. */
export const fixedLoginStarts: Record<LoginStart["kind"], Plain | undefined> = {
  on: undefined,
  off: undefined,
  turned_off_in_task_manager: "login-start-turned-off-in-task-manager",
  by_administrator: "login-start-by-administrator",
  cannot_tell: "login-start-cannot-tell",
};
