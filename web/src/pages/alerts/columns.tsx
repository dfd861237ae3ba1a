import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { inOurWords } from "@/lib/words";
import { texts } from "@/texts/common";
import { alerts as alertsTexts } from "@/texts/alerts";
import { reasonText } from "@/texts/reasons";
import { Age } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { Reason } from "@/ui/reason";
import type { Column } from "@/ui/table";
import { accountOf, For, textOf } from "./account";
import { marketOf, wanted } from "./signal";
import { VerdictBadge } from "./verdict";

type Alert = Schemas["ReceivedAlert"];

const told = alertsTexts.columns;
const detail = ({ verdict }: Alert) => verdict?.detail && inOurWords(verdict.detail);

/** The columns of received alerts, which name these accounts. */
export function alertColumns(accounts: Schemas["Account"][]): Column<Alert>[] {
  const account = (alert: Alert) => accountOf(alert, accounts);
  return [
    { id: "received", title: told.received, value: (alert) => alert.received_at, cell: (alert) => <Age at={alert.received_at} /> },
    { id: "wanted", title: told.wanted, value: (alert) => wanted(alert.signal), cell: (alert) => <Wanted of={alert} /> },
    { id: "verdict", title: told.verdict, value: (alert) => alert.verdict?.kind, cell: (alert) => <VerdictBadge kind={alert.verdict?.kind} /> },
    { id: "reason", title: told.reason, value: reason, cell: (alert) => (alert.verdict?.reason ? <Reason code={alert.verdict.reason} /> : texts.none) },
    { id: "detail", title: told.detail, value: detail, cell: (alert) => <Detail of={detail(alert)} /> },
    { id: "account", title: told.account, value: (alert) => textOf(account(alert)), cell: (alert) => <For of={account(alert)} /> },
    { id: "mode", title: told.mode, value: (alert) => alert.verdict?.mode, cell: (alert) => (alert.verdict?.mode ? <ModeBadge mode={alert.verdict.mode} /> : texts.none) },
    { id: "positions", title: told.positions, value: (alert) => alert.verdict?.position_group_ids.join(" "), cell: (alert) => <Positions of={alert.verdict?.position_group_ids ?? []} /> },
    { id: "repeats", title: told.repeats, value: (alert) => alert.repeats, number: true },
    { id: "market", title: told.market, value: (alert) => marketOf(alert.signal), hidden: true },
    { id: "source", title: told.source, value: (alert) => alert.source_ip, hidden: true },
    { id: "trace", title: told.trace, value: (alert) => alert.trace, hidden: true, cell: (alert) => <code className="text-xs">{alert.trace}</code> },
    { id: "id", title: told.id, value: (alert) => alert.id, hidden: true, cell: (alert) => <code className="text-xs">{alert.id}</code> },
  ];
}

function reason({ verdict }: Alert): string | null {
  return verdict?.reason ? (reasonText(verdict.reason)?.words ?? verdict.reason) : null;
}

/** With its market: on a phone the verdict still stands beside it. */
function Wanted({ of }: { of: Alert }) {
  const market = marketOf(of.signal);
  return (
    <>
      <Link to="/alerts/$id" params={{ id: of.id }} className="whitespace-nowrap">
        {wanted(of.signal)}
      </Link>
      {market ? <span className="text-soft block min-w-28 text-xs">{market}</span> : null}
    </>
  );
}

/** Some details list every field that is known: the page of the alert has all of it. */
function Detail({ of }: { of: string | null | undefined }) {
  return of ? <span className="text-soft line-clamp-3 min-w-56">{of}</span> : texts.none;
}

function Positions({ of }: { of: string[] }) {
  if (of.length === 0) return texts.none;
  return of.map((id, at) => (
    <Link key={id} to="/positions/$id" params={{ id }} className="mr-2">
      {of.length === 1 ? alertsTexts.position : alertsTexts.positions(at + 1)}
    </Link>
  ));
}
