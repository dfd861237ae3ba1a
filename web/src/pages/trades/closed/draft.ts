import type { Schemas } from "@/api/client";
import { compare, multiply, subtract } from "@/lib/decimal";
import { closedTrades, tradeForm as texts } from "@/texts/trades";
import type { Mode } from "@/ui/badge";

/** A trade made elsewhere, as it is typed. */
export interface Draft {
  exchange: string;
  symbol: string;
  mode: Mode;
  side: Schemas["PositionSide"];
  quantity: string;
  entry: string;
  exit: string;
  fees: string;
  /** In UTC, without a zone, as the browser's field has it. */
  opened: string;
  closed: string;
  notes: string;
  tags: string;
}

export type Name = keyof Draft;

/** Where the form has what a refusal names. */
export const FIELDS: Readonly<Record<string, Name>> = {
  exchange: "exchange",
  symbol: "symbol",
  mode: "mode",
  side: "side",
  quantity: "quantity",
  entry_price: "entry",
  exit_price: "exit",
  fees: "fees",
  opened_at: "opened",
  closed_at: "closed",
  notes: "notes",
  tags: "tags",
};

export const NEW_TRADE: Draft = { exchange: "", symbol: "", mode: "live", side: "long", quantity: "", entry: "", exit: "", fees: "", opened: "", closed: "", notes: "", tags: "" };

const TAGS_MAX = 10;
const TAG = /^[a-z0-9_-]{1,32}$/;
const PAIR = /^[^/\s]+\/[^/\s]+$/;
const NUMBER = /^\d+(\.\d+)?$/;

/** Tags that were typed, apart by commas or spaces, each once. */
export const tagsIn = (text: string): string[] => [...new Set(text.toLowerCase().split(/[\s,]+/).filter(Boolean))];

/** What is wrong with tags; null if nothing is. */
export function wrongTags(text: string): string | null {
  const tags = tagsIn(text);
  return tags.length > TAGS_MAX || tags.some((tag) => !TAG.test(tag)) ? closedTrades.tagsWrong : null;
}

const moment = (typed: string): number => Date.parse(`${typed}Z`);

/** The body of a request that says what was typed. */
export function bodyOf(draft: Draft): Schemas["NewUserTrade"] {
  const [fees, notes, tags] = [draft.fees.trim(), draft.notes.trim(), tagsIn(draft.tags)];
  return {
    exchange: draft.exchange.trim().toUpperCase(),
    symbol: draft.symbol.trim().toUpperCase(),
    mode: draft.mode,
    side: draft.side,
    quantity: draft.quantity.trim(),
    entry_price: draft.entry.trim(),
    exit_price: draft.exit.trim(),
    opened_at: new Date(moment(draft.opened)).toISOString(),
    closed_at: new Date(moment(draft.closed)).toISOString(),
    ...(fees ? { fees } : {}),
    ...(notes ? { notes } : {}),
    ...(tags.length > 0 ? { tags } : {}),
  };
}

/** What is wrong or missing, by field; bounds are the API's. */
export function wrongIn(draft: Draft, now: number): Partial<Record<Name, string>> {
  const wrong: Partial<Record<Name, string>> = {};
  for (const name of ["exchange", "symbol", "quantity", "entry", "exit", "opened", "closed"] as const) if (!draft[name].trim()) wrong[name] = texts.required;
  if (!wrong.symbol && !PAIR.test(draft.symbol.trim())) wrong.symbol = texts.notMarket;
  for (const name of ["quantity", "entry", "exit", "fees"] as const) if (draft[name].trim() && !NUMBER.test(draft[name].trim())) wrong[name] = texts.notNumber;
  if (!wrong.quantity && compare(draft.quantity.trim(), "0") <= 0) wrong.quantity = texts.notPositive;
  if (!wrong.closed && !wrong.opened && moment(draft.closed) < moment(draft.opened)) wrong.closed = texts.notBefore;
  if (!wrong.closed && moment(draft.closed) > now) wrong.closed = texts.notFuture;
  const tags = wrongTags(draft.tags);
  if (tags) wrong.tags = tags;
  return wrong;
}

/** Profit after fees, exact; null while a number of it is missing. */
export function profitOf({ side, quantity, entry_price: entry, exit_price: exit, fees }: Pick<Schemas["NewUserTrade"], "side" | "quantity" | "entry_price" | "exit_price" | "fees">): string | null {
  const gained = side === "long" ? subtract(exit, entry) : subtract(entry, exit);
  const before = gained === null ? null : multiply(gained, quantity);
  return before === null ? null : subtract(before, fees ?? "0");
}
