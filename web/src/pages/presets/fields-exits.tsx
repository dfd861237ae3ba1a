import { texts } from "@/texts/common";
import { edit as editTexts, members as memberTexts } from "@/texts/presets";
import { Input, Select } from "@/ui/form";
import { type Draft, wrongShares } from "./draft";
import { choices, FLAGS, Two } from "./fields-parts";

type Profit = Draft["profit"];
type Stop = Draft["stop"];

const MODES = choices(editTexts.modes);
const BASES = choices(editTexts.bases);

export function ProfitFields({ value, onChange }: { value: Profit; onChange: (value: Profit) => void }) {
  const set = (next: Partial<Profit>) => onChange({ ...value, ...next });
  const choose = (chosen: string) => {
    const mode = MODES.pick(chosen) ?? "none";
    set({ mode, steps: mode !== "none" && value.steps.length === 0 ? [{ profit: "1.5", share: "100" }] : value.steps });
  };
  return (
    <>
      <Select label={editTexts.mode} value={value.mode} onChange={choose} options={MODES.options} />
      {value.mode === "aggregate" ? (
        <>
          <Steps value={value} onChange={(steps) => set({ steps })} />
          <Two>
            <Select label={editTexts.basis} value={value.basis} onChange={(basis) => set({ basis: BASES.pick(basis) ?? "" })} options={BASES.options} />
            <Input label={editTexts.trailing} hint={editTexts.trailingHint} value={value.trailing} onChange={(trailing) => set({ trailing })} inputMode="decimal" />
          </Two>
        </>
      ) : null}
      {value.mode === "per_leg" || value.mode === "hybrid" ? (
        <Two>
          <Input label={editTexts.profit} value={value.steps[0]?.profit ?? ""} onChange={(profit) => set({ steps: [{ profit, share: "100" }] })} inputMode="decimal" required />
          {value.mode === "hybrid" ? <Input label={editTexts.allProfit} value={value.all} onChange={(all) => set({ all })} inputMode="decimal" required /> : null}
        </Two>
      ) : null}
    </>
  );
}

const STEPS_MAX = 8;

function Steps({ value, onChange }: { value: Profit; onChange: (steps: Profit["steps"]) => void }) {
  const { steps } = value;
  const wrong = wrongShares(value);
  const at = (index: number, next: Partial<Profit["steps"][number]>) => onChange(steps.map((each, place) => (place === index ? { ...each, ...next } : each)));
  return (
    <>
      <ol className="space-y-2">
        {steps.map((step, index) => (
          <li key={index} className="grid grid-cols-2 items-end gap-2 sm:grid-cols-[1fr_1fr_auto]" aria-label={editTexts.stepNumber(index + 1)}>
            <Input label={editTexts.profit} value={step.profit} onChange={(profit) => at(index, { profit })} inputMode="decimal" required />
            <Input label={editTexts.share} value={step.share} onChange={(share) => at(index, { share })} inputMode="decimal" required />
            {steps.length > 1 ? (
              <button type="button" className="button" aria-label={editTexts.removeStep(index + 1)} onClick={() => onChange(steps.filter((_, place) => place !== index))}>
                {texts.actions.remove}
              </button>
            ) : null}
          </li>
        ))}
      </ol>
      {wrong ? (
        <p role="alert" className="text-bad text-xs">
          {editTexts.sharesWrong(wrong)}
        </p>
      ) : null}
      <button type="button" className="button" disabled={steps.length >= STEPS_MAX} onClick={() => onChange([...steps, { profit: "", share: "" }])}>
        {editTexts.addStep}
      </button>
    </>
  );
}

export function StopFields({ value, onChange }: { value: Stop; onChange: (value: Stop) => void }) {
  const set = (next: Partial<Stop>) => onChange({ ...value, ...next });
  return (
    <>
      <Two>
        <Input label={editTexts.stop} hint={editTexts.stopHint} value={value.percent} onChange={(percent) => set({ percent })} inputMode="decimal" />
        <Select label={memberTexts.stop_loss_basis} value={value.basis} onChange={(basis) => set({ basis: BASES.pick(basis) ?? "" })} options={BASES.options} />
      </Two>
      <Two>
        <Select label={memberTexts.stop_loss_trailing} value={value.trailing} onChange={(trailing) => set({ trailing: FLAGS.pick(trailing) ?? "" })} options={FLAGS.options} />
        <Select label={memberTexts.stop_loss_at_venue} value={value.atVenue} onChange={(atVenue) => set({ atVenue: FLAGS.pick(atVenue) ?? "" })} options={FLAGS.options} />
      </Two>
      <Two>
        <Input label={editTexts.delay} value={value.delay} onChange={(delay) => set({ delay })} inputMode="numeric" />
        <Input label={editTexts.breakEven} value={value.breakEven} onChange={(breakEven) => set({ breakEven })} inputMode="numeric" />
      </Two>
    </>
  );
}
