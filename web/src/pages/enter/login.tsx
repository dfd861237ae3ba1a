import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, begin } from "@/api/client";
import { useChange } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { texts } from "@/texts/common";
import { login as loginTexts } from "@/texts/enter";
import { Input } from "@/ui/form";
import { Failure } from "@/ui/states";
import { Frame } from "./frame";

/** Only a path of this dashboard: an address elsewhere would take the reader there. */
function safeNext(next: string | undefined): string {
  if (!next?.startsWith("/")) return "/";
  try {
    const { origin, pathname, search } = new URL(next, location.origin);
    return origin === location.origin && !pathname.startsWith("//") ? `${pathname}${search}` : "/";
  } catch {
    return "/";
  }
}

export function Login() {
  const [search] = useFilters();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const [wanted, setWanted] = useState(false);
  const login = useChange(async (body: { email: string; password: string; totp?: string }) => {
    const answer = await api.POST("/api/v1/auth/login", { params: { query: { session: "cookie" } }, body });
    // Whatever becomes of this page: nothing of another session stays beside the new one.
    if (answer.data) {
      queries.clear();
      begin(answer.data.csrf_token);
    }
    return answer;
  });
  const go = (event: FormEvent) => {
    event.preventDefault();
    login.mutate(totp ? { email, password, totp } : { email, password }, {
      onSuccess: () => void navigate({ to: safeNext(search.next), replace: true }),
      onError: (error) => {
        if (error.code === "totp_required") setWanted(true);
      },
    });
  };
  const asks = login.error?.code === "totp_required";
  return (
    <Frame title={loginTexts.title}>
      {search.ended ? <p role="status">{loginTexts.ended}</p> : null}
      {search.reset ? <p role="status">{loginTexts.reset}</p> : null}
      <form onSubmit={go} className="space-y-3">
        <Input label={loginTexts.email} type="email" value={email} onChange={setEmail} autoComplete="username" required autoFocus />
        <Input label={loginTexts.password} type="password" value={password} onChange={setPassword} autoComplete="current-password" required />
        {wanted ? <Input label={loginTexts.code} hint={loginTexts.codeHint} value={totp} onChange={setTotp} autoComplete="one-time-code" required autoFocus /> : null}
        {login.error && !asks ? <Failure error={login.error} /> : null}
        <button type="submit" className="button button-main w-full" disabled={login.isPending}>
          {login.isPending ? texts.actions.sending : loginTexts.go}
        </button>
      </form>
      <p className="flex flex-wrap justify-between gap-2">
        <Link to="/forgot-password">{loginTexts.forgot}</Link>
        <Link to="/register">{loginTexts.register}</Link>
      </p>
    </Frame>
  );
}
