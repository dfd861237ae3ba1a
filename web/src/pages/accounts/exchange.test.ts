import { expect, it } from "vitest";
import { kindOf, passphraseOf } from "./exchange";

it("tells simulated exchanges, exchanges with a key and chains apart", () => {
  expect(kindOf({ type: "CEX", modes: ["paper"] })).toBe("paper");
  expect(kindOf({ type: "CEX", modes: ["testnet", "live"] })).toBe("key");
  expect(kindOf({ type: "WALLET", modes: ["live"] })).toBe("chain");
});

it("does not guess whose keys have a passphrase", () => {
  expect([true, false, null].map((passphrase) => passphraseOf({ passphrase }))).toEqual(["yes", "no", "maybe"]);
});
