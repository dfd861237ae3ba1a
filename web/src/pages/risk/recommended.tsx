import { useState } from "react";
import { api } from "@/api/client";
import { useMe } from "@/lib/session";
import { recommended as texts, risk } from "@/texts/risk";
import { Effect } from "@/ui/effect";
import { Input } from "@/ui/form";

/** Creates the rules that are recommended and not there yet. */
export function Recommended() {
  const own = useMe().data?.settings?.quote_currency ?? "USDT";
  const [typed, setTyped] = useState<string>();
  const currency = (typed ?? own).trim().toUpperCase();
  return (
    <Effect
      verb={texts.verb}
      title={texts.title}
      preview={
        <>
          <p>{texts.preview}</p>
          <ul className="list-disc pl-5">
            {texts.kinds.map((kind) => (
              <li key={kind}>{risk.kinds[kind]}</li>
            ))}
          </ul>
          <p>{texts.after}</p>
          <Input label={texts.currency} hint={texts.currencyHint} value={typed ?? own} onChange={setTyped} required maxLength={16} autoComplete="off" />
        </>
      }
      act={({ key }) => api.POST("/api/v1/risk-rules/recommended", { params: { header: { "Idempotency-Key": key } }, body: { currency } })}
      onDone={() => setTyped(undefined)}
    />
  );
}
