import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useRef, useState } from "react";
import { api, type Schemas } from "@/api/client";
import { useChange } from "@/api/hooks";
import { texts } from "@/texts/common";
import { settings as settingsTexts } from "@/texts/settings";
import { Copy } from "@/ui/copy";
import { Dialog } from "@/ui/dialog";
import { Preview } from "@/ui/effect";
import { Input } from "@/ui/form";
import { Failure } from "@/ui/states";
import { qr } from "./qr";

const told = settingsTexts.factor;

interface NewFactorProps {
  onCodes: (codes: string[]) => void;
  onClose: () => void;
}

/** First the password, then the secret and a code that follows from it. */
export function NewFactor({ onCodes, onClose }: NewFactorProps) {
  const [password, setPassword] = useState("");
  const [factor, setFactor] = useState<Schemas["NewFactor"] | null>(null);
  const goesOn = useRef(false);
  if (factor) return <Confirm factor={factor} onCodes={onCodes} onClose={onClose} />;
  return (
    <Preview
      verb={told.setUp}
      title={told.setUp}
      // After the password the next step follows in the same place.
      onClose={() => (goesOn.current ? undefined : onClose())}
      onDone={(answer) => {
        goesOn.current = true;
        setFactor(answer);
      }}
      act={() => api.POST("/api/v1/users/me/totp", { body: { password } })}
      preview={
        <>
          <p>{told.setUpPreview}</p>
          <Input label={told.password} type="password" value={password} onChange={setPassword} autoComplete="current-password" required />
        </>
      }
    />
  );
}

function Confirm({ factor, onCodes, onClose }: NewFactorProps & { factor: Schemas["NewFactor"] }) {
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  const confirm = useChange(async (body: Schemas["CodeAlone"]) => {
    const answer = await api.POST("/api/v1/users/me/totp/confirm", { body });
    // At once: what is read anew after the change says that the factor is on, and takes this form away.
    if (answer.data) onCodes(answer.data.recovery_codes);
    return answer;
  });
  const close = () => {
    queries.getMutationCache().clear();
    onClose();
  };
  const go = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate({ code: code.trim() }, { onSuccess: close });
  };
  return (
    <Dialog title={told.scanTitle} onClose={close}>
      <form onSubmit={go} className="space-y-3">
        <p className="text-warn">{told.once}</p>
        <QrCode text={factor.otpauth_uri} />
        <Copy label={told.secret} text={factor.secret} />
        <p>
          <a href={factor.otpauth_uri}>{told.open}</a>
        </p>
        <Input label={told.code} hint={told.codeHint} value={code} onChange={setCode} inputMode="numeric" autoComplete="one-time-code" required maxLength={7} />
        {confirm.error ? <Failure error={confirm.error} /> : null}
        <p className="text-soft">{told.confirmWhy}</p>
        <div className="flex flex-wrap justify-end gap-2">
          <button type="button" className="button" onClick={close}>
            {texts.actions.cancel}
          </button>
          <button type="submit" className="button button-main" disabled={confirm.isPending}>
            {confirm.isPending ? texts.actions.sending : told.confirm}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const QUIET = 4;

/** Dark on light in both themes: cameras expect it so. Nothing where the text is too long. */
function QrCode({ text }: { text: string }) {
  const modules = useMemo(() => qr(text), [text]);
  if (!modules) return null;
  const size = modules.length + 2 * QUIET;
  const path = modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : ""))).join("");
  return (
    <div className="space-y-1">
      <p>{told.scan}</p>
      <svg role="img" aria-label={told.qr} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" className="mx-auto size-56 max-w-full">
        <rect width={size} height={size} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
    </div>
  );
}
