import { expect, it } from "vitest";
import { joined, nextCursor, rowsOf } from "./sheet";

it("the next page is found in `Link`", () => {
  expect(nextCursor('</api/v1/trades/history?format=csv&cursor=abc%3D&limit=200>; rel="next"')).toBe("abc=");
  expect(nextCursor("<https://api.example/x?cursor=a,b>; rel=prev, <https://api.example/x?cursor=c>; rel=next")).toBe("c");
  expect(nextCursor('</x?cursor=a>; rel="prev"')).toBe(null);
  expect(nextCursor(null)).toBe(null);
});

it("pages stand under one header", () => {
  expect(joined(["a,b\r\n1,2\r\n", "a,b\r\n3,4\r\n"])).toBe("a,b\r\n1,2\r\n3,4\r\n");
  expect(rowsOf("a,b\r\n1,2\r\n3,4\r\n")).toBe(2);
  expect(rowsOf("a,b\r\n")).toBe(0);
});
