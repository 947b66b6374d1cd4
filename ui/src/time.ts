// Moments in words. The program sends RFC 3339 with up to nanoseconds.

import { language, say } from "./words";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

// In the language of the sentences around it, whatever else Windows speaks.
const ago = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
/** Said at any distance: "in 0 seconds" rather than "now". */
const ahead = new Intl.RelativeTimeFormat(language, { numeric: "always" });
const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
const date = new Intl.DateTimeFormat(language, { dateStyle: "long" });

/** Not every web view reads more than three digits after the point, so the rest is cut off. */
function parse(stamp: string): Date | null {
  const moment = new Date(stamp.replace(/(\.\d{3})\d+/, "$1"));
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** Counts days as a calendar does: it is another one after midnight, however few hours that is. */
function dayOf(moment: Date): number {
  return Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / (1000 * day);
}

/** "5 minutes ago". A little ahead is a clock that was set right, and counts as now; far ahead tells nothing. */
export function relative(stamp: string, now: number): string {
  const moment = parse(stamp);
  if (moment === null) return say("time-unknown");
  const seconds = (now - moment.getTime()) / 1000;
  if (seconds < -hour) return say("time-unknown");
  if (seconds < 45) return say("time-just-now");
  if (seconds < hour) return ago.format(-Math.max(1, Math.floor(seconds / minute)), "minute");
  if (seconds < day) return ago.format(-Math.floor(seconds / hour), "hour");
  const days = dayOf(new Date(now)) - dayOf(moment);
  // From two weeks on, the date says more than a count of days.
  if (days < 14) return ago.format(-days, "day");
  return say("time-on", { day: date.format(moment) });
}

/** Whole seconds until then, none once it is past. `null` for what is no moment. */
export function secondsUntil(stamp: string, now: number): number | null {
  const moment = parse(stamp);
  return moment === null ? null : Math.max(0, Math.floor((moment.getTime() - now) / 1000));
}

/** "in 23 minutes": never more than there is, and to the second only in the last minute. */
export function until(seconds: number): string {
  if (seconds < minute) return ahead.format(seconds, "second");
  if (seconds < 2 * hour) return ahead.format(Math.floor(seconds / minute), "minute");
  if (seconds < 2 * day) return ahead.format(Math.floor(seconds / hour), "hour");
  return ahead.format(Math.floor(seconds / day), "day");
}

/** The marks at which a countdown is read out: one, five and ten minutes before its end. */
const marks = [minute, 5 * minute, 10 * minute];

/** The last mark that a countdown has passed, if it has passed one. */
export function passedMark(seconds: number): number | undefined {
  return marks.find((mark) => seconds <= mark);
}

/** The whole moment, for a pointer resting on the short form and for support. */
export function exact(stamp: string): string {
  const moment = parse(stamp);
  return moment === null ? say("time-unknown") : full.format(moment);
}
