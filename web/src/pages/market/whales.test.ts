import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { countsOf, daysOf, isCurrent, marksOf, shownIn, WATCHED, type WhaleAlert, watchedIn } from "./whales";

const HOUR = 3_600_000;
const FIRST = Date.parse("2026-11-29T20:00:00Z");
const candles = [0, 1, 2, 5].map((hour) => ({ at: FIRST + hour * HOUR }));
const span = { first: FIRST, end: FIRST + 6 * HOUR };
const alert = (hours: number, transaction_type: WhaleAlert["transaction_type"], amount_usd = "2000000"): WhaleAlert => ({ detected_at: new Date(FIRST + hours * HOUR).toISOString(), transaction_type, amount_usd });

it("watched assets are those of the deployment", () => {
  const { chains } = JSON.parse(readFileSync("../shared/wire/src/listed.json", "utf8")) as { chains: { native: { asset: string }; tokens: { asset: string }[] }[] };
  const listed = chains.flatMap(({ native, tokens }) => [native, ...tokens].map(({ asset }) => asset));
  expect(WATCHED).toEqual([...new Set(listed)].sort());
});

it("currency of a market is found in each spelling, and none of what is not watched", () => {
  for (const symbol of ["BTC/USDT", "btc/usdt", "BTC/USDT:USDT", "BTC-EUR", "BTCUSDT", "BTCUSDT.P", "BTCUSD"]) expect(watchedIn(symbol), symbol).toBe("BTC");
  expect(watchedIn("USDCUSDT")).toBe("USDC");
  for (const symbol of ["DOGE/USDT", "BTCDOM/USDT", "BTC", "", "<img>"]) expect(watchedIn(symbol), symbol).toBeNull();
});

it("days of a chart are whole ones, and none once its alerts are not stored", () => {
  expect(daysOf(span, span.end)).toEqual({ since: "2026-11-29", until: "2026-11-30" });
  expect(daysOf(span, span.end + 92 * 24 * HOUR)).toBeNull();
});

it("chart is current until two candles are missing", () => {
  expect(isCurrent(span, HOUR, span.end + 2 * HOUR)).toBe(true);
  expect(isCurrent(span, HOUR, span.end + 2 * HOUR + 1)).toBe(false);
});

it("alerts outside of the candles are left out, except new ones of a current chart", () => {
  const alerts = [alert(-1, "exchange_inflow"), alert(0, "exchange_inflow"), alert(7, "whale_transfer")];
  expect(shownIn(alerts, span, false)).toEqual([alerts[1]]);
  expect(shownIn(alerts, span, true)).toEqual([alerts[1], alerts[2]]);
});

it("marks stand at the candle of their time, one for each kind, by size", () => {
  const alerts = [alert(0.2, "exchange_inflow"), alert(0.9, "exchange_inflow", "9000000.5"), alert(0.5, "exchange_outflow", "60000000"), alert(3.5, "unknown"), alert(-0.1, "mint"), alert(6, "whale_transfer")];
  expect(marksOf(alerts, candles, span.end)).toEqual([
    { at: FIRST, ink: "bad", above: true, text: "2", size: 1.5 },
    { at: FIRST, ink: "good", above: false, text: "", size: 2 },
    // In a gap: at the last candle before it.
    { at: FIRST + 2 * HOUR, ink: "note", above: true, round: true, text: "", size: 1 },
  ]);
  expect(marksOf(alerts, [], span.end)).toEqual([]);
  expect(countsOf(alerts)).toEqual({ inflow: 2, outflow: 1, other: 3 });
});
