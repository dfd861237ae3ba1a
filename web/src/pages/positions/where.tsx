import type { Schemas } from "@/api/client";
import { positions as texts } from "@/texts/positions";
import { AccountName } from "@/ui/account";

type Position = Pick<Schemas["Position"], "account_id" | "exchange" | "mode" | "side" | "symbol">;

/** What a dialog is about: market, side and account. */
export function Where({ of }: { of: Position }) {
  return (
    <p className="font-medium">
      {of.symbol} {texts.side[of.side]} · <AccountName of={{ id: of.account_id, exchange: of.exchange, mode: of.mode }} />
    </p>
  );
}
