import type { ApiError } from "@/api/client";
import { inOurWords } from "./words";

type Refused = Pick<ApiError, "message"> & { problem: { fields?: string[] } | null };

/**
 * What a refusal says, at the fields of a form that it names: `exits.stop_loss_percent` is the field of that path, or else of its last
 * part. Null where it names another one, too, or none: then it has to be said beside the form.
 */
export function atFields<Name extends string>(error: Refused | null | undefined, names: Readonly<Record<string, Name>>): Partial<Record<Name, string>> | null {
  const fields = error?.problem?.fields ?? [];
  const found = fields.map((field) => names[field] ?? names[field.split(".").at(-1) ?? ""]);
  if (!error || found.length === 0 || found.some((name) => name === undefined)) return null;
  return Object.fromEntries(found.map((name) => [name, inOurWords(error.message)])) as Partial<Record<Name, string>>;
}
