import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { texts } from "@/texts/common";
import { lineage as lineageTexts, order as orderTexts, orders as ordersTexts } from "@/texts/orders";
import { Moment, ReadAt } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { hasEnded, OrderState, purpose } from "@/ui/order";
import { Facts, Page, Section } from "@/ui/page";
import { Why } from "@/ui/reason";
import { Shown } from "@/ui/states";
import { baseOf, quoteOf, Value } from "@/ui/value";
import { Actions } from "./actions";
import { Fills } from "./fills";
import { Lineage } from "./lineage";

type Story = Schemas["OrderLineage"];

export function Order() {
  const id = useParams({ strict: false }).id ?? "";
  const asked = { params: { path: { id } } };
  const story = useRead("/api/v1/orders/{id}/lineage", asked);
  const order = story.data?.order;
  // An order that has ended stays as it is, and is not asked about again.
  useRead("/api/v1/orders/{id}/lineage", asked, { poll: true, enabled: order !== undefined && !hasEnded(order) });
  const symbol = order?.symbol ?? "";
  return (
    <Page
      title={order ? orderTexts.title(purpose(order), symbol) : ordersTexts.title}
      about={<ReadAt at={story.dataUpdatedAt} failed={story.isError} />}
      actions={story.data ? <Actions of={story.data} symbol={symbol} /> : null}
    >
      <Shown of={story}>{(data) => <Story of={data} symbol={symbol} />}</Shown>
    </Page>
  );
}

function Story({ of, symbol }: { of: Story; symbol: string }) {
  const [base, quote] = [baseOf(symbol), quoteOf(symbol)];
  const { order } = of;
  return (
    <>
      <p>{orderTexts.stateWhy[order.state] ?? order.state}</p>
      {order.reason ? (
        <Section title={orderTexts.whyTitle}>
          <Why code={order.reason.code} detail={order.reason.detail} />
        </Section>
      ) : null}
      <Section title={orderTexts.figures}>
        <Figures of={of} symbol={symbol} />
        {order.stop_triggered ? <p>{orderTexts.stopTriggered}</p> : null}
        {order.declared ? <p className="text-warn">{orderTexts.declared}</p> : null}
      </Section>
      <Section title={orderTexts.fills}>
        <Fills of={of.fills} base={base} quote={quote} />
      </Section>
      <Section title={lineageTexts.title}>
        <Lineage of={of} base={base} quote={quote} />
      </Section>
    </>
  );
}

function Figures({ of: { order, delivery, delivery_id }, symbol }: { of: Story; symbol: string }) {
  const [base, quote] = [baseOf(symbol), quoteOf(symbol)];
  const told = orderTexts.figure;
  const rows: [string, ReactNode, boolean?][] = [
    [told.mode, <ModeBadge mode={order.mode} />],
    [told.state, <OrderState state={order.state} />],
    [told.side, `${ordersTexts.side[order.side] ?? order.side}, ${ordersTexts.type[order.type] ?? order.type}`],
    [told.price, order.price ? <Value of={order.price} unit={quote} /> : orderTexts.atMarket, order.type !== "stop"],
    [told.stop, <Value of={order.stop_price} unit={quote} />, order.stop_price !== null],
    [told.quantity, <Value of={order.quantity} unit={base} />],
    [told.filled, <Value of={order.filled} unit={base} />],
    [told.average, <Value of={order.average_fill_price} unit={quote} />],
    [told.fees, <Fees of={order.fees} />],
    [told.position, <Link to="/positions/$id" params={{ id: order.position_group_id }}>{symbol || ordersTexts.positionLink}</Link>],
    [told.alert, <Link to="/alerts/$id" params={{ id: delivery_id }}>{lineageTexts.alertLink}</Link>, delivery !== null],
    [told.created, <Moment at={order.created_at} />],
    [told.submitted, order.submitted_at ? <Moment at={order.submitted_at} /> : orderTexts.notSent],
    [told.validUntil, <Moment at={order.valid_until} />, order.valid_until !== null && !order.submitted_at],
    [told.lastFill, <Moment at={order.last_fill_at} />, order.last_fill_at !== null],
    [told.cancelRequested, <Moment at={order.cancel_requested_at} />, order.cancel_requested_at !== null],
    [told.clientId, <Id of={order.client_order_id} />],
    [told.stopClientId, <Id of={order.stop_client_order_id} />, order.stop_client_order_id !== null],
    [told.exchangeId, <Id of={order.exchange_order_id} />],
    [told.id, <Id of={order.id} />],
  ];
  return <Facts of={rows.filter(([, , isShown = true]) => isShown).map(([name, value]) => [name, value])} />;
}

function Id({ of }: { of: string | null }) {
  return of ? <code className="text-xs break-all">{of}</code> : texts.none;
}

/** One after the other: fees in different assets are never added up. */
function Fees({ of }: { of: Schemas["ByAsset"] }) {
  const fees = Object.entries(of);
  if (fees.length === 0) return texts.none;
  return fees.map(([asset, amount]) => (
    <span key={asset} className="mr-2">
      <Value of={amount} unit={asset} />
    </span>
  ));
}
