import type { Schemas } from "@/api/client";
import { position as positionTexts } from "@/texts/positions";
import { orders as ordersTexts, orderPurpose as orderPurposeTexts } from "@/texts/orders";
import { Age } from "./age";
import { Badge, type Tone } from "./badge";
import { type Column, Table } from "./table";
import { Value } from "./value";
import { Empty } from "./states";
import { Link } from "@tanstack/react-router";

type Order = Schemas["Order"];
type Mode = Schemas["TakeProfitMode"];

const TONES: Partial<Record<Order["state"], Tone>> = {
  unknown: "bad",
  rejected: "bad",
  not_placed: "warn",
  open: "note",
  partially_filled: "note",
  filled: "good",
};

export function OrderState({ state }: { state: Order["state"] }) {
  return <Badge tone={TONES[state] ?? "plain"}>{ordersTexts.state[state] ?? state}</Badge>;
}

const columns = (mode?: Mode): Column<Order>[] => [
  { id: "created", title: ordersTexts.columns.created, value: (order) => order.created_at, cell: (order) => <Age at={order.created_at} /> },
  { id: "purpose", title: ordersTexts.columns.purpose, value: (order) => purpose(order, mode), cell: (order) => <Link to="/orders/$id" params={{ id: order.id }} className="whitespace-nowrap">{purpose(order, mode)}</Link> },
  { id: "side", title: ordersTexts.columns.side, value: (order) => ordersTexts.side[order.side] ?? order.side },
  { id: "type", title: ordersTexts.columns.type, value: (order) => ordersTexts.type[order.type] ?? order.type },
  { id: "price", title: ordersTexts.columns.price, value: (order) => order.price ?? order.stop_price, number: true, cell: (order) => <Value of={order.price ?? order.stop_price} /> },
  { id: "quantity", title: ordersTexts.columns.quantity, value: (order) => order.quantity, number: true, cell: (order) => <Value of={order.quantity} /> },
  { id: "filled", title: ordersTexts.columns.filled, value: (order) => order.filled, number: true, cell: (order) => <Value of={order.filled} /> },
  { id: "average", title: ordersTexts.columns.average, value: (order) => order.average_fill_price, number: true, cell: (order) => <Value of={order.average_fill_price} /> },
  { id: "state", title: ordersTexts.columns.state, value: (order) => order.state, cell: (order) => <OrderState state={order.state} /> },
  { id: "id", title: ordersTexts.columns.id, value: (order) => order.id, hidden: true, cell: (order) => <code className="text-xs">{order.id}</code> },
];
export const ORDER_COLUMNS = columns();
const BY_LEG = columns("per_leg");

/** `base order`, `safety order 2`, `take-profit 1`, `take-profit of the base order` …, in words. */
export function purpose(order: Pick<Order, "purpose" | "leg" | "pyramid">, mode: Mode = "aggregate"): string {
  const [kind = "", number] = order.purpose.split("#");
  // Leg 0 is the base order only where each entry is sold by itself.
  const takeProfit = positionTexts.level.takeProfit(Number(number), order.leg > 0 || mode !== "aggregate" ? order.leg : null);
  const named = { entry: positionTexts.level.leg(order.leg), tp: takeProfit, exit: orderPurposeTexts.exit, reduce: orderPurposeTexts.reduce(Number(number)) }[kind] ?? order.purpose;
  return order.pyramid > 0 ? `${named} · ${orderPurposeTexts.pyramid(order.pyramid)}` : named;
}

const ENDED: readonly Order["state"][] = ["not_placed", "rejected", "expired", "cancelled", "filled"];

/** Whether nothing more is expected of it. */
export const hasEnded = (order: Pick<Order, "state">): boolean => ENDED.includes(order.state);

/** The orders of one position, whose take-profit has this mode. */
export function Orders({ of, mode = "aggregate" }: { of: Order[]; mode?: Mode }) {
  return <Table id="position-orders" caption={positionTexts.orders} rows={of} columns={mode === "aggregate" ? ORDER_COLUMNS : BY_LEG} rowKey={(order) => order.id} sort="-created" empty={<Empty title={orderPurposeTexts.none} />} />;
}

/** Orders that an answer names. */
export function OrderLines({ of }: { of: Schemas["Order"][] }) {
  return (
    <ul className="list-disc pl-5">
      {of.map((order) => (
        <li key={order.id}>
          {order.symbol} {purpose(order)}: {order.side} <Value of={order.quantity} /> {order.price ? <Value of={order.price} /> : order.type}
        </li>
      ))}
    </ul>
  );
}
