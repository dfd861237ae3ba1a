import { useRead } from "@/api/hooks";
import { strategyForm } from "@/texts/bots";
import { RULES } from "../names";
import type { StrategyDraft } from "./chosen";
import { grammarOf, readRules } from "./rules";
import { Words } from "./sentences";
import { fieldsOf } from "./schema";
import { inWords } from "./words";

/** What a strategy or rules will do: the sentences of rules, or the description with what was filled in, and what is tried. */
export function StrategyInWords({ of, tried = {} }: { of: StrategyDraft; tried?: Record<string, unknown> }) {
  const strategies = useRead("/api/v1/strategies/list", { params: { query: { limit: 200 } } });
  const chosen = strategies.data?.items.find(({ name }) => name === of.strategy);
  if (!chosen) return null;
  if (of.strategy === RULES) {
    const grammar = grammarOf(chosen.parameters);
    const read = readRules(of.rules, grammar);
    return "rules" in read ? <Words of={inWords(read.rules, grammar)} /> : null;
  }
  const values = fieldsOf(chosen.parameters).map(({ name, byDefault }) => (name in tried ? strategyForm.tried(name, String(tried[name])) : strategyForm.value(name, of.parameters[name] || byDefault)));
  return <Words of={[chosen.description, ...(values.length > 0 ? [values.join(", ")] : [])]} />;
}
