import { Link, useNavigate } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { inOurWords } from "@/lib/words";
import { texts } from "@/texts/common";
import { bot as botTexts, bots as botsTexts } from "@/texts/bots";
import { positions as positionsTexts } from "@/texts/positions";
import { Age } from "@/ui/age";
import { Badge, ModeBadge, type Tone } from "@/ui/badge";
import { List } from "@/ui/list";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Profit, quoteOf, Value } from "@/ui/value";
import { Views } from "@/ui/views";
import { Status } from "../positions/list";
import { strategyName } from "./names";
import { type Run, StateBadge } from "./runs";
import { Named } from "./strategy/sentences";

type Bot = Schemas["Bot"];
type Trade = Schemas["Trade"];
type Position = Schemas["Position"];
type Entry = Schemas["BotLogEntry"];

const VIEWS = ["positions", "trades", "log", "runs"] as const;

/** Positions, trades, log and runs of a bot; which of them is shown stands in the address. */
export function Done({ bot }: { bot: Bot }) {
  const [search] = useFilters();
  const view = VIEWS.find((each) => each === search.view) ?? "positions";
  return (
    <div className="space-y-3">
      <Views label={botTexts.tabs.label} of={VIEWS.map((value) => ({ value, text: botTexts.tabs[value] }))} chosen={view} />
      {view === "positions" ? <BotPositions bot={bot} /> : null}
      {view === "trades" ? <BotTrades bot={bot} /> : null}
      {view === "log" ? <BotLog bot={bot} run={search.run ?? bot.run_id} /> : null}
      {view === "runs" ? <BotRuns bot={bot} /> : null}
    </div>
  );
}

const told = botTexts.trades.columns;
const POSITIONS: Column<Position>[] = [
  { id: "symbol", title: told.market, value: (position) => position.symbol, cell: (position) => <Link to="/positions/$id" params={{ id: position.id }}>{position.symbol}</Link> },
  { id: "mode", title: told.mode, value: (position) => position.mode, cell: (position) => <ModeBadge mode={position.mode} /> },
  { id: "side", title: told.side, value: (position) => position.side },
  { id: "status", title: told.status, value: (position) => position.status, cell: (position) => <Status of={position.status} /> },
  { id: "realised", title: told.realised, value: (position) => position.realised_pnl, number: true, cell: (position) => <Profit of={position.realised_pnl} unit={quoteOf(position.symbol)} /> },
  { id: "exit", title: told.exitReason, value: (position) => position.exit_reason, cell: (position) => (position.exit_reason ? positionsTexts.exit[position.exit_reason] : texts.none) },
  { id: "attention", title: positionsTexts.columns.attention, value: (position) => position.attention, cell: (position) => (position.attention ? <span className="text-warn">{inOurWords(position.attention)}</span> : texts.none) },
  { id: "opened", title: told.opened, value: (position) => position.opened_at, cell: (position) => <Age at={position.opened_at} /> },
  { id: "closed", title: told.closed, value: (position) => position.closed_at, cell: (position) => (position.closed_at ? <Age at={position.closed_at} /> : texts.none) },
  { id: "run", title: told.run, value: (position) => position.bot_run_id, hidden: true },
];

function BotPositions({ bot }: { bot: Bot }) {
  const positions = useList("/api/v1/position-groups", { bot: bot.id }, { poll: true });
  return <List of={positions} id="bot-positions" caption={botTexts.positions.title} columns={POSITIONS} rowKey={({ id }) => id} sort="-opened" empty={<Empty title={botTexts.positions.empty} />} />;
}

const TRADES: Column<Trade>[] = [
  { id: "symbol", title: told.market, value: (trade) => trade.symbol, cell: (trade) => <Link to="/positions/$id" params={{ id: trade.id }}>{trade.symbol}</Link> },
  { id: "mode", title: told.mode, value: (trade) => trade.mode, cell: (trade) => <ModeBadge mode={trade.mode} /> },
  { id: "side", title: told.side, value: (trade) => trade.side },
  { id: "quantity", title: told.quantity, value: (trade) => trade.quantity, number: true, cell: (trade) => <Value of={trade.quantity} /> },
  { id: "entry", title: told.entry, value: (trade) => trade.entry_price, number: true, cell: (trade) => <Value of={trade.entry_price} /> },
  { id: "exitPrice", title: told.exit, value: (trade) => trade.exit_price, number: true, cell: (trade) => <Value of={trade.exit_price} /> },
  { id: "realised", title: told.realised, value: (trade) => trade.realised_pnl, number: true, cell: (trade) => <Profit of={trade.realised_pnl} unit={quoteOf(trade.symbol)} /> },
  { id: "unrealised", title: told.unrealised, value: (trade) => trade.unrealised_pnl, number: true, cell: (trade) => <Profit of={trade.unrealised_pnl} unit={quoteOf(trade.symbol)} />, hidden: true },
  { id: "exit", title: told.exitReason, value: (trade) => trade.exit_reason, cell: (trade) => (trade.exit_reason ? positionsTexts.exit[trade.exit_reason] : texts.none) },
  { id: "opened", title: told.opened, value: (trade) => trade.opened_at, cell: (trade) => <Age at={trade.opened_at} /> },
  { id: "closed", title: told.closed, value: (trade) => trade.closed_at, cell: (trade) => (trade.closed_at ? <Age at={trade.closed_at} /> : texts.none) },
  { id: "run", title: told.run, value: (trade) => trade.bot_run_id, hidden: true },
  { id: "id", title: told.id, value: (trade) => trade.id, hidden: true },
];

