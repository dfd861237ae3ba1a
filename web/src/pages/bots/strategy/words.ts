import { rulesForm } from "@/texts/bots";
import type { Comparison, Condition, Grammar, Operand, Rules } from "./rules";

const { say, names, operators } = rulesForm;
const lookUp = (of: Record<string, string>, name: string): string => of[name] ?? name;

/** A sentence for the entry and one for the exit, as the API words them. */
export function inWords(rules: Rules, grammar: Grammar): string[] {
  const told = (condition: Condition) => words(condition, grammar);
  return [say.enters(rules.side ?? "long", told(rules.entry)), rules.exit ? say.exits(told(rules.exit)) : say.never];
}

function words(condition: Condition, grammar: Grammar): string {
  if ("all" in condition) return joined(condition.all, say.and, grammar);
  if ("any" in condition) return joined(condition.any, say.or, grammar);
  if ("not" in condition) return say.not(words(condition.not, grammar));
  if ("within" in condition) return say.within(inner(condition.of, true, grammar), String(condition.within));
  return compared(condition, grammar);
}

const joined = (of: Condition[], between: string, grammar: Grammar): string => of.map((each) => inner(each, of.length > 1, grammar)).join(between);

/** What would be taken for a part of the conditions around it stands in brackets. */
function inner(condition: Condition, amongOthers: boolean, grammar: Grammar): string {
  const text = words(condition, grammar);
  return amongOthers && ("all" in condition || "any" in condition || "within" in condition) ? `(${text})` : text;
}

function compared({ left, op, right }: Comparison, grammar: Grammar): string {
  return `${operandInWords(left, grammar)} ${lookUp(operators, op)} ${operandInWords(right, grammar)}`;
}

/** `1.5 × SMA(20) of volume a bar ago`. */
function operandInWords(operand: Operand, grammar: Grammar): string {
  if (typeof operand === "number" || typeof operand === "string") return String(operand);
  const line = "price" in operand ? String(operand.price) : indicatorInWords(operand, grammar);
  const times = operand.times === undefined || Number(operand.times) === 1 ? line : say.times(String(operand.times), line);
  const ago = Number(operand.ago ?? 0);
  return ago === 0 ? times : ago === 1 ? say.barAgo(times) : say.barsAgo(times, String(ago));
}

function indicatorInWords(operand: Exclude<Operand, number | string>, grammar: Grammar): string {
  const name = "indicator" in operand ? String(operand.indicator) : "";
  const fields = grammar.indicators.find((each) => each.name === name)?.fields ?? [];
  const value = (field: string): string => {
    const written = (operand as Record<string, string | number | undefined>)[field];
    return written === undefined ? (fields.find((each) => each.name === field)?.byDefault ?? "") : String(written);
  };
  const numbers = fields.filter((field) => field.kind !== "choice").map((field) => value(field.name));
  const called = lookUp(names, name) + (numbers.length > 0 ? `(${numbers.join(", ")})` : "");
  const line = value("line");
  const whole = line && line !== name ? say.line(called, line) : called;
  const source = value("source");
  return source && source !== "close" ? say.source(whole, source) : whole;
}
