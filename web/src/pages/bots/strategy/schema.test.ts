import { describe, expect, it } from "vitest";
import { boundsOf, fieldsOf, wrongOf, wrongOfAll } from "./schema";

const DESCRIPTION = "Enters when the RSI comes up. `oversold` must be below `overbought`.";
const SCHEMA = {
  type: "object",
  properties: {
    period: { type: "integer", minimum: 2, maximum: 100000, default: 14, description: "Changes that the RSI looks back over." },
    oversold: { type: "number", minimum: 0, maximum: 100, default: 30 },
    overbought: { type: "number", minimum: 0, maximum: 100, default: 70 },
    rsi: { type: "string", enum: ["wilder", "simple"], default: "wilder" },
  },
};

describe("fields of a schema", () => {
  const fields = fieldsOf(SCHEMA);
  const field = (name: string) => fields.find((each) => each.name === name) ?? fields[0]!;

  it("keep order, bounds, default and description", () => {
    expect(fields.map((each) => each.name)).toEqual(["period", "oversold", "overbought", "rsi"]);
    expect(field("period")).toMatchObject({ title: "Period", kind: "whole", least: "2", most: "100000", byDefault: "14", hint: "Changes that the RSI looks back over." });
    expect(field("rsi")).toMatchObject({ kind: "choice", choices: ["wilder", "simple"] });
    expect(boundsOf(field("period"))).toBe("2 to 100,000");
    expect(fieldsOf("no schema")).toEqual([]);
  });

  it("name their bounds where a value is wrong", () => {
    expect(wrongOf(field("period"), "1")).toBe("Must be a whole number from 2 to 100,000");
    expect(wrongOf(field("period"), "14.5")).toBe("Must be a whole number from 2 to 100,000");
    expect(wrongOf(field("oversold"), "100.01")).toBe("Must be a number from 0 to 100");
    expect(wrongOf(field("oversold"), "thirty")).toBe("Must be a number from 0 to 100");
    expect(wrongOf(field("rsi"), "other")).toBe("Must be one of wilder, simple");
    expect(wrongOf(field("period"), "")).toBeNull();
    expect(wrongOf(field("period"), "100000")).toBeNull();
  });

  it("contradict each other where the description says so, defaults included", () => {
    expect(wrongOfAll(fields, { oversold: "70" }, DESCRIPTION)).toEqual({ oversold: "Oversold must be below Overbought" });
    expect(wrongOfAll(fields, { oversold: "69.9" }, DESCRIPTION)).toEqual({});
  });
});
