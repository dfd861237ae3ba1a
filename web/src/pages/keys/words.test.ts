import { expect, it } from "vitest";
import { bounds, inDays, lost, meaning, ordered } from "./words";

const key = { id: "key_1", name: "bot", prefix: "mqk_ab", scopes: ["trading:read", "accounts:write"], effective_scopes: ["trading:read"], ip_allow_list: [], orders: null, created_at: "", expires_at: "", last_used_at: null, former_until: null, version: 1 };

it("says what a key has lost with its owner's role", () => {
  expect(lost(key)).toEqual(["accounts:write"]);
});

it("names permissions in words, and those of the deployment by name", () => {
  expect(meaning("trading:read")).toBe("read your trading");
  expect(meaning("desk:read")).toBe("desk:read");
});

it("puts the usual permissions first", () => {
  expect(ordered(["desk:read", "users:write", "trading:read"])).toEqual(["trading:read", "users:write", "desk:read"]);
});

it("names accounts instead of their ids", () => {
  const of = { accounts: ["acc_1", "acc_2"], markets: ["BTC/USDT"], order_quote_max: "50", day_quote_max: "2000" };
  expect(bounds(of, (id) => (id === "acc_1" ? "main" : id))).toBe("main, acc_2; BTC/USDT; at most 50 in quote for an order, 2,000 for a day");
});

it("counts days from now", () => {
  expect(inDays(7, Date.UTC(2026, 0, 1))).toBe("2026-01-08T00:00:00.000Z");
});
