import { Link, useParams } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { texts } from "@/texts/common";
import { bot as botTexts, botActions } from "@/texts/bots";
import { AccountName, useAccounts } from "@/ui/account";
import { Age, ReadAt } from "@/ui/age";
import { Facts, Page, Section } from "@/ui/page";
import { Empty, Failure, Loading } from "@/ui/states";
import { Remove, Running } from "./actions";
import { ChangeBot } from "./change";
import { Made } from "./made";
import { Health, type Run, Signal, StateBadge, stateOf } from "./runs";
import { Done } from "./tables";
import { Terms } from "./terms";

const PATH = "/api/v1/bots/{id}";

/** One bot: its terms, its run and what it has done. With `?change=1` its form. */
export function Bot() {
  const { id = "" } = useParams({ strict: false });
  const [search] = useFilters();
  const bot = useRead(PATH, { params: { path: { id } } }, { poll: 15 });
  const accounts = useAccounts();
  const may = useMay("trading:write");
  if (bot.error && !bot.data) return <Missing id={id}><Failure error={bot.error} again={() => void bot.refetch()} /></Missing>;
  if (!bot.data) return <Missing id={id}><Loading /></Missing>;
  const account = accounts.data?.items.find((each) => each.id === bot.data.account_id);
  if (search.change && may) return <ChangeBot key={bot.data.id} bot={bot.data} />;
  return <Shown bot={bot.data} account={account} may={may} at={bot.dataUpdatedAt} failed={bot.isError} />;
}

function Missing({ id, children }: { id: string; children: React.ReactNode }) {
  return (
    <Page title={id}>
      {children}
      <Link to="/bots">{botTexts.gone}</Link>
    </Page>
  );
}

interface ShownProps {
  bot: Schemas["Bot"];
  account: Schemas["Account"] | undefined;
  may: boolean;
  at: number;
  failed: boolean;
}

function Shown({ bot, account, may, at, failed }: ShownProps) {
  const run = useRead("/api/v1/bots/{id}/runs/{run}", { params: { path: { id: bot.id, run: bot.run_id ?? "" } } }, { poll: bot.running ? 15 : false, enabled: bot.run_id !== null });
  const state = stateOf(bot, run.data);
  const about = (
    <div className="space-y-1">
      <p className="flex flex-wrap items-center gap-2">
        <StateBadge of={state} /> {account ? <AccountName of={account} /> : null} <strong>{bot.symbol}</strong> {bot.timeframe}
      </p>
      <ReadAt at={at} failed={failed} />
    </div>
  );
  const actions = may ? (
    <>
      <Running bot={bot} account={account} run={run.data} />
      <Link to="/bots/$id" params={{ id: bot.id }} search={{ change: "1" }} className="button">
        {botActions.change}
      </Link>
      <Remove bot={bot} />
      <BacktestThem id={bot.id} />
    </>
  ) : (
    <BacktestThem id={bot.id} />
  );
  return (
    <Page title={bot.name} about={about} actions={actions}>
      <Section title={bot.running ? botTexts.run : botTexts.lastRun}>
        {run.data ? <RunFacts of={run.data} bot={bot} /> : bot.run_id ? run.error ? <Failure error={run.error} again={() => void run.refetch()} /> : <Loading /> : <Empty title={botTexts.noRun}>{botTexts.noRunNext}</Empty>}
      </Section>
      <Made bot={bot.id} />
      <Terms of={bot} account={account} />
      <Done bot={bot} />
    </Page>
  );
}

function RunFacts({ of, bot }: { of: Run; bot: Schemas["Bot"] }) {
  const told = botTexts.runFacts;
  const changed = of.status !== "stopped" && bot.in_words.join() !== of.in_words.join();
  return (
    <>
      {of.status === "stopped" ? null : of.failing || of.behind ? (
        <p role="alert" className="card border-warn">
          <Health of={of} /> {of.failing ? null : botTexts.behindNext}
        </p>
      ) : null}
      {changed ? <p className="text-warn">{botTexts.oldTerms}</p> : null}
      <Facts
        of={[
          [told.status, <StateBadge key="status" of={of.status} />],
          [told.started, <Age key="started" at={of.started_at} />],
          [told.decided, <Age key="decided" at={of.decided_to} />],
          [told.candles, of.candles],
          [told.signals, of.signals],
          [told.last, of.last ? <span key="last"><Signal of={of.last} /> <span className="text-soft block text-xs">{of.last.reason}</span></span> : texts.none],
          ...(of.stopped_at
            ? ([
                [told.stopped, <Age key="stopped" at={of.stopped_at} />],
                [told.reason, of.stop_reason ?? texts.none],
              ] as [string, React.ReactNode][])
            : []),
          [told.id, <code key="id" className="text-xs">{of.id}</code>],
        ]}
      />
    </>
  );
}

function BacktestThem({ id }: { id: string }) {
  const may = useMay("research:write");
  return may ? (
    <Link to="/backtests/new" search={{ bot: id }} className="button">
      {botTexts.backtest}
    </Link>
  ) : null;
}
