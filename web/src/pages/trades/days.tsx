import type { Schemas } from "@/api/client";
import { compare, withSign } from "@/lib/decimal";
import { keyOf } from "@/lib/profit";
import { texts } from "@/texts/common";
import { trades as tradesTexts } from "@/texts/trades";
import { ModeBadge } from "@/ui/badge";
import { DayBars } from "@/ui/bars";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { Profit } from "@/ui/value";
import { Unvalued } from "./totals";

type Day = Schemas["DayProfit"];

const told = tradesTexts.days;
const COLUMNS: Column<Day>[] = [
  { id: "date", title: told.columns.date, value: (day) => day.date },
  { id: "profit", title: told.columns.profit, value: (day) => day.realised_pnl, number: true, cell: (day) => <><Profit of={day.realised_pnl} unit={day.asset} /> <Unvalued of={day.fee_unvalued} /></> },
  { id: "trades", title: told.columns.trades, value: (day) => day.trades, number: true },
  { id: "won", title: told.columns.won, value: (day) => day.won, number: true },
];

/** Profit by day, each mode, exchange and currency in a picture of its own. */
export function Days({ of }: { of: Schemas["ProfitAndLoss"] }) {
  const keys = [...new Set(of.days.map(keyOf))];
  return (
    <Section title={told.title}>
      {keys.length === 0 ? <Empty title={told.empty} /> : null}
      <div className="grid gap-3 md:grid-cols-2">
        {keys.map((key) => (
          <Card key={key} id={`days.${key}`} days={of.days.filter((day) => keyOf(day) === key)} from={of.start_time} to={of.end_time} />
        ))}
      </div>
    </Section>
  );
}

function Card({ id, days, from, to }: { id: string; days: Day[]; from: string; to: string }) {
  const first = days[0];
  if (!first) return null;
  const { asset, exchange, mode } = first;
  const sorted = [...days].sort((one, other) => compare(one.realised_pnl, other.realised_pnl));
  const [worst, best] = [sorted[0], sorted.at(-1)];
  const bars = days.map((day) => ({ date: day.date, value: Number(day.realised_pnl), title: told.bar(day.date, `${withSign(day.realised_pnl)} ${asset}`) }));
  return (
    <div className="card min-w-0 space-y-2 p-3">
      <h3 className="flex flex-wrap items-center gap-2">
        <ModeBadge mode={mode} /> {told.of(asset, exchange)}
      </h3>
      <DayBars label={told.label(asset, exchange, mode ? texts.mode[mode] : texts.mode.unknown, days.length)} bars={bars} from={from} to={to} />
      <p className="text-soft flex justify-between text-xs">
        <span>{from.slice(0, 10)}</span>
        <span>{new Date(Date.parse(to) - 1).toISOString().slice(0, 10)}</span>
      </p>
      <p className="flex flex-wrap gap-x-4 text-xs">
        <Extreme title={told.best} day={best} />
        {days.length > 1 ? <Extreme title={told.worst} day={worst} /> : null}
      </p>
      <details>
        <summary className="cursor-pointer">{told.table}</summary>
        <div className="mt-2">
          <Table id={id} caption={told.tableCaption(asset, exchange)} rows={days} columns={COLUMNS} rowKey={(day) => day.date} sort="-date" empty={null} />
        </div>
      </details>
    </div>
  );
}

function Extreme({ title, day }: { title: string; day: Day | undefined }) {
  if (!day) return null;
  return (
    <span>
      <span className="text-soft">{title}</span> {day.date} <Profit of={day.realised_pnl} unit={day.asset} />
    </span>
  );
}
