import { AccountName, useAccounts } from "@/ui/account";
import { type Bounds, reached } from "./words";

/** Names each account that a token trades on, with its mode. */
export function Reached({ by }: { by: Pick<Bounds, "account" | "exchange"> }) {
  return reached(by, useAccounts().data?.items ?? []).map((account) => (
    <p key={account.id}>
      <AccountName of={account} />
    </p>
  ));
}
