import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { interval, key, read, useList } from "@/api/hooks";
import { atStop, isOpen } from "@/lib/position";
import { overview as texts } from "@/texts/overview";
import { positions as positionTexts } from "@/texts/positions";
import { texts as common } from "@/texts/common";
import { Age, Priced, ReadAt } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { Section } from "@/ui/page";
import { Empty, Failure, Loading } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { baseOf, Profit, quoteOf, Value } from "@/ui/value";
import { Status } from "../positions/list";

type Detail = Schemas["PositionDetail"];

/** Of more than these only the list is shown: each one is a question of its own. */
const DETAILS_MAX = 20;
const EVERY = 15;

/** What is open with its figures, which stand with each position alone. */
export function useOpenPositions() {
  const list = useList("/api/v1/position-groups", {}, { poll: true });
  const open = list.rows.filter((position) => isOpen(position.status)).slice(0, DETAILS_MAX);
  const details = useQueries({
    queries: open.map(({ id }) => ({
      queryKey: key("/api/v1/position-groups/{id}", { params: { path: { id } } }),
      queryFn: ({ signal }: { signal: AbortSignal }) => read("/api/v1/position-groups/{id}", { params: { path: { id } } }, signal),
      refetchInterval: () => interval(EVERY),
      refetchIntervalInBackground: true,
    })),
  });
  const rows = details.flatMap(({ data }) => (data && isOpen(data.status) ? [data] : []));
  return { list, rows, isPending: list.isPending || (open.length > 0 && rows.length === 0 && details.some((detail) => detail.isPending)) };
}

const told = texts.columns;
const COLUMNS: Column<Detail>[] = [
  { id: "symbol", title: told.market, value: (position) => position.symbol, cell: (position) => <Link to="/positions/$id" params={{ id: position.id }}>{position.symbol}</Link> },
  { id: "mode", title: told.mode, value: (position) => position.mode, cell: (position) => <ModeBadge mode={position.mode} /> },
  { id: "side", title: told.side, value: (position) => position.side },
  { id: "status", title: told.status, value: (position) => position.status, cell: (position) => <Status of={position.status} /> },
  { id: "held", title: told.held, value: (position) => position.quantity, number: true, cell: (position) => <Value of={position.quantity} unit={baseOf(position.symbol)} /> },
  { id: "average", title: told.average, value: (position) => position.average_price, number: true, cell: (position) => <Value of={position.average_price} /> },
  {
    id: "unrealised",
    title: told.unrealised,
    value: (position) => position.unrealised_pnl,
    number: true,
    cell: (position) => (
      <Priced at={position.mark?.at} source={common.source.price}>
        <Profit of={position.unrealised_pnl} unit={quoteOf(position.symbol)} />
      </Priced>
    ),
  },
  { id: "risk", title: texts.risk, value: atStop, number: true, cell: (position) => <AtStop of={position} /> },
  { id: "protected", title: told.protected, value: (position) => position.protected, cell: (position) => positionTexts.protection[position.protected] },
  { id: "opened", title: told.opened, value: (position) => position.opened_at, cell: (position) => <Age at={position.opened_at} /> },
];

/** What is won or lost if the stop is hit; where there is none, that is said. */
export function AtStop({ of }: { of: Detail }) {
  if (of.protected === "none") return <span className="text-warn">{texts.riskNone}</span>;
  return <Profit of={atStop(of)} unit={quoteOf(of.symbol)} />;
}

export function OpenPositions() {
  const { list, rows, isPending } = useOpenPositions();
  return (
    <Section title={texts.positions} actions={<ReadAt at={list.dataUpdatedAt} failed={list.isError} />}>
      {list.error ? (
        <Failure error={list.error} again={list.again} />
      ) : isPending ? (
        <Loading />
      ) : (
        <Table
          id="open-positions"
          caption={texts.positions}
          rows={rows}
          columns={COLUMNS}
          rowKey={(position) => position.id}
          sort="-opened"
          empty={
            <Empty title={texts.positionsEmpty}>
              <Link to="/setup">{texts.positionsEmptyNext}</Link>
            </Empty>
          }
        />
      )}
    </Section>
  );
}
