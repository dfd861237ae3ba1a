import { add, compare } from "@/lib/decimal";
import { edit as editTexts } from "@/texts/presets";
import { isOn, MEMBERS, type Members, sizeOf, word, written } from "./words";

type SizeName = "quote" | "quantity" | "balance_percent";
/** Three-valued: a flag that is not said leaves the choice to the alert or to what is built in. */
export type FlagDraft = "" | "true" | "false";

interface SizeDraft {
  size: "" | SizeName;
  amount: string;
}

/** A preset as it is typed: texts, of which an empty one says nothing. */
export interface Draft {
  base: SizeDraft & { type: "" | "market" | "limit"; limit: string };
  safety: SizeDraft & {
    kind: "none" | "count" | "custom";
    count: string;
    deviation: string;
    stepScale: string;
    volumeScale: string;
    dialect: "" | "additive" | "compounding";
    active: string;
    atMarket: boolean;
    custom: (SizeDraft & { deviation: string })[];
  };
  profit: { mode: "none" | "aggregate" | "per_leg" | "hybrid"; basis: "" | "average" | "base"; steps: { profit: string; share: string }[]; trailing: string; all: string };
  stop: { percent: string; basis: "" | "average" | "base"; trailing: FlagDraft; delay: string; atVenue: FlagDraft; breakEven: string };
  more: { timeLimit: string; cooldown: string; minimumProfit: string; openMax: string; leverage: string; partial: FlagDraft; reverse: FlagDraft; retry: FlagDraft };
  pyramids: { on: boolean; max: string; distance: string; direction: "" | "favourable" | "adverse" | "any"; factor: string; close: "together" | "alone" };
  /** Members without a field, as JSON. */
  rest: string;
}

const text = (value: string | number | null | undefined): string => written(value) ?? "";
const flag = (value: Parameters<typeof isOn>[0]): FlagDraft => (value == null ? "" : isOn(value) ? "true" : "false");
const sized = (order: Parameters<typeof sizeOf>[0]): SizeDraft => {
  const size = sizeOf(order);
  return { size: size ?? "", amount: size ? text(order[size]) : "" };
};

/** Members that have a field of their own. */
const WITH_FIELD: string[] = MEMBERS.filter((member) => member !== "total");

export function draftOf(members: Members): Draft {
  const { base_order: base, safety_orders: safety, take_profit: profit, pyramids } = members;
  const rest = Object.entries(members).filter(([member, value]) => !WITH_FIELD.includes(member) && value != null);
  return {
    base: { ...sized(base ?? {}), type: word(base?.type) ?? "", limit: text(base?.limit_price) },
    safety: {
      ...sized(safety ?? {}),
      kind: safety?.custom ? "custom" : safety ? "count" : "none",
      count: text(safety?.count),
      deviation: text(safety?.deviation_percent),
      stepScale: text(safety?.step_scale),
      volumeScale: text(safety?.volume_scale),
      dialect: word(safety?.dialect) ?? "",
      active: text(safety?.active),
      atMarket: isOn(safety?.at_market),
      custom: (safety?.custom ?? []).map((order) => ({ ...sized(order), deviation: text(order.deviation_percent) })),
    },
    profit: {
      mode: profit ? (word(profit.mode) ?? "aggregate") : "none",
      basis: word(profit?.basis) ?? "",
      steps: (profit?.steps ?? []).map((step) => ({ profit: text(step.profit_percent), share: text(step.amount_percent) })),
      trailing: text(profit?.trailing_percent),
      all: text(profit?.all_profit_percent),
    },
    stop: {
      percent: text(members.stop_loss_percent),
      basis: word(members.stop_loss_basis) ?? "",
      trailing: flag(members.stop_loss_trailing),
      delay: text(members.stop_loss_delay_seconds),
      atVenue: flag(members.stop_loss_at_venue),
      breakEven: text(members.break_even_after_step),
    },
    more: {
      timeLimit: text(members.time_limit_minutes),
      cooldown: text(members.cooldown_minutes),
      minimumProfit: text(members.minimum_profit_percent),
      openMax: text(members.open_groups_max),
      leverage: text(members.leverage),
      partial: flag(members.partial_exit),
      reverse: flag(members.reverse),
      retry: flag(members.retry_unproven_entry),
    },
    pyramids: {
      on: Boolean(pyramids),
      max: text(pyramids?.max) || "1",
      distance: text(pyramids?.distance_percent) || "1",
      direction: word(pyramids?.direction) ?? "",
      factor: text(pyramids?.size_factor),
      close: word(pyramids?.close) ?? "together",
    },
    rest: rest.length > 0 ? JSON.stringify(Object.fromEntries(rest), null, 1) : "",
  };
}

