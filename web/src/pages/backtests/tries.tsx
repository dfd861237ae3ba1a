import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { backtest as backtestTexts } from "@/texts/backtests";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Profit, quoteOf, Value } from "@/ui/value";
import { titled } from "../bots/strategy/schema";
import { Words } from "../bots/strategy/sentences";
import { fixed, inWords, parametersOf } from "./figures";
import { Long } from "./long";
import { Stats } from "./stats";

type Row = Schemas["PlayedTry"] & { rank: number };

const { figure, tryColumns } = backtestTexts;
const percent = (id: "max_drawdown_percent" | "win_rate_percent" | "sharpe"): Column<Row> => {
  const value = ({ stats }: Row) => (stats[id] === null ? null : fixed(stats[id]));
  return { id, title: figure[id][0], number: true, value, cell: (row) => <Value of={value(row)} /> };
};
const COLUMNS: Column<Row>[] = [
  { id: "score", title: tryColumns.score, number: true, value: ({ score }) => (score === null ? null : fixed(score, 4)) },
  { id: "return", title: figure.return_percent[0], number: true, value: ({ stats }) => fixed(stats.return_percent), cell: ({ stats }) => <Profit of={fixed(stats.return_percent)} /> },
  percent("max_drawdown_percent"),
  percent("sharpe"),
  percent("win_rate_percent"),
  { id: "trades", title: figure.trades[0], number: true, value: ({ stats }) => stats.trades },
];

const columnsOf = (names: string[]): Column<Row>[] => [
  { id: "rank", title: tryColumns.rank, number: true, value: ({ rank }) => rank },
  ...names.map((name): Column<Row> => ({ id: `of.${name}`, title: name.includes(".") ? name : titled(name), number: true, value: ({ parameters }) => parameters[name] })),
  ...COLUMNS,
];

/** The tries of a sweep with their parameters, best first. */
export function Tries({ of, backtest }: { of: Schemas["BacktestTries"]; backtest: Schemas["Backtest"] }) {
  const rows = useMemo(() => of.tries.map((each, place): Row => ({ ...each, rank: place + 1 })), [of.tries]);
  const [best] = of.tries;
  const quote = quoteOf(backtest.symbol);
  const columns = useMemo(() => columnsOf(Object.keys(best?.parameters ?? {})), [best]);
  return (
    <>
      {best ? <Words of={[backtestTexts.bestIs(parametersOf(best.parameters)), ...inWords(best.stats, quote)]} /> : null}
      {best ? <Stats of={best.stats} quote={quote} title={backtestTexts.best} /> : null}
      <Section title={backtestTexts.tries}>
        <p className="text-soft max-w-prose">{backtestTexts.triesWhy(backtestTexts.by[of.by], of.tried, of.skipped)}</p>
        {of.tried > of.tries.length ? <p className="text-soft">{backtestTexts.triesMax}</p> : null}
        <Long id="tries" caption={backtestTexts.tableOf(backtestTexts.tries)} rows={rows} columns={columns} rowKey={({ rank }) => String(rank)} empty={<Empty title={backtestTexts.tradesEmpty} />} />
      </Section>
    </>
  );
}
