import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { Shown } from "@/ui/states";
import { Played } from "./played";
import { Steps } from "./steps";
import { Tries } from "./tries";

/** What came of it: a run, the tries of a sweep, or the steps of a walk. */
export function Result({ of }: { of: Schemas["Backtest"] }) {
  const result = useRead("/api/v1/backtests/{id}/result", { params: { path: { id: of.id } } });
  return (
    <Shown of={result}>
      {(told) => {
        if ("tries" in told) return <Tries of={told} backtest={of} />;
        if ("steps" in told) return <Steps of={told} backtest={of} />;
        return <Played of={told} backtest={of} />;
      }}
    </Shown>
  );
}
