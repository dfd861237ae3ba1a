import { type FormEvent, useState } from "react";
import { api, type Schemas } from "@/api/client";
import { address as addressTexts } from "@/texts/accounts";
import { Age, Moment, useIsStale } from "@/ui/age";
import { Copy } from "@/ui/copy";
import { Effect, Preview } from "@/ui/effect";
import { Input } from "@/ui/form";
import { Facts, Section } from "@/ui/page";
import type { Account } from "./words";

type AddressView = Schemas["AccountAddress"];

/** The address of a chain, and the proof that it is the reader's. */
export function Address({ of, address, mayChange }: { of: Account; address: AddressView; mayChange: boolean }) {
  const { challenge } = address;
  const expired = useIsStale(challenge?.expires_at, 0);
  return (
    <Section title={addressTexts.title} actions={mayChange && !address.proven ? <Another of={of} /> : null}>
      <Facts
        of={[
          [addressTexts.address, <code key="address" className="text-xs break-all">{address.address}</code>],
          [addressTexts.proven, <Age key="proven" at={address.proven_at} />],
        ]}
      />
      {address.proven ? null : (
        <div className="card max-w-3xl space-y-3">
          <p>{addressTexts.how}</p>
          {challenge && !expired ? <Copy text={challenge.message} label={addressTexts.message} /> : <p className="text-warn">{challenge ? addressTexts.expired : addressTexts.none}</p>}
          {challenge && !expired ? (
            <p className="text-soft">
              {addressTexts.expires}: <Moment at={challenge.expires_at} />
            </p>
          ) : null}
          {mayChange && challenge && !expired ? <Prove of={of} /> : null}
        </div>
      )}
    </Section>
  );
}

function Another({ of }: { of: Account }) {
  return (
    <Effect
      verb={addressTexts.another}
      title={addressTexts.anotherTitle}
      preview={<p>{addressTexts.anotherPreview}</p>}
      act={({ key }) => api.POST("/api/v1/accounts/{id}/challenge", { params: { path: { id: of.id }, header: { "Idempotency-Key": key } } })}
    />
  );
}

function Prove({ of }: { of: Account }) {
  const [signature, setSignature] = useState("");
  const [asked, setAsked] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
  };
  return (
    <>
      <form onSubmit={submit} className="space-y-3">
        <Input label={addressTexts.signature} hint={addressTexts.signatureHint} value={signature} onChange={setSignature} autoComplete="off" maxLength={132} placeholder="0x…" required />
        <button type="submit" className="button button-main">
          {addressTexts.prove}
        </button>
      </form>
      {asked ? (
        <Preview
          verb={addressTexts.prove}
          title={addressTexts.proveTitle}
          preview={<p>{addressTexts.provePreview}</p>}
          act={({ key }) => api.POST("/api/v1/accounts/{id}/prove", { body: { signature: signature.trim() }, params: { path: { id: of.id }, header: { "Idempotency-Key": key } } })}
          onClose={() => setAsked(false)}
        />
      ) : null}
    </>
  );
}
