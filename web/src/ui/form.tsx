import { type ReactNode, useId } from "react";

interface FieldProps {
  label: string;
  hint?: string;
  /** What the API says of this field. */
  error?: string | null;
}

/** A label, what stands in it, and what is said of it. */
export function Field({ label, hint, error, id, hidden, children }: FieldProps & { id: string; hidden?: boolean; children: ReactNode }) {
  return (
    <div className="space-y-1">
      <label htmlFor={id} className={hidden ? "sr-only" : "block font-medium"}>
        {label}
      </label>
      {children}
      {hint ? (
        <p id={`${id}-hint`} className="text-soft text-xs">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="text-bad text-xs">
          {error}
        </p>
      ) : null}
    </div>
  );
}

export const described = (id: string, hint?: string, error?: string | null) =>
  [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;

interface InputProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "password" | "email" | "date" | "datetime-local" | "search";
  inputMode?: "text" | "decimal" | "numeric" | "email";
  required?: boolean;
  autoComplete?: string;
  maxLength?: number;
  placeholder?: string;
  disabled?: boolean;
  autoFocus?: boolean;
}

export function Input({ label, hint, error, onChange, type = "text", ...rest }: InputProps) {
  const id = useId();
  return (
    <Field label={label} hint={hint} error={error} id={id}>
      <input
        id={id}
        type={type}
        className="field"
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, hint, error)}
        onChange={(event) => onChange(event.target.value)}
        spellCheck={false}
        {...rest}
      />
    </Field>
  );
}

interface SelectProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  options: readonly (string | { value: string; text: string })[];
  required?: boolean;
  disabled?: boolean;
}

export function Select({ label, hint, error, value, onChange, options, ...rest }: SelectProps) {
  const id = useId();
  return (
    <Field label={label} hint={hint} error={error} id={id}>
      <select
        id={id}
        className="field"
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, hint, error)}
        onChange={(event) => onChange(event.target.value)}
        {...rest}
      >
        {options.map((option) => {
          const { value: of, text } = typeof option === "string" ? { value: option, text: option } : option;
          return (
            <option key={of} value={of}>
              {text}
            </option>
          );
        })}
      </select>
    </Field>
  );
}

export function Area({ label, hint, error, onChange, rows = 6, ...rest }: Omit<InputProps, "type" | "inputMode"> & { rows?: number }) {
  const id = useId();
  return (
    <Field label={label} hint={hint} error={error} id={id}>
      <textarea
        id={id}
        rows={rows}
        className="field font-mono"
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, hint, error)}
        onChange={(event) => onChange(event.target.value)}
        spellCheck={false}
        {...rest}
      />
    </Field>
  );
}

export function Checkbox({ label, hint, checked, onChange, disabled }: { label: string; hint?: string; checked: boolean; onChange: (checked: boolean) => void; disabled?: boolean }) {
  const id = useId();
  return (
    <div>
      <div className="flex items-center gap-2">
        <input id={id} type="checkbox" className="size-4" checked={checked} disabled={disabled} aria-describedby={described(id, hint)} onChange={(event) => onChange(event.target.checked)} />
        <label htmlFor={id}>{label}</label>
      </div>
      {hint ? (
        <p id={`${id}-hint`} className="text-soft text-xs">
          {hint}
        </p>
      ) : null}
    </div>
  );
}
