import { expect, it } from "vitest";
import { csv } from "./csv";

it("quotes what must be quoted, and makes no formula of a text", () => {
  const rows = [["=1+1", "-5.20", 'a "b", c', null], ["@x", "+1", "-2x", 3]];
  expect(csv(["a", "b", "c", "d"], rows)).toBe(`a,b,c,d\r\n'=1+1,-5.20,"a ""b"", c",\r\n'@x,'+1,'-2x,3\r\n`);
});
