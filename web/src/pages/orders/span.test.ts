import { describe, expect, it } from "vitest";
import { span, spanBetween } from "./span";

describe("span", () => {
  it("is exact below a minute and rough above", () => {
    expect(span(1_094)).toBe("1.09 s");
    expect(span(300)).toBe("0.3 s");
    expect(span(90_000)).toBe("1 min");
  });

  it("is not negative where clocks differ", () => {
    expect(spanBetween("2026-11-29T12:00:01Z", "2026-11-29T12:00:00.9Z")).toBe(0);
    expect(spanBetween("2026-11-29T12:00:00Z", "2026-11-29T12:00:00.43Z")).toBe(430);
  });
});
