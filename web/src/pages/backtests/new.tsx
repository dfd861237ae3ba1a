import { useNavigate } from "@tanstack/react-router";
import { api, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { backtestForm } from "@/texts/backtests";
import { Preview } from "@/ui/effect";
import { Page } from "@/ui/page";
import { Failure, Loading, NoPermission } from "@/ui/states";
import { strategyOf } from "../bots/draft";
import { writePlan } from "../bots/strategy/plan";
import { AskedFacts } from "./askedfacts";
import { type BacktestDraft, bodyOf, candlesIn, combinations, draftOfAsked, draftOfBot, NEW_BACKTEST } from "./draft";
import { BacktestForm } from "./form";
import { Not } from "./state";

/** A new backtest; of a bot's terms with `?bot=`, or of an earlier one with `?from=`. */
export function NewBacktest() {
  const may = useMay("research:write");
  const [search] = useFilters();
  return (
    <Page title={backtestForm.title}>
      <Not />
      {!may ? <NoPermission /> : search.bot ? <OfBot id={search.bot} /> : search.from ? <OfEarlier id={search.from} /> : <Form start={NEW_BACKTEST} />}
    </Page>
  );
}

function OfBot({ id }: { id: string }) {
  const bot = useRead("/api/v1/bots/{id}", { params: { path: { id } } });
  if (bot.data) return <Form start={draftOfBot(bot.data, strategyOf(bot.data), writePlan(bot.data.plan))} />;
  return bot.error ? <Failure error={bot.error} again={() => void bot.refetch()} /> : <Loading />;
}

function OfEarlier({ id }: { id: string }) {
  const earlier = useRead("/api/v1/backtests/{id}", { params: { path: { id } } });
  if (earlier.data) return <Form start={earlier.data.asked ? draftOfAsked(earlier.data.asked) : NEW_BACKTEST} />;
  return earlier.error ? <Failure error={earlier.error} again={() => void earlier.refetch()} /> : <Loading />;
}

function Form({ start }: { start: BacktestDraft }) {
  return <BacktestForm start={start} preview={(draft, close) => <Begin draft={draft} onClose={close} />} />;
}

function Begin({ draft, onClose }: { draft: BacktestDraft; onClose: () => void }) {
  const navigate = useNavigate();
  const candles = candlesIn(draft, Date.now());
  const tries = draft.sweep && draft.search === "grid" ? combinations(draft.tried.filter(({ name }) => name)) : null;
  return (
    <Preview<Schemas["Backtest"]>
      verb={backtestForm.start}
      title={backtestForm.startTitle}
      onClose={onClose}
      preview={
        <>
          <p>{backtestForm.startPreview}</p>
          {candles === null ? null : <p>{backtestForm.expected(candles)}</p>}
          {tries === null ? null : <p>{backtestForm.combinations(tries)}</p>}
          <AskedFacts of={draft} preview />
          <p className="text-soft">{backtestForm.limits}</p>
        </>
      }
      act={({ key }) => api.POST("/api/v1/backtests", { params: { header: { "Idempotency-Key": key } }, body: bodyOf(draft) })}
      onDone={(backtest) => {
        void navigate({ to: "/backtests/$id", params: { id: backtest.id } });
      }}
    />
  );
}
