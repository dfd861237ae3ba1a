import { api, type Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { texts } from "@/texts/common";
import { settings as settingsTexts } from "@/texts/settings";
import { Age, Moment } from "@/ui/age";
import { Badge } from "@/ui/badge";
import { Effect } from "@/ui/effect";
import { List } from "@/ui/list";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { useLeave } from "./leave";

type Session = Schemas["Session"];

const told = settingsTexts.sessions;
const columns = told.columns;
const COLUMNS: Column<Session>[] = [
  { id: "created", title: columns.created, value: (session) => session.created_at, cell: (session) => <Moment at={session.created_at} /> },
  { id: "current", title: columns.current, value: (session) => (session.current ? told.current : told.other), cell: (session) => (session.current ? <Badge tone="good">{told.current}</Badge> : told.other) },
  { id: "agent", title: columns.agent, value: (session) => session.user_agent, cell: (session) => <span className="line-clamp-2 min-w-40" title={session.user_agent ?? undefined}>{session.user_agent ?? texts.none}</span> },
  { id: "address", title: columns.address, value: (session) => session.ip_address },
  { id: "seen", title: columns.seen, value: (session) => session.last_seen, cell: (session) => <Age at={session.last_seen} /> },
  { id: "ends", title: columns.ends, value: ends, cell: (session) => <Moment at={ends(session)} /> },
  { id: "act", title: columns.act, value: () => null, cell: (session) => <End of={session} /> },
];

function ends(session: Session): string {
  return session.refresh_expires_at ?? session.expires_at;
}

/** The reader's log-ins. */
export function Sessions() {
  const sessions = useList("/api/v1/sessions", {}, { poll: 60 });
  return (
    <Section title={told.title}>
      <p className="text-soft">{told.about}</p>
      <List of={sessions} id="sessions" caption={told.caption} columns={COLUMNS} rowKey={(session) => session.id} sort="-created" empty={<Empty title={told.empty} />} />
    </Section>
  );
}

function End({ of }: { of: Session }) {
  const leave = useLeave();
  const end = () => api.DELETE("/api/v1/sessions/{id}", { params: { path: { id: of.id } } });
  return (
    <Effect
      verb={told.end}
      title={told.endTitle}
      danger
      preview={
        <>
          <p className="break-words">{told.endPreview(of.user_agent ?? told.unknown)}</p>
          {of.current ? <p className="text-warn">{told.endOwn}</p> : null}
        </>
      }
      act={() => (of.current ? leave(end()) : end())}
    />
  );
}
