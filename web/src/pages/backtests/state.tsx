import type { Schemas } from "@/api/client";
import { backtests as backtestsTexts } from "@/texts/backtests";
import { Moment } from "@/ui/age";
import { Badge, type Tone } from "@/ui/badge";
import { percentOf } from "./figures";

type Backtest = Schemas["Backtest"];

const TONES: Partial<Record<Backtest["state"], Tone>> = { queued: "note", running: "note", done: "good", failed: "bad", cancelled: "warn" };

export function State({ of }: { of: Backtest["state"] }) {
  return <Badge tone={TONES[of] ?? "plain"}>{backtestsTexts.state[of] ?? of}</Badge>;
}

/** How far it is, as a bar and as text. */
export function Progress({ of }: { of: Backtest }) {
  const percent = percentOf(of.progress);
  if (percent === null) return <span className="text-soft">{of.state === "queued" || of.state === "running" ? backtestsTexts.waiting : null}</span>;
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <progress className="h-2 w-24" max={100} value={percent} aria-label={backtestsTexts.progressOf(of.symbol)} />
      <span className="number">{backtestsTexts.progress(percent, of.progress.done, of.progress.of)}</span>
    </span>
  );
}

/** From when to when, on two lines. */
export function Period({ since, until }: { since: string; until: string }) {
  return (
    <span className="block text-xs whitespace-nowrap">
      <Moment at={since} /> {backtestsTexts.to} <br />
      <Moment at={until} />
    </span>
  );
}

/** What a backtest is not. */
export function Not() {
  return <p className="border-warn bg-warn-fill max-w-prose rounded-md border p-3">{backtestsTexts.not}</p>;
}
