import { useState } from "react";
import { useRead } from "@/api/hooks";
import { planForm } from "@/texts/bots";
import { Area, Select } from "@/ui/form";
import { Fields } from "./fields";
import { FIELDS, type Members, readPlan, valuesOf, withField, writePlan } from "./plan";
import { wrongOfAll } from "./schema";

/** What entries say themselves, over a preset: fields for what is common, and all of it as JSON. */
export function PlanFields({ text, onChange, hint = planForm.hint, open }: { text: string; onChange: (text: string) => void; hint?: string; open?: boolean }) {
  const [opened] = useState(open || text !== "");
  const read = readPlan(text);
  const set = (name: string, value: string) => {
    if ("plan" in read) onChange(writePlan(withField(read.plan, name, value)));
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
