import { useQuery } from "@tanstack/react-query";
import { type ApiError, answered, api, type Schemas } from "@/api/client";
import { halt as texts } from "@/texts/halt";
import { Effect } from "./effect";
import { purpose } from "./order";
import { Shown } from "./states";
import { Value } from "./value";

type Account = Pick<Schemas["AccountState"], "id" | "label">;

/** Halts one account, or all of the reader's. */
export function HaltButton({ account, accounts = 1 }: { account?: Account; accounts?: number }) {
  return (
    <Effect
      verb={account ? texts.halt : texts.haltAll}
      title={texts.haltTitle}
      danger
      reason
      preview={<p>{account ? texts.haltOne(account.label) : texts.haltPreview(accounts)}</p>}
      act={({ key, reason }) =>
        api.POST("/api/v1/halt", { params: { header: { "Idempotency-Key": key } }, body: account ? { account: account.id, reason } : { reason } })
      }
    />
  );
}

/** Lifts a halt; before that it shows what would be sent again. */
export function ResumeButton({ account }: { account?: Account }) {
  return (
    <Effect
      verb={texts.resume}
      title={texts.resumeTitle}
      reason
      preview={<WouldStart account={account} />}
      act={({ key, reason }) =>
        api.POST("/api/v1/resume", { params: { header: { "Idempotency-Key": key } }, body: account ? { account: account.id, reason } : { reason } })
      }
    />
  );
}

function WouldStart({ account }: { account?: Account }) {
  const asked = useQuery<Schemas["ResumeAnswer"], ApiError>({
    queryKey: ["resume-preview", account?.id ?? "all"],
    queryFn: () => answered(api.POST("/api/v1/resume", { body: { account: account?.id, dry_run: true, reason: "preview" } })),
    staleTime: 0,
    retry: false,
  });
  return (
    <Shown of={asked}>
      {({ accounts, would_start }) => (
        <>
          <ul className="list-disc pl-5">{accounts.map((each) => (each.halted ? <li key={each.id}>{texts.haltedBecause(each.label, each.halted.reason)}</li> : null))}</ul>
          <p>{texts.resumePreview}</p>
          <p>{would_start.length > 0 ? texts.wouldStart(would_start.length) : texts.nothingStarts}</p>
          <OrderLines of={would_start} />
        </>
      )}
    </Shown>
  );
}

/** Orders that an answer names. */
export function OrderLines({ of }: { of: Schemas["Order"][] }) {
  return (
    <ul className="list-disc pl-5">
      {of.map((order) => (
        <li key={order.id}>
          {purpose(order)}: {order.side} <Value of={order.quantity} /> {order.price ? <Value of={order.price} /> : order.type}
        </li>
      ))}
    </ul>
  );
}
