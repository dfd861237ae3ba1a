import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useMay } from "@/lib/session";
import { texts } from "@/texts/common";
import { backtest as backtestTexts } from "@/texts/backtests";
import { Age, Moment, ReadAt } from "@/ui/age";
import { Effect } from "@/ui/effect";
import { Facts, Page, Section } from "@/ui/page";
import { Failure, Loading } from "@/ui/states";
import { AskedFacts } from "./askedfacts";
import { draftOfAsked } from "./draft";
import { isGoing } from "./figures";
import { Result } from "./result";
import { Not, Progress, State } from "./state";

type Backtest = Schemas["Backtest"];

/** One backtest: how far it is, and what came of it. */
export function Backtest() {
  const { id = "" } = useParams({ strict: false });
  const backtest = useBacktest(id);
  if (backtest.data) return <Shown key={id} of={backtest.data} at={backtest.dataUpdatedAt} failed={backtest.isError} />;
  return (
    <Page title={id}>
      {backtest.error ? <Failure error={backtest.error} again={() => void backtest.refetch()} /> : <Loading />}
      <Link to="/backtests">{backtestTexts.gone}</Link>
    </Page>
  );
}

/** Asked for every three seconds while it goes on, and once it has ended no more. */
function useBacktest(id: string) {
  const init = { params: { path: { id } } };
  const told = useRead("/api/v1/backtests/{id}", init);
  useRead("/api/v1/backtests/{id}", init, { poll: 3, enabled: told.data !== undefined && isGoing(told.data) });
  return told;
}

function Shown({ of, at, failed }: { of: Backtest; at: number; failed: boolean }) {
  const may = useMay("research:write");
  const asked = of.asked ? draftOfAsked(of.asked) : null;
  const about = (
    <div className="space-y-1">
      <p className="flex flex-wrap items-center gap-2">
        <State of={of.state} /> {isGoing(of) ? <Progress of={of} /> : null}
      </p>
      {isGoing(of) ? <ReadAt at={at} failed={failed} /> : null}
    </div>
  );
  const actions = may ? (
    <>
      {isGoing(of) ? <Cancel of={of} /> : null}
      {asked ? <Link to="/backtests/new" search={{ from: of.id }} className="button">{backtestTexts.again}</Link> : null}
    </>
  ) : null;
  return (
    <Page title={`${of.symbol} ${of.timeframe}`} about={about} actions={actions}>
      <Outcome of={of} />
      <Period of={of} />
      <Section title={backtestTexts.asked}>{asked ? <AskedFacts of={asked} /> : <p className="text-soft">{backtestTexts.askedUnknown}</p>}</Section>
      <Link to="/backtests">{backtestTexts.gone}</Link>
    </Page>
  );
}

function Outcome({ of }: { of: Backtest }) {
  if (of.state === "done") {
    return (
      <>
        <Not />
        <Result of={of} />
      </>
    );
  }
  if (of.state === "failed") return <Failed why={of.why ?? ""} />;
  const text = { queued: backtestTexts.queued, running: backtestTexts.running, cancelled: backtestTexts.cancelled }[of.state];
  return (
    <p className="card" role="status">
      {text}
    </p>
  );
}

function Failed({ why }: { why: string }) {
  return (
    <div role="alert" className="card border-bad">
      <p className="text-bad font-medium">{backtestTexts.failed}</p>
      <p className="break-words">{why}</p>
      {why.startsWith("candles") ? <Link to="/market">{backtestTexts.failedCandles}</Link> : null}
    </div>
  );
}

function Period({ of }: { of: Backtest }) {
  const told = backtestTexts.facts;
  const facts: [string, ReactNode][] = [
    [told.exchange, of.exchange],
    [told.market, of.symbol],
    [told.timeframe, of.timeframe],
    [told.since, <Moment key="since" at={of.since} />],
    [told.until, <Moment key="until" at={of.until} />],
    [told.candles, of.candles ?? texts.none],
    [told.requested, <Age key="requested" at={of.created_at} />],
    [told.ended, <Age key="ended" at={of.updated_at} />],
    [told.id, <code key="id" className="text-xs">{of.id}</code>],
  ];
  return <Facts of={facts} />;
}

function Cancel({ of }: { of: Backtest }) {
  return (
    <Effect
      verb={backtestTexts.cancel}
      title={backtestTexts.cancelTitle}
      danger
      preview={
        <>
          <p><strong>{of.symbol}</strong> {of.timeframe}</p>
          <p>{backtestTexts.cancelPreview}</p>
        </>
      }
      act={({ key }) => api.POST("/api/v1/backtests/{id}/cancel", { params: { path: { id: of.id }, header: { "Idempotency-Key": key } } })}
    />
  );
}
