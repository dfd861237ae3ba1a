import type { Schemas } from "@/api/client";
import { grouped, withSign } from "@/lib/decimal";
import { lasting } from "@/lib/time";
import { backtest as backtestTexts } from "@/texts/backtests";
import { lengthOf } from "../bots/strategy/timeframes";

type Stats = Schemas["PlayedStats"];
type Period = Pick<Schemas["Backtest"], "since" | "timeframe">;
export type Figure = keyof typeof backtestTexts.figure;

const SIGNIFICANT = 8;
const FEW_TRADES = 30;

/** A double as a decimal text of so many places; what a backtest has played is told in doubles. */
export function fixed(value: number, places = 2): string {
  return Math.abs(value) < 1e21 ? value.toFixed(places) : String(value);
}

/** A price or size with as many places as its magnitude asks for, and no exponent. */
export function exact(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return fixed(value, 0);
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  return fixed(value, Math.min(18, Math.max(2, SIGNIFICANT - whole)));
}

const MONEY: Figure[] = ["final_equity", "expectancy", "fees"];

/** A figure as text; null where it is not defined. */
export function told(stats: Stats, figure: Figure): string | null {
  const value = stats[figure];
  if (value === null) return null;
  if (figure === "max_drawdown_ms") return lasting(value);
  return figure === "trades" ? String(value) : fixed(value);
}

export const isMoney = (figure: Figure): boolean => MONEY.includes(figure);

/** What came of it, in sentences. */
export function inWords(stats: Stats, quote: string): string[] {
  const { say } = backtestTexts;
  const money = (value: number) => `${grouped(fixed(value))} ${quote}`.trim();
  const percent = (value: number) => grouped(fixed(Math.abs(value)));
  const change = stats.return_percent > 0 ? say.gain(percent(stats.return_percent)) : stats.return_percent < 0 ? say.loss(percent(stats.return_percent)) : say.flat;
  return [
    say.end(money(stats.final_equity), change),
    ...(stats.cagr_percent === null ? [] : [say.year(withSign(fixed(stats.cagr_percent)))]),
    stats.max_drawdown_percent < 0 ? say.drawdown(percent(stats.max_drawdown_percent), lasting(stats.max_drawdown_ms)) : say.noDrawdown,
    stats.trades > 0 && stats.win_rate_percent !== null ? say.trades(backtestTexts.closedTrades(stats.trades), percent(stats.win_rate_percent)) : say.noTrades,
    ...(stats.trades > 0 && stats.trades < FEW_TRADES ? [say.few] : []),
    say.exposure(percent(stats.exposure_percent)),
    say.fees(money(stats.fees)),
  ];
}

/** When a bar opens, in milliseconds: the first at or after the start, each next one a timeframe later. */
export function opensAt({ since, timeframe }: Period, bar: number): number {
  const start = Date.parse(since);
  const length = lengthOf(timeframe);
  return length ? Math.ceil(start / length) * length + bar * length : start;
}

/**
 * When the first bar opens that was played, and whether all times after it are sure. A result has no times: where candles were
 * missing, `oldest` is the first that is stored.
 */
export function firstBar(of: Pick<Schemas["Backtest"], "since" | "until" | "timeframe" | "candles" | "expected">, oldest: string | null | undefined): { since: string; isSure: boolean } {
  const length = lengthOf(of.timeframe);
  if (of.candles === null || of.candles >= of.expected || !length) return { since: of.since, isSure: true };
  const first = Math.max(opensAt(of, 0), oldest ? Date.parse(oldest) : 0);
  const between = Math.floor((Date.parse(of.until) - first) / length);
  return { since: new Date(first).toISOString(), isSure: between === of.candles };
}

interface Point {
  at: number;
  value: number;
}

/** Equity at the close of each bar. */
export function equityCurve(period: Period, equity: number[]): Point[] {
  return equity.map((value, bar) => ({ at: opensAt(period, bar + 1), value }));
}

/** How far each is below the highest before it, in percent. */
export function drawdownCurve(curve: Point[]): Point[] {
  let peak = Number.NEGATIVE_INFINITY;
  return curve.map(({ at, value }) => {
    peak = Math.max(peak, value);
    return { at, value: peak > 0 ? (value / peak - 1) * 100 : 0 };
  });
}

/** Whole percent that are done; null until a worker has said how many there are. */
export function percentOf({ done, of }: Schemas["BacktestProgress"]): number | null {
  return of > 0 ? Math.floor((done / of) * 100) : null;
}

export const isGoing = ({ state }: Pick<Schemas["Backtest"], "state">): boolean => state === "queued" || state === "running";

/** `fast 3, slow 20`. */
export function parametersOf(parameters: Record<string, string>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
