import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { settings as settingsTexts } from "@/texts/settings";
import { Badge } from "@/ui/badge";
import { Section } from "@/ui/page";
import { type Column, Table } from "@/ui/table";
import { Opens } from "./opens";
import { EditPreferences } from "./edit";

type Settings = Schemas["UserSettings"];
export type Name = keyof Settings["from"];

const told = settingsTexts.preferences;
export const NAMES: readonly Name[] = ["theme", "time_zone", "quote_currency", "entry_preset", "quiet_hours", "risk_profile"];
const ROWS = NAMES.map((name) => ({ name }));

/** A value in words. */
export function inWords(name: Name, value: string): string {
  if (name === "theme") return Object.entries(told.themes).find(([each]) => each === value)?.[1] ?? value;
  if (name === "risk_profile") return Object.entries(told.risks).find(([each]) => each === value)?.[1] ?? value;
  return value;
}

const columnsOf = (settings: Settings): Column<{ name: Name }>[] => [
  { id: "name", title: told.columns.name, value: ({ name }) => told.names[name] },
  { id: "value", title: told.columns.value, value: ({ name }) => inWords(name, settings[name]) },
  { id: "from", title: told.columns.from, value: ({ name }) => told.from[settings.from[name]], cell: ({ name }) => <Badge tone={settings.from[name] === "user" ? "note" : "plain"}>{told.from[settings.from[name]]}</Badge> },
  { id: "means", title: told.columns.means, value: ({ name }) => told.means[name], cell: ({ name }) => <span className="text-soft block min-w-56">{told.means[name]}</span> },
];

/** The reader's settings as they apply, and where each comes from. */
export function Preferences({ settings }: { settings: Settings }) {
  const columns = useMemo(() => columnsOf(settings), [settings]);
  return (
    <>
      <Section title={told.title} actions={<Opens verb={told.edit}>{(close) => <EditPreferences settings={settings} onClose={close} />}</Opens>}>
        <Table id="preferences" caption={told.caption} rows={ROWS} columns={columns} rowKey={({ name }) => name} empty={null} />
      </Section>
      <Section title={told.limits}>
        <div className="card space-y-2">
          <ul className="list-disc pl-5">
            {told.limitLines(settings.proposed_limits).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <p className="text-soft">
            {told.limitsAbout} <Link to="/accounts">{told.limitsNext}</Link>
          </p>
        </div>
      </Section>
    </>
  );
}
