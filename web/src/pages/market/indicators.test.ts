import { expect, it } from "vitest";
import { chosenIn, curvesOf, inAddress, panesOf, valueless } from "./indicators";

const candle = { timestamp: "2026-11-29T12:00:00Z", open: "1", high: "2", low: "1", close: "2", volume: "3", closed: true, indicators: { EMA_50: 1.5, MACD: { macd_line: 1, signal_line: 2, histogram: -1 } } };

it("averages stand over the candles, and each oscillator in a pane of its own", () => {
  const curves = curvesOf(["EMA_50", "RSI_14", "MACD"], [candle]);
  expect(curves.map((curve) => curve.pane)).toEqual([0, 1, 2, 2, 2]);
  expect(curves[0]?.points).toEqual([{ at: Date.parse(candle.timestamp), value: 1.5 }]);
  expect(curves[1]?.points[0]?.value).toBe(null);
  expect(panesOf(["EMA_50", "RSI_14", "MACD"])).toBe(2);
  expect(valueless(["EMA_50", "RSI_14", "MACD"], [candle])).toEqual(["RSI_14"]);
});

it("the address names them, and none as well", () => {
  expect(chosenIn("MACD,nonsense,EMA_50")).toEqual(["EMA_50", "MACD"]);
  expect(chosenIn(inAddress([]))).toEqual([]);
  expect(chosenIn(undefined)).not.toEqual([]);
});
