import type { Schemas } from "@/api/client";
import { planForm } from "@/texts/bots";
import { at, put } from "./paths";
import { type Field, isObject, wrongOfAll } from "./schema";

export type Members = Schemas["PresetMembers"];

const FIELD = { kind: "number", least: "0", most: null, choices: [], byDefault: "" } as const;
const WHOLE: Partial<Record<string, string>> = { "safety_orders.count": "200", cooldown_minutes: "10080", open_groups_max: "1000", time_limit_minutes: "525600", leverage: "125" };
const PERCENT: Partial<Record<string, string>> = { "base_order.balance_percent": "100", "safety_orders.deviation_percent": "100", stop_loss_percent: "100" };
export const FIELDS: Field[] = Object.entries(planForm.fields).map(([name, [title, hint]]) => {
  const whole = WHOLE[name];
  return { ...FIELD, choices: [], name, title, hint, kind: whole ? "whole" : "number", least: whole ? "1" : "0", most: whole ?? PERCENT[name] ?? null };
});
const STEP = "take_profit.steps[0].profit_percent";
const STEP_AMOUNT = "take_profit.steps[0].amount_percent";

/** The members of a plan as they were written; empty text says nothing. */
export function readPlan(text: string): { plan: Members } | { wrong: string } {
  if (text.trim() === "") return { plan: {} };
  try {
    const plan: unknown = JSON.parse(text);
    // Names and values are the API's to judge: it names the member.
    return isObject(plan) ? { plan: plan as Members } : { wrong: planForm.object };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : planForm.object };
  }
}

export const writePlan = (plan: Members): string => (Object.keys(plan).length > 0 ? JSON.stringify(plan, null, 2) : "");

/** Whether a plan can be sent, as far as this browser knows. */
export function planIsWrong(text: string): boolean {
  const read = readPlan(text);
  return "wrong" in read || Object.keys(wrongOfAll(FIELDS, valuesOf(read.plan))).length > 0;
}

/** What stands in each field. */
export function valuesOf(plan: Members): Record<string, string> {
  return Object.fromEntries(
    FIELDS.map(({ name }) => {
      const value = at(plan, name);
      return [name, value == null ? "" : String(value)];
    }),
  );
}

/** A plan with another value in a field; empty takes it away. A take-profit sells all where no share is said. */
export function withField(plan: Members, name: string, value: string): Members {
  let next = put(plan, name, value === "" ? undefined : value);
  if (name === STEP) next = put(next, STEP_AMOUNT, value === "" ? undefined : (at(next, STEP_AMOUNT) ?? "100"));
  return isObject(next) ? (next as Members) : {};
}
