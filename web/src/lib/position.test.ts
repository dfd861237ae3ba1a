import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { atStop, atStopWithLadder, isByPyramid } from "./position";

type Detail = Schemas["PositionDetail"];

const order = (over: Partial<Schemas["Order"]>) => ({ purpose: "entry", leg: 1, state: "open", price: "80", quantity: "1", filled: "0", ...over }) as Schemas["Order"];

const pyramid = (over: Partial<Detail["pyramids"][number]>, ...orders: Schemas["Order"][]) =>
  ({ pyramid: 0, bought: "1", average_price: "100", stop_price: null, exit_reason: null, legs: [{ leg: 1, orders }], ...over }) as Detail["pyramids"][number];

const position = (over: Partial<Detail>) =>
  ({ side: "long", quantity: "1", average_price: "100", stop_price: "70", stop_loss_basis: "base", stop_loss_percent: "30", stop_loss_trailing: false, pyramids: [pyramid({})], ...over }) as Detail;

const planned = (...legs: [price: string, quantity: string][]) => ({ planned_legs: legs.map(([price, quantity], at) => ({ level: at + 1, price, quantity })) });

describe("at the stop", () => {
  it("both sides lose", () => {
    expect(atStop(position({}))).toBe("-30");
    expect(atStop(position({ side: "short", stop_price: "130" }))).toBe("-30");
    expect(atStop(position({ stop_price: null }))).toBeNull();
    expect(atStop(position({ average_price: null }))).toBeNull();
  });

  it("pyramids with stops of their own are added up as long as nothing of them was sold", () => {
    const pyramids = [pyramid({ stop_price: "90" }), pyramid({ bought: "2", average_price: "110", stop_price: "100" }), pyramid({ bought: "0", average_price: null })];
    const whole = position({ stop_price: null, quantity: "3", pyramids });
    expect([atStop(whole), isByPyramid(whole)]).toEqual(["-30", false]);
    const reduced = { ...whole, quantity: "2.5" };
    expect([atStop(reduced), atStopWithLadder(reduced), isByPyramid(reduced)]).toEqual([null, null, true]);
    const [first, ...others] = pyramids;
    const left = { ...whole, quantity: "2", pyramids: [{ ...first, exit_reason: "take_profit" } as typeof pyramids[number], ...others] };
    expect(atStop(left)).toBe("-20");
  });
});

describe("at the stop with all safety orders", () => {
  it("nothing waits: the same", () => {
    expect(atStopWithLadder(position({ pyramids: [pyramid({}, order({ state: "cancelled" }), order({ purpose: "tp#1" }))] }))).toBe("-30");
  });

  it("a stop from the base stays", () => {
    const ladder = planned(["75", "2"]);
    expect(atStopWithLadder(position({ pyramids: [pyramid(ladder, order({ filled: "0.5", state: "partially_filled" }))] }))).toBe("-45");
    const short = position({ side: "short", stop_price: "130", pyramids: [pyramid(planned(["120", "2"]), order({ price: "110" }))] });
    expect(atStopWithLadder(short)).toBe("-70");
  });

  it("a stop from the average moves with it, unless it trails", () => {
    const long = position({ stop_loss_basis: "average", pyramids: [pyramid({}, order({ quantity: "3" }))] });
    expect(atStopWithLadder(long)).toBe("-102");
    expect(atStopWithLadder({ ...long, stop_loss_trailing: true })).toBe("-60");
    const short = position({ side: "short", stop_loss_basis: "average", stop_price: "130", pyramids: [pyramid({}, order({ price: "120", quantity: "3" }))] });
    expect(atStopWithLadder(short)).toBe("-138");
  });

  it("a part was sold before: what is left loses, at the stop from all that was bought", () => {
    // 1 left of 2 at 100, and 2 more at 80: the average is 90, the stop 63; 3 × 63 − 100 − 160.
    expect(atStopWithLadder(position({ stop_loss_basis: "average", pyramids: [pyramid({ bought: "2" }, order({ quantity: "2" }))] }))).toBe("-71");
  });

  it("what stands behind the stop is not bought", () => {
    expect(atStopWithLadder(position({ pyramids: [pyramid(planned(["70", "5"], ["60", "5"]))] }))).toBe("-30");
    // The first fill takes the stop to 66.5; then 65 is behind it.
    const moving = position({ stop_loss_basis: "average", pyramids: [pyramid(planned(["65", "9"], ["90", "1"]))] });
    expect(atStopWithLadder(moving)).toBe("-57");
  });

  it("each pyramid has its own ladder and stop", () => {
    const pyramids = [pyramid({ stop_price: "70", ...planned(["80", "1"]) }), pyramid({ stop_price: "90", ...planned(["95", "1"]) })];
    expect(atStopWithLadder(position({ stop_price: null, quantity: "2", pyramids }))).toBe("-55");
  });

  it("is not known while a base order waits, or a price is missing", () => {
    expect(atStopWithLadder(position({ pyramids: [pyramid({}, order({ leg: 0 }))] }))).toBeNull();
    expect(atStopWithLadder(position({ pyramids: [pyramid({}, order({ price: null }))] }))).toBeNull();
  });
});
