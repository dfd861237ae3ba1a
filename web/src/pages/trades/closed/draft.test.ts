import { expect, it } from "vitest";
import { bodyOf, type Draft, NEW_TRADE, profitOf, tagsIn, wrongIn, wrongTags } from "./draft";

const NOW = Date.parse("2026-11-10T00:00:00Z");
const draft = (of: Partial<Draft>): Draft => ({ ...NEW_TRADE, exchange: "kraken", symbol: "btc/eur", quantity: "0.1", entry: "40000", exit: "41000", opened: "2026-11-02T08:00", closed: "2026-11-03T09:30", ...of });

it("a draft sends what was typed, and leaves out what is empty", () => {
  expect(bodyOf(draft({}))).toEqual({
    exchange: "KRAKEN",
    symbol: "BTC/EUR",
    mode: "live",
    side: "long",
    quantity: "0.1",
    entry_price: "40000",
    exit_price: "41000",
    opened_at: "2026-11-02T08:00:00.000Z",
    closed_at: "2026-11-03T09:30:00.000Z",
  });
  expect(bodyOf(draft({ fees: " 8.1 ", notes: " by phone ", tags: "News, breakout news" }))).toMatchObject({ fees: "8.1", notes: "by phone", tags: ["news", "breakout"] });
  expect(bodyOf(draft({ entry: "0.100000000000000000000000001" })).entry_price, "no digit is lost").toBe("0.100000000000000000000000001");
});

it.each<[string, Partial<Draft>, string[]]>([
  ["what is complete", {}, []],
  ["nothing at all", NEW_TRADE, ["exchange", "symbol", "quantity", "entry", "exit", "opened", "closed"]],
  ["half a market", { symbol: "BTC" }, ["symbol"]],
  ["a number with an exponent", { entry: "4e4" }, ["entry"]],
  ["fees below 0", { fees: "-1" }, ["fees"]],
  ["no quantity", { quantity: "0.0" }, ["quantity"]],
  ["an end before the start", { closed: "2026-11-02T07:59" }, ["closed"]],
  ["an end to come", { closed: "2026-11-11T00:00" }, ["closed"]],
  ["a tag that is none", { tags: "two words!" }, ["tags"]],
])("%s is found", (_, of, names) => expect(Object.keys(wrongIn(draft(of), NOW))).toEqual(names));

it("tags are words apart by commas or spaces, each once", () => {
  expect(tagsIn(" News,breakout  news ")).toEqual(["news", "breakout"]);
  expect(tagsIn(" , ")).toEqual([]);
  expect(wrongTags("a-b c_d 1")).toBeNull();
  expect(wrongTags("é")).not.toBeNull();
  expect(wrongTags("x".repeat(33))).not.toBeNull();
  expect(wrongTags([..."abcdefghijk"].join(" ")), "eleven").not.toBeNull();
});

it("the profit is exact, and that of a short is the other way round", () => {
  const trade = { side: "long", quantity: "0.1", entry_price: "40000", exit_price: "41000.00000000000000000001", fees: "8.1" } as const;
  expect(profitOf(trade)).toBe("91.900000000000000000001");
  expect(profitOf({ ...trade, side: "short", fees: undefined })).toBe("-100.000000000000000000001");
  expect(profitOf({ ...trade, quantity: "" })).toBeNull();
});
