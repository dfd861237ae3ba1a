import type { Schemas } from "@/api/client";
import { compare, multiply } from "@/lib/decimal";
import { LIMIT_NAMES, type LimitName, type Limits } from "./words";

/** The limits as they are typed. */
export type LimitValues = Record<LimitName, string>;

/** What differs from the limits that hold, and the body that sends it. */
export function changed(limits: Limits, values: LimitValues): { names: LimitName[]; body: Schemas["UpdateAccountLimits"] } {
  const names = LIMIT_NAMES.filter((name) => compare(String(limits[name]), values[name].trim()) !== 0);
  const body: Schemas["UpdateAccountLimits"] = {};
  for (const name of names) {
    if (name === "open_groups_max" || name === "leverage_max") body[name] = Number(values[name]);
    else body[name] = values[name].trim();
  }
  return { names, body };
}

const percentOf = (balance: string, percent: number): string => whole(multiply(balance, String(percent / 100)) ?? "0");
/** Whole units: a proposal is no exact amount. */
const whole = (amount: string): string => amount.split(".")[0] ?? "0";

/** Limits of a risk profile, as amounts of a balance. */
export function proposal(balance: string, limits: Schemas["ProposedLimits"], contracts: boolean): Partial<LimitValues> {
  return {
    order_quote_max: percentOf(balance, limits.order_percent),
    exposure_max: percentOf(balance, limits.exposure_percent),
    day_loss_max: percentOf(balance, limits.day_loss_percent),
    open_groups_max: String(limits.open_groups_max),
    // Coins have no leverage.
    ...(contracts ? { leverage_max: String(limits.leverage_max) } : {}),
  };
}
