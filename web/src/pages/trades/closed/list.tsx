import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { type Search, useFilters } from "@/lib/address";
import { daysOf } from "@/lib/period";
import { texts as common } from "@/texts/common";
import { closedTrades as texts, trades } from "@/texts/trades";
import { AccountName, useAccountTexts } from "@/ui/account";
import { Moment, ReadAt } from "@/ui/age";
import { Average } from "@/ui/average";
import { Badge, ModeBadge } from "@/ui/badge";
import { List } from "@/ui/list";
import { Section } from "@/ui/page";
import { Periods } from "@/ui/periods";
import { Sheet } from "@/ui/sheet";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { TradeFilters, tradesOf } from "@/ui/trade-filters";
import { baseOf, Profit, quoteOf, Value } from "@/ui/value";
import { Unvalued } from "../totals";
import { EditNotes, Remove } from "./actions";

type Trade = Schemas["UserTrade"];

const PATH = "/api/v1/user-trades";
const titles = { ...trades.history.columns, ...texts.columns };
const fees = (trade: Trade) => Object.entries(trade.fees).map(([asset, amount]) => `${amount} ${asset}`).join(", ");
const isManual = ({ source }: Trade): boolean => source === "manual";
const remembered = ({ tags, notes }: Trade) => [tags.join(", "), notes].filter(Boolean).join(" · ") || null;

/** With where it was made, in words: that is known later than the trade, and no reason to draw the rest of its row anew. */
type Row = Trade & { where: string };

const columnsWith = (mayChange: boolean): Column<Row>[] => [
  { id: "symbol", title: titles.symbol, value: (trade) => trade.symbol, cell: (trade) => (isManual(trade) ? trade.symbol : <Link to="/positions/$id" params={{ id: trade.id }}>{trade.symbol}</Link>) },
  { id: "realised", title: titles.realised, value: (trade) => trade.realised_pnl, number: true, cell: (trade) => <><Profit of={trade.realised_pnl} unit={quoteOf(trade.symbol)} /> <Unvalued of={trade.fee_unvalued} /></> },
  { id: "notes", title: titles.notes, value: remembered, cell: (trade) => <Remembered of={trade} /> },
  ...(mayChange ? [{ id: "actions", title: titles.actions, value: () => null, cell: (trade: Trade) => <Actions of={trade} /> }] : []),
  { id: "source", title: titles.source, value: (trade) => texts.sources[trade.source] ?? trade.source },
  { id: "side", title: titles.side, value: (trade) => trade.side },
  { id: "mode", title: titles.mode, value: (trade) => trade.mode, cell: (trade) => <ModeBadge mode={trade.mode} /> },
  { id: "opened", title: titles.opened, value: (trade) => trade.opened_at, cell: (trade) => <Moment at={trade.opened_at} /> },
  { id: "closed", title: titles.closed, value: (trade) => trade.closed_at, cell: (trade) => <Moment at={trade.closed_at} /> },
  { id: "quantity", title: titles.quantity, value: (trade) => trade.quantity, number: true, cell: (trade) => <Value of={trade.quantity} unit={baseOf(trade.symbol)} /> },
  { id: "entry", title: titles.entry, value: (trade) => trade.entry_price, number: true, cell: (trade) => <Average of={trade.entry_price} /> },
  { id: "exit", title: titles.exit, value: (trade) => trade.exit_price, number: true, cell: (trade) => <Average of={trade.exit_price} /> },
  { id: "account", title: titles.account, value: ({ where }) => where, cell: (trade) => <Where of={trade} /> },
  { id: "exchange", title: titles.exchange, value: (trade) => trade.exchange, hidden: true },
  { id: "fees", title: titles.fees, value: fees, hidden: true },
  { id: "bot", title: titles.bot, value: (trade) => trade.bot_id, hidden: true, cell: (trade) => (trade.bot_id ? <Link to="/bots/$id" params={{ id: trade.bot_id }}>{trade.bot_id}</Link> : common.none) },
  { id: "id", title: titles.id, value: (trade) => trade.id, hidden: true, cell: (trade) => <code className="text-xs">{trade.id}</code> },
];

const [TO_READ, TO_CHANGE] = [columnsWith(false), columnsWith(true)];

function Remembered({ of }: { of: Trade }) {
  if (remembered(of) === null) return <span className="text-soft">{common.none}</span>;
  return (
    <div className="min-w-44 space-y-1">
      {of.tags.length > 0 ? (
        <ul className="flex flex-wrap gap-1">
          {of.tags.map((tag) => (
            <li key={tag}>
              <Link to="." search={(all: Search) => ({ ...all, tag })} className="no-underline" title={texts.byTag(tag)}>
                <Badge>{tag}</Badge>
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
      {of.notes ? (
        <p className="line-clamp-3 break-words whitespace-pre-line" title={of.notes}>
          {of.notes}
        </p>
      ) : null}
    </div>
  );
}

function Where({ of: { account_id: id, exchange, mode } }: { of: Trade }) {
  return id === null ? exchange : <AccountName of={{ id, exchange, mode }} link />;
}

function Actions({ of }: { of: Trade }) {
  return (
    <div className="flex min-w-36 flex-wrap gap-2">
      <EditNotes of={of} />
      {isManual(of) ? <Remove of={of} /> : null}
    </div>
  );
}

/** Trades that are closed, with what their user keeps of them. */
export function Closed({ mayChange }: { mayChange: boolean }) {
  const [search, filter] = useFilters();
  const query = { ...daysOf(search, Date.now(), null), ...tradesOf(search) };
  const named = useAccountTexts();
  // The same ones each time: a dialog of a row stays open while what is shown is read again.
  const columns = mayChange ? TO_CHANGE : TO_READ;
  const found = useList(PATH, query, { poll: 30 });
  const rows = useMemo(() => found.rows.map((trade: Trade): Row => ({ ...trade, where: trade.account_id === null ? trade.exchange : named(trade.account_id) })), [found.rows, named]);
  const actions = (
    <>
      <Sheet path={PATH} query={query} file={texts.csvFile} />
      {mayChange ? (
        <Link to="/trades" search={{ add: "1" }} className="button button-main">
          {texts.add}
        </Link>
      ) : null}
    </>
  );
  const isFiltered = Object.values(query).some(Boolean);
  return (
    <Section title={texts.title} actions={actions}>
      <ReadAt at={found.dataUpdatedAt} failed={found.isError} />
      <p className="text-soft">{texts.about}</p>
      <div className="flex flex-wrap items-start gap-2">
        <Periods usual={null} search={search} onChange={filter} />
        <TradeFilters search={search} onChange={filter} />
      </div>
      <List of={{ ...found, rows }} id="closed-trades" caption={texts.caption} columns={columns} rowKey={(trade) => trade.id} sort="-opened" empty={isFiltered ? <Empty title={texts.emptyFiltered}>{texts.emptyNext}</Empty> : <Empty title={texts.empty} />} />
    </Section>
  );
}
