import type { Schemas } from "@/api/client";
import { alerts as alertsTexts } from "@/texts/alerts";
import { texts } from "@/texts/common";
import { AccountName, accountText } from "@/ui/account";

type Account = Pick<Schemas["Account"], "id" | "label" | "exchange" | "mode">;
interface Alert extends Pick<Schemas["ReceivedAlert"], "part_of" | "account"> {
  signal: Pick<Schemas["SignalRead"], "account" | "exchange"> | null;
  verdict: Pick<Schemas["Verdict"], "mode" | "routing"> | null;
}

/** Which account an alert is for: the one it names, else its token's, else the default one. Its label if the reader has no such account. */
export function accountOf({ part_of: part, account, signal, verdict }: Alert, accounts: Account[]): Account | string {
  if (part) return accounts.find(({ id }) => id === part.account_id) ?? part.account_id;
  if (verdict?.routing) return alertsTexts.route(verdict.routing.route.name);
  // Until an alert without a name has come to an account, it may be for a route.
  const label = signal?.account ?? account ?? (verdict?.mode ? alertsTexts.defaultAccount : null);
  if (!label || !signal) return label ?? texts.none;
  return accounts.find((each) => each.label === label && each.exchange === signal.exchange) ?? `${label} · ${signal.exchange}`;
}

export const textOf = (account: Account | string): string => (typeof account === "string" ? account : accountText(account));

export function For({ of }: { of: Account | string }) {
  return typeof of === "string" ? of : <AccountName of={of} link />;
}
