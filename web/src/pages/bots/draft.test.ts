import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { bodyOf, changeOf, draftOf, NEW_BOT, wrongIn } from "./draft";
import { RULES } from "./names";

const STRATEGIES: Schemas["Strategy"][] = [
  {
    name: "RSI_CROSS",
    offline_name: "rsi_cross",
    description: "",
    enabled: true,
    parameters: { type: "object", properties: { period: { type: "integer", minimum: 2, maximum: 100000, default: 14 } } } as never,
  },
];
const FILLED = { ...NEW_BOT, name: " btc-hourly ", account: "acc_1", symbol: "BTC/USDT", strategy: "RSI_CROSS", parameters: { period: "21" }, plan: '{"base_order":{"quote":"50"}}' };

describe("a bot's form", () => {
  it("says what is missing and wrong", () => {
    expect(Object.keys(wrongIn(NEW_BOT, STRATEGIES)).sort()).toEqual(["account", "name", "strategy", "symbol"]);
    expect(wrongIn(FILLED, STRATEGIES)).toEqual({});
    expect(wrongIn({ ...FILLED, confidence: "1.2", parameters: { period: "1" }, plan: "{" }, STRATEGIES)).toHaveProperty("confidence", "Must be a number from 0 to 1");
    expect(Object.keys(wrongIn({ ...FILLED, parameters: { period: "1" } }, STRATEGIES))).toEqual(["strategy"]);
  });

  it("sends what was filled in, and nothing else", () => {
    expect(bodyOf(FILLED)).toEqual({ name: "btc-hourly", account: "acc_1", symbol: "BTC/USDT", timeframe: "1h", strategy: "RSI_CROSS", parameters: { period: "21" }, plan: { base_order: { quote: "50" } } });
    const rules = bodyOf({ ...FILLED, strategy: RULES, parameters: {}, plan: "" });
    expect(rules).toHaveProperty("rules.entry");
    expect(rules).not.toHaveProperty("strategy");
    expect(rules).not.toHaveProperty("plan");
  });

  it("sends of a change what has changed", () => {
    expect(changeOf(FILLED, { ...FILLED, name: "btc-hourly", confidence: "0" })).toBeNull();
    expect(changeOf(FILLED, { ...FILLED, parameters: { period: "14" }, plan: "" })).toEqual({ strategy: "RSI_CROSS", parameters: { period: "14" }, plan: {} });
    expect(changeOf({ ...FILLED, confidence: "0.5" }, FILLED)).toEqual({ confidence_min: "0" });
  });

  it("shows rules with what stands in place of their numbers", () => {
    const terms = { strategy: RULES, rules: { entry: { left: "close", op: ">", right: 5 } }, parameters: { "entry.right": "7" }, plan: {}, confidence_min: "0", preset: null };
    const draft = draftOf({ ...terms, name: "x", account_id: "acc_1", symbol: "BTC/USDT", timeframe: "1h" } as unknown as Schemas["Bot"]);
    expect(JSON.parse(draft.rules)).toEqual({ entry: { left: "close", op: ">", right: 7 } });
    expect(draft.parameters).toEqual({});
  });
});
