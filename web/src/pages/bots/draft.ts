import type { Schemas } from "@/api/client";
import { compare } from "@/lib/decimal";
import { botForm } from "@/texts/bots";
import { RULES } from "./names";
import { NO_STRATEGY, type StrategyDraft, strategyBody, strategyIsWrong } from "./strategy/chosen";
import { placesOf, replaced } from "./strategy/paths";
import { planIsWrong, readPlan, writePlan } from "./strategy/plan";
import { type Rules, write } from "./strategy/rules";

type Terms = Schemas["BotTerms"];

/** What stands in the form of a bot. */
export interface BotDraft extends StrategyDraft {
  name: string;
  account: string;
  symbol: string;
  timeframe: string;
  /** Empty: that of the user's settings. */
  preset: string;
  plan: string;
  confidence: string;
}

export const NEW_BOT: BotDraft = { ...NO_STRATEGY, name: "", account: "", symbol: "", timeframe: "1h", preset: "", plan: "", confidence: "" };

/** The strategy of a bot or run as a form has it: what replaces numbers of rules stands in them. */
export function strategyOf({ strategy, parameters, rules }: Pick<Terms, "strategy" | "parameters" | "rules">): StrategyDraft {
  if (strategy !== RULES || !rules) return { ...NO_STRATEGY, strategy, parameters };
  // The types of the API require what has a default.
  return { strategy: RULES, parameters: {}, rules: write(replaced(rules as unknown as Rules, parameters)) };
}

export function draftOf(bot: Schemas["Bot"]): BotDraft {
  return {
    ...strategyOf(bot),
    name: bot.name,
    account: bot.account_id,
    symbol: bot.symbol,
    timeframe: bot.timeframe,
    preset: bot.preset ?? "",
    plan: writePlan(bot.plan),
    confidence: bot.confidence_min === "0" ? "" : bot.confidence_min,
  };
}

/** What is wrong or missing, by field; `plan` is marked in its own fields. */
export function wrongIn(draft: BotDraft, strategies: Schemas["Strategy"][]): Partial<Record<keyof BotDraft, string>> {
  const wrong: Partial<Record<keyof BotDraft, string>> = {};
  for (const name of ["name", "account", "symbol", "timeframe", "strategy"] as const) if (!draft[name].trim()) wrong[name] = botForm.required;
  if (draft.name.trim() && !/^[a-z0-9_-]{1,40}$/.test(draft.name.trim())) wrong.name = botForm.nameWrong;
  if (draft.confidence && !/^(0(\.\d+)?|1(\.0+)?)$/.test(draft.confidence)) wrong.confidence = botForm.confidenceWrong;
  if (draft.strategy && strategyIsWrong(draft, strategies)) wrong.strategy = botForm.wrong;
  if (planIsWrong(draft.plan)) wrong.plan = botForm.wrong;
  return wrong;
}

/** The body of `POST /bots`. */
export function bodyOf(draft: BotDraft): Schemas["NewBot"] {
  const plan = readPlan(draft.plan);
  return {
    name: draft.name.trim(),
    account: draft.account,
    symbol: draft.symbol.trim(),
    timeframe: draft.timeframe,
    ...strategyBody(draft),
    ...(draft.preset ? { preset: draft.preset } : {}),
    ...("plan" in plan && Object.keys(plan.plan).length > 0 ? { plan: plan.plan } : {}),
    ...(draft.confidence ? { confidence_min: draft.confidence } : {}),
  };
}

/** The body of `PATCH /bots/{id}`, of what has changed alone; null where nothing has. */
export function changeOf(before: BotDraft, draft: BotDraft): Schemas["ChangeBot"] | null {
  const [was, is] = [bodyOf(before), bodyOf(draft)];
  const change: Schemas["ChangeBot"] = {};
  for (const name of ["name", "account", "symbol", "timeframe", "preset"] as const) if (is[name] && is[name] !== was[name]) change[name] = is[name];
  if (compare(draft.confidence || "0", before.confidence || "0") !== 0) change.confidence_min = draft.confidence || "0";
  if (!same(is.plan ?? {}, was.plan ?? {})) change.plan = is.plan ?? {};
  // What was put in the place of numbers of rules stands in the rules that are sent.
  if (is.rules && !same(is.rules, was.rules)) Object.assign(change, { rules: is.rules, parameters: {} });
  if (is.strategy && !(is.strategy === was.strategy && same(is.parameters, was.parameters))) Object.assign(change, { strategy: is.strategy, parameters: is.parameters });
  return Object.keys(change).length > 0 ? change : null;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(placesOf(one).sort(byPath)) === JSON.stringify(placesOf(other).sort(byPath));
const byPath = (one: { path: string }, other: { path: string }) => one.path.localeCompare(other.path);
