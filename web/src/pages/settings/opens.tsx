import { type ReactNode, useState } from "react";

interface OpensProps {
  verb: string;
  danger?: boolean;
  /** Why it cannot be done now. */
  disabled?: string | null;
  children: (close: () => void) => ReactNode;
}

/** A button that opens a form; what was typed into it is forgotten when it closes. */
export function Opens({ verb, danger, disabled, children }: OpensProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={`button ${danger ? "button-danger" : ""}`} disabled={Boolean(disabled)} title={disabled ?? undefined} onClick={() => setOpen(true)}>
        {verb}
      </button>
      {open ? children(() => setOpen(false)) : null}
    </>
  );
}
