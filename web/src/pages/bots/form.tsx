import { Link } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { texts } from "@/texts/common";
import { botForm } from "@/texts/bots";
import { AccountName, accountText, useAccounts } from "@/ui/account";
import { Input, Select } from "@/ui/form";
import { Failure, Loading } from "@/ui/states";
import { Card } from "./card";
import { type BotDraft, wrongIn } from "./draft";
import { StrategyFields } from "./strategy/choice";
import { PlanFields } from "./strategy/planfields";
import { Suggest } from "./strategy/suggest";
import { TIMEFRAMES } from "./strategy/timeframes";

interface BotFormProps {
  start: BotDraft;
  /** What can be changed and not be unsaid: a bot that has named a preset keeps to one. */
  keepsPreset?: boolean;
  /** What is shown before anything is sent. */
  preview: (draft: BotDraft, account: Schemas["Account"] | undefined, close: () => void) => ReactNode;
}

type Set = <Name extends keyof BotDraft>(name: Name, value: BotDraft[Name]) => void;

/** All of a bot: what it trades, when, and how much. */
export function BotForm({ start, keepsPreset, preview }: BotFormProps) {
  const strategies = useRead("/api/v1/strategies/list", { params: { query: { limit: 200 } } });
  const accounts = useAccounts();
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const [open, setOpen] = useState(false);
  const failed = strategies.error ?? accounts.error;
  if (failed && !(strategies.data && accounts.data)) return <Failure error={failed} again={() => void strategies.refetch()} />;
  if (!strategies.data || !accounts.data) return <Loading />;
  const known = strategies.data.items;
  const wrong = wrongIn(draft, known);
  const shown = tried ? wrong : {};
  const set: Set = (name, value) => setDraft((before) => ({ ...before, [name]: value }));
  const account = accounts.data.items.find(({ id }) => id === draft.account);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrong).length === 0) setOpen(true);
  };
  return (
    <>
      <form onSubmit={send} className="space-y-4" noValidate>
        <Card title={botForm.sections.market}>
          <Market draft={draft} set={set} wrong={shown} accounts={accounts.data.items} account={account} />
        </Card>
        <Card title={botForm.sections.strategy}>
          <StrategyFields of={draft} strategies={known} error={shown.strategy} forBot onChange={(next) => setDraft((before) => ({ ...before, ...next }))} />
        </Card>
        <Card title={botForm.sections.plan}>
          <Plan draft={draft} set={set} wrong={shown} keepsPreset={keepsPreset} />
        </Card>
        {Object.keys(shown).length > 0 ? (
          <p role="alert" className="text-bad">
            {botForm.wrong}
          </p>
        ) : null}
        <button type="submit" className="button button-main">
          {botForm.preview}
        </button>
      </form>
      {open ? preview(draft, account, () => setOpen(false)) : null}
    </>
  );
}

interface PartProps {
  draft: BotDraft;
  set: Set;
  wrong: Partial<Record<keyof BotDraft, string>>;
}

function Market({ draft, set, wrong, accounts, account }: PartProps & { accounts: Schemas["Account"][]; account?: Schemas["Account"] }) {
  const series = useRead("/api/v1/market-data/symbols", { params: { query: { limit: 200 } } });
  const markets = (series.data?.items ?? []).filter(({ exchange }) => !account || exchange === account.exchange).map(({ symbol }) => symbol);
  const options = accounts.map((each) => ({ value: each.id, text: accountText(each) }));
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <Input label={botForm.name} hint={botForm.nameHint} error={wrong.name} value={draft.name} onChange={(value) => set("name", value)} required maxLength={40} autoComplete="off" />
        <Select label={botForm.account} hint={botForm.accountHint} error={wrong.account} value={draft.account} onChange={(value) => set("account", value)} options={[{ value: "", text: botForm.accountNone }, ...options]} required />
        <Suggest label={botForm.symbol} hint={botForm.symbolHint} error={wrong.symbol} value={draft.symbol} onChange={(value) => set("symbol", value)} options={markets} required />
        <Select label={botForm.timeframe} hint={botForm.timeframeHint} error={wrong.timeframe} value={draft.timeframe} onChange={(value) => set("timeframe", value)} options={TIMEFRAMES.includes(draft.timeframe) ? TIMEFRAMES : [draft.timeframe, ...TIMEFRAMES]} />
      </div>
      {account ? (
        <p>
          <AccountName of={account} /> {account.mode ? texts.mode.why[account.mode] : texts.mode.unknownWhy}
        </p>
      ) : null}
      {accounts.length === 0 ? (
        <p className="text-warn">
          {botForm.noAccounts} <Link to="/accounts">{botForm.noAccountsNext}</Link>
        </p>
      ) : null}
    </>
  );
}

function Plan({ draft, set, wrong, keepsPreset }: PartProps & { keepsPreset?: boolean }) {
  const presets = useRead("/api/v1/presets", { params: { query: { limit: 200 } } });
  const settings = useRead("/api/v1/user-settings");
  const names = (presets.data?.items ?? []).filter(({ deleted }) => !deleted).map(({ name }) => name);
  const own = botForm.presetOwn(settings.data?.entry_preset ?? "default");
  const options = [...(keepsPreset ? [] : [{ value: "", text: own }]), ...new Set([...names, ...(draft.preset ? [draft.preset] : [])])];
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Select label={botForm.preset} hint={botForm.presetHint} value={draft.preset} onChange={(value) => set("preset", value)} options={options} />
        <Input label={botForm.confidence} hint={botForm.confidenceHint} error={wrong.confidence} value={draft.confidence} onChange={(value) => set("confidence", value.trim())} inputMode="decimal" placeholder="0" autoComplete="off" />
      </div>
      <PlanFields text={draft.plan} onChange={(value) => set("plan", value)} />
    </>
  );
}
