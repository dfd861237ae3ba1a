import type { Schemas } from "@/api/client";
import { RULES } from "../names";
import { FIRST, type Grammar, grammarOf, readRules, write, wrongBounds } from "./rules";
import { fieldsOf, wrongOfAll } from "./schema";

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

/** Strategies that bring a ladder, and they alone, say how much of the balance all orders ask for. */
export function bringsLadder(strategy: Strategy): boolean {
  return fieldsOf(strategy.parameters).some(({ name }) => name === "budget");
}
