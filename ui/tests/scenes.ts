// Views as the program would send them, for unit and page tests alike.

import type { ConnectionView } from "../src/generated/ConnectionView";
import type { Mood } from "../src/generated/Mood";
import type { ProblemView } from "../src/generated/ProblemView";
import type { Question } from "../src/generated/Question";
import type { View } from "../src/generated/View";

/** Every page test's clock stands here. */
export const now = "2026-03-04T10:00:00Z";

const headlines: Record<Mood, string> = {
  idle: "No connection yet",
  healthy: "Everything works",
  ready: "This computer is ready",
  waiting: "Waiting for you to finish in the browser",
  unknown: "Deskside cannot tell how the connection is doing",
  problem: "QuickBooks is waiting for an answer",
};

export const problem: ProblemView = {
  code: "quickbooks.window_blocking",
  severity: "blocking",
  title: "A window in QuickBooks is waiting for an answer",
  cause: "While it is open, nothing else can reach the company file.",
  steps: ["Go to QuickBooks.", "Answer or close the window in front.", "Come back here and choose Check now."],
  who: "user",
  provider_message:
    "QuickBooks Desktop has a dialog box open. Please close it, then try again; we couldn’t continue until then.",
  request_id: "req_7Hq2mXv9TzK4sNwB1cYd",
  since: "2026-03-04T09:35:00.123456789Z",
  action: "check",
};

export function connection(mood: Mood, change: Partial<ConnectionView> = {}): ConnectionView {
  return {
    id: "con_1",
    name: "O’Brien & Søn Café, Inc.",
    via: "Acme Books · app.acme.example",
    mood,
    headline: headlines[mood],
    problem: mood === "problem" ? problem : null,
    checked_at: mood === "waiting" ? null : "2026-03-04T09:55:00Z",
    offers: ["check", "open_link", "copy_details", "remove"],
    busy: false,
    ...change,
  };
}

export function view(mood: Mood, change: Partial<View> = {}): View {
  return {
    mood,
    headline: headlines[mood],
    question: null,
    notices: [],
    connections: mood === "idle" ? [] : [connection(mood)],
    machine: [
      { label: "QuickBooks Desktop", value: "Enterprise 24.0 is open", mark: "good" },
      { label: "Company file", value: "No company file is open", mark: "bad" },
      { label: "Web Connector", value: "Running, version 34.0", mark: "good" },
      { label: "Internet", value: "Could not look", mark: "unknown" },
    ],
    aids: [],
    opening: null,
    settings: { notifications: true },
    login_start: { kind: "on" },
    about: { version: "0.1.0", computer: "FRONT-DESK-02", sandbox: false },
    ...change,
  };
}

export const moods: Mood[] = ["idle", "healthy", "ready", "waiting", "unknown", "problem"];

const longHost = "quickbooks-login.accounts-secure-verification.a-name-that-goes-on-and-on.acme.example";

export const questions = {
  open: { kind: "open_link", id: "q1", provider: "Conductor", host: "connect.conductor.is" },
  known: { kind: "enroll", id: "q2", host: "app.acme.example", vendor: "Acme Books", must_confirm_origin: false },
  unknown: { kind: "enroll", id: "q3", host: longHost, vendor: null, must_confirm_origin: true },
  working: { kind: "working", id: "q3", text: "Asking app.acme.example whose code this is" },
  account: { kind: "confirm_account", id: "q4", host: "app.acme.example", account: "L’Été & Ñandú Ltd" },
} as const satisfies Record<string, Question>;

/** Everything at its longest, in an order nobody would wish for. */
export const crowded: View = view("problem", {
  notices: [
    {
      code: "companion.vault_unavailable",
      severity: "blocking",
      title: "Windows does not let Deskside keep its secrets",
      text: "New links cannot be stored. What was connected before goes on working.",
      steps: ["Sign out of Windows and in again.", "Open Deskside once more."],
      action: null,
      dismissible: false,
    },
    {
      code: "computer.sleeps",
      severity: "info",
      title: "This computer goes to sleep",
      text: "This computer sleeps after 30 minutes without use; no data flows then.",
      steps: ["In Windows’ settings for power and sleep, choose “Never” when plugged in."],
      action: "open_sleep_settings",
      dismissible: false,
    },
    {
      code: "link.untrusted_host",
      severity: "warning",
      title: "That link leads to a place Deskside does not know",
      text: "It was not opened.",
      steps: [],
      action: null,
      dismissible: true,
    },
  ],
  connections: [
    connection("problem"),
    connection("healthy", {
      id: "con_2",
      name: "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesellschaft",
      offers: ["check", "copy_details", "remove"],
      busy: true,
    }),
    connection("unknown", { id: "con_3", name: "شركة النور للتجارة", via: "Acme Books · app.acme.example" }),
    connection("problem", {
      id: "con_4",
      name: "Harbour Street Dental",
      problem: {
        ...problem,
        who: "vendor",
        severity: "warning",
        title: "Acme Books refuses its own key",
        cause: "The application’s access to its provider ran out.",
        steps: [],
        provider_message: null,
        request_id: null,
        action: "copy_details",
      },
    }),
  ],
  aids: ["open_quickbooks", "start_web_connector", "open_log", "open_sleep_settings"],
  opening: "start_web_connector",
  about: { version: "0.1.0", computer: "FRONT-DESK-02", sandbox: true },
});
