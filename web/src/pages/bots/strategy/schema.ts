import { compare, grouped } from "@/lib/decimal";
import { strategyForm } from "@/texts/bots";

/** One parameter, as its JSON Schema describes it. */
export interface Field {
  name: string;
  title: string;
  hint: string;
  kind: "whole" | "number" | "choice" | "text";
  least: string | null;
  most: string | null;
  choices: string[];
  /** What counts where nothing is filled in; empty where that is allowed. */
  byDefault: string;
}

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const bound = (value: unknown): string | null => (typeof value === "number" ? String(value) : null);

/** `step_scale` is `Step scale`. */
export function titled(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The parameters that a schema of one object names, in its order. */
export function fieldsOf(schema: unknown): Field[] {
  const properties = isObject(schema) && isObject(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, of]) => (isObject(of) && !("const" in of) ? [fieldOf(name, of)] : []));
}

function fieldOf(name: string, of: Record<string, unknown>): Field {
  const choices = Array.isArray(of.enum) ? of.enum.map(String) : of.type === "boolean" ? ["false", "true"] : [];
  const kind = choices.length > 0 ? "choice" : of.type === "integer" ? "whole" : of.type === "number" ? "number" : "text";
  const byDefault = typeof of.default === "string" || typeof of.default === "number" || typeof of.default === "boolean" ? String(of.default) : "";
  return { name, title: text(of.title) || titled(name), hint: text(of.description), kind, least: bound(of.minimum), most: bound(of.maximum), choices, byDefault };
}

/** `2 to 100,000`; empty where nothing bounds it. */
export function boundsOf({ least, most }: Field): string {
  if (least != null && most != null) return strategyForm.bounds(grouped(least), grouped(most));
  // That an amount is not below 0 goes without saying.
  return least != null && least !== "0" ? strategyForm.least(grouped(least)) : most != null ? strategyForm.most(grouped(most)) : "";
}

function range({ least, most }: Field): string {
  const { wrong } = strategyForm;
  if (least != null && most != null) return wrong.between(grouped(least), grouped(most));
  return least != null ? wrong.least(grouped(least)) : most != null ? wrong.most(grouped(most)) : "";
}

const NUMBER = { whole: /^-?\d+$/, number: /^-?\d+(\.\d+)?$/ };

/** What is wrong with a value, with the bounds; null where it can be used. Empty is its default. */
export function wrongOf(field: Field, value: string): string | null {
  if (value === "" || field.kind === "text") return null;
  if (field.kind === "choice") return field.choices.includes(value) ? null : strategyForm.wrong.choice(field.choices.join(", "));
  const fits = NUMBER[field.kind].test(value) && !(field.least != null && compare(value, field.least) < 0) && !(field.most != null && compare(value, field.most) > 0);
  return fits ? null : strategyForm.wrong[field.kind](range(field));
}

/** What is wrong with each value, by the name of its field. `description` says which must be below which, and no schema can. */
export function wrongOfAll(fields: Field[], values: Record<string, string>, description = ""): Record<string, string> {
  const wrong: Record<string, string> = {};
  for (const field of fields) {
    const why = wrongOf(field, values[field.name] ?? "");
    if (why) wrong[field.name] = why;
  }
  const value = (name: string) => values[name] || fields.find((field) => field.name === name)?.byDefault;
  for (const [, name = "", other = ""] of description.matchAll(/`(\w+)` must be below `(\w+)`/g)) {
    const [below, above] = [value(name), value(other)];
    if (below && above && !wrong[name] && !wrong[other] && compare(below, above) >= 0) wrong[name] = strategyForm.wrong.below(titled(name), titled(other));
  }
  return wrong;
}
