import { describe, expect, it } from "vitest";
import { planIsWrong, readPlan, valuesOf, withField, writePlan } from "./plan";

describe("a plan", () => {
  it("is written by its fields and read again", () => {
    const plan = withField(withField({}, "base_order.quote", "50"), "take_profit.steps[0].profit_percent", "1.5");
    expect(plan).toEqual({ base_order: { quote: "50" }, take_profit: { steps: [{ profit_percent: "1.5", amount_percent: "100" }] } });
    expect(readPlan(writePlan(plan))).toEqual({ plan });
    expect(valuesOf(plan)["base_order.quote"]).toBe("50");
    expect(withField(withField(plan, "take_profit.steps[0].profit_percent", ""), "base_order.quote", "")).toEqual({});
  });

  it("says nothing where it is empty, and is wrong where it is no object or outside of its bounds", () => {
    expect(readPlan(" ")).toEqual({ plan: {} });
    expect(writePlan({})).toBe("");
    expect(planIsWrong("[]")).toBe(true);
    expect(planIsWrong('{"cooldown_minutes": 10081}')).toBe(true);
    expect(planIsWrong('{"cooldown_minutes": 60, "reverse": true}')).toBe(false);
  });
});
