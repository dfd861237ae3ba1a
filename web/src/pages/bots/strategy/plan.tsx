import { useState } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { planForm } from "@/texts/bots";
import { Area, Select } from "@/ui/form";
import { Fields } from "./fields";
import { at, put } from "./paths";
import { type Field, isObject, wrongOfAll } from "./schema";

type Members = Schemas["PresetMembers"];

const FIELD = { kind: "number", least: "0", most: null, choices: [], byDefault: "" } as const;
const WHOLE: Partial<Record<string, string>> = { "safety_orders.count": "200", cooldown_minutes: "10080", open_groups_max: "1000", time_limit_minutes: "525600", leverage: "125" };
const PERCENT: Partial<Record<string, string>> = { "base_order.balance_percent": "100", "safety_orders.deviation_percent": "100", stop_loss_percent: "100" };
const FIELDS: Field[] = Object.entries(planForm.fields).map(([name, [title, hint]]) => {
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

function valuesOf(plan: Members): Record<string, string> {
  return Object.fromEntries(
    FIELDS.map(({ name }) => {
      const value = at(plan, name);
      return [name, value == null ? "" : String(value)];
    }),
  );
}

/** What entries say themselves, over a preset: fields for what is common, and all of it as JSON. */
export function PlanFields({ text, onChange, hint = planForm.hint, open }: { text: string; onChange: (text: string) => void; hint?: string; open?: boolean }) {
  const [opened] = useState(open || text !== "");
  const read = readPlan(text);
  const set = (name: string, value: string) => {
    if ("wrong" in read) return;
    let next = put(read.plan, name, value === "" ? undefined : value);
    if (name === STEP) next = put(next, STEP_AMOUNT, value === "" ? undefined : (at(next, STEP_AMOUNT) ?? "100"));
    onChange(writePlan(isObject(next) ? next : {}));
  };
  return (
    <details className="space-y-3" open={opened}>
      <summary className="cursor-pointer font-medium">{planForm.title}</summary>
      <p className="text-soft">{hint}</p>
      <FromPreset onChoose={(members) => onChange(writePlan(members))} />
      {"wrong" in read ? <p className="text-soft">{planForm.broken}</p> : <Fields of={FIELDS} values={valuesOf(read.plan)} wrong={wrongOfAll(FIELDS, valuesOf(read.plan))} onChange={set} />}
      <Area label={planForm.json} hint={planForm.jsonHint} error={"wrong" in read ? read.wrong : null} value={text} onChange={onChange} rows={text ? 12 : 3} />
    </details>
  );
}

function FromPreset({ onChoose }: { onChoose: (members: Members) => void }) {
  const presets = useRead("/api/v1/presets", { params: { query: { limit: 200 } } });
  const items = presets.data?.items ?? [];
  if (items.length === 0) return null;
  const choose = (name: string) => {
    const found = items.find((preset) => preset.name === name);
    if (found) onChoose(found.preset);
  };
  return (
    <div className="max-w-80">
      <Select label={planForm.fromPreset} value="" onChange={choose} options={[{ value: "", text: planForm.choose }, ...items.map(({ name }) => name)]} />
    </div>
  );
}
