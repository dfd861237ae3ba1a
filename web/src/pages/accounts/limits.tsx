import { useState } from "react";
import { grouped } from "@/lib/decimal";
import { texts } from "@/texts/common";
import { limits as limitsTexts } from "@/texts/accounts";
import { Section } from "@/ui/page";
import { LimitsForm } from "./limits-form";
import { type Account, LIMIT_NAMES, type LimitName, type Limits, share } from "./words";

const USED = { exposure_max: "exposure", day_loss_max: "day_loss", open_groups_max: "open_groups" } as const;

/** Each limit, how much of it is used, and a form that changes them. */
export function LimitsSection({ of, limits, mayChange }: { of: Account; limits: Limits; mayChange: boolean }) {
  // What the form began with: its version is sent, so that no newer change is overwritten.
  const [editing, setEditing] = useState<Limits | null>(null);
  const actions = mayChange ? (
    <button type="button" className="button" aria-expanded={editing !== null} onClick={() => setEditing(editing ? null : limits)}>
      {editing ? texts.actions.cancel : limitsTexts.edit}
    </button>
  ) : null;
  return (
    <Section title={limitsTexts.title} actions={actions}>
      <p className="text-soft">{limitsTexts.why}</p>
      <dl className="card grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
        {LIMIT_NAMES.map((name) => (
          <div key={name} className="min-w-0">
            <dt className="text-soft text-xs">{limitsTexts.names[name]}</dt>
            <dd>
              <Used name={name} limits={limits} />
            </dd>
          </div>
        ))}
      </dl>
      {editing ? <LimitsForm of={of} limits={editing} onClose={() => setEditing(null)} /> : null}
    </Section>
  );
}

function Used({ name, limits }: { name: LimitName; limits: Limits }) {
  const max = String(limits[name]);
  if (name === "order_quote_max" || name === "leverage_max") return <span className="number">{grouped(max)}</span>;
  const used = String(limits[USED[name]]);
  const part = share(used, max);
  const ink = part >= 1 ? "bg-bad" : part >= 0.75 ? "bg-warn" : "bg-brand";
  return (
    <>
      <span className="number">{limitsTexts.used(grouped(used), grouped(max))}</span>
      <div className="bg-hover mt-1 h-1.5 overflow-hidden rounded" aria-hidden="true">
        <div className={`${ink} h-full`} style={{ width: `${part * 100}%` }} />
      </div>
    </>
  );
}
