import type { ReactNode } from "react";
import type { ApiError } from "@/api/client";
import { texts as common } from "@/texts/common";
import { overview as texts } from "@/texts/overview";
import { failureText, Loading } from "@/ui/states";

/** One of the reads that say what needs attention. */
export interface Part {
  what: keyof typeof texts.reads;
  isPending: boolean;
  /** Why nothing is known of it; what was read before counts as known. */
  error: ApiError | null;
  again: () => unknown;
}

/** What is known at once, what is not known yet, and what cannot be: only where nothing is left does nothing need attention. */
export function Found({ items, parts }: { items: ReactNode[]; parts: Part[] }) {
  const pending = parts.filter(({ isPending }) => isPending);
  const unread = parts.filter(({ isPending, error }) => error && !isPending);
  const nothing = items.length + unread.length === 0;
  // The deployment takes some seconds to check itself: nothing else waits for that.
  const checks = pending.every(({ what }) => what === "checks");
  return (
    <>
      {items.length > 0 ? <ul className="card divide-line divide-y p-0">{items}</ul> : null}
      {unread.length > 0 ? <Unread of={unread} /> : null}
      {pending.length > 0 ? <Loading what={checks ? (nothing ? texts.nothingSoFar : texts.checking) : undefined} /> : nothing ? <p className="card text-good">{texts.attentionNone}</p> : null}
    </>
  );
}

/** What may hide something that needs attention. */
function Unread({ of }: { of: Part[] }) {
  const why = new Set(of.map(({ error }) => error && failureText(error)));
  return (
    <div role="alert" className="card border-bad">
      <p className="text-bad font-medium">{texts.notRead(of.map(({ what }) => texts.reads[what]).join(", "))}</p>
      <p className="text-soft">{[...why].join(" · ")}</p>
      <button type="button" className="button mt-3" onClick={() => of.forEach(({ again }) => void again())}>
        {common.states.again}
      </button>
    </div>
  );
}
