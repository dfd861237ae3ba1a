import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiError, answered, api, type Schemas } from "@/api/client";
import { key, read } from "@/api/hooks";
import { useMay } from "@/lib/session";
import { moment } from "@/lib/time";
import { flatten, halt as texts } from "@/texts/halt";
import { AccountName } from "./account";
import { Effect, type Intent, Preview } from "./effect";
import { Flatten } from "./flatten";
import { OrderLines } from "./order";
import { Shown } from "./states";

type Account = Pick<Schemas["Account"], "id" | "label" | "exchange" | "mode">;

interface HaltProps {
  account?: Account;
  /** All of the reader's that a halt would concern, where it is not one. */
  accounts?: Account[];
  /** There is nothing to halt: what is open can still be sold. */
  isHalted?: boolean;
}

/** Halts one account, or all of the reader's; and, by a dialog of its own, sells everything. */
export function HaltButton({ account, accounts = [], isHalted = false }: HaltProps) {
  const maySell = useMay("orders:write");
  const [open, setOpen] = useState<"halt" | "flatten" | null>(null);
  const close = () => setOpen(null);
  // What was to be done is done, by whomever: the dialog does not come back with the next resume.
  useEffect(() => {
    if (isHalted) setOpen((before) => (before === "halt" ? null : before));
  }, [isHalted]);
  const verb = account ? texts.halt : texts.haltAll;
  return (
    <>
      {isHalted ? null : (
        <button type="button" className="button button-danger" onClick={() => setOpen("halt")}>
          {verb}
        </button>
      )}
      {isHalted && maySell ? (
        <button type="button" className="button button-danger" onClick={() => setOpen("flatten")}>
          {flatten.verb}
        </button>
      ) : null}
      {open === "halt" && !isHalted ? (
        <Preview
          verb={verb}
          title={texts.haltTitle}
          danger
          reason
          onClose={close}
          preview={
            <>
              <WouldHalt account={account} accounts={account ? [account] : accounts} />
              {maySell ? <SellInstead onSell={() => setOpen("flatten")} /> : null}
            </>
          }
          act={({ key, reason }) => api.POST("/api/v1/halt", { params: { header: { "Idempotency-Key": key } }, body: account ? { account: account.id, reason } : { reason } })}
        />
      ) : null}
      {/* It stays while the account is halted by it: it shows what is closing. */}
      {open === "flatten" ? <Flatten account={account} onClose={close} /> : null}
    </>
  );
}

/** To the dialog that sells: it takes the place of this one, and asks for everything anew. */
function SellInstead({ onSell }: { onSell: () => void }) {
  return (
    <p className="flex flex-wrap items-center gap-2">
      {flatten.instead}
      <button type="button" className="button button-danger" onClick={onSell}>
        {flatten.verb}
      </button>
    </p>
  );
}

const ORDERS = "/api/v1/orders";
const PAGES_MAX = 5;
const WAITING = new Set<Schemas["OrderState"]>(["planned", "submitting", "open", "partially_filled"]);

/** Whether it would buy something yet: such orders are cancelled by a halt, and with their position. */
export const isWaitingEntry = ({ purpose, state }: Schemas["Order"]): boolean => purpose === "entry" && WAITING.has(state);

/** Entry orders that wait, of the newest thousand orders; `isCut` where there are older ones. */
async function waiting(account: string | undefined, signal: AbortSignal): Promise<{ orders: Schemas["Order"][]; isCut: boolean }> {
  const orders: Schemas["Order"][] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const { items, next_cursor } = await read(ORDERS, { params: { query: { limit: 200, account, cursor } } }, signal);
    orders.push(...items.filter(isWaitingEntry));
    if (next_cursor === null) return { orders, isCut: false };
    cursor = next_cursor;
  }
  return { orders, isCut: true };
}

/** It is shown as soon as it is read; a halt does not wait for that. */
function WouldHalt({ account, accounts }: { account?: Account; accounts: Account[] }) {
  const asked = useQuery<Awaited<ReturnType<typeof waiting>>, ApiError>({ queryKey: key(ORDERS, { waiting: account?.id }), queryFn: ({ signal }) => waiting(account?.id, signal), staleTime: 0, gcTime: 0 });
  return (
    <>
      <ul className="list-disc pl-5">
        {accounts.map((each) => (
          <li key={each.id}>
            <AccountName of={each} />
          </li>
        ))}
      </ul>
      <p>{texts.haltPreview}</p>
      <Shown of={asked}>
        {({ orders, isCut }) => (
          <>
            <p>{texts.cancelled(orders.length)}</p>
            <OrderLines of={orders} />
            {isCut ? <p>{texts.cancelledOlder}</p> : null}
          </>
        )}
      </Shown>
    </>
  );
}

type Answer = Schemas["ResumeAnswer"];

const previewKey = (account?: Account) => ["resume-preview", account?.id ?? "all"];
const preview = (account?: Account): Promise<Answer> => answered(api.POST("/api/v1/resume", { body: { account: account?.id, dry_run: true, reason: "preview" } }));
const meant = ({ accounts, would_start }: Answer): string => JSON.stringify([accounts.flatMap(({ id, halted, reducing }) => [halted, reducing].flatMap((stop) => (stop ? [`${id} ${stop.reason}`] : []))), would_start.map(({ id }) => id)]);

/** Lifts a halt. What was shown is what is resumed: where that differs by now, it is shown anew and nothing is done. */
export function ResumeButton({ account, disabled }: { account?: Account; disabled?: string | false }) {
  const queries = useQueryClient();
  const resume = async ({ key, reason }: Intent) => {
    const shown = queries.getQueryData<Answer>(previewKey(account));
    const now = await preview(account);
    queries.setQueryData(previewKey(account), now);
    if (!shown || meant(shown) !== meant(now)) throw new ApiError(409, "changed", texts.changed);
    return api.POST("/api/v1/resume", { params: { header: { "Idempotency-Key": key } }, body: account ? { account: account.id, reason } : { reason } });
  };
  return <Effect verb={texts.resume} title={texts.resumeTitle} reason disabled={disabled} preview={<WouldStart account={account} />} act={resume} />;
}

function WouldStart({ account }: { account?: Account }) {
  const asked = useQuery<Answer, ApiError>({ queryKey: previewKey(account), queryFn: () => preview(account), staleTime: 0, gcTime: 0, retry: false });
  return (
    <Shown of={asked}>
      {({ accounts, would_start }) => (
        <>
          <ul className="list-disc pl-5">
            {accounts.map((each) =>
              each.halted || each.reducing ? (
                <li key={each.id}>
                  <AccountName of={each} /> {each.halted ? texts.haltedBecause(each.halted.reason) : null} {each.reducing ? texts.pausedBecause(each.reducing.reason, each.reducing.until && moment(each.reducing.until)) : null}
                </li>
              ) : null,
            )}
          </ul>
          <p>{texts.resumePreview}</p>
          <p>{would_start.length > 0 ? texts.wouldStart(would_start.length) : texts.nothingStarts}</p>
          <OrderLines of={would_start} />
        </>
      )}
    </Shown>
  );
}
