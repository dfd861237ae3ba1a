import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { texts } from "@/texts/common";
import { presets as presetsTexts } from "@/texts/presets";
import { Age, ReadAt } from "@/ui/age";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { NewPreset } from "./edit";
import { Import } from "./import";
import { describeOne, type Members } from "./words";

type Preset = Schemas["Preset"];

const said = (member: keyof Members) => (preset: Preset) => describeOne(member, preset.preset);

const told = presetsTexts.columns;
const COLUMNS: Column<Preset>[] = [
  { id: "name", title: told.name, value: (preset) => preset.name, cell: (preset) => <Link to="/presets/$name" params={{ name: preset.name }}>{preset.name}</Link> },
  { id: "base", title: told.base, value: said("base_order") },
  { id: "safety", title: told.safety, value: said("safety_orders") },
  { id: "profit", title: told.profit, value: said("take_profit") },
  { id: "stop", title: told.stop, value: said("stop_loss_percent") },
  { id: "version", title: told.version, value: (preset) => preset.version, number: true, cell: (preset) => (preset.built_in ? presetsTexts.builtIn : preset.version) },
  { id: "updated", title: told.updated, value: (preset) => preset.updated_at, cell: (preset) => (preset.updated_at ? <Age at={preset.updated_at} /> : texts.none) },
];

export function Presets() {
  const [search] = useFilters();
  const mayChange = useMay("trading:write");
  const presets = useList("/api/v1/presets");
  if (search.create && mayChange) return <NewPreset />;
  if (search.import) return <Import />;
  return (
    <Page title={presetsTexts.title} about={<ReadAt at={presets.dataUpdatedAt} failed={presets.isError} />} actions={<Actions mayChange={mayChange} />}>
      <p className="text-soft">{presetsTexts.why}</p>
      <List of={presets} id="presets" caption={presetsTexts.caption} columns={COLUMNS} rowKey={(preset) => preset.name} sort="name" empty={<Empty title={presetsTexts.empty} />} />
    </Page>
  );
}

function Actions({ mayChange }: { mayChange: boolean }) {
  return (
    <>
      <Link to="/presets" search={{ import: "1" }} className="button">
        {presetsTexts.import}
      </Link>
      {mayChange ? (
        <Link to="/presets" search={{ create: "1" }} className="button button-main">
          {presetsTexts.create}
        </Link>
      ) : null}
    </>
  );
}
