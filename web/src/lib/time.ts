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

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, SECOND);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, once a second: all ages on a page move together. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
