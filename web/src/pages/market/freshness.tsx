import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { type Freshness as State, freshness, lasting, moment, useNow } from "@/lib/time";
import { texts } from "@/texts/common";
import { market as marketTexts } from "@/texts/market";
import { Age, Moment } from "@/ui/age";
import { Badge, type Tone } from "@/ui/badge";
import { Facts, Section } from "@/ui/page";
import { Shown } from "@/ui/states";
import { lengthOf, overdue, type Series } from "./series";

const told = marketTexts.freshness;
const TONES: Record<State, Tone> = { fresh: "good", late: "warn", stale: "bad" };

/** How soon candles of the series are stored, and how many are missing. */
export function Freshness({ series }: { series: Series }) {
  const [{ since, until }] = useFilters();
  const stats = useRead("/api/v1/market-data/stats", { params: { query: { ...series, since, until, limit: 1000 } } }, { poll: 30 });
  // The chart says already that there is no such market.
  if (stats.error?.code === "unknown_market") return null;
  return (
    <Section title={told.title}>
      <Shown of={stats}>{(data) => <Stats of={data} series={series} />}</Shown>
    </Section>
  );
}

function Stats({ of, series }: { of: Schemas["SeriesStats"]; series: Series }) {
  const now = useNow();
  const closed = of.newest && new Date(Date.parse(of.newest) + lengthOf(series.timeframe)).toISOString();
  const within = (seconds: number | undefined) => (seconds === undefined ? texts.none : told.seconds(seconds));
  return (
    <>
      {of.failing ? (
        <div role="alert" className="card border-bad bg-bad-fill p-3">
          <p className="font-medium">{told.failing(lasting(Math.max(0, now - Date.parse(of.failing.since))))}</p>
          <p>{of.failing.detail}</p>
        </div>
      ) : null}
      <Facts
        of={[
          [told.state, <Feeds key="state" of={of} series={series} now={now} />],
          [told.newest, closed ? <Age key="newest" at={closed} /> : told.never],
          [told.missing, of.missing > 0 ? <span key="missing" className="text-warn">{`${of.missing} · ${told.missingWhy}`}</span> : of.missing],
          [told.p95, within(of.freshness?.p95_seconds)],
          [told.median, within(of.freshness?.p50_seconds)],
          [told.max, within(of.freshness?.max_seconds)],
          [told.stored, told.storedOf(of.candles, of.expected)],
          [told.silent, of.silent],
          [told.before, of.before],
          [told.late, of.caught_up],
          [told.oldest, <Moment key="oldest" at={of.oldest} />],
        ]}
      />
      <p className="text-soft text-xs">{told.of(moment(of.start_time), moment(of.end_time))}</p>
    </>
  );
}

/** Measured from when the next candle should have been there: a candle of an hour is not late after five minutes. */
function Feeds({ of, series, now }: { of: Schemas["SeriesStats"]; series: Series; now: number }) {
  if (!of.newest) return <Badge>{told.never}</Badge>;
  const state = freshness(overdue(of.newest, series.timeframe, now));
  return (
    <>
      <Badge tone={TONES[state]}>{texts.feed[state]}</Badge> {of.fetched ? null : <Badge tone="warn">{told.notFetched}</Badge>}
    </>
  );
}
