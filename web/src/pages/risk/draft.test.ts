import { expect, it } from "vitest";
import { bodyOf, type Draft, draftOf, isLooser, newDraft, withKind, wrongIn } from "./draft";
import { bodyOf as bodyOfRule, pauseOf, type Rule, unitOf } from "./words";

const RULE: Rule = {
  id: "rsk_1",
  source: "rule",
  label: "alt coins",
  scope: { kind: "assets", of: ["AVAX", "SOL"] },
  kind: "exposure",
  max: "500",
  currency: "USDT",
  action: "reduce",
  pause_minutes: null,
  paused: null,
  overridden: [],
  enabled: true,
  version: 1,
  created_at: null,
  updated_at: null,
  updated_by: null,
};
const draft = (of: Partial<Draft>): Draft => ({ ...newDraft("USDT"), max: "250", ...of });

it("a draft of a rule says the same rule", () => {
  expect(bodyOf(draftOf(RULE, "EUR"))).toEqual(bodyOfRule(RULE));
});

it("a draft sends what its kind allows, and no more", () => {
  expect(bodyOf(draft({}))).toEqual({ label: "", scope: { kind: "user", of: [] }, kind: "order_size", max: "250", currency: "USDT", action: "refuse", enabled: true });
  expect(bodyOf(draft({ kind: "leverage", max: "5" }))).not.toHaveProperty("currency");
  expect(bodyOf(draft({ pause: "60" }))).not.toHaveProperty("pause_minutes");
  expect(bodyOf(draft({ action: "pause", pause: "60" })).pause_minutes).toBe(60);
  expect(bodyOf(draft({ scope: "assets", of: "sol, avax" })).scope).toEqual({ kind: "assets", of: ["SOL", "AVAX"] });
  expect(bodyOf(draft({ max: "0.100000000000000000000000001" })).max, "no digit is lost").toBe("0.100000000000000000000000001");
});

it("another kind takes the place of what it does not allow", () => {
  const sized = draft({ action: "reduce", scope: "symbol", of: "BTC/USDT" });
  expect(withKind(sized, "exposure")).toEqual({ ...sized, kind: "exposure" });
  expect(withKind(sized, "drawdown")).toMatchObject({ kind: "drawdown", action: "refuse", scope: "user", of: "" });
});

it.each<[string, Partial<Draft>, string[]]>([
  ["what is complete", {}, []],
  ["no bound", { max: " " }, ["max"]],
  ["a bound that is no number", { max: "1e3" }, ["max"]],
  ["half a position", { kind: "open_positions", max: "1.5" }, ["max"]],
  ["no currency", { currency: "" }, ["currency"]],
  ["a currency that is not sent", { kind: "spread", currency: "" }, []],
  ["nothing that it holds for", { scope: "account" }, ["of"]],
  ["a pause of no time", { action: "pause", pause: "0" }, ["pause"]],
])("%s is found", (_, of, names) => expect(Object.keys(wrongIn(draft(of)))).toEqual(names));

it.each<[string, Partial<Rule>, Partial<Rule>, boolean]>([
  ["a wider bound", {}, { max: "500.1" }, true],
  ["a narrower bound", {}, { max: "499.9" }, false],
  ["a milder action", { action: "refuse" }, { action: "reduce" }, true],
  ["a stricter action", {}, { action: "refuse" }, false],
  ["another scope", {}, { scope: { kind: "user", of: [] } }, true],
  ["a shorter pause", { action: "pause" }, { action: "pause", pause_minutes: 5 }, true],
  ["switching off", {}, { enabled: false }, true],
  ["switching on", { enabled: false }, { max: "900" }, false],
])("%s is looser: %s", (_, before, after, looser) => expect(isLooser(bodyOfRule({ ...RULE, ...before }), bodyOfRule({ ...RULE, ...before, ...after }))).toBe(looser));

it("a bound has the unit of its kind", () => {
  expect(unitOf(RULE)).toBe("USDT");
  expect(unitOf({ kind: "exposure", currency: null }), "limits of an account").toBe("in quote");
  expect(unitOf({ kind: "drawdown", currency: "USDT" })).toBe("%");
  expect(unitOf({ kind: "open_positions", currency: null })).toBe("");
});

it("a pause of whole accounts is the rule's that has set it", () => {
  const state = (rule_id: string, until: string | null) => ({ reducing: { rule_id, until } }) as never;
  expect(pauseOf(RULE, [state("rsk_2", null)])).toBeNull();
  expect(pauseOf(RULE, [state("rsk_1", "2026-01-02T00:00:00Z"), state("rsk_1", "2026-01-01T00:00:00Z")])).toEqual({ until: "2026-01-02T00:00:00Z" });
  expect(pauseOf(RULE, [state("rsk_1", null), state("rsk_1", "2026-01-01T00:00:00Z")])).toEqual({ until: null });
  expect(pauseOf({ ...RULE, paused: { mode: null, at: "2026-01-01T00:00:00Z", until: null } }, [])).toMatchObject({ until: null });
});
