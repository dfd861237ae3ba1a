import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, type Schemas } from "@/api/client";
import { accounts as accountsTexts, connect as connectTexts } from "@/texts/accounts";
import { texts } from "@/texts/common";
import { useAccounts } from "@/ui/account";
import { ModeBadge, type Mode } from "@/ui/badge";
import { type Intent, Preview } from "@/ui/effect";
import { Input, Select } from "@/ui/form";
import { Facts, Page } from "@/ui/page";
import { Shown } from "@/ui/states";
import { kindOf, type Kind, useExchanges } from "./exchange";
import { areReady, KeyFields, keyMembers, NO_SECRETS, type Secrets } from "./secrets";

type Exchange = Schemas["Exchange"];

/** Saves a new account: simulated, at an exchange by its key, or an address on a chain. */
export function Connect() {
  const exchanges = useExchanges();
  return (
    <Page title={connectTexts.title} about={<Link to="/accounts">{accountsTexts.title}</Link>}>
      <Shown of={exchanges}>{(list) => <Form exchanges={list.items.filter((each) => each.is_active)} />}</Shown>
    </Page>
  );
}

function Form({ exchanges }: { exchanges: Exchange[] }) {
  const navigate = useNavigate();
  const accounts = useAccounts().data?.items ?? [];
  const [provider, setProvider] = useState(exchanges.some((each) => each.provider === "paper") ? "paper" : (exchanges[0]?.provider ?? ""));
  const [label, setLabel] = useState("");
  const [chosen, setMode] = useState<Mode>("testnet");
  const [balance, setBalance] = useState("");
  const [address, setAddress] = useState("");
  const [secrets, setSecrets] = useState<Secrets>(NO_SECRETS);
  const [refused, setRefused] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const exchange = exchanges.find((each) => each.provider === provider);
  if (!exchange) return null;

  const kind = kindOf(exchange);
  const { modes } = exchange;
  const mode = modes.includes(chosen) ? chosen : (modes[0] ?? "live");
  const name = exchange.provider.toUpperCase();
  const named = label.trim() || "default";
  const taken = accounts.some((each) => each.exchange === name && each.label === named);
  // What was typed for one exchange is not sent to another.
  const choose = (next: string) => {
    setProvider(next);
    setSecrets(NO_SECRETS);
  };
  const send = ({ key }: Intent) => {
    const body = { exchange: name, label: named, mode, ...payload(kind, { balance, address, secrets }) };
    // What was typed leaves this page with the request, whatever the answer is.
    setSecrets(NO_SECRETS);
    return api.POST("/api/v1/accounts", { body, params: { header: { "Idempotency-Key": key } } }).then((answer) => {
      setRefused(answer.error?.code ?? null);
      return answer;
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
  };
  return (
    <>
      <form onSubmit={submit} className="card max-w-2xl space-y-4" autoComplete="off">
        <Select label={connectTexts.exchange} hint={connectTexts.exchangeHint} value={provider} onChange={choose} options={exchanges.map((each) => ({ value: each.provider, text: `${each.name} (${each.provider.toUpperCase()})` }))} />
        <Input label={connectTexts.label} hint={connectTexts.labelHint} value={label} onChange={setLabel} placeholder={taken && !label ? undefined : "default"} maxLength={40} required={taken} error={taken && label ? connectTexts.labelTaken : null} />
        {kind === "key" ? (
          <>
            <Select label={connectTexts.mode} hint={modes.includes("testnet") ? connectTexts.modeHint : connectTexts.noTestnet} value={mode} onChange={(value) => setMode(value === "live" ? "live" : "testnet")} options={modes.map((each) => ({ value: each, text: `${texts.mode[each]}: ${texts.mode.why[each]}` }))} />
            <KeyFields exchange={exchange} value={secrets} onChange={setSecrets} refused={refused} />
          </>
        ) : null}
        {kind === "paper" ? <Input label={connectTexts.startBalance} hint={connectTexts.startBalanceHint} value={balance} onChange={setBalance} inputMode="decimal" placeholder="10000" /> : null}
        {kind === "chain" ? <Input label={connectTexts.address} hint={`${connectTexts.addressHint} ${connectTexts.addressNext}`} value={address} onChange={setAddress} placeholder="0x…" maxLength={42} required /> : null}
        <button type="submit" className="button button-main" disabled={(taken && label !== "") || (kind === "key" && !areReady(secrets))}>
          {connectTexts.go}
        </button>
      </form>
      {asked ? (
        <Preview
          verb={connectTexts.go}
          title={connectTexts.previewTitle}
          typed={kind === "key" && mode === "live" ? "live" : undefined}
          danger={kind === "key" && mode === "live"}
          disabled={kind === "key" && !secrets.api_key && connectTexts.cleared}
          act={send}
          onDone={(account: Schemas["Account"]) => void navigate({ to: "/accounts/$id", params: { id: account.id } })}
          onClose={() => setAsked(false)}
          preview={
            <>
              <Facts
                of={[
                  [connectTexts.exchange, name],
                  [connectTexts.label, named],
                  [connectTexts.mode, <ModeBadge key="mode" mode={mode} />],
                  ...extra(kind, balance, address),
                ]}
              />
              {kind === "key" ? <p>{mode === "live" ? `${connectTexts.live} ${connectTexts.previewKey}` : connectTexts.previewKey}</p> : null}
              <p>{kind === "chain" ? connectTexts.addressNext : connectTexts.previewAfter}</p>
              {kind === "key" && !secrets.api_key ? <p className="text-warn">{connectTexts.cleared}</p> : null}
            </>
          }
        />
      ) : null}
    </>
  );
}

function extra(kind: Kind, balance: string, address: string): [string, string][] {
  if (kind === "paper") return [[connectTexts.startBalance, balance.trim() || "10000"]];
  if (kind === "chain") return [[connectTexts.address, address.trim()]];
  return [[connectTexts.key, connectTexts.typedKey]];
}

/** What a new account says beside its exchange, label and mode. */
function payload(kind: Kind, { balance, address, secrets }: { balance: string; address: string; secrets: Secrets }) {
  if (kind === "paper") return balance.trim() ? { start_balance: balance.trim() } : {};
  if (kind === "chain") return { address: address.trim() };
  return keyMembers(secrets);
}
