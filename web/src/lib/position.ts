import type { Schemas } from "@/api/client";
import { add, compare, divide, multiply, subtract } from "./decimal";

type Detail = Schemas["PositionDetail"];
type Side = Schemas["PositionSide"];
type Decimal = string | null;
type Lot = Pick<Schemas["PlannedLeg"], "price" | "quantity">;

/** What a stop closes at once: a whole position, or one pyramid where each has a stop of its own. */
interface Part {
  held: string;
  /** Of it, some may have been sold since. */
  bought: string;
  average: string;
  stop: string;
  pyramids: Detail["pyramids"];
}

/** What closing all that is held at its stop would bring, before the fees of that sale; null where that is not known. */
export function atStop(position: Detail): string | null {
  return total(parts(position)?.map(({ held, average, stop }) => gain(position.side, times(held, average), times(held, stop))));
}

/** The same if before that all safety orders fill that stand before the stop: the worst case of the ladder. */
export function atStopWithLadder(position: Detail): string | null {
  return total(parts(position)?.map((part) => worst(part, position)));
}

/** Each pyramid has a stop, and what is left of each is not known: they have to be looked at one by one. */
export const isByPyramid = (position: Detail): boolean => parts(position) === null && position.pyramids.some(({ stop_price }) => stop_price != null);

export const isOpen = (status: Schemas["PositionStatus"]): boolean => status !== "closed" && status !== "failed";

/** Null where that is not known: without a stop, or where sales cannot be told to be of one pyramid or another. */
function parts({ quantity, average_price: average, stop_price: stop, pyramids }: Detail): Part[] | null {
  const bought = total(pyramids.map((pyramid) => pyramid.bought));
  if (stop != null) return average == null || bought == null ? null : [{ held: quantity, bought, average, stop, pyramids }];
  const left = pyramids.filter((pyramid) => pyramid.exit_reason === null && compare(pyramid.bought, "0") > 0);
  const found = left.flatMap((pyramid) => {
    const { bought: held, average_price, stop_price } = pyramid;
    return average_price == null || stop_price == null ? [] : [{ held, bought: held, average: average_price, stop: stop_price, pyramids: [pyramid] }];
  });
  const isAll = found.length > 0 && found.length === left.length && compare(total(found.map(({ held }) => held)), quantity) === 0;
  return isAll ? found : null;
}

function worst({ held, bought, average, stop, pyramids }: Part, { side, stop_loss_basis: basis, stop_loss_percent: percent, stop_loss_trailing: trails }: Detail): string | null {
  const isShort = side === "short";
  const nearer = (one: Decimal, other: Decimal) => (isShort ? compare(one, other) : compare(other, one));
  const waits = pyramids.flatMap(waiting);
  const lots = waits.filter((lot) => lot !== null).sort((one, other) => nearer(one.price, other.price));
  if (lots.length < waits.length) return null;
  // A stop that trails stays where the price has taken it.
  const share = basis === "average" && !trails ? over((isShort ? plus : minus)("100", percent), "100") : null;
  let place: Decimal = stop;
  // What the ladder adds: coins, and what is paid for them.
  let [coins, paid]: [Decimal, Decimal] = ["0", "0"];
  let brings = times(held, stop);
  for (const { price, quantity } of lots) {
    // Once the stop has sold, nothing more is bought.
    if (nearer(price, place) >= 0) break;
    [coins, paid] = [plus(coins, quantity), plus(paid, times(price, quantity))];
    const [all, now] = [plus(bought, coins), plus(held, coins)];
    const left = times(plus(times(bought, average), paid), share);
    if (share) place = over(left, all);
    // Divided last: exact where nothing was sold.
    brings = share ? over(times(left, now), all) : times(now, place);
  }
  return gain(side, plus(times(held, average), paid), brings);
}

const ENDED = new Set<Schemas["OrderState"]>(["not_placed", "rejected", "expired", "cancelled", "filled"]);

/** Safety orders that wait or are planned; null for what cannot be known: a base order that they are measured from, or no price. */
function waiting({ exit_reason, legs, planned_legs = [] }: Detail["pyramids"][number]): (Lot | null)[] {
  if (exit_reason !== null) return [];
  const orders = legs.flatMap((leg) => leg.orders).filter((order) => order.purpose === "entry" && !ENDED.has(order.state));
  const lots = orders.map(({ leg, price, quantity, filled }) => {
    const rest = subtract(quantity, filled);
    return leg === 0 || price === null || rest === null ? null : { price, quantity: rest };
  });
  return [...lots, ...planned_legs];
}

const gain = (side: Side, paid: Decimal, brings: Decimal) => (side === "short" ? minus(paid, brings) : minus(brings, paid));

const total = (values: Decimal[] | undefined): Decimal => values?.reduce(plus, "0") ?? null;

const known = (of: (one: string, other: string) => Decimal) => (one: Decimal, other: Decimal) => (one === null || other === null ? null : of(one, other));
const plus = known(add);
const minus = known(subtract);
const times = known(multiply);
const over = known(divide);
