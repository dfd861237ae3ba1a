import type { Schemas } from "@/api/client";
import { backtest as backtestTexts, backtestForm } from "@/texts/backtests";
import { Checkbox, Input, Select } from "@/ui/form";
import { placesOf } from "../bots/strategy/paths";
import { grammarOf, readRules } from "../bots/strategy/rules";
import { type Field, fieldsOf } from "../bots/strategy/schema";
import { type BacktestDraft, byRules, combinations, SPLIT, TRIES, type Tried, wrongValues } from "./draft";
import { Options, type PartProps } from "./form";

const choices = <Value extends string>(of: Record<Value, string>): { value: Value; text: string }[] => (Object.keys(of) as Value[]).map((value) => ({ value, text: of[value] }));
const SEARCHES = choices(backtestForm.searches);
const SCORES = choices(backtestTexts.by);
const HOLD_OUTS = choices(backtestForm.holdOuts);

/** Many values in the place of one. */
export function Sweep({ strategy, ...part }: PartProps & { strategy: Schemas["Strategy"] | undefined }) {
  const { draft, set, wrong } = part;
  const names = namesOf(draft, strategy);
  return (
    <>
      <Checkbox label={backtestForm.sweep} checked={draft.sweep} onChange={(sweep) => set("sweep", sweep)} />
      {draft.sweep ? (
        <>
          <p className="text-soft">{backtestForm.triedPlan}</p>
          <AllTried of={draft.tried} names={names} fields={byRules(draft) ? [] : fieldsOf(strategy?.parameters)} onChange={(tried) => set("tried", tried)} />
          {wrong.tried ? <p className="text-bad text-xs">{wrong.tried}</p> : null}
          <How {...part} />
        </>
      ) : null}
    </>
  );
}

/** Parameters of a strategy, or numbers and words of rules by their paths. */
function namesOf(draft: BacktestDraft, strategy: Schemas["Strategy"] | undefined): string[] {
  if (!strategy) return [];
  if (!byRules(draft)) return fieldsOf(strategy.parameters).map(({ name }) => name);
  const read = readRules(draft.rules, grammarOf(strategy.parameters));
  return "rules" in read ? placesOf(read.rules).map(({ path }) => path).filter((path) => !/(^side|\.(op|indicator|price))$/.test(path)) : [];
}

function AllTried({ of, names, fields, onChange }: { of: Tried[]; names: string[]; fields: Field[]; onChange: (tried: Tried[]) => void }) {
  const set = (place: number, next: Partial<Tried>) => onChange(of.map((each, at) => (at === place ? { ...each, ...next } : each)));
  const count = combinations(of.filter(({ name }) => name));
  return (
    <div className="space-y-2">
      {of.map(({ name, values }, place) => (
        // A row has no name before one is chosen.
        <div key={place} className="grid items-start gap-2 sm:grid-cols-[1fr_1fr_auto]">
          <Select label={backtestForm.tried} value={name} onChange={(next) => set(place, { name: next })} options={[{ value: "", text: backtestForm.triedChoose }, ...names.filter((each) => each === name || !of.some((other) => other.name === each))]} />
          <Input label={backtestForm.values} hint={backtestForm.valuesHint} error={values ? wrongValues(values, fields.find((field) => field.name === name)) : null} value={values} onChange={(next) => set(place, { values: next })} autoComplete="off" />
          <button type="button" className="button sm:mt-6" aria-label={backtestForm.removeTried(name)} disabled={of.length === 1} onClick={() => onChange(of.filter((_, at) => at !== place))}>
            <span aria-hidden="true">×</span>
          </button>
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-3">
        <button type="button" className="button" disabled={of.length >= names.length} onClick={() => onChange([...of, { name: "", values: "" }])}>
          {backtestForm.addTried}
        </button>
        {count !== null && of.some(({ name }) => name) ? <span className="text-soft">{backtestForm.combinations(count)}</span> : null}
      </div>
    </div>
  );
}

function How(part: PartProps) {
  const { draft, set, wrong } = part;
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-3">
      <Select label={backtestForm.search} value={draft.search} onChange={(value) => set("search", SEARCHES.find((each) => each.value === value)?.value ?? "grid")} options={SEARCHES} />
      <Select label={backtestForm.by} value={draft.by} onChange={(value) => set("by", SCORES.find((each) => each.value === value)?.value ?? "sharpe")} options={SCORES} />
      <Select label={backtestForm.holdOut} error={wrong.holdOut} value={draft.holdOut} onChange={(value) => set("holdOut", HOLD_OUTS.find((each) => each.value === value)?.value ?? "none")} options={HOLD_OUTS} />
      {draft.search === "grid" ? null : <Options of={TRIES} {...part} />}
      {draft.holdOut === "split" ? <Options of={SPLIT} {...part} /> : null}
      {draft.holdOut === "walk" ? <Input label={backtestForm.walk} hint={backtestForm.walkHint} error={wrong.walk} value={draft.walk} onChange={(value) => set("walk", value.trim())} autoComplete="off" /> : null}
    </div>
  );
}
