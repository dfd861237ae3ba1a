import { Link } from "@tanstack/react-router";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { accounts as accountsTexts } from "@/texts/accounts";
import { texts } from "@/texts/common";
import { AccountName, accountText } from "@/ui/account";
import { Age, ReadAt } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Value } from "@/ui/value";
import { Connect } from "./connect";
import { connectionOf, faultOf, State } from "./parts";
import { type Account, readiness } from "./words";

const told = accountsTexts.columns;
const COLUMNS: Column<Account>[] = [
  { id: "label", title: told.account, value: accountText, cell: (account) => <AccountName of={account} link /> },
  { id: "exchange", title: told.exchange, value: (account) => account.exchange, hidden: true },
  { id: "class", title: told.class, value: connectionOf, cell: (account) => <span title={account.class ? accountsTexts.classWhy[account.class] : undefined}>{connectionOf(account)}</span> },
  { id: "mode", title: told.mode, value: (account) => account.mode, hidden: true, cell: (account) => <ModeBadge mode={account.mode} /> },
  { id: "state", title: told.state, value: (account) => accountsTexts.readiness[readiness(account)], cell: (account) => <State of={account} /> },
  { id: "fault", title: told.fault, value: faultOf, cell: (account) => <Attention of={account} /> },
  { id: "validated", title: told.validated, value: (account) => account.validated_at ?? (account.validated ? texts.yes : null), cell: (account) => <Validated of={account} /> },
  { id: "enabled", title: told.enabled, value: (account) => (account.enabled ? texts.yes : texts.no) },
  { id: "open", title: told.open, value: (account) => account.open_groups, number: true },
  { id: "exposure", title: told.exposure, value: (account) => account.state.exposure, number: true, hidden: true, cell: (account) => <Value of={account.state.exposure} /> },
  { id: "loss", title: told.loss, value: (account) => account.state.day_loss, number: true, hidden: true, cell: (account) => <Value of={account.state.day_loss} /> },
  { id: "id", title: told.id, value: (account) => account.id, hidden: true, cell: (account) => <code className="text-xs">{account.id}</code> },
];

export function Accounts() {
  const [search] = useFilters();
  const mayConnect = useMay("accounts:write");
  const accounts = useList("/api/v1/accounts", {}, { poll: true });
  if (search.connect && mayConnect) return <Connect />;
  const connect = mayConnect ? (
    <Link to="/accounts" search={{ connect: "1" }} className="button button-main">
      {accountsTexts.connect}
    </Link>
  ) : null;
  return (
    <Page title={accountsTexts.title} about={<ReadAt at={accounts.dataUpdatedAt} failed={accounts.isError} />} actions={connect}>
      <List of={accounts} id="accounts" caption={accountsTexts.caption} columns={COLUMNS} rowKey={(account) => account.id} sort="label" empty={<Empty title={accountsTexts.empty}>{accountsTexts.emptyNext}</Empty>} />
    </Page>
  );
}

/** What is wrong, or what to do before the account may trade. */
function Attention({ of }: { of: Account }) {
  const state = readiness(of);
  const text = faultOf(of) ?? (state === "ready" || state === "watched" ? null : accountsTexts.next[state]);
  return text ? <p className="text-warn min-w-48">{text}</p> : <>{texts.none}</>;
}

/** A seeded account is validated without a moment. */
function Validated({ of }: { of: Account }) {
  if (!of.validated) return <>{texts.no}</>;
  return of.validated_at ? <Age at={of.validated_at} /> : <>{texts.yes}</>;
}
