import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { alerts as alertsTexts } from "@/texts/alerts";
import type { Intent } from "./intent";

/** Labels of accounts by their ids: parts of a route name accounts by id alone. */
export type Labels = ReadonlyMap<string, string>;

export function useAccountLabels(): Labels {
  const accounts = useRead("/api/v1/accounts", { params: { query: { limit: 200 } } });
  return new Map(accounts.data?.items.map((account) => [account.id, account.label]));
}

/** Which account an alert is for: the one it names, else its token's, else the default one. */
export function accountOf(alert: Schemas["ReceivedAlert"], asked: Intent | null, labels: Labels): string {
  if (alert.part_of) return labels.get(alert.part_of.account_id) ?? alert.part_of.account_id;
  if (asked?.route) return alertsTexts.route(asked.route);
  return asked?.account ?? alert.account ?? alertsTexts.defaultAccount;
}
