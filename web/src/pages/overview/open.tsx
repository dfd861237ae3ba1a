import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { interval, key, read } from "@/api/hooks";
import { atStop, atStopWithLadder, isByPyramid, isOpen } from "@/lib/position";
import { texts as common } from "@/texts/common";
import { overview as texts } from "@/texts/overview";
import { positions as positionTexts } from "@/texts/positions";
import { AccountName, useAccountTexts } from "@/ui/account";
import { Age, Priced, ReadAt } from "@/ui/age";
import { Section } from "@/ui/page";
import { Empty, Shown } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { baseOf, Profit, quoteOf, Value } from "@/ui/value";
import { Status } from "../positions/list";
import { type OpenList, useOpenList } from "./open-list";

type Detail = Schemas["PositionDetail"];

/** Of more than these only the list is shown: each one is a question of its own. */
const DETAILS_MAX = 20;
const EVERY = 15;

/** A position of the list, with its figures or why there are none. */
interface Row {
  of: Schemas["Position"];
  account: string;
  detail: Detail | null;
  without: string;
}

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
  const details = useQueries({
    queries: rows.slice(0, DETAILS_MAX).map(({ id }) => ({
      queryKey: key("/api/v1/position-groups/{id}", { params: { path: { id } } }),
      queryFn: ({ signal }: { signal: AbortSignal }) => read("/api/v1/position-groups/{id}", { params: { path: { id } } }, signal),
      refetchInterval: () => interval(EVERY),
      refetchIntervalInBackground: true,
    })),
  });
  const shown = rows.map((position, at): Row => {
    const asked = details[at];
    const detail = asked?.isError ? null : (asked?.data ?? null);
    return {
      of: detail ?? position,
      account: named(position.account_id),
      detail,
      without: !asked ? common.none : asked.isError ? texts.unreadFigure : common.states.loading,
    };
  });
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

const figure = (shown: (detail: Detail) => ReactNode) => (row: Row) => (row.detail ? shown(row.detail) : <span className="text-soft">{row.without}</span>);

const told = texts.columns;
// What is won, and what is at risk, come first: a phone shows no more than these.
const COLUMNS: Column<Row>[] = [
  { id: "symbol", title: told.market, value: ({ of }) => of.symbol, cell: ({ of }) => <Link to="/positions/$id" params={{ id: of.id }}>{of.symbol}</Link> },
  {
    id: "unrealised",
    title: told.unrealised,
    value: ({ detail }) => detail?.unrealised_pnl,
    number: true,
    cell: figure((detail) => (
      <Priced at={detail.mark?.at} source={common.source.price}>
        <Profit of={detail.unrealised_pnl} unit={quoteOf(detail.symbol)} />
      </Priced>
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

/** What is won or lost if the stop is hit, now and once the ladder has filled; where there is none, that is said. */
function AtStop({ of }: { of: Detail }) {
  if (of.protected === "none") return <span className="text-warn">{texts.riskNone}</span>;
  if (isByPyramid(of)) return texts.byPyramid;
  const [now, all] = [atStop(of), atStopWithLadder(of)];
  const unit = quoteOf(of.symbol);
  return (
    <>
      <Profit of={now} unit={unit} />
      {now === all ? null : (
        <span className="text-soft block text-xs" title={texts.ladderWhy}>
          {texts.ladder} <Profit of={all} unit={unit} />
        </span>
      )}
    </>
  );
}
