import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ifMatch } from "@/api/client";
import { account as accountTexts, accounts as accountsTexts, connect as connectTexts } from "@/texts/accounts";
import { AccountName } from "@/ui/account";
import { Effect } from "@/ui/effect";
import { Input } from "@/ui/form";
import { Section } from "@/ui/page";
import type { Account } from "./words";

/** The label, and the end of the account. */
export function Manage({ of }: { of: Account }) {
  const navigate = useNavigate();
  const [label, setLabel] = useState(of.label);
  const { id, version } = of;
  const params = (version: number) => ({ path: { id }, header: ifMatch(version) });
  return (
    <Section title={accountTexts.manage}>
      <div className="card flex flex-wrap gap-2">
        <Effect
          verb={accountTexts.rename}
          title={accountTexts.renameTitle}
          account
          version={version}
          act={({ version }) => api.PATCH("/api/v1/accounts/{id}", { params: params(version), body: { label: label.trim() } })}
          preview={
            <>
              <Input label={accountsTexts.columns.label} hint={connectTexts.labelHint} value={label} onChange={setLabel} maxLength={40} required />
              <p>{accountTexts.renamePreview}</p>
            </>
          }
        />
        <Effect
          verb={accountTexts.remove}
          title={accountTexts.removeTitle}
          danger
          typed={of.label}
          account
          disabled={of.open_groups > 0 && accountTexts.removeOpen(of.open_groups)}
          preview={
            <>
              <p>
                <AccountName of={of} />
              </p>
              <p>{accountTexts.removePreview}</p>
            </>
          }
          version={version}
          act={({ version }) => api.DELETE("/api/v1/accounts/{id}", { params: params(version) })}
          onDone={() => void navigate({ to: "/accounts" })}
        />
      </div>
    </Section>
  );
}
