import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { keyOf } from "@/lib/profit";
import { moment } from "@/lib/time";
import { texts } from "@/texts/common";
import { trades as tradesTexts } from "@/texts/trades";
import { Priced } from "@/ui/age";
import { Badge, ModeBadge } from "@/ui/badge";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { Profit } from "@/ui/value";

type Total = Schemas["TotalProfit"];

const told = tradesTexts.totals;
const columns = told.columns;

/** Says that a fee is missing in a profit. */
export function Unvalued({ of }: { of: boolean }) {
  return of ? (
    <Badge tone="warn" title={told.unvalued}>
      {told.unvaluedShort}
    </Badge>
  ) : null;
}

/** What tells sums apart; the profit stands beside it, or first where another column tells them apart. */
const APART: Column<Total>[] = [
  { id: "mode", title: columns.mode, value: (row) => row.mode, cell: (row) => <ModeBadge mode={row.mode} /> },
  { id: "exchange", title: columns.exchange, value: (row) => row.exchange },
];
const PROFIT: Column<Total>[] = [
  { id: "realised", title: columns.realised, value: (row) => row.closed.realised_pnl, number: true, cell: (row) => <Profit of={row.closed.realised_pnl} unit={row.asset} /> },
  { id: "unrealised", title: columns.unrealised, value: (row) => row.open.unrealised_pnl, number: true, cell: (row) => row.open.trades === 0 ? texts.none : <Priced at={row.open.price_at} source={texts.source.price}><Profit of={row.open.unrealised_pnl} unit={row.asset} /></Priced> },
];
const OTHERS: Column<Total>[] = [
  { id: "asset", title: columns.asset, value: (row) => row.asset },
  { id: "closed", title: columns.closed, value: (row) => row.closed.trades, number: true },
  { id: "won", title: columns.won, value: (row) => row.closed.won, number: true, cell: (row) => told.won(row.closed.won, row.closed.trades) },
  { id: "open", title: columns.open, value: (row) => row.open.trades, number: true },
  { id: "openRealised", title: columns.openRealised, value: (row) => row.open.realised_pnl, number: true, cell: (row) => <Profit of={row.open.realised_pnl} unit={row.asset} />, hidden: true },
  { id: "notes", title: columns.notes, value: notes, cell: (row) => <span className="text-warn text-xs">{notes(row) || texts.none}</span> },
];
const SUMS = [...APART, ...PROFIT, ...OTHERS];

function notes(row: Pick<Total, "closed" | "open">): string {
  return [row.open.unmarked > 0 ? told.unmarked(row.open.unmarked) : "", row.closed.fee_unvalued || row.open.fee_unvalued ? told.unvalued : ""].filter(Boolean).join(" ");
}

export function Totals({ of }: { of: Schemas["ProfitAndLoss"] }) {
  return (
    <Section title={told.title}>
      <p className="text-soft">{told.about}</p>
      {of.known_since ? (
        <p role="alert" className="card border-warn bg-warn-fill p-3">
          {told.knownSince(moment(of.known_since))}
        </p>
      ) : null}
      <Table id="totals" caption={told.caption} rows={of.totals} columns={SUMS} rowKey={keyOf} empty={<Empty title={told.empty} />} />
    </Section>
  );
}

type OfBot = Schemas["BotProfit"];

export function ByBot({ of }: { of: OfBot[] }) {
  const bots = useRead("/api/v1/bots", { params: { query: { limit: 200 } } });
  const known = bots.data?.items;
  const columns = useMemo((): Column<OfBot>[] => {
    const named = (id: string | null) => (id === null ? tradesTexts.bots.none : (known?.find((bot) => bot.id === id)?.name ?? id));
    const bot: Column<OfBot> = {
      id: "bot",
      title: tradesTexts.bots.columns.bot,
      value: (row) => named(row.bot_id),
      cell: (row) => (row.bot_id === null ? named(null) : <Link to="/bots/$id" params={{ id: row.bot_id }}>{named(row.bot_id)}</Link>),
    };
    return [bot, ...PROFIT, ...APART, ...OTHERS];
  }, [known]);
  return (
    <Section title={tradesTexts.bots.title}>
      <Table id="by-bot" caption={tradesTexts.bots.caption} rows={of} columns={columns} rowKey={(row) => `${row.bot_id ?? "-"}.${keyOf(row)}`} empty={<Empty title={tradesTexts.bots.empty} />} />
    </Section>
  );
}
