import { expect, it } from "vitest";
import { bodyOf, type Draft, NEW_ORDER, openOne, previewOf, reduces, wrongIn } from "./draft";

const draft = (of: Partial<Draft> = {}): Draft => ({ ...NEW_ORDER, account: "acc_1", symbol: "BTC/USDT", amount: "100", ...of });
const LONG = { id: "grp_1", side: "long" } as const;
const SHORT = { id: "grp_2", side: "short" } as const;
const WHERE = { account: "acc_1", symbol: "BTC/USDT" };

it("an order says what its form shows", () => {
  expect(bodyOf(draft(), null)).toEqual({ ...WHERE, side: "buy", type: "market", quote: "100" });
  expect(bodyOf(draft({ unit: "base", type: "limit", limit: " 60000 ", preset: "own" }), null)).toEqual({ ...WHERE, side: "buy", type: "limit", quantity: "100", limit_price: "60000", preset: "own" });
  expect(bodyOf(draft({ limit: "60000" }), null), "a market order has no limit").not.toHaveProperty("limit_price");
});

it("exits are those of the preset, own ones or none", () => {
  const typed = { stop: "4", profit: "6", time: "60" };
  expect(bodyOf(draft(typed), null)).not.toHaveProperty("exits");
  expect(bodyOf(draft({ ...typed, exits: "none" }), null).exits).toBeNull();
  expect(bodyOf(draft({ ...typed, exits: "own" }), null).exits).toEqual({ stop_loss_percent: "4", take_profit: { steps: [{ profit_percent: "6", amount_percent: "100" }] }, time_limit_minutes: "60" });
  expect(bodyOf(draft({ exits: "own" }), null), "nothing of one's own is the preset").not.toHaveProperty("exits");
});

it("an order of a position names it, and nothing that the position has", () => {
  const typed = draft({ preset: "own", exits: "none", leverage: "3" });
  expect(bodyOf(typed, LONG)).toEqual({ position_id: "grp_1", side: "buy", type: "market", quote: "100" });
  expect(bodyOf({ ...typed, side: "sell", type: "limit", limit: "1" }, LONG), "sold at the market, in base units").toEqual({ position_id: "grp_1", side: "sell", quantity: "100", reduce_only: true });
});

it("a position is made smaller by its other side", () => {
  expect([reduces(draft({ side: "sell" }), LONG), reduces(draft(), LONG), reduces(draft(), SHORT), reduces(draft({ side: "sell" }), SHORT)]).toEqual([true, false, true, false]);
  expect([reduces(draft({ side: "sell" }), null), reduces(draft({ side: "sell", reduceOnly: true }), null)]).toEqual([false, true]);
});

it("the price of a preview is sent with a preview alone", () => {
  const typed = draft({ price: "50000" });
  expect(previewOf(typed, null)).toEqual({ ...bodyOf(typed, null), price: "50000" });
  expect(bodyOf(typed, null)).not.toHaveProperty("price");
  expect(previewOf({ ...typed, type: "limit", limit: "1" }, null)).not.toHaveProperty("price");
  expect(previewOf({ ...typed, side: "sell" }, LONG)).not.toHaveProperty("price");
});

it.each<[string, Partial<Draft>, string[]]>([
  ["what is complete", {}, []],
  ["no account and no market", { account: "", symbol: " " }, ["account", "symbol"]],
  ["no amount", { amount: "" }, ["amount"]],
  ["an amount of nothing", { amount: "0.0" }, ["amount"]],
  ["a limit order without its price", { type: "limit" }, ["limit"]],
  ["a stop that is not used", { stop: "x" }, []],
  ["a stop that is no number", { exits: "own", stop: "x", time: "1.5" }, ["stop", "time"]],
])("%s is found", (_, of, names) => expect(Object.keys(wrongIn(draft(of), null))).toEqual(names));

it("the open position is read from a refusal", () => {
  expect(openOne("position_open", "grp_abc is open here: name it as position_id")).toBe("grp_abc");
  expect(openOne("conflict", "grp_abc")).toBeNull();
});
