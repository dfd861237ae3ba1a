import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { inAll, spans } from "./in-all";

const total = (mode: Schemas["Mode"] | null, realised_pnl: string, asset = "USDT"): Schemas["TotalProfit"] => ({
  mode,
  exchange: "BINANCE",
  asset,
  closed: { trades: 2, won: 1, realised_pnl, fee_unvalued: false },
  open: { trades: 0, realised_pnl: "0", unrealised_pnl: "0", unmarked: 0, price_at: null, fee_unvalued: false },
});

it("adds up what is of one mode and currency, and nothing else", () => {
  const found = inAll([total("live", "1.5"), total("paper", "100")], [total("live", "-0.25"), total("live", "7", "EUR"), total("testnet", "9"), total("live", "1")]);
  expect(found.map(({ mode, asset, realised, trades }) => [mode, asset, realised, trades])).toEqual([
    ["live", "USDT", "2.25", 6],
    ["paper", "USDT", "100", 2],
    ["live", "EUR", "7", 2],
    ["testnet", "USDT", "9", 2],
  ]);
  expect(found[3]?.period, "nothing of it in the period").toBeUndefined();
});

it("asks for all that was before in parts that do not overlap", () => {
  const parts = spans("2023-11-20T08:00:00Z", "2026-01-01T00:00:00Z");
  expect(parts).toHaveLength(3);
  expect(parts[0]?.until).toBe("2026-01-01T00:00:00.000Z");
  expect(parts.slice(1).map(({ until }) => until)).toEqual(parts.slice(0, -1).map(({ since }) => since));
  expect(parts.at(-1)?.since).toBe("2023-11-20T08:00:00.000Z");
  expect(spans("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"), "made in the period").toEqual([]);
});
