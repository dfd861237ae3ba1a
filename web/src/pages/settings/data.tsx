import { useState } from "react";
import { ApiError, api, type Schemas } from "@/api/client";
import { read, useRead } from "@/api/hooks";
import { download } from "@/lib/csv";
import { settings as settingsTexts } from "@/texts/settings";
import { Preview } from "@/ui/effect";
import { Input } from "@/ui/form";
import { Section } from "@/ui/page";
import { Failure } from "@/ui/states";
import { useLeave } from "./leave";
import { Opens } from "./opens";

const told = settingsTexts.data;

/** What is stored of the reader: to take along, or to erase. */
export function OwnData({ me }: { me: Schemas["User"] }) {
  return (
    <Section
      title={told.title}
      actions={
        <Opens verb={told.erase} danger>
          {(close) => <Erase me={me} onClose={close} />}
        </Opens>
      }
    >
      <p className="text-soft">{told.about}</p>
      <Export />
    </Section>
  );
}

function Export() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      const data = await read("/api/v1/users/me/export");
      download(told.file, JSON.stringify(data, null, 2), "application/json");
    } catch (cause) {
      setError(cause instanceof ApiError ? cause : new ApiError(0, "unreachable", ""));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" className="button" disabled={busy} onClick={() => void go()}>
        <span aria-live="polite">{busy ? told.exporting : told.export}</span>
      </button>
      {error ? <Failure error={error} /> : null}
    </>
  );
}

function Erase({ me, onClose }: { me: Schemas["User"]; onClose: () => void }) {
  const factor = useRead("/api/v1/users/me/totp");
  const leave = useLeave();
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const asksCode = factor.data?.enabled === true;
  return (
    <Preview
      verb={told.erase}
      title={told.eraseTitle}
      danger
      typed={me.username}
      onClose={onClose}
      act={() => leave(api.POST("/api/v1/users/{id}/erase", { params: { path: { id: me.id } }, body: { password, ...(asksCode ? { totp: totp.trim() } : {}) } }))}
      preview={
        <>
          <ul className="list-disc space-y-1 pl-5">
            {told.erasePreview.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <Input label={settingsTexts.profile.password} type="password" value={password} onChange={setPassword} autoComplete="current-password" required />
          {asksCode ? <Input label={settingsTexts.profile.code} hint={settingsTexts.profile.codeHint} value={totp} onChange={setTotp} autoComplete="one-time-code" required /> : null}
        </>
      }
    />
  );
}
