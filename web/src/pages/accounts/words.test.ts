import { describe, expect, it } from "vitest";
import { type Account, DEFAULT_LIMITS, type Limits, readiness, share, steps, wasRead } from "./words";

const state: Account["state"] = {
  id: "acc_1", exchange: "BINANCE", label: "default", entries: "active", halted: null, reducing: null, balances: {}, balance_at: "1970-01-01T00:00:00Z", open_groups: 0, open_groups_max: 10,
  exposure: "0", exposure_max: "10000", order_quote_max: "5000", day_loss: "0", day_loss_max: "1000", cooldowns: {}, drift: { missing: {}, stray_orders: [] },
};
const account = (members: Partial<Account> = {}): Account => ({
  id: "acc_1", exchange: "BINANCE", class: "native", wallet: "wlt_1", label: "default", mode: "testnet", enabled: true, validated: true, validated_at: null,
  checked_at: null, fault: null, key: { id: "crd_1", masked: "ab…yz", created_at: "2026-01-01T00:00:00Z", allow_withdrawals: false }, address: null, open_groups: 0, state, version: 1, ...members,
});
const limits = (members: Partial<Limits> = {}): Limits => ({ account: "acc_1", mode: "testnet", open_groups: 0, exposure: "0", day_loss: "0", version: 1, ...DEFAULT_LIMITS, ...members });

describe("the state of an account", () => {
  it("names the first thing that is in the way", () => {
    expect(readiness(account())).toBe("ready");
    expect(readiness(account({ enabled: false }))).toBe("disabled");
    expect(readiness(account({ enabled: false, validated: false }))).toBe("unvalidated");
    expect(readiness(account({ validated: false, key: null }))).toBe("noKey");
    expect(readiness(account({ fault: "key_expired", validated: false }))).toBe("fault");
    const halted = { reason: "news", at: "2026-01-01T00:00:00Z", kept_out: false, by_person: true };
    expect(readiness(account({ state: { ...state, halted } }))).toBe("halted");
    expect(readiness(account({ state: { ...state, halted: { ...halted, kept_out: true } } }))).toBe("suspended");
    const reducing = { reason: "news", at: "2026-01-01T00:00:00Z", until: null, by: "person" as const, rule_id: null };
    expect(readiness(account({ state: { ...state, reducing } }))).toBe("reducing");
    expect(readiness(account({ state: { ...state, halted, reducing } }))).toBe("halted");
  });

  it("asks a simulated account for no key", () => {
    expect(readiness(account({ class: "paper", key: null }))).toBe("ready");
  });

  it("never calls an address ready to trade", () => {
    const address = { address: "0x0", proven: false, proven_at: null, challenge: null, fault: null };
    expect(readiness(account({ class: null, key: null, address }))).toBe("unproven");
    expect(readiness(account({ class: null, key: null, address: { ...address, proven: true } }))).toBe("watched");
  });
});

it("lists the steps of the setup, and does not call default limits set", () => {
  const done = (of: ReturnType<typeof steps>) => of.map((each) => each.done);
  expect(done(steps(account(), limits()))).toEqual([true, true, false, true]);
  expect(done(steps(account({ enabled: false }), limits({ order_quote_max: "250" })))).toEqual([true, true, true, false]);
});

it("does not take the birth of an unproven address for a reading", () => {
  const read = { ...state, balance_at: "2026-01-01T00:00:00Z" };
  const address = { address: "0x0", proven: false, proven_at: null, challenge: null, fault: null };
  expect(wasRead(account({ state: read, address }))).toBe(false);
  expect(wasRead(account({ state: read, address: { ...address, proven: true }, checked_at: "2026-01-01T00:00:00Z" }))).toBe(true);
  expect(wasRead(account())).toBe(false);
});

it("draws how far a limit is used", () => {
  expect(share("25", "100")).toBe(0.25);
  expect(share("500", "100")).toBe(1);
  expect(share("0", "0")).toBe(1);
});
