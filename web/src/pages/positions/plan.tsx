import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ApiError, Schemas } from "@/api/client";
import { interval, key, type Read, read } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { compare, grouped } from "@/lib/decimal";
import { fitting, INKS, levels, type PlanLevel, span, TIMEFRAMES } from "@/lib/levels";
import { marketName } from "@/lib/market";
import { position as texts } from "@/texts/positions";
import { orders } from "@/texts/orders";
import { texts as common } from "@/texts/common";
import { ReadAt } from "@/ui/age";
import { Chart, type Mark } from "@/ui/chart";
import { Select } from "@/ui/form";
import { OrderState } from "@/ui/order";
import { Empty, Failure, Loading } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { Value } from "@/ui/value";

type Detail = Schemas["PositionDetail"];

const CANDLES = "/api/v1/markets/{market}/candles";

function levelName({ kind, number, pyramid, leg }: PlanLevel): string {
  const told = texts.level;
  const named = { average: told.average, stop: told.stop, arms: told.arms, price: told.price, takeProfit: told.takeProfit(number, leg), leg: told.leg(number), planned: told.planned(number) }[kind];
  return pyramid > 0 ? `${named} (${told.pyramid(pyramid)})` : named;
}

/** On the chart, where a long name would cover the candles. */
function shortName({ kind, number, leg }: PlanLevel): string {
  const told = texts.short;
  return { average: told.average, stop: told.stop, arms: told.arms, price: "", takeProfit: told.takeProfit(leg === null ? `${number}` : told.leg(leg)), leg: told.leg(number), planned: told.leg(number) }[kind];
}

const isDashed = ({ kind, ended }: PlanLevel): boolean => ended || kind === "planned" || kind === "price";

/** The plan's prices on the candles, with each fill where it happened; the same as a list beside it. */
export function Plan({ of }: { of: Detail }) {
  const [search, filter] = useFilters();
  const { opened_at: from, closed_at: to } = of;
  const fits = useMemo(() => fitting(from, to, Date.now()), [from, to]);
  const timeframe = TIMEFRAMES.find((each) => each === search.timeframe) ?? fits;
  const market = marketName(of);
  // Until when is decided as it is asked: the key has only what stays.
  const candles = useQuery<Read<typeof CANDLES>, ApiError>({
    queryKey: key(CANDLES, [market, timeframe, from, to]),
    queryFn: ({ signal }) => read(CANDLES, { params: { path: { market }, query: span(from, to, Date.now(), timeframe) } }, signal),
    refetchInterval: to ? false : () => interval(timeframe === "1m" ? 15 : 60),
    refetchIntervalInBackground: true,
  });
  const shown = levels(of).sort((one, other) => compare(other.price, one.price));
  const bars = useMemo(() => candles.data?.items.map(({ opens_at, ...candle }) => ({ at: Date.parse(opens_at), ...candle })) ?? [], [candles.data]);
  const fills = of.fills.map((fill): Mark => ({ at: Date.parse(fill.at), text: `${orders.side[fill.side]} ${grouped(fill.quantity)}`, ink: fill.side === "buy" ? "good" : "bad", above: fill.side === "sell" }));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 xl:grid-cols-[minmax(0,1fr)_26rem]">
      <div className="card">
        <div className="mb-2 flex flex-wrap items-end justify-between gap-2">
          <ReadAt at={candles.dataUpdatedAt} failed={candles.isError} source={texts.candlesOf(of.exchange)} />
          <div className="w-28">
            <Select label={texts.timeframe} value={timeframe} onChange={(value) => filter("timeframe", value)} options={TIMEFRAMES} />
          </div>
        </div>
        {candles.error && !candles.data ? (
          <Failure error={candles.error} again={() => void candles.refetch()} />
        ) : candles.isPending ? (
          <Loading />
        ) : bars.length === 0 ? (
          <p className="text-soft">{texts.noCandles}</p>
        ) : (
          <Chart
            label={texts.chart(of.symbol, shown.map((level) => `${levelName(level)} ${level.price}`).join(", "))}
            candles={bars}
            levels={shown.map((level) => ({ price: level.price, title: shortName(level), ink: INKS[level.kind], dashed: isDashed(level) }))}
            marks={fills}
          />
        )}
      </div>
      <Table id="levels" caption={texts.levels} rows={shown} columns={COLUMNS} rowKey={(level) => `${level.kind} ${level.number} ${level.pyramid} ${level.leg} ${level.price}`} sort="-price" empty={<Empty title={texts.noLevels} />} />
    </div>
  );
}

const COLUMNS: Column<PlanLevel>[] = [
  { id: "level", title: texts.levels, value: levelName },
  { id: "price", title: texts.price, value: (level) => level.price, number: true, cell: (level) => <Value of={level.price} /> },
  { id: "state", title: texts.state, value: (level) => level.state, cell: (level) => (level.state ? <OrderState state={level.state} /> : level.ended ? texts.notReached : common.none) },
];
