import { Input, Select } from "@/ui/form";
import { strategyForm } from "@/texts/bots";
import { boundsOf, type Field } from "./schema";

interface FieldsProps {
  of: Field[];
  values: Record<string, string>;
  wrong: Record<string, string>;
  onChange: (name: string, value: string) => void;
}

/** A field for each parameter: its description, bounds and default, and what is wrong with it. */
export function Fields({ of, values, wrong, onChange }: FieldsProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {of.map((field) => (
        <OneField key={field.name} of={field} value={values[field.name] ?? field.byDefault} wrong={wrong[field.name]} onChange={(value) => onChange(field.name, value)} />
      ))}
    </div>
  );
}

function hintOf(field: Field): string {
  const said = [field.hint.replace(/\.$/, ""), boundsOf(field), field.byDefault ? strategyForm.byDefault(field.byDefault) : ""];
  return said.filter(Boolean).join(" · ");
}

/** One parameter as a field. */
export function OneField({ of, value, wrong, onChange }: { of: Field; value: string; wrong?: string; onChange: (value: string) => void }) {
  if (of.kind === "choice") return <Select label={of.title} hint={hintOf(of)} error={wrong} value={value} onChange={onChange} options={of.byDefault ? of.choices : ["", ...of.choices]} />;
  return <Input label={of.title} hint={hintOf(of)} error={wrong} value={value} onChange={(text) => onChange(text.trim())} inputMode={of.kind === "whole" ? "numeric" : of.kind === "number" ? "decimal" : "text"} autoComplete="off" />;
}
