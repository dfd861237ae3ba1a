import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type Answer, api, ifMatch, type Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { edit as editTexts, preset as presetTexts } from "@/texts/presets";
import { Copy } from "@/ui/copy";
import { Preview } from "@/ui/effect";
import { Input } from "@/ui/form";
import { Page, Section } from "@/ui/page";
import { type Draft, draftOf, membersOf, wrongShares } from "./draft";
import { PresetFields } from "./fields";
import { LadderPreview } from "./ladder";
import { ChangeList, MemberList } from "./members";
import { ofMembers } from "./plan";
import { changes, type Members } from "./words";

const EXAMPLE: Members = { base_order: { quote: "100" }, take_profit: { steps: [{ profit_percent: "1.5", amount_percent: "100" }] }, stop_loss_percent: "5" };

/** A page that makes a preset. */
export function NewPreset() {
  return (
    <Page title={editTexts.titleNew} about={<Link to="/presets">{presetTexts.back}</Link>}>
      <CreateForm members={EXAMPLE} name="" />
    </Page>
  );
}

/** Makes a preset, beginning with these members. */
export function CreateForm({ members, name: proposed }: { members: Members; name: string }) {
  const navigate = useNavigate();
  const presets = useList("/api/v1/presets");
  const [name, setName] = useState(proposed);
  const wrong = name !== "" && !/^[a-z0-9_-]{1,40}$/.test(name);
  const taken = presets.rows.some((each) => each.name === name && !each.built_in);
  return (
    <PresetForm
      begin={members}
      before={null}
      title={editTexts.previewNew}
      blocked={taken || wrong}
      head={<Input label={editTexts.name} hint={editTexts.nameHint} value={name} onChange={setName} maxLength={40} required error={taken ? editTexts.nameTaken : wrong ? editTexts.nameWrong : null} />}
      save={(preset, key) => api.POST("/api/v1/presets", { body: { name, preset }, params: { header: { "Idempotency-Key": key } } })}
      onDone={() => void navigate({ to: "/presets/$name", params: { name } })}
    />
  );
}

/** A page that makes the next version of a preset. */
export function EditPreset({ preset }: { preset: Schemas["Preset"] }) {
  const navigate = useNavigate();
  // What the form began with: a version that came meanwhile is not overwritten.
  const [begin] = useState(preset);
  const { name } = begin;
  return (
    <Page title={editTexts.title(name)} about={<Link to="/presets/$name" params={{ name }}>{name}</Link>}>
      <PresetForm
        begin={begin.preset}
        before={begin.preset}
        title={editTexts.preview(name)}
        save={(body) => api.PUT("/api/v1/presets/{name}", { body, params: { path: { name }, header: ifMatch(begin.version) } })}
        onDone={() => void navigate({ to: "/presets/$name", params: { name } })}
      />
    </Page>
  );
}

interface PresetFormProps {
  begin: Members;
  /** What it said before, to show what changes; null for a new one. */
  before: Members | null;
  title: string;
  head?: React.ReactNode;
  blocked?: boolean;
  save: (members: Members, key: string) => Promise<Answer<Schemas["Preset"]>>;
  onDone: () => void;
}

function PresetForm({ begin, before, title, head, blocked, save, onDone }: PresetFormProps) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(begin));
  const [asked, setAsked] = useState(false);
  const { members, error } = membersOf(draft);
  const changed = before === null ? null : changes(before, members);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
  };
  return (
    <>
      <form onSubmit={submit} className="space-y-4">
        {head ? <div className="card max-w-2xl">{head}</div> : null}
        <p className="text-soft">{editTexts.empty}</p>
        <PresetFields value={draft} onChange={setDraft} restError={error} />
        <div className="flex flex-wrap items-center gap-3">
          <button type="submit" className="button button-main" disabled={blocked || error !== null || wrongShares(draft.profit) !== null || changed?.length === 0}>
            {editTexts.save}
          </button>
          {changed?.length === 0 ? <span className="text-soft">{editTexts.same}</span> : null}
        </div>
      </form>
      <LadderPreview request={(market) => (error ? null : ofMembers(members, market))} />
      {asked ? (
        <Preview
          verb={editTexts.save}
          title={title}
          act={({ key }) => save(members, key)}
          onDone={onDone}
          onClose={() => setAsked(false)}
          preview={
            <>
              {changed ? (
                <Section title={editTexts.changes}>
                  <ChangeList of={changed} none={editTexts.same} />
                </Section>
              ) : (
                <MemberList of={members} />
              )}
              <p>{presetTexts.unchanged}</p>
              <details>
                <summary className="cursor-pointer">{presetTexts.json}</summary>
                <Copy text={JSON.stringify(members, null, 1)} label={presetTexts.json} />
              </details>
            </>
          }
        />
      ) : null}
    </>
  );
}
