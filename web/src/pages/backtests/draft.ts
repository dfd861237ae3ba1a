import type { Schemas } from "@/api/client";
import { grouped } from "@/lib/decimal";
import { backtestForm } from "@/texts/backtests";
import { RULES } from "../bots/names";
import { NO_STRATEGY, type StrategyDraft, strategyBody, strategyIsWrong } from "../bots/strategy/chosen";
import { at, put } from "../bots/strategy/paths";
import { planIsWrong, readPlan } from "../bots/strategy/plan";
import { type Field, fieldsOf, isObject, wrongOf, wrongOfAll } from "../bots/strategy/schema";
import { lengthOf } from "../bots/strategy/timeframes";

export type Way = keyof typeof backtestForm.ways;
type HoldOut = keyof typeof backtestForm.holdOuts;
type Score = Schemas["SweepScore"];
type Search = Schemas["SweepSearch"];
type Option = keyof typeof backtestForm.options;

/** A parameter of which several values are tried. */
export interface Tried {
  name: string;
  values: string;
}

/** What stands in the form of a backtest. */
export interface BacktestDraft extends StrategyDraft {
  exchange: string;
  symbol: string;
  timeframe: string;
  /** As `2026-01-01T00:00`, in UTC. */
  since: string;
  until: string;
  way: Way;
  plan: string;
  ladder: string;
  options: Record<string, string>;
  sweep: boolean;
  tried: Tried[];
  search: Search;
  by: Score;
  holdOut: HoldOut;
  walk: string;
}

const LADDER = {
  market: { price_tick: "0.01", quantity_step: "0.00001", quantity_min: "0.00001", notional_min: "5" },
  fee_rate: "0.001",
  side: "long",
  entry_price: "1",
  base_order: { quote: "500" },
  safety_orders: { count: 4, quote: "500", deviation_percent: "2" },
  take_profit: { basis: "average", steps: [{ profit_percent: "1.5", amount_percent: "100" }] },
  stop_loss_percent: "20",
};

export const NEW_BACKTEST: BacktestDraft = {
  ...NO_STRATEGY,
  exchange: "",
  symbol: "",
  timeframe: "1h",
  since: "",
  until: "",
  way: "cash",
  plan: "",
  ladder: JSON.stringify(LADDER, null, 2),
  options: {},
  sweep: false,
  tried: [{ name: "", values: "" }],
  search: "grid",
  by: "sharpe",
  holdOut: "none",
  walk: "",
};

const option = (name: Option, kind: "whole" | "number", least: string | null, most: string | null): Field => {
  const [title, hint] = backtestForm.options[name];
  return { name, title, hint, kind, least, most, choices: [], byDefault: "" };
};
export const COSTS = [option("cash", "number", "0", null), option("fee_rate", "number", "0", "1"), option("slippage_bps", "number", "0", "10000"), option("latency", "whole", "0", null)];
const FUNDING = option("funding_rate", "number", "-1", "1");
/** Of contracts; a plan says its leverage itself. */
export const CONTRACTS: Record<Way, Field[]> = { cash: [], plan: [FUNDING], ladder: [option("leverage", "whole", "1", "125"), FUNDING] };
export const BOT = [
  option("confidence_min", "number", "0", "1"),
  option("limits.order_quote_max", "number", "0", null),
  option("limits.exposure_max", "number", "0", null),
  option("limits.day_loss_max", "number", "0", null),
  option("limits.open_groups_max", "whole", "1", null),
  option("limits.leverage_max", "whole", "1", null),
];
export const LUCK = [option("draws", "whole", "0", "100000"), option("seed", "whole", "0", null), option("goals.monthly_percent", "number", "0", null), option("goals.monthly_income", "number", "0", null), option("goals.portfolio", "number", "0", null)];
export const TRIES = [option("tries", "whole", "1", "100000")];
export const SPLIT = [option("split", "whole", "1", "99")];

const CANDLES_MAX = 129_600;
const RANGE = /^-?\d+(\.\d+)?:-?\d+(\.\d+)?:\d+(\.\d+)?$/;
const LIST = /^[^,:\s]+(,[^,:\s]+)*$/;

const utc = (local: string): string => new Date(`${local}Z`).toISOString();
const local = (utc: string): string => new Date(utc).toISOString().slice(0, 16);

