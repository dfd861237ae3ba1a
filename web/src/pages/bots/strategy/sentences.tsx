import { rulesForm } from "@/texts/bots";

/** A text in which names stand between backticks. */
export function Named({ text }: { text: string }) {
  return (
    <>
      {text.split("`").map((part, place) => (place % 2 === 1 ? <code key={place}>{part}</code> : part))}
    </>
  );
}

/** What rules or a strategy do, a sentence each. */
export function Words({ of }: { of: readonly string[] }) {
  return (
    <div className="border-note bg-note-fill rounded-md border p-3" aria-live="polite">
      <p className="text-note text-xs font-medium">{rulesForm.words}</p>
      {of.map((sentence) => (
        <p key={sentence} className="break-words">
          <Named text={sentence} />
        </p>
      ))}
    </div>
  );
}
