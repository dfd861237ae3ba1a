import { describe, expect, it } from "vitest";
import { drawdownCurve, equityCurve, exact, firstBar, fixed, inWords, opensAt, percentOf, told } from "./figures";

const STATS = {
  final_equity: 10339.9872324,
  return_percent: 3.399872324000007,
  max_drawdown_percent: -2.912080602652145,
  sharpe: 2.36,
  win_rate_percent: 100,
  trades: 9,
  exposure_percent: 49.5,
  fees: 183.069,
  profit_factor: null,
  cagr_percent: null,
  max_drawdown_ms: 144000000,
  sortino: null,
  calmar: null,
  expectancy: 37.77,
};
const PERIOD = { since: "2026-01-01T00:30:00Z", timeframe: "1h" };

describe("figures", () => {
  it("are texts without exponents", () => {
    expect(fixed(-2.005)).toBe("-2.00");
    expect(exact(0.00001234)).toBe("0.000012340000");
    expect(exact(89327.87)).toBe("89327.870");
    expect(exact(123456789.5)).toBe("123456789.50");
    expect(exact(0)).toBe("0");
    expect(told(STATS, "sortino")).toBeNull();
    expect(told(STATS, "max_drawdown_ms")).toBe("40 h");
    expect(told(STATS, "trades")).toBe("9");
  });

  it("are told in sentences", () => {
    expect(inWords(STATS, "USDT")).toEqual([
      "At the end there were 10,339.99 USDT, a gain of 3.4 % since the first bar.",
      "On its way it fell by up to 2.91 % from a peak, and took up to 40 h to come back to one, or to the end.",
      "9 trades were closed: 100 % with a profit.",
      "With so few trades, chance may have made all of it.",
      "In 49.5 % of the bars it was in the market.",
      "Fees took 183.07 USDT, and are in these numbers.",
    ]);
    expect(inWords({ ...STATS, trades: 0, win_rate_percent: null, return_percent: 0, max_drawdown_percent: 0 }, "USDT")).toContain("No trade was closed.");
  });

  it("have the times of their bars", () => {
    expect(new Date(opensAt(PERIOD, 0)).toISOString()).toBe("2026-01-01T01:00:00.000Z");
    const curve = equityCurve(PERIOD, [100, 120, 90]);
    expect(new Date(curve[0]!.at).toISOString()).toBe("2026-01-01T02:00:00.000Z");
    expect(drawdownCurve(curve).map(({ value }) => value)).toEqual([0, 0, -25]);
  });

  it("begin where candles begin", () => {
    const of = { since: "2026-01-01T00:00:00Z", until: "2026-01-01T10:00:00Z", timeframe: "1h", expected: 10, candles: 4 };
    expect(firstBar({ ...of, candles: 10 }, null)).toEqual({ since: of.since, isSure: true });
    expect(firstBar(of, "2026-01-01T06:00:00Z")).toEqual({ since: "2026-01-01T06:00:00.000Z", isSure: true });
    expect(firstBar(of, "2026-01-01T03:00:00Z").isSure).toBe(false);
    expect(firstBar(of, undefined)).toEqual({ since: "2026-01-01T00:00:00.000Z", isSure: false });
  });

  it("count what is done", () => {
    expect(percentOf({ done: 0, of: 0 })).toBeNull();
    expect(percentOf({ done: 2, of: 3 })).toBe(66);
  });
});
