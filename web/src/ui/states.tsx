import type { ReactNode } from "react";
import type { ApiError } from "@/api/client";
import { inOurWords, isBusy } from "@/lib/words";
import { texts } from "@/texts/common";

export function Loading({ what = texts.states.loading }: { what?: string }) {
  return (
    <div role="status" className="card text-soft animate-pulse">
      {what}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="card text-center">
      <p className="font-medium">{title}</p>
      {children ? <div className="text-soft mt-1">{children}</div> : null}
    </div>
  );
}

/** What went wrong: in words of the API, unless it has none, or ours say more. */
export function failureText(error: ApiError): string {
  if (error.status === 403) return error.message || texts.states.noPermission;
  const said = isBusy(error) ? texts.failures.busy : texts.failures[error.code as keyof typeof texts.failures];
  return (error.code !== "version_conflict" && inOurWords(error.message)) || said || texts.states.failed;
}

/** What went wrong in words of the API, what to do about it, and the id that an operator finds it by. */
export function Failure({ error, again }: { error: ApiError; again?: () => void }) {
  if (error.status === 403) return <NoPermission detail={error.message} />;
  const busy = isBusy(error);
  return (
    <div role="alert" className={`card ${busy ? "border-warn" : "border-bad"}`}>
      <p className={`font-medium ${busy ? "text-warn" : "text-bad"}`}>{failureText(error)}</p>
      {error.problem?.fields?.length ? <p className="mt-1">{texts.states.fields(error.problem.fields.join(", "))}</p> : null}
      <p className="text-soft mt-1 text-xs">
        {[busy ? "" : error.status ? texts.states.status(error.status, error.code) : texts.states.unreachable, error.problem ? texts.states.request(error.problem.request_id) : ""].filter(Boolean).join(" · ")}
      </p>
      {again ? (
        <button type="button" className="button mt-3" onClick={again}>
          {texts.states.again}
        </button>
      ) : null}
    </div>
  );
}

export function NoPermission({ detail }: { detail?: string }) {
  return (
    <div role="alert" className="card">
      <p className="font-medium">{texts.states.noPermission}</p>
      <p className="text-soft mt-1">{detail || texts.states.noPermissionNext}</p>
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: ApiError | null;
  /** Why it is being asked again. */
  failureReason?: ApiError | null;
  refetch: () => unknown;
}

/** Loading, failed, or what was read. What was read before stays while it is asked for anew. */
export function Shown<T>({ of, children }: { of: Asked<T>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Failure error={of.error} again={() => void of.refetch()} />;
  return <Loading what={of.failureReason && isBusy(of.failureReason) ? texts.states.busy : undefined} />;
}
