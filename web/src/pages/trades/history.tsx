import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import type { Search } from "@/lib/address";
import { texts } from "@/texts/common";
import { positions as positionsTexts } from "@/texts/positions";
import { trades as tradesTexts } from "@/texts/trades";
import { AccountName, useAccountTexts } from "@/ui/account";
import { Moment, Priced } from "@/ui/age";
import { Average } from "@/ui/average";
import { type Mode, ModeBadge } from "@/ui/badge";
import { List } from "@/ui/list";
import { Section } from "@/ui/page";
import { Sheet } from "@/ui/sheet";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { baseOf, Profit, quoteOf, Value } from "@/ui/value";
import { Unvalued } from "./totals";

type Trade = Schemas["Trade"];
export type TradeQuery = Search & { mode?: Mode; status?: "open" | "closed" };

const told = tradesTexts.history;
const titles = told.columns;
const fees = (trade: Trade) => Object.entries(trade.fees).map(([asset, amount]) => `${amount} ${asset}`).join(", ");

const columnsWith = (named: (id: string) => string): Column<Trade>[] => [
  { id: "symbol", title: titles.symbol, value: (trade) => trade.symbol, cell: (trade) => <Link to="/positions/$id" params={{ id: trade.id }}>{trade.symbol}</Link> },
  { id: "realised", title: titles.realised, value: (trade) => trade.realised_pnl, number: true, cell: (trade) => <><Profit of={trade.realised_pnl} unit={quoteOf(trade.symbol)} /> <Unvalued of={trade.fee_unvalued} /></> },
  { id: "status", title: titles.status, value: (trade) => positionsTexts.status[trade.status] },
  { id: "unrealised", title: titles.unrealised, value: (trade) => trade.unrealised_pnl, number: true, cell: (trade) => trade.unrealised_pnl === null ? texts.none : <Priced at={trade.price_at} source={texts.source.price}><Profit of={trade.unrealised_pnl} unit={quoteOf(trade.symbol)} /></Priced> },
  { id: "side", title: titles.side, value: (trade) => trade.side },
  { id: "mode", title: titles.mode, value: (trade) => trade.mode, cell: (trade) => <ModeBadge mode={trade.mode} /> },
  { id: "opened", title: titles.opened, value: (trade) => trade.opened_at, cell: (trade) => <Moment at={trade.opened_at} /> },
  { id: "quantity", title: titles.quantity, value: (trade) => trade.quantity, number: true, cell: (trade) => <Value of={trade.quantity} unit={baseOf(trade.symbol)} /> },
  { id: "entry", title: titles.entry, value: (trade) => trade.entry_price, number: true, cell: (trade) => <Average of={trade.entry_price} /> },
  { id: "exit", title: titles.exit, value: (trade) => trade.exit_price, number: true, cell: (trade) => <Average of={trade.exit_price} /> },
  { id: "reason", title: titles.reason, value: (trade) => trade.exit_reason && positionsTexts.exit[trade.exit_reason] },
  { id: "closed", title: titles.closed, value: (trade) => trade.closed_at, cell: (trade) => <Moment at={trade.closed_at} /> },
  { id: "account", title: titles.account, value: (trade) => named(trade.account_id), cell: (trade) => <AccountName of={{ id: trade.account_id, exchange: trade.exchange, mode: trade.mode }} link /> },
  { id: "exchange", title: titles.exchange, value: (trade) => trade.exchange, hidden: true },
  { id: "fees", title: titles.fees, value: fees, hidden: true },
  { id: "still", title: titles.still, value: (trade) => trade.still_held?.quantity, number: true, hidden: true, cell: (trade) => <Value of={trade.still_held?.quantity} unit={baseOf(trade.symbol)} /> },
  { id: "bot", title: titles.bot, value: (trade) => trade.bot_id, hidden: true, cell: (trade) => (trade.bot_id ? <Link to="/bots/$id" params={{ id: trade.bot_id }}>{trade.bot_id}</Link> : texts.none) },
  { id: "timeframe", title: titles.timeframe, value: (trade) => trade.timeframe, hidden: true },
  { id: "id", title: titles.id, value: (trade) => trade.id, hidden: true, cell: (trade) => <code className="text-xs">{trade.id}</code> },
];

/** Trades that were opened in the period. */
export function History({ query }: { query: TradeQuery }) {
  const named = useAccountTexts();
  const columns = useMemo(() => columnsWith(named), [named]);
  const trades = useList("/api/v1/trades/history", { ...query }, { poll: 15 });
  return (
    <Section title={told.title} actions={<Sheet path="/api/v1/trades/history" query={query} file={told.csvFile} />}>
      <p className="text-soft">{told.about}</p>
      <List of={trades} id="trades" caption={told.caption} columns={columns} rowKey={(trade) => trade.id} sort="-opened" empty={<Empty title={told.empty}>{told.emptyNext}</Empty>} />
    </Section>
  );
}
