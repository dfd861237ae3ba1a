import { useSyncExternalStore } from "react";
import { texts } from "@/texts/common";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A price older than this decides nothing. */
export const PRICE_STALE = MINUTE;
/** A feed is fresh until the first, and late until the second. */
const FEED_FRESH = 5 * MINUTE;
const FEED_LATE = 15 * MINUTE;

export type Freshness = "fresh" | "late" | "stale";

export function freshness(age: number): Freshness {
  return age < FEED_FRESH ? "fresh" : age < FEED_LATE ? "late" : "stale";
}

/** `just now`, `12 s ago`, `5 min ago`, `3 h ago`, `2 days ago`. */
export function ago(age: number): string {
  if (age < 2 * SECOND) return texts.time.now;
  return texts.time.ago(lasting(age));
}

export function lasting(time: number): string {
  if (time < MINUTE) return texts.time.seconds(Math.floor(time / SECOND));
  if (time < HOUR) return texts.time.minutes(Math.floor(time / MINUTE));
  if (time < 2 * DAY) return texts.time.hours(Math.floor(time / HOUR));
  return texts.time.days(Math.floor(time / DAY));
}

/** Of the user's settings; the browser's until they are read. */
let zone: string | undefined;

export function readIn(timeZone: string): void {
  zone = timeZone;
}

/** In the time zone of the user. */
export function moment(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  try {
    return at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium", timeZone: zone });
  } catch {
    // A zone that this browser does not know.
    return at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
  }
}

/** By how much the API's clock is ahead of this browser's, whose own may be wrong; 0 until an answer says otherwise. */
let ahead = 0;

/**
 * Learns from the `Date` of an answer that was asked for and came at these times of this browser. It has whole seconds, and was
 * written between the two: what agrees with that is kept, so that a slow answer says little and the quickest ones decide.
 */
export function learn(date: string | null, asked: number, came: number): void {
  const said = Date.parse(date ?? "");
  const [least, most] = [said - came, said + SECOND - asked];
  // Neither without a date, nor where the clock was set back between the two.
  if (least <= most) ahead = Math.min(Math.max(ahead, least), most);
}

/** A time of this browser as the API's clock has it. */
export function corrected(time: number): number {
  return time + ahead;
}

const listeners = new Set<() => void>();
let now = corrected(Date.now());
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = corrected(Date.now());
  for (const each of listeners) each();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = corrected(Date.now());
  timer ??= setInterval(tick, SECOND);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time by the API's clock, once a second: all ages on a page move together. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