const or = (value: string): string | undefined => value.trim() || undefined;
const flagOr = (value: FlagDraft): boolean | undefined => (value === "" ? undefined : value === "true");
const sizeMembers = ({ size, amount }: SizeDraft) => (size && amount.trim() ? { [size]: amount.trim() } : {});

function safetyMembers(safety: Draft["safety"]): Members["safety_orders"] {
  const rest = { active: or(safety.active), at_market: safety.atMarket || undefined };
  if (safety.kind === "none") return undefined;
  if (safety.kind === "custom") return { custom: safety.custom.map((order) => ({ deviation_percent: order.deviation.trim(), ...sizeMembers(order) })), ...rest };
  return { count: safety.count.trim(), deviation_percent: or(safety.deviation), ...sizeMembers(safety), step_scale: or(safety.stepScale), volume_scale: or(safety.volumeScale), dialect: safety.dialect || undefined, ...rest };
}

function profitMembers(profit: Draft["profit"]): Members["take_profit"] {
  if (profit.mode === "none") return undefined;
  const steps = profit.steps.map((step) => ({ profit_percent: step.profit.trim(), amount_percent: step.share.trim() }));
  if (profit.mode === "aggregate") return { basis: profit.basis || undefined, steps, trailing_percent: or(profit.trailing) };
  const one = [{ profit_percent: profit.steps[0]?.profit.trim() ?? "", amount_percent: "100" }];
  return { mode: profit.mode, steps: one, all_profit_percent: profit.mode === "hybrid" ? or(profit.all) : undefined };
}

/** The preset that a draft says, or what is wrong with its JSON. */
export function membersOf(draft: Draft): { members: Members; error: string | null } {
  const { base, stop, more, pyramids } = draft;
  const order = { ...sizeMembers(base), type: base.type || undefined, limit_price: base.type === "limit" ? or(base.limit) : undefined };
  const own: Members = {
    base_order: Object.values(order).some((value) => value !== undefined) ? order : undefined,
    safety_orders: safetyMembers(draft.safety),
    take_profit: profitMembers(draft.profit),
    stop_loss_percent: or(stop.percent),
    stop_loss_basis: stop.basis || undefined,
    stop_loss_trailing: flagOr(stop.trailing),
    stop_loss_delay_seconds: or(stop.delay),
    stop_loss_at_venue: flagOr(stop.atVenue),
    break_even_after_step: or(stop.breakEven),
    time_limit_minutes: or(more.timeLimit),
    cooldown_minutes: or(more.cooldown),
    minimum_profit_percent: or(more.minimumProfit),
    open_groups_max: or(more.openMax),
    leverage: or(more.leverage),
    pyramids: pyramids.on ? { max: pyramids.max.trim(), distance_percent: pyramids.distance.trim(), direction: pyramids.direction || undefined, size_factor: or(pyramids.factor), close: pyramids.close } : undefined,
    partial_exit: flagOr(more.partial),
    reverse: flagOr(more.reverse),
    retry_unproven_entry: flagOr(more.retry),
  };
  const { object, error } = objectOf(draft.rest);
  const twice = Object.keys(object).find((member) => WITH_FIELD.includes(member));
  // What is not said is left out, so that the preset holds what was typed and no more.
  const members: Members = JSON.parse(JSON.stringify({ ...object, ...own }));
  return { members, error: error ?? (twice ? editTexts.restTwice(twice) : null) };
}

/** One JSON object; nothing if the text is empty. */
export function objectOf(json: string): { object: Record<string, unknown>; error: string | null } {
  if (!json.trim()) return { object: {}, error: null };
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { object: { ...value }, error: null };
  } catch {
    // Said below.
  }
  return { object: {}, error: editTexts.restBad };
}

/** What the shares of the steps add up to, if that is not 100. */
export function wrongShares(profit: Draft["profit"]): string | null {
  if (profit.mode !== "aggregate") return null;
  const sum = profit.steps.reduce<string | null>((total, step) => total && add(total, step.share.trim()), "0");
  return sum === null || compare(sum, "100") === 0 ? null : sum;
}
