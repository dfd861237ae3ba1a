import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { fitting, levels, span } from "./levels";

const order = (over: Partial<Schemas["Order"]>) => ({ purpose: "entry", pyramid: 0, leg: 0, state: "filled", price: null, average_fill_price: null, quantity: "1", ...over }) as Schemas["Order"];

const position = {
  take_profit: { mode: "aggregate" },
  average_price: "100",
  stop_price: "95",
  take_profit_arms_at: null,
  closed_at: null,
  mark: { price: "101", at: "2026-11-29T00:00:00Z" },
  pyramids: [
    {
      pyramid: 0,
      stop_price: null,
      legs: [
        { leg: 0, orders: [order({ average_fill_price: "100.1" })] },
        { leg: 1, orders: [order({ leg: 1, state: "cancelled", price: "98" })] },
        { leg: 2, orders: [order({ leg: 2, state: "open", price: "97" })] },
      ],
      planned_legs: [{ level: 3, price: "96", quantity: "2" }],
    },
  ],
  take_profit_orders: [order({ purpose: "tp#1", state: "open", price: "103" }), order({ purpose: "tp#2", state: "cancelled", price: "104" })],
} as unknown as Schemas["PositionDetail"];

const drawn = (of: Schemas["PositionDetail"]) => levels(of).map(({ kind, number, price, leg, ended }) => `${kind} ${leg ?? number} ${price}${ended ? " ended" : ""}`);

it("draws what waits, what was reached and what is planned", () => {
  expect(drawn(position)).toEqual([
    "average 0 100",
    "stop 0 95",
    "price 0 101",
    "leg 0 100.1",
    "leg 2 97",
    "planned 3 96",
    "takeProfit 1 103",
  ]);
});

it("draws what a closed position has not come to as well", () => {
  const stopped = { purpose: "tp#1", state: "filled" as const, stop_triggered: true, price: "102", average_fill_price: "94.9" };
  const closed = { ...position, closed_at: "2026-11-29T01:00:00Z", take_profit_orders: [order({ purpose: "tp#1", state: "cancelled", price: "103" }), order(stopped), order({ purpose: "tp#2", state: "cancelled", price: "104" })] };
  expect(drawn(closed)).toEqual(["average 0 100", "stop 0 95", "leg 0 100.1", "leg 1 98 ended", "leg 2 97", "planned 3 96", "takeProfit 1 102 ended", "takeProfit 2 104 ended"]);
  expect(drawn({ ...closed, take_profit_orders: [order({ purpose: "tp#1", state: "filled", price: "102", average_fill_price: "102.1" })] }).at(-1)).toBe("takeProfit 1 102.1");
});

it("names the entry that a take-profit sells by itself", () => {
  const byLeg = { ...position, take_profit: { ...position.take_profit, mode: "per_leg" as const }, take_profit_orders: [0, 2].map((leg) => order({ purpose: "tp#1", leg, state: "open", price: "103" })) };
  expect(drawn(byLeg).slice(-2)).toEqual(["takeProfit 0 103", "takeProfit 2 103"]);
});

it("takes candles of which the whole life fits, and of too many the newest", () => {
  const now = Date.parse("2026-11-29T12:00:00Z");
  const since = (from: string, to: string | null, timeframe: string, at = now) => span(from, to, at, timeframe);
  expect(fitting("2026-11-29T11:00:00Z", null, now)).toBe("1m");
  expect(fitting("2026-11-01T00:00:00Z", null, now)).toBe("1d");
  expect(since("2026-11-29T11:00:00Z", null, "1m")).toEqual({ timeframe: "1m", since: "2026-11-29T10:30:00.000Z", limit: 120 });
  expect(since("2026-11-29T11:00:00Z", null, "1m", now + 3_600_000)).toEqual({ timeframe: "1m", since: "2026-11-29T10:30:00.000Z", limit: 180 });
  expect(since("2026-11-20T00:00:00Z", null, "1m")).toEqual({ timeframe: "1m", since: "2026-11-28T19:21:00.000Z", limit: 1000 });
  expect(since("2026-11-01T00:00:00Z", "2026-11-03T00:00:00Z", "1m")).toEqual({ timeframe: "1m", since: "2026-11-02T07:50:00.000Z", limit: 1000 });
});
