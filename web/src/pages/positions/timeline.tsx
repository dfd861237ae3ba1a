import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { alerts as alertTexts } from "@/texts/alerts";
import { grouped, withSign } from "@/lib/decimal";
import { changeOf } from "@/lib/history";
import { orders as orderTexts } from "@/texts/orders";
import { position as texts, positions as listTexts } from "@/texts/positions";
import { Moment } from "@/ui/age";
import { purpose } from "@/ui/order";
import { quoteOf } from "@/ui/value";
import { ordersOf } from "./figures";

type Detail = Schemas["PositionDetail"];
type Story = Pick<Detail, "history" | "fills" | "pyramids" | "take_profit" | "take_profit_orders" | "exit_orders" | "reductions" | "delivery_id" | "closed_at" | "exit_reason" | "realised_pnl" | "symbol">;

interface Event {
  key: string;
  at: string;
  what: string;
  /** What it is about, with a link to it. */
  order?: { id: string; name: string };
  alert?: string;
}

/** From the alert to the profit, the newest first. */
export function events(of: Story, alert?: Schemas["ReceivedAlert"]): Event[] {
  const orders = new Map(ordersOf(of).map((order) => [order.id, order]));
  const about = (order: Schemas["Order"] | undefined) => order && { id: order.id, name: purpose(order, of.take_profit.mode) };
  const told: Event[] = [];
  if (alert) told.push({ key: "alert", at: alert.received_at, what: texts.timelineAlert, alert: alert.id });
  if (alert?.verdict) told.push({ key: "verdict", at: alert.verdict.at, what: texts.timelineVerdict(alertTexts.kind[alert.verdict.kind]), alert: alert.id });
  for (const { number, at, quantity, delivery_id: id } of of.reductions) told.push({ key: `reduction ${number}`, at, what: texts.timelineReduction(number, grouped(quantity)), alert: id });
  for (const entry of of.history) {
    const what = changeOf(entry);
    if (what) told.push({ key: `change ${entry.version}`, at: entry.at, what });
  }
  for (const order of orders.values()) {
    const { id, submitted_at: at, side, quantity, price } = order;
    if (at) told.push({ key: `sent ${id}`, at, what: texts.timelineSent(orderTexts.side[side], grouped(quantity), price && grouped(price)), order: about(order) });
  }
  for (const { trade_id, order_id, at, side, quantity, price } of of.fills) {
    const how = orders.get(order_id)?.stop_triggered ? texts.timelineStop : texts.timelineFill;
    told.push({ key: `fill ${trade_id} ${order_id}`, at, what: how(orderTexts.side[side], grouped(quantity), grouped(price)), order: about(orders.get(order_id)) });
  }
  if (of.closed_at) {
    const profit = of.realised_pnl && `${withSign(of.realised_pnl)} ${quoteOf(of.symbol)}`;
    told.push({ key: "end", at: of.closed_at, what: texts.timelineEnd(of.exit_reason && listTexts.exit[of.exit_reason], profit) });
  }
  // Of one moment, what was pushed last came last.
  return merged(told.reverse().sort((one, other) => Date.parse(other.at) - Date.parse(one.at)));
}

/** The same words one after the other are said once, where they began. */
const merged = (told: Event[]) => told.filter(({ what, order, alert }, index) => order || alert || !told[index + 1]?.what.startsWith(what));

export function Timeline({ of }: { of: Detail }) {
  const alert = useRead("/api/v1/deliveries/{id}", { params: { path: { id: of.delivery_id } } });
  return (
    <ol className="card space-y-2">
      {events(of, alert.data).map((event) => (
        <li key={event.key} className="border-line border-l-2 pl-3">
          <p className="break-words">
            {event.what} <About of={event} />
          </p>
          <p className="text-soft text-xs">
            <Moment at={event.at} />
          </p>
        </li>
      ))}
    </ol>
  );
}

function About({ of: { order, alert } }: { of: Event }): ReactNode {
  if (order) return <Link to="/orders/$id" params={{ id: order.id }}>{order.name}</Link>;
  if (alert) return <Link to="/alerts/$id" params={{ id: alert }}>{texts.timelineOpen}</Link>;
  return null;
}
