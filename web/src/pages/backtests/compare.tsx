import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { grouped } from "@/lib/decimal";
import { moment } from "@/lib/time";
import { texts } from "@/texts/common";
import { backtest as backtestTexts, backtests as backtestsTexts } from "@/texts/backtests";
import { Section } from "@/ui/page";
import { Shown } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { quoteOf } from "@/ui/value";
import { type Figure, isMoney, parametersOf, told } from "./figures";

type Backtest = Schemas["Backtest"];

/** Figures of two or more beside each other. */
export function Compare({ ids, onClear }: { ids: string[]; onClear: () => void }) {
  if (ids.length < 2) return <p className="text-soft">{backtestsTexts.compareHint}</p>;
  const clear = (
    <button type="button" className="button" onClick={onClear}>
      {backtestsTexts.compareClear}
    </button>
  );
  return (
    <Section title={backtestsTexts.compare} actions={clear}>
      <Compared ids={ids} />
    </Section>
  );
}

function Compared({ ids }: { ids: string[] }) {
  const compared = useRead("/api/v1/backtests/compare", { params: { query: { ids: ids.join() } } });
  return <Shown of={compared}>{({ items }) => <Figures of={items} />}</Shown>;
}

interface Row {
  id: string;
  title: string;
  values: (string | null)[];
}

const FIGURES = Object.keys(backtestTexts.figure) as Figure[];

function Figures({ of }: { of: Backtest[] }) {
  const [rows, columns] = useMemo(() => [rowsOf(of), columnsOf(of)], [of]);
  return (
    <>
      <Table id="compare" caption={backtestTexts.tableOf(backtestsTexts.compare)} rows={rows} columns={columns} rowKey={({ id }) => id} empty={texts.none} />
      <ol className="list-inside list-decimal">
        {of.map(({ id, symbol, timeframe, created_at: at }) => (
          <li key={id}>
            <Link to="/backtests/$id" params={{ id }}>
              {symbol} {timeframe}, {moment(at)}
            </Link>
          </li>
        ))}
      </ol>
    </>
  );
}

function rowsOf(of: Backtest[]): Row[] {
  const facts = backtestTexts.facts;
  return [
    { id: "timeframe", title: backtestsTexts.columns.timeframe, values: of.map(({ timeframe }) => timeframe) },
    { id: "since", title: facts.since, values: of.map(({ since }) => moment(since)) },
    { id: "until", title: facts.until, values: of.map(({ until }) => moment(until)) },
    { id: "candles", title: facts.candles, values: of.map(({ candles }) => (candles === null ? null : String(candles))) },
    { id: "parameters", title: backtestTexts.stepColumns.parameters, values: of.map(playedBy) },
    ...FIGURES.map((figure) => ({ id: figure, title: backtestTexts.figure[figure][0], values: of.map((each) => figureOf(each, figure)) })),
  ];
}

const columnsOf = (of: Backtest[]): Column<Row>[] => [
  { id: "figure", title: backtestsTexts.compareFigure, value: ({ title }) => title },
  ...of.map(({ id, symbol }, place): Column<Row> => ({ id, title: `${place + 1}: ${symbol}`, number: true, value: ({ values }) => values[place] })),
];

/** With its currency: amounts of different ones stand beside each other here. */
function figureOf({ figures, symbol }: Backtest, figure: Figure): string | null {
  const value = figures?.stats ? told(figures.stats, figure) : null;
  if (value === null || figure === "max_drawdown_ms") return value;
  return isMoney(figure) ? `${grouped(value)} ${quoteOf(symbol)}` : grouped(value);
}

function playedBy({ figures }: Backtest): string | null {
  return parametersOf(figures?.parameters ?? {}) || null;
}
