import type { Schemas } from "@/api/client";
import { grouped } from "@/lib/decimal";
import { members as memberTexts, words as said } from "@/texts/presets";

export type Members = Schemas["PresetMembers"];
type Size = Schemas["EntrySize"];
type Written = string | number | null | undefined;
type Flag = Schemas["FlagOrText"] | null | undefined;

/** One member of a preset, in words. */
interface Described {
  member: string;
  title: string;
  text: string;
}

/** A number as it was written, or null. */
export const written = (value: Written): string | null => (value == null || value === "" ? null : String(value));
const number = (value: Written): string => grouped(written(value) ?? "");
export const isOn = (flag: Flag): boolean => flag === true || flag === "true";
/** A word of the API; it may be written in any case. */
export const word = <Word extends string>(value: Word | null | undefined): Word | null => (value == null ? null : (value.toLowerCase() as Word));

export const SIZES = ["quote", "quantity", "balance_percent"] as const;

/** Which of the three sizes an order has. */
export const sizeOf = (order: Size): (typeof SIZES)[number] | null => SIZES.find((each) => written(order[each]) !== null) ?? null;

function size(order: Size): string {
  const of = sizeOf(order);
  return of ? said.size[of](number(order[of])) : said.size.none;
}

/** `90` is 90 minutes, `120` 2 hours, `2880` 2 days. */
export function minutes(value: Written): string {
  const count = Number(value);
  if (count > 0 && count % 1440 === 0) return said.days(count / 1440);
  return count > 0 && count % 60 === 0 ? said.hours(count / 60) : said.minutes(count);
}

const list = (...parts: (string | null | false)[]): string => parts.filter(Boolean).join("; ");

function base(order: Schemas["BaseOrder"]): string {
  const sent = word(order.type) === "limit" ? said.limit(number(order.limit_price)) : said.market;
  return `${size(order)}, ${sent}`;
}

function safety(orders: Schemas["SafetyOrders"]): string {
  const custom = orders.custom ?? null;
  if (custom?.length === 0 || written(orders.count) === "0") return said.none;
  const rest = isOn(orders.at_market) ? said.atMarket : written(orders.active) && said.active(number(orders.active));
  if (custom) return list(said.custom(custom.length, custom.map((each) => said.customOne(number(each.deviation_percent), size(each))).join(", ")), rest);
  return list(
    said.safety(number(orders.count), number(orders.deviation_percent), size(orders)),
    written(orders.step_scale) && said.stepScale(number(orders.step_scale)),
    written(orders.volume_scale) && said.volumeScale(number(orders.volume_scale)),
    word(orders.dialect) === "compounding" && said.compounding,
    rest,
  );
}

function profit(target: Schemas["ProfitTarget"]): string {
  const mode = word(target.mode) ?? "aggregate";
  const first = number(target.steps[0]?.profit_percent);
  if (mode === "per_leg") return said.perLeg(first);
  if (mode === "hybrid") return said.hybrid(first, number(target.all_profit_percent));
  const steps = target.steps.map((step) => said.step(number(step.amount_percent), number(step.profit_percent))).join(", ");
  return list(`${steps}, ${said.from[word(target.basis) ?? "average"]}`, written(target.trailing_percent) && said.trailing(number(target.trailing_percent)));
}

function total(of: Schemas["EntryTotal"]): string {
  const weights = of.weights.map(number).join(" : ");
  return written(of.risk) ? said.totalRisk(number(of.risk), weights) : said.totalQuote(number(of.quote), weights);
}

function pyramids(of: Schemas["PyramidSettings"]): string {
  return list(
    said.pyramids(number(of.max), number(of.distance_percent), said.direction[word(of.direction) ?? "favourable"]),
    written(of.size_factor) && said.factor(number(of.size_factor)),
    said.close[word(of.close) ?? "together"],
  );
}

type Values = { [Member in keyof Members]-?: NonNullable<Members[Member]> };
type Said = { [Member in keyof Values]?: Values[Member] | null };
type Say = { [Member in keyof Values]: (value: Values[Member]) => string };

const yesNo = (told: { yes: string; no: string }) => (flag: Flag) => (isOn(flag) ? told.yes : told.no);

const SAY: Say = {
  base_order: base,
  safety_orders: safety,
  total,
  take_profit: profit,
  stop_loss_percent: (value) => said.stop(number(value)),
  stop_loss_basis: (value) => said.from[word(value) ?? "base"],
  stop_loss_trailing: yesNo(said),
  stop_loss_delay_seconds: (value) => said.seconds(number(value)),
  stop_loss_at_venue: yesNo(said),
  break_even_after_step: (value) => said.breakEven(number(value)),
  time_limit_minutes: (value) => said.timeLimit(minutes(value)),
  minimum_profit_percent: (value) => said.minimumProfit(number(value)),
  cooldown_minutes: (value) => said.cooldown(minutes(value)),
  open_groups_max: (value) => said.openMax(number(value)),
  leverage: (value) => said.leverage(number(value)),
  pyramids,
  partial_exit: yesNo(said.partial),
  reverse: yesNo(said.reverse),
  retry_unproven_entry: yesNo(said.retry),
};

export const MEMBERS = Object.keys(SAY) as (keyof Members)[];

/** One member in words; null if the preset does not say it. */
export function describeOne<Member extends keyof Values>(member: Member, members: Said): string | null {
  const value = members[member];
  return value == null ? null : SAY[member](value);
}

/** Each member that the preset says, in words; one that is not known here as it stands. */
export function describe(members: Members): Described[] {
  const known = MEMBERS.flatMap((member) => {
    const text = describeOne(member, members);
    return text === null ? [] : [{ member, title: memberTexts[member], text }];
  });
  const others = Object.entries(members).filter(([member, value]) => !MEMBERS.some((each) => each === member) && value != null);
  return [...known, ...others.map(([member, value]) => ({ member, title: member, text: JSON.stringify(value) }))];
}

/** What differs between two versions: `from` null is new, `to` null is gone. */
export interface Change {
  title: string;
  from: string | null;
  to: string | null;
}

export function changes(before: Members, after: Members): Change[] {
  const [old, now] = [describe(before), describe(after)];
  const titles = [...new Set([...old, ...now].map((each) => each.title))];
  return titles
    .map((title) => ({ title, from: old.find((each) => each.title === title)?.text ?? null, to: now.find((each) => each.title === title)?.text ?? null }))
    .filter(({ from, to }) => from !== to);
}
