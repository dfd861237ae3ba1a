import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useMay } from "@/lib/session";
import { overview as texts } from "@/texts/overview";
import { AccountName, accountText } from "@/ui/account";
import { Age, ReadAt } from "@/ui/age";
import { Badge } from "@/ui/badge";
import { HaltButton, ResumeButton } from "@/ui/halt";
import { List } from "@/ui/list";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Value } from "@/ui/value";

type Account = Schemas["Account"];

const told = texts.columns;
const COLUMNS: Column<Account>[] = [
  { id: "account", title: told.account, value: accountText, cell: (account) => <AccountName of={account} link /> },
  { id: "state", title: told.state, value: entries, cell: (account) => <Entries of={account} /> },
  { id: "open", title: told.open, value: ({ state }) => state.open_groups, number: true, cell: ({ state }) => <Of used={String(state.open_groups)} max={String(state.open_groups_max)} /> },
  { id: "exposure", title: told.exposure, value: ({ state }) => state.exposure, number: true, cell: ({ state }) => <Of used={state.exposure} max={state.exposure_max} /> },
  { id: "loss", title: told.dayLoss, value: ({ state }) => state.day_loss, number: true, cell: ({ state }) => <Of used={state.day_loss} max={state.day_loss_max} /> },
  { id: "balances", title: told.balances, value: ({ state }) => Object.entries(state.balances).map(([asset, { balance }]) => `${balance} ${asset}`).join("; "), cell: ({ state }) => <Balances of={state} /> },
];

type Entering = keyof typeof texts.entries;

function entries(account: Account): Entering {
  if (account.state.halted) return "halted";
  if (account.state.reducing) return "reducing";
  if (!account.validated) return "unvalidated";
  return account.enabled ? "allowed" : "disabled";
}

function Entries({ of }: { of: Account }) {
  const state = entries(of);
  return (
    <Badge tone={state === "allowed" ? "good" : state === "halted" ? "bad" : "warn"} title={(of.state.halted ?? of.state.reducing)?.reason}>
      {texts.entries[state]}
    </Badge>
  );
}

function Of({ used, max }: { used: string; max: string }) {
  return (
    <span className="whitespace-nowrap">
      <Value of={used} /> {texts.of} <Value of={max} />
    </span>
  );
}

function Balances({ of }: { of: Account["state"] }) {
  const held = Object.entries(of.balances);
  return (
    <>
      <ul>
        {held.map(([asset, { balance }]) => (
          <li key={asset}>
            <Value of={balance} unit={asset} />
          </li>
        ))}
      </ul>
      {held.length > 0 ? <Age at={of.balance_at} /> : null}
    </>
  );
}

export function Accounts() {
  const accounts = useList("/api/v1/accounts", {}, { poll: 15 });
  const may = useMay("trading:write");
  const stopped = accounts.rows.some(({ state }) => (state.halted ? !state.halted.kept_out : state.reducing));
  const running = accounts.rows.filter(({ state }) => !state.halted);
  return (
    <Section
      title={texts.accounts}
      actions={
        <>
          <ReadAt at={accounts.dataUpdatedAt} failed={accounts.isError} />
          {may && accounts.rows.length > 0 ? <HaltButton accounts={running} isHalted={running.length === 0} /> : null}
          {may && stopped ? <ResumeButton /> : null}
        </>
      }
    >
      <p className="text-soft text-xs">{texts.quoteLimits}</p>
      <List
        of={accounts}
        id="accounts-overview"
        caption={texts.accounts}
        columns={COLUMNS}
        rowKey={(account) => account.id}
        sort="account"
        empty={
          <Empty title={texts.accountsEmpty}>
            <Link to="/setup">{texts.accountsEmptyNext}</Link>
          </Empty>
        }
      />
    </Section>
  );
}
