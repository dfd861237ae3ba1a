import type { Schemas } from "@/api/client";
import { grouped, multiply } from "@/lib/decimal";
import { ladder as ladderTexts } from "@/texts/presets";
import { type Members, sizeOf, word, written } from "./words";

export type Ladder = Schemas["Ladder"];

/** What a preview is calculated for, as it is typed. */
export interface MarketDraft {
  market: string;
  side: "long" | "short";
  price: string;
  /** In percent; the API takes a share. */
  fee: string;
  balance: string;
  tick: string;
  step: string;
  minimum: string;
  notional: string;
  ordersMax: string;
  feeIn: "quote" | "base";
  stops: boolean;
}

/** The rules of the seeded paper market. */
export const MARKET: MarketDraft = { market: "PAPER:BTCUSDT", side: "long", price: "", fee: "0.1", balance: "", tick: "0.01", step: "0.00001", minimum: "0.00001", notional: "5", ordersMax: "", feeIn: "base", stops: true };

const or = (value: string): string | undefined => value.trim() || undefined;

function environment(of: MarketDraft) {
  return {
    side: of.side,
    fee_rate: multiply(of.fee.trim(), "0.01") ?? of.fee.trim(),
    balance: or(of.balance),
    market: {
      price_tick: of.tick.trim(),
      quantity_step: of.step.trim(),
      quantity_min: of.minimum.trim(),
      notional_min: of.notional.trim(),
      orders_max: or(of.ordersMax),
      fee_in: of.feeIn,
      stops: of.stops,
    },
  };
}

/** The ladder of a saved preset; null until a price is there. */
export function ofPreset(name: string, members: Members, market: MarketDraft): Schemas["LadderRequest"] | null {
  const limit = written(members.base_order?.limit_price);
  if (!market.price.trim() && !limit) return null;
  return { preset: name, entry_price: or(market.price), ...environment(market) };
}

const BUILT_IN: { base_order: Schemas["BaseOrder"]; take_profit: Schemas["ProfitTarget"]; stop_loss_percent: string } = { base_order: { quote: "100" }, take_profit: { steps: [{ profit_percent: "1.5", amount_percent: "100" }] }, stop_loss_percent: "5" };

/** The same of members that are not saved yet, over what is built in. */
export function ofMembers(members: Members, market: MarketDraft): Schemas["LadderRequest"] | null {
  const price = or(market.price) ?? written(members.base_order?.limit_price);
  if (!price) return null;
  const base = members.base_order ?? BUILT_IN.base_order;
  const size = sizeOf(base);
  const target = members.take_profit ?? BUILT_IN.take_profit;
  const mode = word(target.mode) ?? "aggregate";
  const stop = members.stop_loss_percent ?? (members.safety_orders ? undefined : BUILT_IN.stop_loss_percent);
  return {
    ...environment(market),
    entry_price: price,
    base_order: members.total ? undefined : size ? { [size]: base[size] } : BUILT_IN.base_order,
    total: members.total ?? undefined,
    safety_orders: members.safety_orders ?? { custom: [] },
    take_profit: { ...target, basis: mode === "aggregate" ? (word(target.basis) ?? "average") : undefined },
    stop_loss_percent: stop,
    stop_loss_basis: members.stop_loss_basis ?? undefined,
    stop_loss_trailing: members.stop_loss_trailing ?? undefined,
    stop_loss_delay_seconds: members.stop_loss_delay_seconds ?? undefined,
    stop_loss_at_venue: members.stop_loss_at_venue ?? undefined,
    break_even_after_step: members.break_even_after_step ?? undefined,
  };
}

type Failure = Schemas["Failure"];

function subject(of: Failure): string {
  if (of.sale) return ladderTexts.failureSale[of.sale](of.level);
  if (of.take_profit_step != null) return of.take_profit_level != null ? ladderTexts.failureLegSale(of.take_profit_level) : ladderTexts.failureTakeProfit(of.take_profit_step, of.level);
  return ladderTexts.level(of.level);
}

/** Why a ladder, or its first order that fails, could not be carried out. */
export function explain(of: Schemas["Refusal"] | Failure): string {
  if ("needed" in of) return ladderTexts.needs(grouped(of.needed), grouped(of.available), of.level);
  if ("resting" in of) return ladderTexts.tooMany(of.resting, of.most);
  const bound = of.least == null ? "" : ladderTexts.bound(grouped(of.least));
  const what = subject(of);
  const said = ladderTexts.failure(what[0]?.toUpperCase() + what.slice(1), ladderTexts.check[of.check], grouped(of.price), grouped(of.quantity), grouped(of.notional), bound);
  const next = of.check.startsWith("below") || of.check === "quantity_zero" ? ladderTexts.larger : of.check.startsWith("above") ? ladderTexts.smaller : "";
  return `${said} ${next}`.trim();
}

export interface Row {
  leg: Ladder["legs"][number];
  after: Ladder["after_fill"][number] | undefined;
}

/** Each leg with what holds once it is filled. */
export const rows = (ladder: Ladder): Row[] => ladder.legs.map((leg) => ({ leg, after: ladder.after_fill.find((each) => each.filled_level === leg.level) }));

const PLACES = 8;

/** An average has up to 28 digits; so many behind the point are enough to read. What is cut off stands in the title. */
export const cut = (text: string): string => text.replace(new RegExp(`(\\.\\d{${PLACES}})\\d+$`), "$1");

type Slice = Schemas["Slice"];

/** One sale of the take-profit in words. */
export function slice(of: Slice): string {
  const [quantity, price] = [grouped(of.quantity), grouped(of.price)];
  const said = of.trailing_percent ? ladderTexts.trails(quantity, price, grouped(of.trailing_percent)) : ladderTexts.slice(quantity, price);
  return of.joins ? `${said} (${ladderTexts.joins[of.joins]})` : said;
}
