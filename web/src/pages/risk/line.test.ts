import { expect, it } from "vitest";
import { path, scores } from "./line";

const made = (hour: number, ...books: [string | null, string, number][]) => ({ at: `2026-01-01T0${hour}:00:00Z`, books: books.map(([mode, currency, score]) => ({ mode, currency, score })) }) as never;

it("scores of one mode and currency stand in order, each once", () => {
  const all = [made(3, ["paper", "USDT", 30]), made(1, ["paper", "USDT", 10], ["live", "USDT", 90]), made(3, ["paper", "USDT", 30]), made(2), made(4, ["paper", "EUR", 5])];
  expect(scores(all, { mode: "paper", currency: "USDT" })).toEqual([
    { at: "2026-01-01T01:00:00Z", score: 10 },
    { at: "2026-01-01T03:00:00Z", score: 30 },
  ]);
  expect(scores(all, { mode: "live", currency: "USDT" })).toHaveLength(1);
});

it("a line goes from the left to the right, and up with the score", () => {
  const at = (hour: number) => `2026-01-01T0${hour}:00:00Z`;
  expect(path([{ at: at(1), score: 0 }, { at: at(2), score: 50 }, { at: at(5), score: 100 }], 200, 40)).toBe("0,40 50,20 200,0");
  expect(path([{ at: at(1), score: 25 }], 200, 40)).toBe("200,30");
});
