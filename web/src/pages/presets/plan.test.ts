import { expect, it } from "vitest";
import { cut, explain, MARKET, ofMembers, ofPreset, rows, slice } from "./plan";

const market = { ...MARKET, price: "50000" };

it("asks for a saved preset by its name, and for nothing without a price", () => {
  expect(ofPreset("grid", {}, MARKET)).toBeNull();
  expect(ofPreset("grid", { base_order: { type: "limit", limit_price: "3" } }, MARKET)).not.toBeNull();
  expect(ofPreset("grid", {}, market)).toMatchObject({ preset: "grid", entry_price: "50000", fee_rate: "0.001", side: "long" });
});

it("puts what is built in under a draft, and no stop under safety orders", () => {
  expect(ofMembers({}, market)).toMatchObject({ base_order: { quote: "100" }, safety_orders: { custom: [] }, stop_loss_percent: "5", take_profit: { basis: "average" } });
  const ladder = ofMembers({ base_order: { quote: "10", type: "market" }, safety_orders: { count: 2, quote: "10", deviation_percent: "1" } }, market);
  expect(ladder).toMatchObject({ base_order: { quote: "10" } });
  expect(ladder).toHaveProperty("stop_loss_percent", undefined);
});

it("measures each leg by itself without a basis, and a total without a base order", () => {
  const ladder = ofMembers({ total: { quote: "500", weights: ["1"] }, take_profit: { mode: "per_leg", steps: [{ profit_percent: "1", amount_percent: "100" }] } }, market);
  expect(ladder).toHaveProperty("take_profit.basis", undefined);
  expect(ladder).toHaveProperty("base_order", undefined);
});

it("explains what is in the way", () => {
  expect(explain({ check: "below_notional_min", level: 2, price: "98", quantity: "0.04", notional: "3.92", least: "5" })).toBe(
    "Safety order 2: below the least value. It is 0.04 at 98, worth 3.92; the market's bound is 5. Make the order larger, or choose fewer steps.",
  );
  expect(explain({ check: "balance_too_small", level: 0, needed: "100.1", available: "15" })).toContain("100.1");
  expect(explain({ check: "too_many_orders", resting: 9, most: 5 })).toContain("9 orders");
});

it("cuts an average where it has more digits than can be read", () => {
  expect(["98.817235412345678", "98.5", "100"].map(cut)).toEqual(["98.81723541", "98.5", "100"]);
});

it("joins legs with what holds after their fill", () => {
  const leg = { level: 0, deviation_percent: "0", price: "1", quantity: "1", quote: "1", cost: "1", check: "ok" as const };
  const after = { filled_level: 0, quantity: "1", volume: "1", average_price: "1", take_profit: [], stop_loss_price: null };
  const told = rows({ base_price: "1", legs: [leg, { ...leg, level: 1, check: "quantity_zero" }], after_fill: [after], quote_needed: "2", deviation_percent_max: "1", first_failure: null });
  expect(told.map((row) => row.after?.filled_level)).toEqual([0, undefined]);
  expect(slice({ price: "2", quantity: "1000", joins: "next" })).toBe("1,000 at 2 (sold with the next)");
});
