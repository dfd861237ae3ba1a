import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { botActions } from "@/texts/bots";
import { AccountName } from "@/ui/account";
import { Effect } from "@/ui/effect";
import { Input } from "@/ui/form";
import { Words } from "./strategy/sentences";

type Bot = Schemas["Bot"];
type Account = Schemas["Account"];
type Run = Schemas["BotRun"];

interface ActionProps {
  bot: Bot;
  account: Account | undefined;
  run: Run | undefined;
}

const MODES = { paper: botActions.startPaper, testnet: botActions.startTestnet, live: botActions.startReal } as const;

/** Starts a bot, or lets a run that closes only enter again. */
export function Start({ bot, account, run }: ActionProps) {
  const strategies = useRead("/api/v1/strategies/list", { params: { query: { limit: 200 } } });
  const strategy = strategies.data?.items.find(({ name }) => name === bot.strategy);
  const off = strategy && !strategy.enabled ? botActions.off(strategy.name, strategy.disabled_because ?? "") : null;
  const again = run?.status === "close_only";
  return (
    <Effect
      verb={again ? botActions.startAgainVerb : botActions.start}
      title={again ? botActions.startAgainTitle(bot.name) : botActions.startTitle(bot.name)}
      disabled={off}
      // Real money: two quick presses do not start it.
      typed={isReal(account) ? bot.name : undefined}
      account
      preview={
        <>
          <p>{again ? botActions.startAgain : botActions.startPreview}</p>
          <Where bot={bot} account={account} />
          <Money account={account} />
          <Words of={again && run ? run.in_words : bot.in_words} />
          <p className="text-soft">{botActions.startLeaves}</p>
        </>
      }
      act={({ key }) => api.POST("/api/v1/bots/{id}/start", { params: { path: { id: bot.id }, header: { "Idempotency-Key": key } } })}
    />
  );
}

/** Whether money may be lost: an account whose mode was never recorded counts among those. */
function isReal(account: Account | undefined): boolean {
  return account?.mode ? account.mode === "live" : account?.class !== "paper";
}

function Money({ account }: { account: Account | undefined }) {
  const text = account?.mode ? MODES[account.mode] : isReal(account) ? botActions.startUnknown : botActions.startPaper;
  return <p className={isReal(account) ? "text-bad font-semibold" : ""}>{text}</p>;
}

function Where({ bot, account }: { bot: Bot; account: Account | undefined }) {
  return (
    <p className="flex flex-wrap items-center gap-2">
      <strong>{bot.symbol}</strong> {bot.timeframe} · <AccountName of={account ?? { id: bot.account_id }} />
    </p>
  );
}

/** Stops a bot whole, or its entries alone. */
export function Stop({ bot, account, closeOnly }: Omit<ActionProps, "run"> & { closeOnly?: boolean }) {
  const [reason, setReason] = useState("");
  return (
    <Effect
      verb={closeOnly ? botActions.closeOnly : botActions.stop}
      title={closeOnly ? botActions.closeOnlyTitle(bot.name) : botActions.stopTitle(bot.name)}
      danger={!closeOnly}
      preview={
        <>
          <p>{closeOnly ? botActions.closeOnlyPreview : botActions.stopPreview}</p>
          <Where bot={bot} account={account} />
          {account ? <p>{botActions.open(account.open_groups)}</p> : null}
          <p>{closeOnly ? botActions.closeOnlyLeaves : botActions.stopLeaves}</p>
          <p className="text-soft">{closeOnly ? botActions.closeOnlyOther : botActions.stopOther}</p>
          <Input label={botActions.reason} hint={botActions.reasonHint} value={reason} onChange={setReason} maxLength={200} autoComplete="off" />
        </>
      }
      act={({ key }) =>
        api.POST("/api/v1/bots/{id}/stop", {
          params: { path: { id: bot.id }, header: { "Idempotency-Key": key } },
          body: { ...(closeOnly ? { close_only: true } : {}), ...(reason.trim() ? { reason: reason.trim() } : {}) },
        })
      }
      onDone={() => setReason("")}
    />
  );
}

export function Remove({ bot }: { bot: Bot }) {
  const navigate = useNavigate();
  return (
    <Effect
      verb={botActions.remove}
      title={botActions.removeTitle(bot.name)}
      danger
      disabled={bot.running ? botActions.removeFirst : null}
      preview={<p>{botActions.removePreview}</p>}
      version={bot.version}
      act={({ version }) => api.DELETE("/api/v1/bots/{id}", { params: { path: { id: bot.id }, header: ifMatch(version) } })}
      onDone={() => void navigate({ to: "/bots" })}
    />
  );
}

/** What can be done with a bot as it stands. */
export function Running(props: ActionProps) {
  const { bot, run } = props;
  if (!bot.running) return <Start {...props} />;
  return (
    <>
      {run?.status === "close_only" ? <Start {...props} /> : <Stop {...props} closeOnly />}
      <Stop {...props} />
    </>
  );
}
