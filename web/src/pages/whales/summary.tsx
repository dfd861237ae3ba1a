import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { whales } from "@/texts/whales";
import { Facts, Section } from "@/ui/page";
import { Shown } from "@/ui/states";
import { Profit, Value } from "@/ui/value";

const texts = whales.summary;
const DAYS = 7;

/** What the alerts of the last days come to. Nothing before the first: the list says what to do. */
export function Summary() {
  const stats = useRead("/api/v1/whale-alerts/stats", { params: { query: { days: DAYS } } }, { poll: 60 });
  if (stats.data?.total_alerts === 0) return null;
  return (
    <Section title={texts.title}>
      <Shown of={stats}>{(data) => <Sums of={data} />}</Shown>
    </Section>
  );
}

function Sums({ of }: { of: Schemas["WhaleStats"] }) {
  const types: Record<string, string> = whales.types;
  return (
    <>
      <p className="text-soft text-xs">{texts.since(of.since)}</p>
      <Facts
        of={[
          [texts.alerts, <span key="alerts" className="number">{of.total_alerts}</span>],
          [texts.volume, <Value key="volume" of={of.total_volume_usd} unit={whales.usd} />],
          [texts.mean, <Value key="mean" of={of.mean_significance} />],
        ]}
      />
      <div className="grid gap-3 md:grid-cols-2">
        <Counts title={texts.byType} of={of.by_type.map((each) => ({ ...each, name: types[each.name] ?? each.name }))} />
        <Counts title={texts.byCurrency} of={of.currencies} />
      </div>
      {of.by_type.some((each) => each.after_1h ?? each.after_24h) ? <p className="text-soft text-xs">{texts.impactWhy}</p> : null}
    </>
  );
}

function Counts({ title, of }: { title: string; of: Schemas["MeasuredWhaleCount"][] }) {
  return (
    <div className="card space-y-1">
      <h3>{title}</h3>
      <ul className="space-y-1">
        {of.map(({ name, alerts, volume_usd: volume, after_1h: hour, after_24h: day }) => (
          <li key={name}>
            <div className="flex flex-wrap justify-between gap-x-3">
              <span className="break-words">{name}</span>
              <span>
                <span className="text-soft">{texts.count(alerts)}, </span>
                <Value of={volume} unit={whales.usd} />
              </span>
            </div>
            <Mean title={texts.afterHour} of={hour} />
            <Mean title={texts.afterDay} of={day} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What prices have done after them, beside what they usually do. */
function Mean({ title, of }: { title: string; of: Schemas["MeasuredWhaleCount"]["after_1h"] }) {
  if (!of) return null;
  return (
    <p className="text-xs">
      <span className="text-soft">{title}: </span>
      <Profit of={of.mean_change_percent} unit="%" />
      <span className="text-soft"> {texts.usually(of.mean_base_percent, of.unusual, of.alerts)}</span>
    </p>
  );
}
