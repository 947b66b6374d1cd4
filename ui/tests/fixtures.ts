// Views as the program sends them, for unit and page tests.

import type { Check } from "../src/generated/Check";
import type { ConnectionView } from "../src/generated/ConnectionView";
import type { LinkStage } from "../src/generated/LinkStage";
import type { LinkView } from "../src/generated/LinkView";
import type { ProblemView } from "../src/generated/ProblemView";
import type { Question } from "../src/generated/Question";
import type { SourceView } from "../src/generated/SourceView";
import type { Status } from "../src/generated/Status";
import type { View } from "../src/generated/View";

/** The fixed time in page tests. */
export const now = "2026-03-04T10:00:00Z";

const headlines: Record<Status, string> = {
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

export function connection(status: Status, change: Partial<ConnectionView> = {}): ConnectionView {
  return {
    id: "con_1",
    name: "O’Brien & Søn Café, Inc.",
    via: "Acme Books · app.acme.example",
    status,
    headline: headlines[status],
    problem: status === "problem" ? problem : null,
    last_success_at: status === "healthy" ? "2026-03-04T09:50:00Z" : null,
    checked_at: status === "waiting" ? null : "2026-03-04T09:55:00Z",
    link: null,
    facts: [
      { label: "Provider", value: "Conductor", state: "good" },
      { label: "Company file", value: "O’Brien & Søn Café, Inc.", state: "good" },
      { label: "Connected", value: "Yes, unattended", state: "good" },
      { label: "Last successful sync", value: "No sync has been seen yet", state: "unknown" },
      { label: "Data", value: "The last sync did not finish", state: "bad" },
    ],
    stopping: "Acme Books gets no more data from this company. What it has, it keeps.",
    removing: "The connection ends at Acme Books too. What Acme Books has already fetched stays there.",
    commands: ["check", "open_link", "stop_syncing", "copy_details", "remove"],
    busy: false,
    ...change,
  };
}

export function view(status: Status, change: Partial<View> = {}): View {
  return {
    status,
    headline: headlines[status],
    question: null,
    notices: [],
    connections: status === "idle" ? [] : [connection(status)],
    sources: [],
    machine: [
      { label: "QuickBooks Desktop", value: "Enterprise 24.0 is open", state: "good" },
      { label: "Company file", value: "No company file is open", state: "bad" },
      { label: "Web Connector", value: "Running, version 34.0", state: "good" },
      { label: "Internet", value: "Could not look", state: "unknown" },
    ],
    shortcuts: [],
    opening: null,
    settings: { notifications: true },
    login_start: { kind: "on" },
    about: { version: "0.1.0", computer: "FRONT-DESK-02", sandbox: false },
    ...change,
  };
}

export const statuses: Status[] = ["idle", "healthy", "ready", "waiting", "unknown", "problem"];

export const checks = {
  open: { label: "QuickBooks Desktop", text: "Enterprise 24.0 is open.", state: "good", fix: null },
  closed: {
    label: "QuickBooks Desktop",
    text: "QuickBooks is closed. Open it and the company file first.",
    state: "bad",
    fix: "open_quickbooks",
  },
  file: { label: "Company file", text: "Harbor Street Dental is open.", state: "good", fix: null },
  mode: {
    label: "Single-user mode",
    text: "Deskside cannot see the mode. Look in QuickBooks’ File menu.",
    state: "unknown",
    fix: null,
  },
  connector: { label: "Web Connector", text: "It is not installed on this computer.", state: "bad", fix: null },
} as const satisfies Record<string, Check>;

export function link(stage: LinkStage, change: Partial<LinkView> = {}): LinkView {
  return { stage, expires_at: null, host: null, checks: [], steps: [], ...stages[stage], ...change };
}

const stages: Record<LinkStage, Pick<LinkView, "title" | "text" | "commands"> & Partial<LinkView>> = {
  preflight: {
    title: "One look before the page opens",
    text: "This computer is not quite ready for the connection page.",
    checks: [checks.closed, checks.file, checks.mode],
    commands: ["go_on", "cancel_link"],
  },
  fetching: { title: "Getting the connection page", text: "Acme Books is asked for it.", commands: ["cancel_link"] },
  waiting: {
    title: "The page is open in your browser",
    text: "Follow it there. Deskside notices when it is done.",
    host: "connect.conductor.is",
    expires_at: "2026-03-04T10:23:30.987654321Z",
    steps: [
      { text: "Sign in to QuickBooks as Admin, in single-user mode.", done: true },
      { text: "Download the file that the page offers, and open it.", done: true },
      { text: "In the Web Connector, type the password that the page shows.", done: false },
      { text: "When QuickBooks asks, choose “Yes, whenever this company file is open”.", done: false },
    ],
    commands: ["open_link", "cancel_link"],
  },
  returned: {
    title: "The browser came back",
    text: "That can take a minute. You can go on working.",
    commands: ["open_link", "cancel_link"],
  },
  confirmed: { title: "Connected", text: "Acme Books says that the connection works.", commands: [] },
  ended: {
    title: "The link has run out",
    text: "Nothing was connected. A new link opens the same page again.",
    commands: ["open_link"],
  },
};

/** A link in each of its states. */
export const links = {
  "preflight-bad": link("preflight"),
  "preflight-good": link("preflight", { checks: [checks.open, checks.file, checks.mode] }),
  fetching: link("fetching"),
  waiting: link("waiting"),
  "waiting-last-minute": link("waiting", { expires_at: "2026-03-04T10:00:41Z" }),
  returned: link("returned"),
  confirmed: link("confirmed"),
  ended: link("ended"),
} as const satisfies Record<string, LinkView>;

const picture = (id: string, alt: string) => ({ id, alt });

/** Our own drawings in the sizes of the real ones: brand files are not ours to include. */
export const images: Record<string, string> = {
  logo: svg(48, 48, '<circle cx="24" cy="24" r="20" fill="#12203a"/><path d="M14 24h20M24 14v20" stroke="#fff"/>'),
  button: svg(
    220,
    44,
    '<rect width="220" height="44" rx="4" fill="#1b7f3b"/><text x="24" y="28" fill="#fff">Connect</text>',
  ),
  hover: svg(
    220,
    44,
    '<rect width="220" height="44" rx="4" fill="#0c4f22"/><text x="24" y="28" fill="#fff">Connect</text>',
  ),
  broken: "data:image/png;base64,AAAA",
};

function svg(width: number, height: number, inside: string): string {
  const size = `width="${width}" height="${height}"`;
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" ${size}>${inside}</svg>`)}`;
}

export const source: SourceView = {
  id: "src_1",
  name: "Acme Books",
  account: "L’Été & Ñandú Ltd",
  linked: true,
  state: "ready",
  connecting: false,
  integrations: [
    {
      key: "ledger",
      name: "QuickBooks Desktop",
      logo: picture("logo", "The logo of QuickBooks Desktop"),
      button: picture("button", "Connect to QuickBooks"),
      button_hover: picture("hover", "Connect to QuickBooks"),
    },
    { key: "plain", name: "Larch Ledger", logo: null, button: null, button_hover: null },
  ],
};

/** Sources with the longest names. */
export const sources: SourceView[] = [
  source,
  {
    id: "src_2",
    name: "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesellschaft",
    account: "quickbooks-login.a-name-that-goes-on-and-on.acme.example",
    linked: true,
    state: "ready",
    connecting: false,
    integrations: [
      {
        key: "broken",
        name: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk Desktop",
        logo: picture("missing", "A logo that is not there"),
        button: picture("broken", "Connect"),
        button_hover: null,
      },
    ],
  },
  {
    id: "src_3",
    name: "شركة النور للتجارة",
    account: "noor.example",
    linked: true,
    state: "failed",
    connecting: false,
    integrations: [],
  },
];

const longHost = "quickbooks-login.accounts-secure-verification.a-name-that-goes-on-and-on.acme.example";

export const questions = {
  open: { kind: "open_link", id: "q1", provider: "Conductor", host: "connect.conductor.is", checks: [] },
  "open-checked": {
    kind: "open_link",
    id: "q1",
    provider: "Conductor",
    host: "connect.conductor.is",
    checks: [checks.closed, checks.file, checks.mode, checks.connector],
  },
  known: { kind: "enroll", id: "q2", host: "app.acme.example", vendor: "Acme Books", must_confirm_origin: false },
  unknown: { kind: "enroll", id: "q3", host: longHost, vendor: null, must_confirm_origin: true },
  working: { kind: "working", id: "q3", text: "Asking app.acme.example whose code this is" },
  account: { kind: "confirm_account", id: "q4", host: "app.acme.example", account: "L’Été & Ñandú Ltd" },
} as const satisfies Record<string, Question>;

/** A view with long names, right-to-left names, and many notices and problems. */
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
      commands: ["check", "copy_details", "remove"],
      stopping: null,
      busy: true,
    }),
    connection("unknown", { id: "con_3", name: "شركة النور للتجارة", via: "Acme Books · app.acme.example" }),
    connection("problem", {
      id: "con_4",
      name: "Harbor Street Dental",
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
  sources,
  shortcuts: ["open_quickbooks", "start_web_connector", "open_log", "open_sleep_settings"],
  opening: "start_web_connector",
  about: { version: "0.1.0", computer: "FRONT-DESK-02", sandbox: true },
});

/** One connection for each state of a link, with names of every kind. */
export const allStages: View = view("waiting", {
  connections: Object.entries(links).map(([name, shown], index) =>
    connection("waiting", {
      id: name,
      name: crowded.connections[index % crowded.connections.length]?.name ?? "",
      link: shown,
      facts: [],
      commands: ["copy_details", "remove"],
    }),
  ),
});
