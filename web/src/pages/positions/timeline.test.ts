import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { events } from "./timeline";

const order = (id: string, over: Partial<Schemas["Order"]>) => ({ id, purpose: "entry", leg: 0, pyramid: 0, side: "buy", quantity: "1", price: null, submitted_at: null, stop_triggered: false, ...over });
const change = (version: number, at: string, why: string, before = "live", after = "live") => ({ version, at, why, before, after });

const position = {
  symbol: "BTC/USDT",
  delivery_id: "dlv_a",
  take_profit: { mode: "aggregate" },
  closed_at: "2026-11-29T00:09:00Z",
  exit_reason: "stop_loss",
  realised_pnl: "-5.1",
  reductions: [],
  pyramids: [{ legs: [{ leg: 0, orders: [order("ord_a", { submitted_at: "2026-11-29T00:00:02Z" })] }] }],
  take_profit_orders: [order("ord_b", { purpose: "tp#1", side: "sell", price: "110", stop_triggered: true })],
  exit_orders: [],
  fills: [
    { trade_id: "1", order_id: "ord_a", at: "2026-11-29T00:00:03Z", side: "buy", quantity: "1", price: "100" },
    { trade_id: "2", order_id: "ord_b", at: "2026-11-29T00:08:00Z", side: "sell", quantity: "1", price: "95" },
  ],
  history: [
    change(1, "2026-11-29T00:00:02Z", "submitting", "waiting", "waiting"),
    change(2, "2026-11-29T00:00:03Z", "accepted, take-profit, submitting", "waiting", "live"),
    change(3, "2026-11-29T00:04:00Z", "take-profit sized anew"),
    change(4, "2026-11-29T00:05:00Z", "take-profit sized anew"),
    change(5, "2026-11-29T00:06:00Z", "closed by its user: ; ; ;"),
    change(6, "2026-11-29T00:07:00Z", ""),
  ],
} as unknown as Schemas["PositionDetail"];

const alert = { id: "dlv_a", received_at: "2026-11-29T00:00:00Z", verdict: { kind: "accepted", at: "2026-11-29T00:00:01Z" } } as Schemas["ReceivedAlert"];

it("tells the story from the alert to the profit, the newest first, without what the orders tell already", () => {
  expect(events(position, alert).map(({ what, order, alert }) => [what, order?.name ?? alert ?? ""].join(" ").trim())).toEqual([
    "ended by stop-loss: realised −5.1 USDT",
    "stop hit: sell 1 at 95, of take-profit 1",
    "closed by its user",
    "take-profit sized anew",
    "filled: buy 1 at 100, base order",
    "waiting → open",
    "sent: buy 1 at the market, base order",
    "alert accepted: dlv_a",
    "alert received: dlv_a",
  ]);
});

it("does without an alert that is not stored any more", () => {
  expect(events(position)).toHaveLength(7);
});
