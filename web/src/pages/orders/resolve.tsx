import { useState } from "react";
import { api, type Schemas } from "@/api/client";
import { lasting, useNow } from "@/lib/time";
import { resolve as resolveTexts } from "@/texts/orders";
import { Copy } from "@/ui/copy";
import { Preview } from "@/ui/effect";
import { Input, Select } from "@/ui/form";
import { type Outcome, type Stated, tooEarly, wrong } from "./outcomes";

interface ResolveProps {
  order: Schemas["Order"];
  outcomes: Outcome[];
  base: string;
  quote: string;
}

const NOTHING: Stated = { quantity: "", price: "", fee: "" };

/** States by hand what became of an order that the exchange does not tell of. */
export function Resolve(props: ResolveProps) {
  const [open, setOpen] = useState(false);
  const early = tooEarly(props.order, useNow());
  const why = early > 0 ? resolveTexts.tooEarly(lasting(early)) : undefined;
  return (
    <>
      <button type="button" className="button button-danger" disabled={early > 0} title={why} onClick={() => setOpen(true)}>
        {resolveTexts.verb}
      </button>
      {why ? <span className="text-soft self-center text-xs">{why}</span> : null}
      {open ? <Statement {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Statement({ order, outcomes, base, quote, onClose }: ResolveProps & { onClose: () => void }) {
  const [outcome, setOutcome] = useState<Outcome>(outcomes[0] ?? "not_placed");
  const [stated, setStated] = useState(NOTHING);
  const [chosen, setAsset] = useState("");
  const asset = chosen || quote;
  const isFill = outcome === "filled";
  const bad = wrong(stated, order.quantity);
  const missing = isFill && (bad.quantity || bad.price || bad.fee);
  const fill = { quantity: stated.quantity, price: stated.price, ...(stated.fee ? { fee: stated.fee, fee_asset: asset } : {}) };
  return (
    <Preview
      verb={resolveTexts.verb}
      title={resolveTexts.title}
      danger
      reason
      typed={resolveTexts.outcomes[outcome]}
      disabled={missing ? resolveTexts.missing : null}
      onClose={onClose}
      act={({ key, reason }) =>
        api.POST("/api/v1/orders/{id}/resolve", {
          params: { path: { id: order.id }, header: { "Idempotency-Key": key } },
          body: { outcome, reason, ...(isFill ? fill : {}) },
        })
      }
      preview={
        <>
          <p>{resolveTexts.intro}</p>
          <p>{resolveTexts.before}</p>
          <Copy label={resolveTexts.searchFor} text={[order.client_order_id, order.exchange_order_id].filter(Boolean).join("\n")} />
          <p>{resolveTexts.openThere}</p>
          <Select
            label={resolveTexts.outcome}
            value={outcome}
            onChange={(value) => setOutcome(outcomes.find((each) => each === value) ?? outcome)}
            options={outcomes.map((value) => ({ value, text: resolveTexts.outcomes[value] }))}
          />
          <p className="border-warn bg-warn-fill rounded-md border p-2">{resolveTexts.meaning[outcome][order.purpose === "entry" ? "entry" : "exit"]}</p>
          {isFill ? <FillFields stated={stated} onChange={setStated} asset={asset} onAsset={setAsset} most={order.quantity} base={base} quote={quote} /> : null}
        </>
      }
    />
  );
}

interface FillFieldsProps {
  stated: Stated;
  onChange: (stated: Stated) => void;
  asset: string;
  onAsset: (asset: string) => void;
  most: string;
  base: string;
  quote: string;
}

function FillFields({ stated, onChange, asset, onAsset, most, base, quote }: FillFieldsProps) {
  const bad = wrong(stated, most);
  const set = (name: keyof Stated) => (value: string) => onChange({ ...stated, [name]: value.trim() });
  // What is not filled in yet is missing, not wrong.
  const error = (name: keyof Stated, text: string) => (stated[name] && bad[name] ? text : null);
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Input label={resolveTexts.quantity} hint={resolveTexts.quantityHint(most, base)} error={error("quantity", resolveTexts.wrong.quantity(most))} inputMode="decimal" value={stated.quantity} onChange={set("quantity")} required />
      <Input label={resolveTexts.price} hint={resolveTexts.priceHint(quote)} error={error("price", resolveTexts.wrong.price)} inputMode="decimal" value={stated.price} onChange={set("price")} required />
      <Input label={resolveTexts.fee} hint={resolveTexts.feeHint} error={error("fee", resolveTexts.wrong.fee)} inputMode="decimal" value={stated.fee} onChange={set("fee")} />
      <Select label={resolveTexts.feeAsset} value={asset} onChange={onAsset} options={[quote, base].filter(Boolean)} disabled={!stated.fee} />
    </div>
  );
}
