import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { api, type Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { alerts as alertsTexts, deadLetters as deadTexts } from "@/texts/alerts";
import { texts } from "@/texts/common";
import { Age, ReadAt } from "@/ui/age";
import { Badge, type Tone } from "@/ui/badge";
import { Copy } from "@/ui/copy";
import { Dialog } from "@/ui/dialog";
import { Effect } from "@/ui/effect";
import { Select } from "@/ui/form";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";

type Letter = Schemas["DeadLetter"];

const TONES: Record<Letter["state"], Tone> = { waiting: "bad", retried: "note", dropped: "plain" };

const told = deadTexts.columns;
const COLUMNS: Column<Letter>[] = [
  { id: "at", title: told.at, value: (letter) => letter.at, cell: (letter) => <Age at={letter.at} /> },
  { id: "kind", title: told.kind, value: (letter) => deadTexts.kind[letter.kind] ?? letter.kind },
  { id: "state", title: told.state, value: (letter) => letter.state, cell: (letter) => <Badge tone={TONES[letter.state] ?? "plain"}>{deadTexts.state[letter.state] ?? letter.state}</Badge> },
  { id: "why", title: told.why, value: (letter) => letter.why },
  { id: "about", title: told.about, value: (letter) => letter.delivery_id ?? letter.position_group_id, cell: (letter) => <About of={letter} /> },
  { id: "times", title: told.times, value: (letter) => letter.times, number: true },
  { id: "queue", title: told.queue, value: (letter) => letter.queue, hidden: true },
  { id: "ended", title: told.ended, value: (letter) => letter.ended_at, cell: (letter) => (letter.ended_at ? <Age at={letter.ended_at} /> : texts.none) },
  { id: "reason", title: told.reason, value: (letter) => letter.reason },
  { id: "trace", title: told.trace, value: (letter) => letter.trace, hidden: true, cell: (letter) => <code className="text-xs">{letter.trace}</code> },
  { id: "id", title: told.id, value: (letter) => letter.id, hidden: true, cell: (letter) => <code className="text-xs">{letter.id}</code> },
  { id: "actions", title: told.actions, value: (letter) => letter.no_retry, cell: (letter) => <Actions of={letter} /> },
];

const OWNERS = [
  { value: "", text: deadTexts.ofYou },
  { value: "deployment", text: deadTexts.ofDeployment },
];

/** What could not be processed, and waits for a decision by hand. */
export function DeadLetters({ views }: { views: ReactNode }) {
  const [search, filter] = useFilters();
  const operates = useMay("system:operate");
  const of = operates && search.of === "deployment" ? "deployment" : undefined;
  const letters = useList("/api/v1/parked", { of }, { poll: 15 });
  return (
    <Page title={alertsTexts.title} about={<ReadAt at={letters.dataUpdatedAt} failed={letters.isError} />}>
      {views}
      <p className="text-soft">{deadTexts.intro}</p>
      {operates ? (
        <div className="max-w-60">
          <Select label={deadTexts.of} value={of ?? ""} onChange={(value) => filter("of", value)} options={OWNERS} />
        </div>
      ) : null}
      <List of={letters} id="dead-letters" caption={alertsTexts.views["dead-letters"]} columns={COLUMNS} rowKey={(letter) => letter.id} sort="-at" empty={<Empty title={deadTexts.empty}>{deadTexts.emptyNext}</Empty>} />
    </Page>
  );
}

function About({ of }: { of: Letter }) {
  if (of.delivery_id) return <Link to="/alerts/$id" params={{ id: of.delivery_id }}>{deadTexts.alertLink}</Link>;
  if (of.position_group_id) return <Link to="/positions/$id" params={{ id: of.position_group_id }}>{deadTexts.positionLink}</Link>;
  return texts.none;
}

function Actions({ of }: { of: Letter }) {
  const may = useMay("trading:write") && of.state === "waiting";
  const params = { path: { id: of.id } };
  return (
    <div className="flex gap-2">
      {of.body === null ? null : <Message of={of} body={of.body} />}
      {may && of.retry !== null ? (
        <Effect
          verb={deadTexts.retry}
          title={deadTexts.retryTitle}
          preview={
            <>
              <What of={of} />
              <p>{deadTexts.retries[of.kind] ?? of.retry}</p>
              <p className="text-soft">{deadTexts.retryCost}</p>
            </>
          }
          act={({ key }) => api.POST("/api/v1/parked/{id}/retry", { params: { ...params, header: { "Idempotency-Key": key } } })}
        />
      ) : null}
      {may ? (
        <Effect
          verb={deadTexts.discard}
          title={deadTexts.discardTitle}
          danger
          reason
          preview={
            <>
              <What of={of} />
              {of.no_retry ? <p>{of.no_retry}</p> : null}
              <p>{deadTexts.discards[of.kind]}</p>
              <p className="text-soft">{deadTexts.discardKeeps}</p>
            </>
          }
          act={({ key, reason }) => api.POST("/api/v1/parked/{id}/drop", { params: { ...params, header: { "Idempotency-Key": key } }, body: { reason } })}
        />
      ) : null}
    </div>
  );
}

function What({ of }: { of: Letter }) {
  return (
    <p>
      <span className="font-medium">{deadTexts.kind[of.kind] ?? of.kind}</span>: {of.why}
    </p>
  );
}

function Message({ of, body }: { of: Letter; body: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {deadTexts.message}
      </button>
      {open ? (
        <Dialog title={deadTexts.messageTitle} onClose={() => setOpen(false)}>
          {of.body_cut ? <p className="text-warn mb-2">{deadTexts.messageCut}</p> : null}
          <Copy label={deadTexts.message} text={body} />
        </Dialog>
      ) : null}
    </>
  );
}
