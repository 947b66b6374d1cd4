// The page's own messages, from one window.ftl for each language, and the message for each value of the generated types.
// The compiler rejects unknown messages and wrong arguments; see build/words.ts.

import type { CheckState } from "./generated/CheckState";
import type { Command } from "./generated/Command";
import type { LinkStage } from "./generated/LinkStage";
import type { LoginStart } from "./generated/LoginStart";
import type { Page } from "./generated/Page";
import type { Severity } from "./generated/Severity";
import type { Status } from "./generated/Status";
import type { Who } from "./generated/Who";
import type { Messages } from "./generated-words";
import { Localization } from "./localization";

const files = import.meta.glob<string>("../../crates/deskside-text/locales/*/window.ftl", {
  query: "?raw",
  import: "default",
  eager: true,
});
/** The files by language, which is the name of their folder. */
const texts = new Map(Object.entries(files).map(([path, text]) => [path.split("/").at(-2) ?? "", text]));
const localization = new Localization(texts, navigator.languages);

/** The page's language, selected once. */
export const language = localization.language;

/** The message in the page's language, with its arguments filled in. */
export function say<Name extends keyof Messages>(message: Name, ...values: Messages[Name]): string {
  return localization.format(message, ...values);
}

/** A message without arguments. */
type PlainMessage = { [Name in keyof Messages]: Messages[Name] extends [] ? Name : never }[keyof Messages];

export const pages: Record<Page, PlainMessage> = {
  status: "page-status",
  setup: "page-setup",
  diagnostics: "page-diagnostics",
  settings: "page-settings",
};

export const statuses: Record<Status, PlainMessage> = {
  idle: "status-idle",
  healthy: "status-healthy",
  ready: "status-ready",
  waiting: "status-waiting",
  unknown: "status-unknown",
  problem: "status-problem",
};

export const checkStates: Record<CheckState, PlainMessage> = {
  good: "check-state-good",
  bad: "check-state-bad",
  unknown: "check-state-unknown",
};

export const severities: Record<Severity, PlainMessage> = {
  info: "severity-info",
  warning: "severity-warning",
  blocking: "severity-blocking",
};

export const noticeSeverities: Record<Severity, PlainMessage> = {
  info: "notice-severity-info",
  warning: "notice-severity-warning",
  blocking: "notice-severity-blocking",
};

export const who: Record<Who, PlainMessage> = {
  user: "who-user",
  it: "who-it",
  vendor: "who-vendor",
  nobody: "who-nobody",
};

export const commandLabels: Record<Command, PlainMessage> = {
  check: "command-check",
  open_link: "command-open-link",
  go_on: "command-go-on",
  cancel_link: "command-cancel-link",
  stop_syncing: "command-stop-syncing",
  copy_details: "command-copy-details",
  open_quickbooks: "command-open-quickbooks",
  start_web_connector: "command-start-web-connector",
  open_log: "command-open-log",
  open_sleep_settings: "command-open-sleep-settings",
  remove: "command-remove",
};

/** The commands that need a confirmation, with its title and answers. */
export const confirmations = {
  stop_syncing: { title: "stop-title", yes: "stop-stop", no: "stop-keep" },
  remove: { title: "remove-title", yes: "remove-remove", no: "remove-keep" },
} as const satisfies Partial<Record<Command, Record<"title" | "yes" | "no", PlainMessage>>>;

/** The link stages in which the program is at work, with a message for each. */
export const linkWork: Partial<Record<LinkStage, PlainMessage>> = {
  fetching: "link-fetching",
  returned: "link-returned",
};

/** Why the user cannot change whether Deskside starts at login; `undefined` where the user can. */
export const fixedLoginStarts: Record<LoginStart["kind"], PlainMessage | undefined> = {
  on: undefined,
  off: undefined,
  turned_off_in_task_manager: "login-start-turned-off-in-task-manager",
  by_administrator: "login-start-by-administrator",
  cannot_tell: "login-start-cannot-tell",
};
