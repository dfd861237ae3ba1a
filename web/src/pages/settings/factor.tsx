import { useState } from "react";
import { api, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { download } from "@/lib/csv";
import { settings as settingsTexts } from "@/texts/settings";
import { Badge } from "@/ui/badge";
import { Copy } from "@/ui/copy";
import { Preview } from "@/ui/effect";
import { Input } from "@/ui/form";
import { Section } from "@/ui/page";
import { ShownOnce } from "@/ui/shown-once";
import { Shown } from "@/ui/states";
import { NewFactor } from "./new-factor";
import { Opens } from "./opens";

const told = settingsTexts.factor;
const FEW = 3;

/** Whether a code is asked for at each log-in. */
export function SecondFactor() {
  const factor = useRead("/api/v1/users/me/totp");
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <Section title={told.title} actions={factor.data ? <Actions of={factor.data} onCodes={setCodes} /> : null}>
      <Shown of={factor}>
        {(data) => (
          <p>
            <Badge tone={data.enabled ? "good" : "warn"}>{data.enabled ? told.on : told.off}</Badge> {data.enabled ? told.left(data.recovery_codes_left) : told.about}{" "}
            {data.enabled && data.recovery_codes_left < FEW ? <span className="text-warn">{told.few}</span> : null}
          </p>
        )}
      </Shown>
      {codes ? (
        <ShownOnce
          title={told.recoveryTitle}
          about={<p>{told.recovery}</p>}
          done={told.saved}
          actions={
            <button type="button" className="button" onClick={() => download(told.recoveryFile, `${codes.join("\n")}\n`, "text/plain;charset=utf-8")}>
              {told.download}
            </button>
          }
          onClose={() => setCodes(null)}
        >
          <Copy label={told.recoveryLabel} text={codes.join("\n")} />
        </ShownOnce>
      ) : null}
    </Section>
  );
}

function Actions({ of, onCodes }: { of: Schemas["FactorState"]; onCodes: (codes: string[]) => void }) {
  // With keys: one form must not be taken for another that stands in its place once the factor is on.
  if (!of.enabled) return <Opens key="set-up" verb={told.setUp}>{(close) => <NewFactor onCodes={onCodes} onClose={close} />}</Opens>;
  return (
    <>
      <Opens key="renew" verb={told.renew}>{(close) => <Renew onCodes={onCodes} onClose={close} />}</Opens>
      <Opens key="disable" verb={told.disable} danger>
        {(close) => <Disable onClose={close} />}
      </Opens>
    </>
  );
}

function Renew({ onCodes, onClose }: { onCodes: (codes: string[]) => void; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  return (
    <Preview
      verb={told.renew}
      title={told.renew}
      onClose={onClose}
      onDone={(answer) => onCodes(answer.recovery_codes)}
      act={() => api.POST("/api/v1/users/me/totp/recovery-codes", { body: { password, code: code.trim() } })}
      preview={
        <>
          <p>{told.renewPreview}</p>
          <Proof password={password} code={code} onPassword={setPassword} onCode={setCode} />
        </>
      }
    />
  );
}

function Disable({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  return (
    <Preview
      verb={told.disable}
      title={told.disableTitle}
      danger
      onClose={onClose}
      act={() => api.POST("/api/v1/users/me/totp/disable", { body: { password, code: code.trim() } })}
      preview={
        <>
          <p>{told.disablePreview}</p>
          <Proof password={password} code={code} onPassword={setPassword} onCode={setCode} />
        </>
      }
    />
  );
}

function Proof({ password, code, onPassword, onCode }: { password: string; code: string; onPassword: (text: string) => void; onCode: (text: string) => void }) {
  return (
    <>
      <Input label={told.password} type="password" value={password} onChange={onPassword} autoComplete="current-password" required />
      <Input label={told.anyCode} value={code} onChange={onCode} autoComplete="one-time-code" required maxLength={20} />
    </>
  );
}
