import type { Schemas } from "@/api/client";
import { compare } from "@/lib/decimal";

type Order = Schemas["Order"];
export type Outcome = Schemas["OrderOutcome"];

/** A request may arrive for so long after it was sent, and nothing can be stated before. */
export const RESOLVE_AFTER = 45_000;

interface Case {
  order: Order;
  fills: readonly unknown[];
  /** The position is being closed, or needs attention: then an order that rests may be one that is not shown. */
  troubled: boolean;
}

/** What may be stated of an order; none where the exchange is sure to tell. */
export function outcomes({ order, fills, troubled }: Case): Outcome[] {
  if (order.state === "unknown") return fills.length > 0 ? ["not_placed"] : ["not_placed", "filled"];
  const rests = order.state === "open" || order.state === "partially_filled";
  if (!rests || !(troubled || order.cancel_requested_at)) return [];
  return fills.length > 0 ? ["cancelled"] : ["cancelled", "filled"];
}

/** How many milliseconds are left until something may be stated. */
export function tooEarly(order: Order, now: number): number {
  if (order.state !== "unknown" || !order.submitted_at) return 0;
  return Math.max(0, Date.parse(order.submitted_at) + RESOLVE_AFTER - now);
}

export interface Stated {
  quantity: string;
  price: string;
  fee: string;
}

const above = (text: string, least: string) => /^\d+(\.\d+)?$/.test(text) && compare(text, least) > 0;

/** Which of what was filled in cannot be sent. */
export function wrong(stated: Stated, most: string): Record<keyof Stated, boolean> {
  return {
    quantity: !above(stated.quantity, "0") || compare(stated.quantity, most) > 0,
    price: !above(stated.price, "0"),
    fee: stated.fee !== "" && !/^\d+(\.\d+)?$/.test(stated.fee),
  };
}
