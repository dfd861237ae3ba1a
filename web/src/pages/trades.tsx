import { useRead } from "@/api/hooks";
import { type Search, useFilters } from "@/lib/address";
import { daysOf } from "@/lib/period";
import { useMay } from "@/lib/session";
import { lists } from "@/texts/lists";
import { closedTrades, trades as tradesTexts } from "@/texts/trades";
import { accountText, useAccounts } from "@/ui/account";
import { ReadAt } from "@/ui/age";
import { Periods } from "@/ui/periods";
import { BY_MODE, Filters, MODES } from "@/ui/filters";
import { Page } from "@/ui/page";
import { Shown } from "@/ui/states";
import { Views } from "@/ui/views";
import { Closed } from "./trades/closed/list";
import { NewTrade } from "./trades/closed/new";
import { Days } from "./trades/days";
import { StillHeld } from "./trades/held";
import { History, type TradeQuery } from "./trades/history";
import { ByBot, Totals } from "./trades/totals";

const told = tradesTexts.filters;
const STATUSES = ["open", "closed"] as const;

const VIEWS = (["profit", "closed"] as const).map((value) => ({ value, text: closedTrades.views[value] }));
const ViewsOf = ({ chosen }: { chosen: string }) => <Views label={closedTrades.views.label} of={VIEWS} chosen={chosen} />;

/** What trading has brought, and closed trades with notes. With `?add=1` the form of a trade that was made elsewhere. */
export function Trades() {
  const [search] = useFilters();
  const mayChange = useMay("trading:write");
  if (search.add && mayChange) return <NewTrade />;
  if (search.view !== "closed") return <Profits />;
  return (
    <Page title={tradesTexts.title}>
      <ViewsOf chosen="closed" />
      <Closed mayChange={mayChange} />
    </Page>
  );
}

function Profits() {
  const [search, filter] = useFilters();
  const accounts = useAccounts().data?.items ?? [];
  const query = queryOf(search, Date.now());
  const { status: _, ...ofProfit } = query;
  const profit = useRead("/api/v1/dashboard/pnl", { params: { query: ofProfit } }, { poll: 15 });
  return (
    <Page title={tradesTexts.title} about={<ReadAt at={profit.dataUpdatedAt} failed={profit.isError} />}>
      <ViewsOf chosen="profit" />
      <div className="flex flex-wrap items-start gap-2">
        <Periods search={search} onChange={filter} />
        <Filters
          of={[
            BY_MODE,
            { name: "account", label: lists.account, options: accounts.map((account) => ({ value: account.id, text: accountText(account) })) },
            { name: "status", label: told.status, options: STATUSES.map((value) => ({ value, text: told.statuses[value] })) },
            { name: "symbol", label: lists.symbol },
          ]}
          search={search}
          onChange={filter}
        />
      </div>
      <Shown of={profit}>
        {(data) => (
          <>
            <Totals of={data} />
            <Days of={data} />
            <ByBot of={data.bots} />
            <StillHeld of={data.still_held ?? []} />
          </>
        )}
      </Shown>
      <History query={query} />
    </Page>
  );
}

/** As the address says, in the API's own words; what it does not know is left out. */
function queryOf(search: Search, now: number): TradeQuery {
  const { account, symbol } = search;
  return { ...daysOf(search, now), account, symbol, mode: MODES.find((each) => each === search.mode), status: STATUSES.find((each) => each === search.status) };
}
