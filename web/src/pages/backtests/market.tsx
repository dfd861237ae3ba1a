import { Link } from "@tanstack/react-router";
import { useList, useRead } from "@/api/hooks";
import { moment } from "@/lib/time";
import { backtestForm } from "@/texts/backtests";
import { useAccounts } from "@/ui/account";
import { Input, Select } from "@/ui/form";
import { Suggest } from "../bots/strategy/suggest";
import { isTimeframe, TIMEFRAMES } from "../bots/strategy/timeframes";
import { candlesIn } from "./draft";
import type { PartProps } from "./form";

/** Which candles are played, and how many there are. */
export function Market({ draft, set, wrong }: PartProps) {
  const series = useRead("/api/v1/market-data/symbols", { params: { query: { limit: 200 } } });
  const accounts = useAccounts().data?.items ?? [];
  const bots = useList("/api/v1/bots");
  const known = [...(series.data?.items ?? []), ...bots.rows];
  const exchanges = [...known.map(({ exchange }) => exchange), ...accounts.map(({ exchange }) => exchange)];
  const markets = known.filter(({ exchange }) => !draft.exchange || exchange === draft.exchange).map(({ symbol }) => symbol);
  const candles = candlesIn(draft, Date.now());
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-5">
        <Suggest label={backtestForm.exchange} hint={backtestForm.exchangeHint} error={wrong.exchange} value={draft.exchange} onChange={(value) => set("exchange", value)} options={exchanges} required />
        <Suggest label={backtestForm.symbol} hint={backtestForm.symbolHint} error={wrong.symbol} value={draft.symbol} onChange={(value) => set("symbol", value)} options={markets} required />
        <Select label={backtestForm.timeframe} value={draft.timeframe} onChange={(value) => set("timeframe", value)} options={TIMEFRAMES} />
        <Input label={backtestForm.since} type="datetime-local" error={wrong.since} value={draft.since} onChange={(value) => set("since", value)} required />
        <Input label={backtestForm.until} type="datetime-local" hint={backtestForm.untilHint} error={wrong.until} value={draft.until} onChange={(value) => set("until", value)} />
      </div>
      {candles === null ? null : <p className="text-soft">{backtestForm.expected(candles)}</p>}
      <Stored
        exchange={draft.exchange.trim()}
        symbol={draft.symbol.trim()}
        timeframe={draft.timeframe}
        onAll={(since) => {
          set("since", since);
          set("until", "");
        }}
      />
    </>
  );
}

/** Of a moment in UTC, what a field of date and time takes. */
const MINUTES = "2026-01-01T00:00".length;

/** From when to when candles of a series are stored. */
function Stored({ exchange, symbol, timeframe, onAll }: { exchange: string; symbol: string; timeframe: string; onAll: (since: string) => void }) {
  const complete = exchange !== "" && /^[^/]+\/[^/]+$/.test(symbol) && isTimeframe(timeframe);
  const stats = useRead("/api/v1/market-data/stats", { params: { query: { exchange, symbol, timeframe: isTimeframe(timeframe) ? timeframe : undefined, limit: 1 } } }, { enabled: complete });
  if (complete && stats.error?.status === 404) return <p className="text-warn">{stats.error.message || backtestForm.storedNone}</p>;
  if (!complete || !stats.data) return null;
  const { oldest, newest } = stats.data;
  return (
    <p aria-live="polite" className="flex flex-wrap items-center gap-2">
      {oldest && newest ? backtestForm.stored(moment(oldest), moment(newest)) : <span className="text-warn">{backtestForm.storedNone}</span>}
      {oldest ? (
        <button type="button" className="button min-h-8" onClick={() => onAll(oldest.slice(0, MINUTES))}>
          {backtestForm.storedAll}
        </button>
      ) : null}
      <Link to="/market">{backtestForm.storedNext}</Link>
    </p>
  );
}
