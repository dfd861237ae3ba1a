import { useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { position as texts } from "@/texts/positions";
import { Preview } from "@/ui/effect";
import { Input } from "@/ui/form";

type Detail = Schemas["PositionDetail"];
type Step = { profit: string; amount: string };

/** Changes take-profit, stop-loss and time limit; what was there stands beside what is wanted. */
export function ChangeExits({ of }: { of: Detail }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" disabled={of.status === "closing"} onClick={() => setOpen(true)}>
        {texts.exits}
      </button>
      {open ? <Form of={of} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Form({ of, onClose }: { of: Detail; onClose: () => void }) {
  // The version that was looked at: a change by others in the meantime is refused, not overwritten.
  const [seen] = useState(of);
  const before = seen.take_profit.steps.map((step): Step => ({ profit: step.profit_percent, amount: step.amount_percent }));
  const [stop, setStop] = useState(seen.stop_loss_percent ?? "");
  const [steps, setSteps] = useState(before);
  const [limit, setLimit] = useState(seen.time_limit_minutes?.toString() ?? "");
  const set = (index: number, change: Partial<Step>) => setSteps(steps.map((step, each) => (each === index ? { ...step, ...change } : step)));

  const changes: Schemas["ChangeExits"] = {};
  const lines: [string, string, string][] = [];
  const stopChanged = stop.trim() !== (seen.stop_loss_percent ?? "");
  if (stopChanged) {
    changes.stop_loss_percent = stop.trim() || null;
    lines.push([texts.stopLoss, seen.stop_loss_percent ?? texts.nothing, stop.trim() || texts.nothing]);
  }
  if (JSON.stringify(steps) !== JSON.stringify(before)) {
    const { basis, mode, all_profit_percent, trailing_percent } = seen.take_profit;
    changes.take_profit = { basis, mode, all_profit_percent, trailing_percent, steps: steps.map((step) => ({ profit_percent: step.profit, amount_percent: step.amount })) };
    const told = (of: Step[]) => of.map((step) => texts.step(step.amount, step.profit)).join(", ");
    lines.push([texts.takeProfit, told(before), told(steps)]);
  }
  if (limit.trim() !== (seen.time_limit_minutes?.toString() ?? "")) {
    changes.time_limit_minutes = limit.trim() || null;
    lines.push([texts.timeLimit, seen.time_limit_minutes?.toString() ?? texts.nothing, limit.trim() || texts.nothing]);
  }
  return (
    <Preview
      verb={texts.exits}
      title={texts.exits}
      danger={stopChanged && !stop.trim()}
      disabled={lines.length === 0 ? texts.exitsSame : null}
      reason
      onClose={onClose}
      preview={
        <>
          <Input label={texts.stopLoss} hint={texts.stopLossHint} value={stop} onChange={setStop} inputMode="decimal" />
          <fieldset className="space-y-2">
            <legend className="font-medium">{texts.takeProfit}</legend>
            {steps.map((step, index) => (
              <div key={index} className="grid grid-cols-2 gap-2">
                <Input label={texts.stepProfit(index + 1)} value={step.profit} onChange={(profit) => set(index, { profit })} inputMode="decimal" />
                <Input label={texts.stepAmount(index + 1)} value={step.amount} onChange={(amount) => set(index, { amount })} inputMode="decimal" />
              </div>
            ))}
          </fieldset>
          <Input label={texts.timeLimit} hint={texts.timeLimitHint} value={limit} onChange={setLimit} inputMode="numeric" />
          <p>{texts.exitsPreview}</p>
          <ul className="list-disc pl-5" aria-live="polite">
            {lines.map(([name, from, to]) => (
              <li key={name}>
                {name}: <s>{from}</s> → <strong>{to}</strong>
              </li>
            ))}
          </ul>
          {stopChanged && !stop.trim() ? <p className="text-bad">{texts.stopRemoved}</p> : null}
        </>
      }
      act={({ reason }) => api.PUT("/api/v1/position-groups/{id}/exits", { params: { path: { id: seen.id }, header: ifMatch(seen.version) }, body: { ...changes, reason } })}
    />
  );
}
