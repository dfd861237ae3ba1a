import type { Schemas } from "@/api/client";
import { alerts as alertsTexts } from "@/texts/alerts";
import { AccountName, accountText } from "@/ui/account";
import type { Intent } from "./intent";

type Account = Pick<Schemas["Account"], "id" | "label" | "exchange" | "mode">;

/** Which account an alert is for: the one it names, else its token's, else the default one. Its label where that is not one account. */
export function accountOf(alert: Pick<Schemas["ReceivedAlert"], "part_of" | "account">, asked: Intent | null, accounts: Account[]): Account | string {
  const { part_of: part } = alert;
  if (part) return accounts.find(({ id }) => id === part.account_id) ?? part.account_id;
  if (asked?.route) return alertsTexts.route(asked.route);
  const label = asked?.account ?? alert.account ?? alertsTexts.defaultAccount;
  const [, exchange, symbol = ""] = /^([^:]+):(.+)$/.exec(asked?.market ?? "") ?? [];
  const same = accounts.filter((each) => each.label === label && (!exchange || each.exchange.replace(/USDM$/, "") === exchange.replace(/USDM$/, "")));
  const isPerpetual = symbol.endsWith(".P") || exchange?.endsWith("USDM");
  const [one, ...others] = same.length > 1 && exchange ? same.filter((each) => each.exchange.endsWith("USDM") === Boolean(isPerpetual)) : same;
  return one && others.length === 0 ? one : [label, exchange].filter(Boolean).join(" · ");
}

export const textOf = (account: Account | string): string => (typeof account === "string" ? account : accountText(account));

export function For({ of }: { of: Account | string }) {
  return typeof of === "string" ? of : <AccountName of={of} link />;
}
