import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { inOurWords } from "@/lib/words";
import { overview as texts } from "@/texts/overview";
import { Age, ReadAt } from "@/ui/age";
import { Section } from "@/ui/page";
import { Reason } from "@/ui/reason";
import { Shown } from "@/ui/states";
import { VerdictBadge } from "../alerts/verdict";

const SHOWN = 5;
const READ = 50;
const FOLLOWED = new Set<Schemas["VerdictKind"]>(["accepted", "queued", "ignored"]);

/** Of the newest alerts those that came to nothing, with the reason in words. */
export function Refused() {
  const alerts = useRead("/api/v1/deliveries", { params: { query: { limit: READ } } }, { poll: 15 });
  return (
    <Section title={texts.refused} actions={<ReadAt at={alerts.dataUpdatedAt} failed={alerts.isError} />}>
      <Shown of={alerts}>
        {({ items }) => {
          const refused = items.filter(({ verdict }) => verdict && !FOLLOWED.has(verdict.kind));
          return refused.length === 0 ? <p className="card text-soft">{texts.refusedNone(READ)}</p> : <Alerts of={refused.slice(0, SHOWN)} />;
        }}
      </Shown>
      <Link to="/alerts">{texts.allAlerts}</Link>
    </Section>
  );
}

function Alerts({ of }: { of: Schemas["ReceivedAlert"][] }) {
  return (
    <ul className="card divide-line divide-y p-0">
      {of.map(({ id, received_at, verdict }) => (
        <li key={id} className="space-y-1 p-3">
          <p className="flex flex-wrap items-center gap-2">
            <VerdictBadge kind={verdict?.kind} /> <Age at={received_at} />
          </p>
          <Link to="/alerts/$id" params={{ id }} className="break-words">
            {verdict?.reason ? <Reason code={verdict.reason} /> : inOurWords(verdict?.detail ?? id)}
          </Link>
          {verdict?.reason && verdict.detail ? <p className="text-soft line-clamp-3 break-words">{inOurWords(verdict.detail)}</p> : null}
        </li>
      ))}
    </ul>
  );
}
