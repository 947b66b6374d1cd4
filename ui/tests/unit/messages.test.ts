// What the build rejects in message files, and what the compiler rejects in their use.

import { expect, test } from "vitest";
import { differences, parse, types, unused } from "../../build/messages";
import { say } from "../../src/words";

const english = parse("hello = Hello\nmet = { $name } met { $other }\n");

test("each message becomes a type of its variables", () => {
  expect(types(english)).toContain('"hello": [];');
  expect(types(english)).toContain('"met": [values: { name: string; other: string }];');
});

test.each([
  ["hello = Hello\nthis is no message\n", "not readable: this is no message"],
  ["hello = Hello\nhello = Hello again\n", "duplicate name"],
  ["hello = Hello\n    .cause = So.\n", "attributes"],
  ["hello =\n    .cause = So.\n", "attributes"],
  ["hello = { other }\n", "stands by itself"],
  ["hello = { -brand }\n", "stands by itself"],
  ["-brand = Deskside\n", "terms"],
  ["hello = { NUMBER($minutes) }\n", "functions"],
  ["hello = { KNOWN($name) ->\n    [yes] Hello\n   *[no] Hi\n }\n", "functions"],
])("%j is rejected", (file, why) => {
  expect(() => parse(file)).toThrow(why);
});

test("a translation may lack messages", () => {
  expect(differences(english, parse("hello = Bonjour\n"))).toEqual([]);
  expect(differences(english, parse("met = { $other ->\n    [x] { $name }\n   *[y] { $name }\n }\n"))).toEqual([]);
});

test.each([
  ["the message is unknown", "goodbye = Au revoir\n"],
  ["a variable is missing", "met = { $name } est là\n"],
  ["a variable is foreign", "hello = Bonjour { $name }\n"],
])("a translation is rejected when %s", (_, file) => {
  expect(differences(english, parse(file))).toHaveLength(1);
});

test("a message that no source names is unused", () => {
  expect(unused(english, ['say("hello")', "a hello-page", '"met-again"'])).toEqual(["met"]);
});

test("the compiler rejects wrong uses of messages", () => {
  const misuses = [
    // @ts-expect-error there is no such message
    () => say("no-such-message"),
    // @ts-expect-error the argument is missing
    () => say("time-on"),
    // @ts-expect-error the argument has another name
    () => say("time-on", { date: "May 1" }),
    // @ts-expect-error there is an argument too many
    () => say("time-on", { day: "May 1", year: "2026" }),
    // @ts-expect-error the message has no arguments
    () => say("time-unknown", { day: "May 1" }),
  ];
  expect(misuses).toHaveLength(5);
});
