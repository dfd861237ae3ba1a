import type { Schemas } from "@/api/client";
import { isZero } from "@/lib/decimal";
import { accounts as accountsTexts } from "@/texts/accounts";

export type Account = Schemas["Account"];
export type Limits = Schemas["AccountLimits"];
export type Readiness = keyof typeof accountsTexts.readiness;

const isPaper = (account: Account): boolean => account.class === "paper";

/** Whether the account trades at an exchange by a key: neither simulated nor an address. */
export const usesKey = (account: Account): boolean => !isPaper(account) && !account.address;

export function differs(account: Account): boolean {
  const { missing, stray_orders } = account.state.drift;
  return stray_orders.length > 0 || Object.keys(missing).length > 0;
}

/** The first thing that keeps the account from opening positions; `ready` if there is none. */
export function readiness(account: Account): Readiness {
  const { halted, reducing } = account.state;
  if (halted) return halted.kept_out ? "suspended" : "halted";
  if (reducing) return "reducing";
  if (account.address) return account.address.proven ? "watched" : "unproven";
  if (account.fault) return "fault";
  if (usesKey(account) && !account.key) return "noKey";
  if (!account.validated) return "unvalidated";
  if (!account.enabled) return "disabled";
  return differs(account) ? "differs" : "ready";
}

/** Limits that every new account starts with (docs/start/first-live-trade.md); the API does not say them. */
export const DEFAULT_LIMITS = { order_quote_max: "5000", exposure_max: "10000", day_loss_max: "1000", open_groups_max: 10, leverage_max: 1 } as const;

export type LimitName = keyof typeof DEFAULT_LIMITS;
export const LIMIT_NAMES: LimitName[] = ["order_quote_max", "exposure_max", "day_loss_max", "open_groups_max", "leverage_max"];

const areDefaults = (limits: Limits): boolean => LIMIT_NAMES.every((name) => String(limits[name]) === String(DEFAULT_LIMITS[name]));

export type Step = "saved" | "validated" | "limits" | "enabled" | "proven" | "read";

/** The steps until an account works, in order, and whether each is done. */
export function steps(account: Account, limits: Limits | undefined): { step: Step; done: boolean }[] {
  if (account.address) {
    return [
      { step: "saved", done: true },
      { step: "proven", done: account.address.proven },
      { step: "read", done: wasRead(account) },
    ];
  }
  return [
    { step: "saved", done: !usesKey(account) || account.key !== null },
    { step: "validated", done: account.validated && !account.fault },
    { step: "limits", done: limits !== undefined && !areDefaults(limits) },
    { step: "enabled", done: account.enabled },
  ];
}

/** Whether balances were read since the mode or the key changed: else the API writes 1970, or when an address was saved. */
export function wasRead({ address, checked_at, state }: Account): boolean {
  return address ? address.proven && checked_at !== null : Date.parse(state.balance_at) > 0;
}

/** How far a limit is used, from 0 to 1, for a picture. */
export function share(used: string, max: string): number {
  return isZero(max) ? 1 : Math.min(1, Math.max(0, Number(used) / Number(max)));
}
