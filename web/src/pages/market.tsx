import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { market as marketTexts } from "@/texts/market";
import { useAccounts } from "@/ui/account";
import { Page } from "@/ui/page";
import { Failure, Loading } from "@/ui/states";
import { Backfills } from "./market/backfills";
import { Candles } from "./market/candles";
import { Choose } from "./market/choose";
import { Freshness } from "./market/freshness";
import { Gaps } from "./market/gaps";
import { isTimeframe, named, type Series } from "./market/series";
import { Subscriptions } from "./market/subscriptions";

/** One series of candles: its chart, how whole it is, and what is fetched for the reader. */
export function Market() {
  const [search, filter] = useFilters();
  const listed = useList("/api/v1/market-data/symbols", {}, { poll: 30 });
  const accounts = useAccounts();
  if (listed.error) {
    return (
      <Page title={marketTexts.title}>
        <Failure error={listed.error} again={listed.again} />
      </Page>
    );
  }
  if (listed.isPending || accounts.isPending) return <Loading />;
  const first = listed.rows[0] ?? { exchange: accounts.data?.items[0]?.exchange ?? "BINANCE", symbol: "BTC/USDT", timeframe: "1h" };
  const timeframe = search.timeframe ?? first.timeframe;
  const series: Series = { exchange: search.exchange ?? first.exchange, symbol: search.symbol ?? first.symbol, timeframe: isTimeframe(timeframe) ? timeframe : "1h" };
  return (
    <Page title={marketTexts.title}>
      <Choose series={series} listed={listed.rows} onChange={filter} />
      <Candles key={named(series)} series={series} />
      <Freshness series={series} />
      <Gaps series={series} />
      <Subscriptions of={listed} series={series} />
      <Backfills series={series} />
    </Page>
  );
}
