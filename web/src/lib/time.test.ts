import { act, createElement as make } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Age, Priced, ReadAt } from "@/ui/age";
import { corrected, learn } from "./time";

const TRUE = Date.parse("2026-11-29T12:00:00.400Z");
const MINUTE = 60_000;
const text = (time: number) => new Date(time).toISOString();

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** An answer of the API at this true time, as a browser sees it whose clock is this wrong. */
function answer(at: number, wrong: number, { there = 30, back = 30 } = {}): void {
  learn(new Date(at).toUTCString(), at + wrong - there, at + wrong + back);
}
const age = (wrong: number, of: number): number => corrected(TRUE + wrong) - of;

for (const [name, wrong] of [["ten minutes slow", -10 * MINUTE], ["two minutes fast", 2 * MINUTE], ["right", 0]] as const) {
  it(`an age is right by a clock that is ${name}`, () => {
    answer(TRUE, wrong);
    expect(Math.abs(age(wrong, TRUE - 40_000) - 40_000)).toBeLessThanOrEqual(1_000);
    for (let asked = 0; asked < 40; asked++) answer(TRUE + asked * 5_130, wrong);
    expect(Math.abs(age(wrong, TRUE - 40_000) - 40_000)).toBeLessThanOrEqual(100);
  });

  it(`a price greys after a minute by a clock that is ${name}`, async () => {
    answer(TRUE, wrong);
    vi.setSystemTime(TRUE + wrong);
    const shown = document.createElement("div");
    const root = createRoot(shown);
    const at = text(TRUE - 40_000);
    await act(async () => root.render([make(Priced, { key: 1, at, source: "price", children: "1" }), make(Age, { key: 2, at: text(TRUE + 300) }), make(ReadAt, { key: 3, at: Date.now() - 7_000 })]));
    expect(shown.textContent).toMatch(/^1 price, (39|40|41) s agojust nowRead from the API [67] s ago$/);
    expect(shown.querySelector(".stale")).toBeNull();
    await act(async () => vi.advanceTimersByTime(25_000));
    expect(shown.textContent).toContain("1 min ago · stale");
    expect(shown.querySelector(".stale")).not.toBeNull();
    await act(async () => root.unmount());
  });
}

it("a slow answer does not undo what quick ones have said", () => {
  for (let asked = 0; asked < 40; asked++) answer(TRUE + asked * 5_130, -10 * MINUTE);
  const before = age(-10 * MINUTE, TRUE);
  answer(TRUE, -10 * MINUTE, { there: 20, back: 15_000 });
  answer(TRUE, -10 * MINUTE, { there: 15_000, back: 20 });
  expect(Math.abs(age(-10 * MINUTE, TRUE) - before)).toBeLessThanOrEqual(100);
});

it("a clock that is set anew is followed at once, and what has no date says nothing", () => {
  answer(TRUE, 0);
  answer(TRUE, -10 * MINUTE);
  expect(Math.abs(age(-10 * MINUTE, TRUE - 40_000) - 40_000)).toBeLessThanOrEqual(1_000);
  learn(null, TRUE, TRUE);
  learn("yesterday", TRUE, TRUE);
  // Set back while it was asked for.
  learn(new Date(TRUE).toUTCString(), TRUE, TRUE - 10 * MINUTE);
  expect(Math.abs(age(-10 * MINUTE, TRUE - 40_000) - 40_000)).toBeLessThanOrEqual(1_000);
});
