import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { market as marketTexts } from "@/texts/market";
import { Input, Select } from "@/ui/form";
import { named, type Series, TIMEFRAMES } from "./series";

const told = marketTexts.choose;

/** Which series is shown: it stands in the address. */
export function Choose({ series, listed, onChange }: { series: Series; listed: Schemas["ListedSeries"][]; onChange: (name: string, value: string) => void }) {
  const exchanges = useRead("/api/v1/exchanges", { params: { query: { limit: 200 } } });
  const [symbol, setSymbol] = useState(series.symbol);
  useEffect(() => setSymbol(series.symbol), [series.symbol]);
  const names = (exchanges.data?.items ?? []).filter((each) => each.type === "CEX").map((each) => each.provider.toUpperCase());
  const show = (event: FormEvent) => {
    event.preventDefault();
    onChange("symbol", symbol.trim().toUpperCase());
  };
  return (
    <div className="space-y-2">
      <form onSubmit={show} role="search" className="grid grid-cols-2 items-start gap-2 sm:flex sm:flex-wrap">
        <Select label={told.exchange} value={series.exchange} onChange={(value) => onChange("exchange", value)} options={[...new Set([series.exchange, ...names])].sort()} />
        <Select label={told.timeframe} value={series.timeframe} onChange={(value) => onChange("timeframe", value)} options={TIMEFRAMES} />
        <Input label={told.symbol} hint={told.symbolHint} value={symbol} onChange={setSymbol} required maxLength={40} />
        <button type="submit" className="button self-start sm:mt-6">
          {told.show}
        </button>
      </form>
      {listed.length > 0 ? (
        <p className="flex flex-wrap gap-x-3 gap-y-1">
          <span className="text-soft">{told.yours}:</span>
          {listed.map(({ exchange, symbol: market, timeframe }) => (
            <Link key={named({ exchange, symbol: market, timeframe })} to="/market" search={{ exchange, symbol: market, timeframe }}>
              {named({ exchange, symbol: market, timeframe })}
            </Link>
          ))}
        </p>
      ) : null}
    </div>
  );
}
