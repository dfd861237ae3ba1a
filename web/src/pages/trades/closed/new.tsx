import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { atFields } from "@/lib/problem";
import { corrected } from "@/lib/time";
import { texts as common } from "@/texts/common";
import { closedTrades, tradeForm as texts } from "@/texts/trades";
import { Preview } from "@/ui/effect";
import { MODES } from "@/ui/filters";
import { Area, Input, Select } from "@/ui/form";
import { Page } from "@/ui/page";
import { Part } from "@/ui/part";
import { baseOf, quoteOf } from "@/ui/value";
import { NewTradeFacts } from "./actions";
import { bodyOf, type Draft, FIELDS, NEW_TRADE, type Name, profitOf, wrongIn } from "./draft";

const SIDES = ["long", "short"] as const;
const BACK = (
  <Link to="/trades" search={{ view: "closed" }}>
    {texts.back}
  </Link>
);

/** A form of a trade that was made elsewhere. */
export function NewTrade() {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(NEW_TRADE);
  const [tried, setTried] = useState(false);
  const [open, setOpen] = useState(false);
  // What the API has refused stands at its field until something is typed anew.
  const [refused, setRefused] = useState<Partial<Record<Name, string>>>({});
  const wrong = wrongIn(draft, corrected(Date.now()));
  const shown = { ...refused, ...(tried ? wrong : {}) };
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrong).length === 0) setOpen(true);
  };
  const body = open ? bodyOf(draft) : null;
  const act = async (key: string) => {
    const answer = await api.POST("/api/v1/user-trades", { params: { header: { "Idempotency-Key": key } }, body: bodyOf(draft) });
    setRefused((answer.error && atFields({ message: answer.error.detail, problem: answer.error }, FIELDS)) ?? {});
    return answer;
  };
  return (
    <Page title={texts.title} about={BACK}>
      <p className="text-soft">{texts.what}</p>
      <form onSubmit={send} className="space-y-4" noValidate>
        <Fields
          of={draft}
          wrong={shown}
          onChange={(next) => {
            setDraft(next);
            setRefused({});
          }}
        />
        {Object.keys(shown).length > 0 ? (
          <p role="alert" className="text-bad">
            {texts.wrong}
          </p>
        ) : null}
        <button type="submit" className="button button-main">
          {texts.preview}
        </button>
      </form>
      {body ? (
        <Preview
          verb={texts.create}
          title={texts.createTitle}
          act={({ key }) => act(key)}
          onDone={() => void navigate({ to: "/trades", search: { view: "closed" } })}
          onClose={() => setOpen(false)}
          preview={
            <>
              <NewTradeFacts of={body} profit={profitOf(body)} />
              <p>{texts.previewText}</p>
            </>
          }
        />
      ) : null}
    </Page>
  );
}

interface FieldsProps {
  of: Draft;
  wrong: Partial<Record<Name, string>>;
  onChange: (draft: Draft) => void;
}

function Fields({ of, wrong, onChange }: FieldsProps) {
  const [base, quote] = [baseOf(of.symbol.trim().toUpperCase()), quoteOf(of.symbol.trim().toUpperCase())];
  const field = (name: Name) => ({ error: wrong[name], value: of[name], onChange: (value: string) => onChange({ ...of, [name]: value }), autoComplete: "off" });
  const choice = <Value extends string>(name: Name, all: readonly Value[], of_: Record<Value, string>) => ({ ...field(name), autoComplete: undefined, options: all.map((value) => ({ value, text: of_[value] })) });
  return (
    <>
      <Part title={texts.parts.where}>
        <Input label={texts.exchange} hint={texts.exchangeHint} required maxLength={20} {...field("exchange")} />
        <Input label={texts.symbol} hint={texts.symbolHint} required maxLength={40} {...field("symbol")} />
        <Select label={texts.mode} {...choice("mode", MODES, common.mode)} />
      </Part>
      <Part title={texts.parts.trade}>
        <Select label={texts.side} {...choice("side", SIDES, texts.sides)} />
        <Input label={texts.quantity} hint={texts.quantityHint(base)} required inputMode="decimal" {...field("quantity")} />
        <Input label={texts.fees} hint={texts.feesHint(quote)} inputMode="decimal" {...field("fees")} />
        <Input label={texts.entry} hint={texts.priceHint(quote)} required inputMode="decimal" {...field("entry")} />
        <Input label={texts.exit} hint={texts.priceHint(quote)} required inputMode="decimal" {...field("exit")} />
        <Input label={texts.opened} type="datetime-local" required {...field("opened")} />
        <Input label={texts.closed} type="datetime-local" required {...field("closed")} />
      </Part>
      <Part title={texts.parts.remember}>
        <Input label={closedTrades.tags} hint={closedTrades.tagsHint} {...field("tags")} />
        <div className="sm:col-span-2">
          <Area label={closedTrades.notes} hint={closedTrades.notesHint} rows={4} maxLength={2000} {...field("notes")} />
        </div>
      </Part>
    </>
  );
}
