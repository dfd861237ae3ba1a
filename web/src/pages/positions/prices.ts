import type { Schemas } from "@/api/client";
import { add, compare, divide, multiply, subtract } from "@/lib/decimal";
import { baseOf, quoteOf } from "@/ui/value";

type Detail = Schemas["PositionDetail"];
type Order = Schemas["Order"];

/** A price that an exit would have: of one pyramid or one entry where each has its own. */
export interface ExitPrice {
  pyramid: number;
  /** Null where entries are sold together. */
  leg: number | null;
  /** Of the take-profit, from 1; 0 of a stop. */
  step: number;
  price: string;
}

/** Where the stop would stand with this percentage; none before the first fill. */
export function stopPrices(of: Detail, percent: string): ExitPrice[] {
  const isLong = of.side === "long";
  const alone = of.stop_price == null ? of.pyramids.filter(({ stop_price }) => stop_price != null) : [];
  return (alone.length > 0 ? alone.map(({ pyramid }) => pyramid) : [null]).flatMap((pyramid) => {
    const from = cost(of, (order) => (pyramid === null || order.pyramid === pyramid) && (of.stop_loss_basis === "average" || order.leg === 0));
    return priced(of, moved(from, percent, !isLong), !isLong, { pyramid: pyramid ?? 0, leg: null, step: 0 });
  });
}

/** Where the take-profit would sell with these percentages, after the fee of the sale; none before the first fill. */
export function profitPrices(of: Detail, percents: string[]): ExitPrice[] {
  const isLong = of.side === "long";
  const { mode, basis } = of.take_profit;
  const all = cost(of, () => true);
  const base = cost(of, (order) => order.leg === 0);
  const at = (target: string, which: Omit<ExitPrice, "price">) => priced(of, divide(target, (isLong ? subtract : add)("1", feeRate(of)) ?? ""), isLong, which);
  if (mode !== "aggregate") {
    const legs = of.pyramids.flatMap(({ pyramid, legs }) => legs.map(({ leg }) => ({ pyramid, leg, step: 1 })));
    return legs.flatMap((which) => at(moved(cost(of, (order) => order.pyramid === which.pyramid && order.leg === which.leg), percents[0], isLong), which));
  }
  return percents.flatMap((percent, index) => {
    // From the base order: a share of what that has cost, gained over the average of all.
    const gain = multiply(multiply(base.paid, percent) ?? "", "0.01") ?? "";
    const target = basis === "base" ? (divide((isLong ? add : subtract)(all.paid, gain) ?? "", all.quantity) ?? "") : moved(all, percent, isLong);
    return at(target, { pyramid: 0, leg: null, step: index + 1 });
  });
}

/** Whether the price has come as far as the exit: a stop is met by a price against the position, a take-profit by one in its favour. */
export function isMet({ side }: Pick<Detail, "side">, exit: Pick<ExitPrice, "step" | "price">, last: string): boolean {
  const isFalling = (side === "long") === (exit.step === 0);
  return isFalling ? compare(last, exit.price) <= 0 : compare(last, exit.price) >= 0;
}

/** In quote, with the fees; of a short, what the sale has brought. */
interface Cost {
  paid: string;
  quantity: string;
}

/** What these entries have bought. */
function cost(of: Detail, which: (order: Order) => boolean): Cost {
  const orders = of.pyramids.flatMap((pyramid) => pyramid.legs.flatMap((leg) => leg.orders.filter((order) => which(order) && order.average_fill_price != null)));
  const total = (values: (string | null | undefined)[]) => values.reduce<string>((sum, value) => add(sum, value ?? "0") ?? sum, "0");
  const fees = (asset: string) => total(orders.map((order) => order.fees[asset]));
  const traded = total(orders.map((order) => multiply(order.filled, order.average_fill_price ?? "")));
  return {
    paid: (of.side === "long" ? add : subtract)(traded, fees(quoteOf(of.symbol))) ?? "",
    quantity: subtract(total(orders.map((order) => order.filled)), fees(baseOf(of.symbol))) ?? "",
  };
}

/** Its price, so many percent higher or lower; empty where there is none. */
function moved({ paid, quantity }: Cost, percent: string | undefined, isUp: boolean): string {
  const factor = divide((isUp ? add : subtract)("100", percent ?? "") ?? "", "100");
  return divide(multiply(paid, factor ?? "") ?? "", quantity) ?? "";
}

/** The highest at which the exchange has taken a fee, to five digits: the API does not name that of the market. */
function feeRate(of: Detail): string {
  const rates = of.fills.map((fill) => {
    const inBase = fill.fee_asset === baseOf(of.symbol);
    const fee = inBase ? multiply(fill.fee ?? "", fill.price) : fill.fee_asset === quoteOf(of.symbol) ? fill.fee : fill.fee_value;
    return cut(add(divide(fee ?? "0", multiply(fill.price, fill.quantity) ?? "") ?? "0", "0.000005") ?? "", 5, false);
  });
  return rates.sort(compare).at(-1) ?? "0";
}

/** With as many digits as prices of this market have, up or down as the API rounds it; none if there is no such price. */
function priced(of: Detail, price: string | null, isUp: boolean, which: Omit<ExitPrice, "price">): ExitPrice[] {
  if (!price || compare(price, "0") <= 0) return [];
  const known = [of.mark?.price, of.stop_price, ...of.take_profit_orders.map((order) => order.price), ...of.fills.map((fill) => fill.price)];
  return [{ ...which, price: cut(price, Math.max(...known.map((each) => each?.split(".")[1]?.length ?? 0)), isUp) }];
}

function cut(text: string, digits: number, isUp: boolean): string {
  const kept = text.replace(new RegExp(`(\\.\\d{${digits}})\\d+$`), "$1").replace(/\.$/, "");
  return add(kept, isUp && kept !== text ? (0.1 ** digits).toFixed(digits) : "0") ?? text;
}
