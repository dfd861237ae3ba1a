import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { chartName, levels, span } from "./levels";

const order = (over: Partial<Schemas["Order"]>) => ({ purpose: "entry", pyramid: 0, leg: 0, state: "filled", price: null, average_fill_price: null, quantity: "1", ...over }) as Schemas["Order"];

it("draws what waits, what was reached and what is planned", () => {
  const position = {
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
  expect(levels(position).map(({ kind, number, price }) => `${kind} ${number} ${price}`)).toEqual([
    "average 0 100",
    "stop 0 95",
    "price 0 101",
    "leg 0 100.1",
    "leg 2 97",
    "planned 3 96",
    "takeProfit 1 103",
  ]);
});

it("takes candles of which the whole life fits", () => {
  const now = Date.parse("2026-11-29T12:00:00Z");
  expect(span("2026-11-29T11:00:00Z", null, now)).toEqual({ timeframe: "1m", since: "2026-11-29T10:30:00.000Z", limit: 120 });
  expect(span("2026-11-01T00:00:00Z", null, now).timeframe).toBe("1d");
  expect(span("2026-11-29T11:00:00Z", null, now, "1h").timeframe).toBe("1h");
});

it("names a market as candles do", () => {
  expect(chartName({ exchange: "BINANCE", symbol: "BTC/USDT" })).toBe("BINANCE:BTC-USDT");
  expect(chartName({ exchange: "BINANCEUSDM", symbol: "BTC/USDT:USDT" })).toBe("BINANCEUSDM:BTC-USDT.P");
});
