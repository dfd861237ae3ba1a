import { describe, expect, it } from "vitest";
import { at, placesOf, put, replaced } from "./paths";
import { FIRST, type Grammar, grammarOf, readRules, type Rules, write, wrongBounds } from "./rules";
import { inWords } from "./words";

const PERIOD = (byDefault: number) => ({ type: "integer", minimum: 1, maximum: 500, default: byDefault });
const PRICES = { type: "string", enum: ["close", "open", "high", "low", "volume"] };
const SHIFT = { ago: { type: "integer", minimum: 0, maximum: 500, default: 0 }, times: { type: "number", default: 1 } };
const SOURCE = { ...PRICES, default: "close" };
const indicator = (name: string, properties: object) => ({ type: "object", properties: { indicator: { const: name, description: `What ${name} is.` }, ...properties, ...SHIFT } });

const SCHEMA = {
  $defs: {
    condition: { oneOf: [{ properties: { all: {} } }, { properties: { left: {}, op: { enum: ["<", "<=", ">", ">=", "crosses_above", "crosses_below"] }, right: {} } }] },
    operand: {
      oneOf: [
        { type: "number" },
        PRICES,
        { type: "object", properties: { price: PRICES, ...SHIFT } },
        indicator("sma", { period: PERIOD(20), source: SOURCE }),
        indicator("ema", { period: PERIOD(50), source: SOURCE }),
        indicator("rsi", { period: PERIOD(14), source: SOURCE }),
        indicator("adx", { period: PERIOD(14), line: { enum: ["adx", "plus_di", "minus_di"], default: "adx" } }),
        indicator("donchian", { period: PERIOD(20), line: { enum: ["middle", "upper", "lower"], default: "middle" } }),
        indicator("bollinger", { period: PERIOD(20), deviations: { type: "number", default: 2 }, source: SOURCE, line: { enum: ["middle", "upper", "lower"], default: "middle" } }),
        indicator("supertrend", { period: PERIOD(10), ranges: { type: "number", default: 3 }, line: { enum: ["supertrend", "direction"], default: "supertrend" } }),
        indicator("obv", {}),
      ],
    },
  },
};
const grammar: Grammar = grammarOf(SCHEMA);

/** Those of docs/strategies.md. */
const DOCUMENTED: Rules = {
  entry: {
    all: [
      { left: { indicator: "rsi", period: 7 }, op: "crosses_above", right: 35 },
      { left: "close", op: ">", right: { indicator: "ema", period: 100 } },
    ],
  },
  exit: {
    any: [
      { left: { indicator: "rsi", period: 7 }, op: "crosses_below", right: 75 },
      { left: "close", op: "<", right: { indicator: "donchian", period: 48, line: "lower", ago: 1 } },
    ],
  },
};

describe("rules in words", () => {
  it("are the sentences of the API", () => {
    expect(inWords(DOCUMENTED, grammar)).toEqual([
      "Enters long when RSI(7) crosses above 35 and close is above EMA(100).",
      "Leaves when RSI(7) crosses below 75 or close is below Donchian(48) lower a bar ago.",
    ]);
  });

  it("say defaults, factors, sources, lines and bars", () => {
    const rules: Rules = {
      side: "short",
      entry: {
        all: [
          { left: "close", op: "crosses_below", right: { indicator: "bollinger", ago: 2 } },
          { left: "volume", op: ">=", right: { indicator: "sma", source: "volume", times: 1.5 } },
          { within: 10, of: { left: { indicator: "adx" }, op: "crosses_above", right: 20 } },
          { any: [{ not: { left: { price: "high", times: 2, ago: 1 }, op: "<=", right: { indicator: "obv" } } }, { left: { indicator: "supertrend", line: "direction" }, op: "<", right: 0 }] },
        ],
      },
    };
    expect(inWords(rules, grammar)).toEqual([
      "Enters short when close crosses below Bollinger(20, 2) middle 2 bars ago and volume is at least 1.5 × SMA(20) of volume and (ADX(14) crosses above 20 on one of the last 10 bars) and (not (2 × high a bar ago is at most OBV) or Supertrend(10, 3) direction is below 0).",
      "Never leaves by itself.",
    ]);
  });
});

describe("rules by hand", () => {
  const wrong = (rules: unknown) => {
    const read = readRules(JSON.stringify(rules), grammar);
    return "wrong" in read ? read.wrong : null;
  };

  it("are read where their shape is right", () => {
    expect(readRules(write(DOCUMENTED), grammar)).toEqual({ rules: DOCUMENTED });
    expect(wrong(FIRST)).toBeNull();
  });

  it("name the path of what is wrong", () => {
    const with_ = (path: string, value: unknown) => wrong(put(DOCUMENTED, path, value));
    expect(with_("entry.all[1].op", "==")).toBe("entry.all[1].op must be one of <, <=, >, >=, crosses_above, crosses_below");
    expect(with_("entry.all[1].left", "median")).toMatch(/^entry\.all\[1\]\.left must be a number/);
    expect(with_("exit.any[0].left.indicator", "zigzag")).toMatch(/^exit\.any\[0\]\.left must be/);
    expect(with_("exit.any[0].left.length", 3)).toBe("exit.any[0].left.length is not known");
    expect(wrong({ entry: { all: [] } })).toMatch(/^entry\.all must be a list/);
    expect(wrong({ entry: { within: 0, of: DOCUMENTED.entry } })).toMatch(/^entry\.within must be a whole number/);
    expect(wrong({ entry: { left: 1, op: "<", right: 2 } })).toMatch(/^entry compares two numbers/);
    expect(wrong({ exit: DOCUMENTED.exit })).toBe("entry must be an object");
    expect(wrong({ ...DOCUMENTED, side: "both" })).toBe("side must be long or short");
    expect(readRules("{", grammar)).toHaveProperty("wrong");
  });

  it("name bounds with the path", () => {
    expect(wrongBounds(DOCUMENTED, grammar)).toBeNull();
    const far: Rules = { entry: { any: [{ left: { indicator: "ema", period: 501 }, op: "<", right: "close" }] } };
    expect(wrongBounds(far, grammar)).toBe("entry.any[0].left.period: Must be a whole number from 1 to 500");
  });
});

describe("paths", () => {
  it("lead to numbers and words, and back", () => {
    const places = placesOf(DOCUMENTED.exit, "exit").map(({ path, value }) => `${path}=${value}`);
    expect(places).toContain("exit.any[1].right.period=48");
    expect(at(DOCUMENTED, "exit.any[1].right.period")).toBe(48);
    expect(at(DOCUMENTED, "exit.any[7].right")).toBeUndefined();
  });

  it("take a value away with what is empty then", () => {
    const plan = put(put(undefined, "take_profit.steps[0].profit_percent", "3"), "stop_loss_percent", "5");
    expect(plan).toEqual({ take_profit: { steps: [{ profit_percent: "3" }] }, stop_loss_percent: "5" });
    expect(put(plan, "take_profit.steps[0].profit_percent", undefined)).toEqual({ stop_loss_percent: "5" });
  });

  it("replace what a bot has in its parameters, each as what it was", () => {
    const rules = replaced(DOCUMENTED, { "entry.all[0].right": "30", "exit.any[1].right.line": "upper" });
    expect(at(rules, "entry.all[0].right")).toBe(30);
    expect(at(rules, "exit.any[1].right.line")).toBe("upper");
    expect(at(DOCUMENTED, "entry.all[0].right")).toBe(35);
  });
});
