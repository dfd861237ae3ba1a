import { type ReactNode } from "react";
import { backtest as backtestTexts, backtestForm } from "@/texts/backtests";
import { Facts } from "@/ui/page";
import { strategyName } from "../bots/names";
import { placesOf } from "../bots/strategy/paths";
import { StrategyInWords } from "../bots/strategy/said";
import { PlanFacts } from "../bots/terms";
import { type BacktestDraft, bodyOf } from "./draft";

const TRIED = "sweep.tried.";

/** What is sent, or was: strategy, costs and what is tried. */
export function AskedFacts({ of, preview }: { of: BacktestDraft; preview?: boolean }) {
  const { rules: _, plan, ladder, parameters: __, strategy, exchange, symbol, timeframe, since, until, ...rest } = bodyOf(of);
  const told = backtestTexts.facts;
  const market: [string, ReactNode][] = preview ? [[told.exchange, exchange], [told.market, symbol], [told.timeframe, timeframe], [told.since, since], [told.until, until ?? backtestForm.now]] : [];
  const facts: [string, ReactNode][] = [...market, [backtestForm.strategy, strategyName(strategy ?? of.strategy)], [backtestForm.way, backtestForm.ways[of.way]], ...placesOf(rest).map(({ path, value }): [string, ReactNode] => [titleOf(path), String(value)])];
  return (
    <div className="space-y-3">
      <Facts of={facts} />
      <StrategyInWords of={of} tried={rest.sweep?.tried} />
      {plan ? <PlanFacts of={plan} /> : null}
      {ladder ? <PlanFacts of={ladder} /> : null}
    </div>
  );
}

function titleOf(path: string): string {
  const options: Partial<Record<string, readonly [string, string]>> = backtestForm.options;
  const sent: Partial<Record<string, string>> = backtestForm.sent;
  return options[path]?.[0] ?? sent[path] ?? (path.startsWith(TRIED) ? backtestForm.sentTried(path.slice(TRIED.length)) : path);
}
