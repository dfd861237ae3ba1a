import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { texts as common } from "@/texts/common";
import { sources as texts, whales } from "@/texts/whales";
import { Age, Moment, ReadAt } from "@/ui/age";
import { Badge } from "@/ui/badge";
import { List } from "@/ui/list";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Switch } from "./switch";
import { blockchainText } from "./words";

type Source = Schemas["WhaleSource"];
type Count = "alerts" | "silent" | "unpriced" | "lost" | "left_out" | "requests";

const { columns } = texts;
const FAULTS: Record<string, string> = texts.faults;
const faultText = (fault: string): string => FAULTS[fault] ?? fault;
const kindText = (kind: Source["kind"]): string => texts.kinds[kind] ?? kind;
const count = (id: Count, title: string): Column<Source> => ({ id, title, value: ({ health }) => health?.[id], number: true });

const COLUMNS: Column<Source>[] = [
  { id: "name", title: columns.name, value: ({ name }) => name, cell: ({ name }) => <span className="block min-w-24 font-medium">{name}</span> },
  { id: "kind", title: columns.kind, value: ({ kind }) => kindText(kind), cell: ({ kind }) => <span className="whitespace-nowrap">{kindText(kind)}</span> },
  { id: "blockchain", title: columns.blockchain, value: ({ blockchain }) => blockchainText(blockchain) },
  { id: "enabled", title: columns.enabled, value: ({ enabled }) => (enabled ? texts.on : texts.off), cell: ({ enabled }) => <Badge tone={enabled ? "good" : "plain"}>{enabled ? texts.on : texts.off}</Badge> },
  // Beside the state, where it is seen without scrolling.
  { id: "actions", title: columns.actions, value: () => null, cell: (source) => <Switch of={source} /> },
  { id: "block", title: columns.block, value: ({ health }) => health?.block_number, number: true },
  { id: "read", title: columns.read, value: ({ health }) => health?.read_at, cell: ({ health }) => (health ? <Age at={health.read_at} /> : <span className="text-soft">{texts.unread}</span>) },
  { id: "fault", title: columns.fault, value: ({ health }) => health?.fault, cell: (source) => <Fault of={source} /> },
  count("alerts", columns.alerts),
  count("silent", columns.silent),
  count("unpriced", columns.unpriced),
  count("lost", columns.lost),
  count("left_out", columns.leftOut),
  count("requests", columns.requests),
  { id: "hosts", title: columns.hosts, value: ({ hosts }) => hosts.join(", "), hidden: true },
  { id: "changed", title: columns.changed, value: (source) => source.updated_at, hidden: true, cell: (source) => <Age at={source.updated_at} /> },
  { id: "id", title: columns.id, value: ({ id }) => id, hidden: true, cell: ({ id }) => <code className="text-xs">{id}</code> },
];

/** Where large transfers are read, and how each source does. */
export function Sources() {
  const of = useList("/api/v1/whale-sources", {}, { poll: 30 });
  const { counts } = texts;
  return (
    <>
      <ReadAt at={of.dataUpdatedAt} failed={of.isError} />
      <p className="text-soft">{texts.about}</p>
      <List
        of={of}
        id="whale-sources"
        caption={texts.caption}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        sort="name"
        empty={
          <Empty title={texts.empty}>
            {texts.emptyNext} <code>{whales.emptyCommand}</code>
          </Empty>
        }
      />
      {of.rows.length > 0 ? (
        <details>
          <summary className="cursor-pointer">{counts.title}</summary>
          <ul className="mt-2 list-disc space-y-1 pl-5">
            {[counts.silent, counts.unpriced, counts.lost, counts.leftOut, counts.requests].map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}

function Fault({ of: { health } }: { of: Source }) {
  if (!health) return common.none;
  if (!health.fault) return <span className="text-soft">{texts.healthy}</span>;
  return (
    <div className="min-w-56 space-y-1">
      <p className="text-bad">{faultText(health.fault)}</p>
      <p className="text-soft text-xs">
        {health.failing_since ? (
          <>
            {texts.since} <Moment at={health.failing_since} />
          </>
        ) : null}
        {health.again_at ? (
          <span className="block">
            {texts.again} <Moment at={health.again_at} />
          </span>
        ) : null}
      </p>
    </div>
  );
}
