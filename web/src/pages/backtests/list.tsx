import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { moment } from "@/lib/time";
import { texts } from "@/texts/common";
import { backtests as backtestsTexts } from "@/texts/backtests";
import { Age, ReadAt } from "@/ui/age";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Profit, quoteOf, Value } from "@/ui/value";
import { Compare } from "./compare";
import { fixed, isGoing, percentOf } from "./figures";
import { Not, Period, Progress, State } from "./state";

type Backtest = Schemas["Backtest"];

const told = backtestsTexts.columns;
const figure = (value: number | null | undefined): string | null => (value == null ? null : fixed(value));
const COLUMNS: Column<Backtest>[] = [
  { id: "market", title: told.market, value: ({ symbol }) => symbol, cell: ({ id, symbol }) => <Link to="/backtests/$id" params={{ id }}>{symbol}</Link> },
  { id: "timeframe", title: told.timeframe, value: ({ timeframe }) => timeframe },
  { id: "kind", title: told.kind, value: kindOf },
  { id: "state", title: told.state, value: ({ state }) => backtestsTexts.state[state], cell: (each) => <span className="flex flex-col items-start gap-1" title={each.why}><State of={each.state} />{isGoing(each) ? <Progress of={each} /> : null}</span> },
  { id: "progress", title: told.progress, value: ({ progress }) => percentOf(progress), hidden: true },
  { id: "return", title: told.return, number: true, value: ({ figures }) => figure(figures?.stats?.return_percent), cell: ({ figures }) => <Profit of={figure(figures?.stats?.return_percent)} unit="%" /> },
  { id: "drawdown", title: told.drawdown, number: true, value: ({ figures }) => figure(figures?.stats?.max_drawdown_percent), cell: ({ figures }) => <Value of={figure(figures?.stats?.max_drawdown_percent)} unit="%" /> },
  { id: "sharpe", title: told.sharpe, number: true, value: ({ figures }) => figure(figures?.stats?.sharpe) },
  { id: "trades", title: told.trades, number: true, value: ({ figures }) => figures?.stats?.trades },
  { id: "won", title: told.won, number: true, hidden: true, value: ({ figures }) => figure(figures?.stats?.win_rate_percent), cell: ({ figures }) => <Value of={figure(figures?.stats?.win_rate_percent)} unit="%" /> },
  { id: "equity", title: told.equity, number: true, hidden: true, value: ({ figures }) => figure(figures?.stats?.final_equity), cell: ({ figures, symbol }) => <Value of={figure(figures?.stats?.final_equity)} unit={quoteOf(symbol)} /> },
  { id: "since", title: told.period, value: ({ since }) => since, cell: ({ since, until }) => <Period since={since} until={until} /> },
  { id: "exchange", title: told.exchange, value: ({ exchange }) => exchange, hidden: true },
  { id: "created", title: told.created, value: ({ created_at: at }) => at, cell: ({ created_at: at }) => <Age at={at} /> },
  { id: "id", title: told.id, value: ({ id }) => id, cell: ({ id }) => <code className="text-xs">{id}</code>, hidden: true },
];

/** One run, tries or steps; known once it is done. */
function kindOf({ figures }: Backtest): string | null {
  if (!figures) return null;
  const { kind } = backtestsTexts;
  return figures.steps !== undefined ? kind.walk(figures.steps) : figures.tried !== undefined ? kind.sweep(figures.tried) : kind.single;
}

export function Backtests() {
  const [going, setGoing] = useState(false);
  const list = useList("/api/v1/backtests", {}, { poll: going ? 3 : 30 });
  const goes = list.rows.some(isGoing);
  useEffect(() => setGoing(goes), [goes]);
  const may = useMay("research:write");
  const [search, set] = useFilters();
  const chosen = useMemo(() => (search.compare ? search.compare.split(",") : []), [search.compare]);
  const columns = useMemo(() => [selection(chosen, (ids) => set("compare", ids.join())), ...COLUMNS], [chosen, set]);
  const create = may ? <Link to="/backtests/new" className="button button-main">{backtestsTexts.create}</Link> : null;
  return (
    <Page title={backtestsTexts.title} about={<ReadAt at={list.dataUpdatedAt} failed={list.isError} />} actions={create}>
      <Not />
      <Compare ids={chosen} onClear={() => set("compare", "")} />
      <List of={list} id="backtests" caption={backtestsTexts.title} columns={columns} rowKey={({ id }) => id} sort="-created" empty={<Empty title={backtestsTexts.empty}>{may ? <Link to="/backtests/new">{backtestsTexts.emptyNext}</Link> : null}</Empty>} />
      <p className="text-soft text-xs">{backtestsTexts.kept}</p>
    </Page>
  );
}

const COMPARED_MAX = 10;

function selection(chosen: string[], onChange: (ids: string[]) => void): Column<Backtest> {
  return {
    id: "select",
    title: told.select,
    value: ({ id }) => (chosen.includes(id) ? texts.yes : null),
    cell: ({ id, symbol, state, created_at: at }) => (
      <input
        type="checkbox"
        className="size-4"
        aria-label={backtestsTexts.selectOne(`${symbol}, ${moment(at)}`)}
        checked={chosen.includes(id)}
        disabled={state !== "done" || (chosen.length >= COMPARED_MAX && !chosen.includes(id))}
        onChange={() => onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id])}
      />
    ),
  };
}
