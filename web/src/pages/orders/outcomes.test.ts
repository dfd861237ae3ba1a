import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { outcomes, RESOLVE_AFTER, tooEarly, wrong } from "./outcomes";

const order: Schemas["Order"] = {
  id: "ord_1",
  position_group_id: "grp_1",
  exchange: "BINANCE",
  symbol: "BTC/USDT",
  purpose: "entry",
  pyramid: 0,
  leg: 0,
  epoch: 0,
  side: "buy",
  type: "limit",
  stop_triggered: false,
  quantity: "1.5",
  filled: "0",
  fees: {},
  status: "pending",
  state: "unknown",
  declared: false,
  client_order_id: "m1",
  created_at: "2026-11-29T12:00:00Z",
  average_fill_price: null,
  cancel_requested_at: null,
  exchange_order_id: null,
  last_fill_at: null,
  mode: "live",
  price: "100",
  reason: null,
  stop_client_order_id: null,
  stop_price: null,
  submitted_at: "2026-11-29T12:00:00Z",
  valid_until: null,
};

describe("outcomes", () => {
  it("an order in doubt was never placed, or was filled", () => {
    expect(outcomes({ order, fills: [], troubled: false })).toEqual(["not_placed", "filled"]);
  });

  it("an accepted order is stated only where the exchange may not show it", () => {
    const open = { ...order, state: "open" } as const;
    expect(outcomes({ order: open, fills: [], troubled: false })).toEqual([]);
    expect(outcomes({ order: open, fills: [], troubled: true })).toEqual(["cancelled", "filled"]);
    expect(outcomes({ order: { ...open, cancel_requested_at: "2026-11-29T12:00:00Z" }, fills: [], troubled: false })).toEqual(["cancelled", "filled"]);
  });

  it("known trades count: nothing else is stated as filled", () => {
    expect(outcomes({ order: { ...order, state: "partially_filled" }, fills: [{}], troubled: true })).toEqual(["cancelled"]);
  });

  it("an order that has ended is not stated", () => {
    expect(outcomes({ order: { ...order, state: "filled" }, fills: [], troubled: true })).toEqual([]);
  });

  it("the request may still arrive for 45 s", () => {
    const sent = Date.parse("2026-11-29T12:00:00Z");
    expect(tooEarly(order, sent + 1_000)).toBe(RESOLVE_AFTER - 1_000);
    expect(tooEarly(order, sent + RESOLVE_AFTER)).toBe(0);
  });
});

describe("wrong", () => {
  it("a fill is above zero and at most what was ordered", () => {
    expect(wrong({ quantity: "1.5", price: "100.2", fee: "" }, "1.5")).toEqual({ quantity: false, price: false, fee: false });
    expect(wrong({ quantity: "1.51", price: "0", fee: "-1" }, "1.5")).toEqual({ quantity: true, price: true, fee: true });
    expect(wrong({ quantity: "", price: "", fee: "0" }, "1.5")).toEqual({ quantity: true, price: true, fee: false });
  });
});
