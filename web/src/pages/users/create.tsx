import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import { settings as settingsTexts } from "@/texts/settings";
import { users as usersTexts } from "@/texts/users";
import { Preview } from "@/ui/effect";
import { Input, Select } from "@/ui/form";
import { Opens } from "../settings/opens";

const told = usersTexts.create;
const AT_FIRST = "viewer";

export function CreateUser({ roles }: { roles: string[] }) {
  return <Opens verb={told.verb}>{(close) => <Create roles={roles} onClose={close} />}</Opens>;
}

function Create({ roles, onClose }: { roles: string[]; onClose: () => void }) {
  const navigate = useNavigate();
  const [email, setEmail] = useState("");
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState(AT_FIRST);
  return (
    <Preview
      verb={told.verb}
      title={told.verb}
      onClose={onClose}
      onDone={(user) => void navigate({ to: "/users/$id", params: { id: user.id } })}
      act={() => api.POST("/api/v1/users", { body: { email: email.trim(), username: username.trim(), password, role } })}
      preview={
        <>
          <p>{told.preview}</p>
          <Input label={told.email} type="email" value={email} onChange={setEmail} autoComplete="off" required />
          <Input label={told.username} hint={settingsTexts.profile.usernameHint} value={username} onChange={setUsername} autoComplete="off" required maxLength={50} />
          <Input label={told.password} hint={settingsTexts.password.about} type="password" value={password} onChange={setPassword} autoComplete="new-password" required />
          <Select label={told.role} value={role} onChange={setRole} options={[...new Set([AT_FIRST, ...roles])]} />
        </>
      }
    />
  );
}
