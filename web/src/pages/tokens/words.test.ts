import { expect, it } from "vitest";
import { listed, may, toLocal, toUtc } from "./words";

const any = { account: null, exchange: null, markets: null, presets: null, order_quote_max: null, only: null, from: null };

it("says what a token may do", () => {
  expect(may(any)).toBe("entries and exits; any account");
  expect(may({ account: "live", exchange: "BINANCE", markets: ["BTC/USDT", "ETH/USDT"], presets: ["grid"], order_quote_max: "1250", only: "entry", from: "tradingview" })).toBe(
    "entries only; account live at BINANCE; markets BTC/USDT, ETH/USDT; presets grid, no settings of an alert's own; at most 1,250 in quote for an entry; from TradingView's addresses only",
  );
});

it("reads lists, each item once", () => {
  expect(listed("BTC/USDT, ETH/USDT\nBTC/USDT,")).toEqual(["BTC/USDT", "ETH/USDT"]);
  expect(listed(" , ")).toBeNull();
});

it("keeps a moment between UTC and the reader's zone", () => {
  const utc = "2026-12-01T10:30:00.000Z";
  expect(toUtc(toLocal(utc))).toBe(utc);
  expect([toUtc(""), toLocal(null)]).toEqual([null, ""]);
});
