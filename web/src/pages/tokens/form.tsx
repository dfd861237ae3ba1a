import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { form as formTexts, tokens as tokensTexts } from "@/texts/tokens";
import { accountText, useAccounts } from "@/ui/account";
import { Moment } from "@/ui/age";
import { Preview } from "@/ui/effect";
import { Input, Select } from "@/ui/form";
import { Page } from "@/ui/page";
import { handOver } from "./once";
import { Reached } from "./reached";
import { listed, may, reached, type Token, toLocal, toUtc } from "./words";

type Created = Schemas["CreatedWebhookToken"];

interface TokenFormProps {
  /** The token that is changed; null for a new one. */
  of: Token | null;
  onSecret: (told: Created) => void;
}

/** A page that makes a token, or changes what it permits. */
export function TokenForm({ of, onSecret }: TokenFormProps) {
  const navigate = useNavigate();
  const accounts = useAccounts().data?.items ?? [];
  // The version that the form began with is the one that is changed.
  const [begin] = useState(of);
  const [label, setLabel] = useState(begin?.label ?? "");
  const [account, setAccount] = useState(begin?.account ?? "");
  const [exchange, setExchange] = useState(begin?.exchange ?? "");
  const [only, setOnly] = useState<"" | "entry" | "exit">(begin?.only ?? "");
  const [markets, setMarkets] = useState(begin?.markets?.join(", ") ?? "");
  const [presets, setPresets] = useState(begin?.presets?.join(", ") ?? "");
  const [max, setMax] = useState(begin?.order_quote_max ?? "");
  const [expires, setExpires] = useState(toLocal(begin?.expires_at ?? null));
  const [from, setFrom] = useState<"" | "tradingview">(begin?.from ?? "");
  const [asked, setAsked] = useState(false);

  const trading = accounts.filter((each) => !each.address);
  const labels = distinct([account, ...trading.map((each) => each.label)]);
  const exchanges = distinct([exchange, ...trading.filter((each) => !account || each.label === account).map((each) => each.exchange)]);
  const bounds = {
    account: account || null,
    exchange: exchange || null,
    only: only || null,
    markets: listed(markets),
    presets: listed(presets),
    order_quote_max: max.trim() || null,
    // A moment that was not touched stays as it is: the field has no seconds.
    expires_at: begin?.expires_at && expires === toLocal(begin.expires_at) ? begin.expires_at : toUtc(expires),
    from: from || null,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
  };
  const title = begin ? formTexts.title(begin.label ?? begin.id) : formTexts.titleNew;
  const back = () => void navigate({ to: "/webhook-tokens" });
  return (
    <Page title={title} about={<Link to="/webhook-tokens">{formTexts.back}</Link>}>
      <form onSubmit={submit} className="card max-w-3xl space-y-4">
        <Input label={formTexts.label} hint={formTexts.labelHint} value={label} onChange={setLabel} maxLength={40} required={!begin} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Select label={formTexts.account} hint={formTexts.accountHint} value={account} onChange={setAccount} options={[{ value: "", text: formTexts.any }, ...labels.map((value) => ({ value, text: reached({ account: value, exchange: exchange || null }, trading).map(accountText).join(", ") || value }))]} />
          <Select label={formTexts.exchange} hint={formTexts.exchangeHint} value={exchange} onChange={setExchange} options={[{ value: "", text: formTexts.any }, ...exchanges]} />
          <Select label={formTexts.only} value={only} onChange={(value) => setOnly(value === "entry" || value === "exit" ? value : "")} options={[{ value: "", text: tokensTexts.may.both }, { value: "entry", text: tokensTexts.may.entry }, { value: "exit", text: tokensTexts.may.exit }]} />
          <Select label={formTexts.from} hint={formTexts.fromHint} value={from} onChange={(value) => setFrom(value === "tradingview" ? value : "")} options={[{ value: "", text: formTexts.fromAny }, { value: "tradingview", text: formTexts.fromTradingView }]} />
          <Input label={formTexts.markets} hint={formTexts.marketsHint} value={markets} onChange={setMarkets} />
          <Input label={formTexts.presets} hint={formTexts.presetsHint} value={presets} onChange={setPresets} />
          <Input label={formTexts.max} hint={formTexts.maxHint} value={max} onChange={setMax} inputMode="decimal" />
          <Input label={formTexts.expires} hint={formTexts.expiresHint} type="datetime-local" value={expires} onChange={setExpires} />
        </div>
        <button type="submit" className="button button-main">
          {begin ? formTexts.save : formTexts.create}
        </button>
      </form>
      {asked ? (
        <Preview
          verb={begin ? formTexts.save : formTexts.create}
          title={begin ? formTexts.preview : formTexts.previewNew}
          act={({ key }) =>
            begin
              ? api.PATCH("/api/v1/webhook-tokens/{id}", { body: { ...bounds, ...(label.trim() ? { label: label.trim() } : {}) }, params: { path: { id: begin.id }, header: ifMatch(begin.version) } })
              : handOver(api.POST("/api/v1/webhook-tokens", { body: { ...bounds, label: label.trim() }, params: { header: { "Idempotency-Key": key } } }), onSecret)
          }
          onDone={back}
          onClose={() => setAsked(false)}
          preview={
            <>
              <p className="font-medium">{label.trim() || begin?.id}</p>
              {begin ? (
                <p>
                  <del className="text-soft">{may(begin)}</del>
                </p>
              ) : null}
              <p>{may(bounds)}</p>
              <Reached by={bounds} />
              <p>
                {formTexts.expires}: {bounds.expires_at ? <Moment at={bounds.expires_at} /> : tokensTexts.neverExpires}
              </p>
              <p>{begin ? formTexts.previewText : formTexts.previewNewText}</p>
            </>
          }
        />
      ) : null}
    </Page>
  );
}

const distinct = (texts: string[]): string[] => [...new Set(texts.filter(Boolean))];
