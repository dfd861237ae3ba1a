import type { Schemas } from "@/api/client";
import { grouped } from "@/lib/decimal";
import { tokens as tokensTexts } from "@/texts/tokens";

export type Token = Schemas["WebhookToken"];

/** What bounds the alerts of a token. */
export type Bounds = Pick<Token, "account" | "exchange" | "markets" | "presets" | "order_quote_max" | "only" | "from">;

const told = tokensTexts.may;

/** What the alerts of a token may do, in words. */
export function may(of: Bounds): string {
  const where = [of.account ? told.account(of.account) : told.anyAccount, of.exchange ? told.exchange(of.exchange) : ""].filter(Boolean).join(" ");
  return [
    of.only ? told[of.only] : told.both,
    where,
    of.markets ? told.markets(of.markets.join(", ")) : "",
    of.presets ? told.presets(of.presets.join(", ")) : "",
    of.order_quote_max ? told.max(grouped(of.order_quote_max)) : "",
    of.from ? told.tradingview : "",
  ]
    .filter(Boolean)
    .join("; ");
}

/** The accounts that alerts of a token with an account trade on: a label may stand for one at each exchange. */
export function reached<Account extends { label: string; exchange: string }>({ account, exchange }: Pick<Bounds, "account" | "exchange">, accounts: Account[]): Account[] {
  return accounts.filter((each) => each.label === account && (!exchange || each.exchange === exchange));
}

/** Texts apart by commas or lines; null if there is none. */
export function listed(text: string): string[] | null {
  const items = text.split(/[,\n]/).map((each) => each.trim()).filter(Boolean);
  return items.length > 0 ? [...new Set(items)] : null;
}

/** The moment that a field of the browser's own names, in UTC; null if it is empty. */
export function toUtc(local: string): string | null {
  const at = new Date(local);
  return local && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}

/** The same moment as the field writes it, in the zone of the reader. */
export function toLocal(utc: string | null): string {
  if (!utc) return "";
  const at = new Date(utc);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
