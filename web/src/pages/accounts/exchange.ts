import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";

type Exchange = Schemas["Exchange"];

export type Kind = "paper" | "key" | "chain";

export function kindOf({ type, modes }: Pick<Exchange, "type" | "modes">): Kind {
  if (type === "WALLET") return "chain";
  return modes.includes("paper") ? "paper" : "key";
}

/** Whether keys of the exchange have a passphrase; `maybe` if that is not known. */
export function passphraseOf({ passphrase }: Pick<Exchange, "passphrase">): "yes" | "no" | "maybe" {
  return passphrase === null ? "maybe" : passphrase ? "yes" : "no";
}

/** Exchanges and chains that accounts can be at. */
export function useExchanges() {
  return useRead("/api/v1/exchanges", { params: { query: { limit: 200 } } });
}

/** The exchange of an account, which names it in capitals. */
export function useExchange(name: string): Exchange | undefined {
  return useExchanges().data?.items.find(({ provider }) => provider.toUpperCase() === name);
}
