import { useId, useState } from "react";
import { described, Field } from "@/ui/form";

const isNumber = (text: string): boolean => text.trim() !== "" && Number.isFinite(Number(text));

/** What is being typed, as long as it stands for what is stored: `1.` and `-` are on the way to a number. */
export function typedOr(typed: string | undefined, stored: string): string {
  return typed === undefined || (isNumber(typed) && Number(typed) !== Number(stored)) ? stored : typed;
}

interface NumericProps {
  label: string;
  value: number;
  onChange: (value: number) => void;
  /** What may be stored; all numbers where nothing is said. */
  fits?: (value: number) => boolean;
  wrong: string;
  hidden?: boolean;
}

/** A number of JSON: only numbers are handed on. */
export function Numeric({ label, value, onChange, fits = () => true, wrong, hidden }: NumericProps) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const shown = typedOr(typed, String(value));
  const isWrong = !isNumber(shown) || !fits(Number(shown));
  return (
    <Field label={label} id={id} hidden={hidden} error={isWrong ? wrong : null}>
      <input
        id={id}
        className="field"
        inputMode="decimal"
        autoComplete="off"
        value={shown}
        aria-invalid={isWrong || undefined}
        aria-describedby={described(id, undefined, isWrong ? wrong : null)}
        onChange={({ target }) => {
          setTyped(target.value);
          if (isNumber(target.value) && fits(Number(target.value))) onChange(Number(target.value));
        }}
      />
    </Field>
  );
}
