import { rulesForm } from "@/texts/bots";
import { type Field, fieldsOf, isObject, wrongOf } from "./schema";

export interface PriceOperand {
  price: string;
  ago?: number;
  times?: number;
}

export interface IndicatorOperand {
  indicator: string;
  [parameter: string]: number | string;
}

/** A number, the name of a price, or what has a value on each bar. */
export type Operand = number | string | PriceOperand | IndicatorOperand;

export interface Comparison {
  left: Operand;
  op: string;
  right: Operand;
}

export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | { within: number; of: Condition } | Comparison;

export interface Rules {
  side?: "long" | "short";
  entry: Condition;
  exit?: Condition;
}

export interface Indicator {
  name: string;
  hint: string;
  /** Its own parameters, and which of its lines; without `ago` and `times`. */
  fields: Field[];
}

/** What rules may look at, as the schema of `RULES` says. */
export interface Grammar {
  prices: string[];
  operators: string[];
  indicators: Indicator[];
  /** How far back, and by what it is multiplied. */
  shift: Field[];
}

const SHIFT = ["ago", "times"];
const OPERATORS = ["<", "<=", ">", ">=", "crosses_above", "crosses_below"];
export const WITHIN_MAX = 500;

/** Of the schema that `GET /strategies/list` has of `RULES`. */
export function grammarOf(schema: unknown): Grammar {
  const part = (name: string): Record<string, unknown>[] => {
    const of = isObject(schema) && isObject(schema.$defs) ? schema.$defs[name] : null;
    return isObject(of) && Array.isArray(of.oneOf) ? of.oneOf.filter(isObject) : [];
  };
  const operands = part("operand");
  const properties = (of: Record<string, unknown>): Record<string, unknown> => (isObject(of.properties) ? of.properties : {});
  const words = (of: unknown): string[] => (isObject(of) && Array.isArray(of.enum) ? of.enum.map(String) : []);
  const comparison = part("condition").find((of) => "op" in properties(of));
  const price = operands.find((of) => "price" in properties(of));
  const operators = comparison ? words(properties(comparison).op) : [];
  return {
    prices: price ? words(properties(price).price) : [],
    operators: operators.length > 0 ? operators : OPERATORS,
    indicators: operands.flatMap((of) => {
      const named = properties(of).indicator;
      if (!isObject(named) || typeof named.const !== "string") return [];
      const hint = typeof named.description === "string" ? named.description : "";
      return [{ name: named.const, hint, fields: fieldsOf(of).filter((field) => !SHIFT.includes(field.name)) }];
    }),
    shift: price ? fieldsOf(price).filter((field) => SHIFT.includes(field.name)) : [],
  };
}

export type KindOfCondition = keyof typeof rulesForm.kinds;

export function kindOf(condition: Condition): KindOfCondition {
  return "all" in condition ? "all" : "any" in condition ? "any" : "not" in condition ? "not" : "within" in condition ? "within" : "comparison";
}

/** Rules that enter at a crossing, to begin with. */
export const FIRST: Rules = {
  entry: { all: [{ left: { indicator: "rsi", period: 14 }, op: "crosses_above", right: 30 }] },
  exit: { any: [{ left: { indicator: "rsi", period: 14 }, op: "crosses_below", right: 70 }] },
};

export const write = (rules: Rules): string => JSON.stringify(rules, null, 2);

/** Rules as they were written by hand; or what is wrong, with its path. What numbers may be is left to the API. */
export function readRules(text: string, grammar: Grammar): { rules: Rules } | { wrong: string } {
  const { wrong } = rulesForm;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { wrong: wrong.json(error instanceof Error ? error.message : "") };
  }
  if (!isObject(value)) return { wrong: wrong.object("rules") };
  const unknown = Object.keys(value).find((name) => !["side", "entry", "exit"].includes(name));
  if (unknown) return { wrong: wrong.unknown(unknown) };
  if (value.side != null && value.side !== "long" && value.side !== "short") return { wrong: wrong.side };
  const problem = wrongCondition(value.entry, "entry", grammar) ?? (value.exit == null ? null : wrongCondition(value.exit, "exit", grammar));
  // Each part has been looked at.
  return problem ? { wrong: problem } : { rules: value as unknown as Rules };
}

