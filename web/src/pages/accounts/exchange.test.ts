import { expect, it } from "vitest";
import { kindOf, modesOf, passphraseOf } from "./exchange";

it("tells simulated exchanges, exchanges with a key and chains apart", () => {
  expect(kindOf({ provider: "paperusdm", type: "CEX" })).toBe("paper");
  expect(kindOf({ provider: "binance", type: "CEX" })).toBe("key");
  expect(kindOf({ provider: "ethereum", type: "WALLET" })).toBe("chain");
});

it("offers the testnet first where there is one, for coins and contracts alike", () => {
  expect(modesOf({ provider: "binanceusdm", type: "CEX" })).toEqual(["testnet", "live"]);
  expect(modesOf({ provider: "okxusdm", type: "CEX" })).toEqual(["live"]);
  expect(modesOf({ provider: "ethereum", type: "WALLET" })).toEqual(["live"]);
});

it("knows whose keys have a passphrase", () => {
  expect(["BITGETUSDM", "kraken", "gate"].map(passphraseOf)).toEqual(["yes", "no", "maybe"]);
});
