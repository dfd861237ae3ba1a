import { useQuery } from "@tanstack/react-query";
import { type ApiError, answered, api, type Schemas } from "@/api/client";
import { interval, key, useRead } from "@/api/hooks";
import { useMay } from "@/lib/session";
import { overview as texts } from "@/texts/overview";
import { Age, Feed, ReadAt } from "@/ui/age";
import { Badge, type Tone } from "@/ui/badge";
import { Section } from "@/ui/page";
import { Failure, Shown } from "@/ui/states";
import { SystemHalt } from "./system-halt";

type Deep = Schemas["DeepHealth"];

const TONES: Record<Schemas["HealthStatus"], Tone> = { ok: "good", degraded: "warn", down: "bad" };
const EXCHANGES: Record<Schemas["ExchangeState"], Tone> = { up: "good", paused: "warn", failing: "bad", unknown: "plain" };
const EVERY = 30;

/** How the deployment does: for readers who may know, its parts; for all, whether it answers. */
export function Health() {
  const may = useMay("metrics:read");
  const deep = useQuery<Deep, ApiError>({
    queryKey: key("/health/deep"),
    queryFn: ({ signal }) => readDeep(signal),
    refetchInterval: () => interval(EVERY),
    refetchIntervalInBackground: true,
    enabled: may,
  });
  const exchanges = useRead("/health/venues", undefined, { poll: EVERY, enabled: may });
  const plain = useRead("/health", undefined, { poll: EVERY, enabled: !may });
  const asked = may ? deep : plain;
  const again = () => {
    void asked.refetch();
    if (may) void exchanges.refetch();
  };
  return (
    <Section
      title={texts.health}
      actions={
        <>
          <ReadAt at={asked.dataUpdatedAt} failed={asked.isError} />
          <button type="button" className="button min-h-8" disabled={asked.isFetching} onClick={again}>
            {texts.readAgain}
          </button>
          <SystemHalt />
        </>
      }
    >
      <Shown<Pick<Deep, "status">> of={asked}>
        {({ status }) => (
          <div className="card space-y-2">
            <p>
              <Badge tone={TONES[status]}>{texts.healthState[status]}</Badge>
            </p>
            {deep.data ? <Parts of={deep.data} /> : null}
            {exchanges.error ? (
              <>
                <p>{texts.exchanges}</p>
                <Failure error={exchanges.error} />
              </>
            ) : null}
            {exchanges.data ? <Exchanges of={exchanges.data.venues} /> : null}
          </div>
        )}
      </Shown>
    </Section>
  );
}

/** Where a part fails, the same body comes with 503: it says which. */
async function readDeep(signal: AbortSignal): Promise<Deep> {
  const asking = api.GET("/health/deep", { signal });
  const failed: unknown = await asking.then(({ error }) => error).catch(() => null);
  return isDeep(failed) ? failed : answered(asking);
}

const isDeep = (body: unknown): body is Deep => typeof body === "object" && body !== null && "parts" in body;

function Parts({ of: { checked_at, parts, keys, unread, last_ingestion, work } }: { of: Deep }) {
  return (
    <>
      <p className="text-soft">
        {texts.checked} <Age at={checked_at} />
      </p>
      <details open={parts.some(({ state }) => state !== "up")}>
        <summary className="cursor-pointer">{texts.parts(parts.length, Math.max(0, ...parts.map(({ ms }) => ms)))}</summary>
        <ul className="mt-1 space-y-1">
          {parts.map((part) => (
            <Part key={`${part.kind} ${part.name}`} of={part} />
          ))}
        </ul>
      </details>
      <p>{keys.validated === null ? texts.keysUnknown : texts.keys(keys.validated, keys.disabled ?? 0, keys.unchecked ?? 0, keys.left ?? 0)}</p>
      {unread.length > 0 ? <p className="text-warn break-words">{texts.unread(unread.join(", "))}</p> : null}
      {last_ingestion ? (
        <p>
          {texts.feed}: <Feed at={last_ingestion} />
        </p>
      ) : null}
      {work.parked ? <p className="text-warn">{texts.deadLetters(work.parked)}</p> : null}
      {work.detail ? <p className="text-warn break-words">{work.detail}</p> : null}
    </>
  );
}

function Part({ of: { name, state, ms, detail } }: { of: Schemas["PartHealth"] }) {
  const speed = state !== "up" ? "down" : ms < 100 ? "good" : ms < 500 ? "warn" : "bad";
  return (
    <li className="break-words">
      {name} <Badge tone={speed === "down" ? "bad" : speed}>{texts.speed[speed]}</Badge> <span className="text-soft number">{ms} ms</span>
      {detail ? <span className="text-warn block">{detail}</span> : null}
    </li>
  );
}

function Exchanges({ of }: { of: Schemas["ExchangeHealth"][] }) {
  return (
    <ul className="space-y-1" aria-label={texts.exchanges}>
      {of.map(({ exchange, state, answered_at }) => (
        <li key={exchange}>
          {exchange} <Badge tone={EXCHANGES[state]}>{texts.exchangeState[state]}</Badge> {answered_at ? <Age at={answered_at} /> : null}
        </li>
      ))}
    </ul>
  );
}
