import { lasting } from "@/lib/time";
import { texts } from "@/texts/common";

const MINUTE = 60_000;

/** A time between two events: to a hundredth of a second where that says something. */
export function span(time: number): string {
  if (time >= MINUTE) return lasting(time);
  return texts.time.seconds(Math.round(time / 10) / 100);
}

/** Never below zero: two clocks may differ a little. */
export function spanBetween(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}
