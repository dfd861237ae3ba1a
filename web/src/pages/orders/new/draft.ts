import type { Schemas } from "@/api/client";
import { compare, multiply } from "@/lib/decimal";
import { orderForm as texts } from "@/texts/order-form";
import { baseOf, quoteOf } from "@/ui/value";

/** An order as it is typed: texts, of which an empty one says nothing. */
export interface Draft {
  account: string;
  symbol: string;
  side: "buy" | "sell";
  type: "market" | "limit";
  limit: string;
  unit: "quote" | "base";
  amount: string;
  reduceOnly: boolean;
  preset: string;
  exits: "preset" | "own" | "none";
  stop: string;
  profit: string;
  time: string;
  leverage: string;
  /** For the preview alone. */
  price: string;
}

export type Name = keyof Draft;
export type NewOrder = Schemas["NewOrder"];
type Position = Pick<Schemas["PositionDetail"], "id" | "side">;

export const NEW_ORDER: Draft = { account: "", symbol: "", side: "buy", type: "market", limit: "", unit: "quote", amount: "", reduceOnly: false, preset: "", exits: "preset", stop: "", profit: "", time: "", leverage: "", price: "" };

/** Where the form has what a refusal names. */
export const FIELDS: Readonly<Record<string, Name>> = {
  account: "account",
  symbol: "symbol",
  side: "side",
  type: "type",
  limit_price: "limit",
  quote: "amount",
  quantity: "amount",
  reduce_only: "reduceOnly",
  preset: "preset",
  exits: "exits",
  stop_loss_percent: "stop",
  take_profit: "profit",
  profit_percent: "profit",
  time_limit_minutes: "time",
  leverage: "leverage",
  price: "price",
};

/** The side that makes a position larger. */
export const entering = ({ side }: Pick<Position, "side">): Draft["side"] => (side === "short" ? "sell" : "buy");

/** Whether the order makes a position smaller: it is sold at the market, and its size is in base units. */
export const reduces = ({ side, reduceOnly }: Draft, position: Position | null): boolean => (position ? side !== entering(position) : reduceOnly);

const or = (value: string): string | undefined => value.trim() || undefined;

function exitsOf({ exits, stop, profit, time }: Draft): Pick<NewOrder, "exits"> {
  if (exits === "none") return { exits: null };
  if (exits === "preset") return {};
  const own: Schemas["NewOrderExits"] = {};
  if (or(stop)) own.stop_loss_percent = stop.trim();
  if (or(profit)) own.take_profit = { steps: [{ profit_percent: profit.trim(), amount_percent: "100" }] };
  if (or(time)) own.time_limit_minutes = time.trim();
  return Object.keys(own).length > 0 ? { exits: own } : {};
}

/** The body of `POST /orders`: what its form shows, and no more. */
export function bodyOf(draft: Draft, position: Position | null): NewOrder {
  const { side, type, limit, unit, amount, preset, leverage } = draft;
  const shrinks = reduces(draft, position);
  const where = position ? { position_id: position.id } : { account: draft.account, symbol: draft.symbol.trim() };
  if (shrinks) return { ...where, side, quantity: amount.trim(), reduce_only: true };
  const terms = position ? {} : { ...(or(preset) ? { preset: preset.trim() } : {}), ...(or(leverage) ? { leverage: leverage.trim() } : {}), ...exitsOf(draft) };
  return { ...where, side, type, ...(unit === "base" ? { quantity: amount.trim() } : { quote: amount.trim() }), ...(type === "limit" ? { limit_price: limit.trim() } : {}), ...terms };
}

/** The same for `POST /orders/preview`, with a price to plan a market order by. */
export function previewOf(draft: Draft, position: Position | null): NewOrder {
  const isEntry = !reduces(draft, position) && draft.type === "market";
  return { ...bodyOf(draft, position), ...(isEntry && or(draft.price) ? { price: draft.price.trim() } : {}) };
}

const isAboveZero = (text: string): boolean => multiply(text.trim(), "1") !== null && compare(text.trim(), "0") > 0;

/** What is wrong or missing, by field; the rest is the API's to say. */
export function wrongIn(draft: Draft, position: Position | null): Partial<Record<Name, string>> {
  const wrong: Partial<Record<Name, string>> = {};
  const shrinks = reduces(draft, position);
  if (!position) for (const name of ["account", "symbol"] as const) if (!draft[name].trim()) wrong[name] = texts.required;
  const numbers: Name[] = ["amount"];
  if (!shrinks && draft.type === "limit") numbers.push("limit");
  for (const name of numbers) if (!isAboveZero(String(draft[name]))) wrong[name] = String(draft[name]).trim() ? texts.number : texts.required;
  if (shrinks) return wrong;
  if (draft.type === "market" && draft.price.trim() && !isAboveZero(draft.price)) wrong.price = texts.number;
  if (position) return wrong;
  if (draft.leverage.trim() && !/^[1-9]\d*$/.test(draft.leverage.trim())) wrong.leverage = texts.whole;
  if (draft.exits !== "own") return wrong;
  for (const name of ["stop", "profit"] as const) if (draft[name].trim() && !isAboveZero(draft[name])) wrong[name] = texts.number;
  if (draft.time.trim() && !/^[1-9]\d*$/.test(draft.time.trim())) wrong.time = texts.whole;
  return wrong;
}

/** The position that a refusal names as open there already. */
export const openOne = (code: string, detail: string): string | null => (code === "position_open" ? (/\bgrp_\w+/.exec(detail)?.[0] ?? null) : null);

/** Base and quote of a market as it is typed; empty where it is written without a slash. */
export const pairOf = (symbol: string): [base: string, quote: string] => (symbol.includes("/") ? [baseOf(symbol.trim()).toUpperCase(), quoteOf(symbol.trim()).toUpperCase()] : ["", ""]);
