import { useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { texts } from "@/texts/common";
import { settings as settingsTexts } from "@/texts/settings";
import { Age, Moment } from "@/ui/age";
import { Preview } from "@/ui/effect";
import { Input } from "@/ui/form";
import { Facts, Section } from "@/ui/page";
import { type Change, Changes } from "./changes";
import { Opens } from "./opens";

type Me = Schemas["User"];

const told = settingsTexts.profile;

/** Who the reader is. */
export function Profile({ me }: { me: Me }) {
  return (
    <Section title={told.title} actions={<Opens verb={told.edit}>{(close) => <Edit me={me} onClose={close} />}</Opens>}>
      <Facts
        of={[
          [told.username, me.username],
          [told.name, me.name ?? texts.none],
          [told.email, me.email],
          [told.role, me.role],
          [told.plan, me.plan],
          [told.since, <Moment key="since" at={me.created_at} />],
          [told.lastLogin, <Age key="login" at={me.last_login} />],
          [told.id, <code key="id" className="text-xs break-all">{me.id}</code>],
        ]}
      />
      <p>
        <span className="text-soft">{told.permissions}:</span> {me.permissions?.join(", ") || texts.none}
      </p>
    </Section>
  );
}

function Edit({ me, onClose }: { me: Me; onClose: () => void }) {
  const factor = useRead("/api/v1/users/me/totp");
  const [username, setUsername] = useState(me.username);
  const [name, setName] = useState(me.name ?? "");
  const [email, setEmail] = useState(me.email);
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const otherEmail = email.trim() !== me.email;
  const asksCode = otherEmail && factor.data?.enabled === true;
  const body: Schemas["UpdateMe"] = {
    ...(username.trim() === me.username ? {} : { username: username.trim() }),
    ...(name.trim() === (me.name ?? "") ? {} : { name: name.trim() || null }),
    ...(otherEmail ? { email: email.trim(), password, ...(asksCode ? { totp: totp.trim() } : {}) } : {}),
  };
  const changes: Change[] = [
    { label: told.username, before: me.username, after: username.trim() },
    { label: told.name, before: me.name, after: name.trim() },
    { label: told.email, before: me.email, after: email.trim() },
  ].filter(({ before, after }) => (before ?? "") !== after);
  return (
    <Preview
      verb={texts.actions.save}
      title={told.edit}
      onClose={onClose}
      disabled={changes.length === 0 ? settingsTexts.changes.none : null}
      version={me.version}
      act={({ version }) => api.PATCH("/api/v1/users/me", { params: { header: ifMatch(version) }, body })}
      preview={
        <>
          <Input label={told.username} hint={told.usernameHint} value={username} onChange={setUsername} autoComplete="username" required maxLength={50} />
          <Input label={told.name} hint={told.nameHint} value={name} onChange={setName} autoComplete="name" maxLength={100} />
          <Input label={told.email} type="email" value={email} onChange={setEmail} autoComplete="email" required />
          {otherEmail ? <Input label={told.password} hint={told.passwordWhy} type="password" value={password} onChange={setPassword} autoComplete="current-password" required /> : null}
          {asksCode ? <Input label={told.code} hint={told.codeHint} value={totp} onChange={setTotp} autoComplete="one-time-code" required /> : null}
          <Changes of={changes} />
          {otherEmail ? <p>{told.emailPreview}</p> : null}
        </>
      }
    />
  );
}
