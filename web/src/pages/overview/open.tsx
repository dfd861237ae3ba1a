import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { interval, key, read } from "@/api/hooks";
import { atStop, isOpen } from "@/lib/position";
import { texts as common } from "@/texts/common";
import { overview as texts } from "@/texts/overview";
import { positions as positionTexts } from "@/texts/positions";
import { AccountName, useAccountTexts } from "@/ui/account";
import { Age, Priced, ReadAt } from "@/ui/age";
import { Section } from "@/ui/page";
import { Empty, Shown } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { baseOf, Profit, quoteOf, Value } from "@/ui/value";
import { AtStop } from "../positions/figures";
import { Status } from "../positions/list";
import { few } from "./few";
import { type OpenList, useClosedList, useOpenList } from "./open-list";
import { type Row, rowOf } from "./row";

type Detail = Schemas["PositionDetail"];

/** Of more than these only the list is shown: each one is a question of its own. */
const DETAILS_MAX = 20;
const EVERY = 15;

/** A small account has room for ten functions at once, and its alerts need some of them. */
const inTurn = few(4);

export function OpenPositions() {
  const list = useOpenList();
  return (
    <Section title={texts.positions} actions={<ReadAt at={list.dataUpdatedAt} failed={list.isError} />}>
      <Shown of={list}>{(data) => <Positions of={data} />}</Shown>
    </Section>
  );
}

function Positions({ of: { rows, isCut } }: { of: OpenList }) {
  const named = useAccountTexts();
  // The lists first: details are many.
  const enabled = !useClosedList(false).isPending;
  const details = useQueries({
    queries: rows.slice(0, DETAILS_MAX).map(({ id }) => ({
      queryKey: key("/api/v1/position-groups/{id}", { params: { path: { id } } }),
      queryFn: ({ signal }: { signal: AbortSignal }) => inTurn(() => read("/api/v1/position-groups/{id}", { params: { path: { id } } }, signal)),
      enabled,
      refetchInterval: () => interval(EVERY),
      refetchIntervalInBackground: true,
    })),
  });
  const shown = rows.map((position, at) => rowOf(position, details[at], named(position.account_id)));
  return (
    <>
      <Table
        id="open-positions"
        caption={texts.positions}
        // Its page may know already that it is closed.
        rows={shown.filter(({ of }) => isOpen(of.status))}
        columns={COLUMNS}
        rowKey={({ of }) => of.id}
        sort="-opened"
        empty={
          <Empty title={texts.positionsEmpty}>
            <Link to="/setup">{texts.positionsEmptyNext}</Link>
          </Empty>
        }
        footer={rows.length > DETAILS_MAX ? texts.detailsMax(DETAILS_MAX, rows.length) : null}
      />
      {isCut ? <p className="text-warn">{texts.cut}</p> : null}
    </>
  );
}

const figure = (shown: (detail: Detail, old: number) => ReactNode) => ({ detail, old, without }: Row) =>
  detail ? <span className={old ? "stale" : undefined}>{shown(detail, old)}</span> : <span className="text-soft">{without}</span>;

const told = texts.columns;
// What is won, and what is at risk, come first: a phone shows no more than these.
const COLUMNS: Column<Row>[] = [
  { id: "symbol", title: told.market, value: ({ of }) => of.symbol, cell: ({ of }) => <Link to="/positions/$id" params={{ id: of.id }}>{of.symbol}</Link> },
  {
    id: "unrealised",
    title: told.unrealised,
    value: ({ detail }) => detail?.unrealised_pnl,
    number: true,
    cell: figure((detail, old) => (
      <>
        <Priced at={detail.mark?.at} source={common.source.price}>
          <Profit of={detail.unrealised_pnl} unit={quoteOf(detail.symbol)} />
        </Priced>
        <ReadAt at={old} failed />
      </>
    )),
  },
  { id: "risk", title: texts.risk, value: ({ detail }) => detail && atStop(detail), number: true, cell: figure((detail) => <AtStop of={detail} />) },
  { id: "account", title: told.account, value: ({ account }) => account, cell: ({ of }) => <AccountName of={{ id: of.account_id, exchange: of.exchange, mode: of.mode }} link /> },
  { id: "side", title: told.side, value: ({ of }) => of.side },
  { id: "status", title: told.status, value: ({ of }) => of.status, cell: ({ of }) => <Status of={of.status} /> },
  { id: "held", title: told.held, value: ({ detail }) => detail?.quantity, number: true, cell: figure((detail) => <Value of={detail.quantity} unit={baseOf(detail.symbol)} />) },
  { id: "average", title: told.average, value: ({ detail }) => detail?.average_price, number: true, cell: figure((detail) => <Value of={detail.average_price} />) },
  { id: "protected", title: told.protected, value: ({ of }) => of.protected, cell: ({ of }) => positionTexts.protection[of.protected] },
  { id: "opened", title: told.opened, value: ({ of }) => of.opened_at, cell: ({ of }) => <Age at={of.opened_at} /> },
];
