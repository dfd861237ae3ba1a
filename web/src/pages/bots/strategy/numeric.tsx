import { useId, useState } from "react";

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
    <div className="space-y-1">
      <label htmlFor={id} className={hidden ? "sr-only" : "block font-medium"}>
        {label}
      </label>
      <input
        id={id}
        className="field"
        inputMode="decimal"
        autoComplete="off"
        value={shown}
        aria-invalid={isWrong || undefined}
        aria-describedby={isWrong ? `${id}-error` : undefined}
        onChange={({ target }) => {
          setTyped(target.value);
          if (isNumber(target.value) && fits(Number(target.value))) onChange(Number(target.value));
        }}
      />
      {isWrong ? (
        <p id={`${id}-error`} className="text-bad text-xs">
          {wrong}
        </p>
      ) : null}
    </div>
  );
}
