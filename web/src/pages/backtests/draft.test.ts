import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { RULES } from "../bots/names";
import { fieldsOf } from "../bots/strategy/schema";
import { bodyOf, candlesIn, combinations, draftOfAsked, NEW_BACKTEST, valuesIn, wrongIn, wrongValues } from "./draft";

const NOW = Date.parse("2026-02-01T00:00:00Z");
const STRATEGIES: Schemas["Strategy"][] = [
  { name: "EMA_CROSS", offline_name: "ema_cross", description: "`fast` must be below `slow`.", enabled: true, parameters: { properties: { fast: { type: "integer", minimum: 1, maximum: 500, default: 12 }, slow: { type: "integer", minimum: 1, maximum: 500, default: 48 } } } as never },
];
const FILLED = { ...NEW_BACKTEST, exchange: "PAPER", symbol: "BTC/USDT", since: "2026-01-01T00:00", strategy: "EMA_CROSS", parameters: { fast: "5", slow: "50" } };

describe("a backtest's form", () => {
  it("counts candles and values", () => {
    expect(candlesIn(FILLED, NOW)).toBe(31 * 24);
    expect(candlesIn({ ...FILLED, since: "" }, NOW)).toBeNull();
    expect(valuesIn("5:20:5")).toBe(4);
    expect(valuesIn("0.1:0.3:0.1")).toBe(3);
    expect(valuesIn("14, 21,28")).toBe(3);
    expect(valuesIn("20:5:5")).toBeNull();
    expect(valuesIn("5:20")).toBeNull();
    expect(combinations([{ name: "fast", values: "5:20:5" }, { name: "slow", values: "50,100" }])).toBe(8);
    expect(combinations([{ name: "fast", values: "" }])).toBeNull();
  });

  it("names the bounds that a tried value is outside of", () => {
    const sweep = (values: string) => wrongIn({ ...FILLED, sweep: true, tried: [{ name: "fast", values }] }, STRATEGIES, NOW);
    expect(sweep("0:3:1")).toHaveProperty("tried");
    expect(sweep("1:3:1")).toEqual({});
    expect(wrongValues("3,501", fieldsOf(STRATEGIES[0]?.parameters)[0])).toBe("Must be a whole number from 1 to 500");
    expect(wrongValues("3:5", undefined)).toMatch(/FROM:TO:STEP/);
  });

  it("says what is wrong", () => {
    expect(wrongIn(FILLED, STRATEGIES, NOW)).toEqual({});
    expect(wrongIn({ ...FILLED, since: "2026-03-01T00:00" }, STRATEGIES, NOW)).toHaveProperty("until");
    expect(wrongIn({ ...FILLED, since: "2020-01-01T00:00", timeframe: "1m" }, STRATEGIES, NOW).since).toMatch(/129,600 at most/);
    expect(wrongIn({ ...FILLED, sweep: true }, STRATEGIES, NOW)).toHaveProperty("tried");
    expect(wrongIn({ ...FILLED, way: "ladder", ladder: "[]" }, STRATEGIES, NOW)).toHaveProperty("ladder");
    expect(wrongIn({ ...FILLED, options: { cash: "-1" } }, STRATEGIES, NOW)).toHaveProperty("options");
  });

  it("sends what was filled in", () => {
    expect(bodyOf({ ...FILLED, options: { cash: "500", "limits.day_loss_max": "50", draws: "100" } })).toEqual({
      exchange: "PAPER",
      symbol: "BTC/USDT",
      timeframe: "1h",
      since: "2026-01-01T00:00:00.000Z",
      strategy: "EMA_CROSS",
      parameters: { fast: "5", slow: "50" },
      cash: "500",
      limits: { day_loss_max: "50" },
      draws: "100",
    });
  });

  it("asks for the same again", () => {
    const ladder = { ...FILLED, way: "ladder" as const, options: { cash: "500", leverage: "3", "limits.day_loss_max": "20", draws: "10", "goals.portfolio": "900" } };
    const sweep = { ...FILLED, parameters: {}, sweep: true, tried: [{ name: "fast", values: "5:20:5" }], search: "random" as const, options: { tries: "9" }, holdOut: "walk" as const, walk: "5:2" };
    for (const draft of [FILLED, { ...FILLED, until: "2026-01-20T00:00" }, { ...FILLED, strategy: RULES, parameters: {} }, { ...FILLED, way: "plan" as const, plan: '{"stop_loss_percent":"4"}' }, ladder, sweep]) {
      expect(bodyOf(draftOfAsked(bodyOf(draft)))).toEqual(bodyOf(draft));
    }
  });

  it("sends a sweep without what it tries, draws and goals", () => {
    const body = bodyOf({ ...FILLED, sweep: true, tried: [{ name: "fast", values: "5:20:5" }, { name: "", values: "" }], search: "tpe", holdOut: "walk", walk: "500:250", options: { draws: "100", tries: "50" } });
    expect(body.parameters).toEqual({ slow: "50" });
    expect(body).not.toHaveProperty("draws");
    expect(body.sweep).toEqual({ tried: { fast: "5:20:5" }, search: "tpe", by: "sharpe", tries: "50", walk: "500:250" });
    expect(bodyOf({ ...FILLED, strategy: RULES, parameters: {} })).toHaveProperty("rules.entry");
  });
});
