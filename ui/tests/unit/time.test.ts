import { expect, test } from "vitest";
import { exact, relative } from "../../src/time";

const now = Date.parse("2026-03-04T10:00:00Z");

test.each([
  ["2026-03-04T09:59:30Z", "just now"],
  ["2026-03-04T09:59:10Z", "1 minute ago"],
  ["2026-03-04T09:55:00Z", "5 minutes ago"],
  ["2026-03-04T07:00:00Z", "3 hours ago"],
  ["2026-03-02T10:00:00Z", "2 days ago"],
  ["2026-01-02T10:00:00Z", "on January 2, 2026"],
])("%s is told as %s", (stamp, words) => {
  expect(relative(stamp, now)).toBe(words);
});

test("a_moment_ahead_of_a_clock_that_was_set_back_counts_as_now", () => {
  expect(relative("2026-03-04T12:00:00Z", now)).toBe("just now");
});

test("nanoseconds_are_read", () => {
  expect(relative("2026-03-04T09:55:00.123456789Z", now)).toBe("5 minutes ago");
});

test("a_moment_that_is_none_is_unknown_rather_than_a_crash", () => {
  expect(relative("soon", now)).toBe("at an unknown time");
  expect(exact("soon")).toBe("at an unknown time");
});
