import type { Schemas } from "@/api/client";
import type { Ink } from "@/ui/chart";

type Position = Schemas["PositionDetail"];

/** A price of the plan, or of what came of it. */
export interface PlanLevel {
  kind: "average" | "stop" | "arms" | "takeProfit" | "leg" | "planned" | "price";
  /** The step or the safety order. */
  number: number;
  pyramid: number;
  price: string;
  quantity: string | null;
  /** Of an order; none of what is no order. */
  state: Schemas["OrderState"] | null;
}

const WAITING = new Set<Schemas["OrderState"]>(["planned", "submitting", "unknown", "open", "partially_filled"]);

/** What the position's prices are: planned, waiting and reached. Orders that are over without a fill are left out. */
export function levels(position: Position): PlanLevel[] {
  const found: PlanLevel[] = [];
  const plain = (kind: PlanLevel["kind"], price: string | null | undefined, pyramid = 0) => {
    if (price != null) found.push({ kind, number: 0, pyramid, price, quantity: null, state: null });
  };
  plain("average", position.average_price);
  plain("stop", position.stop_price);
  plain("arms", position.take_profit_arms_at);
  if (!position.closed_at) plain("price", position.mark?.price);
  for (const pyramid of position.pyramids) {
    if (position.stop_price == null) plain("stop", pyramid.stop_price, pyramid.pyramid);
    for (const { leg, orders } of pyramid.legs) {
      const order = orders.findLast((each) => each.average_fill_price != null || WAITING.has(each.state));
      const price = order?.average_fill_price ?? order?.price;
      if (order && price) found.push({ kind: "leg", number: leg, pyramid: pyramid.pyramid, price, quantity: order.quantity, state: order.state });
    }
    for (const { level, price, quantity } of pyramid.planned_legs ?? []) found.push({ kind: "planned", number: level, pyramid: pyramid.pyramid, price, quantity, state: null });
  }
  for (const order of position.take_profit_orders) {
    const price = order.average_fill_price ?? order.price;
    if (price && (WAITING.has(order.state) || order.average_fill_price)) {
      found.push({ kind: "takeProfit", number: Number(order.purpose.split("#")[1] ?? 1), pyramid: order.pyramid, price, quantity: order.quantity, state: order.state });
    }
  }
  return found;
}

export const INKS: Record<PlanLevel["kind"], Ink> = { average: "brand", stop: "bad", arms: "good", takeProfit: "good", leg: "note", planned: "soft", price: "soft" };

const LENGTHS: [string, number][] = [
  ["1m", 60],
  ["5m", 300],
  ["15m", 900],
  ["1h", 3_600],
  ["4h", 14_400],
  ["1d", 86_400],
];
export const TIMEFRAMES = LENGTHS.map(([name]) => name);
const CANDLES = 150;
const BEFORE = 30;
const MAX = 1_000;

/** The shortest candles of which the whole life of a position is not too many, and since when they are asked for. */
export function span(from: string, to: string | null, now: number, chosen?: string): { timeframe: string; since: string; limit: number } {
  const seconds = Math.max(0, ((to ? Date.parse(to) : now) - Date.parse(from)) / 1_000);
  const fitting = LENGTHS.find(([name, length]) => (chosen ? name === chosen : seconds / length <= CANDLES)) ?? LENGTHS[LENGTHS.length - 1];
  const [timeframe, length] = fitting as [string, number];
  const since = Math.floor(Date.parse(from) / 1_000 / length - BEFORE) * length * 1_000;
  return { timeframe, since: new Date(since).toISOString(), limit: Math.min(MAX, Math.ceil(seconds / length) + 2 * BEFORE) };
}

/** As the API's candles name a market: `BINANCE:BTC-USDT`, with `.P` for a perpetual contract. */
export function chartName({ exchange, symbol }: { exchange: string; symbol: string }): string {
  const [spot = "", settled] = symbol.split(":");
  return `${exchange}:${spot.replace("/", "-")}${settled ? ".P" : ""}`;
}
