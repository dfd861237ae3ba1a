import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ApiError, api, type Schemas } from "@/api/client";
import { grouped } from "@/lib/decimal";
import { inOurWords } from "@/lib/words";
import { lineage } from "@/texts/orders";
import { orderForm as texts } from "@/texts/order-form";
import { AccountName } from "@/ui/account";
import { Age } from "@/ui/age";
import { Preview } from "@/ui/effect";
import { Facts } from "@/ui/page";
import { Limit, Why } from "@/ui/reason";
import { Value } from "@/ui/value";
import { bodyOf, type Draft, type NewOrder, pairOf } from "./draft";

type Planned = Schemas["OrderPreview"];
type Detail = Schemas["PositionDetail"];

interface PlaceProps {
  of: Planned;
  draft: Draft;
  position: Detail | null;
  account: Schemas["Account"] | undefined;
  onRefused: (error: ApiError) => void;
  onClose: () => void;
}

/** What the API would do with the order, and the button that places it. Its key is one for as long as this is open. */
export function Place({ of, draft, position, account, onRefused, onClose }: PlaceProps) {
  const navigate = useNavigate();
  const body = bodyOf(draft, position);
  const passes = of.verdict.kind === "accepted";
  const mode = position ? position.mode : account?.mode;
  const place = async (key: string) => {
    const answer = await api.POST("/api/v1/orders", { params: { header: { "Idempotency-Key": key } }, body });
    const { error, response } = answer;
    // Once this is closed, it stands in the form.
    if (error) onRefused(new ApiError(response.status, error.code, error.detail, error));
    return answer;
  };
  return (
    <Preview<Schemas["PlacedOrder"]>
      verb={texts.place}
      title={texts.placeTitle}
      danger={!passes}
      account
      act={({ key }) => place(key)}
      onDone={({ delivery_id: id }) => void navigate({ to: "/alerts/$id", params: { id } })}
      onClose={onClose}
      preview={
        <>
          <p className="font-medium">
            {sentence(body, draft.symbol)} · <AccountName of={position ? { id: position.account_id, exchange: position.exchange, mode: position.mode } : (account ?? { id: draft.account })} />
          </p>
          {mode === "live" ? <p className="text-bad font-semibold">{texts.real}</p> : null}
          <Verdict of={of} />
          {of.not_assessed.length === 0 ? null : <p className="text-soft">{texts.later(of.not_assessed.length)}</p>}
          {of.quantity === null ? null : <Figures of={of} symbol={draft.symbol} />}
          <p className="text-soft">{texts.placeAnyway}</p>
        </>
      }
    />
  );
}

/** `buy 100 USDT of BTC/USDT at the market`. */
function sentence({ side, quote, quantity, limit_price }: NewOrder, symbol: string): string {
  const [base, currency] = pairOf(symbol);
  const amount = quote == null ? `${grouped(String(quantity))} ${base || texts.units("", "").base}` : `${grouped(String(quote))} ${currency || texts.units("", "").quote}`;
  return texts.orderIs(texts.sides[side], amount, symbol.trim(), limit_price == null ? texts.atMarket : texts.at(grouped(String(limit_price))));
}

function Verdict({ of: { verdict } }: { of: Planned }) {
  const { kind, reason, detail, fields, limit } = verdict;
  if (kind === "accepted") {
    return (
      <>
        <p className="text-good font-medium">{texts.wouldPass}</p>
        {limit ? (
          <div role="status" className="border-warn bg-warn-fill space-y-2 rounded-md border p-3">
            <p className="text-warn font-medium">{texts.reduced}</p>
            {detail ? <p className="break-words">{inOurWords(detail)}</p> : null}
            <Limit of={limit} />
          </div>
        ) : null}
      </>
    );
  }
  return (
    <div role="alert" className="space-y-2">
      <p className="text-bad font-medium">{texts.wouldNot}</p>
      {reason ? <Why code={reason} detail={detail} fields={fields} /> : detail ? <p className="card break-words">{inOurWords(detail)}</p> : null}
      {limit ? <Limit of={limit} /> : null}
    </div>
  );
}

function Figures({ of, symbol }: { of: Planned; symbol: string }) {
  const [base, quote] = pairOf(symbol);
  const told = texts.figures;
  const isSale = of.price === null;
  const sales = of.take_profit.map(({ price, quantity }) => <li key={price}>{texts.sale(`${grouped(quantity)} ${base}`, grouped(price))}</li>);
  const facts: [string, ReactNode, boolean?][] = [
    [told.quantity, <Value key="quantity" of={of.quantity} unit={base} />],
    [told.price, of.price ? <Price key="price" of={of.price} quote={quote} /> : null, !isSale],
    [told.reserved, <Value key="reserved" of={of.reserved} unit={quote} />, !isSale],
    [told.profit, <ul key="profit" className="number">{sales}</ul>, sales.length > 0],
    [told.stop, of.stop_price === null ? <span key="stop" className="text-warn">{texts.noStop}</span> : <Value key="stop" of={of.stop_price} unit={quote} />, !isSale],
    [told.time, of.time_limit_minutes === null ? texts.none : texts.minutes(of.time_limit_minutes), !isSale],
    [told.position, of.position_id === null ? texts.opens : <Link key="position" to="/positions/$id" params={{ id: of.position_id }}>{texts.changes}</Link>],
  ];
  return (
    <>
      <h3>{texts.planned}</h3>
      <Facts of={facts.filter(([, , isShown = true]) => isShown).map(([name, value]) => [name, value])} />
    </>
  );
}

function Price({ of: { price, source, at }, quote }: { of: Schemas["PriceSeen"]; quote: string }) {
  // The price that the form brings is an alert's to the API.
  const told = source === "alert" ? texts.price : lineage.price[source];
  return (
    <>
      <Value of={price} unit={quote} />{" "}
      <span className="text-soft text-xs">
        {told}
        {at ? (
          <>
            , <Age at={at} />
          </>
        ) : null}
      </span>
    </>
  );
}
