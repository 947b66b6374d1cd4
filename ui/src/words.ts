// Every sentence the page itself says, in one place, so that one person can read them in a row.
// Plain words, present tense, no blame, no codes. What a connection's state is called comes from the program.

import type { LoginStart } from "./generated/LoginStart";
import type { Mark } from "./generated/Mark";
import type { Mood } from "./generated/Mood";
import type { Offer } from "./generated/Offer";
import type { Page } from "./generated/Page";
import type { Severity } from "./generated/Severity";
import type { Who } from "./generated/Who";

const pages: Record<Page, string> = {
  status: "Status",
  setup: "Set up",
  diagnostics: "Diagnostics",
  settings: "Settings",
};

const moods: Record<Mood, string> = {
  idle: "Not connected yet",
  healthy: "Working",
  ready: "Ready on this computer",
  waiting: "Waiting",
  unknown: "Cannot tell",
  problem: "Needs attention",
};

const marks: Record<Mark, string> = {
  good: "Good",
  bad: "Needs attention",
  unknown: "Cannot tell",
};

const severities: Record<Severity, string> = {
  info: "Good to know",
  warning: "Needs attention soon",
  blocking: "No data is flowing",
};

const noticeSeverities: Record<Severity, string> = {
  info: "Good to know",
  warning: "Needs attention",
  blocking: "Stops Deskside from working",
};

const who: Record<Who, string> = {
  user: "You can fix this.",
  it: "Ask whoever looks after this computer.",
  vendor: "Not your computer: the application’s maker must act.",
  nobody: "Nothing to do: it heals by itself.",
};

const offers: Record<Offer, string> = {
  check: "Check now",
  open_link: "Open the connection page",
  copy_details: "Copy details",
  open_quickbooks: "Open QuickBooks",
  start_web_connector: "Start the Web Connector",
  open_log: "Open the Web Connector’s log",
  open_sleep_settings: "Open Windows’ sleep settings",
  remove: "Remove",
};

export const words = {
  app: "Deskside",
  pages,
  moods,
  marks,
  severities,
  noticeSeverities,
  who,
  offers,
  nav: "Pages",
  title: (page: Page) => `${pages[page]} – Deskside`,

  starting: "Deskside is looking at this computer.",
  silent: {
    title: "Deskside does not answer",
    text: "Close this window and open Deskside again from the icon beside the clock.",
  },
  refused: "Deskside did not take that. Please try again.",
  sandbox: {
    banner: "Trial mode: not for real companies",
    text: "This Deskside is set up for trials and accepts addresses on this computer. Do not use it with a real company.",
  },

  time: {
    justNow: "just now",
    unknown: "at an unknown time",
    on: (day: string) => `on ${day}`,
  },

  notices: {
    label: "Messages",
    dismiss: "Dismiss",
    dismissOf: (title: string) => `Dismiss: ${title}`,
  },

  status: {
    connections: "Connections",
    empty: {
      title: "How to begin",
      steps: [
        "Go to the application that needs data from QuickBooks Desktop, or find the message it sent you.",
        "Open its link on this computer, the one where QuickBooks runs.",
        "Deskside comes up and asks before it does anything.",
      ],
      more: "Show me the steps",
    },
    checked: "Last checked",
    neverChecked: "Not checked yet",
    began: "began",
    steps: "What to do",
    providerSays: "The provider says:",
    checkNote: "“Check now” reaches into QuickBooks and can take up to a minute.",
    busy: "Working on it. This can take up to a minute.",
    offerFor: (offer: string, name: string) => `${offer}: ${name}`,
  },

  support: {
    title: "Details for support",
    problem: "Problem",
    request: "Request",
    since: "Since",
    copyRequest: "Copy request number",
  },

  copy: {
    done: "Copied.",
    failed: "The details are not available right now. Please try again.",
    byHand: "Windows did not allow the copy. Select this text and press Ctrl+C.",
    text: "Text to copy",
  },

  remove: {
    title: "Remove this connection?",
    text: "This computer forgets the connection. Nothing is deleted at the application’s maker.",
    again: "To use it again, open a new link from the application.",
    keep: "Keep it",
    remove: "Remove",
  },

  question: {
    no: "No",
    open: {
      title: (provider: string) => `Open ${provider}’s connection page?`,
      text: "It opens in your browser, at this address:",
      share: "Deskside only opens the page. It never sends company data, passwords, file names or window titles.",
      yes: "Open in browser",
      no: "No, don’t open",
    },
    enroll: {
      title: (vendor: string) => `Link this computer to ${vendor}?`,
      titleUnknown: "Link this computer to a site Deskside does not know?",
      at: "The site is:",
      warning: "If you did not start this on that site yourself, or do not know it, choose No.",
      started: "I started this from that site just now",
      yes: "Link",
    },
    account: {
      // Around the account and its host, which the page sets apart: see ConfirmAccount.svelte.
      tell: "Tell",
      how: "how this computer’s QuickBooks connection is doing?",
      yes: "Yes, tell them",
    },
    share:
      "Shared: whether the connection works, and what is wrong if not. Never: company data, passwords, file names, window titles.",
    cancel: "Cancel",
  },

  setup: {
    title: "Set up a connection",
    intro: "Do this on the computer where QuickBooks Desktop runs.",
    steps: [
      {
        title: "Get QuickBooks ready",
        text: "Open QuickBooks Desktop and the company file. The first time, sign in as Admin and use single-user mode.",
      },
      {
        title: "Open the link",
        text: "Open the link from your application on this computer. Deskside shows where it leads and asks before it opens your browser.",
      },
      {
        title: "Follow the page in your browser",
        text: "It leads you through the rest. When QuickBooks asks whether the application may have access, read who is asking, then allow it.",
      },
    ],
    present: "This computer now",
    stuck: {
      title: "If nothing happens after the browser",
      steps: [
        "Look at QuickBooks: a question may be waiting behind another window.",
        "Open the link in your application again. Links run out, and many work only once, so ask for a new one if it is refused.",
        "Still nothing? Copy the details on the Diagnostics page and send them to the people who gave you the link.",
      ],
    },
  },

  diagnostics: {
    title: "Diagnostics",
    intro: "What Deskside sees on this computer. Looking changes nothing in QuickBooks.",
    machine: "This computer",
    again: "Look again",
    looking: "Looking again. What changes appears here by itself.",
    nothing: "Nothing has been looked at yet.",
    aids: "Deskside can open these for you",
    opening: "Opening. This can take a minute or two.",
    support: "For support",
    supportText: "Copies a description without passwords, links or company data.",
    noConnections: "There is no connection to describe yet.",
  },

  settings: {
    title: "Settings",
    notifications: "Notifications",
    notificationsText: "Tell me when a connection stops working and when it works again.",
    loginStart: "Start Deskside when I sign in to this computer",
    loginStartText: "It starts beside the clock, without opening this window.",
    loginStartFixed: {
      on: undefined,
      off: undefined,
      turned_off_in_task_manager: "Turned off in Task Manager. Turn it on again there, under Startup apps.",
      by_administrator: "Whoever looks after this computer has decided this.",
      cannot_tell: "Deskside cannot look at this on this computer.",
    } satisfies Record<LoginStart["kind"], string | undefined>,
    on: "On",
    off: "Off",
    about: "About",
    version: "Version",
    computer: "This computer’s name",
    computerText: "Applications you link to know this computer by this name.",
  },
} as const;
