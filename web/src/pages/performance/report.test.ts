import { expect, it } from "vitest";
import { apart, byIn, held, months, queryOf, sharpe } from "./report";

const now = Date.parse("2026-11-29T00:30:00Z");

it("an address says what is asked for, and nonsense is left out", () => {
  expect(queryOf({}, now)).toMatchObject({ by: "period", period: "month", since: "2026-10-31", mode: undefined });
  expect(queryOf({ by: "day", period: "7", mode: "live", source: "manual", tag: "news" }, now)).toMatchObject({ by: "period", period: "day", since: "2026-11-23", mode: "live", source: "manual", tag: "news" });
  expect(queryOf({ by: "tag", period: "own", since: "2026-01-01" }, now)).toMatchObject({ by: "tag", since: "2026-01-01", until: undefined });
  expect(queryOf({ by: "tag" }, now), "a period of keys is of times alone").not.toHaveProperty("period");
  expect(queryOf({ by: "moon", mode: "fake", source: "moon" }, now)).toMatchObject({ by: "period", mode: undefined, source: undefined });
  expect(byIn("bot")).toBe("bot");
});

it("each month has its place, years included", () => {
  const { places, placeOf } = months("2025-11-15T00:00:00Z", "2026-02-01T00:00:00Z");
  expect(places, "the end is not in it").toBe(3);
  expect(["2025-11", "2025-12", "2026-01"].map(placeOf)).toEqual([0, 1, 2]);
  expect(months("2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z").places).toBe(1);
});

it("figures that are no amounts are said as texts, or not at all", () => {
  expect(sharpe({ sharpe: -0.1666 })).toBe("-0.17");
  expect(sharpe({ sharpe: null })).toBeNull();
  expect(held({ holding_seconds: 91_800 })).toBe("25 h");
  expect(held({ holding_seconds: null })).toBeNull();
  expect(apart({ mode: null, currency: "EUR" })).not.toBe(apart({ mode: "live", currency: "EUR" }));
});
