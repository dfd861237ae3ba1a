import { rulesForm } from "@/texts/bots";
import { Select } from "@/ui/form";
import { OperandFields } from "./operand";
import { Numeric } from "./numeric";
import { type Comparison, type Condition, type Grammar, kindOf, type KindOfCondition, WITHIN_MAX } from "./rules";

const KINDS: { value: KindOfCondition; text: string }[] = [
  { value: "comparison", text: rulesForm.kinds.comparison },
  { value: "all", text: rulesForm.kinds.all },
  { value: "any", text: rulesForm.kinds.any },
  { value: "not", text: rulesForm.kinds.not },
  { value: "within", text: rulesForm.kinds.within },
];
const NEW: Comparison = { left: "close", op: ">", right: { indicator: "ema", period: 50 } };
const BARS = 3;

interface ConditionProps {
  of: Condition;
  /** Its number among the others, such as `2.1`. */
  place: string;
  grammar: Grammar;
  onChange: (condition: Condition) => void;
  onRemove?: () => void;
}

/** One condition with those within it. */
export function ConditionFields({ of, place, grammar, onChange, onRemove }: ConditionProps) {
  const kind = kindOf(of);
  return (
    <fieldset className="border-line min-w-0 space-y-2 rounded-md border p-2 sm:p-3">
      <legend className="sr-only">{rulesForm.condition(place)}</legend>
      <div className="flex flex-wrap items-end gap-2">
        <div className="w-52 max-w-full">
          <Select label={rulesForm.condition(place)} value={kind} onChange={(next) => onChange(turned(of, KINDS.find(({ value }) => value === next)?.value ?? kind))} options={KINDS} />
        </div>
        {"within" in of ? <Numeric label={rulesForm.bars} value={of.within} fits={(bars) => Number.isInteger(bars) && bars >= 1 && bars <= WITHIN_MAX} wrong={rulesForm.wrong.bar} onChange={(within) => onChange({ ...of, within })} /> : null}
        {onRemove ? (
          <button type="button" className="button ml-auto" aria-label={rulesForm.removeWhat(place)} onClick={onRemove}>
            {rulesForm.remove}
          </button>
        ) : null}
      </div>
      <Inside of={of} place={place} grammar={grammar} onChange={onChange} />
    </fieldset>
  );
}

function Inside({ of, place, grammar, onChange }: ConditionProps) {
  if ("all" in of) return <Several of={of.all} place={place} grammar={grammar} onChange={(all) => onChange({ all })} />;
  if ("any" in of) return <Several of={of.any} place={place} grammar={grammar} onChange={(any) => onChange({ any })} />;
  if ("not" in of) return <ConditionFields of={of.not} place={`${place}.1`} grammar={grammar} onChange={(not) => onChange({ not })} />;
  if ("within" in of) return <ConditionFields of={of.of} place={`${place}.1`} grammar={grammar} onChange={(inner) => onChange({ ...of, of: inner })} />;
  return <ComparisonFields of={of} grammar={grammar} onChange={onChange} />;
}

function Several({ of, place, grammar, onChange }: { of: Condition[]; place: string; grammar: Grammar; onChange: (conditions: Condition[]) => void }) {
  const set = (index: number, next: Condition) => onChange(of.map((each, at) => (at === index ? next : each)));
  return (
    <div className="space-y-2">
      {of.map((each, index) => (
        <ConditionFields
          // Conditions have no name of their own, and the number of them stands in the key so that fields are made anew after one is removed.
          key={`${of.length}.${index}`}
          of={each}
          place={`${place}.${index + 1}`}
          grammar={grammar}
          onChange={(next) => set(index, next)}
          onRemove={of.length > 1 ? () => onChange(of.filter((_, at) => at !== index)) : undefined}
        />
      ))}
      <button type="button" className="button" onClick={() => onChange([...of, NEW])}>
        {rulesForm.add}
      </button>
    </div>
  );
}

function ComparisonFields({ of, grammar, onChange }: { of: Comparison; grammar: Grammar; onChange: (comparison: Comparison) => void }) {
  const operators = grammar.operators.map((value) => ({ value, text: (rulesForm.operators as Record<string, string>)[value] ?? value }));
  return (
    <div className="grid gap-3 md:grid-cols-[1fr_auto_1fr]">
      <OperandFields label={rulesForm.left} of={of.left} grammar={grammar} onChange={(left) => onChange({ ...of, left })} />
      <Select label={rulesForm.op} value={of.op} onChange={(op) => onChange({ ...of, op })} options={operators} />
      <OperandFields label={rulesForm.right} of={of.right} grammar={grammar} onChange={(right) => onChange({ ...of, right })} />
    </div>
  );
}

/** The same as another kind: what it held stays where it can. */
function turned(of: Condition, kind: KindOfCondition): Condition {
  if (kind === kindOf(of)) return of;
  const inner: Condition[] = "all" in of ? of.all : "any" in of ? of.any : "not" in of ? [of.not] : "within" in of ? [of.of] : [of];
  const one = inner[0] ?? NEW;
  if (kind === "all") return { all: inner };
  if (kind === "any") return { any: inner };
  const whole = kindOf(of) === "comparison" || inner.length === 1 ? one : of;
  if (kind === "not") return { not: whole };
  if (kind === "within") return { within: BARS, of: whole };
  return firstComparison(of);
}

function firstComparison(of: Condition): Comparison {
  if ("all" in of) return of.all[0] ? firstComparison(of.all[0]) : NEW;
  if ("any" in of) return of.any[0] ? firstComparison(of.any[0]) : NEW;
  if ("not" in of) return firstComparison(of.not);
  return "within" in of ? firstComparison(of.of) : of;
}
