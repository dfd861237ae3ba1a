import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { useChange } from "@/api/hooks";
import { login as loginTexts, register as registerTexts, forgot as forgotTexts } from "@/texts/enter";
import { Input } from "@/ui/form";
import { Failure } from "@/ui/states";
import { Frame } from "./frame";

export function Forgot() {
  const navigate = useNavigate();
  const [email, setEmail] = useState("");
  const [token, setToken] = useState("");
  const [password, setPassword] = useState("");
  const ask = useChange((body: { email: string }) => api.POST("/api/v1/auth/forgot-password", { body }));
  const reset = useChange((body: { token: string; new_password: string }) => api.POST("/api/v1/auth/reset-password", { body }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate({ email });
  };
  const change = (event: FormEvent) => {
    event.preventDefault();
    reset.mutate({ token: token.trim(), new_password: password }, { onSuccess: () => void navigate({ to: "/login", search: { reset: "1" } }) });
  };
  return (
    <Frame title={forgotTexts.title}>
      <form onSubmit={send} className="space-y-3">
        <Input label={loginTexts.email} type="email" value={email} onChange={setEmail} autoComplete="username" required />
        {ask.error ? <Failure error={ask.error} /> : null}
        {ask.isSuccess ? <p role="status">{forgotTexts.sent}</p> : null}
        <button type="submit" className="button w-full" disabled={ask.isPending}>
          {forgotTexts.go}
        </button>
      </form>
      <form onSubmit={change} className="border-line space-y-3 border-t pt-4">
        <h2>{forgotTexts.resetTitle}</h2>
        <Input label={forgotTexts.token} value={token} onChange={setToken} autoComplete="off" required />
        <Input label={forgotTexts.newPassword} hint={registerTexts.passwordHint} type="password" value={password} onChange={setPassword} autoComplete="new-password" required />
        {reset.error ? <Failure error={reset.error} /> : null}
        <button type="submit" className="button button-main w-full" disabled={reset.isPending}>
          {forgotTexts.resetGo}
        </button>
      </form>
      <Link to="/login">{forgotTexts.back}</Link>
    </Frame>
  );
}
