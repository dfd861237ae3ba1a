import type { Schemas } from "@/api/client";
import { add, compare } from "@/lib/decimal";
import type { Ink, Mark } from "@/ui/chart";

export type WhaleAlert = Pick<Schemas["WhaleAlert"], "detected_at" | "transaction_type" | "amount_usd">;
export type Kind = "inflow" | "outflow" | "other";

/** The assets of which a source can see transfers; a test compares them with those of the API. */
export const WATCHED = ["AAVE", "BNB", "BTC", "BTCB", "ETH", "LINK", "UNI", "USDC", "USDT", "WBNB", "WBTC", "WETH"];
const DAY = 86_400_000;
/** For how many days alerts are stored. */
const STORED = 91;
const MARKET = /^([A-Z0-9]+?)(?:[/-].*|USD[TC]?(?:\.P)?)$/;

/** The currency that a market trades, as `BTC/USDT`, `BTC-USDT` or `BTCUSDT.P` has it; null if no alert can be of it. */
export function watchedIn(symbol: string): string | null {
  const base = MARKET.exec(symbol.toUpperCase())?.[1];
  return WATCHED.find((each) => each === base) ?? null;
}

/** What is shown, in milliseconds: from the first candle to the end of the last. */
export interface Span {
  first: number;
  end: number;
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The UTC days to ask for, so that the question stays the same while candles are added; null if nothing of them is stored any more. */
export function daysOf({ first, end }: Span, now: number): { since: string; until: string } | null {
  return end < now - STORED * DAY ? null : { since: day(first), until: day(end) };
}

/** Whether the newest alerts belong to the chart: its last candle ends about now. */
export const isCurrent = ({ end }: Span, every: number, now: number): boolean => end + 2 * every >= now;

export const kindOf = ({ transaction_type: type }: Pick<WhaleAlert, "transaction_type">): Kind =>
  type === "exchange_inflow" ? "inflow" : type === "exchange_outflow" ? "outflow" : "other";

/** Alerts of the days that were asked for, from the first candle on; behind the last one only if the chart is of now. */
export function shownIn<Alert extends WhaleAlert>(alerts: Alert[], { first, end }: Span, current: boolean): Alert[] {
  return alerts.filter(({ detected_at }) => {
    const at = Date.parse(detected_at);
    return at >= first && (current || at < end);
  });
}

/** The candle in which a moment lies, or the last before a gap; null before the first. Candles are in order. */
function candleOf(at: number, candles: { at: number }[]): number | null {
  let [low, high] = [0, candles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((candles[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return candles[low - 1]?.at ?? null;
}

const LOOKS: Record<Kind, { ink: Ink; above: boolean; round?: boolean }> = {
  inflow: { ink: "bad", above: true },
  outflow: { ink: "good", above: false },
  other: { ink: "note", above: true, round: true },
};
/** From these sums in USD on; the score of an alert has the same bounds. */
const SIZES: [string, number][] = [["50000000", 2], ["10000000", 1.5]];

/** One mark for each kind at each candle. What came after the last candle has none. */
export function marksOf(alerts: WhaleAlert[], candles: { at: number }[], end: number): Mark[] {
  const groups = new Map<string, { at: number; kind: Kind; count: number; usd: string }>();
  for (const alert of alerts) {
    const detected = Date.parse(alert.detected_at);
    const at = detected < end ? candleOf(detected, candles) : null;
    if (at === null) continue;
    const kind = kindOf(alert);
    const before = groups.get(`${at} ${kind}`) ?? { at, kind, count: 0, usd: "0" };
    groups.set(`${at} ${kind}`, { at, kind, count: before.count + 1, usd: add(before.usd, alert.amount_usd) ?? before.usd });
  }
  return [...groups.values()].map(({ at, kind, count, usd }) => ({ ...LOOKS[kind], at, text: count > 1 ? `${count}` : "", size: SIZES.find(([least]) => compare(usd, least) > 0)?.[1] ?? 1 }));
}

export function countsOf(alerts: WhaleAlert[]): Record<Kind, number> {
  const counts = { inflow: 0, outflow: 0, other: 0 };
  for (const alert of alerts) counts[kindOf(alert)] += 1;
  return counts;
}
