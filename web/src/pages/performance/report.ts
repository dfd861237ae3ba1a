import type { Search } from "@/lib/address";
import { lasting } from "@/lib/time";
import { daysOf } from "@/lib/period";
import type { Schemas } from "@/api/client";
import { tradesOf } from "@/ui/trade-filters";

export type Group = Schemas["PerformanceGroup"];

export const BYS = ["month", "day", "symbol", "strategy", "bot", "source", "tag", "exchange"] as const;
export type By = (typeof BYS)[number];
/** What makes a picture: keys that follow each other. */
export type Time = "month" | "day";

export const isTime = (by: By): by is Time => by === "month" || by === "day";

export const byIn = (text: string | undefined): By => BYS.find((each) => each === text) ?? "month";

/** As the address says, in the API's own words; what it does not know is left out. */
export function queryOf(search: Search, now: number) {
  const by = byIn(search.by);
  return {
    ...daysOf(search, now),
    ...(isTime(by) ? { by: "period" as const, period: by } : { by }),
    ...tradesOf(search),
  };
}

/** Sums of different modes or currencies are never added up. */
export const apart = ({ mode, currency }: Pick<Group, "mode" | "currency">): string => `${mode ?? "-"}.${currency}`;

/** The mean time held; null if no trade says it. */
export const held = ({ holding_seconds: seconds }: Pick<Group, "holding_seconds">): string | null => (seconds === null ? null : lasting(seconds * 1_000));

/** Two digits behind the point: it is a double, and no amount. */
export const sharpe = ({ sharpe }: Pick<Group, "sharpe">): string | null => sharpe?.toFixed(2) ?? null;

/** Which month it is, counted from the year 0. */
const monthOf = (date: string): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;

/** The place of each month between the two moments, of which the second is the end. */
export function months(since: string, until: string): { places: number; placeOf: (month: string) => number } {
  const first = monthOf(since);
  const last = monthOf(new Date(Date.parse(until) - 1).toISOString());
  return { places: Math.max(1, last - first + 1), placeOf: (month) => monthOf(month) - first };
}
