import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useMay } from "@/lib/session";
import { overview as texts } from "@/texts/overview";
import { Age, Feed, ReadAt } from "@/ui/age";
import { Badge, type Tone } from "@/ui/badge";
import { Section } from "@/ui/page";
import { Failure, Loading } from "@/ui/states";

const TONES: Record<Schemas["HealthStatus"], Tone> = { ok: "good", degraded: "warn", down: "bad" };
const EXCHANGES: Record<Schemas["ExchangeState"], Tone> = { up: "good", paused: "warn", failing: "bad", unknown: "plain" };

/** How the deployment does: for readers who may know, its parts; for all, whether it answers. */
export function Health() {
  const may = useMay("metrics:read");
  const health = useRead("/health/deep", undefined, { poll: 30, enabled: may });
  const exchanges = useRead("/health/venues", undefined, { poll: 30, enabled: may });
  const plain = useRead("/health", undefined, { poll: 30, enabled: !may });
  const status = health.data?.status ?? plain.data?.status;
  const asked = may ? health : plain;
  if (asked.error && !asked.data) {
    return (
      <Section title={texts.health}>
        <Failure error={asked.error} again={() => void asked.refetch()} />
      </Section>
    );
  }
  return (
    <Section title={texts.health} actions={<ReadAt at={asked.dataUpdatedAt} failed={asked.isError} />}>
      {status ? (
        <div className="card space-y-2">
          <p>
            <Badge tone={TONES[status]}>{texts.healthState[status]}</Badge>
          </p>
          {health.data ? <Parts of={health.data} /> : null}
          {exchanges.data ? (
            <ul className="space-y-1" aria-label={texts.exchanges}>
              {exchanges.data.venues.map((exchange) => (
                <li key={exchange.exchange}>
                  {exchange.exchange} <Badge tone={EXCHANGES[exchange.state]}>{texts.exchangeState[exchange.state]}</Badge> {exchange.answered_at ? <Age at={exchange.answered_at} /> : null}
                </li>
              ))}
            </ul>
          ) : null}
        </div>
      ) : (
        <Loading />
      )}
    </Section>
  );
}

function Parts({ of }: { of: Schemas["DeepHealth"] }) {
  const bad = of.parts.filter((part) => part.state !== "up");
  return (
    <>
      <p className="text-soft">
        {texts.checked} <Age at={of.checked_at} />
      </p>
      {bad.length > 0 ? (
        <ul aria-label={texts.parts}>
          {bad.map((part) => (
            <li key={part.name} className="text-warn">
              {part.name}: {part.detail ?? part.state}
            </li>
          ))}
        </ul>
      ) : null}
      {of.last_ingestion ? (
        <p>
          {texts.feed}: <Feed at={of.last_ingestion} />
        </p>
      ) : null}
      {of.work.parked ? <p className="text-warn">{texts.deadLetters(of.work.parked)}</p> : null}
      {of.work.detail ? <p className="text-warn">{of.work.detail}</p> : null}
    </>
  );
}
