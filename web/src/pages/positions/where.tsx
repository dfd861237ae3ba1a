import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { positions as texts } from "@/texts/positions";
import { ModeBadge } from "@/ui/badge";

type Position = Pick<Schemas["Position"], "account_id" | "exchange" | "mode" | "side" | "symbol">;

/** Labels of accounts by their ids. */
export function useAccountLabels(): ReadonlyMap<string, string> {
  const accounts = useRead("/api/v1/accounts", { params: { query: { limit: 200 } } });
  return new Map(accounts.data?.items.map((account) => [account.id, account.label]));
}

/** The account of a position, by its label. */
export function AccountLink({ of }: { of: Pick<Position, "account_id"> }) {
  const label = useAccountLabels().get(of.account_id);
  return (
    <Link to="/accounts/$id" params={{ id: of.account_id }}>
      {label ?? of.account_id}
    </Link>
  );
}

/** What a dialog is about: mode, market, exchange and account. */
export function Where({ of }: { of: Position }) {
  const label = useAccountLabels().get(of.account_id);
  return (
    <p className="font-medium">
      <ModeBadge mode={of.mode} /> {texts.where(of.symbol, texts.side[of.side], of.exchange, label ?? of.account_id)}
    </p>
  );
}
