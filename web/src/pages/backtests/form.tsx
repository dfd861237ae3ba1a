import { type FormEvent, type ReactNode, useState } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { backtestForm } from "@/texts/backtests";
import { planForm } from "@/texts/bots";
import { Area, Select } from "@/ui/form";
import { Failure, Loading } from "@/ui/states";
import { Card } from "../bots/card";
import { StrategyFields } from "../bots/strategy/choice";
import { bringsLadder } from "../bots/strategy/chosen";
import { Fields } from "../bots/strategy/fields";
import { PlanFields } from "../bots/strategy/planfields";
import { type Field, wrongOfAll } from "../bots/strategy/schema";
import { type BacktestDraft, BOT, CONTRACTS, COSTS, LUCK, type Way, type Wrong, wrongIn } from "./draft";
import { Market } from "./market";
import { Sweep } from "./sweep";

export type Set = <Name extends keyof BacktestDraft>(name: Name, value: BacktestDraft[Name]) => void;

export interface PartProps {
  draft: BacktestDraft;
  set: Set;
  wrong: Wrong;
}

interface BacktestFormProps {
  start: BacktestDraft;
  /** What is shown before anything is sent. */
  preview: (draft: BacktestDraft, close: () => void) => ReactNode;
}

/** All of a backtest: which candles, by what, how much, at which costs, and what is tried. */
export function BacktestForm({ start, preview }: BacktestFormProps) {
  const strategies = useRead("/api/v1/strategies/list", { params: { query: { limit: 200 } } });
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const [open, setOpen] = useState(false);
  if (!strategies.data) return strategies.error ? <Failure error={strategies.error} again={() => void strategies.refetch()} /> : <Loading />;
  const known = strategies.data.items;
  const wrong = wrongIn(draft, known, Date.now());
  const shown = tried ? wrong : {};
  const set: Set = (name, value) => setDraft((before) => ({ ...before, [name]: value }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrong).length === 0) setOpen(true);
  };
  const part = { draft, set, wrong: shown };
  return (
    <>
      <form onSubmit={send} className="space-y-4" noValidate>
        <Card title={backtestForm.sections.market}>
          <Market {...part} />
        </Card>
        <Card title={backtestForm.sections.strategy}>
          <StrategyFields of={draft} strategies={known} error={shown.strategy} onChange={(next) => setDraft((before) => ({ ...before, ...next, tried: next.strategy === before.strategy ? before.tried : start.tried }))} />
        </Card>
        <Card title={backtestForm.sections.size}>
          <Size {...part} strategy={known.find(({ name }) => name === draft.strategy)} />
        </Card>
        <Card title={backtestForm.sections.costs}>
          <Options of={COSTS} {...part} />
        </Card>
        <Folded title={backtestForm.sections.bot} of={BOT} {...part} />
        <Folded title={backtestForm.sections.luck} of={LUCK} {...part} />
        <Card title={backtestForm.sections.sweep}>
          <Sweep {...part} strategy={known.find(({ name }) => name === draft.strategy)} />
        </Card>
        {Object.keys(shown).length > 0 ? (
          <p role="alert" className="text-bad">
            {backtestForm.wrong}
          </p>
        ) : null}
        <button type="submit" className="button button-main">
          {backtestForm.preview}
        </button>
      </form>
      {open ? preview(draft, () => setOpen(false)) : null}
    </>
  );
}

/** Options by their own names. */
export function Options({ of, draft, set }: PartProps & { of: Field[] }) {
  return <Fields of={of} values={draft.options} wrong={wrongOfAll(of, draft.options)} onChange={(name, value) => set("options", { ...draft.options, [name]: value })} />;
}

/** What few need: shown where something is filled in. */
function Folded({ title, of, ...part }: PartProps & { title: string; of: Field[] }) {
  const [open] = useState(of.some(({ name }) => part.draft.options[name]));
  return (
    <details className="card" open={open}>
      <summary className="cursor-pointer font-semibold">{title}</summary>
      <div className="mt-3">
        <Options of={of} {...part} />
      </div>
    </details>
  );
}

const WAYS = (Object.keys(backtestForm.ways) as Way[]).map((value) => ({ value, text: backtestForm.ways[value] }));

function Size({ draft, set, wrong, strategy }: PartProps & { strategy: Schemas["Strategy"] | undefined }) {
  const way = (value: string) => set("way", WAYS.find((each) => each.value === value)?.value ?? "cash");
  return (
    <>
      <div className="max-w-80">
        <Select label={backtestForm.way} hint={backtestForm.wayHint[draft.way]} value={draft.way} onChange={way} options={WAYS} />
      </div>
      {strategy && bringsLadder(strategy) ? <p className="text-note">{backtestForm.brings}</p> : null}
      {draft.way === "plan" ? <PlanFields text={draft.plan} onChange={(plan) => set("plan", plan)} hint={planForm.hintAlone} open /> : null}
      {draft.way === "ladder" ? <Area label={backtestForm.ladder} hint={backtestForm.ladderHint} error={wrong.ladder} value={draft.ladder} onChange={(ladder) => set("ladder", ladder)} rows={14} /> : null}
      <Options of={CONTRACTS[draft.way]} draft={draft} set={set} wrong={wrong} />
    </>
  );
}
