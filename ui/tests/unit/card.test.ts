// Which commands a connection's card shows, and which is primary.

import { expect, test } from "vitest";
import { cardCommands, primaryCommand, sorted } from "../../src/card";
import type { Command } from "../../src/generated/Command";
import type { LinkView } from "../../src/generated/LinkView";
import { checks, connection, link, links, problem } from "../fixtures";

const card = (shown: LinkView | null, action: Command | null = null) =>
  connection("problem", { link: shown, problem: { ...problem, action } });

test("without a link the remedy is primary and first", () => {
  const shown = card(null, "copy_details");
  expect(primaryCommand(shown)).toBe("copy_details");
  expect(cardCommands(shown)).toEqual(["copy_details", "check", "open_link", "stop_syncing", "remove"]);
  expect(primaryCommand(connection("healthy"))).toBe(null);
});

test("destructive commands come last unless they are the remedy", () => {
  expect(cardCommands(connection("healthy", { commands: ["remove", "stop_syncing", "check"] }))).toEqual([
    "check",
    "stop_syncing",
    "remove",
  ]);
  expect(cardCommands(card(null, "remove"))[0]).toBe("remove");
});

test.each([
  ["preflight-bad", "open_quickbooks"],
  ["preflight-good", "go_on"],
  ["fetching", null],
  ["waiting", null],
  ["returned", null],
  ["confirmed", null],
  ["ended", "open_link"],
] as const)("in link state %s the primary command is %s", (name, command) => {
  expect(primaryCommand(card(links[name]))).toBe(command);
});

test("a failed check without a remedy leaves no primary button", () => {
  expect(primaryCommand(card(link("preflight", { checks: [checks.connector, checks.open] }), "open_link"))).toBe(null);
});

test("a remedy comes before a new link", () => {
  expect(primaryCommand(card(links.ended, "start_web_connector"))).toBe("start_web_connector");
  expect(primaryCommand(card(links.waiting, "open_link"))).toBe(null);
  expect(primaryCommand(card(links.waiting, "check"))).toBe("check");
});

test.each(Object.entries(links))("no command appears twice on a card: %s", (_, shown) => {
  const onCard = cardCommands(card(shown, "open_quickbooks"));
  const onLink = [...shown.commands, ...shown.checks.map(({ fix }) => fix)];
  expect(onCard.filter((command) => onLink.includes(command))).toEqual([]);
});

test("an active link hides the card's own link command", () => {
  expect(cardCommands(card(links.fetching))).not.toContain("open_link");
  expect(cardCommands(card(links.confirmed))).toContain("open_link");
});

test("active links come first, then problems, in stable order", () => {
  const shown = [
    connection("healthy", { id: "a" }),
    connection("problem", { id: "b" }),
    connection("waiting", { id: "c", link: links.confirmed }),
    connection("problem", { id: "d", link: links.waiting }),
    connection("problem", { id: "e" }),
    connection("waiting", { id: "f", link: links.fetching }),
  ];
  expect(sorted(shown).map(({ id }) => id)).toEqual(["d", "f", "b", "e", "a", "c"]);
});
