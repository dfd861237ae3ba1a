import { expect, it } from "vitest";
import { accountOf } from "./account";
import { intent } from "./intent";

const account = (id: string, label: string, exchange: string, mode: "paper" | "live") => ({ id, label, exchange, mode });
const PAPER = account("acc_1", "default", "PAPER", "paper");
const SPOT = account("acc_2", "default", "BINANCE", "live");
const FUTURES = account("acc_3", "default", "BINANCEUSDM", "live");
const MAIN = account("acc_4", "main", "KRAKEN", "live");
const ALL = [PAPER, SPOT, FUTURES, MAIN];

const asked = (tv: object, members: object = {}) => intent(JSON.stringify({ tv, execution_intent: { type: "entry" }, ...members }));
const alert = { part_of: null, account: null };

it("finds the one account of a label at the exchange of the market", () => {
  expect(accountOf(alert, asked({ exchange: "PAPER", symbol: "BTCUSDT" }), ALL)).toBe(PAPER);
  expect(accountOf(alert, asked({ exchange: "BINANCE", symbol: "BTCUSDT" }), ALL)).toBe(SPOT);
  expect(accountOf(alert, asked({ symbol: "BINANCE:BTCUSDT.P" }), ALL)).toBe(FUTURES);
  expect(accountOf({ ...alert, account: "main" }, asked({ symbol: "BTCUSDT" }), ALL)).toBe(MAIN);
});

it("guesses no account where several or none may be meant", () => {
  expect(accountOf(alert, asked({ symbol: "BTCUSDT" }), ALL)).toBe("default");
  expect(accountOf(alert, asked({ exchange: "BYBIT", symbol: "BTCUSDT" }), ALL)).toBe("default · BYBIT");
  expect(accountOf(alert, asked({ exchange: "PAPER", symbol: "BTCUSDT" }, { account: "main" }), ALL)).toBe("main · PAPER");
});

it("names the route, or the account of a part", () => {
  const part = { account_id: "acc_4", delivery_id: "dlv_1", route: { name: "r", version: 1 }, figures: null };
  expect(accountOf({ ...alert, part_of: part }, asked({ symbol: "BTCUSDT" }), ALL)).toBe(MAIN);
  expect(accountOf(alert, asked({ symbol: "BTCUSDT" }, { route: "best" }), ALL)).toBe("route best");
});
