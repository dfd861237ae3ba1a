import { type ReactNode, useRef, useState } from "react";
import type { Answer, ApiError } from "@/api/client";
import { useAccountsAnew, useChange } from "@/api/hooks";
import { texts } from "@/texts/common";
import { Dialog } from "./dialog";
import { Input } from "./form";
import { Failure, Loading } from "./states";

export interface Intent {
  /** The same for each press of the button, so that a second one changes nothing. */
  key: string;
  reason: string;
  /** Of what the reader looked at when this was opened, for `If-Match`: a newer one that was polled meanwhile is not it. */
  version: number;
}

interface EffectProps<Told> {
  /** On the button that opens it, and on the one that does it. */
  verb: string;
  title: string;
  /** What will be sent, what it costs and what it does not touch. */
  preview: ReactNode;
  act: (intent: Intent) => Promise<Answer<Told>>;
  danger?: boolean;
  /** Asks for a reason, which stands in the audit log. */
  reason?: boolean;
  /** Of what is changed, as the page has it now. */
  version?: number;
  /** What has to be typed, or what is sent, follows from an account: it is read anew before anything of it is shown. */
  account?: boolean;
  /** Why it cannot be done now. */
  disabled?: string | false | null;
  /** Word that has to be typed before it can be done. */
  typed?: string;
  onDone?: (told: Told) => void;
}

/**
 * A button that shows first what it would do: nothing with an effect happens by one press. What was opened stays what it is: where
 * what is shown behind turns the button into another one, such as Halt into Resume, the dialog closes.
 */
export function Effect<Told>(props: EffectProps<Told>) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <>
      <button
        type="button"
        className={`button ${props.danger ? "button-danger" : ""}`}
        disabled={Boolean(props.disabled)}
        title={props.disabled || undefined}
        onClick={() => setOpen(props.title)}
      >
        {props.verb}
      </button>
      {open === props.title ? <Preview {...props} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

type PreviewProps<Told> = EffectProps<Told> & { onClose: () => void };

export function Preview<Told>(props: PreviewProps<Told>) {
  const { isRead, error } = useAccountsAnew();
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      {isRead || !props.account ? <Ask {...props} /> : error ? <Failure error={error} /> : <Loading />}
    </Dialog>
  );
}

function Ask<Told>({ verb, preview, act, danger, reason, typed, onDone, onClose, version, disabled }: PreviewProps<Told>) {
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [why, setWhy] = useState("");
  const [word, setWord] = useState("");
  const [seen] = useState(version ?? 0);
  const change = useChange<Intent, Told>(act);
  // Two presses may come before the first is drawn: a second request would be answered in the place of the first.
  const isSent = useRef(false);
  // Its own change is read, too, before the dialog closes.
  const isOld = version !== undefined && version !== seen && !change.isPending && !change.isSuccess;
  const missing = (reason && !why.trim()) || (typed !== undefined && word !== typed);
  const go = () => {
    if (isSent.current) return;
    isSent.current = true;
    change.mutate(
      { key, reason: why.trim(), version: seen },
      {
        onSuccess: (told) => {
          onDone?.(told);
          onClose();
        },
        // A refusal is kept under its key, and in doubt whether the first one is done, the same intent keeps it.
        onError: ({ isRefusal }) => {
          isSent.current = false;
          if (isRefusal) setKey(crypto.randomUUID());
        },
      },
    );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
      className="space-y-3"
    >
      <div className="space-y-2">{preview}</div>
      {reason ? <Input label={texts.actions.reason} hint={texts.actions.reasonWhy} value={why} onChange={setWhy} required maxLength={200} /> : null}
      {typed === undefined ? null : <Input label={texts.actions.type(typed)} value={word} onChange={setWord} required />}
      {isOld ? (
        <p role="alert" className="card border-warn">
          {texts.failures.version_conflict}
        </p>
      ) : change.error ? (
        <Failure error={change.error as ApiError} />
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" className="button" onClick={onClose}>
          {texts.actions.back}
        </button>
        <button type="submit" className={`button ${danger ? "button-danger" : "button-main"}`} disabled={Boolean(disabled) || isOld || missing || change.isPending}>
          {change.isPending ? texts.actions.sending : verb}
        </button>
      </div>
    </form>
  );
}
