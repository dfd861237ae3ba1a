export const TIMEFRAMES = ["1m", "2m", "3m", "5m", "10m", "15m", "20m", "30m", "45m", "1h", "2h", "3h", "4h", "6h", "8h", "12h", "1d"] as const;
export type Timeframe = (typeof TIMEFRAMES)[number];

/** The candles of one length of one market. */
export interface Series {
  exchange: string;
  symbol: string;
  timeframe: Timeframe;
}

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export const isTimeframe = (text: string | undefined): text is Timeframe => TIMEFRAMES.some((each) => each === text);

/** How long a candle is, in milliseconds. */
export function lengthOf(timeframe: Timeframe): number {
  return Number.parseInt(timeframe, 10) * (UNITS[timeframe.slice(-1)] ?? 0);
}

export const named = ({ exchange, symbol, timeframe }: { exchange: string; symbol: string; timeframe: string }): string => `${symbol} ${timeframe} ${exchange}`;

/** For how long the candle after the newest one has been over without being stored, in milliseconds. */
export function overdue(newest: string, timeframe: Timeframe, now: number): number {
  return Math.max(0, now - (Date.parse(newest) + 2 * lengthOf(timeframe)));
}

/** How many candles long a time from one UTC day to the end of another is; to now without the latter. */
export function candlesIn(since: string, until: string, timeframe: Timeframe, now: number): number {
  const end = until ? Math.min(now, Date.parse(until) + 86_400_000) : now;
  return Math.max(0, Math.ceil((end - Date.parse(since)) / lengthOf(timeframe)));
}