/** How many candles lie between the times; null where that is not known. */
export function candlesIn({ since, until, timeframe }: Pick<BacktestDraft, "since" | "until" | "timeframe">, now: number): number | null {
  const length = lengthOf(timeframe);
  const [start, end] = [Date.parse(`${since}Z`), until ? Date.parse(`${until}Z`) : now];
  if (!length || Number.isNaN(start) || Number.isNaN(end)) return null;
  return Math.max(0, Math.floor(end / length) - Math.ceil(start / length));
}

/** How many values a text names: `5:20:5` are four, `a,b` two; null where it names none. */
export function valuesIn(text: string): number | null {
  const value = text.replaceAll(" ", "");
  if (RANGE.test(value)) {
    const [from = 0, to = 0, step = 0] = value.split(":").map(Number);
    // A half of the step lets 0.1 + 0.2 reach 0.3.
    return step > 0 && to >= from ? Math.floor((to - from) / step + 1e-9) + 1 : null;
  }
  return LIST.test(value) ? value.split(",").length : null;
}

/** What is wrong with values of a parameter: their form, or a bound that one is outside of. */
export function wrongValues(values: string, field: Field | undefined): string | null {
  if (valuesIn(values) === null) return backtestForm.valuesWrong;
  const [all = "", ...rest] = values.replaceAll(" ", "").split(",");
  const each = rest.length > 0 || !RANGE.test(all) ? [all, ...rest] : all.split(":").slice(0, 2);
  return field ? (each.map((value) => wrongOf(field, value)).find((wrong) => wrong !== null) ?? null) : null;
}

/** How many combinations a grid has; null while one is not filled in. */
export function combinations(tried: Tried[]): number | null {
  return tried.reduce<number | null>((all, { name, values }) => {
    const count = name ? valuesIn(values) : null;
    return all === null || count === null ? null : all * count;
  }, 1);
}

export type Wrong = Partial<Record<keyof BacktestDraft, string>>;

/** What is wrong or missing, by field; options are marked in their own. */
export function wrongIn(draft: BacktestDraft, strategies: Schemas["Strategy"][], now: number): Wrong {
  const wrong: Wrong = {};
  for (const name of ["exchange", "symbol", "timeframe", "since", "strategy"] as const) if (!draft[name].trim()) wrong[name] = backtestForm.required;
  const candles = candlesIn(draft, now);
  if (candles === 0) wrong.until = backtestForm.period;
  if (candles !== null && candles > CANDLES_MAX) wrong.since = backtestForm.tooLong(grouped(String(candles)));
  if (draft.strategy && strategyIsWrong(draft, strategies)) wrong.strategy = backtestForm.wrong;
  if (draft.way === "plan" && planIsWrong(draft.plan)) wrong.plan = backtestForm.wrong;
  if (draft.way === "ladder" && !ladderOf(draft.ladder)) wrong.ladder = backtestForm.ladderBroken;
  if (Object.keys(wrongOfAll([...COSTS, ...CONTRACTS[draft.way], ...BOT, ...LUCK, ...TRIES, ...SPLIT], draft.options)).length > 0) wrong.options = backtestForm.wrong;
  if (!draft.sweep) return wrong;
  if (draft.tried.every(({ name }) => !name)) wrong.tried = backtestForm.noTried;
  else if (draft.tried.some(({ name, values }) => name && wrongValues(values, triedField(draft, strategies, name)))) wrong.tried = backtestForm.wrong;
  if (draft.holdOut === "walk" && !/^\d+:\d+$/.test(draft.walk)) wrong.walk = backtestForm.walkWrong;
  if (draft.holdOut === "split" && !draft.options.split) wrong.holdOut = backtestForm.splitWrong;
  return wrong;
}

/** The parameter of a strategy; a path of rules has none. */
function triedField({ strategy }: StrategyDraft, strategies: Schemas["Strategy"][], name: string): Field | undefined {
  return fieldsOf(strategies.find((each) => each.name === strategy)?.parameters).find((field) => field.name === name);
}

function ladderOf(text: string): Schemas["LadderTerms"] | null {
  try {
    const ladder: unknown = JSON.parse(text);
    // Its members are the API's to judge: it names what is wrong.
    return isObject(ladder) ? (ladder as unknown as Schemas["LadderTerms"]) : null;
  } catch {
    return null;
  }
}

