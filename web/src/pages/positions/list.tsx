import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { inOurWords } from "@/lib/words";
import { texts } from "@/texts/common";
import { positions as positionsTexts } from "@/texts/positions";
import { AccountName, useAccountTexts } from "@/ui/account";
import { Age, Priced, ReadAt } from "@/ui/age";
import { Badge, ModeBadge, type Tone } from "@/ui/badge";
import { BY_MODE, Filters } from "@/ui/filters";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Profit, quoteOf, Value } from "@/ui/value";

type Position = Schemas["Position"];

const TONES: Partial<Record<Position["status"], Tone>> = { live: "good", closing: "warn", partially_filled: "note", waiting: "note", failed: "bad" };

export function Status({ of }: { of: Position["status"] }) {
  return <Badge tone={TONES[of] ?? "plain"}>{positionsTexts.status[of] ?? of}</Badge>;
}

const told = positionsTexts.columns;
const columnsWith = (named: (id: string) => string): Column<Position>[] => [
  { id: "symbol", title: told.symbol, value: (position) => position.symbol, cell: (position) => <Link to="/positions/$id" params={{ id: position.id }}>{position.symbol}</Link> },
  { id: "status", title: told.status, value: (position) => position.status, cell: (position) => <Status of={position.status} /> },
  { id: "profit", title: told.profit, value: (position) => position.realised_pnl, number: true, cell: (position) => <Profit of={position.realised_pnl} unit={quoteOf(position.symbol)} /> },
  { id: "mark", title: told.mark, value: (position) => position.mark?.price, number: true, cell: (position) => position.mark && !position.closed_at ? <Priced at={position.mark.at} source={texts.source.price}><Value of={position.mark.price} /></Priced> : texts.none },
  { id: "side", title: told.side, value: (position) => positionsTexts.side[position.side] },
  { id: "mode", title: told.mode, value: (position) => position.mode, hidden: true, cell: (position) => <ModeBadge mode={position.mode} /> },
  { id: "account", title: told.account, value: (position) => named(position.account_id), cell: (position) => <AccountName of={{ id: position.account_id, exchange: position.exchange, mode: position.mode }} link /> },
  { id: "exposure", title: told.exposure, value: (position) => position.exposure, number: true, cell: (position) => <Value of={position.exposure} unit={quoteOf(position.symbol)} /> },
  { id: "stop", title: told.stop, value: (position) => position.protected, cell: (position) => (position.closed_at ? texts.none : <span className="whitespace-nowrap">{positionsTexts.protection[position.protected]}</span>) },
  { id: "opened", title: told.opened, value: (position) => position.opened_at, cell: (position) => <Age at={position.opened_at} /> },
  { id: "closed", title: told.closed, value: (position) => position.closed_at, cell: (position) => (position.closed_at ? <Age at={position.closed_at} /> : texts.none) },
  { id: "exit", title: told.exit, value: (position) => position.exit_reason, cell: (position) => (position.exit_reason ? positionsTexts.exit[position.exit_reason] : texts.none) },
  { id: "exchange", title: told.exchange, value: (position) => position.exchange, hidden: true },
  { id: "attention", title: told.attention, value: (position) => position.attention, cell: (position) => (position.attention ? <span className="text-warn">{inOurWords(position.attention)}</span> : texts.none) },
  { id: "preset", title: told.preset, value: (position) => position.preset?.name, hidden: true },
  { id: "id", title: told.id, value: (position) => position.id, hidden: true, cell: (position) => <code className="text-xs">{position.id}</code> },
];

export function Positions() {
  const [search, filter] = useFilters();
  const { status, mode, symbol } = search;
  const named = useAccountTexts();
  const columns = useMemo(() => columnsWith(named), [named]);
  const positions = useList("/api/v1/position-groups", { status, mode, symbol }, { poll: true });
  return (
    <Page title={positionsTexts.title} about={<ReadAt at={positions.dataUpdatedAt} failed={positions.isError} />}>
      <Filters
        of={[
          { name: "status", label: positionsTexts.filters.status, options: (Object.keys(positionsTexts.status) as Position["status"][]).map((value) => ({ value, text: positionsTexts.status[value] })) },
          BY_MODE,
          { name: "symbol", label: positionsTexts.filters.symbol },
        ]}
        search={search}
        onChange={filter}
      />
      <List
        of={positions}
        id="positions"
        caption={positionsTexts.title}
        columns={columns}
        rowKey={(position) => position.id}
        sort="-opened"
        empty={
          status || mode || symbol ? (
            <Empty title={positionsTexts.emptyFiltered} />
          ) : (
            <Empty title={positionsTexts.empty}>
              <Link to="/setup">{positionsTexts.emptyNext}</Link>
            </Empty>
          )
        }
      />
    </Page>
  );
}
