import { expect, it } from "vitest";
import { marketName } from "./market";

it("markets are named without a slash", () => {
  expect(marketName({ exchange: "BINANCE", symbol: "BTC/USDT" })).toBe("BINANCE:BTC-USDT");
  expect(marketName({ exchange: "BINANCEUSDM", symbol: "BTC/USDT:USDT" })).toBe("BINANCE:BTC-USDT.P");
  expect(marketName({ exchange: "PAPER", symbol: "BTCUSDT" })).toBe("PAPER:BTCUSDT");
  expect(marketName({ exchange: "BYBIT", symbol: "BTCUSDT.P" })).toBe("BYBIT:BTCUSDT.P");
});
