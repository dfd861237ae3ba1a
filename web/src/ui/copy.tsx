import { useState } from "react";
import { texts } from "@/texts/common";

/** A text to take along, with a button that copies it. */
export function Copy({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="space-y-1">
      <div className="flex items-center justify-between gap-2">
        <span className="font-medium">{label}</span>
        <button type="button" className="button min-h-7 px-2 py-0" onClick={() => void copy()}>
          <span aria-live="polite">{copied ? texts.actions.copied : texts.actions.copy}</span>
        </button>
      </div>
      <pre tabIndex={0} className="border-line bg-page max-h-80 overflow-auto rounded-md border p-2 text-xs break-all whitespace-pre-wrap">
        {text}
      </pre>
    </div>
  );
}
