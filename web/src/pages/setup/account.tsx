import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { grouped } from "@/lib/decimal";
import { setup as texts } from "@/texts/setup";
import { ModeBadge } from "@/ui/badge";
import { Effect } from "@/ui/effect";
import { Input } from "@/ui/form";

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

/** Validates an account, then enables it. */
export function EnableAccount({ of }: { of: Account }) {
  const { state } = of;
  const told = texts.enable.limits;
  const limits: [string, string][] = [
    [told.order, grouped(state.order_quote_max)],
    [told.exposure, grouped(state.exposure_max)],
    [told.positions, String(state.open_groups_max)],
    [told.dayLoss, grouped(state.day_loss_max)],
  ];
  return (
    <>
      <p>
        <ModeBadge mode={of.mode} /> {texts.enable.open(of.label)}
      </p>
      <div className="flex flex-wrap items-center gap-3">
        {of.validated ? (
          <Effect
            verb={texts.enable.enable}
            title={texts.enable.enable}
            preview={
              <>
                <p>
                  <ModeBadge mode={of.mode} /> {texts.enable.enablePreview(of.label)}
                </p>
                <ul className="list-disc pl-5">
                  {limits.map(([name, value]) => (
                    <li key={name}>
                      {name}: <strong className="number">{value}</strong>
                    </li>
                  ))}
                </ul>
              </>
            }
            act={() => api.PATCH("/api/v1/accounts/{id}", { params: { path: { id: of.id }, header: ifMatch(of.version) }, body: { enabled: true } })}
          />
        ) : (
          <Effect
            verb={texts.enable.validate}
            title={texts.enable.validate}
            preview={<p>{texts.enable.validatePreview(of.label)}</p>}
            act={({ key }) => api.POST("/api/v1/accounts/{id}/test", { params: { path: { id: of.id }, header: { "Idempotency-Key": key } } })}
          />
        )}
        <Link to="/accounts/$id" params={{ id: of.id }}>
          {texts.enable.change}
        </Link>
      </div>
    </>
  );
}
