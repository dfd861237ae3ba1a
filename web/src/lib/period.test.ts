import { expect, it } from "vitest";
import { daysOf } from "./period";

const now = Date.parse("2026-11-29T00:30:00Z");

it("a period counts today", () => {
  expect(daysOf({ period: "7" }, now)).toEqual({ since: "2026-11-23" });
  expect(daysOf({}, now)).toEqual({ since: "2026-10-31" });
  expect(daysOf({ period: "nonsense" }, now)).toEqual(daysOf({}, now));
});

it("without a usual period, all time is shown until one is chosen", () => {
  expect(daysOf({}, now, null)).toEqual({});
  expect(daysOf({ period: "7" }, now, null)).toEqual({ since: "2026-11-23" });
});

it("days of one's own are those of the address", () => {
  expect(daysOf({ period: "own", since: "2026-01-01" }, now)).toEqual({ since: "2026-01-01", until: undefined });
});
