import { api, ifMatch, type Schemas } from "@/api/client";
import { sources as texts } from "@/texts/whales";
import { Effect } from "@/ui/effect";

/** Has a source read, or not: what else it is stays. */
export function Switch({ of: { id, name, version, enabled: isOn } }: { of: Schemas["WhaleSource"] }) {
  const enabled = !isOn;
  const verb = enabled ? texts.enable : texts.disable;
  return (
    <Effect
      // One that is open keeps what it says: it is another button once the state has changed.
      key={verb}
      verb={verb}
      title={(enabled ? texts.enableTitle : texts.disableTitle)(name)}
      danger={!enabled}
      version={version}
      preview={
        enabled ? (
          <>
            <p>{texts.enablePreview}</p>
            <p className="text-soft">{texts.enableCost}</p>
          </>
        ) : (
          <p>{texts.disablePreview}</p>
        )
      }
      act={({ version }) => api.PATCH("/api/v1/whale-sources/{id}", { params: { path: { id }, header: ifMatch(version) }, body: { enabled } })}
    />
  );
}
