import { type FormEvent, useState } from "react";
import { api, ifMatch } from "@/api/client";
import { compare, grouped, multiply } from "@/lib/decimal";
import { useMe } from "@/lib/session";
import { limits as limitsTexts } from "@/texts/accounts";
import { texts } from "@/texts/common";
import { AccountName } from "@/ui/account";
import { Preview } from "@/ui/effect";
import { Input } from "@/ui/form";
import { changed, type LimitValues, proposal } from "./limits-values";
import { type Account, LIMIT_NAMES, type Limits } from "./words";

/** Changes limits: only what differs is sent, after a preview of old and new. */
export function LimitsForm({ of, limits, onClose }: { of: Account; limits: Limits; onClose: () => void }) {
  const [values, setValues] = useState<LimitValues>(() => ({
    order_quote_max: limits.order_quote_max,
    exposure_max: limits.exposure_max,
    day_loss_max: limits.day_loss_max,
    open_groups_max: String(limits.open_groups_max),
    leverage_max: String(limits.leverage_max),
  }));
  const [asked, setAsked] = useState(false);
  const { body, names } = changed(limits, values);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
  };
  const raised = names.some((name) => compare(values[name], String(limits[name])) > 0);
  return (
    <>
      <form onSubmit={submit} className="card max-w-3xl space-y-4">
        <div className="grid gap-4 sm:grid-cols-2">
          {LIMIT_NAMES.map((name) => (
            <Input key={name} label={limitsTexts.names[name]} hint={limitsTexts.hints[name]} value={values[name]} onChange={(value) => setValues({ ...values, [name]: value })} inputMode={name.endsWith("quote_max") ? "decimal" : "numeric"} required />
          ))}
        </div>
        <Propose of={of} onPropose={(proposed) => setValues({ ...values, ...proposed })} />
        <div className="flex flex-wrap items-center gap-2">
          <button type="submit" className="button button-main" disabled={names.length === 0}>
            {texts.actions.save}
          </button>
          {names.length === 0 ? <span className="text-soft">{limitsTexts.same}</span> : null}
        </div>
      </form>
      {asked ? (
        <Preview
          verb={texts.actions.save}
          title={limitsTexts.previewTitle}
          danger={raised && of.mode === "live"}
          act={() => api.PATCH("/api/v1/accounts/{id}/limits", { body, params: { path: { id: of.id }, header: ifMatch(limits.version) } })}
          onDone={onClose}
          onClose={() => setAsked(false)}
          preview={
            <>
              <p>
                <AccountName of={of} />
              </p>
              <table className="w-full text-left">
                <caption className="sr-only">{limitsTexts.previewTitle}</caption>
                <thead>
                  <tr className="border-line border-b">
                    <th scope="col">{limitsTexts.limit}</th>
                    <th scope="col" className="text-right">{limitsTexts.old}</th>
                    <th scope="col" className="text-right">{limitsTexts.new}</th>
                  </tr>
                </thead>
                <tbody>
                  {names.map((name) => (
                    <tr key={name}>
                      <th scope="row" className="py-1 font-normal">{limitsTexts.names[name]}</th>
                      <td className="number text-right">{grouped(String(limits[name]))}</td>
                      <td className="number text-right font-medium">{grouped(values[name].trim())}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {raised ? <p className="text-warn">{limitsTexts.previewRaise}</p> : null}
              <p>{limitsTexts.previewAfter}</p>
            </>
          }
        />
      ) : null}
    </>
  );
}

/** What the reader's risk profile proposes for this balance; nothing if no balance is known. */
function Propose({ of, onPropose }: { of: Account; onPropose: (values: Partial<LimitValues>) => void }) {
  const settings = useMe().data?.settings;
  const asset = settings?.quote_currency;
  const balance = asset ? of.state.balances[asset]?.balance : undefined;
  if (!settings || !asset || !balance || !multiply(balance, "1")) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <button type="button" className="button" onClick={() => onPropose(proposal(balance, settings.proposed_limits, of.exchange.endsWith("USDM")))}>
        {limitsTexts.propose}
      </button>
      <span className="text-soft text-xs">{limitsTexts.proposeWhy(asset, grouped(balance))}</span>
    </div>
  );
}
