/** As charts name a market, without a slash: `BINANCE:BTC-USDT`, of a perpetual `BINANCE:BTC-USDT.P`. */
export function marketName({ exchange, symbol }: { exchange: string; symbol: string }): string {
  const isPerpetual = exchange.endsWith("USDM") || symbol.includes(":");
  const pair = symbol.split(":")[0]?.replace("/", "-") ?? "";
  return `${exchange.replace(/USDM$/, "")}:${pair.replace(/\.P$/, "")}${isPerpetual || pair.endsWith(".P") ? ".P" : ""}`;
}
