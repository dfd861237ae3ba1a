import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { daysOf } from "@/lib/period";
import { lists } from "@/texts/lists";
import { transactions as texts } from "@/texts/transactions";
import { AccountName, accountText, useAccounts, useAccountTexts } from "@/ui/account";
import { Moment, ReadAt } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { BY_MODE, Filters, MODES } from "@/ui/filters";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Periods } from "@/ui/periods";
import { Sheet } from "@/ui/sheet";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { baseOf, quoteOf, Value } from "@/ui/value";

type Transaction = Schemas["Transaction"];

const { columns } = texts;

const columnsWith = (named: (id: string) => string): Column<Transaction>[] => [
  { id: "symbol", title: columns.symbol, value: (fill) => fill.symbol, cell: (fill) => <Link to="/positions/$id" params={{ id: fill.position_id }}>{fill.symbol}</Link> },
  { id: "side", title: columns.side, value: (fill) => texts.side[fill.side] ?? fill.side },
  { id: "quantity", title: columns.quantity, value: (fill) => fill.quantity, number: true, cell: (fill) => <Value of={fill.quantity} unit={baseOf(fill.symbol)} /> },
  { id: "price", title: columns.price, value: (fill) => fill.price, number: true, cell: (fill) => <Value of={fill.price} unit={quoteOf(fill.symbol)} /> },
  { id: "value", title: columns.value, value: (fill) => fill.value, number: true, cell: (fill) => <Value of={fill.value} unit={quoteOf(fill.symbol)} /> },
  { id: "fee", title: columns.fee, value: (fill) => fill.fee, number: true, cell: (fill) => <Fee of={fill} /> },
  { id: "at", title: columns.at, value: (fill) => fill.at, cell: (fill) => <Moment at={fill.at} /> },
  { id: "mode", title: columns.mode, value: (fill) => fill.mode, cell: (fill) => <ModeBadge mode={fill.mode} /> },
  { id: "account", title: columns.account, value: (fill) => named(fill.account_id), cell: (fill) => <AccountName of={{ id: fill.account_id, exchange: fill.exchange, mode: fill.mode }} link /> },
  { id: "order", title: columns.order, value: (fill) => fill.order_id, cell: (fill) => <Link to="/orders/$id" params={{ id: fill.order_id }}>{texts.order}</Link> },
  { id: "exchange", title: columns.exchange, value: (fill) => fill.exchange, hidden: true },
  { id: "id", title: columns.id, value: (fill) => fill.id, hidden: true, cell: (fill) => <code className="text-xs">{fill.id}</code> },
];

function Fee({ of: { fee, fee_asset: asset } }: { of: Transaction }) {
  return fee === null ? <span className="text-soft">{texts.feeUnknown}</span> : <Value of={fee} unit={asset ?? undefined} />;
}

/** Every fill of the reader's orders. */
export function Transactions() {
  const [search, filter] = useFilters();
  const { account, symbol, mode } = search;
  const accounts = useAccounts().data?.items ?? [];
  const query = { ...daysOf(search, Date.now(), null), account, symbol, mode: MODES.find((each) => each === mode) };
  const fills = useList("/api/v1/transactions", query, { poll: 15 });
  const named = useAccountTexts();
  const all = useMemo(() => columnsWith(named), [named]);
  const isFiltered = Object.values(query).some(Boolean);
  return (
    <Page title={texts.title} about={<ReadAt at={fills.dataUpdatedAt} failed={fills.isError} />} actions={<Sheet path="/api/v1/transactions" query={query} file={texts.csvFile} />}>
      <p className="text-soft">{texts.about}</p>
      <div className="flex flex-wrap items-start gap-2">
        <Periods usual={null} search={search} onChange={filter} />
        <Filters of={[BY_MODE, { name: "account", label: lists.account, options: accounts.map((each) => ({ value: each.id, text: accountText(each) })) }, { name: "symbol", label: lists.symbol }]} search={search} onChange={filter} />
      </div>
      <List
        of={fills}
        id="transactions"
        caption={texts.caption}
        columns={all}
        // A fill that its user has stated has no number: several of an order are told apart by their time.
        rowKey={(fill) => `${fill.id} ${fill.at}`}
        sort="-at"
        empty={isFiltered ? <Empty title={texts.emptyFiltered}>{texts.emptyNext}</Empty> : <Empty title={texts.empty} />}
      />
    </Page>
  );
}