/** The body of `POST /backtests`. */
export function bodyOf(draft: BacktestDraft): Schemas["NewBacktest"] {
  const { parameters, ...strategy } = { parameters: {}, ...strategyBody(draft) };
  const tried = draft.sweep ? draft.tried.filter(({ name }) => name) : [];
  // What is tried has no value of its own.
  const own = Object.fromEntries(Object.entries<string>(parameters).filter(([name]) => !tried.some((each) => each.name === name)));
  const plan = draft.way === "plan" ? readPlan(draft.plan) : null;
  const ladder = draft.way === "ladder" ? ladderOf(draft.ladder) : null;
  return {
    exchange: draft.exchange.trim(),
    symbol: draft.symbol.trim(),
    timeframe: draft.timeframe,
    since: utc(draft.since),
    ...(draft.until ? { until: utc(draft.until) } : {}),
    ...strategy,
    ...(Object.keys(own).length > 0 ? { parameters: own } : {}),
    ...(plan && "plan" in plan ? { plan: plan.plan } : {}),
    ...(ladder ? { ladder } : {}),
    ...optionsOf(draft),
    ...(draft.sweep ? { sweep: sweepOf(draft, tried) } : {}),
  };
}

/** Options that are filled in; `limits.day_loss_max` stands in `limits`. */
function optionsOf({ options, sweep, way }: BacktestDraft): Partial<Schemas["NewBacktest"]> {
  const sent = [...COSTS, ...CONTRACTS[way], ...BOT, ...(sweep ? LUCK.filter(({ name }) => name === "seed") : LUCK)].filter(({ name }) => options[name]);
  return sent.reduce<Partial<Schemas["NewBacktest"]>>((body, { name }) => put(body, name, options[name]) as Partial<Schemas["NewBacktest"]>, {});
}

function sweepOf({ search, by, holdOut, walk, options }: BacktestDraft, tried: Tried[]): Schemas["NewSweep"] {
  return {
    tried: Object.fromEntries(tried.map(({ name, values }) => [name, values.replaceAll(" ", "")])),
    search,
    by,
    ...(search !== "grid" && options.tries ? { tries: options.tries } : {}),
    ...(holdOut === "walk" ? { walk } : {}),
    ...(holdOut === "split" && options.split ? { split: options.split } : {}),
  };
}

/** The draft of which the same request comes again. */
export function draftOfAsked(asked: Schemas["NewBacktest"]): BacktestDraft {
  const { strategy, rules, parameters, plan, ladder, sweep } = asked;
  const names = [...COSTS, ...CONTRACTS.ladder, ...BOT, ...LUCK].map(({ name }) => [name, at(asked, name)] as const);
  const ofSweep = [...TRIES, ...SPLIT].map(({ name }) => [name, at(sweep, name)] as const);
  return {
    ...NEW_BACKTEST,
    strategy: rules ? RULES : (strategy ?? "").toUpperCase(),
    parameters: Object.fromEntries(Object.entries(parameters ?? {}).map(([name, value]) => [name, String(value)])),
    rules: rules ? JSON.stringify(rules, null, 2) : NEW_BACKTEST.rules,
    exchange: asked.exchange,
    symbol: asked.symbol,
    timeframe: asked.timeframe,
    since: local(asked.since),
    until: asked.until ? local(asked.until) : "",
    way: ladder ? "ladder" : plan ? "plan" : "cash",
    plan: plan ? JSON.stringify(plan, null, 2) : "",
    ladder: ladder ? JSON.stringify(ladder, null, 2) : NEW_BACKTEST.ladder,
    options: Object.fromEntries([...names, ...ofSweep].flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]]))),
    sweep: Boolean(sweep),
    tried: sweep ? Object.entries(sweep.tried).map(([name, values]) => ({ name, values: String(values) })) : NEW_BACKTEST.tried,
    search: sweep?.search ?? NEW_BACKTEST.search,
    by: sweep?.by ?? NEW_BACKTEST.by,
    holdOut: sweep?.walk ? "walk" : sweep?.split ? "split" : "none",
    walk: sweep?.walk ?? "",
  };
}

/** The draft of a bot's terms: the same strategy, market and plan. */
export function draftOfBot(bot: Schemas["Bot"], strategy: StrategyDraft, plan: string): BacktestDraft {
  return {
    ...NEW_BACKTEST,
    ...strategy,
    exchange: bot.exchange,
    symbol: bot.symbol,
    timeframe: bot.timeframe,
    way: "plan",
    plan,
    options: bot.confidence_min === "0" ? {} : { confidence_min: bot.confidence_min },
  };
}

/** Whether rules are played, whose numbers are tried by their paths. */
export const byRules = ({ strategy }: StrategyDraft): boolean => strategy === RULES;
