import { marketName } from "@/lib/market";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { grouped } from "@/lib/decimal";
import { market as marketTexts } from "@/texts/market";
import { marks as whaleTexts } from "@/texts/whales";
import { Moment, ReadAt } from "@/ui/age";
import type { ChartCandle, Mark } from "@/ui/chart";
import { Dates } from "@/ui/dates";
import { Checkbox, Select } from "@/ui/form";
import { Section } from "@/ui/page";
import { Empty, Failure, Loading } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { Value } from "@/ui/value";
import { chosenIn, curvesOf, INDICATORS, type Indicator, inAddress, panesOf, valueless } from "./indicators";
import { lengthOf, type Series } from "./series";
import { labelOf, useWhaleMarks, WhaleTable } from "./whale-marks";
import { watchedIn } from "./whales";

/** Apart from the page: it is larger than all the rest. */
const Chart = lazy(() => import("@/ui/chart").then(({ Chart }) => ({ default: Chart })));

const told = marketTexts.chart;
const SHOWN_MAX = 1000;
const FROM_EXCHANGE = 300;
const HEIGHT = { candles: 380, pane: 110 };

interface Row extends ChartCandle {
  volume: string;
  closed: boolean;
}

/** The candles that are stored, with indicators; those of the exchange where none are stored, or on demand. */
export function Candles({ series }: { series: Series }) {
  const [search, filter] = useFilters();
  const { since, until } = search;
  const chosen = chosenIn(search.indicators);
  const onDemand = search.from === "exchange";
  const stored = useRead("/api/v1/market-data", { params: { query: { ...series, since, until, limit: since || until ? SHOWN_MAX : 500, indicators: chosen } } }, { poll: 30, enabled: !onDemand });
  const kept = typeof stored.data === "object" && "items" in stored.data ? stored.data : null;
  const isUnstored = kept?.items.length === 0 && !since && !until;
  const live = useRead("/api/v1/markets/{market}/candles", { params: { path: { market: marketName(series) }, query: { timeframe: series.timeframe, limit: FROM_EXCHANGE } } }, { poll: 15, enabled: onDemand || isUnstored });
  const fromExchange = onDemand || isUnstored;
  const shown = fromExchange ? live : stored;
  const rows = useMemo(() => (fromExchange ? (live.data?.items ?? []).map(ofExchange) : (kept?.items ?? []).map(ofStore)), [fromExchange, live.data, kept]);
  const currency = watchedIn(series.symbol);
  const marked = search.whales === "off" ? null : currency;
  const whales = useWhaleMarks(marked, rows, lengthOf(series.timeframe));
  return (
    <Section title={told.title}>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <Select label={told.from} value={onDemand ? "exchange" : ""} onChange={(value) => filter("from", value)} options={[{ value: "", text: told.sources.stored }, { value: "exchange", text: told.sources.exchange }]} />
        {onDemand ? null : <Dates since={told.since} until={told.until} search={search} onChange={filter} />}
      </div>
      {onDemand ? <p className="text-soft">{told.noIndicators}</p> : <Indicators chosen={chosen} onChange={(next) => filter("indicators", inAddress(next))} />}
      {currency ? <Checkbox label={whaleTexts.toggle(currency)} checked={marked !== null} onChange={(checked) => filter("whales", checked ? "" : "off")} /> : null}
      {isUnstored ? <p className="card border-note bg-note-fill p-3">{told.notStored}</p> : null}
      {kept && !kept.fetched ? <p className="card border-warn bg-warn-fill p-3">{told.notFetched}</p> : null}
      {shown.error && shown.data === undefined ? (
        <Failure error={shown.error} again={() => void shown.refetch()} />
      ) : shown.isPending ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Empty title={told.empty}>{told.emptyNext}</Empty>
      ) : (
        <Drawn series={series} rows={rows} candles={fromExchange ? [] : (kept?.items ?? [])} chosen={fromExchange ? [] : chosen} marks={whales.marks} marksText={labelOf(whales)} below={marked ? <WhaleTable of={whales} currency={marked} /> : null} />
      )}
      {!fromExchange && kept?.next_cursor && (since || until) ? <p className="text-warn">{told.part(rows.length)}</p> : null}
      <ReadAt at={shown.dataUpdatedAt} failed={shown.isError} source={fromExchange ? marketTexts.sourceExchange : marketTexts.source} />
    </Section>
  );
}

