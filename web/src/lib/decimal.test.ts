import { describe, expect, it } from "vitest";
import { add, compare, divide, grouped, isNegative, multiply, shortened, subtract, withSign } from "./decimal";

describe("decimals", () => {
  it("keep every digit", () => {
    expect(add("0.1", "0.2")).toBe("0.3");
    expect(add("123456789012345678.000000000000000001", "1")).toBe("123456789012345679.000000000000000001");
    expect(subtract("1", "1.000")).toBe("0");
    expect(subtract("0", "0.5")).toBe("-0.5");
    expect(multiply("-1.5", "0.20")).toBe("-0.3");
  });

  it("are divided to eighteen digits, and never by 0", () => {
    expect(divide("-9", "0.3")).toBe("-30");
    expect(divide("2", "3")).toBe("0.666666666666666666");
    expect(divide("1", "0.0")).toBeNull();
  });

  it("are ordered by value, not by text", () => {
    expect(["10", "9.5", "-3", "0.05"].sort(compare)).toEqual(["-3", "0.05", "9.5", "10"]);
    expect([null, "1"].sort(compare)).toEqual(["1", null]);
    expect(compare("1.0", "1")).toBe(0);
  });

  it("are written in groups of three", () => {
    expect(grouped("1234567.50")).toBe("1,234,567.5");
    expect(grouped("-0.10")).toBe("−0.1");
    expect(grouped("-0")).toBe("0");
    expect(grouped("no number")).toBe("no number");
    expect(withSign("12")).toBe("+12");
    expect(withSign("0")).toBe("0");
  });

  it("are cut where they are long, and that is seen", () => {
    expect(shortened(grouped("4260.326219342612785235"))).toBe("4,260.32621934…");
    expect(shortened(grouped("0.00000001"))).toBe("0.00000001");
    expect(shortened("0.000000000123456789")).toBe("0.000000000123456…");
    expect(shortened("12")).toBe("12");
  });

  it("have a sign", () => {
    expect(isNegative("-0.00")).toBe(false);
    expect(isNegative("-0.01")).toBe(true);
    expect(isNegative(null)).toBe(false);
  });
});
