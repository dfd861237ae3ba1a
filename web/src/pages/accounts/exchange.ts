import type { Schemas } from "@/api/client";
import type { Mode } from "@/ui/badge";

type Exchange = Pick<Schemas["Exchange"], "provider" | "type">;

export type Kind = "paper" | "key" | "chain";

export function kindOf({ provider, type }: Exchange): Kind {
  if (type === "WALLET") return "chain";
  return provider === "paper" || provider === "paperusdm" ? "paper" : "key";
}

const house = (provider: string): string => provider.replace(/usdm$/, "");

// From docs/venues.md: the API does not say which modes an exchange has, nor whether its keys have a passphrase.
const LIVE_ONLY = ["coinbase", "kraken", "okx", "kucoin", "bitget"];
const PASSPHRASE = ["okx", "kucoin", "bitget"];
const NO_PASSPHRASE = ["binance", "coinbase", "kraken", "bybit"];

/** Modes that an account at the exchange can have, the safest first. */
export function modesOf(exchange: Exchange): Mode[] {
  const kind = kindOf(exchange);
  if (kind === "paper") return ["paper"];
  if (kind === "chain" || LIVE_ONLY.includes(house(exchange.provider))) return ["live"];
  return ["testnet", "live"];
}

/** Whether keys of the exchange have a passphrase; `maybe` if that is not known. */
export function passphraseOf(provider: string): "yes" | "no" | "maybe" {
  const name = house(provider.toLowerCase());
  return PASSPHRASE.includes(name) ? "yes" : NO_PASSPHRASE.includes(name) ? "no" : "maybe";
}
