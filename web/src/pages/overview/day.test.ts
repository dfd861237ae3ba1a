import { expect, it } from "vitest";
import { lastDay } from "./day";

it("is the day before an end at midnight UTC, which is not in the period", () => {
  expect(lastDay("2025-12-01T00:00:00Z")).toBe("2025-11-30");
  expect(lastDay("2025-12-01T00:00:00.001Z")).toBe("2025-12-01");
  expect(lastDay("2025-12-01T01:00:00+02:00")).toBe("2025-11-30");
});
