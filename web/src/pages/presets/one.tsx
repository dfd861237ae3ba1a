import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { api, ifMatch, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { preset as presetTexts, presets as presetsTexts } from "@/texts/presets";
import { Age, ReadAt } from "@/ui/age";
import { Badge } from "@/ui/badge";
import { Copy } from "@/ui/copy";
import { Effect } from "@/ui/effect";
import { Page, Section } from "@/ui/page";
import { Empty, Shown } from "@/ui/states";
import { EditPreset } from "./edit";
import { LadderPreview } from "./ladder";
import { MemberList } from "./members";
import { ofPreset } from "./plan";
import { Versions } from "./versions";

type PresetView = Schemas["Preset"];

/** One preset: what it says, what it would buy, and what it said before. */
export function Preset() {
  const { name } = useParams({ strict: false }) as { name: string };
  const [search] = useFilters();
  const mayChange = useMay("trading:write");
  const preset = useRead("/api/v1/presets/{name}", { params: { path: { name } } });
  if (search.edit && mayChange && preset.data) return <EditPreset preset={preset.data} />;
  return (
    <Page title={name} about={<About of={preset.data} at={preset.dataUpdatedAt} failed={preset.isError} />} actions={mayChange && preset.data ? <Actions of={preset.data} /> : null}>
      {preset.error?.status === 404 ? (
        <Empty title={presetTexts.gone}>{presetTexts.goneNext}</Empty>
      ) : (
        <Shown of={preset}>
          {(data) => (
            <>
              <Section title={presetTexts.members}>
                <MemberList of={data.preset} />
                <p className="text-soft">{presetTexts.layers}</p>
                <details className="card">
                  <summary className="cursor-pointer font-medium">{presetTexts.json}</summary>
                  <Copy text={JSON.stringify(data.preset, null, 1)} label={presetTexts.json} />
                </details>
              </Section>
              {data.deleted ? null : <LadderPreview request={(market) => ofPreset(data.name, data.preset, market)} />}
            </>
          )}
        </Shown>
      )}
      <Versions name={name} />
    </Page>
  );
}

function About({ of, at, failed }: { of: PresetView | undefined; at: number; failed: boolean }) {
  return (
    <div className="space-y-1">
      {of ? (
        <p className="flex flex-wrap items-center gap-2">
          <Badge>{presetTexts.version(of.version)}</Badge>
          {of.deleted ? <Badge tone="warn">{presetsTexts.deleted}</Badge> : null}
          {of.updated_at ? <Age at={of.updated_at} /> : null}
        </p>
      ) : null}
      <ReadAt at={at} failed={failed} />
      <Link to="/presets">{presetTexts.back}</Link>
    </div>
  );
}

function Actions({ of }: { of: PresetView }) {
  const navigate = useNavigate();
  return (
    <>
      <Link to="/presets/$name" params={{ name: of.name }} search={{ edit: "1" }} className="button button-main">
        {presetTexts.edit}
      </Link>
      {of.built_in || of.deleted ? null : (
        <Effect
          verb={presetTexts.delete}
          title={presetTexts.deleteTitle}
          danger
          typed={of.name}
          preview={<p>{of.name === "default" ? presetTexts.deleteDefault : presetTexts.deletePreview}</p>}
          version={of.version}
          act={({ version }) => api.DELETE("/api/v1/presets/{name}", { params: { path: { name: of.name }, header: ifMatch(version) } })}
          onDone={() => void navigate({ to: "/presets" })}
        />
      )}
    </>
  );
}
