import type { Schemas } from "@/api/client";
import { strategyForm } from "@/texts/bots";
import { Select } from "@/ui/form";
import { RULES } from "../names";
import { Fields } from "./fields";
import { bringsLadder, type StrategyDraft } from "./chosen";
import { grammarOf } from "./rules";
import { RulesFields } from "./rulesform";
import { fieldsOf, wrongOfAll } from "./schema";
import { Named } from "./sentences";

type Strategy = Schemas["Strategy"];

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
