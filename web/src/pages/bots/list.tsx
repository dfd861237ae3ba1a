import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { type Listed, useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { texts } from "@/texts/common";
import { bots as botsTexts } from "@/texts/bots";
import { AccountName, accountText, useAccounts } from "@/ui/account";
import { Age, ReadAt } from "@/ui/age";
import { Filters } from "@/ui/filters";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Running } from "./actions";
import { strategyName } from "./names";
import { Health, type Run, Signal, StateBadge, stateOf, useNewestRuns } from "./runs";

interface Row {
  bot: Schemas["Bot"];
  account: Schemas["Account"] | undefined;
  run: Run | undefined;
}

const told = botsTexts.columns;
const health = ({ run }: Row) => (!run || run.status === "stopped" ? null : run.failing ? botsTexts.failing : run.behind ? botsTexts.behind : botsTexts.healthy);
const COLUMNS: Column<Row>[] = [
  { id: "name", title: told.name, value: ({ bot }) => bot.name, cell: ({ bot }) => <Link to="/bots/$id" params={{ id: bot.id }}>{bot.name}</Link> },
  { id: "state", title: told.state, value: ({ bot, run }) => botsTexts.state[stateOf(bot, run)], cell: ({ bot, run }) => <StateBadge of={stateOf(bot, run)} /> },
  { id: "health", title: told.health, value: health, cell: ({ run }) => <Health of={run} /> },
  { id: "market", title: told.market, value: ({ bot }) => bot.symbol },
  { id: "timeframe", title: told.timeframe, value: ({ bot }) => bot.timeframe },
  { id: "strategy", title: told.strategy, value: ({ bot }) => strategyName(bot.strategy) },
  { id: "account", title: told.account, value: ({ bot, account }) => (account ? accountText(account) : bot.account_id), cell: ({ bot, account }) => (account ? <AccountName of={account} link /> : <span title={bot.account_id}>{botsTexts.goneAccount}</span>) },
  { id: "decided", title: told.decided, value: ({ run }) => run?.decided_to, cell: ({ run }) => (run ? <Age at={run.decided_to} /> : texts.none) },
  { id: "last", title: told.last, value: ({ run }) => run?.last?.action, cell: ({ run }) => <Signal of={run?.last ?? null} />, hidden: true },
  { id: "candles", title: told.candles, value: ({ run }) => run?.candles, number: true, hidden: true },
  { id: "signals", title: told.signals, value: ({ run }) => run?.signals, number: true, hidden: true },
  { id: "exchange", title: told.exchange, value: ({ bot }) => bot.exchange, hidden: true },
  { id: "preset", title: told.preset, value: ({ bot }) => bot.preset, hidden: true },
  { id: "created", title: told.created, value: ({ bot }) => bot.created_at, cell: ({ bot }) => <Age at={bot.created_at} />, hidden: true },
  { id: "id", title: told.id, value: ({ bot }) => bot.id, cell: ({ bot }) => <code className="text-xs">{bot.id}</code>, hidden: true },
];
const ACTIONS: Column<Row> = { id: "actions", title: told.actions, value: () => null, cell: (row) => <span className="flex gap-2 whitespace-nowrap"><Running {...row} /></span> };

export function Bots() {
  const [search, filter] = useFilters();
  const may = useMay("trading:write");
  const list = useList("/api/v1/bots", {}, { poll: 15 });
  const rows = useRows(list, search.state);
  const columns = useMemo(() => (may ? [...COLUMNS, ACTIONS] : COLUMNS), [may]);
  const create = may ? <Link to="/bots/new" className="button button-main">{botsTexts.create}</Link> : null;
  return (
    <Page title={botsTexts.title} about={<><p className="text-soft">{botsTexts.what}</p><ReadAt at={list.dataUpdatedAt} failed={list.isError} /></>} actions={create}>
      <Filters of={[{ name: "state", label: told.state, options: Object.entries(botsTexts.state).map(([value, text]) => ({ value, text })) }]} search={search} onChange={filter} />
      <List of={rows} id="bots" caption={botsTexts.title} columns={columns} rowKey={({ bot }) => bot.id} sort="name" empty={search.state ? <Empty title={botsTexts.emptyFiltered} /> : <Empty title={botsTexts.empty}>{may ? <Link to="/bots/new">{botsTexts.emptyNext}</Link> : null}</Empty>} />
    </Page>
  );
}

/** Bots with their account and their newest run. */
function useRows(list: Listed<Schemas["Bot"]>, state: string | undefined): Listed<Row> {
  const accounts = useAccounts().data?.items;
  const runs = useNewestRuns(list.rows);
  const rows = list.rows.map((bot): Row => ({ bot, account: accounts?.find(({ id }) => id === bot.account_id), run: runs.get(bot.id) }));
  return { ...list, rows: state ? rows.filter(({ bot, run }) => stateOf(bot, run) === state) : rows };
}
