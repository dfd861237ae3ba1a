import { expect, it } from "vitest";
import { secondsLeft } from "./flatten";

it("a code is counted down to nothing, and not below", () => {
  const until = "2026-01-01T00:01:00Z";
  const at = (seconds: number) => Date.parse("2026-01-01T00:00:00Z") + seconds * 1_000;
  expect([0, 0.5, 59.9, 60, 61].map((seconds) => secondsLeft(until, at(seconds)))).toEqual([60, 60, 1, 0, 0]);
  expect(secondsLeft(null, at(0)), "it was used").toBe(0);
});
