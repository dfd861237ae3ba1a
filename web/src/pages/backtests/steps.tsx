import type { Schemas } from "@/api/client";
import { backtest as backtestTexts, backtests as backtestsTexts } from "@/texts/backtests";
import { moment } from "@/lib/time";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Profit, quoteOf, Value } from "@/ui/value";
import { fixed, opensAt } from "./figures";
import { Long } from "./long";
import { Stats } from "./stats";

type Row = Schemas["PlayedStep"] & { number: number };

const told = backtestTexts.stepColumns;

/** The steps of a walk, and all that was tried on as one. */
export function Steps({ of, backtest }: { of: Schemas["BacktestSteps"]; backtest: Schemas["Backtest"] }) {
  const rows = of.steps.map((step, place): Row => ({ ...step, number: place + 1 }));
  const time = (bar: number) => new Date(opensAt(backtest, bar)).toISOString();
  const part = ({ start, end }: Schemas["PlayedBars"]) => <span className="text-xs">{backtestsTexts.period(moment(time(start)), moment(time(end)))}</span>;
  const columns: Column<Row>[] = [
    { id: "number", title: told.number, number: true, value: ({ number }) => number },
    { id: "trained", title: told.trained, value: ({ train }) => time(train.start), cell: ({ train }) => part(train) },
    { id: "tested", title: told.tested, value: ({ test }) => time(test.start), cell: ({ test }) => part(test) },
    { id: "parameters", title: told.parameters, value: parametersOf },
    { id: "score", title: told.score, number: true, value: ({ score }) => (score === null ? null : fixed(score, 4)), cell: ({ score, unscored }) => (unscored ? <span className="text-warn">{backtestTexts.unscored}</span> : <Value of={score === null ? null : fixed(score, 4)} />) },
    { id: "trainedReturn", title: told.trainedReturn, number: true, value: ({ trained }) => fixed(trained.return_percent), cell: ({ trained }) => <Profit of={fixed(trained.return_percent)} /> },
    { id: "return", title: told.return, number: true, value: ({ tested }) => fixed(tested.return_percent), cell: ({ tested }) => <Profit of={fixed(tested.return_percent)} /> },
    { id: "drawdown", title: told.drawdown, number: true, value: ({ tested }) => fixed(tested.max_drawdown_percent), cell: ({ tested }) => <Value of={fixed(tested.max_drawdown_percent)} /> },
    { id: "trades", title: told.trades, number: true, value: ({ tested }) => tested.trades },
  ];
  return (
    <>
      {of.together ? <Stats of={of.together} quote={quoteOf(backtest.symbol)} title={backtestTexts.together} /> : null}
      <Section title={backtestTexts.steps}>
        <p className="text-soft max-w-prose">{backtestTexts.stepsWhy(backtestTexts.by[of.by])}</p>
        <Long id="steps" caption={backtestTexts.steps} rows={rows} columns={columns} rowKey={({ number }) => String(number)} empty={<Empty title={backtestTexts.stepsNone} />} />
      </Section>
    </>
  );
}

function parametersOf({ parameters }: Row): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
