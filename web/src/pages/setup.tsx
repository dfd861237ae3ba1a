import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useList, useRead } from "@/api/hooks";
import { useDoctor } from "@/lib/doctor";
import { useMay } from "@/lib/session";
import { inOurWords } from "@/lib/words";
import { setup as texts } from "@/texts/setup";
import { accountText } from "@/ui/account";
import { ReadAt } from "@/ui/age";
import { Badge, type Tone } from "@/ui/badge";
import { Page } from "@/ui/page";
import { Shown } from "@/ui/states";
import { NextOfAccount, PaperAccount } from "./setup/account";
import { TestAlert } from "./setup/alert";

type State = keyof typeof texts.state;

/** From an empty deployment to the first trade; the deployment says which steps are done. */
export function Setup() {
  const doctor = useDoctor();
  const factor = useRead("/api/v1/users/me/totp");
  const accounts = useList("/api/v1/accounts", {}, { poll: 15 });
  const positions = useList("/api/v1/position-groups", {}, { poll: 15 });
  const reads = useMay("trading:read");
  const connects = useMay("accounts:write");
  // An address is watched and never trades.
  const trading = accounts.rows.filter((account) => !account.address);
  const ready = trading.filter((account) => account.enabled && account.validated && !account.state.halted);
  const waiting = trading.filter((account) => !ready.includes(account));
  const next = waiting.find((account) => account.mode === "paper") ?? waiting[0];
  const paper = ready.find((account) => account.exchange === "PAPER");
  const healthy = doctor.data?.state === "ok";
  const steps: StepProps[] = [
    { title: texts.health.title, state: doctor.data ? (healthy ? "done" : "warn") : "open", children: <Checks of={doctor} /> },
    {
      title: texts.factor.title,
      state: factor.data?.enabled ? "done" : "open",
      children: factor.data?.enabled ? (
        texts.factor.done
      ) : (
        <>
          <p>{texts.factor.open}</p>
          <Link to="/settings">{texts.factor.go}</Link>
        </>
      ),
    },
    {
      title: texts.account.title,
      state: trading.length > 0 ? "done" : "open",
      children: trading.length > 0 ? texts.account.done(trading.length) : connects ? <PaperAccount /> : null,
    },
    {
      title: texts.enable.title,
      state: ready.length > 0 ? "done" : trading.length > 0 ? "open" : "wait",
      children: ready[0] ? texts.enable.done(accountText(ready[0])) : next && connects ? <NextOfAccount key={next.id} of={next} /> : null,
    },
    {
      title: texts.alert.title,
      state: positions.rows.length > 0 ? "done" : ready.length > 0 ? "open" : "wait",
      children: (
        <>
          {positions.rows.length > 0 ? <p>{texts.alert.done}</p> : null}
          {paper && connects ? <TestAlert key={paper.id} account={paper} /> : ready.length > 0 && !paper ? <p>{texts.alert.liveBlocked}</p> : null}
        </>
      ),
    },
    {
      title: texts.tradingview.title,
      state: ready.length > 0 ? "open" : "wait",
      children: (
        <>
          <p>{texts.tradingview.open}</p>
          {connects ? <Link to="/webhook-tokens">{texts.tradingview.tokens}</Link> : null}
        </>
      ),
    },
  ];
  const shown = reads ? steps : steps.slice(1, 2);
  return (
    <Page
      title={texts.title}
      about={
        <>
          <p className="text-soft">{texts.about}</p>
          <p>{texts.progress(shown.filter((step) => step.state === "done").length, shown.length)}</p>
          <ReadAt at={doctor.dataUpdatedAt} failed={doctor.isError} />
        </>
      }
    >
      <ol className="space-y-3">
        {shown.map((step, index) => (
          <Step key={step.title} {...step} title={`${index + 1}. ${step.title}`} />
        ))}
      </ol>
    </Page>
  );
}

interface StepProps {
  title: string;
  state: State;
  children: ReactNode;
}

const TONES: Record<State, Tone> = { done: "good", open: "note", warn: "warn", wait: "plain" };

function Step({ title, state, children }: StepProps) {
  return (
    <li className={`card space-y-2 ${state === "wait" ? "text-soft" : ""}`}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2>{title}</h2>
        <Badge tone={TONES[state]}>{texts.state[state]}</Badge>
      </div>
      <div className="space-y-2">{children}</div>
    </li>
  );
}

function Checks({ of }: { of: ReturnType<typeof useDoctor> }) {
  return (
    <Shown of={of}>
      {({ checks }) => {
        const bad = checks.filter((check) => check.state !== "ok");
        if (bad.length === 0) return <p>{texts.health.done}</p>;
        return (
          <ul className="list-disc pl-5">
            {bad.map((check) => (
              <li key={check.name}>
                {inOurWords(check.meaning)}
                {check.next ? <span className="text-soft"> {check.next}</span> : null}
              </li>
            ))}
          </ul>
        );
      }}
    </Shown>
  );
}
