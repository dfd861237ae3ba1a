import { useQuery } from "@tanstack/react-query";
import { type ApiError, answered, api, type Schemas } from "@/api/client";
import { account as accountTexts } from "@/texts/accounts";
import { halt as haltTexts } from "@/texts/halt";
import { Effect } from "@/ui/effect";
import { Orders } from "@/ui/order";
import { Shown } from "@/ui/states";
import type { Account } from "./words";

/** Halts or resumes the entries of one account. */
export function HaltAccount({ of }: { of: Account }) {
  const { halted } = of.state;
  if (!halted) {
    return (
      <Effect
        verb={haltTexts.halt}
        title={haltTexts.haltTitle}
        preview={<p>{haltTexts.haltOne(of.label)}</p>}
        danger
        reason
        act={({ key, reason }) => api.POST("/api/v1/halt", { body: { account: of.id, reason }, params: { header: { "Idempotency-Key": key } } })}
      />
    );
  }
  return (
    <Effect
      verb={haltTexts.resume}
      title={haltTexts.resumeTitle}
      preview={<Resuming of={of} />}
      reason
      disabled={halted.kept_out && haltTexts.suspended}
      act={({ key, reason }) => api.POST("/api/v1/resume", { body: { account: of.id, reason }, params: { header: { "Idempotency-Key": key } } })}
    />
  );
}

/** What would start again, as the API says before anything is resumed. */
function Resuming({ of }: { of: Account }) {
  const told = useQuery<Schemas["ResumeAnswer"], ApiError>({
    queryKey: ["/api/v1/resume", of.id],
    queryFn: () => answered(api.POST("/api/v1/resume", { body: { account: of.id, reason: "preview", dry_run: true } })),
  });
  return (
    <>
      <p>{haltTexts.resumePreview}</p>
      <Shown of={told}>
        {({ would_start: orders }) => (
          <>
            <p>{orders.length > 0 ? haltTexts.wouldStart(orders.length) : accountTexts.nothingWaits}</p>
            {orders.length > 0 ? <Orders of={orders} /> : null}
          </>
        )}
      </Shown>
    </>
  );
}
