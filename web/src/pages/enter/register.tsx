import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { useChange } from "@/api/hooks";
import { texts } from "@/texts/common";
import { login as loginTexts, register as registerTexts } from "@/texts/enter";
import { Input } from "@/ui/form";
import { Failure } from "@/ui/states";
import { Frame } from "./frame";

export function Register() {
  const navigate = useNavigate();
  const [email, setEmail] = useState("");
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const register = useChange((body: { email: string; username: string; password: string; bootstrap_code?: string }) => api.POST("/api/v1/auth/register", { body }));
  const go = (event: FormEvent) => {
    event.preventDefault();
    // Its answer is a bearer token, which no page keeps: the log-in that follows sets the cookie.
    register.mutate(code ? { email, username, password, bootstrap_code: code } : { email, username, password }, { onSuccess: () => void navigate({ to: "/login" }) });
  };
  return (
    <Frame title={registerTexts.title}>
      <form onSubmit={go} className="space-y-3">
        <Input label={loginTexts.email} type="email" value={email} onChange={setEmail} autoComplete="username" required />
        <Input label={registerTexts.username} hint={registerTexts.usernameHint} value={username} onChange={setUsername} autoComplete="nickname" required />
        <Input label={loginTexts.password} hint={registerTexts.passwordHint} type="password" value={password} onChange={setPassword} autoComplete="new-password" required />
        <Input label={registerTexts.code} hint={registerTexts.codeHint} value={code} onChange={setCode} autoComplete="off" />
        {register.error?.code === "registration_closed" ? <p role="alert">{registerTexts.closed}</p> : register.error ? <Failure error={register.error} /> : null}
        <button type="submit" className="button button-main w-full" disabled={register.isPending}>
          {register.isPending ? texts.actions.sending : registerTexts.go}
        </button>
      </form>
      <Link to="/login">{registerTexts.have}</Link>
    </Frame>
  );
}
