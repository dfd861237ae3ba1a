import { lazy, Suspense, useMemo } from "react";
import type { Schemas } from "@/api/client";
import { grouped } from "@/lib/decimal";
import { backtest as backtestTexts } from "@/texts/backtests";
import { Moment } from "@/ui/age";
import type { Curve } from "@/ui/chart";
import { Facts, Section } from "@/ui/page";
import { Empty, Loading } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { baseOf, Profit, quoteOf, Value } from "@/ui/value";
import { Words } from "../bots/strategy/sentences";
import { drawdownCurve, equityCurve, exact, fixed, inWords, opensAt } from "./figures";
import { Long } from "./long";
import { Luck } from "./luck";
import { Stats } from "./stats";

// The greater part of what this page needs: fetched beside the result.
const Chart = lazy(() => import("@/ui/chart").then((chart) => ({ default: chart.Chart })));

type Backtest = Schemas["Backtest"];
type PlayedRun = Schemas["Played"];

/** One run: figures, equity, months and trades. */
export function Played({ of, backtest }: { of: PlayedRun; backtest: Backtest }) {
  const quote = quoteOf(backtest.symbol);
  const { say } = backtestTexts;
  const open = of.open_position;
  const more = [
    ...(open ? [say.open(`${grouped(exact(open.size))} ${baseOf(backtest.symbol)}`, grouped(exact(open.entry_price)))] : []),
    ...(of.refused_entries ? [backtestTexts.refused(of.refused_entries)] : []),
    ...(of.funding ? [backtestTexts.funding(`${grouped(fixed(of.funding))} ${quote}`)] : []),
  ];
  return (
    <>
      <Words of={[...inWords(of.stats, quote), ...more]} />
      <EquityChart of={of} backtest={backtest} />
      <Stats of={of.stats} quote={quote} />
      <NotFollowed of={of.unfollowed ?? {}} />
      {of.draws ? <Luck of={of.draws} quote={quote} /> : null}
      <Months of={of.months} quote={quote} />
      <Trades of={of.trades} backtest={backtest} />
      {of.fills ? <Fills of={of.fills} backtest={backtest} /> : null}
    </>
  );
}

function EquityChart({ of, backtest }: { of: PlayedRun; backtest: Backtest }) {
  const curves = useMemo((): Curve[] => {
    const equity = equityCurve(backtest, of.equity);
    return [
      { title: backtestTexts.equity, ink: "brand", pane: 0, points: equity },
      { title: backtestTexts.drawdown, ink: "bad", pane: 1, points: drawdownCurve(equity) },
    ];
    // The backtest is asked for anew, and stays the same once it is done.
  }, [of.equity, backtest.since, backtest.timeframe]);
  const [first, last] = [of.equity[0], of.equity.at(-1)];
  if (first === undefined || last === undefined) return null;
  return (
    <Section title={backtestTexts.chart}>
      <div className="card p-2">
        <Suspense fallback={<Loading />}>
          <Chart label={backtestTexts.chartLabel(grouped(fixed(first)), grouped(fixed(last)), grouped(fixed(of.stats.max_drawdown_percent)))} curves={curves} height={420} />
        </Suspense>
      </div>
    </Section>
  );
}

function NotFollowed({ of }: { of: Record<string, number> }) {
  const counts = Object.entries(of);
  if (counts.length === 0) return null;
  return (
    <Section title={backtestTexts.notFollowed}>
      <Facts of={counts} />
    </Section>
  );
}

type Month = Schemas["PlayedMonth"];
const { monthColumns, tradeColumns, fillColumns } = backtestTexts;

const monthsIn = (quote: string): Column<Month>[] => [
  { id: "month", title: monthColumns.month, value: ({ month }) => month },
  { id: "return", title: monthColumns.return, number: true, value: (month) => fixed(month.return_percent), cell: (month) => <Profit of={fixed(month.return_percent)} /> },
  { id: "equity", title: monthColumns.equity, number: true, value: ({ equity }) => fixed(equity), cell: ({ equity }) => <Value of={fixed(equity)} unit={quote} /> },
  { id: "whole", title: monthColumns.whole, value: (month) => backtestTexts.monthWhole[month.is_whole ? "true" : "false"] },
];

