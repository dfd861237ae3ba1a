import { describe as group, expect, it } from "vitest";
import { changes, describe, type Members, minutes } from "./words";

const grid: Members = {
  base_order: { quote: "250" },
  safety_orders: { count: 4, quote: "100", deviation_percent: "1", step_scale: "2", volume_scale: "1.5" },
  take_profit: { steps: [{ profit_percent: "1", amount_percent: "50" }, { profit_percent: "2", amount_percent: "50" }] },
  stop_loss_percent: "20",
  break_even_after_step: 1,
  time_limit_minutes: 2880,
};
const text = (members: Members, member: string) => describe(members).find((each) => each.member === member)?.text;

group("a preset in words", () => {
  it("says each member that it has, and no other", () => {
    expect(describe(grid).map((each) => each.member)).toEqual(["base_order", "safety_orders", "take_profit", "stop_loss_percent", "break_even_after_step", "time_limit_minutes"]);
    expect(text(grid, "base_order")).toBe("250 in quote, at the market");
    expect(text(grid, "safety_orders")).toBe("4 of them: the first 1 % beyond the cost of the base order, with 100 in quote; each distance × 2; each size × 1.5");
    expect(text(grid, "take_profit")).toBe("50 % at 1 % profit, 50 % at 2 % profit, from the average price");
    expect(text(grid, "time_limit_minutes")).toBe("everything is closed 2 days after the opening");
  });

  it("reads listed orders, totals, and words in any case", () => {
    const members = { base_order: { type: "LIMIT", limit_price: 3000, balance_percent: 1 }, safety_orders: { custom: [{ deviation_percent: "1.5", balance_percent: "1" }], at_market: "true" }, total: { risk: "20", weights: ["1", 2] } } as unknown as Members;
    expect(text(members, "base_order")).toBe("1 % of the balance, as a limit order at 3,000");
    expect(text(members, "safety_orders")).toBe("1 of them: 1 % of the balance at 1.5 %; none rests: each is bought at the market once its price is reached");
    expect(text(members, "total")).toBe("as much that the stop loses 20 in quote once all were filled, by the weights 1 : 2");
  });

  it("shows a member that it does not know as it stands", () => {
    expect(describe({ new_member: [1] } as unknown as Members)).toEqual([{ member: "new_member", title: "new_member", text: "[1]" }]);
  });

  it("says what changed between two versions", () => {
    const told = changes(grid, { ...grid, stop_loss_percent: 10, break_even_after_step: null, cooldown_minutes: 90 });
    expect(told.map(({ title, from, to }) => [title, from !== null, to !== null])).toEqual([["Stop-loss", true, true], ["Break even", true, false], ["Cooldown", false, true]]);
    expect(changes(grid, { ...grid, stop_loss_percent: 20 })).toEqual([]);
  });

  it("counts minutes as people do", () => {
    expect([90, "120", 2880, 1].map(minutes)).toEqual(["90 minutes", "2 hours", "2 days", "1 minute"]);
  });
});
