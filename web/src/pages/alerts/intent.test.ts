import { describe, expect, it } from "vitest";
import { intent } from "./intent";
import { pretty } from "./pretty";

describe("intent", () => {
  it("Moniqo's own text", () => {
    const body = '{"tv":{"exchange":"PAPER","symbol":"BTCUSDT","timeframe":"60"},"execution_intent":{"type":"entry","side":"long"},"preset":"grid","account":"main"}';
    expect(intent(body)).toEqual({ wanted: "entry long", market: "PAPER:BTCUSDT", timeframe: "60", account: "main", preset: "grid", route: null });
  });

  it("a strategy's flat position is an exit, whatever the side is", () => {
    expect(intent('{"tv":{"symbol":"BINANCE:BTCUSDT","market_position":"flat"},"execution_intent":{"type":"entry","side":"long"}}')).toMatchObject({ wanted: "exit", market: "BINANCE:BTCUSDT" });
  });

  it("3Commas, OctoBot and a plain line", () => {
    expect(intent('{"tv_exchange":"PAPER","tv_instrument":"BTCUSDT","action":"enter_long"}')).toMatchObject({ wanted: "entry long", market: "PAPER:BTCUSDT" });
    expect(intent("EXCHANGE=PAPER\nSYMBOL=BTCUSDT\nSIGNAL=BUY")).toMatchObject({ wanted: "buy", market: "PAPER:BTCUSDT" });
    expect(intent("buy BTCUSDT")).toMatchObject({ wanted: "buy", market: "BTCUSDT" });
  });

  it("what cannot be read is not guessed at", () => {
    expect(intent("[not kept: it is not an alert, and may hold a secret]")).toBeNull();
    expect(intent("[1, 2]")).toBeNull();
    expect(intent('{"tv":{"symbol":7}}')).toBeNull();
    expect(intent("")).toBeNull();
  });
});

describe("pretty", () => {
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
});
