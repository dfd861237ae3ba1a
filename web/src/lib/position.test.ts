import { expect, it } from "vitest";
import { atStop, sum } from "./position";

it("says what the stop would bring, for both sides", () => {
  const of = { quantity: "0.5", average_price: "100", stop_price: "90" };
  expect(atStop({ ...of, side: "long" })).toBe("-5");
  expect(atStop({ ...of, stop_price: "110", side: "short" })).toBe("-5");
  expect(atStop({ ...of, stop_price: null, side: "long" })).toBeNull();
});

it("adds exactly, and leaves out what is not known", () => {
  expect(sum(["0.1", null, "0.2", undefined])).toBe("0.3");
});
