import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { inOurWords } from "@/lib/words";
import { audit as auditTexts } from "@/texts/audit";
import { Moment, ReadAt } from "@/ui/age";
import { Dates } from "@/ui/dates";
import { Filters } from "@/ui/filters";
import { List } from "@/ui/list";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Export } from "./export";
import { actorOf, Details, subjectOf } from "./row";
import { Verify } from "./verify";

type Row = Schemas["AuditLog"];

const { columns: titles, filters } = auditTexts;

const columnsFor = (mayUsers: boolean): Column<Row>[] => [
  { id: "at", title: titles.at, value: (row) => row.timestamp, cell: (row) => <Moment at={row.timestamp} /> },
  { id: "action", title: titles.action, value: (row) => row.action, cell: (row) => <span className="font-medium">{inOurWords(row.action)}</span> },
  { id: "what", title: titles.what, value: subjectOf, cell: (row) => <span className="block min-w-48 break-all">{subjectOf(row)}</span> },
  { id: "user", title: titles.user, value: (row) => row.user_id, cell: (row) => <UserId id={row.user_id} linked={mayUsers} /> },
  { id: "actor", title: titles.actor, value: actorOf },
  { id: "address", title: titles.address, value: (row) => row.ip_address },
  { id: "open", title: titles.open, value: (row) => row.details.reason, cell: (row) => <Details of={row} /> },
];

function UserId({ id, linked }: { id: string; linked: boolean }) {
  const code = <code className="text-xs">{id}</code>;
  return linked ? (
    <Link to="/users/$id" params={{ id }}>
      {code}
    </Link>
  ) : (
    code
  );
}

/** Changes by users and programs, and whether the log of them is whole. */
export function ChangesView() {
  const [search, filter] = useFilters();
  const { action, user_id, since, until } = search;
  const rows = useList("/api/v1/logs/audit", { action, user_id, since, until });
  const mayUsers = useMay("users:write");
  const columns = useMemo(() => columnsFor(mayUsers), [mayUsers]);
  return (
    <>
      <p className="text-soft">{auditTexts.about}</p>
      <ReadAt at={rows.dataUpdatedAt} failed={rows.isError} />
      <div className="flex flex-wrap gap-2">
        <Filters of={[{ name: "action", label: filters.action }, { name: "user_id", label: filters.user }]} search={search} onChange={filter} />
        <Dates since={filters.since} until={filters.until} search={search} onChange={filter} />
      </div>
      <Verify since={since} until={until} user={user_id}>
        <Export logs="audit" filters={{ action, user_id, since, until }} />
      </Verify>
      <List of={rows} id="audit" caption={auditTexts.title} columns={columns} rowKey={(row) => row.id} sort="-at" empty={<Empty title={auditTexts.empty}>{auditTexts.emptyNext}</Empty>} />
    </>
  );
}
