import type { Search } from "@/lib/address";

const DAY = 86_400_000;
export const PERIODS = ["7", "30", "90", "365", "own"] as const;
export type Period = (typeof PERIODS)[number];

export function periodIn(text: string | undefined): Period {
  return PERIODS.find((each) => each === text) ?? "30";
}

/** The first and last UTC day of what is shown; without a last one it goes up to now. */
export function daysOf(search: Search, now: number): { since?: string; until?: string } {
  const period = periodIn(search.period);
  if (period === "own") return { since: search.since, until: search.until };
  return { since: new Date(now - (Number(period) - 1) * DAY).toISOString().slice(0, 10) };
}
