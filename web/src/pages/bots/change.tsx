import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { botForm, planForm } from "@/texts/bots";
import { texts } from "@/texts/common";
import { AccountName, useAccounts } from "@/ui/account";
import { Preview } from "@/ui/effect";
import { Facts, Page } from "@/ui/page";
import { type BotDraft, changeOf, draftOf } from "./draft";
import { BotForm } from "./form";
import { at, placesOf } from "./strategy/paths";
import { StrategyInWords } from "./strategy/said";

/** The form of a bot that there is. What it began with stays its version, whatever is polled meanwhile. */
export function ChangeBot({ bot }: { bot: Schemas["Bot"] }) {
  const [first] = useState(bot);
  const start = draftOf(first);
  return (
    <Page title={botForm.changeTitle(first.name)} about={bot.running ? <p className="text-warn">{botForm.running}</p> : null}>
      {bot.version !== first.version ? (
        <p role="alert" className="card border-warn">
          {botForm.stale}
        </p>
      ) : null}
      <BotForm start={start} keepsPreset={first.preset !== null} preview={(draft, _, close) => <Save bot={first} start={start} draft={draft} onClose={close} />} />
    </Page>
  );
}

function Save({ bot, start, draft, onClose }: { bot: Schemas["Bot"]; start: BotDraft; draft: BotDraft; onClose: () => void }) {
  const navigate = useNavigate();
  const accounts = useAccounts().data?.items;
  const change = changeOf(start, draft);
  return (
    <Preview<Schemas["Bot"]>
      verb={botForm.save}
      title={botForm.saveTitle}
      onClose={onClose}
      disabled={change ? null : botForm.noChange}
      typed={accounts?.find(({ id }) => id === change?.account)?.mode === "live" ? "live" : undefined}
      account
      danger={Boolean(change?.account)}
      preview={
        change ? (
          <>
            {bot.running ? <p className="text-warn">{botForm.running}</p> : null}
            {change.account ? <Moved from={bot.account_id} to={change.account} /> : null}
            <Differences of={change} before={{ ...bot, account: bot.account_id }} />
            {change.strategy || change.rules ? <StrategyInWords of={draft} /> : null}
          </>
        ) : (
          <p>{botForm.noChange}</p>
        )
      }
      act={() => api.PATCH("/api/v1/bots/{id}", { params: { path: { id: bot.id }, header: ifMatch(bot.version) }, body: change ?? {} })}
      onDone={() => void navigate({ to: "/bots/$id", params: { id: bot.id }, search: {} })}
    />
  );
}

/** From which account to which, with their modes: paper money may become real money here. */
function Moved({ from, to }: { from: string; to: string }) {
  return (
    <p className="flex flex-wrap items-center gap-2">
      {botForm.members.account}: <AccountName of={{ id: from }} /> →{" "}
      <strong>
        <AccountName of={{ id: to }} />
      </strong>
    </p>
  );
}

/** Each member that is sent, with what it was; rules are shown in words. */
function Differences({ of, before }: { of: Schemas["ChangeBot"]; before: object }) {
  const { rules: _, account: __, ...plain } = of;
  const gone = of.plan ? placesOf(at(before, "plan"), "plan").filter(({ path }) => at(of, path) === undefined) : [];
  const places = [...placesOf(plain).filter(({ path, value }) => String(at(before, path) ?? "") !== String(value)), ...gone.map(({ path }) => ({ path, value: texts.none }))];
  if (places.length === 0) return null;
  return (
    <Facts
      of={places.map(({ path, value }) => [
        memberOf(path),
        <span key={path}>
          {String(value)} <span className="text-soft">{botForm.was(String(at(before, path) ?? texts.none))}</span>
        </span>,
      ])}
    />
  );
}

function memberOf(path: string): string {
  const members: Partial<Record<string, string>> = botForm.members;
  const fields: Partial<Record<string, readonly [string, string]>> = planForm.fields;
  return members[path] ?? fields[path.replace(/^plan\./, "")]?.[0] ?? path.replace(/^parameters\./, "");
}
