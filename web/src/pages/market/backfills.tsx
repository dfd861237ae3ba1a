import { useState } from "react";
import { api, type Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { grouped } from "@/lib/decimal";
import { useMay } from "@/lib/session";
import { useNow } from "@/lib/time";
import { market as marketTexts } from "@/texts/market";
import { Age, Moment } from "@/ui/age";
import { Badge, type Tone } from "@/ui/badge";
import { Effect, Preview } from "@/ui/effect";
import { Input } from "@/ui/form";
import { List } from "@/ui/list";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { candlesIn, named, type Series } from "./series";

type Backfill = Schemas["Backfill"];

const told = marketTexts.backfills;
const columns = told.columns;
const CANDLES_MAX = 129_600;
const TONES: Record<Backfill["state"], Tone> = { running: "note", done: "good", cancelled: "plain", failed: "bad" };

const COLUMNS: Column<Backfill>[] = [
  { id: "created", title: columns.created, value: (each) => each.created_at, cell: (each) => <Age at={each.created_at} /> },
  { id: "series", title: columns.series, value: named, cell: (each) => <span className="whitespace-nowrap">{named(each)}</span> },
  { id: "state", title: columns.state, value: (each) => told.state[each.state], cell: (each) => <Badge tone={TONES[each.state]}>{told.state[each.state]}</Badge> },
  { id: "progress", title: columns.progress, value: (each) => each.percent, cell: (each) => <Progress of={each} /> },
  { id: "from", title: columns.from, value: (each) => each.start_date, cell: (each) => <Moment at={each.start_date} /> },
  { id: "to", title: columns.to, value: (each) => each.end_date, cell: (each) => <Moment at={each.end_date} /> },
  { id: "candles", title: columns.candles, value: (each) => each.candles, number: true },
  { id: "corrected", title: columns.corrected, value: (each) => each.corrected, number: true, hidden: true },
  { id: "detail", title: columns.detail, value: (each) => each.detail },
];
/** Beside the progress, where it is seen without scrolling. */
const BEFORE_ACT = 4;
const ACT: Column<Backfill> = { id: "act", title: columns.act, value: () => null, cell: (each) => (each.state === "running" ? <Cancel of={each} /> : null) };

/** Requests for older candles. */
export function Backfills({ series }: { series: Series }) {
  const may = useMay("research:write");
  const backfills = useList("/api/v1/market-data/backfill", {}, { poll: 15 });
  return (
    <Section title={told.title} actions={may ? <Add series={series} /> : null}>
      <p className="text-soft">{told.about}</p>
      <List of={backfills} id="backfills" caption={told.caption} columns={may ? [...COLUMNS.slice(0, BEFORE_ACT), ACT, ...COLUMNS.slice(BEFORE_ACT)] : COLUMNS} rowKey={(each) => each.id} sort="-created" empty={<Empty title={told.none} />} />
    </Section>
  );
}

function Progress({ of }: { of: Backfill }) {
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      <span role="progressbar" aria-label={told.progress(named(of), of.percent)} aria-valuemin={0} aria-valuemax={100} aria-valuenow={of.percent} className="bg-line inline-block h-2 w-24 rounded">
        <span className="bg-brand block h-2 rounded" style={{ width: `${of.percent}%` }} />
      </span>
      {told.percent(of.percent)}
    </span>
  );
}

function Cancel({ of }: { of: Backfill }) {
  return (
    <Effect
      verb={told.cancel}
      title={told.cancelTitle}
      danger
      preview={<p>{told.cancelPreview(named(of), of.candles)}</p>}
      act={() => api.DELETE("/api/v1/market-data/backfill/{id}", { params: { path: { id: of.id } } })}
    />
  );
}

function Add({ series }: { series: Series }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {told.add}
      </button>
      {open ? <Create series={series} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Create({ series, onClose }: { series: Series; onClose: () => void }) {
  const now = useNow();
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const count = since ? candlesIn(since, until, series.timeframe, now) : 0;
  const wrong = since && until && until < since ? told.order : count > CANDLES_MAX ? told.tooMany(grouped(String(CANDLES_MAX))) : null;
  return (
    <Preview
      verb={told.add}
      title={told.addTitle(named(series))}
      onClose={onClose}
      disabled={!since || count === 0 ? told.since : wrong}
      preview={
        <>
          <p>{told.addPreview}</p>
          <Input label={told.since} type="date" value={since} onChange={setSince} required error={wrong} />
          <Input label={told.until} type="date" value={until} onChange={setUntil} />
          {count > 0 && !wrong ? <p>{told.count(grouped(String(count)))}</p> : null}
        </>
      }
      act={({ key }) => api.POST("/api/v1/market-data/backfill", { params: { query: { ...series, since, until: until || undefined }, header: { "Idempotency-Key": key } } })}
    />
  );
}
