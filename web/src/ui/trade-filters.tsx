import type { Search } from "@/lib/address";
import { lists } from "@/texts/lists";
import { closedTrades as texts } from "@/texts/trades";
import { accountText, useAccounts } from "./account";
import { BY_MODE, Filters, MODES } from "./filters";

const SOURCES = ["alert", "bot", "order", "manual"] as const;

/** Which closed trades are meant, in the API's own words; what it does not know is left out. */
export function tradesOf(search: Search) {
  const { account, symbol, tag } = search;
  return { account, symbol, tag, mode: MODES.find((each) => each === search.mode), source: SOURCES.find((each) => each === search.source) };
}

/** Filters of closed trades and of what is calculated from them. */
export function TradeFilters({ search, onChange }: { search: Search; onChange: (name: string, value: string) => void }) {
  const accounts = useAccounts().data?.items ?? [];
  return (
    <Filters
      of={[
        BY_MODE,
        { name: "account", label: lists.account, options: accounts.map((account) => ({ value: account.id, text: accountText(account) })) },
        { name: "source", label: texts.source, options: SOURCES.map((value) => ({ value, text: texts.sources[value] })) },
        { name: "symbol", label: lists.symbol },
        { name: "tag", label: texts.tag },
      ]}
      search={search}
      onChange={onChange}
    />
  );
}