function wrongCondition(value: unknown, path: string, grammar: Grammar): string | null {
  const { wrong } = rulesForm;
  if (!isObject(value)) return wrong.object(path);
  const names = Object.keys(value).sort().join();
  if (names === "all" || names === "any") {
    const list = value[names];
    if (!Array.isArray(list) || list.length === 0) return wrong.list(`${path}.${names}`);
    return first(list.map((each, place) => wrongCondition(each, `${path}.${names}[${place}]`, grammar)));
  }
  if (names === "not") return wrongCondition(value.not, `${path}.not`, grammar);
  if (names === "of,within") {
    const bars = value.within;
    if (typeof bars !== "number" || !Number.isInteger(bars) || bars < 1 || bars > WITHIN_MAX) return wrong.bars(`${path}.within`);
    return wrongCondition(value.of, `${path}.of`, grammar);
  }
  if (names !== "left,op,right") return wrong.condition(path);
  if (typeof value.op !== "string" || !grammar.operators.includes(value.op)) return wrong.operator(`${path}.op`, grammar.operators.join(", "));
  if (typeof value.left === "number" && typeof value.right === "number") return wrong.numbers(path);
  return wrongOperand(value.left, `${path}.left`, grammar) ?? wrongOperand(value.right, `${path}.right`, grammar);
}

function wrongOperand(value: unknown, path: string, grammar: Grammar): string | null {
  const { wrong } = rulesForm;
  if (typeof value === "number") return null;
  if (typeof value === "string") return grammar.prices.includes(value) ? null : wrong.operand(path);
  if (!isObject(value)) return wrong.operand(path);
  const [name, known] =
    "indicator" in value
      ? ["indicator", grammar.indicators.find((each) => each.name === value.indicator)?.fields.map((field) => field.name)]
      : ["price", typeof value.price === "string" && grammar.prices.includes(value.price) ? [] : undefined];
  if (!known) return wrong.operand(path);
  const unknown = Object.keys(value).find((member) => member !== name && !SHIFT.includes(member) && !known.includes(member));
  if (unknown) return wrong.unknown(`${path}.${unknown}`);
  const odd = Object.keys(value).find((member) => typeof value[member] !== "number" && typeof value[member] !== "string");
  return odd ? wrong.operand(`${path}.${odd}`) : null;
}

/** The first parameter that is outside of its bounds, with its path. */
export function wrongBounds(rules: Rules, grammar: Grammar): string | null {
  return first([outside(rules.entry, "entry", grammar), rules.exit ? outside(rules.exit, "exit", grammar) : null]);
}

function outside(of: Condition, path: string, grammar: Grammar): string | null {
  if ("all" in of) return first(of.all.map((each, place) => outside(each, `${path}.all[${place}]`, grammar)));
  if ("any" in of) return first(of.any.map((each, place) => outside(each, `${path}.any[${place}]`, grammar)));
  if ("not" in of) return outside(of.not, `${path}.not`, grammar);
  if ("within" in of) return outside(of.of, `${path}.of`, grammar);
  return first([outsideOperand(of.left, `${path}.left`, grammar), outsideOperand(of.right, `${path}.right`, grammar)]);
}

function outsideOperand(of: Operand, path: string, grammar: Grammar): string | null {
  if (typeof of !== "object") return null;
  const own = "indicator" in of ? (grammar.indicators.find((each) => each.name === of.indicator)?.fields ?? []) : [];
  return first(
    [...own, ...grammar.shift].map((field) => {
      const value = (of as Record<string, string | number | undefined>)[field.name];
      const why = value === undefined ? null : wrongOf(field, String(value));
      return why ? rulesForm.wrong.at(`${path}.${field.name}`, why) : null;
    }),
  );
}

const first = (all: (string | null)[]): string | null => all.find((each) => each != null) ?? null;
