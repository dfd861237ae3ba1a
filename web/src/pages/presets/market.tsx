import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { key, read } from "@/api/hooks";
import { texts } from "@/texts/common";
import { ladder as ladderTexts } from "@/texts/presets";
import { Priced } from "@/ui/age";
import { Checkbox, Input, Select } from "@/ui/form";
import { Value } from "@/ui/value";
import type { MarketDraft } from "./plan";

interface MarketFieldsProps {
  value: MarketDraft;
  onChange: (value: MarketDraft) => void;
}

/** The price and the market that a ladder is calculated for. */
export function MarketFields({ value, onChange }: MarketFieldsProps) {
  const set = <Name extends keyof MarketDraft>(name: Name) => (next: MarketDraft[Name]) => onChange({ ...value, [name]: next });
  return (
    <div className="card space-y-4">
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-5">
        <Input label={ladderTexts.market} hint={ladderTexts.marketHint} value={value.market} onChange={set("market")} />
        <Input label={ladderTexts.price} value={value.price} onChange={set("price")} inputMode="decimal" />
        <Select label={ladderTexts.side} value={value.side} onChange={(side) => set("side")(side === "short" ? "short" : "long")} options={[{ value: "long", text: ladderTexts.sides.long }, { value: "short", text: ladderTexts.sides.short }]} />
        <Input label={ladderTexts.fee} value={value.fee} onChange={set("fee")} inputMode="decimal" />
        <Input label={ladderTexts.balance} hint={ladderTexts.balanceHint} value={value.balance} onChange={set("balance")} inputMode="decimal" />
      </div>
      <LastPrice market={value.market} onPrice={set("price")} />
      <details>
        <summary className="cursor-pointer font-medium">{ladderTexts.rules}</summary>
        <p className="text-soft my-2 text-xs">{ladderTexts.rulesHint}</p>
        <div className="grid gap-4 sm:grid-cols-3 lg:grid-cols-6">
          <Input label={ladderTexts.tick} value={value.tick} onChange={set("tick")} inputMode="decimal" />
          <Input label={ladderTexts.step} value={value.step} onChange={set("step")} inputMode="decimal" />
          <Input label={ladderTexts.minimum} value={value.minimum} onChange={set("minimum")} inputMode="decimal" />
          <Input label={ladderTexts.notional} value={value.notional} onChange={set("notional")} inputMode="decimal" />
          <Input label={ladderTexts.ordersMax} value={value.ordersMax} onChange={set("ordersMax")} inputMode="numeric" />
          <Select label={ladderTexts.feeIn} value={value.feeIn} onChange={(asset) => set("feeIn")(asset === "base" ? "base" : "quote")} options={[{ value: "quote", text: ladderTexts.feesIn.quote }, { value: "base", text: ladderTexts.feesIn.base }]} />
        </div>
        <div className="mt-3">
          <Checkbox label={ladderTexts.stops} checked={value.stops} onChange={set("stops")} />
        </div>
      </details>
    </div>
  );
}

/** Takes the price of the market from its newest candle, once, when the reader wants it. */
function LastPrice({ market, onPrice }: { market: string; onPrice: (price: string) => void }) {
  const queries = useQueryClient();
  const [seen, setSeen] = useState<{ price: string; at: string } | null>(null);
  const [failed, setFailed] = useState(false);
  const take = async () => {
    const init = { params: { path: { market: market.trim() }, query: { timeframe: "1m" as const, limit: 2 } } };
    const path = "/api/v1/markets/{market}/candles";
    try {
      const told = await queries.fetchQuery({ queryKey: key(path, init), queryFn: () => read(path, init), staleTime: 0 });
      const price = told.items.at(-1)?.close;
      setFailed(!price);
      if (!price) return;
      setSeen({ price, at: new Date().toISOString() });
      onPrice(price);
    } catch {
      setFailed(true);
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-3" aria-live="polite">
      <button type="button" className="button" disabled={!market.includes(":")} onClick={() => void take()}>
        {ladderTexts.last}
      </button>
      {failed ? <span className="text-warn">{ladderTexts.lastFailed}</span> : null}
      {seen && !failed ? (
        <Priced at={seen.at} source={texts.source.price}>
          <Value of={seen.price} />
        </Priced>
      ) : null}
    </div>
  );
}
