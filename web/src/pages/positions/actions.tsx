import { Link } from "@tanstack/react-router";
import { api, type Schemas } from "@/api/client";
import { position as texts } from "@/texts/positions";
import { texts as common } from "@/texts/common";
import { Priced, useIsStale } from "@/ui/age";
import { Effect } from "@/ui/effect";
import { isWaitingEntry } from "@/ui/halt";
import { OrderLines } from "@/ui/order";
import { baseOf, Profit, quoteOf } from "@/ui/value";
import { Where } from "./where";

type Detail = Schemas["PositionDetail"];

/** Closes everything at market. A stale price does not keep anyone from leaving; only what it would bring is not shown. */
export function ClosePosition({ of }: { of: Detail }) {
  const stale = useIsStale(of.mark?.at);
  const { waiting, count } = entries(of);
  return (
    <Effect
      verb={texts.close}
      title={texts.closeTitle}
      danger
      disabled={of.status === "closing" ? texts.closing : null}
      preview={
        <>
          <Where of={of} />
          <p>{texts.closePreview(count, `${of.quantity} ${baseOf(of.symbol)}`, of.symbol)}</p>
          <OrderLines of={waiting} />
          {stale ? (
            <p className="text-warn">{texts.stalePrice}</p>
          ) : (
            <p>
              {texts.closeProfit}{" "}
              <Priced at={of.mark?.at} source={common.source.price}>
                <Profit of={of.unrealised_pnl} unit={quoteOf(of.symbol)} />
              </Priced>
            </p>
          )}
        </>
      }
      act={({ key }) => api.POST("/api/v1/position-groups/{id}/close", { params: { path: { id: of.id }, header: { "Idempotency-Key": key } } })}
    />
  );
}

/** To orders by hand that make it larger or smaller. */
export function ByHand({ of: { id, side } }: { of: Detail }) {
  const [adds, leaves] = side === "short" ? (["sell", "buy"] as const) : (["buy", "sell"] as const);
  return (
    <>
      <Link to="/orders/new" search={{ position: id, side: adds }} className="button">
        {texts.add}
      </Link>
      <Link to="/orders/new" search={{ position: id, side: leaves }} className="button">
        {side === "short" ? texts.buyBack : texts.sell}
      </Link>
    </>
  );
}

/** Entry orders that wait, and how many there are with those that are only planned yet. */
function entries({ pyramids }: Detail): { waiting: Schemas["Order"][]; count: number } {
  const waiting = pyramids.flatMap(({ legs }) => legs.flatMap(({ orders }) => orders)).filter(isWaitingEntry);
  return { waiting, count: pyramids.reduce((count, { planned_legs }) => count + (planned_legs?.length ?? 0), waiting.length) };
}

export function CancelPending({ of }: { of: Detail }) {
  const { waiting, count } = entries(of);
  if (count === 0) return null;
  return (
    <Effect
      verb={texts.cancelPending}
      title={texts.cancelPending}
      preview={
        <>
          <Where of={of} />
          <p>{texts.cancelPreview(count)}</p>
          <OrderLines of={waiting} />
        </>
      }
      act={({ key }) => api.POST("/api/v1/position-groups/{id}/cancel-pending", { params: { path: { id: of.id }, header: { "Idempotency-Key": key } } })}
    />
  );
}
