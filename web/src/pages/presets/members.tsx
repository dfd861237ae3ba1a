import { edit as editTexts, preset as presetTexts } from "@/texts/presets";
import { Empty } from "@/ui/states";
import { type Change, describe, type Members } from "./words";

/** Each member of a preset in words. */
export function MemberList({ of }: { of: Members }) {
  const all = describe(of);
  if (all.length === 0) return <Empty title={editTexts.empty} />;
  return (
    <dl className="card grid gap-x-6 gap-y-2 sm:grid-cols-[minmax(9rem,auto)_1fr]">
      {all.map(({ member, title, text }) => (
        <div key={member} className="contents">
          <dt className="text-soft">{title}</dt>
          <dd className="mb-2 break-words sm:mb-0">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Old and new of each member that differs. */
export function ChangeList({ of, none }: { of: Change[]; none: string }) {
  if (of.length === 0) return <p className="text-soft">{none}</p>;
  return (
    <ul className="space-y-1">
      {of.map(({ title, from, to }) => (
        <li key={title} className="break-words">
          <span className="font-medium">{title}:</span> {from === null ? null : <del className="text-soft">{from}</del>} {to === null ? `→ ${presetTexts.removed}` : <ins className="no-underline">{from === null ? presetTexts.added : "→"} {to}</ins>}
        </li>
      ))}
    </ul>
  );
}
