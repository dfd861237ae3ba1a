import { Link } from "@tanstack/react-router";
import { useList } from "@/api/hooks";
import { overview as texts } from "@/texts/overview";
import { Age, ReadAt } from "@/ui/age";
import { Section } from "@/ui/page";
import { Failure, Loading } from "@/ui/states";

const SHOWN = 5;
// With a filter the API reads at least so many.
const READ = 50;

/** The newest alerts that were refused, with the reason in words. */
export function Refused() {
  const refused = useList("/api/v1/deliveries", { status: "refused", limit: READ }, { poll: 15 });
  return (
    <Section title={texts.refused} actions={<ReadAt at={refused.dataUpdatedAt} failed={refused.isError} />}>
      {refused.error ? (
        <Failure error={refused.error} again={refused.again} />
      ) : refused.isPending ? (
        <Loading />
      ) : refused.rows.length === 0 ? (
        <p className="card text-soft">{texts.refusedNone}</p>
      ) : (
        <ul className="card divide-line divide-y p-0">
          {refused.rows.slice(0, SHOWN).map((alert) => (
            <li key={alert.id} className="p-3">
              <Link to="/alerts/$id" params={{ id: alert.id }} className="break-words">
                {alert.verdict?.detail ?? alert.verdict?.reason ?? alert.id}
              </Link>{" "}
              <Age at={alert.received_at} />
            </li>
          ))}
        </ul>
      )}
      <Link to="/alerts" search={{ status: "refused" } as never}>
        {texts.allAlerts}
      </Link>
    </Section>
  );
}
