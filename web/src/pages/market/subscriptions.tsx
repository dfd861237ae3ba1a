import { Link } from "@tanstack/react-router";
import { api, type Schemas } from "@/api/client";
import type { Listed } from "@/api/hooks";
import { useMay } from "@/lib/session";
import { market as marketTexts } from "@/texts/market";
import { Age, Moment } from "@/ui/age";
import { Badge } from "@/ui/badge";
import { Effect } from "@/ui/effect";
import { List } from "@/ui/list";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { isTimeframe, named, type Series } from "./series";

type Subscribed = Schemas["ListedSeries"];

const told = marketTexts.subscriptions;
const columns = told.columns;
const COLUMNS: Column<Subscribed>[] = [
  { id: "symbol", title: columns.symbol, value: (series) => series.symbol, cell: ({ exchange, symbol, timeframe }) => <Link to="/market" search={{ exchange, symbol, timeframe }}>{symbol}</Link> },
  { id: "timeframe", title: columns.timeframe, value: (series) => series.timeframe },
  { id: "exchange", title: columns.exchange, value: (series) => series.exchange },
  { id: "since", title: columns.since, value: (series) => series.since, cell: (series) => <Age at={series.since} /> },
  { id: "until", title: columns.until, value: (series) => series.until, cell: (series) => <Moment at={series.until} /> },
];

/** The series that are fetched for the reader. */
export function Subscriptions({ of, series }: { of: Listed<Subscribed>; series: Series }) {
  const [mayTrade, mayResearch] = [useMay("trading:write"), useMay("research:write")];
  const may = mayTrade || mayResearch;
  const isListed = of.rows.some((each) => named(each) === named(series));
  return (
    <Section title={told.title} actions={!may ? null : isListed ? <Badge tone="good">{`${named(series)}: ${told.listed}`}</Badge> : <Subscribe series={series} />}>
      <p className="text-soft">{told.about}</p>
      <List
        of={of}
        id="subscriptions"
        caption={told.caption}
        columns={may ? [...COLUMNS, ACT] : COLUMNS}
        rowKey={named}
        sort="symbol"
        empty={<Empty title={told.none}>{told.noneNext}</Empty>}
      />
    </Section>
  );
}

const ACT: Column<Subscribed> = { id: "act", title: columns.act, value: () => null, cell: (series) => <Unsubscribe series={series} /> };

function Subscribe({ series }: { series: Series }) {
  return (
    <Effect
      verb={told.add(named(series))}
      title={told.addTitle}
      preview={
        <>
          <p>{told.addPreview(named(series))}</p>
          <p className="text-soft">{told.addCost}</p>
        </>
      }
      act={() => api.PUT("/api/v1/market-data/symbols", { params: { query: { ...series } } })}
    />
  );
}

function Unsubscribe({ series: { exchange, symbol, timeframe } }: { series: Subscribed }) {
  if (!isTimeframe(timeframe)) return null;
  return (
    <Effect
      verb={told.remove}
      title={told.removeTitle}
      danger
      preview={
        <>
          <p>{told.removePreview(named({ exchange, symbol, timeframe }))}</p>
          <p className="text-soft">{told.removeKeeps}</p>
        </>
      }
      act={() => api.DELETE("/api/v1/market-data/symbols", { params: { query: { exchange, symbol, timeframe } } })}
    />
  );
}