function Months({ of, quote }: { of: Month[]; quote: string }) {
  const columns = useMemo(() => monthsIn(quote), [quote]);
  return (
    <Section title={backtestTexts.months}>
      <Table id="months" caption={backtestTexts.tableOf(backtestTexts.months)} rows={of} columns={columns} rowKey={({ month }) => month} sort="-month" empty={<Empty title={backtestTexts.monthsEmpty} />} />
    </Section>
  );
}

type TradeRow = Schemas["PlayedTrade"] & { number: number };

const at = (backtest: Backtest, bar: number): string => new Date(opensAt(backtest, bar)).toISOString();

const tradesOf = (backtest: Backtest): Column<TradeRow>[] => [
  { id: "number", title: tradeColumns.number, number: true, value: ({ number }) => number },
  { id: "entered", title: tradeColumns.entered, value: (trade) => at(backtest, trade.entry_bar), cell: (trade) => <Moment at={at(backtest, trade.entry_bar)} /> },
  { id: "exited", title: tradeColumns.exited, value: (trade) => at(backtest, trade.exit_bar), cell: (trade) => <Moment at={at(backtest, trade.exit_bar)} /> },
  { id: "entry", title: tradeColumns.entry, number: true, value: (trade) => exact(trade.entry_price), cell: (trade) => <Value of={exact(trade.entry_price)} /> },
  { id: "exit", title: tradeColumns.exit, number: true, value: (trade) => exact(trade.exit_price), cell: (trade) => <Value of={exact(trade.exit_price)} /> },
  { id: "size", title: tradeColumns.size, number: true, value: ({ size }) => exact(size), cell: ({ size }) => <Value of={exact(size)} /> },
  { id: "fees", title: tradeColumns.fees, number: true, value: ({ fees }) => fixed(fees), cell: ({ fees }) => <Value of={fixed(fees)} /> },
  { id: "profit", title: tradeColumns.profit, number: true, value: ({ pnl }) => fixed(pnl), cell: ({ pnl }) => <Profit of={fixed(pnl)} unit={quoteOf(backtest.symbol)} /> },
];

function Trades({ of, backtest }: { of: Schemas["PlayedTrade"][]; backtest: Backtest }) {
  const rows = useMemo(() => of.map((trade, place): TradeRow => ({ ...trade, number: place + 1 })).reverse(), [of]);
  const columns = useMemo(() => tradesOf(backtest), [backtest]);
  return (
    <Section title={backtestTexts.trades}>
      <Long id="played-trades" caption={backtestTexts.tableOf(backtestTexts.trades)} rows={rows} columns={columns} rowKey={({ number }) => String(number)} empty={<Empty title={backtestTexts.tradesEmpty} />} />
    </Section>
  );
}

type FillRow = Schemas["PlayedFill"] & { number: number };

function fillOf({ what, level, step }: FillRow): string {
  if (what === "entry" && level !== undefined) return backtestTexts.fillLevel(level);
  return what === "take_profit" && step !== undefined ? backtestTexts.fillStep(step) : backtestTexts.fill[what];
}

const fillsOf = (backtest: Backtest): Column<FillRow>[] => [
  { id: "at", title: fillColumns.at, value: ({ bar }) => at(backtest, bar), cell: ({ bar }) => <Moment at={at(backtest, bar)} /> },
  { id: "what", title: fillColumns.what, value: fillOf },
  { id: "price", title: fillColumns.price, number: true, value: ({ price }) => exact(price), cell: ({ price }) => <Value of={exact(price)} /> },
  { id: "size", title: fillColumns.size, number: true, value: ({ size }) => exact(size), cell: ({ size }) => <Value of={exact(size)} /> },
  { id: "fee", title: fillColumns.fee, number: true, value: ({ fee }) => exact(fee), cell: ({ fee }) => <Value of={exact(fee)} /> },
];

function Fills({ of, backtest }: { of: Schemas["PlayedFill"][]; backtest: Backtest }) {
  const rows = useMemo(() => of.map((fill, number): FillRow => ({ ...fill, number })).reverse(), [of]);
  const columns = useMemo(() => fillsOf(backtest), [backtest]);
  return (
    <Section title={backtestTexts.fills}>
      <Long id="fills" caption={backtestTexts.tableOf(backtestTexts.fills)} rows={rows} columns={columns} rowKey={({ number }) => String(number)} empty={<Empty title={backtestTexts.tradesEmpty} />} />
    </Section>
  );
}