const ofStore = (candle: Schemas["MarketCandle"]): Row => ({ ...candle, at: Date.parse(candle.timestamp) });
const ofExchange = (candle: Schemas["Candle"]): Row => ({ ...candle, at: Date.parse(candle.opens_at) });

function Indicators({ chosen, onChange }: { chosen: Indicator[]; onChange: (chosen: Indicator[]) => void }) {
  return (
    <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
      <legend className="sr-only">{told.indicators}</legend>
      {INDICATORS.map((each) => (
        <Checkbox
          key={each}
          label={marketTexts.indicators[each]}
          checked={chosen.includes(each)}
          onChange={(checked) => onChange(INDICATORS.filter((other) => (other === each ? checked : chosen.includes(other))))}
        />
      ))}
    </fieldset>
  );
}

const columns = told.columns;
const COLUMNS: Column<Row>[] = [
  { id: "at", title: columns.at, value: (row) => new Date(row.at).toISOString(), cell: (row) => <Moment at={new Date(row.at).toISOString()} /> },
  { id: "open", title: columns.open, value: (row) => row.open, number: true, cell: (row) => <Value of={row.open} /> },
  { id: "high", title: columns.high, value: (row) => row.high, number: true, cell: (row) => <Value of={row.high} /> },
  { id: "low", title: columns.low, value: (row) => row.low, number: true, cell: (row) => <Value of={row.low} /> },
  { id: "close", title: columns.close, value: (row) => row.close, number: true, cell: (row) => <Value of={row.close} /> },
  { id: "volume", title: columns.volume, value: (row) => row.volume, number: true, cell: (row) => <Value of={row.volume} /> },
];

interface DrawnProps {
  series: Series;
  rows: Row[];
  candles: Schemas["MarketCandle"][];
  chosen: Indicator[];
  marks: Mark[];
  /** The marks in words. */
  marksText: string;
  /** What the marks mean. */
  below: ReactNode;
}

function Drawn({ series, rows, candles, chosen: wanted, marks, marksText, below }: DrawnProps) {
  const none = valueless(wanted, candles);
  const chosen = wanted.filter((each) => !none.includes(each));
  const inText = inAddress(chosen);
  const curves = useMemo(() => curvesOf(chosenIn(inText), candles), [inText, candles]);
  const last = rows.at(-1);
  const label = told.label(series.symbol, series.timeframe, series.exchange, grouped(last?.close ?? "")) + marksText;
  return (
    <>
      <div className="card p-2">
        <Suspense fallback={<Loading />}>
          <Chart label={label} candles={rows} every={lengthOf(series.timeframe)} marks={marks} curves={curves} height={HEIGHT.candles + HEIGHT.pane * panesOf(chosen)} />
        </Suspense>
      </div>
      {none.length > 0 ? <p className="text-soft text-xs">{told.tooShort(none.map((each) => marketTexts.indicators[each]).join(", "))}</p> : null}
      {last?.closed === false ? <p className="text-soft text-xs">{told.unfinished}</p> : null}
      {below}
      <details>
        <summary className="cursor-pointer">{told.table}</summary>
        <div className="mt-2 max-h-96 overflow-y-auto">
          <Table id="candles" caption={told.tableCaption(series.symbol, series.timeframe)} rows={rows} columns={COLUMNS} rowKey={(row) => String(row.at)} sort="-at" empty={<Empty title={told.empty} />} />
        </div>
      </details>
    </>
  );
}
