import { api, type Schemas } from "@/api/client";
import { position as texts } from "@/texts/positions";
import { texts as common } from "@/texts/common";
import { Priced, useIsStale } from "@/ui/age";
import { Effect } from "@/ui/effect";
import { OrderLines } from "@/ui/halt";
import { baseOf, Profit, quoteOf } from "@/ui/value";
import { Where } from "./where";

type Detail = Schemas["PositionDetail"];

/** Closes everything at market. A stale price does not keep anyone from leaving; only what it would bring is not shown. */
export function ClosePosition({ of }: { of: Detail }) {
  const stale = useIsStale(of.mark?.at);
  return (
    <Effect
      verb={texts.close}
      title={texts.closeTitle}
      danger
      disabled={of.status === "closing" ? texts.closing : null}
      preview={
        <>
          <Where of={of} />
          <p>{texts.closePreview(`${of.quantity} ${baseOf(of.symbol)}`, of.symbol)}</p>
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

const WAITING = new Set<Schemas["OrderState"]>(["planned", "submitting", "open", "partially_filled"]);

export function CancelPending({ of }: { of: Detail }) {
  const waiting = of.pyramids.flatMap((pyramid) => pyramid.legs.flatMap((leg) => leg.orders)).filter((order) => order.purpose === "entry" && WAITING.has(order.state));
  const planned = of.pyramids.reduce((count, pyramid) => count + (pyramid.planned_legs?.length ?? 0), 0);
  if (waiting.length + planned === 0) return null;
  return (
    <Effect
      verb={texts.cancelPending}
      title={texts.cancelPending}
      preview={
        <>
          <Where of={of} />
          <p>{texts.cancelPreview(waiting.length + planned)}</p>
          <OrderLines of={waiting} />
        </>
      }
      act={({ key }) => api.POST("/api/v1/position-groups/{id}/cancel-pending", { params: { path: { id: of.id }, header: { "Idempotency-Key": key } } })}
    />
  );
}
