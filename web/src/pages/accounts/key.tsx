import { type FormEvent, useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { connect as connectTexts, key as keyTexts } from "@/texts/accounts";
import { texts } from "@/texts/common";
import { AccountName } from "@/ui/account";
import { Age } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { Effect, type Intent, Preview } from "@/ui/effect";
import { Checkbox, Select } from "@/ui/form";
import { Facts, Section } from "@/ui/page";
import { useExchange } from "./exchange";
import { areReady, KeyFields, keyMembers, NO_SECRETS } from "./secrets";
import type { Account } from "./words";

/** The exchange key: masked, replaced, and the mode that it is for. */
export function Key({ of, mayChange }: { of: Account; mayChange: boolean }) {
  const [open, setOpen] = useState(false);
  const [advice, setAdvice] = useState<string[] | null>(null);
  const { key } = of;
  const actions = mayChange ? (
    <>
      <button type="button" className="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? texts.actions.cancel : key ? keyTexts.replace : keyTexts.save}
      </button>
      <SwitchMode of={of} />
    </>
  ) : null;
  return (
    <Section title={keyTexts.title} actions={actions}>
      {key ? (
        <Facts
          of={[
            [keyTexts.masked, key.masked ? <code key="masked">{key.masked}</code> : keyTexts.hidden],
            [keyTexts.created, <Age key="created" at={key.created_at} />],
            [keyTexts.withdrawals, key.allow_withdrawals ? <span key="withdrawals" className="text-bad">{keyTexts.withdrawalsYes}</span> : texts.no],
          ]}
        />
      ) : (
        <p className="card">{keyTexts.none}</p>
      )}
      {advice && key ? (
        <div role="status" className="card border-note">
          <p>{advice.length > 0 ? keyTexts.advice : keyTexts.adviceNone}</p>
          <ul className="list-disc pl-5">
            {advice.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {open ? (
        <SaveKey
          of={of}
          onDone={(told) => {
            setAdvice(told);
            setOpen(false);
          }}
        />
      ) : null}
    </Section>
  );
}

function SaveKey({ of, onDone }: { of: Account; onDone: (advice: string[]) => void }) {
  const [secrets, setSecrets] = useState(NO_SECRETS);
  const [same, setSame] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const exchange = useExchange(of.exchange) ?? { provider: of.exchange.toLowerCase(), passphrase: null };
  // Of an account from before modes were recorded it has to be said: the page must not guess.
  const [chosen, setMode] = useState<"testnet" | "live">("testnet");
  const mode = of.mode ?? chosen;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
  };
  const send = ({ key }: Intent) => {
    // The account is named by exchange and label: this operation takes no id of an account.
    const body = { mode, label: of.label, ...keyMembers(secrets), same_account: same || undefined };
    setSecrets(NO_SECRETS);
    return api.POST("/api/v1/keys/{exchange}", { body, params: { path: { exchange: of.exchange }, header: { "Idempotency-Key": key } } }).then((answer) => {
      setRefused(answer.error?.code ?? null);
      return answer;
    });
  };
  return (
    <>
      <form onSubmit={submit} className="card max-w-2xl space-y-4" autoComplete="off">
        {of.mode ? null : <Select label={connectTexts.mode} value={chosen} onChange={(value) => setMode(value === "live" ? "live" : "testnet")} options={(["testnet", "live"] as const).map((value) => ({ value, text: texts.mode[value] }))} />}
        <KeyFields exchange={exchange} value={secrets} onChange={setSecrets} refused={refused} />
        {of.open_groups > 0 ? <Checkbox label={keyTexts.same} hint={keyTexts.sameHint} checked={same} onChange={setSame} /> : null}
        <button type="submit" className="button button-main" disabled={!areReady(secrets)}>
          {keyTexts.save}
        </button>
      </form>
      {asked ? (
        <Preview
          verb={keyTexts.save}
          title={keyTexts.replaceTitle}
          typed={!of.mode && mode === "live" ? "live" : undefined}
          account
          disabled={!secrets.api_key && connectTexts.cleared}
          act={send}
          onDone={(saved: Schemas["SavedKey"]) => onDone(saved.advice)}
          onClose={() => setAsked(false)}
          preview={
            <>
              <p>
                <AccountName of={{ ...of, mode }} />
              </p>
              <p>{keyTexts.replacePreview}</p>
              {secrets.api_key ? null : <p className="text-warn">{connectTexts.cleared}</p>}
            </>
          }
        />
      ) : null}
    </>
  );
}

/** Between testnet and live; only if the exchange has both. */
function SwitchMode({ of }: { of: Account }) {
  const to = of.mode === "live" ? "testnet" : "live";
  const exchange = useExchange(of.exchange);
  if (of.mode === "paper" || !exchange?.modes.includes(to)) return null;
  return (
    <Effect
      verb={keyTexts.modeTo(to)}
      title={keyTexts.modeTitle(to)}
      danger={to === "live"}
      typed={to}
      account
      version={of.version}
      act={({ version }) => api.PUT("/api/v1/accounts/{id}/mode", { body: { mode: to }, params: { path: { id: of.id }, header: ifMatch(version) } })}
      preview={
        <>
          <p>
            <AccountName of={of} /> → <ModeBadge mode={to} />
          </p>
          {to === "live" ? <p className="text-bad font-medium">{keyTexts.modeLive}</p> : null}
          <p>{keyTexts.modePreview}</p>
        </>
      }
    />
  );
}
