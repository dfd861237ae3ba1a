import { expect, it } from "vitest";
import { shortAddress } from "./address";

it("long addresses are shown by both ends, and short texts whole", () => {
  expect(shortAddress("0x1111111111111111111111111111111111112222")).toBe("0x111111…112222");
  expect(shortAddress("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")).toBe("bc1qar0s…wf5mdq");
  expect(shortAddress("123456789012345")).toBe("123456789012345");
  expect(shortAddress("1234567890123456")).toBe("12345678…123456");
  expect(shortAddress("")).toBe("");
});
