import { api, ifMatch } from "@/api/client";
import { account as accountTexts, setup as setupTexts } from "@/texts/accounts";
import { AccountName } from "@/ui/account";
import { Effect, type Intent } from "@/ui/effect";
import { Facts } from "@/ui/page";
import { Value } from "@/ui/value";
import { limits as limitsTexts } from "@/texts/accounts";
import type { Account } from "./words";

/** Has the key tried at the exchange. */
export function Validate({ of }: { of: Account }) {
  return (
    <Effect
      verb={accountTexts.validate}
      title={accountTexts.validateTitle}
      preview={<p>{of.address ? accountTexts.validateChain : accountTexts.validatePreview}</p>}
      disabled={of.address && !of.address.proven ? setupTexts.provenOpen : null}
      act={({ key }) => api.POST("/api/v1/accounts/{id}/test", { params: { path: { id: of.id }, header: { "Idempotency-Key": key } } })}
    />
  );
}

/** Has the balances read now. */
export function Sync({ of }: { of: Account }) {
  const missing = of.address ? !of.address.proven && setupTexts.provenOpen : !of.validated && setupTexts.enabledBlocked;
  return (
    <Effect
      verb={accountTexts.sync}
      title={accountTexts.syncTitle}
      preview={<p>{accountTexts.syncPreview}</p>}
      disabled={missing}
      act={({ key }) => api.POST("/api/v1/accounts/{id}/sync", { params: { path: { id: of.id }, header: { "Idempotency-Key": key } } })}
    />
  );
}

/** Lets the account open positions, or stops it. */
export function Enabled({ of }: { of: Account }) {
  const set = (enabled: boolean) => ({ version }: Intent) => api.PATCH("/api/v1/accounts/{id}", { params: { path: { id: of.id }, header: ifMatch(version) }, body: { enabled } });
  if (of.enabled) {
    return <Effect key="disable" verb={accountTexts.disable} title={accountTexts.disableTitle} preview={<p>{accountTexts.disablePreview}</p>} danger version={of.version} act={set(false)} />;
  }
  const live = of.mode === "live";
  return (
    <Effect
      key="enable"
      verb={accountTexts.enable}
      title={accountTexts.enableTitle}
      disabled={!of.validated && setupTexts.enabledBlocked}
      typed={live ? "live" : undefined}
      account
      danger={live}
      version={of.version}
      act={set(true)}
      preview={
        <>
          <p>
            <AccountName of={of} />
          </p>
          <p>{accountTexts.enablePreview}</p>
          <Facts
            of={[
              [limitsTexts.names.order_quote_max, <Value key="order" of={of.state.order_quote_max} />],
              [limitsTexts.names.exposure_max, <Value key="exposure" of={of.state.exposure_max} />],
              [limitsTexts.names.day_loss_max, <Value key="loss" of={of.state.day_loss_max} />],
              [limitsTexts.names.open_groups_max, String(of.state.open_groups_max)],
            ]}
          />
        </>
      }
    />
  );
}
