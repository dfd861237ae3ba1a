import type { Search } from "@/lib/address";

const DAY = 86_400_000;
export const PERIODS = ["7", "30", "90", "365", "own"] as const;
export type Period = (typeof PERIODS)[number];

/** What the address says, or else `usual`; without that, all time. */
export function periodIn<Usual extends Period | null = "30">(text: string | undefined, usual: Usual = "30" as Usual): Period | Usual {
  return PERIODS.find((each) => each === text) ?? usual;
}

/** The first and last UTC day of what is shown; without a last one it goes up to now. */
export function daysOf(search: Search, now: number, usual: Period | null = "30"): { since?: string; until?: string } {
  const period = periodIn(search.period, usual);
  if (period === null) return {};
  if (period === "own") return { since: search.since, until: search.until };
  return { since: new Date(now - (Number(period) - 1) * DAY).toISOString().slice(0, 10) };
}
