import { expect, it } from "vitest";
import { pretty } from "./pretty";

it("breaks lines and keeps every digit", () => {
  expect(pretty('{"a":0.10,"b":[1e400, {}],"c":"x, {y}: \\"z\\""}')).toBe('{\n  "a": 0.10,\n  "b": [\n    1e400,\n    {}\n  ],\n  "c": "x, {y}: \\"z\\""\n}');
});

it("is the same JSON as before", () => {
  const text = '[{"a":[],"b":{"c":null,"d":-1.5e-3}},"\\u00e9\\\\",true]';
  expect(JSON.parse(pretty(text) ?? "")).toEqual(JSON.parse(text));
});

it("leaves a text alone that is no JSON", () => {
  expect(pretty("buy BTCUSDT")).toBeNull();
});