function BotTrades({ bot }: { bot: Bot }) {
  const trades = useList("/api/v1/trades/history", { bot: bot.id }, { poll: 15 });
  return <List of={trades} id="bot-trades" caption={botTexts.trades.title} columns={TRADES} rowKey={({ id }) => id} sort="-opened" empty={<Empty title={botTexts.trades.empty} />} />;
}

const LOG_TONES: Partial<Record<Entry["kind"], Tone>> = { signal: "note", late: "warn", unsure: "warn", failed: "bad", close_only: "warn" };
const explained = ({ detail, said: signal, kind }: Entry): string => (detail && inOurWords(detail)) ?? signal?.reason ?? botTexts.log.kindWhy[kind];
const line = botTexts.log.columns;
const LOG: Column<Entry>[] = [
  { id: "at", title: line.at, value: (entry) => entry.at, cell: (entry) => <Age at={entry.at} /> },
  { id: "kind", title: line.kind, value: (entry) => botTexts.log.kind[entry.kind], cell: (entry) => <Badge tone={LOG_TONES[entry.kind] ?? "plain"} title={botTexts.log.kindWhy[entry.kind]}>{botTexts.log.kind[entry.kind]}</Badge> },
  { id: "action", title: line.action, value: (entry) => (entry.said ? botsTexts.action[entry.said.action] : null) },
  { id: "confidence", title: line.confidence, value: (entry) => entry.said?.confidence, number: true },
  { id: "candle", title: line.candle, value: (entry) => entry.said?.opens_at, cell: (entry) => (entry.said ? <Age at={entry.said.opens_at} /> : texts.none) },
  { id: "words", title: line.words, value: explained, cell: (entry) => <span className="block min-w-60">{explained(entry)}</span> },
  { id: "alert", title: line.alert, value: (entry) => entry.delivery_id, cell: (entry) => (entry.delivery_id ? <Link to="/alerts/$id" params={{ id: entry.delivery_id }}>{botTexts.log.show}</Link> : texts.none) },
];

function BotLog({ bot, run }: { bot: Bot; run: string | null }) {
  const [, set] = useFilters();
  const log = useList("/api/v1/bots/{id}/runs/{run}/log", {}, { path: { id: bot.id, run: run ?? "" }, poll: run === bot.run_id && bot.running ? 15 : false, enabled: run !== null });
  if (!run) return <Empty title={botTexts.noRun} />;
  return (
    <div className="space-y-2">
      <p className="text-soft flex flex-wrap items-center gap-2">
        {botTexts.log.of(run)}
        {run !== bot.run_id ? (
          <button type="button" className="button min-h-8" onClick={() => set("run", "")}>
            {botTexts.log.newest}
          </button>
        ) : null}
      </p>
      <List of={log} id="bot-log" caption={botTexts.log.of(run)} columns={LOG} rowKey={(entry) => `${entry.at} ${entry.kind} ${entry.said?.opens_at ?? ""}`} sort="-at" empty={<Empty title={botTexts.log.empty}>{botTexts.log.emptyNext}</Empty>} />
    </div>
  );
}

const said = ({ in_words: words, strategy }: Run): string => words.join(" ") || strategyName(strategy);
const run = botTexts.runs.columns;
const RUNS: Column<Run>[] = [
  { id: "started", title: run.started, value: ({ started_at: at }) => at, cell: ({ started_at: at }) => <Age at={at} /> },
  { id: "status", title: run.status, value: ({ status }) => botsTexts.state[status], cell: ({ status }) => <StateBadge of={status} /> },
  { id: "stopped", title: run.stopped, value: ({ status, stopped_at: at }) => (status === "stopped" ? at : null), cell: ({ status, stopped_at: at }) => (status === "stopped" ? <Age at={at} /> : texts.none) },
  { id: "candles", title: run.candles, value: ({ candles }) => candles, number: true },
  { id: "signals", title: run.signals, value: ({ signals }) => signals, number: true },
  { id: "strategy", title: run.strategy, value: said, cell: (each) => <span className="block min-w-60"><Named text={said(each)} /></span> },
  { id: "reason", title: run.reason, value: ({ stop_reason: reason }) => reason },
  { id: "log", title: run.log, value: ({ id }) => id, cell: ({ id }) => <ShowLog run={id} /> },
];

function ShowLog({ run: id }: { run: string }) {
  const navigate = useNavigate();
  return (
    <button type="button" className="button min-h-8" title={id} onClick={() => void navigate({ to: ".", search: (all: object) => ({ ...all, view: "log", run: id }) } as never)}>
      {botTexts.runs.showLog}
    </button>
  );
}

function BotRuns({ bot }: { bot: Bot }) {
  const runs = useList("/api/v1/bots/{id}/runs", {}, { path: { id: bot.id }, poll: bot.running ? 15 : false });
  return <List of={runs} id="bot-runs" caption={botTexts.runs.title} columns={RUNS} rowKey={({ id }) => id} sort="-started" empty={<Empty title={botTexts.noRun} />} />;
}
