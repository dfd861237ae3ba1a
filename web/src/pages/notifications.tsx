import { api, type Schemas } from "@/api/client";
import { useChange, useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { notifications as notificationsTexts } from "@/texts/notifications";
import { Age, ReadAt } from "@/ui/age";
import { Badge } from "@/ui/badge";
import { Effect } from "@/ui/effect";
import { Filters } from "@/ui/filters";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Empty, Failure } from "@/ui/states";
import type { Column } from "@/ui/table";
import { About } from "./notifications/about";

type Notification = Schemas["Notification"];

const { columns, topics, ...told } = notificationsTexts;
/** They may be read and not deleted: an intruder would hide what they have left. */
const STAYS: readonly Notification["topic"][] = ["access_made", "password_reset", "password_changed", "refresh_reused"];
const titleOf = (topic: Notification["topic"]) => topics[topic]?.title ?? topic;

const COLUMNS: Column<Notification>[] = [
  { id: "at", title: columns.at, value: (notice) => notice.created_at, cell: (notice) => <Age at={notice.created_at} /> },
  { id: "state", title: columns.state, value: (notice) => (notice.is_read ? told.read : told.unread), cell: (notice) => (notice.is_read ? told.read : <Badge tone="note">{told.unread}</Badge>) },
  { id: "topic", title: columns.topic, value: (notice) => titleOf(notice.topic), cell: (notice) => <span className={notice.is_read ? undefined : "font-semibold"}>{titleOf(notice.topic)}</span> },
  { id: "text", title: columns.text, value: (notice) => notice.text, cell: (notice) => <span className="block min-w-48">{notice.text}</span> },
  { id: "next", title: columns.next, value: (notice) => topics[notice.topic]?.next, cell: (notice) => <span className="text-soft block min-w-40">{topics[notice.topic]?.next}</span> },
  { id: "about", title: columns.about, value: (notice) => notice.about, cell: (notice) => <About id={notice.about} /> },
  { id: "act", title: columns.act, value: () => null, cell: (notice) => <Actions of={notice} /> },
];

/** The reader's inbox. */
export function Notifications() {
  const [search, filter] = useFilters();
  const unread = search.unread === "true" ? "true" : undefined;
  const notices = useList("/api/v1/notifications", { unread }, { poll: 30 });
  const count = notices.rows.filter((notice) => !notice.is_read).length;
  return (
    <Page
      title={told.title}
      about={<ReadAt at={notices.dataUpdatedAt} failed={notices.isError} />}
      actions={
        count > 0 ? (
          <Effect
            verb={told.markAll}
            title={told.markAll}
            preview={<p>{told.markAllPreview(count)}</p>}
            act={({ key }) => api.POST("/api/v1/notifications/read-all", { params: { header: { "Idempotency-Key": key } } })}
          />
        ) : null
      }
    >
      <Filters of={[{ name: "unread", label: told.filters.unread, options: [{ value: "true", text: told.filters.options.unread }] }]} search={search} onChange={filter} />
      <List
        of={notices}
        id="notifications"
        caption={told.title}
        columns={COLUMNS}
        rowKey={(notice) => notice.id}
        sort="-at"
        empty={<Empty title={unread ? told.emptyUnread : told.empty}>{told.emptyNext}</Empty>}
      />
    </Page>
  );
}

function Actions({ of }: { of: Notification }) {
  const path = { id: of.id };
  // Marking as read changes nothing but this list: it needs no preview.
  const mark = useChange((key: string) => api.POST("/api/v1/notifications/{id}/read", { params: { path, header: { "Idempotency-Key": key } } }));
  return (
    <div className="flex flex-col items-start gap-1">
      {of.is_read ? null : (
        <button type="button" className="button whitespace-nowrap" disabled={mark.isPending} onClick={() => mark.mutate(crypto.randomUUID())}>
          {told.markRead}
        </button>
      )}
      {STAYS.includes(of.topic) ? (
        <span className="text-soft text-xs" title={told.staysWhy}>
          {told.stays}
        </span>
      ) : (
        <Effect verb={told.remove} title={told.removeTitle} danger preview={<p>{told.removePreview}</p>} act={() => api.DELETE("/api/v1/notifications/{id}", { params: { path } })} />
      )}
      {mark.error ? <Failure error={mark.error} /> : null}
    </div>
  );
}
