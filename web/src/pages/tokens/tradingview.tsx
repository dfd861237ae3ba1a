import { useState } from "react";
import { useList } from "@/api/hooks";
import { chart as chartTexts } from "@/texts/tokens";
import { useAccounts } from "@/ui/account";
import { Copy } from "@/ui/copy";
import { Select } from "@/ui/form";
import { message, type Template } from "./template";

const KINDS: Template[] = ["strategy", "entry", "exit"];

interface TradingViewProps {
  /** The one exchange of a token, if it has one. */
  exchange?: string | null;
  /** The only presets that a token may use. */
  presets?: string[] | null;
}

/** The message of an alert, ready to paste into TradingView. */
export function TradingView({ exchange: bound, presets: allowed }: TradingViewProps) {
  const accounts = useAccounts().data?.items ?? [];
  const kept = useList("/api/v1/presets");
  const [kind, setKind] = useState<Template>("strategy");
  const [exchange, setExchange] = useState(bound ?? "");
  const [preset, setPreset] = useState(allowed?.[0] ?? "default");
  const exchanges = [...new Set([...(bound ? [bound] : []), ...accounts.filter((each) => !each.address).map((each) => each.exchange)])];
  const presets = allowed ?? [...new Set(["default", ...kept.rows.map((each) => each.name)])];
  return (
    <div className="space-y-3">
      <ol className="list-decimal space-y-1 pl-5">
        {chartTexts.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div className="grid gap-3 sm:grid-cols-3">
        <Select label={chartTexts.kind} value={kind} onChange={(value) => setKind(KINDS.find((each) => each === value) ?? "strategy")} options={KINDS.map((value) => ({ value, text: chartTexts.kinds[value] }))} />
        <Select label={chartTexts.exchange} hint={chartTexts.exchangeHint} value={exchange} onChange={setExchange} options={[{ value: "", text: chartTexts.exchangeChart }, ...exchanges]} />
        {kind === "exit" ? <p className="text-soft self-center text-xs">{chartTexts.noPreset}</p> : <Select label={chartTexts.preset} value={preset} onChange={setPreset} options={presets} />}
      </div>
      <Copy text={message(kind, exchange || null, preset)} label={chartTexts.message} key={`${kind} ${exchange} ${preset}`} />
      <p className="text-warn text-xs">{kind === "strategy" ? chartTexts.size : chartTexts.indicator}</p>
    </div>
  );
}
