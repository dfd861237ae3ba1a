import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { backtest as backtestTexts } from "@/texts/backtests";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Profit, quoteOf, Value } from "@/ui/value";
import { Words } from "../bots/strategy/sentences";
import { fixed, inWords, opensAt, parametersOf } from "./figures";
import { Long } from "./long";
import { Period } from "./state";
import { Stats } from "./stats";

type Row = Schemas["PlayedStep"] & { number: number };

const told = backtestTexts.stepColumns;

function columnsOf(backtest: Schemas["Backtest"]): Column<Row>[] {
  const time = (bar: number) => new Date(opensAt(backtest, bar)).toISOString();
  const part = ({ start, end }: Schemas["PlayedBars"]) => <Period since={time(start)} until={time(end)} />;
  return [
    { id: "number", title: told.number, number: true, value: ({ number }) => number },
    { id: "trained", title: told.trained, value: ({ train }) => time(train.start), cell: ({ train }) => part(train) },
    { id: "tested", title: told.tested, value: ({ test }) => time(test.start), cell: ({ test }) => part(test) },
    { id: "parameters", title: told.parameters, value: ({ parameters }) => parametersOf(parameters) },
    { id: "score", title: told.score, number: true, value: ({ score }) => (score === null ? null : fixed(score, 4)), cell: ({ score, unscored }) => (unscored ? <span className="text-warn">{backtestTexts.unscored}</span> : <Value of={score === null ? null : fixed(score, 4)} />) },
    { id: "trainedReturn", title: told.trainedReturn, number: true, value: ({ trained }) => fixed(trained.return_percent), cell: ({ trained }) => <Profit of={fixed(trained.return_percent)} /> },
    { id: "return", title: told.return, number: true, value: ({ tested }) => fixed(tested.return_percent), cell: ({ tested }) => <Profit of={fixed(tested.return_percent)} /> },
    { id: "drawdown", title: told.drawdown, number: true, value: ({ tested }) => fixed(tested.max_drawdown_percent), cell: ({ tested }) => <Value of={fixed(tested.max_drawdown_percent)} /> },
    { id: "trades", title: told.trades, number: true, value: ({ tested }) => tested.trades },
  ];
}

/** The steps of a walk, and all that was tried on as one. */
export function Steps({ of, backtest }: { of: Schemas["BacktestSteps"]; backtest: Schemas["Backtest"] }) {
  const rows = useMemo(() => of.steps.map((step, place): Row => ({ ...step, number: place + 1 })), [of.steps]);
  const columns = useMemo(() => columnsOf(backtest), [backtest]);
  return (
    <>
      {of.together ? <Words of={inWords(of.together, quoteOf(backtest.symbol))} /> : null}
      {of.together ? <Stats of={of.together} quote={quoteOf(backtest.symbol)} title={backtestTexts.together} /> : null}
      <Section title={backtestTexts.steps}>
        <p className="text-soft max-w-prose">{backtestTexts.stepsWhy(backtestTexts.by[of.by])}</p>
        <Long id="steps" caption={backtestTexts.tableOf(backtestTexts.steps)} rows={rows} columns={columns} rowKey={({ number }) => String(number)} empty={<Empty title={backtestTexts.stepsNone} />} />
      </Section>
    </>
  );
}
