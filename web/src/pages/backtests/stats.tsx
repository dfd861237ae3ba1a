import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { texts } from "@/texts/common";
import { backtest as backtestTexts } from "@/texts/backtests";
import { Section } from "@/ui/page";
import { type Column, Table } from "@/ui/table";
import { Profit, Value } from "@/ui/value";
import { type Figure, isMoney, told } from "./figures";

type Stats = Schemas["PlayedStats"];

interface Row {
  figure: Figure;
  value: string | null;
}

const SIGNED: Figure[] = ["return_percent", "cagr_percent", "expectancy"];
const { figureColumns } = backtestTexts;

const columnsIn = (quote: string): Column<Row>[] => [
  { id: "name", title: figureColumns.name, value: ({ figure }) => backtestTexts.figure[figure][0] },
  { id: "value", title: figureColumns.value, value: ({ value }) => value, number: true, cell: (row) => <Figured of={row} quote={quote} /> },
  { id: "why", title: figureColumns.why, value: ({ figure }) => backtestTexts.figure[figure][1], cell: ({ figure }) => <span className="text-soft block min-w-48">{backtestTexts.figure[figure][1]}</span> },
];

/** Each figure with what it is. */
export function Stats({ of, quote, title = backtestTexts.figures }: { of: Stats; quote: string; title?: string }) {
  const rows = useMemo(() => (Object.keys(backtestTexts.figure) as Figure[]).map((figure): Row => ({ figure, value: told(of, figure) })), [of]);
  const columns = useMemo(() => columnsIn(quote), [quote]);
  return (
    <Section title={title}>
      <Table id="figures" caption={backtestTexts.tableOf(title)} rows={rows} columns={columns} rowKey={({ figure }) => figure} empty={texts.none} />
    </Section>
  );
}

function Figured({ of: { figure, value }, quote }: { of: Row; quote: string }) {
  const unit = isMoney(figure) ? quote : undefined;
  return SIGNED.includes(figure) ? <Profit of={value} unit={unit} /> : <Value of={value} unit={unit} />;
}
