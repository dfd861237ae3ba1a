import type { ReactNode } from "react";
import { edit as editTexts } from "@/texts/presets";
import { Area } from "@/ui/form";
import type { Draft } from "./draft";
import { ProfitFields, StopFields } from "./fields-exits";
import { MoreFields, PyramidFields } from "./fields-more";
import { BaseFields, SafetyFields } from "./fields-orders";

interface PresetFieldsProps {
  value: Draft;
  onChange: (value: Draft) => void;
  restError: string | null;
}

/** All members of a preset: the usual ones as fields, the rest as JSON. */
export function PresetFields({ value, onChange, restError }: PresetFieldsProps) {
  const set = <Part extends keyof Draft>(part: Part) => (next: Draft[Part]) => onChange({ ...value, [part]: next });
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <div className="min-w-0 space-y-4">
        <Group title={editTexts.groups.base}>
          <BaseFields value={value.base} onChange={set("base")} />
        </Group>
        <Group title={editTexts.groups.safety}>
          <SafetyFields value={value.safety} onChange={set("safety")} />
        </Group>
        <Group title={editTexts.groups.time}>
          <MoreFields value={value.more} onChange={set("more")} />
        </Group>
      </div>
      <div className="min-w-0 space-y-4">
        <Group title={editTexts.groups.profit}>
          <ProfitFields value={value.profit} onChange={set("profit")} />
        </Group>
        <Group title={editTexts.groups.stop}>
          <StopFields value={value.stop} onChange={set("stop")} />
        </Group>
        <Group title={editTexts.groups.more}>
          <PyramidFields value={value.pyramids} onChange={set("pyramids")} />
          <Area label={editTexts.rest} hint={editTexts.restHint} rows={4} value={value.rest} onChange={set("rest")} error={restError} />
        </Group>
      </div>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="card min-w-0 space-y-3">
      <legend className="sr-only">{title}</legend>
      <h2 aria-hidden="true">{title}</h2>
      {children}
    </fieldset>
  );
}
