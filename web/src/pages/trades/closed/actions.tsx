import { type ReactNode, useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { atFields } from "@/lib/problem";
import { moment } from "@/lib/time";
import { texts as common } from "@/texts/common";
import { closedTrades as texts, tradeForm, trades } from "@/texts/trades";
import { ModeBadge } from "@/ui/badge";
import { Effect, Preview } from "@/ui/effect";
import { Area, Input } from "@/ui/form";
import { Facts } from "@/ui/page";
import { baseOf, Profit, quoteOf, Value } from "@/ui/value";
import { tagsIn, wrongTags } from "./draft";

type Trade = Schemas["UserTrade"];

const { columns } = trades.history;

/** Which trade it is. */
function TradeFacts({ of }: { of: Trade }) {
  const quote = quoteOf(of.symbol);
  const facts: [string, ReactNode][] = [
    [columns.symbol, of.symbol],
    [columns.exchange, of.exchange],
    [columns.mode, <ModeBadge key="mode" mode={of.mode} />],
    [columns.side, of.side],
    [columns.quantity, <Value key="quantity" of={of.quantity} unit={baseOf(of.symbol)} />],
    [columns.realised, <Profit key="realised" of={of.realised_pnl} unit={quote} />],
    [columns.opened, moment(of.opened_at)],
    [columns.closed, moment(of.closed_at)],
  ];
  return <Facts of={facts} />;
}

/** Notes and tags of a trade, kept together. */
export function EditNotes({ of }: { of: Trade }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {texts.edit}
      </button>
      {open ? <NotesDialog of={of} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function NotesDialog({ of, onClose }: { of: Trade; onClose: () => void }) {
  const [begin] = useState(of);
  const [notes, setNotes] = useState(begin.notes);
  const [tags, setTags] = useState(begin.tags.join(", "));
  // What the API has refused stands at its field until that is typed anew.
  const [refused, setRefused] = useState<{ notes?: string; tags?: string }>({});
  const wrong = wrongTags(tags);
  const body = { notes: notes.trim(), tags: tagsIn(tags) };
  const isSame = body.notes === begin.notes && JSON.stringify(body.tags) === JSON.stringify(begin.tags);
  const act = async (version: number) => {
    const answer = await api.PATCH("/api/v1/user-trades/{id}", { params: { path: { id: of.id }, header: ifMatch(version) }, body });
    setRefused((answer.error && atFields({ message: answer.error.detail, problem: answer.error }, { notes: "notes", tags: "tags" })) ?? {});
    return answer;
  };
  const typed = (set: (text: string) => void) => (text: string) => {
    set(text);
    setRefused({});
  };
  return (
    <Preview
      verb={common.actions.save}
      title={texts.editTitle(begin.symbol)}
      version={of.version}
      disabled={isSame ? texts.same : wrong}
      preview={
        <>
          <TradeFacts of={begin} />
          <Area label={texts.notes} hint={texts.notesHint} error={refused.notes} value={notes} onChange={typed(setNotes)} maxLength={2000} rows={5} />
          <Input label={texts.tags} hint={texts.tagsHint} error={wrong ?? refused.tags} value={tags} onChange={typed(setTags)} autoComplete="off" />
        </>
      }
      act={({ version }) => act(version)}
      onClose={onClose}
    />
  );
}

/** Deletes a trade that was made elsewhere. */
export function Remove({ of }: { of: Trade }) {
  return (
    <Effect
      verb={texts.remove}
      title={texts.removeTitle(of.symbol)}
      danger
      version={of.version}
      preview={
        <>
          <TradeFacts of={of} />
          <p>{texts.removePreview}</p>
        </>
      }
      act={({ version }) => api.DELETE("/api/v1/user-trades/{id}", { params: { path: { id: of.id }, header: ifMatch(version) } })}
    />
  );
}

/** A trade that is about to be added. */
export function NewTradeFacts({ of, profit }: { of: Schemas["NewUserTrade"]; profit: string | null }) {
  const quote = quoteOf(of.symbol);
  const facts: [string, ReactNode][] = [
    [tradeForm.exchange, of.exchange],
    [tradeForm.symbol, of.symbol],
    [tradeForm.mode, <ModeBadge key="mode" mode={of.mode} />],
    [tradeForm.side, of.side],
    [tradeForm.quantity, <Value key="quantity" of={of.quantity} unit={baseOf(of.symbol)} />],
    [tradeForm.entry, <Value key="entry" of={of.entry_price} unit={quote} />],
    [tradeForm.exit, <Value key="exit" of={of.exit_price} unit={quote} />],
    [tradeForm.fees, <Value key="fees" of={of.fees ?? "0"} unit={quote} />],
    [tradeForm.profit, <Profit key="profit" of={profit} unit={quote} />],
    [columns.opened, moment(of.opened_at)],
    [columns.closed, moment(of.closed_at)],
    [texts.tags, of.tags?.join(", ") || common.none],
    [texts.notes, of.notes || common.none],
  ];
  return <Facts of={facts} />;
}
