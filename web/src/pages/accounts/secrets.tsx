import type { Schemas } from "@/api/client";
import { connect as connectTexts } from "@/texts/accounts";
import { Area, Input } from "@/ui/form";
import { passphraseOf } from "./exchange";

export interface Secrets {
  api_key: string;
  api_secret: string;
  passphrase: string;
  /** The sentence by which a key that can withdraw is kept all the same. */
  insist: string;
}

export const NO_SECRETS: Secrets = { api_key: "", api_secret: "", passphrase: "", insist: "" };

interface KeyFieldsProps {
  exchange: Pick<Schemas["Exchange"], "provider" | "passphrase">;
  value: Secrets;
  onChange: (value: Secrets) => void;
  /** Code of the last refusal. */
  refused: string | null;
}

const isWrong = (insist: string): boolean => insist !== "" && insist !== connectTexts.sentence;

/** Whether the secrets can be sent as they are. */
export const areReady = (secrets: Secrets): boolean => secrets.api_key !== "" && secrets.api_secret !== "" && !isWrong(secrets.insist);

/** The members of a request that saves a key. */
export function keyMembers(secrets: Secrets) {
  const insist = secrets.insist === connectTexts.sentence ? connectTexts.sentence : undefined;
  return { api_key: secrets.api_key.trim(), api_secret: secrets.api_secret.trim(), passphrase: secrets.passphrase || undefined, allow_withdrawals: insist };
}

/** What an exchange shows once of a key: typed here, sent, and gone from the page. */
export function KeyFields({ exchange, value, onChange, refused }: KeyFieldsProps) {
  const set = (name: keyof Secrets) => (text: string) => onChange({ ...value, [name]: text });
  const passphrase = passphraseOf(exchange);
  const isCoinbase = exchange.provider === "coinbase";
  return (
    <fieldset className="border-line space-y-4 border-t pt-4">
      <legend className="sr-only">{connectTexts.rights}</legend>
      <p className="bg-note-fill rounded-md p-3">{connectTexts.rightsText}</p>
      <Withdrawal code={refused} />
      <Input label={connectTexts.key} type="password" value={value.api_key} onChange={set("api_key")} autoComplete="new-password" maxLength={256} required />
      {isCoinbase ? (
        // A private key has line breaks, which a field of one line would lose.
        <Area label={connectTexts.secret} value={value.api_secret} onChange={set("api_secret")} autoComplete="off" maxLength={1600} required />
      ) : (
        <Input label={connectTexts.secret} type="password" value={value.api_secret} onChange={set("api_secret")} autoComplete="new-password" maxLength={1600} required />
      )}
      {passphrase === "no" ? null : (
        <Input label={connectTexts.passphrase} hint={passphrase === "yes" ? connectTexts.passphraseHint : connectTexts.passphraseMaybe} type="password" value={value.passphrase} onChange={set("passphrase")} autoComplete="new-password" maxLength={128} required={passphrase === "yes"} />
      )}
      {refused === "key_can_withdraw" ? <Input label={connectTexts.insist} hint={connectTexts.insistHint(connectTexts.sentence)} value={value.insist} onChange={set("insist")} autoComplete="off" error={isWrong(value.insist) ? connectTexts.insistWrong : null} /> : null}
      <p className="text-soft text-xs">{connectTexts.once}</p>
    </fieldset>
  );
}

/** Why a key that can withdraw is refused, and what to do. */
function Withdrawal({ code }: { code: string | null }) {
  if (code !== "key_can_withdraw") return null;
  return (
    <section className="border-bad bg-bad-fill space-y-1 rounded-md border p-3" aria-label={connectTexts.withdrawTitle}>
      <p className="text-bad font-medium">{connectTexts.withdrawTitle}</p>
      {connectTexts.withdraw.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </section>
  );
}
