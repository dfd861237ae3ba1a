import {
  type AutoscaleInfo,
  CandlestickSeries,
  type CandlestickData,
  createChart,
  createSeriesMarkers,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  LineSeries,
  LineStyle,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
  type WhitespaceData,
} from "lightweight-charts";
import { useEffect, useRef } from "react";
import { useTheme } from "@/lib/theme";
import { texts } from "@/texts/common";
import type { ChartCandle, ChartProps, Level, Mark } from "./chart";

const seconds = (at: number) => Math.floor(at / 1000) as UTCTimestamp;
const colour = (ink: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${ink}`).trim();

/** Each time once, in order: the library refuses others. */
function ordered<T extends { at: number }>(points: T[]): T[] {
  return [...new Map(points.map((point) => [seconds(point.at), point])).values()].sort((one, other) => one.at - other.at);
}

/** Room for the names of levels beside the newest candle, in pixels. */
const LABELS = 64;
/** No more room than this is left for one gap: a chart of months without candles would only be slow. */
const GAP_MAX = 1_000;

/** The times between candles at which one is missing. */
function missing(candles: ChartCandle[], every = Number.POSITIVE_INFINITY): WhitespaceData<Time>[] {
  return candles.flatMap(({ at }, index) => {
    const absent = Math.min(GAP_MAX, Math.round(((candles[index + 1]?.at ?? at) - at) / every) - 1);
    return Array.from({ length: Math.max(0, absent) }, (_, place) => ({ time: seconds(at + (place + 1) * every) }));
  });
}

/** How many digits the axis shows, from the prices themselves. */
function digits(prices: string[]): number {
  return Math.min(8, Math.max(2, ...prices.map((price) => price.split(".")[1]?.replace(/0+$/, "").length ?? 0)));
}

/** What `Chart` draws on, fetched when the first chart is shown. */
export default function Canvas({ label, candles, every, levels = [], marks = [], curves = [], height = 380 }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<{ api: IChartApi; candles?: ISeriesApi<"Candlestick">; marks?: ISeriesMarkersPluginApi<Time>; fitted: boolean } | null>(null);
  const theme = useTheme();
  const shape = JSON.stringify([Boolean(candles), curves.map((curve) => [curve.title, curve.pane ?? 0])]);

  useEffect(() => {
    if (!host.current) return;
    const api = createChart(host.current, {
      autoSize: true,
      layout: { background: { color: "transparent" }, textColor: colour("soft"), fontFamily: "inherit", attributionLogo: false, panes: { separatorColor: colour("line") } },
      grid: { vertLines: { color: colour("line") }, horzLines: { color: colour("line") } },
      rightPriceScale: { borderColor: colour("line") },
      timeScale: { borderColor: colour("line"), timeVisible: true, rightOffsetPixels: levels.length > 0 ? LABELS : 0 },
    });
    const drawn: NonNullable<typeof chart.current> = { api, fitted: false };
    if (candles) {
      const [up, down] = [colour("good"), colour("bad")];
      drawn.candles = api.addSeries(CandlestickSeries, { upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderVisible: false });
      drawn.marks = createSeriesMarkers(drawn.candles, []);
    }
    chart.current = drawn;
    return () => {
      api.remove();
      chart.current = null;
    };
    // The series are made anew where others are wanted, or in other colours.
  }, [theme, shape]);

  useEffect(() => {
    const drawn = chart.current;
    if (!drawn?.candles || !candles) return;
    const prices = candles.map((candle) => candle.close);
    const precision = digits(prices.slice(-50));
    drawn.candles.applyOptions({ priceFormat: { type: "price", precision, minMove: 10 ** -precision } });
    const bars = ordered(candles);
    const told = bars.map((candle): CandlestickData => ({ time: seconds(candle.at), open: Number(candle.open), high: Number(candle.high), low: Number(candle.low), close: Number(candle.close) }));
    drawn.candles.setData([...told, ...missing(bars, every)].sort((one, other) => Number(one.time) - Number(other.time)));
    if (!drawn.fitted && candles.length > 0) {
      drawn.api.timeScale().fitContent();
      drawn.fitted = true;
    }
  }, [theme, shape, candles, every]);

  const drawnLevels = JSON.stringify(levels);
  useEffect(() => {
    const series = chart.current?.candles;
    if (!series) return;
    const all = JSON.parse(drawnLevels) as Level[];
    const prices = all.map((level) => Number(level.price));
    // Levels that the candles do not reach are in sight as well.
    series.applyOptions({
      autoscaleInfoProvider: (fit: () => AutoscaleInfo | null) => {
        const info = fit();
        if (!info?.priceRange) return info;
        const { minValue, maxValue } = info.priceRange;
        return { ...info, priceRange: { minValue: Math.min(minValue, ...prices), maxValue: Math.max(maxValue, ...prices) } };
      },
    });
    const lines = all.map((level) =>
      series.createPriceLine({ price: Number(level.price), title: level.title, color: colour(level.ink), lineWidth: 1, lineStyle: level.dashed ? LineStyle.Dashed : LineStyle.Solid, axisLabelVisible: true }),
    );
    return () => {
      if (chart.current?.candles === series) for (const line of lines) series.removePriceLine(line);
    };
  }, [theme, shape, drawnLevels]);

  const drawnMarks = JSON.stringify(marks);
  useEffect(() => {
    const told = (JSON.parse(drawnMarks) as Mark[]).sort((one, other) => one.at - other.at);
    chart.current?.marks?.setMarkers(
      told.map((mark): SeriesMarker<Time> => ({ time: seconds(mark.at), text: mark.text, color: colour(mark.ink), position: mark.above ? "aboveBar" : "belowBar", shape: mark.round ? "circle" : mark.above ? "arrowDown" : "arrowUp", size: mark.size ?? 1 })),
    );
  }, [theme, shape, drawnMarks]);

  useEffect(() => {
    const drawn = chart.current;
    if (!drawn) return;
    const series = curves.map((curve) => {
      const line = drawn.api.addSeries(LineSeries, { color: colour(curve.ink), lineWidth: 2, title: curve.title, priceLineVisible: false, lastValueVisible: false }, curve.pane ?? 0);
      line.setData(ordered(curve.points).map((point) => (point.value == null ? { time: seconds(point.at) } : { time: seconds(point.at), value: point.value })));
      return line;
    });
    if (!candles && series.length > 0) drawn.api.timeScale().fitContent();
    return () => {
      if (chart.current === drawn) for (const line of series) drawn.api.removeSeries(line);
    };
  }, [theme, shape, curves]);

  return (
    <figure className="m-0">
      <div ref={host} role="img" aria-label={label} style={{ height }} />
      <figcaption className="text-soft mt-1 text-right text-xs">
        {texts.chart.by}{" "}
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          TradingView Lightweight Charts™
        </a>
      </figcaption>
    </figure>
  );
}
