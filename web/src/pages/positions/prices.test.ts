import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { isMet, profitPrices, stopPrices } from "./prices";

type Detail = Schemas["PositionDetail"];
type Side = Detail["side"];

const order = (id: string, leg: number, price: string, filled: string, fees: Record<string, string>, pyramid = 0) => ({ id, leg, pyramid, average_fill_price: price, filled, fees });
const fill = (price: string, quantity: string, fee: string, fee_asset: string) => ({ price, quantity, fee, fee_asset });

/** As the paper exchange has filled it: a base order and one safety order, with fees of 0.1 %. */
const long = {
  symbol: "BTC/USDT",
  side: "long" as Side,
  mark: { price: "3300", at: "2026-11-29T00:00:00Z" },
  stop_price: "1993.12",
  stop_loss_basis: "average",
  take_profit: { mode: "aggregate", basis: "average" },
  take_profit_orders: [],
  fills: [fill("3340", "0.02994", "0.00002994", "BTC"), fill("3276.47", "0.01526", "0.00001526", "BTC")],
  pyramids: [
    {
      pyramid: 0,
      stop_price: null,
      legs: [
        { leg: 0, orders: [order("a", 0, "3340", "0.02994", { BTC: "0.00002994" })] },
        { leg: 1, orders: [order("b", 1, "3276.47", "0.01526", { BTC: "0.00001526" })] },
      ],
    },
  ],
} as unknown as Detail;

const short = {
  ...long,
  symbol: "BTC/USDT:USDT",
  side: "short" as Side,
  stop_price: "120.12",
  fills: [fill("100", "1", "0.1", "USDT"), fill("110", "1", "0.11", "USDT")],
  pyramids: [{ pyramid: 0, stop_price: null, legs: [{ leg: 0, orders: [order("a", 0, "100", "1", { USDT: "0.1" })] }, { leg: 1, orders: [order("b", 1, "110", "1", { USDT: "0.11" })] }] }],
} as unknown as Detail;

const prices = (exits: { price: string }[]) => exits.map(({ price }) => price);

it("measures the stop of a long from the average or the base order, and rounds it down", () => {
  expect(prices(stopPrices(long, "40"))).toEqual(["1993.12"]);
  expect(prices(stopPrices({ ...long, stop_loss_basis: "base" }, "40"))).toEqual(["2006"]);
  expect(prices(stopPrices({ ...long, stop_loss_basis: null }, "12.5"))).toEqual(["2925.42"]);
});

it("puts the stop of a short above, and rounds it up", () => {
  expect(prices(stopPrices({ ...short, stop_loss_basis: "base" }, "10"))).toEqual(["109.89"]);
  expect(prices(stopPrices(short, "10"))).toEqual(["115.39"]);
});

it("has a stop for each pyramid that closes alone", () => {
  const [one] = long.pyramids;
  const two = { pyramid: 1, stop_price: "90", legs: [{ leg: 0, orders: [order("c", 0, "100", "1", {}, 1)] }] } as unknown as Detail["pyramids"][number];
  const alone = { ...long, stop_price: null, stop_loss_basis: "base" as const, pyramids: one ? [{ ...one, stop_price: "2000" }, two] : [] };
  expect(stopPrices(alone, "10").map(({ pyramid, price }) => [pyramid, price])).toEqual([
    [0, "3009"],
    [1, "90"],
  ]);
});

it("sells at the profit that is left after the fee, as the API has placed it", () => {
  expect(prices(profitPrices(long, ["10", "20"]))).toEqual(["3657.72", "3990.24"]);
  expect(prices(profitPrices(short, ["10"]))).toEqual(["94.31"]);
});

it("gains a share of what the base order has cost where that is the basis", () => {
  const base = (of: Detail) => ({ ...of, take_profit: { ...of.take_profit, basis: "base" as const } });
  expect(prices(profitPrices(base(long), ["10"]))).toEqual(["3546.88"]);
  expect(prices(profitPrices(base(short), ["10"]))).toEqual(["99.8"]);
});

it("sells each entry from its own price", () => {
  const byLeg = { ...long, take_profit: { ...long.take_profit, mode: "per_leg" as const } };
  expect(profitPrices(byLeg, ["15"]).map(({ leg, price }) => [leg, price])).toEqual([
    [0, "3848.7"],
    [1, "3775.49"],
  ]);
});

it("has no price before the first fill, and of what is no number", () => {
  const empty = { ...long, fills: [], pyramids: [] };
  expect([...stopPrices(empty, "10"), ...profitPrices(empty, ["10"]), ...stopPrices(long, ""), ...stopPrices(long, "ten"), ...profitPrices(long, ["-"])]).toEqual([]);
});

it("sees what would sell at once", () => {
  const met = (side: Side, step: number, last: string) => isMet({ side }, { step, price: "100" }, last);
  expect([met("long", 0, "99"), met("long", 0, "100"), met("long", 0, "101"), met("short", 0, "101"), met("short", 0, "99")]).toEqual([true, true, false, true, false]);
  expect([met("long", 1, "101"), met("long", 1, "99"), met("short", 1, "99"), met("short", 1, "101")]).toEqual([true, false, true, false]);
});
