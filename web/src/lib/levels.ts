import type { Schemas } from "@/api/client";
import type { Ink } from "@/ui/chart";

type Position = Schemas["PositionDetail"];

/** A price of the plan, or of what came of it. */
export interface PlanLevel {
  kind: "average" | "stop" | "arms" | "takeProfit" | "leg" | "planned" | "price";
  /** The step or the safety order. */
  number: number;
  pyramid: number;
  /** The entry that a take-profit sells by itself; null where all are sold together. */
  leg: number | null;
  price: string;
  quantity: string | null;
  /** Of an order; none of what is no order. */
  state: Schemas["OrderState"] | null;
  /** Planned and never reached: it ended with the position. */
  ended: boolean;
}

const WAITING = new Set<Schemas["OrderState"]>(["planned", "submitting", "unknown", "open", "partially_filled"]);

/** What the position's prices are: planned, waiting and reached; once it is closed, also those that it has not come to. */
export function levels(position: Position): PlanLevel[] {
  const found: PlanLevel[] = [];
  const isClosed = position.closed_at != null;
  const none = { leg: null, quantity: null, state: null, ended: false };
  const plain = (kind: PlanLevel["kind"], price: string | null | undefined, pyramid = 0) => {
    if (price != null) found.push({ ...none, kind, number: 0, pyramid, price });
  };
  plain("average", position.average_price);
  plain("stop", position.stop_price);
  plain("arms", position.take_profit_arms_at);
  if (!isClosed) plain("price", position.mark?.price);
  for (const pyramid of position.pyramids) {
    if (position.stop_price == null) plain("stop", pyramid.stop_price, pyramid.pyramid);
    for (const { leg, orders } of pyramid.legs) {
      const order = orders.findLast(counts) ?? (isClosed ? orders.at(-1) : undefined);
      const price = order?.average_fill_price ?? order?.price;
      if (order && price) found.push({ ...none, kind: "leg", number: leg, pyramid: pyramid.pyramid, price, quantity: order.quantity, state: order.state, ended: !counts(order) });
    }
    for (const { level, price, quantity } of pyramid.planned_legs ?? []) found.push({ ...none, kind: "planned", number: level, pyramid: pyramid.pyramid, price, quantity });
  }
  const isByLeg = position.take_profit.mode !== "aggregate";
  const step = ({ purpose, pyramid, leg }: Schemas["Order"]) => `${purpose} ${pyramid} ${leg}`;
  // What a stop has sold beside its limit did not come to the take-profit.
  const isAlive = (order: Schemas["Order"]) => counts(order) && !order.stop_triggered;
  const alive = position.take_profit_orders.filter(isAlive);
  const reached = new Set(alive.map(step));
  const over = isClosed ? new Map(position.take_profit_orders.filter((order) => !reached.has(step(order))).map((order) => [step(order), order])) : [];
  for (const order of [...alive, ...over.values()]) {
    const ended = !isAlive(order);
    const price = (ended ? null : order.average_fill_price) ?? order.price;
    if (price) found.push({ kind: "takeProfit", number: Number(order.purpose.split("#")[1] ?? 1), pyramid: order.pyramid, leg: isByLeg ? order.leg : null, price, quantity: order.quantity, state: order.stop_triggered ? null : order.state, ended });
  }
  return found;
}

const counts = (order: Schemas["Order"]): boolean => order.average_fill_price != null || WAITING.has(order.state);

export const INKS: Record<PlanLevel["kind"], Ink> = { average: "brand", stop: "bad", arms: "good", takeProfit: "good", leg: "note", planned: "soft", price: "soft" };

const LENGTHS = [
  ["1m", 60],
  ["5m", 300],
  ["15m", 900],
  ["1h", 3_600],
  ["4h", 14_400],
  ["1d", 86_400],
] as const;
type Timeframe = (typeof LENGTHS)[number][0];
export const TIMEFRAMES = LENGTHS.map(([name]) => name);
const CANDLES = 150;
const BEFORE = 30;
const MAX = 1_000;

/** The shortest candles of which the whole life of a position is not too many. */
export function fitting(from: string, to: string | null, now: number): Timeframe {
  const seconds = ((to ? Date.parse(to) : now) - Date.parse(from)) / 1_000;
  return LENGTHS.find(([, length]) => seconds / length <= CANDLES)?.[0] ?? "1d";
}

/** Which candles show the life of a position until now; of more than the API gives at once, the newest. */
export function span(from: string, to: string | null, now: number, timeframe: string): { timeframe: Timeframe; since: string; limit: number } {
  const [name, length] = LENGTHS.find(([each]) => each === timeframe) ?? LENGTHS[0];
  const candle = (at: number) => Math.floor(at / 1_000 / length);
  const end = candle(to ? Date.parse(to) : now) + BEFORE;
  // The candles after now do not count: there are none yet.
  const first = Math.max(candle(Date.parse(from)) - BEFORE, Math.min(end, candle(now) + 1) - MAX);
  return { timeframe: name, since: new Date(first * length * 1_000).toISOString(), limit: Math.min(MAX, end - first) };
}
