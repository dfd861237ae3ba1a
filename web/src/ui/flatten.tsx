import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type ApiError, answered, api, type Schemas } from "@/api/client";
import { useChange } from "@/api/hooks";
import { useNow } from "@/lib/time";
import { texts as common } from "@/texts/common";
import { flatten as texts } from "@/texts/halt";
import { positions as positionTexts } from "@/texts/positions";
import { AccountName } from "./account";
import { Priced } from "./age";
import { Dialog } from "./dialog";
import { Input } from "./form";
import { OrderLines } from "./order";
import { Failure } from "./states";
import { quoteOf, Value } from "./value";

type Answer = Schemas["FlattenAnswer"];
type Account = Pick<Schemas["Account"], "id">;

interface FlattenProps {
  /** One account; without it, all of the reader's. */
  account?: Account;
  onClose: () => void;
}

/** Everything is sold by two calls: the first shows what that would be, and its answer has the code by which it is done. */
export function Flatten({ account, onClose }: FlattenProps) {
  const [reason, setReason] = useState("");
  const body = { reason: reason.trim(), ...(account ? { account: account.id } : {}) };
  const show = useMutation<Answer, ApiError, void>({ mutationFn: () => answered(api.POST("/api/v1/flatten", { body })), retry: false, gcTime: 0 });
  const sell = useChange<{ code: string }, Answer>(({ code }) => sold({ ...body, code }));
  const again = () => {
    sell.reset();
    show.mutate();
  };
  const shown = show.data;
  return (
    <Dialog title={texts.title} onClose={onClose}>
      {sell.data ? (
        <Closing of={sell.data} onClose={onClose} />
      ) : shown && !show.isPending ? (
        <Confirm key={shown.code} of={shown} isSending={sell.isPending} error={sell.error} onSell={(code) => sell.mutate({ code })} onAgain={again} onClose={onClose} />
      ) : (
        <form
          className="space-y-3"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            if (!show.isPending) again();
          }}
        >
          <p>
            {texts.what} {texts.whatShort}
          </p>
          <p>{texts.first}</p>
          <Input label={common.actions.reason} hint={common.actions.reasonWhy} value={reason} onChange={setReason} required maxLength={200} />
          {show.error ? <Failure error={show.error} /> : null}
          <div className="flex flex-wrap justify-end gap-2">
            <button type="button" className="button" onClick={onClose}>
              {common.actions.back}
            </button>
            <button type="submit" className="button button-main" disabled={!reason.trim() || show.isPending}>
              {show.isPending ? texts.showing : texts.show}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** Sent again as long as a request had no time for all of it. */
async function sold(body: Schemas["FlattenRequest"]) {
  for (;;) {
    const answer = await api.POST("/api/v1/flatten", { body });
    if (!answer.data?.left) return answer;
  }
}

interface ConfirmProps {
  of: Answer;
  isSending: boolean;
  error: ApiError | null;
  onSell: (code: string) => void;
  onAgain: () => void;
  onClose: () => void;
}

/** What was begun goes on by the same code: only a refusal ends it. What was not begun can be for as long as the code lasts. */
function Confirm({ of, isSending, error, onSell, onAgain, onClose }: ConfirmProps) {
  const [word, setWord] = useState("");
  const left = secondsLeft(of.code_expires_at, useNow());
  const began = error !== null && !error.isRefusal;
  const isOver = (left <= 0 && !began && !isSending) || (error?.isRefusal ?? false);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (isOver) onAgain();
    else if (word === texts.word && of.code && !isSending) onSell(of.code);
  };
  return (
    <form className="space-y-3" onSubmit={send}>
      <p>{texts.what}</p>
      <Accounts of={of.accounts} />
      <p className="font-medium">{texts.wouldSell(of.positions.length)}</p>
      <Positions of={of.positions} />
      <p className="text-soft text-xs">{texts.unknown}</p>
      {error ? <Failure error={error} /> : null}
      {error?.code === "flatten_changed" ? <p className="text-warn">{texts.since}</p> : null}
      {began ? <p className="text-warn">{texts.began}</p> : isOver ? error ? null : <p role="alert" className="text-warn">{texts.over}</p> : <p role="timer">{texts.left(left)}</p>}
      {isOver ? null : <Input label={common.actions.type(texts.word)} value={word} onChange={setWord} required autoComplete="off" />}
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" className="button" onClick={onClose}>
          {common.actions.back}
        </button>
        <button type="submit" className={`button ${isOver ? "button-main" : "button-danger"}`} disabled={!isOver && (word !== texts.word || isSending)}>
          {isOver ? texts.again : isSending ? common.actions.sending : texts.verb}
        </button>
      </div>
    </form>
  );
}

/** By the API's clock; a code that has lasted its time is not sent. */
export function secondsLeft(until: string | null, now: number): number {
  return until === null ? 0 : Math.max(0, Math.ceil((Date.parse(until) - now) / 1_000));
}

function Accounts({ of }: { of: Answer["accounts"] }) {
  return (
    <ul className="list-disc pl-5">
      {of.map(({ id }) => (
        <li key={id}>
          <AccountName of={{ id }} />
        </li>
      ))}
    </ul>
  );
}

function Positions({ of, link }: { of: Answer["positions"]; link?: boolean }) {
  return (
    <ul className="list-disc pl-5">
      {of.map((position) => (
        <li key={position.id}>
          {link ? (
            <Link to="/positions/$id" params={{ id: position.id }}>
              {position.symbol}
            </Link>
          ) : (
            position.symbol
          )}{" "}
          {positionTexts.side[position.side]} · <AccountName of={{ id: position.account_id, exchange: position.exchange, mode: position.mode }} />
          {position.mark && !link ? (
            <>
              {" "}
              <Priced at={position.mark.at} source={common.source.price}>
                <Value of={position.mark.price} unit={quoteOf(position.symbol)} />
              </Priced>
            </>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function Closing({ of, onClose }: { of: Answer; onClose: () => void }) {
  return (
    <div className="space-y-3">
      <p role="status" className="font-medium">
        {texts.done(of.positions.length)}
      </p>
      <Positions of={of.positions} link />
      {of.cancelling.length > 0 ? (
        <>
          <p>{texts.cancelling(of.cancelling.length)}</p>
          <OrderLines of={of.cancelling} />
        </>
      ) : null}
      {of.in_flight.length > 0 ? (
        <>
          <p>{texts.inFlight(of.in_flight.length)}</p>
          <OrderLines of={of.in_flight} />
        </>
      ) : null}
      <p className="text-soft">{texts.resume}</p>
      <div className="flex justify-end">
        <button type="button" className="button button-main" onClick={onClose}>
          {texts.close}
        </button>
      </div>
    </div>
  );
}
