// Moments in words. The program sends RFC 3339 with up to nanoseconds.

import { language, say } from "./words";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

// In the language of the sentences around it, whatever else Windows speaks.
const ago = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
const date = new Intl.DateTimeFormat(language, { dateStyle: "long" });

/** Not every web view reads more than three digits after the point, so the rest is cut off. */
function parse(stamp: string): Date | null {
  const moment = new Date(stamp.replace(/(\.\d{3})\d+/, "$1"));
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** "5 minutes ago". A moment in the future is a clock that was set back, and counts as now. */
export function relative(stamp: string, now: number): string {
  const moment = parse(stamp);
  if (moment === null) return say("time-unknown");
  const seconds = (now - moment.getTime()) / 1000;
  if (seconds < 45) return say("time-just-now");
  if (seconds < hour) return ago.format(-Math.max(1, Math.round(seconds / minute)), "minute");
  if (seconds < day) return ago.format(-Math.round(seconds / hour), "hour");
  // From two weeks on, the date says more than a count of days.
  if (seconds < 14 * day) return ago.format(-Math.round(seconds / day), "day");
  return say("time-on", { day: date.format(moment) });
}

/** The whole moment, for a pointer resting on the short form and for support. */
export function exact(stamp: string): string {
  const moment = parse(stamp);
  return moment === null ? say("time-unknown") : full.format(moment);
}
