import type { Schemas } from "@/api/client";
import { market as marketTexts } from "@/texts/market";
import type { Curve, Ink } from "@/ui/chart";

type Candle = Schemas["MarketCandle"];
type Values = Schemas["IndicatorValues"];
export type Indicator = keyof typeof marketTexts.indicators;

interface Line {
  title: string;
  ink: Ink;
  of: (values: Values) => number | undefined;
}

interface Shape {
  /** Over the candles, or in a pane of its own. */
  over: boolean;
  lines: Line[];
}

const { indicators: titles, lines } = marketTexts;

const SHAPES: Record<Indicator, Shape> = {
  EMA_50: { over: true, lines: [{ title: titles.EMA_50, ink: "note", of: (values) => values.EMA_50 }] },
  EMA_200: { over: true, lines: [{ title: titles.EMA_200, ink: "warn", of: (values) => values.EMA_200 }] },
  SMA_20: { over: true, lines: [{ title: titles.SMA_20, ink: "brand", of: (values) => values.SMA_20 }] },
  bollinger_bands: {
    over: true,
    lines: [
      { title: lines.upper, ink: "soft", of: (values) => values.bollinger_bands?.upper },
      { title: lines.middle, ink: "soft", of: (values) => values.bollinger_bands?.middle },
      { title: lines.lower, ink: "soft", of: (values) => values.bollinger_bands?.lower },
    ],
  },
  RSI_14: { over: false, lines: [{ title: titles.RSI_14, ink: "note", of: (values) => values.RSI_14 }] },
  MACD: {
    over: false,
    lines: [
      { title: lines.macd, ink: "note", of: (values) => values.MACD?.macd_line },
      { title: lines.signal, ink: "warn", of: (values) => values.MACD?.signal_line },
      { title: lines.histogram, ink: "soft", of: (values) => values.MACD?.histogram },
    ],
  },
  volume_sma_20: { over: false, lines: [{ title: titles.volume_sma_20, ink: "brand", of: (values) => values.volume_sma_20 }] },
  atr_14: { over: false, lines: [{ title: titles.atr_14, ink: "warn", of: (values) => values.atr_14 }] },
};

export const INDICATORS: readonly Indicator[] = ["EMA_50", "EMA_200", "SMA_20", "bollinger_bands", "RSI_14", "MACD", "volume_sma_20", "atr_14"];
const AT_FIRST: Indicator[] = ["EMA_50", "RSI_14"];
const NONE = "none";

/** As the address names them; some where it says nothing. */
export function chosenIn(text: string | undefined): Indicator[] {
  return text === undefined ? AT_FIRST : INDICATORS.filter((each) => text.split(",").includes(each));
}

export function inAddress(chosen: Indicator[]): string {
  return chosen.join(",") || NONE;
}

export function panesOf(chosen: Indicator[]): number {
  return chosen.filter((each) => !SHAPES[each].over).length;
}

/** Those that have no value yet: each needs some candles before its first. */
export function valueless(chosen: Indicator[], candles: Candle[]): Indicator[] {
  return chosen.filter((indicator) => !candles.some((candle) => SHAPES[indicator].lines.some((line) => line.of(candle.indicators) !== undefined)));
}

/** Their curves over the candles; what is no price has a pane of its own each. */
export function curvesOf(chosen: Indicator[], candles: Candle[]): Curve[] {
  let panes = 0;
  return chosen.flatMap((indicator) => {
    const { over, lines } = SHAPES[indicator];
    const pane = over ? 0 : ++panes;
    return lines.map(({ title, ink, of }) => ({
      title,
      ink,
      pane,
      points: candles.map((candle) => ({ at: Date.parse(candle.timestamp), value: of(candle.indicators) ?? null })),
    }));
  });
}
