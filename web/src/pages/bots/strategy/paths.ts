import type { Rules } from "./rules";
import { isObject } from "./schema";

export interface Place {
  path: string;
  value: string | number;
}

/** Numbers and words of rules or a plan by their paths: `entry.all[0].left.period`. */
export function placesOf(value: unknown, path = ""): Place[] {
  if (typeof value === "number" || typeof value === "string") return [{ path, value }];
  if (typeof value === "boolean") return [{ path, value: String(value) }];
  if (Array.isArray(value)) return value.flatMap((each: unknown, index) => placesOf(each, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, each]) => placesOf(each, path ? `${path}.${name}` : name));
}

const steps = (path: string): (string | number)[] => [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => (index === undefined ? (name ?? "") : Number(index)));

/** What stands at a path; undefined where nothing does. */
export function at(value: unknown, path: string): unknown {
  return steps(path).reduce<unknown>((of, step) => (Array.isArray(of) && typeof step === "number" ? of[step] : isObject(of) && typeof step === "string" ? of[step] : undefined), value);
}

/** The same with another value at a path; with `undefined`, without it and without what is empty then. */
export function put(value: unknown, path: string, next: unknown): unknown {
  return place(value, steps(path), next);
}

function place(value: unknown, [step, ...rest]: (string | number)[], next: unknown): unknown {
  if (step === undefined) return next;
  if (typeof step === "number") {
    const list: unknown[] = Array.isArray(value) ? [...value] : [];
    list[step] = place(list[step], rest, next);
    const filled = list.filter((each) => each !== undefined);
    return filled.length > 0 ? filled : undefined;
  }
  const of = isObject(value) ? { ...value } : {};
  const placed = place(of[step], rest, next);
  if (placed === undefined) delete of[step];
  else of[step] = placed;
  return Object.keys(of).length > 0 ? of : undefined;
}

/** Rules with what a bot has in place of their numbers and words. */
export function replaced(rules: Rules, parameters: Record<string, string>): Rules {
  return Object.entries(parameters).reduce<Rules>((of, [path, text]) => {
    const before = at(of, path);
    const number = Number(text);
    const next = typeof before !== "string" && text.trim() !== "" && Number.isFinite(number) ? number : text;
    // A path of rules leads to rules again.
    return put(of, path, next) as Rules;
  }, rules);
}
