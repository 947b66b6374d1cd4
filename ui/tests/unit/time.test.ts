// Formatted times and countdowns.

import { expect, test } from "vitest";
import { dueAnnouncement, exact, relative, secondsUntil, until } from "../../src/time";

const now = Date.parse("2026-03-04T10:00:00Z");

test.each([
  ["2026-03-04T09:59:30Z", "just now"],
  ["2026-03-04T09:59:10Z", "1 minute ago"],
  ["2026-03-04T09:55:00Z", "5 minutes ago"],
  ["2026-03-04T07:00:00Z", "3 hours ago"],
  ["2026-03-04T09:00:01Z", "59 minutes ago"],
  ["2026-03-04T09:00:00Z", "1 hour ago"],
  ["2026-03-03T10:00:01Z", "23 hours ago"],
  ["2026-03-03T10:00:00Z", "yesterday"],
  ["2026-03-03T00:30:00Z", "yesterday"],
  ["2026-03-02T23:00:00Z", "2 days ago"],
  ["2026-03-02T10:00:00Z", "2 days ago"],
  ["2026-02-19T23:00:00Z", "13 days ago"],
  ["2026-02-18T23:00:00Z", "on February 18, 2026"],
  ["2026-01-02T10:00:00Z", "on January 2, 2026"],
])("%s is shown as %s", (stamp, words) => {
  expect(relative(stamp, now)).toBe(words);
});

test("a time slightly in the future counts as now", () => {
  expect(relative("2026-03-04T10:59:00Z", now)).toBe("just now");
});

test("a time far in the future is unknown", () => {
  expect(relative("2026-03-04T12:00:00Z", now)).toBe("at an unknown time");
  expect(relative("2026-03-05T10:00:00Z", now)).toBe("at an unknown time");
});

test("timestamps may have nanoseconds", () => {
  expect(relative("2026-03-04T09:54:59.123456789Z", now)).toBe("5 minutes ago");
});

test("an invalid timestamp is unknown", () => {
  expect(relative("soon", now)).toBe("at an unknown time");
  expect(exact("soon")).toBe("at an unknown time");
  expect(secondsUntil("soon", now)).toBe(null);
});

test.each([
  ["2026-03-04T10:23:59.999999999Z", "in 23 minutes"],
  ["2026-03-04T10:01:00Z", "in 1 minute"],
  ["2026-03-04T10:00:59.5Z", "in 59 seconds"],
  ["2026-03-04T10:00:00Z", "in 0 seconds"],
  ["2026-03-04T09:00:00Z", "in 0 seconds"],
  ["2026-03-04T11:59:00Z", "in 119 minutes"],
  ["2026-03-04T14:30:00Z", "in 4 hours"],
  ["2026-03-11T09:00:00Z", "in 6 days"],
])("the time until %s is shown as %s", (stamp, words) => {
  expect(until(secondsUntil(stamp, now) ?? Number.NaN)).toBe(words);
});

test.each([
  [1800, undefined],
  [601, undefined],
  [600, 600],
  [301, 600],
  [300, 300],
  [60, 60],
  [1, 60],
  [0, 60],
])("with %d seconds left the last announcement is %s", (seconds, announcement) => {
  expect(dueAnnouncement(seconds)).toBe(announcement);
});
