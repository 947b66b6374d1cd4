import { expect, test } from "vitest";
import { buttons, ordered, primary } from "../../src/card";
import type { LinkView } from "../../src/generated/LinkView";
import type { Offer } from "../../src/generated/Offer";
import { checks, connection, link, links, problem } from "../scenes";

const card = (shown: LinkView | null, action: Offer | null = null) =>
  connection("problem", { link: shown, problem: { ...problem, action } });

test("without_a_link_the_button_that_helps_is_the_one_to_press_and_comes_first", () => {
  const shown = card(null, "copy_details");
  expect(primary(shown)).toBe("copy_details");
  expect(buttons(shown)).toEqual(["copy_details", "check", "open_link", "stop_syncing", "remove"]);
  expect(primary(connection("healthy"))).toBe(null);
});

test("what_lets_go_stands_last_unless_it_helps", () => {
  expect(buttons(connection("healthy", { offers: ["remove", "stop_syncing", "check"] }))).toEqual([
    "check",
    "stop_syncing",
    "remove",
  ]);
  expect(buttons(card(null, "remove"))[0]).toBe("remove");
});

test.each([
  ["preflight-bad", "open_quickbooks"],
  ["preflight-good", "go_on"],
  ["fetching", null],
  ["waiting", null],
  ["returned", null],
  ["confirmed", null],
  ["ended", "open_link"],
] as const)("of_the_link_%s_the_button_to_press_is_%s", (name, offer) => {
  expect(primary(card(links[name]))).toBe(offer);
});

test("what_is_amiss_and_cannot_be_mended_here_leaves_no_button_to_press", () => {
  expect(primary(card(link("preflight", { checks: [checks.connector, checks.open] }), "open_link"))).toBe(null);
});

test("a_cause_comes_before_a_new_link_and_a_new_link_is_no_cure_while_one_is_out", () => {
  expect(primary(card(links.ended, "start_web_connector"))).toBe("start_web_connector");
  expect(primary(card(links.waiting, "open_link"))).toBe(null);
  expect(primary(card(links.waiting, "check"))).toBe("check");
});

test.each(Object.entries(links))("no_offer_stands_twice_on_the_card: %s", (_, shown) => {
  const under = buttons(card(shown, "open_quickbooks"));
  const within = [...shown.offers, ...shown.checks.map(({ fix }) => fix)];
  expect(under.filter((offer) => within.includes(offer))).toEqual([]);
});

test("while_a_link_is_under_way_only_the_link_speaks_of_links", () => {
  expect(buttons(card(links.fetching))).not.toContain("open_link");
  expect(buttons(card(links.confirmed))).toContain("open_link");
});

test("links_under_way_come_first_then_problems_and_otherwise_the_order_stays", () => {
  const shown = [
    connection("healthy", { id: "a" }),
    connection("problem", { id: "b" }),
    connection("waiting", { id: "c", link: links.confirmed }),
    connection("problem", { id: "d", link: links.waiting }),
    connection("problem", { id: "e" }),
    connection("waiting", { id: "f", link: links.fetching }),
  ];
  expect(ordered(shown).map(({ id }) => id)).toEqual(["d", "f", "b", "e", "a", "c"]);
});
