import { useId, useState } from "react";
import { rulesForm } from "@/texts/bots";
import { OneField } from "./fields";
import { Numeric, typedOr } from "./numeric";
import type { Grammar, IndicatorOperand, Operand, PriceOperand } from "./rules";
import { type Field, wrongOf } from "./schema";

const named = (of: Record<string, string>, name: string): string => of[name] ?? name;
const NUMBER = "number";

/** The price or indicator, or `number`. */
function kindOf(operand: Operand): string {
  return typeof operand === "number" ? NUMBER : typeof operand === "string" ? operand : "price" in operand ? String(operand.price) : String(operand.indicator);
}

/** A number, a price or an indicator with its parameters. */
export function OperandFields({ label, of, grammar, onChange }: { label: string; of: Operand; grammar: Grammar; onChange: (operand: Operand) => void }) {
  const id = useId();
  const kind = kindOf(of);
  const indicator = grammar.indicators.find((each) => each.name === kind);
  const choose = (next: string) => onChange(next === NUMBER ? 0 : grammar.prices.includes(next) ? next : { indicator: next });
  return (
    <div className="min-w-0 space-y-2">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <select id={id} className="field" value={kind} onChange={(event) => choose(event.target.value)} title={indicator?.hint}>
        <option value={NUMBER}>{rulesForm.number}</option>
        <optgroup label={rulesForm.prices}>
          {grammar.prices.map((price) => (
            <option key={price} value={price}>
              {named(rulesForm.price, price)}
            </option>
          ))}
        </optgroup>
        <optgroup label={rulesForm.indicators}>
          {grammar.indicators.map(({ name }) => (
            <option key={name} value={name}>
              {named(rulesForm.names, name)}
            </option>
          ))}
        </optgroup>
      </select>
      {indicator ? <p className="text-soft text-xs">{indicator.hint}</p> : null}
      {typeof of === "number" ? <Numeric label={rulesForm.value} value={of} onChange={onChange} wrong={rulesForm.wrong.number} hidden /> : <LineFields key={kind} of={of} own={indicator?.fields ?? []} shift={grammar.shift} onChange={onChange} />}
    </div>
  );
}

function LineFields({ of, own, shift, onChange }: { of: Exclude<Operand, number>; own: Field[]; shift: Field[]; onChange: (operand: Operand) => void }) {
  const [typed, setTyped] = useState<Record<string, string>>({});
  const written: PriceOperand | IndicatorOperand = typeof of === "string" ? { price: of } : of;
  const stored = (field: Field): string => String((written as IndicatorOperand)[field.name] ?? field.byDefault);
  const values = Object.fromEntries([...own, ...shift].map((field) => [field.name, typedOr(typed[field.name], stored(field))]));
  const set = (field: Field, text: string) => {
    setTyped({ ...typed, [field.name]: text });
    if (field.kind !== "choice" && text !== "" && !Number.isFinite(Number(text))) return;
    const { [field.name]: _, ...rest } = written as IndicatorOperand;
    const next = text === "" || text === field.byDefault ? rest : { ...rest, [field.name]: field.kind === "choice" ? text : Number(text) };
    // A price without more is written as its name alone.
    onChange(typeof next.price === "string" && Object.keys(next).length === 1 ? next.price : (next as IndicatorOperand));
  };
  const fields = (some: Field[]) => some.map((field) => <OneField key={field.name} of={field} value={values[field.name] ?? ""} wrong={wrongOf(field, values[field.name] ?? "") ?? undefined} onChange={(text) => set(field, text)} />);
  return (
    <>
      {own.length > 0 ? <div className="grid gap-2 sm:grid-cols-2">{fields(own)}</div> : null}
      <details>
        <summary className="text-soft cursor-pointer text-xs">{rulesForm.shift}</summary>
        <div className="mt-2 grid gap-2 sm:grid-cols-2">{fields(shift)}</div>
      </details>
    </>
  );
}
