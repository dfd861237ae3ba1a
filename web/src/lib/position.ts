import type { Schemas } from "@/api/client";
import { add, multiply, subtract } from "./decimal";

type Detail = Schemas["PositionDetail"];

/** What closing all that is held at its stop would bring, before the fees of that sale; null without a stop or an average. */
export function atStop(position: Pick<Detail, "quantity" | "average_price" | "stop_price" | "side">): string | null {
  const { quantity, average_price: average, stop_price: stop, side } = position;
  if (average == null || stop == null) return null;
  const per = side === "short" ? subtract(average, stop) : subtract(stop, average);
  return per && multiply(per, quantity);
}

export const isOpen = (status: Schemas["PositionStatus"]): boolean => status !== "closed" && status !== "failed";

/** Adds within one currency and one mode; whoever calls keeps others apart. */
export function sum(values: (string | null | undefined)[]): string {
  return values.reduce<string>((total, value) => (value == null ? total : (add(total, value) ?? total)), "0");
}
