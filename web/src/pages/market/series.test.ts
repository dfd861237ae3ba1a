import { expect, it } from "vitest";
import { candlesIn, lengthOf, overdue } from "./series";

it("lengths of candles are in milliseconds", () => {
  expect(lengthOf("1m")).toBe(60_000);
  expect(lengthOf("45m")).toBe(2_700_000);
  expect(lengthOf("1d")).toBe(86_400_000);
});


it("a feed is overdue once the next candle is over", () => {
  const newest = "2026-11-29T12:00:00Z";
  const at = (time: string) => overdue(newest, "1h", Date.parse(time));
  expect(at("2026-11-29T13:59:00Z")).toBe(0);
  expect(at("2026-11-29T14:06:00Z")).toBe(6 * 60_000);
});

it("candles of a time are counted with its last day", () => {
  const now = Date.parse("2026-11-29T12:00:00Z");
  expect(candlesIn("2026-11-01", "2026-11-02", "1h", now)).toBe(48);
  expect(candlesIn("2026-11-29", "", "1h", now)).toBe(12);
  expect(candlesIn("2026-11-30", "", "1h", now)).toBe(0);
});
