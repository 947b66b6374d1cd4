// What the build refuses in the files of texts, and what the check of the sources refuses in their use.

import { expect, test } from "vitest";
import { differences, read, types, unused } from "../../build/messages";
import { say } from "../../src/words";

const english = read("hello = Hello\nmet = { $name } met { $other }\n");

test("each_message_becomes_a_type_of_its_variables", () => {
  expect(types(english)).toContain('"hello": [];');
  expect(types(english)).toContain('"met": [values: { name: string; other: string }];');
});

test.each([
  ["hello = Hello\nthis is no message\n", "not readable: this is no message"],
  ["hello = Hello\nhello = Hello again\n", "said twice"],
  ["hello = Hello\n    .cause = So.\n", "attributes"],
  ["hello =\n    .cause = So.\n", "attributes"],
  ["hello = { other }\n", "stands by itself"],
  ["hello = { -brand }\n", "stands by itself"],
  ["-brand = Deskside\n", "terms"],
  ["hello = { NUMBER($minutes) }\n", "functions"],
  ["hello = { KNOWN($name) ->\n    [yes] Hello\n   *[no] Hi\n }\n", "functions"],
])("%j_is_refused", (file, why) => {
  expect(() => read(file)).toThrow(why);
});

test("a_translation_that_lacks_messages_fits", () => {
  expect(differences(english, read("hello = Bonjour\n"))).toEqual([]);
  expect(differences(english, read("met = { $other ->\n    [x] { $name }\n   *[y] { $name }\n }\n"))).toEqual([]);
});

test.each([
  ["the message is unknown", "goodbye = Au revoir\n"],
  ["a variable is missing", "met = { $name } est là\n"],
  ["a variable is foreign", "hello = Bonjour { $name }\n"],
])("a_translation_is_refused_when_%s", (_, file) => {
  expect(differences(english, read(file))).toHaveLength(1);
});

test("a_message_that_no_source_names_is_unused", () => {
  expect(unused(english, ['say("hello")', "a hello-page", '"met-again"'])).toEqual(["met"]);
});

test("a_use_that_does_not_fit_its_message_is_no_valid_source", () => {
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
