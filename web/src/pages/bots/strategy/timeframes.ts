import type { paths } from "@/api/generated";

type Timeframe = NonNullable<NonNullable<paths["/api/v1/market-data"]["get"]["parameters"]["query"]>["timeframe"]>;

const LENGTHS: Record<Timeframe, number> = {
  "1m": 1,
  "2m": 2,
  "3m": 3,
  "5m": 5,
  "10m": 10,
  "15m": 15,
  "20m": 20,
  "30m": 30,
  "45m": 45,
  "1h": 60,
  "2h": 120,
  "3h": 180,
  "4h": 240,
  "6h": 360,
  "8h": 480,
  "12h": 720,
  "1d": 1440,
};
const MINUTE = 60_000;

/** Those of candles that are stored, shortest first. */
export const TIMEFRAMES: string[] = Object.keys(LENGTHS);

export const isTimeframe = (text: string): text is Timeframe => text in LENGTHS;

/** How long a candle is, in milliseconds; null where that is not known. */
export function lengthOf(timeframe: string): number | null {
  return isTimeframe(timeframe) ? LENGTHS[timeframe] * MINUTE : null;
}
