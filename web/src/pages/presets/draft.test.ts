import { describe, expect, it } from "vitest";
import { draftOf, membersOf, wrongShares } from "./draft";
import type { Members } from "./words";

const PRESETS: Members[] = [
  {},
  { base_order: { quote: "100", type: "market" }, stop_loss_percent: "5", take_profit: { steps: [{ amount_percent: "100", profit_percent: "1.5" }] } },
  {
    base_order: { balance_percent: "1" },
    safety_orders: { custom: [{ deviation_percent: "1.5", balance_percent: "1" }, { deviation_percent: "4", balance_percent: "2.5" }], at_market: true },
    pyramids: { max: "2", distance_percent: "3", direction: "adverse", close: "together" },
    partial_exit: true,
    reverse: false,
    stop_loss_percent: "6",
    stop_loss_trailing: true,
    cooldown_minutes: "60",
  },
  {
    base_order: { quantity: "0.5", type: "limit", limit_price: "3000" },
    safety_orders: { count: "5", quote: "20", deviation_percent: "2", step_scale: "1.5", volume_scale: "1.5", dialect: "additive", active: "5" },
    take_profit: { mode: "hybrid", steps: [{ profit_percent: "1", amount_percent: "100" }], all_profit_percent: "2" },
  },
];

describe("a draft", () => {
  it("gives back the preset that it was made of", () => {
    for (const preset of PRESETS) expect(membersOf(draftOf(preset))).toEqual({ members: preset, error: null });
  });

  it("keeps members without a field as JSON", () => {
    const total = { risk: "25", weights: ["1", "2", "3"] };
    const draft = draftOf({ total, stop_loss_percent: "9" });
    expect(JSON.parse(draft.rest)).toEqual({ total });
    expect(membersOf(draft).members).toEqual({ total, stop_loss_percent: "9" });
  });

  it("says what is wrong with the JSON", () => {
    const draft = draftOf({});
    expect(membersOf({ ...draft, rest: "[1]" }).error).not.toBeNull();
    expect(membersOf({ ...draft, rest: '{"leverage": 2}' }).error).toContain("leverage");
  });

  it("adds the shares of the steps exactly", () => {
    const profit = draftOf({ take_profit: { steps: [{ amount_percent: "33.3", profit_percent: "1" }, { amount_percent: "66.7", profit_percent: "2" }] } }).profit;
    expect(wrongShares(profit)).toBeNull();
    expect(wrongShares({ ...profit, steps: profit.steps.slice(0, 1) })).toBe("33.3");
  });
});
