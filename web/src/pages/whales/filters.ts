import type { Schemas } from "@/api/client";
import type { Search } from "@/lib/address";
import { daysOf, type Period } from "@/lib/period";

export const BLOCKCHAINS = ["bitcoin", "ethereum", "binance_smart_chain"] as const satisfies readonly Schemas["BlockchainName"][];
export const TYPES = ["exchange_inflow", "exchange_outflow", "whale_transfer", "unknown", "mint", "burn", "internal"] as const satisfies readonly Schemas["TransactionType"][];
export const STATUS = ["provisional", "final", "orphaned"] as const satisfies readonly Schemas["WhaleStatus"][];
export const SCORES = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"] as const;

/** Alerts are stored for 90 days. */
export const PERIODS: readonly Period[] = ["7", "30", "90", "own"];
/** What the API lists without a time. */
export const USUAL: Period = "7";

const CURRENCY = /^[A-Z0-9]{1,16}$/;
const AMOUNT = /^\d{1,15}(\.\d{1,8})?$/;

/** In upper case; undefined for what is none. */
export function currencyIn(text: string | undefined): string | undefined {
  const upper = text?.trim().toUpperCase() ?? "";
  return CURRENCY.test(upper) ? upper : undefined;
}

/** `10,000,000` is `10000000`; undefined for what is no amount. */
export function amountIn(text: string | undefined): string | undefined {
  const digits = text?.replace(/[\s,]/g, "") ?? "";
  return AMOUNT.test(digits) ? digits : undefined;
}

export type WhaleQuery = Record<"currency" | "blockchain" | "transaction_type" | "status" | "min_amount_usd" | "min_significance" | "since" | "until", string | undefined>;

const among = (all: readonly string[], text: string | undefined): string | undefined => all.find((each) => each === text);

/** What the address asks the API for. What the API would refuse is left out. */
export function queryOf(search: Search, now: number): WhaleQuery {
  const { since, until } = search.period && search.period !== USUAL ? daysOf(search, now, USUAL) : {};
  return {
    currency: currencyIn(search.currency),
    blockchain: among(BLOCKCHAINS, search.blockchain),
    transaction_type: among(TYPES, search.type),
    status: among(STATUS, search.status),
    min_amount_usd: amountIn(search.amount),
    min_significance: among(SCORES, search.score),
    since,
    until,
  };
}
