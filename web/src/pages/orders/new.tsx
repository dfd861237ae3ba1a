import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type ApiError, answered, api, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { isOpen } from "@/lib/position";
import { atFields } from "@/lib/problem";
import { useMay } from "@/lib/session";
import { orderForm as texts } from "@/texts/order-form";
import { AccountName, useAccounts } from "@/ui/account";
import { Page } from "@/ui/page";
import { Empty, Failure, Loading, NoPermission, Shown } from "@/ui/states";
import { type Draft, entering, FIELDS, NEW_ORDER, type Name, type NewOrder as Body, openOne, previewOf, reduces, wrongIn } from "./new/draft";
import { OrderFields } from "./new/fields";
import { Place } from "./new/place";

type Account = Schemas["Account"];
type Detail = Schemas["PositionDetail"];

/** An order by hand; with `?position=grp_…` one that adds to it, or by `&side=` makes it smaller. */
export function NewOrder() {
  const [search] = useFilters();
  const mayTrade = useMay("trading:write");
  const mayOrder = useMay("orders:write");
  if (!mayTrade && !mayOrder) {
    return (
      <Page title={texts.title}>
        <NoPermission />
      </Page>
    );
  }
  return search.position ? <OfPosition key={`${search.position} ${search.side}`} id={search.position} side={search.side} mayOrder={mayOrder} /> : <Opening mayOrder={mayOrder} />;
}

function Opening({ mayOrder }: { mayOrder: boolean }) {
  const accounts = useAccounts();
  // An address is read and never traded; at an exchange it takes `orders:write`.
  const fit = accounts.data?.items.filter(({ address, mode }) => !address && (mayOrder || mode === "paper"));
  return (
    <Page title={texts.title} about={<Link to="/orders">{texts.back}</Link>}>
      <p className="text-soft">{texts.what}</p>
      {!fit ? (
        accounts.error ? <Failure error={accounts.error} again={() => void accounts.refetch()} /> : <Loading />
      ) : fit.length === 0 ? (
        <Empty title={texts.noAccounts}>
          <Link to="/accounts">{texts.noAccountsNext}</Link>
        </Empty>
      ) : (
        <OrderForm start={{ ...NEW_ORDER, account: fit.length === 1 ? (fit[0]?.id ?? "") : "" }} accounts={fit} position={null} />
      )}
    </Page>
  );
}

function OfPosition({ id, side, mayOrder }: { id: string; side?: string; mayOrder: boolean }) {
  const position = useRead("/api/v1/position-groups/{id}", { params: { path: { id } } });
  const accounts = useAccounts();
  const account = accounts.data?.items.find((each) => each.id === position.data?.account_id);
  const title = position.data ? titleOf(position.data, side) : texts.title;
  return (
    <Page title={title} about={<Link to="/positions/$id" params={{ id }}>{texts.toPosition}</Link>}>
      <p className="text-soft">{texts.what}</p>
      <Shown of={position}>
        {(data) =>
          !mayOrder && data.mode !== "paper" ? (
            <NoPermission />
          ) : !isOpen(data.status) || data.status === "closing" ? (
            <Empty title={texts.closing} />
          ) : (
            <OrderForm start={{ ...NEW_ORDER, symbol: data.symbol, account: data.account_id, ...sideOf(data, side) }} accounts={account ? [account] : []} position={data} />
          )
        }
      </Shown>
    </Page>
  );
}

function sideOf(position: Detail, side: string | undefined): Pick<Draft, "side" | "unit"> {
  const adds = entering(position);
  const chosen = side === "buy" || side === "sell" ? side : adds;
  return { side: chosen, unit: chosen === adds ? "quote" : "base" };
}

function titleOf(position: Detail, side: string | undefined): string {
  if (sideOf(position, side).side === entering(position)) return texts.titleAdd(position.symbol);
  return position.side === "short" ? texts.titleBuyBack(position.symbol) : texts.titleReduce(position.symbol);
}

interface OrderFormProps {
  start: Draft;
  accounts: Account[];
  position: Detail | null;
}

interface Planned {
  draft: Draft;
  told: Schemas["OrderPreview"];
}

function OrderForm({ start, accounts, position }: OrderFormProps) {
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const [planned, setPlanned] = useState<Planned | null>(null);
  // It changes nothing, and is asked anew at each press.
  const preview = useMutation<Schemas["OrderPreview"], ApiError, Body>({ mutationFn: (body) => answered(api.POST("/api/v1/orders/preview", { body })), retry: false, gcTime: 0 });
  const [refused, setRefused] = useState<ApiError | null>(null);
  const error = preview.error ?? refused;
  const wrong = wrongIn(draft, position);
  const named = atFields<Name>(error, FIELDS);
  const shown = { ...named, ...(tried ? wrong : {}) };
  const change = (next: Draft) => {
    setDraft(next);
    setRefused(null);
    preview.reset();
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    setRefused(null);
    if (Object.keys(wrong).length > 0 || preview.isPending) return;
    preview.mutate(previewOf(draft, position), { onSuccess: (told) => setPlanned({ draft, told }) });
  };
  const there = error ? openOne(error.code, error.message) : null;
  const account = accounts.find(({ id }) => id === draft.account);
  return (
    <>
      <form onSubmit={send} className="space-y-4" noValidate>
        {position ? (
          <p className="font-medium">
            {position.symbol} · <AccountName of={{ id: position.account_id, exchange: position.exchange, mode: position.mode }} />
          </p>
        ) : null}
        <OrderFields of={draft} wrong={shown} onChange={change} accounts={accounts} account={account} position={position} shrinks={reduces(draft, position)} />
        {Object.keys(shown).length > 0 ? (
          <p role="alert" className="text-bad">
            {texts.wrong}
          </p>
        ) : null}
        {error && !named ? <Failure error={error} /> : null}
        {there ? (
          <Link to="/positions/$id" params={{ id: there }}>
            {texts.positionOpen}
          </Link>
        ) : null}
        <div>
          <button type="submit" className="button button-main" disabled={preview.isPending}>
            {preview.isPending ? texts.previewing : texts.preview}
          </button>
        </div>
      </form>
      {planned ? <Place of={planned.told} draft={planned.draft} position={position} account={account} onRefused={setRefused} onClose={() => setPlanned(null)} /> : null}
    </>
  );
}
