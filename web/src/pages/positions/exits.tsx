import { useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { add, compare } from "@/lib/decimal";
import { position as texts } from "@/texts/positions";
import { useIsStale } from "@/ui/age";
import { Preview } from "@/ui/effect";
import { Input } from "@/ui/form";
import { Foreseen, Stays } from "./foreseen";
import { Where } from "./where";

type Detail = Schemas["PositionDetail"];
type Step = { profit: string; amount: string };

const STEPS_MAX = 8;

/** Changes take-profit, stop-loss and time limit; what was there stands beside what is wanted. */
export function ChangeExits({ of }: { of: Detail }) {
  const [open, setOpen] = useState(false);
  const stale = useIsStalePrice(of);
  const why = of.status === "closing" ? texts.closing : stale ? texts.stalePrice : undefined;
  return (
    <>
      <button type="button" className="button" disabled={Boolean(why)} title={why} onClick={() => setOpen(true)}>
        {texts.exits}
      </button>
      {open ? <Form of={of} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** Nothing is shown at a price before the first fill: until then none is needed. */
function useIsStalePrice(of: Detail): boolean {
  return useIsStale(of.mark?.at) && of.average_price != null;
}

/** What was typed; what was not follows the position. */
interface Draft {
  stop?: string;
  steps?: Step[];
  limit?: string;
}

function Form({ of, onClose }: { of: Detail; onClose: () => void }) {
  // The version that was looked at: a change by others in the meantime is refused, not overwritten.
  const [seen, setSeen] = useState(of);
  const [draft, setDraft] = useState<Draft>({});
  const [isOld, setOld] = useState(false);
  const stale = useIsStalePrice(of);
  const newest = useRead("/api/v1/position-groups/{id}", { params: { path: { id: of.id } } }, { enabled: false });
  const before = beforeOf(seen);
  const { stop, steps, limit } = { ...before, ...draft };
  const set = (index: number, change: Partial<Step>) => setDraft({ ...draft, steps: steps.map((step, each) => (each === index ? { ...step, ...change } : step)) });
  const { changes, lines } = changed(seen, { stop, steps, limit });
  const noStop = changes.stop_loss_percent === null;
  const shares = steps.reduce((sum, step) => add(sum, step.amount.trim()) ?? "", "0");
  const wrong = compare(shares, "100") === 0 ? null : texts.sharesWrong;
  const again = async () => {
    const { data } = await newest.refetch();
    if (!data) return;
    setSeen(data);
    setOld(false);
  };
  return (
    <Preview
      verb={texts.exits}
      title={texts.exits}
      danger={noStop}
      disabled={stale ? texts.stalePrice : (isOld && texts.isOld) || wrong || (lines.length === 0 ? texts.exitsSame : null)}
      reason
      onClose={onClose}
      preview={
        <>
          <Where of={seen} />
          <Input label={texts.stopLoss} hint={texts.stopLossHint} value={stop} onChange={(stop) => setDraft({ ...draft, stop })} inputMode="decimal" />
          <fieldset className="space-y-2">
            <legend className="font-medium">{texts.takeProfit}</legend>
            {steps.map((step, index) => (
              <div key={index} className="grid grid-cols-2 gap-2">
                <Input label={texts.stepProfit(index + 1)} value={step.profit} onChange={(profit) => set(index, { profit })} inputMode="decimal" />
                <Input label={texts.stepAmount(index + 1)} value={step.amount} onChange={(amount) => set(index, { amount })} inputMode="decimal" />
              </div>
            ))}
            {seen.take_profit.mode === "aggregate" ? (
              <div className="flex gap-2">
                <button type="button" className="button" disabled={steps.length >= STEPS_MAX} onClick={() => setDraft({ ...draft, steps: [...steps, { profit: "", amount: "" }] })}>
                  {texts.stepAdd}
                </button>
                <button type="button" className="button" disabled={steps.length === 1} onClick={() => setDraft({ ...draft, steps: steps.slice(0, -1) })}>
                  {texts.stepRemove}
                </button>
              </div>
            ) : null}
            {wrong ? <p className="text-bad">{wrong}</p> : null}
          </fieldset>
          <Input label={texts.timeLimit} hint={texts.timeLimitHint} value={limit} onChange={(limit) => setDraft({ ...draft, limit })} inputMode="numeric" />
          <p>{texts.exitsPreview}</p>
          <ul className="list-disc pl-5" aria-live="polite">
            {lines.map(([name, from, to]) => (
              <li key={name}>
                {name}: <s>{from}</s> → <strong>{to}</strong>
              </li>
            ))}
          </ul>
          <Foreseen of={of} stop={changes.stop_loss_percent === undefined ? null : stop.trim()} profits={changes.take_profit ? steps.map((step) => step.profit.trim()) : []} />
          <Stays of={seen} />
          {noStop ? <p className="text-bad">{texts.stopRemoved}</p> : null}
          {stale ? <p className="text-warn">{texts.stalePrice}</p> : null}
          {isOld ? (
            <div role="alert" className="card border-warn">
              <p>{texts.isOld}</p>
              <button type="button" className="button mt-2" onClick={() => void again()}>
                {texts.readAgain}
              </button>
            </div>
          ) : null}
        </>
      }
      act={async ({ reason }) => {
        const answer = await api.PUT("/api/v1/position-groups/{id}/exits", { params: { path: { id: seen.id }, header: ifMatch(seen.version) }, body: { ...changes, reason } });
        setOld(answer.response.status === 412 || (answer.error && "code" in answer.error && answer.error.code === "version_conflict") === true);
        return answer;
      }}
    />
  );
}

const beforeOf = (of: Detail) => ({
  stop: of.stop_loss_percent ?? "",
  steps: of.take_profit.steps.map((step): Step => ({ profit: step.profit_percent, amount: step.amount_percent })),
  limit: of.time_limit_minutes?.toString() ?? "",
});

/** What would be sent, and each change in words: what it is, from what, to what. */
function changed(seen: Detail, { stop, steps, limit }: Required<Draft>): { changes: Schemas["ChangeExits"]; lines: [string, string, string][] } {
  const before = beforeOf(seen);
  const changes: Schemas["ChangeExits"] = {};
  const lines: [string, string, string][] = [];
  if (stop.trim() !== before.stop) {
    changes.stop_loss_percent = stop.trim() || null;
    lines.push([texts.stopLoss, before.stop || texts.nothing, stop.trim() || texts.nothing]);
  }
  if (JSON.stringify(steps) !== JSON.stringify(before.steps)) {
    const { basis, mode, all_profit_percent, trailing_percent } = seen.take_profit;
    changes.take_profit = { basis, mode, all_profit_percent, trailing_percent, steps: steps.map((step) => ({ profit_percent: step.profit.trim(), amount_percent: step.amount.trim() })) };
    const told = (of: Step[]) => of.map((step) => texts.step(step.amount, step.profit)).join(", ");
    lines.push([texts.takeProfit, told(before.steps), told(steps)]);
  }
  if (limit.trim() !== before.limit) {
    changes.time_limit_minutes = limit.trim() || null;
    lines.push([texts.timeLimit, before.limit || texts.nothing, limit.trim() || texts.nothing]);
  }
  return { changes, lines };
}
