import type { Schemas } from "@/api/client";
import { grouped } from "@/lib/decimal";
import { texts } from "@/texts/common";
import { backtest as backtestTexts } from "@/texts/backtests";
import { Section } from "@/ui/page";
import { type Column, Table } from "@/ui/table";
import { Value } from "@/ui/value";
import { fixed } from "./figures";

interface Row {
  what: string;
  spread: Schemas["PlayedSpread"];
}

const { luckColumns } = backtestTexts;
const quantile = (id: keyof Schemas["PlayedSpread"]): Column<Row> => ({ id, title: luckColumns[id], number: true, value: ({ spread }) => fixed(spread[id]), cell: ({ spread }) => <Value of={fixed(spread[id])} /> });
const COLUMNS: Column<Row>[] = [{ id: "what", title: luckColumns.what, value: ({ what }) => what }, quantile("p5"), quantile("p50"), quantile("p95")];

/** Between what nine of ten random draws of its trades and months lie. */
export function Luck({ of: { shuffled, goals }, quote }: { of: Schemas["PlayedDraws"]; quote: string }) {
  const rows: Row[] = [
    ...(shuffled
      ? [
          { what: backtestTexts.luckReturn, spread: shuffled.return_percent },
          { what: backtestTexts.luckDrawdown, spread: shuffled.max_drawdown_percent },
        ]
      : []),
    ...(goals ? [{ what: backtestTexts.luckMonth, spread: goals.monthly_probability }] : []),
    ...(goals?.months_to_portfolio ? [{ what: backtestTexts.luckTime, spread: goals.months_to_portfolio }] : []),
  ];
  const money = (value: number) => `${grouped(fixed(value))} ${quote}`;
  return (
    <Section title={backtestTexts.luck}>
      <p className="text-soft max-w-prose">{rows.length > 0 ? backtestTexts.luckWhy : backtestTexts.luckNone}</p>
      {shuffled ? <p>{backtestTexts.luckLoss(fixed(shuffled.loss_probability * 100))}</p> : null}
      {goals ? <p>{backtestTexts.luckGoal(fixed(goals.monthly_percent), money(goals.monthly_income), money(goals.mean_income))}</p> : null}
      {rows.length > 0 ? <Table id="luck" caption={backtestTexts.tableOf(backtestTexts.luck)} rows={rows} columns={COLUMNS} rowKey={({ what }) => what} empty={texts.none} /> : null}
    </Section>
  );
}
