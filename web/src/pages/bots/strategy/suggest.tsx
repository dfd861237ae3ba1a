import { useId } from "react";
import { described, Field } from "@/ui/form";

interface SuggestProps {
  label: string;
  hint?: string;
  error?: string | null;
  value: string;
  onChange: (value: string) => void;
  options: readonly string[];
  required?: boolean;
}

/** A text with suggestions: what the deployment knows, and anything else besides. */
export function Suggest({ label, hint, error, value, onChange, options, required }: SuggestProps) {
  const id = useId();
  return (
    <Field label={label} hint={hint} error={error} id={id}>
      <input
        id={id}
        className="field"
        list={`${id}-list`}
        value={value}
        required={required}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, hint, error)}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={`${id}-list`}>
        {[...new Set(options)].map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
    </Field>
  );
}
