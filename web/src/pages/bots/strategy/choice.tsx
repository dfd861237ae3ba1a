import type { Schemas } from "@/api/client";
import { strategyForm } from "@/texts/bots";
import { Select } from "@/ui/form";
import { RULES } from "../names";
import { Fields } from "./fields";
import { FIRST, type Grammar, grammarOf, readRules, write, wrongBounds } from "./rules";
import { RulesFields } from "./rulesform";
import { fieldsOf, wrongOfAll } from "./schema";
import { Named } from "./sentences";

type Strategy = Schemas["Strategy"];

export interface StrategyDraft {
  /** Its name; `RULES` for rules. */
  strategy: string;
  /** What was filled in; what is missing has its default. */
  parameters: Record<string, string>;
  /** As JSON. */
  rules: string;
}

export const NO_STRATEGY: StrategyDraft = { strategy: "", parameters: {}, rules: write(FIRST) };

/** Whether what was chosen can be sent. */
export function strategyIsWrong(draft: StrategyDraft, strategies: Strategy[]): boolean {
  const chosen = strategies.find(({ name }) => name === draft.strategy);
  if (!chosen) return true;
  if (draft.strategy === RULES) return rulesAreWrong(draft.rules, grammarOf(chosen.parameters));
  return Object.keys(wrongOfAll(fieldsOf(chosen.parameters), draft.parameters, chosen.description)).length > 0;
}

function rulesAreWrong(text: string, grammar: Grammar): boolean {
  const read = readRules(text, grammar);
  return "wrong" in read || wrongBounds(read.rules, grammar) !== null;
}

/** What a body says of it. */
export function strategyBody({ strategy, parameters, rules }: StrategyDraft): { strategy: string; parameters: Record<string, string> } | { rules: Schemas["BotRules"] } {
  if (strategy !== RULES) return { strategy, parameters: Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== "")) };
  // The types of the API require what has a default; the shape was looked at by `readRules`.
  return { rules: JSON.parse(rules) as Schemas["BotRules"] };
}

interface StrategyFieldsProps {
  of: StrategyDraft;
  strategies: Strategy[];
  onChange: (draft: StrategyDraft) => void;
  /** What is missing or refused. */
  error?: string | null;
  /** Bots look back less far than backtests, and start with no strategy that is off. */
  forBot?: boolean;
}

/** A strategy with its parameters, or rules. */
export function StrategyFields({ of, strategies, onChange, error, forBot }: StrategyFieldsProps) {
  const chosen = strategies.find(({ name }) => name === of.strategy);
  const options = strategies.map(({ name, enabled }) => {
    const text = name === RULES ? strategyForm.rules : name;
    return { value: name, text: enabled ? text : strategyForm.off(text) };
  });
  return (
    <div className="space-y-3">
      <div className="max-w-80">
        <Select label={strategyForm.strategy} value={of.strategy} error={error} required onChange={(strategy) => onChange({ ...of, strategy, parameters: {} })} options={[{ value: "", text: strategyForm.choose }, ...options]} />
      </div>
      {chosen ? <p className="max-w-prose"><Named text={chosen.description} /></p> : null}
      {chosen && !chosen.enabled && forBot ? <p className="text-warn">{strategyForm.offWhy(chosen.disabled_because ?? "")}</p> : null}
      {chosen && forBot ? <p className="text-soft text-xs">{strategyForm.lookBack}</p> : null}
      {chosen ? <Told of={of} strategy={chosen} onChange={onChange} forBot={forBot} /> : null}
    </div>
  );
}

function Told({ of, strategy, onChange, forBot }: { of: StrategyDraft; strategy: Strategy; onChange: (draft: StrategyDraft) => void; forBot?: boolean }) {
  if (strategy.name === RULES) return <RulesFields text={of.rules} grammar={grammarOf(strategy.parameters)} onChange={(rules) => onChange({ ...of, rules })} />;
  const fields = fieldsOf(strategy.parameters);
  if (fields.length === 0) return <p className="text-soft">{strategyForm.noParameters}</p>;
  return (
    <>
      {forBot && bringsLadder(strategy) ? <p className="text-note">{strategyForm.ladder}</p> : null}
      <Fields of={fields} values={of.parameters} wrong={wrongOfAll(fields, of.parameters, strategy.description)} onChange={(name, value) => onChange({ ...of, parameters: { ...of.parameters, [name]: value } })} />
    </>
  );
}

/** Strategies that bring a ladder, and they alone, say how much of the balance all orders ask for. */
export function bringsLadder(strategy: Strategy): boolean {
  return fieldsOf(strategy.parameters).some(({ name }) => name === "budget");
}
