import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { texts } from "@/texts/common";
import { preset as presetTexts } from "@/texts/presets";
import { Age } from "@/ui/age";
import { List } from "@/ui/list";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { ChangeList } from "./members";
import { changes } from "./words";

type Row = Schemas["Preset"] & { before: Schemas["Preset"] | undefined };

function Changes({ of }: { of: Row }) {
  if (of.deleted) return <>{presetTexts.deletedHere}</>;
  if (!of.before) return <>{of.version === 1 ? presetTexts.first : texts.none}</>;
  if (of.before.deleted) return <>{presetTexts.again}</>;
  return <ChangeList of={changes(of.before.preset, of.preset)} none={presetTexts.same} />;
}

const told = presetTexts.versionColumns;
const COLUMNS: Column<Row>[] = [
  { id: "version", title: told.version, value: (row) => row.version },
  { id: "at", title: told.at, value: (row) => row.updated_at, cell: (row) => <Age at={row.updated_at} /> },
  { id: "changes", title: told.changes, value: (row) => (row.before ? changes(row.before.preset, row.preset).map((each) => each.title).join(", ") : null), cell: (row) => <Changes of={row} /> },
  { id: "by", title: told.by, value: (row) => row.updated_by, hidden: true, cell: (row) => <code className="text-xs">{row.updated_by ?? texts.none}</code> },
];

/** What a preset said before, and what each version changed. */
export function Versions({ name }: { name: string }) {
  const versions = useList("/api/v1/presets/{name}/versions", {}, { path: { name } });
  // Newest first: the version before stands behind.
  const rows = versions.rows.map((row, index) => ({ ...row, before: versions.rows[index + 1] }));
  return (
    <Section title={presetTexts.versions}>
      <p className="text-soft">
        {presetTexts.versionsWhy} {presetTexts.unchanged}
      </p>
      <List of={{ ...versions, rows }} id="preset-versions" caption={presetTexts.versionsCaption} columns={COLUMNS} rowKey={(row) => String(row.version)} sort="-version" empty={<Empty title={presetTexts.version(0)} />} />
    </Section>
  );
}
