import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { inOurWords } from "@/lib/words";
import { texts } from "@/texts/common";
import { audit as auditTexts } from "@/texts/audit";
import { Moment, ReadAt } from "@/ui/age";
import { Badge, type Tone } from "@/ui/badge";
import { Dates } from "@/ui/dates";
import { Filters } from "@/ui/filters";
import { List } from "@/ui/list";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Export } from "./export";

type Entry = Schemas["SystemLog"];

const { columns, filters, levels, categories } = auditTexts;
const TONES: Record<Entry["level"], Tone> = { DEBUG: "plain", INFO: "plain", WARNING: "warn", ERROR: "bad", CRITICAL: "bad" };
const more = (entry: Entry) => Object.entries(entry.details).map(([name, value]) => `${inOurWords(name)}: ${value}`).join(" · ");

const COLUMNS: Column<Entry>[] = [
  { id: "at", title: columns.at, value: (entry) => entry.timestamp, cell: (entry) => <Moment at={entry.timestamp} /> },
  { id: "level", title: columns.level, value: (entry) => levels[entry.level], cell: (entry) => <Badge tone={TONES[entry.level]}>{levels[entry.level]}</Badge> },
  { id: "category", title: columns.category, value: (entry) => categories[entry.category] },
  { id: "message", title: columns.message, value: (entry) => entry.message, cell: (entry) => <span className="block min-w-40">{inOurWords(entry.message)}</span> },
  { id: "more", title: columns.more, value: more, cell: (entry) => <span className="text-soft block min-w-40 text-xs break-all">{more(entry) || texts.none}</span> },
  { id: "user", title: columns.user, value: (entry) => entry.user_id, cell: (entry) => (entry.user_id ? <code className="text-xs">{entry.user_id}</code> : texts.none) },
  { id: "address", title: columns.address, value: (entry) => entry.ip_address },
];

/** What the deployment itself has logged. */
export function SystemView() {
  const [search, filter] = useFilters();
  const { level, category, since, until } = search;
  const entries = useList("/api/v1/logs/system", { level, category, since, until }, { poll: 30 });
  const options = (words: Record<string, string>) => Object.entries(words).map(([value, text]) => ({ value, text }));
  return (
    <>
      <p className="text-soft">{auditTexts.aboutSystem}</p>
      <ReadAt at={entries.dataUpdatedAt} failed={entries.isError} />
      <div className="flex flex-wrap items-end justify-between gap-2">
        <div className="flex flex-wrap gap-2">
          <Filters
            of={[
              { name: "level", label: filters.level, options: options(levels) },
              { name: "category", label: filters.category, options: options(categories) },
            ]}
            search={search}
            onChange={filter}
          />
          <Dates since={filters.since} until={filters.until} search={search} onChange={filter} />
        </div>
        <Export logs="system" filters={{ level, category, since, until }} />
      </div>
      <List of={entries} id="system-log" caption={auditTexts.views.system} columns={COLUMNS} rowKey={(entry) => entry.id} sort="-at" empty={<Empty title={auditTexts.emptySystem}>{auditTexts.emptyNext}</Empty>} />
    </>
  );
}
