import type { Schemas } from "@/api/client";
import { trades as tradesTexts } from "@/texts/trades";
import { ModeBadge } from "@/ui/badge";
import { Section } from "@/ui/page";
import { type Column, Table } from "@/ui/table";
import { baseOf, quoteOf, Value } from "@/ui/value";

type Held = Schemas["CoinsHeld"];

const told = tradesTexts.held;
const { mode, exchange } = tradesTexts.totals.columns;
const COLUMNS: Column<Held>[] = [
  { id: "symbol", title: told.columns.symbol, value: (held) => held.symbol },
  { id: "quantity", title: told.columns.quantity, value: (held) => held.quantity, number: true, cell: (held) => <Value of={held.quantity} unit={baseOf(held.symbol)} /> },
  { id: "cost", title: told.columns.cost, value: (held) => held.cost, number: true, cell: (held) => <Value of={held.cost} unit={quoteOf(held.symbol)} /> },
  { id: "mode", title: mode, value: (held) => held.mode, cell: (held) => <ModeBadge mode={held.mode} /> },
  { id: "exchange", title: exchange, value: (held) => held.exchange },
  { id: "positions", title: told.columns.positions, value: (held) => held.positions, number: true },
  { id: "unsold", title: told.columns.unsold, value: (held) => held.unsold, number: true },
];

/** Coins that closed positions could not sell; nothing where there are none. */
export function StillHeld({ of }: { of: Held[] }) {
  if (of.length === 0) return null;
  return (
    <Section title={told.title}>
      <p className="text-soft">{told.about}</p>
      <Table id="held" caption={told.caption} rows={of} columns={COLUMNS} rowKey={(held) => `${held.mode ?? "-"}.${held.exchange}.${held.symbol}`} empty={null} />
    </Section>
  );
}
