import { expect, it } from "vitest";
import { accountOf } from "./account";

const account = (id: string, label: string, exchange: string, mode: "paper" | "live") => ({ id, label, exchange, mode });
const PAPER = account("acc_1", "default", "PAPER", "paper");
const SPOT = account("acc_2", "default", "BINANCE", "live");
const FUTURES = account("acc_3", "default", "BINANCEUSDM", "live");
const MAIN = account("acc_4", "main", "KRAKEN", "live");
const ALL = [PAPER, SPOT, FUTURES, MAIN];

const decided = { mode: "live", routing: null } as const;
const alert = { part_of: null, account: null, verdict: decided };
const signal = (exchange: string, account: string | null = null) => ({ exchange, account });

it("finds the account of a label at the exchange of the market", () => {
  expect(accountOf({ ...alert, signal: signal("PAPER") }, ALL)).toBe(PAPER);
  expect(accountOf({ ...alert, signal: signal("BINANCE") }, ALL)).toBe(SPOT);
  expect(accountOf({ ...alert, signal: signal("BINANCEUSDM") }, ALL)).toBe(FUTURES);
  expect(accountOf({ ...alert, account: "main", signal: signal("KRAKEN") }, ALL)).toBe(MAIN);
});

it("names what it says if there is no such account", () => {
  expect(accountOf({ ...alert, signal: signal("BYBIT") }, ALL)).toBe("default · BYBIT");
  expect(accountOf({ ...alert, signal: signal("PAPER", "main") }, ALL)).toBe("main · PAPER");
  expect(accountOf({ ...alert, account: "main", signal: null }, ALL)).toBe("main");
});

it("guesses none before it has come to one", () => {
  expect(accountOf({ ...alert, verdict: null, signal: signal("PAPER") }, ALL)).toBe("–");
  expect(accountOf({ ...alert, verdict: { ...decided, mode: null }, signal: null }, ALL)).toBe("–");
});

it("names the route, or the account of a part", () => {
  const route = { name: "best", version: 1 };
  const part = { account_id: "acc_4", delivery_id: "dlv_1", route, figures: null };
  expect(accountOf({ ...alert, part_of: part, signal: signal("BINANCE") }, ALL)).toBe(MAIN);
  const routing = { route, best_price: null, parts: [], left_out: [] };
  expect(accountOf({ ...alert, verdict: { mode: null, routing }, signal: signal("BINANCE") }, ALL)).toBe("route best");
});
