// Formats points in time. The program sends RFC 3339 timestamps with up to nanosecond precision.

import { language, say } from "./words";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

// In the language of the surrounding sentences, which may differ from the language of Windows.
const past = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
/** Always numeric: "in 0 seconds" rather than "now". */
const future = new Intl.RelativeTimeFormat(language, { numeric: "always" });
const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
const longDate = new Intl.DateTimeFormat(language, { dateStyle: "long" });

/** Drops digits beyond milliseconds, because some web views cannot parse them. `null` for an invalid timestamp. */
function parse(stamp: string): Date | null {
  const time = new Date(stamp.replace(/(\.\d{3})\d+/, "$1"));
  return Number.isNaN(time.getTime()) ? null : time;
}

/** The number of the calendar day in local time: it changes at midnight. */
function dayNumber(time: Date): number {
  return Date.UTC(time.getFullYear(), time.getMonth(), time.getDate()) / (1000 * day);
}

/**
 * "5 minutes ago". Up to an hour in the future counts as now, because the clock may have been corrected; anything later
 * is unknown.
 */
export function relative(stamp: string, now: number): string {
  const time = parse(stamp);
  if (time === null) return say("time-unknown");
  const seconds = (now - time.getTime()) / 1000;
  if (seconds < -hour) return say("time-unknown");
  if (seconds < 45) return say("time-just-now");
  if (seconds < hour) return past.format(-Math.max(1, Math.floor(seconds / minute)), "minute");
  if (seconds < day) return past.format(-Math.floor(seconds / hour), "hour");
  const days = dayNumber(new Date(now)) - dayNumber(time);
  // After two weeks, the date is more useful than a number of days.
  if (days < 14) return past.format(-days, "day");
  return say("time-on", { day: longDate.format(time) });
}

/** Whole seconds from `now` until the timestamp, 0 once it has passed. `null` for an invalid timestamp. */
export function secondsUntil(stamp: string, now: number): number | null {
  const time = parse(stamp);
  return time === null ? null : Math.max(0, Math.floor((time.getTime() - now) / 1000));
}

/** "in 23 minutes": rounded down, with seconds only in the last minute. */
export function until(seconds: number): string {
  if (seconds < minute) return future.format(seconds, "second");
  if (seconds < 2 * hour) return future.format(Math.floor(seconds / minute), "minute");
  if (seconds < 2 * day) return future.format(Math.floor(seconds / hour), "hour");
  return future.format(Math.floor(seconds / day), "day");
}

/** A countdown is announced this many seconds before its end. */
const announcements = [minute, 5 * minute, 10 * minute];

/** The last announcement that is due with so many seconds left, in seconds before the end; `undefined` for none. */
export function dueAnnouncement(seconds: number): number | undefined {
  return announcements.find((at) => seconds <= at);
}

/** The full date and time, for tooltips and support. */
export function exact(stamp: string): string {
  const time = parse(stamp);
  return time === null ? say("time-unknown") : full.format(time);
}
