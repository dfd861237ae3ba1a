import type { Schemas } from "@/api/client";
import { grouped } from "@/lib/decimal";
import { keys as keysTexts } from "@/texts/keys";

export type ApiKey = Schemas["ApiKey"];

const MEANINGS: Readonly<Record<string, string>> = keysTexts.scopes;

/** A permission in words; one that a deployment has made itself by its name. */
export const meaning = (scope: string): string => MEANINGS[scope] ?? scope;

const KNOWN = Object.keys(MEANINGS);

/** The usual permissions first, those of the deployment's own last. */
export const ordered = (scopes: string[]): string[] => [...KNOWN.filter((scope) => scopes.includes(scope)), ...scopes.filter((scope) => !KNOWN.includes(scope)).sort()];

/** Scopes that the key was made for and that its owner does not have any more. */
export const lost = (key: ApiKey): string[] => key.scopes.filter((scope) => !key.effective_scopes.includes(scope));

/** The bounds of its orders, with the names of accounts instead of their ids. */
export function bounds(of: Schemas["ApiKeyOrders"], named: (id: string) => string): string {
  const accounts = of.accounts.map(named).join(", ");
  return keysTexts.orders(accounts, of.markets.join(", "), grouped(of.order_quote_max), grouped(of.day_quote_max));
}

const DAY = 86_400_000;

/** So many days from now, as the API takes it. */
export const inDays = (days: number, now: number): string => new Date(now + days * DAY).toISOString();
