/** One field of a value, before and after a change. */
export interface Difference {
  /** Empty where the value names no field. */
  field: string;
  before: string | null;
  after: string | null;
}

type Fields = Map<string, string>;

const VERSION = /^version (\d+)(?:[:,]\s*|$)/;
const NAMED = /^([a-z][a-z_ ]*?) (true|false|none|-?\d+(?:\.\d+)?)$/;
const ACTIVE = /^(not )?active$/;
const COUNTED = /^(-?\d+(?:\.\d+)?) ([a-z_ ]+)$/;
const SCOPES = /^[a-z-]+:[a-z-]+( [a-z-]+:[a-z-]+)*$/;

/**
 * What a change did, field by field. Values of the audit log are JSON, or lists such as `version 2: trading:read` or
 * `trader, active`; fields that are not named are told apart by their place.
 */
export function differences(before: string | null, after: string | null): Difference[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const fields = [...new Set([...was.keys(), ...is.keys()])];
  return fields.map((field) => ({ field: field.replace(/^#\d+$/, ""), before: was.get(field) ?? null, after: is.get(field) ?? null }));
}

export const isChanged = ({ before, after }: Difference): boolean => before !== after;

function fieldsOf(text: string | null): Fields {
  const fields: Fields = new Map();
  if (text === null) return fields;
  const version = VERSION.exec(text);
  if (version?.[1]) fields.set("version", version[1]);
  const rest = version ? text.slice(version[0].length) : text;
  const members = objectOf(rest);
  if (members) {
    for (const [name, value] of Object.entries(members)) fields.set(name, typeof value === "string" ? value : JSON.stringify(value));
    return fields;
  }
  for (const [index, part] of rest.split(", ").entries()) {
    const [named, counted] = [NAMED.exec(part), COUNTED.exec(part)];
    const active = ACTIVE.exec(part);
    if (active) fields.set("active", String(active[1] === undefined));
    else if (named?.[1] && named[2]) fields.set(named[1], named[2]);
    else if (counted?.[1] && counted[2]) fields.set(counted[2], counted[1]);
    else if (SCOPES.test(part)) for (const scope of part.split(" ")) fields.set(scope, scope);
    else if (part) fields.set(`#${index}`, part);
  }
  return fields;
}

function objectOf(text: string): Record<string, unknown> | null {
  if (!text.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : null;
  } catch {
    return null;
  }
}
