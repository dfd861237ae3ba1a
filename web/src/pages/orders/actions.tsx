import { Link } from "@tanstack/react-router";
import { api, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { grouped } from "@/lib/decimal";
import { useMay } from "@/lib/session";
import { order as orderTexts, orders as ordersTexts } from "@/texts/orders";
import { ModeBadge } from "@/ui/badge";
import { Effect } from "@/ui/effect";
import { hasEnded } from "@/ui/order";
import { baseOf, quoteOf } from "@/ui/value";
import { outcomes } from "./outcomes";
import { Resolve } from "./resolve";

interface ActionsProps {
  of: Schemas["OrderLineage"];
  symbol: string;
}

/** What may be done with an order: an entry is cancelled, and one that the exchange does not tell of is resolved. */
export function Actions(props: ActionsProps) {
  const may = useMay("trading:write");
  return may && !hasEnded(props.of.order) ? <Possible {...props} /> : null;
}

function Possible({ of: { order, fills }, symbol }: ActionsProps) {
  const position = useRead("/api/v1/position-groups/{id}", { params: { path: { id: order.position_group_id } } }).data;
  const troubled = position?.needs_attention === true || position?.status === "closing";
  const stated = outcomes({ order, fills, troubled });
  return (
    <>
      {order.purpose === "entry" ? <Cancel order={order} symbol={symbol} /> : <Protective order={order} />}
      {stated.length > 0 ? <Resolve order={order} outcomes={stated} base={baseOf(symbol)} quote={quoteOf(symbol)} /> : null}
    </>
  );
}

function Cancel({ order, symbol }: { order: Schemas["Order"]; symbol: string }) {
  const told = orderTexts.cancel;
  const price = order.price ? told.atPrice(`${grouped(order.price)} ${quoteOf(symbol)}`) : orderTexts.atMarket;
  const what = told.what(ordersTexts.side[order.side] ?? order.side, `${grouped(order.quantity)} ${baseOf(symbol)}`, price);
  return (
    <Effect
      verb={told.verb}
      title={told.title}
      danger
      disabled={order.cancel_requested_at ? told.requested : null}
      preview={
        <>
          <p>
            <ModeBadge mode={order.mode} />
          </p>
          <p>{order.state === "planned" ? told.planned : told.sends(what)}</p>
          <p>{told.keeps}</p>
          <p className="text-soft">{told.cost}</p>
        </>
      }
      act={({ key }) => api.POST("/api/v1/orders/{id}/cancel", { params: { path: { id: order.id }, header: { "Idempotency-Key": key } } })}
    />
  );
}

function Protective({ order }: { order: Schemas["Order"] }) {
  return (
    <p className="text-soft max-w-prose text-xs">
      {orderTexts.cancel.protective}{" "}
      <Link to="/positions/$id" params={{ id: order.position_group_id }}>
        {orderTexts.cancel.protectiveNext}
      </Link>
    </p>
  );
}
