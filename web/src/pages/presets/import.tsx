import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, type Schemas } from "@/api/client";
import { useChange } from "@/api/hooks";
import { useMay } from "@/lib/session";
import { texts } from "@/texts/common";
import { importing, preset as presetTexts } from "@/texts/presets";
import { Badge, type Tone } from "@/ui/badge";
import { Area } from "@/ui/form";
import { Page, Section } from "@/ui/page";
import { Empty, Failure } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { objectOf } from "./draft";
import { CreateForm } from "./edit";
import { MemberList } from "./members";

type Row = Schemas["ImportedMember"];
type Imported = Schemas["PresetImport"];

const TONES: Record<Row["outcome"], Tone> = { carried_over: "good", changed: "warn", left_out: "bad" };

const told = importing.columns;
const COLUMNS: Column<Row>[] = [
  { id: "member", title: told.member, value: (row) => row.member, cell: (row) => <code className="text-xs">{row.member}</code> },
  { id: "value", title: told.value, value: (row) => row.value, cell: (row) => <code className="text-xs break-all">{row.value}</code> },
  { id: "outcome", title: told.outcome, value: (row) => importing.outcome[row.outcome], cell: (row) => <Badge tone={TONES[row.outcome]}>{importing.outcome[row.outcome]}</Badge> },
  { id: "detail", title: told.detail, value: (row) => row.detail },
];

/** Makes a preset of a 3Commas bot; nothing is stored before it is saved. */
export function Import() {
  const [bot, setBot] = useState("");
  // Nothing is stored by it, so it needs no preview: its answer is one.
  const convert = useChange((body: Record<string, unknown>) => api.POST("/api/v1/presets/import", { body }));
  const { object, error } = objectOf(bot);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    convert.mutate(object);
  };
  return (
    <Page title={importing.title} about={<Link to="/presets">{presetTexts.back}</Link>}>
      <form onSubmit={submit} className="card max-w-3xl space-y-3">
        <p>{importing.why}</p>
        <Area label={importing.bot} value={bot} onChange={setBot} rows={12} required error={error ? importing.bad : null} />
        <button type="submit" className="button button-main" disabled={error !== null || convert.isPending}>
          {convert.isPending ? texts.actions.sending : importing.go}
        </button>
      </form>
      {convert.error ? <Failure error={convert.error} /> : null}
      {convert.data ? <Result key={convert.submittedAt} of={convert.data} /> : null}
    </Page>
  );
}

function Result({ of }: { of: Imported }) {
  const mayChange = useMay("trading:write");
  const count = (outcome: Row["outcome"]) => of.members.filter((row) => row.outcome === outcome).length;
  return (
    <>
      <Section title={importing.result}>
        <p>{importing.counts(count("carried_over"), count("changed"), count("left_out"))}</p>
        <Table id="imported" caption={importing.caption} rows={of.members} columns={COLUMNS} rowKey={(row) => row.member} empty={<Empty title={texts.none} />} />
      </Section>
      <Section title={importing.next}>{mayChange ? <CreateForm members={of.preset} name={of.name ?? ""} /> : <MemberList of={of.preset} />}</Section>
    </>
  );
}
