import { useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useMay } from "@/lib/session";
import { choose } from "@/lib/theme";
import { texts } from "@/texts/common";
import { settings as settingsTexts } from "@/texts/settings";
import { Preview } from "@/ui/effect";
import { Input, Select } from "@/ui/form";
import { Changes } from "./changes";
import { inWords, type Name, NAMES } from "./preferences";

type Settings = Schemas["UserSettings"];
type Draft = Record<Name, string>;

const told = settingsTexts.preferences;
const THEMES = ["system", "light", "dark"] as const;
const RISKS = ["conservative", "balanced", "aggressive"] as const;
const chosenBy = (settings: Settings, name: Name) => (settings.from[name] === "user" ? settings[name] : "");

/** All settings in one form: an empty field is as the plan or the product has it. */
export function EditPreferences({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>(() => ({
    theme: chosenBy(settings, "theme"),
    time_zone: chosenBy(settings, "time_zone"),
    quote_currency: chosenBy(settings, "quote_currency"),
    entry_preset: chosenBy(settings, "entry_preset"),
    quiet_hours: chosenBy(settings, "quiet_hours"),
    risk_profile: chosenBy(settings, "risk_profile"),
  }));
  const set = (name: Name) => (value: string) => setDraft({ ...draft, [name]: value });
  const changed = NAMES.filter((name) => draft[name].trim() !== chosenBy(settings, name));
  const presets = useRead("/api/v1/presets", { params: { query: { limit: 200 } } }, { enabled: useMay("trading:read") });
  const orDefault = (values: readonly { value: string; text: string }[]) => [{ value: "", text: told.default }, ...values];
  const named = (name: Name, values: readonly string[]) => orDefault(values.map((value) => ({ value, text: inWords(name, value) })));
  return (
    <Preview
      verb={texts.actions.save}
      title={told.edit}
      onClose={onClose}
      disabled={changed.length === 0 ? settingsTexts.changes.none : null}
      version={settings.version}
      act={({ version }) => api.PATCH("/api/v1/user-settings", { params: { header: ifMatch(version) }, body: bodyOf(draft, changed) })}
      onDone={(now) => {
        if (changed.includes("theme")) choose(now.theme);
      }}
      preview={
        <>
          <p className="text-soft">{told.preview}</p>
          <div className="grid gap-3 sm:grid-cols-2">
            <Select label={told.names.theme} value={draft.theme} onChange={set("theme")} options={named("theme", THEMES)} />
            <Select label={told.names.time_zone} value={draft.time_zone} onChange={set("time_zone")} options={named("time_zone", zones(draft.time_zone))} />
            <Input label={told.names.quote_currency} hint={told.currencyHint} value={draft.quote_currency} onChange={set("quote_currency")} maxLength={20} />
            <Select label={told.names.entry_preset} value={draft.entry_preset} onChange={set("entry_preset")} options={named("entry_preset", withOwn(presets.data?.items.map((preset) => preset.name) ?? [], draft.entry_preset))} />
            <Input label={told.names.quiet_hours} hint={told.quietHint} value={draft.quiet_hours} onChange={set("quiet_hours")} maxLength={11} />
            <Select label={told.names.risk_profile} value={draft.risk_profile} onChange={set("risk_profile")} options={named("risk_profile", RISKS)} />
          </div>
          <Changes of={changed.map((name) => ({ label: told.names[name], before: inWords(name, settings[name]), after: draft[name] ? inWords(name, draft[name].trim()) : told.default }))} />
        </>
      }
    />
  );
}

/** Only what is changed; null resets a setting. */
function bodyOf(draft: Draft, changed: Name[]): Schemas["ChangeUserSettings"] {
  const text = (name: Name) => (changed.includes(name) ? { [name]: draft[name].trim() || null } : {});
  return {
    ...text("time_zone"),
    ...text("quote_currency"),
    ...text("entry_preset"),
    ...text("quiet_hours"),
    ...(changed.includes("theme") ? { theme: THEMES.find((each) => each === draft.theme) ?? null } : {}),
    ...(changed.includes("risk_profile") ? { risk_profile: RISKS.find((each) => each === draft.risk_profile) ?? null } : {}),
  };
}

const withOwn = (values: readonly string[], own: string) => [...new Set([...values, ...(own ? [own] : [])])].sort();

/** Zones that this browser knows, and the one that is set. */
function zones(own: string): string[] {
  return withOwn(["UTC", ...Intl.supportedValuesOf("timeZone")], own);
}
