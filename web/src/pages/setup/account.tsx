import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas } from "@/api/client";
import { grouped } from "@/lib/decimal";
import { halt as haltTexts } from "@/texts/halt";
import { setup as texts } from "@/texts/setup";
import { AccountName } from "@/ui/account";
import { ModeBadge } from "@/ui/badge";
import { Effect } from "@/ui/effect";
import { Input } from "@/ui/form";
import { ResumeButton } from "@/ui/halt";
import { Enabled, Validate } from "../accounts/actions";

type Account = Schemas["Account"];

const LABEL = "paper";
const BALANCE = "10000";

export function PaperAccount() {
  const [label, setLabel] = useState(LABEL);
  const [balance, setBalance] = useState(BALANCE);
  return (
    <>
      <p>{texts.account.open}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Effect
          verb={texts.account.paper}
          title={texts.account.paper}
          preview={
            <>
              <Input label={texts.account.label} value={label} onChange={setLabel} required maxLength={40} />
              <Input label={texts.account.balance} value={balance} onChange={setBalance} inputMode="decimal" required />
              <p>
                <ModeBadge mode="paper" /> {texts.account.paperPreview(label, grouped(balance))}
              </p>
            </>
          }
          act={({ key }) =>
            api.POST("/api/v1/accounts", {
              params: { header: { "Idempotency-Key": key } },
              body: { exchange: "PAPER", label, mode: "paper", start_balance: balance },
            })
          }
        />
        <Link to="/accounts">{texts.account.other}</Link>
      </div>
    </>
  );
}

/** The next step of an account: validated, resumed or enabled. Its page has all of them. */
export function NextOfAccount({ of }: { of: Account }) {
  const suspended = of.state.halted?.kept_out;
  return (
    <>
      <p>
        <AccountName of={of} /> {texts.enable.open}
      </p>
      <div className="flex flex-wrap items-center gap-3">
        {of.state.halted ? <ResumeButton key="resume" account={of} disabled={suspended && haltTexts.suspended} /> : of.validated ? <Enabled key="enabled" of={of} /> : <Validate key="validate" of={of} />}
        <Link to="/accounts/$id" params={{ id: of.id }}>
          {texts.enable.change}
        </Link>
      </div>
    </>
  );
}
