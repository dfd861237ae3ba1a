import { expect, it } from "vitest";
import { amountIn, currencyIn, queryOf } from "./filters";

const NOW = Date.parse("2026-11-30T12:00:00Z");
/** What is asked for, without what is left out. */
const asked = (search: Record<string, string>) => JSON.parse(JSON.stringify(queryOf(search, NOW))) as unknown;

it("currency is asked for in upper case, and only if it can be one", () => {
  expect(currencyIn(" btc ")).toBe("BTC");
  for (const text of [undefined, "", "<b>", "BTC/USDT", "🐋"]) expect(currencyIn(text), text).toBeUndefined();
});

it("amount may have its thousands apart", () => {
  expect(amountIn("10,000,000")).toBe("10000000");
  expect(amountIn("1 000 000.50")).toBe("1000000.50");
  for (const text of [undefined, "", "-1", "1e400", ".5", "ten"]) expect(amountIn(text), text).toBeUndefined();
});

it("address without filters asks for nothing, so that the API lists its last seven days", () => {
  expect(asked({})).toEqual({});
  expect(asked({ period: "7", sort_whales: "usd", view: "alerts" })).toEqual({});
});

it("filters are asked for by the names of the API, and unknown words are left out", () => {
  const search = { currency: "eth", blockchain: "ethereum", type: "mint", status: "orphaned", amount: "5,000,000", score: "9", period: "30" };
  expect(asked(search)).toEqual({ currency: "ETH", blockchain: "ethereum", transaction_type: "mint", status: "orphaned", min_amount_usd: "5000000", min_significance: "9", since: "2026-11-01" });
  expect(asked({ blockchain: "dogecoin", type: "gift", status: "maybe", amount: "-1", score: "11" })).toEqual({});
  expect(asked({ period: "own", since: "2026-11-01", until: "2026-11-02" })).toEqual({ since: "2026-11-01", until: "2026-11-02" });
});
