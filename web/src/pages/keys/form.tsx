import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { useMe } from "@/lib/session";
import { form as formTexts, keys as keysTexts } from "@/texts/keys";
import { useAccounts, useAccountTexts } from "@/ui/account";
import { Moment } from "@/ui/age";
import { Preview } from "@/ui/effect";
import { Checkbox, Input, Select } from "@/ui/form";
import { Facts, Page } from "@/ui/page";
import { handOver } from "../tokens/once";
import { listed } from "../tokens/words";
import { type Bounds, OrdersFields } from "./orders";
import { type ApiKey, bounds as said, inDays, meaning, ordered } from "./words";

const EXPIRIES = ["7", "30", "90", "365"] as const;
const ORDERS = "orders:write";

interface KeyFormProps {
  /** The key that is changed; null for a new one. */
  of: ApiKey | null;
  onSecret: (told: Schemas["CreatedApiKey"]) => void;
}

/** A page that makes an API key, or changes what it permits. */
export function KeyForm({ of, onSecret }: KeyFormProps) {
  const navigate = useNavigate();
  const me = useMe();
  const accounts = useAccounts().data?.items ?? [];
  const named = useAccountTexts();
  const [begin] = useState(of);
  const [name, setName] = useState(begin?.name ?? "");
  const [scopes, setScopes] = useState<string[]>(begin?.scopes ?? ["trading:read"]);
  const [expiry, setExpiry] = useState<string>(begin ? "keep" : "90");
  const [networks, setNetworks] = useState(begin?.ip_allow_list.join(", ") ?? "");
  const [orders, setOrders] = useState<Bounds>(begin?.orders ? { ...begin.orders, markets: begin.orders.markets.join(", ") } : { accounts: [], markets: "", order_quote_max: "", day_quote_max: "" });
  // Fixed when the reader wants the preview: the same request is sent once and once more.
  const [asked, setAsked] = useState<{ expires_at: string | undefined } | null>(null);

  const own = me.data?.permissions ?? [];
  const offered = ordered([...own, ...scopes.filter((scope) => !own.includes(scope))]);
  const places = scopes.includes(ORDERS);
  const bounded = places ? { accounts: orders.accounts, markets: listed(orders.markets) ?? [], order_quote_max: orders.order_quote_max.trim(), day_quote_max: orders.day_quote_max.trim() } : null;
  const members = { name: name.trim(), scopes, ip_allow_list: listed(networks) ?? [], orders: bounded };
  const toggle = (scope: string) => (on: boolean) => setScopes(on ? [...scopes, scope] : scopes.filter((each) => each !== scope));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked({ expires_at: expiry === "keep" ? undefined : inDays(Number(expiry), Date.now()) });
  };
  const verb = begin ? formTexts.save : formTexts.create;
  return (
    <Page title={begin ? formTexts.title(begin.name) : formTexts.titleNew} about={<Link to="/api-keys">{formTexts.back}</Link>}>
      <form onSubmit={submit} className="card max-w-3xl space-y-4">
        <Input label={formTexts.name} hint={formTexts.nameHint} value={name} onChange={setName} maxLength={40} required />
        <fieldset className="space-y-1">
          <legend className="font-medium">{formTexts.scopes}</legend>
          <p className="text-soft text-xs">{formTexts.scopesHint}</p>
          <div className="grid gap-1 sm:grid-cols-2">
            {offered.map((scope) => (
              <Checkbox key={scope} label={meaning(scope)} hint={scope} checked={scopes.includes(scope)} onChange={toggle(scope)} />
            ))}
          </div>
          {scopes.length === 0 ? <p className="text-bad text-xs">{formTexts.scopesMissing}</p> : null}
        </fieldset>
        {places ? <OrdersFields accounts={accounts} value={orders} onChange={setOrders} /> : null}
        <div className="grid gap-4 sm:grid-cols-2">
          <Select label={formTexts.expires} value={expiry} onChange={setExpiry} options={[...(begin ? (["keep"] as const) : []), ...EXPIRIES].map((value) => ({ value, text: formTexts.expiresIn[value] }))} />
          <Input label={formTexts.networks} hint={formTexts.networksHint} value={networks} onChange={setNetworks} />
        </div>
        <button type="submit" className="button button-main" disabled={scopes.length === 0 || (places && orders.accounts.length === 0)}>
          {verb}
        </button>
      </form>
      {asked ? (
        <Preview
          verb={verb}
          title={begin ? formTexts.preview : formTexts.previewNew}
          act={({ key }) =>
            begin
              ? api.PATCH("/api/v1/api-keys/{id}", { body: { ...members, ...asked }, params: { path: { id: begin.id }, header: ifMatch(begin.version) } })
              : handOver(api.POST("/api/v1/api-keys", { body: { ...members, ...asked }, params: { header: { "Idempotency-Key": key } } }), onSecret)
          }
          onDone={() => void navigate({ to: "/api-keys" })}
          onClose={() => setAsked(null)}
          preview={
            <>
              <Facts
                of={[
                  [formTexts.name, members.name],
                  [formTexts.scopes, scopes.map(meaning).join("; ")],
                  [formTexts.networks, members.ip_allow_list.join(", ") || keysTexts.anyNetwork],
                  [formTexts.expires, <Moment key="expires" at={asked.expires_at ?? begin?.expires_at} />],
                  ...(bounded ? [[formTexts.orders, said(bounded, named)] satisfies [string, string]] : []),
                ]}
              />
              <p>{begin ? formTexts.previewText : formTexts.previewNewText}</p>
            </>
          }
        />
      ) : null}
    </Page>
  );
}
