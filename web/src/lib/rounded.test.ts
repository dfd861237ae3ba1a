import { expect, it } from "vitest";
import { rounded } from "./rounded";

it("averages have eight digits and no fewer than two decimals", () => {
  expect(rounded("4257.567567567567567567")).toBe("4257.5676");
  expect(rounded("123456789.987654321")).toBe("123456789.99");
  expect(rounded("0.000012345678912")).toBe("0.000012345679");
  expect(rounded("-0.99999999999")).toBe("-1.00000000");
  expect(rounded("9.5")).toBe("9.5");
  expect(rounded("12")).toBe("12");
});
