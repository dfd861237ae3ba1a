import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { backtest as backtestTexts } from "@/texts/backtests";
import { Loading, Shown } from "@/ui/states";
import { isTimeframe } from "../bots/strategy/timeframes";
import { firstBar } from "./figures";
import { Played } from "./played";
import { Steps } from "./steps";
import { Tries } from "./tries";

/** What came of it: a run, the tries of a sweep, or the steps of a walk. */
export function Result({ of }: { of: Schemas["Backtest"] }) {
  const result = useRead("/api/v1/backtests/{id}/result", { params: { path: { id: of.id } } });
  const bars = useBars(of);
  // Times of bars would move once it is known where they begin.
  if (!bars) return <Loading />;
  const backtest = { ...of, since: bars.since };
  return (
    <>
      {of.candles !== null && of.candles < of.expected ? (
        <p className="text-warn">
          {backtestTexts.missing(of.candles, of.expected)} {bars.isSure ? null : backtestTexts.approximate}
        </p>
      ) : null}
      <Shown of={result}>
        {(told) => {
          if ("tries" in told) return <Tries of={told} backtest={of} />;
          if ("steps" in told) return <Steps of={told} backtest={backtest} />;
          return <Played of={told} backtest={backtest} />;
        }}
      </Shown>
    </>
  );
}

/** When its bars begin; null until that is known. */
function useBars(of: Schemas["Backtest"]): { since: string; isSure: boolean } | null {
  const { exchange, symbol, timeframe, candles, expected } = of;
  const isWhole = candles === null || candles >= expected || !isTimeframe(timeframe);
  const query = { exchange, symbol, timeframe: isTimeframe(timeframe) ? timeframe : undefined, limit: 1 };
  const stats = useRead("/api/v1/market-data/stats", { params: { query } }, { enabled: !isWhole });
  return isWhole || !stats.isPending ? firstBar(of, stats.data?.oldest) : null;
}
