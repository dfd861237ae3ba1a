import type { Schemas } from "@/api/client";
import { add } from "@/lib/decimal";
import { keyOf } from "@/lib/profit";

type Total = Schemas["TotalProfit"];

/** Of one mode, exchange and currency: what was closed in the period, what ever was, and what is open. */
export interface InAll extends Pick<Total, "mode" | "exchange" | "asset"> {
  period?: Total;
  trades: number;
  realised: string | null;
  feeUnvalued: boolean;
}

const DAY = 86_400_000;
/** The API looks at no more than 366 days at once. */
const DAYS_MAX = 366;

/** From one moment to another, in parts that the API accepts, newest first. */
export function spans(from: string, to: string): { since: string; until: string }[] {
  const found: { since: string; until: string }[] = [];
  for (let [until, first] = [Date.parse(to), Date.parse(from)]; until > first; until -= DAYS_MAX * DAY) {
    const since = Math.max(first, until - DAYS_MAX * DAY);
    found.push({ since: new Date(since).toISOString(), until: new Date(until).toISOString() });
  }
  return found;
}

/** Adds up what was closed in the period and before, and never two modes, exchanges or currencies. */
export function inAll(period: Total[], earlier: Total[]): InAll[] {
  const all = [...period, ...earlier];
  return [...new Map(all.map((total) => [keyOf(total), total]))].map(([key, { mode, exchange, asset }]) => {
    const closed = all.filter((total) => keyOf(total) === key).map((total) => total.closed);
    return {
      mode,
      exchange,
      asset,
      period: period.find((total) => keyOf(total) === key),
      trades: closed.reduce((sum, { trades }) => sum + trades, 0),
      realised: closed.reduce<string | null>((sum, { realised_pnl }) => sum && add(sum, realised_pnl), "0"),
      feeUnvalued: closed.some(({ fee_unvalued }) => fee_unvalued),
    };
  });
}
