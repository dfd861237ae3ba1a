import { Link, useParams } from "@tanstack/react-router";
import { useRead } from "@/api/hooks";
import { useMay } from "@/lib/session";
import { moment } from "@/lib/time";
import { account as accountTexts, accounts as accountsTexts } from "@/texts/accounts";
import { texts } from "@/texts/common";
import { halt as haltTexts } from "@/texts/halt";
import { Age, ReadAt } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { Facts, Page } from "@/ui/page";
import { Shown } from "@/ui/states";
import { Enabled, Sync, Validate } from "./actions";
import { Address } from "./address";
import { Balances } from "./balances";
import { Differences } from "./differences";
import { History } from "./history";
import { Key } from "./key";
import { LimitsSection } from "./limits";
import { Manage } from "./manage";
import { HaltButton, ResumeButton } from "@/ui/halt";
import { connectionOf, faultOf, State } from "./parts";
import { Setup } from "./setup";
import { type Account as AccountView, readiness, usesKey } from "./words";

/** One account: whether it trades, what it has, and what it may do. */
export function Account() {
  const { id } = useParams({ strict: false }) as { id: string };
  const account = useRead("/api/v1/accounts/{id}", { params: { path: { id } } }, { poll: 15 });
  const title = account.data ? `${account.data.label} · ${account.data.exchange}` : accountsTexts.title;
  return (
    <Page title={title} about={<About of={account.data} at={account.dataUpdatedAt} failed={account.isError} />} actions={account.data ? <Actions of={account.data} /> : null}>
      <Shown of={account}>{(data) => <Sections of={data} />}</Shown>
    </Page>
  );
}

function About({ of, at, failed }: { of: AccountView | undefined; at: number; failed: boolean }) {
  return (
    <div className="space-y-1">
      {of ? (
        <p className="flex flex-wrap gap-2">
          <ModeBadge mode={of.mode} /> <State of={of} />
        </p>
      ) : null}
      <ReadAt at={at} failed={failed} />
      <Link to="/accounts">{accountTexts.back}</Link>
    </div>
  );
}

function Actions({ of }: { of: AccountView }) {
  const mayChange = useMay("accounts:write");
  const mayTrade = useMay("trading:write");
  return (
    <>
      {mayChange ? <Validate of={of} /> : null}
      {mayChange ? <Sync of={of} /> : null}
      {mayChange && !of.address ? <Enabled of={of} /> : null}
      {mayTrade && !of.address && of.state.entries !== "active" ? <ResumeButton key="resume" account={of} disabled={of.state.halted?.kept_out && haltTexts.suspended} /> : null}
      {mayTrade && !of.address ? <HaltButton key="halt" account={of} isHalted={of.state.halted !== null} /> : null}
    </>
  );
}

function Sections({ of }: { of: AccountView }) {
  const mayChange = useMay("accounts:write");
  const limits = useRead("/api/v1/accounts/{id}/limits", { params: { path: { id: of.id } } }, { poll: 15 });
  const states = useRead("/api/v1/halt", undefined, { poll: 15 });
  const fault = faultOf(of);
  const state = readiness(of);
  return (
    <>
      {states.data?.system_halted ? <Warning>{haltTexts.system}</Warning> : null}
      {of.state.halted ? <Warning>{of.state.halted.kept_out ? haltTexts.suspended : haltTexts.halted(of.state.halted.reason)}</Warning> : null}
      {!of.state.halted && of.state.reducing ? <Warning>{haltTexts.paused(of.state.reducing.reason, of.state.reducing.until && moment(of.state.reducing.until))}</Warning> : null}
      {fault ? <Warning>{fault}</Warning> : null}
      <Facts
        of={[
          [accountTexts.next, accountsTexts.next[state]],
          [accountTexts.facts.exchange, of.exchange],
          [accountTexts.facts.connection, connectionOf(of)],
          [accountTexts.facts.validated, of.validated ? of.validated_at ? <Age key="validated" at={of.validated_at} /> : texts.yes : texts.no],
          [accountTexts.facts.checked, <Age key="checked" at={of.checked_at} />],
          [accountTexts.facts.enabled, of.enabled ? texts.yes : texts.no],
          [accountTexts.facts.open, String(of.open_groups)],
          [accountTexts.facts.id, <code key="id" className="text-xs">{of.id}</code>],
        ]}
      />
      <Setup of={of} limits={limits.data} />
      {of.address ? <Address of={of} address={of.address} mayChange={mayChange} /> : null}
      <Differences of={of} />
      <Balances of={of} />
      {of.address ? null : <Shown of={limits}>{(data) => <LimitsSection of={of} limits={data} mayChange={mayChange} />}</Shown>}
      {usesKey(of) ? <Key of={of} mayChange={mayChange} /> : null}
      <History of={of} />
      {mayChange ? <Manage of={of} /> : null}
    </>
  );
}

function Warning({ children }: { children: string }) {
  return (
    <p role="alert" className="border-warn bg-warn-fill text-warn rounded-md border p-3">
      {children}
    </p>
  );
}
