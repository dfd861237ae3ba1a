import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { changeOf } from "@/lib/history";
import { lineage as lineageTexts, orders as ordersTexts } from "@/texts/orders";
import { AccountName, useAccounts } from "@/ui/account";
import { Moment } from "@/ui/age";
import { Facts } from "@/ui/page";
import { Why } from "@/ui/reason";
import { Value } from "@/ui/value";
import { span, spanBetween } from "./span";

type Story = Schemas["OrderLineage"];

/** How an order came about, step by step: from its alert to what it changed. */
export function Lineage({ of, base, quote }: { of: Story; base: string; quote: string }) {
  const since = of.delivery?.received_at ?? null;
  const changes = changesOf(of.history);
  return (
    <ol className="border-line card space-y-5">
      <Step title={lineageTexts.alert} at={since}>
        <Alert of={of} />
      </Step>
      <Step title={lineageTexts.signal}>
        {of.signal ? <Signal of={of.signal} /> : <p className="text-soft">{lineageTexts.signalNone}</p>}
      </Step>
      <Step title={lineageTexts.risk} at={of.order.created_at} since={since}>
        <Risk of={of.risk} quote={quote} />
      </Step>
      <Step title={lineageTexts.prices}>
        <Prices of={of} quote={quote} />
      </Step>
      <Step title={lineageTexts.preset}>
        <Preset of={of.preset} />
      </Step>
      <Step title={lineageTexts.exchanges} at={of.order.submitted_at} since={since}>
        <Exchanges of={of} />
      </Step>
      <Step title={lineageTexts.fills}>
        {of.fills.length === 0 ? <p className="text-soft">{lineageTexts.fillsNone}</p> : null}
        <Events of={of.fills.map((fill) => ({ at: fill.at, key: fill.trade_id, what: <Fill of={fill} base={base} quote={quote} /> }))} since={since} />
      </Step>
      <Step title={lineageTexts.history}>
        {changes.length === 0 ? <p className="text-soft">{lineageTexts.historyNone}</p> : null}
        <Events of={changes} since={since} />
      </Step>
    </ol>
  );
}

/** One step, with its time and how long after the alert that was. */
function Step({ title, at, since, children }: { title: string; at?: string | null; since?: string | null; children: ReactNode }) {
  return (
    <li className="border-brand border-l-2 pl-4">
      <h3>{title}</h3>
      {at ? (
        <p>
          <When at={at} since={since} />
        </p>
      ) : null}
      <div className="mt-1 space-y-2">{children}</div>
    </li>
  );
}

function When({ at, since }: { at: string; since?: string | null }) {
  return (
    <span className="text-soft text-xs">
      <Moment at={at} />
      {since && since !== at ? ` · ${lineageTexts.after(span(spanBetween(since, at)))}` : null}
    </span>
  );
}

function Alert({ of: { delivery, delivery_id: id } }: { of: Story }) {
  if (!delivery) return <p className="text-soft">{lineageTexts.alertGone}</p>;
  return (
    <>
      <p>
        <Link to="/alerts/$id" params={{ id }}>
          {lineageTexts.alertLink}
        </Link>{" "}
        {delivery.source_ip ? lineageTexts.alertSource(delivery.from_tradingview ? `${lineageTexts.tradingView}, ${delivery.source_ip}` : delivery.source_ip) : null}
        {delivery.repeats > 0 ? ` · ${lineageTexts.repeats(delivery.repeats)}` : null}
      </p>
      <pre tabIndex={0} className="border-line bg-page max-h-40 overflow-auto rounded-md border p-2 text-xs break-all whitespace-pre-wrap">
        {delivery.body}
      </pre>
    </>
  );
}

function Signal({ of }: { of: NonNullable<Story["signal"]> }) {
  const told = lineageTexts.signalFields;
  const account = useAccounts().data?.items.find(({ label, exchange }) => label === of.account && exchange === of.exchange);
  const rows: [string, ReactNode][] = [
    [told.market, `${of.symbol} · ${of.exchange}`],
    [told.timeframe, of.timeframe],
    [told.account, account ? <AccountName of={account} link /> : of.account],
    [told.position, of.market_position],
    [told.price, of.price ? <Value of={of.price} /> : null],
    [told.raised, of.raised_at ? <Moment at={of.raised_at} /> : null],
    [told.maxLag, span(of.max_lag_seconds * 1_000)],
  ];
  return (
    <>
      <p className="font-medium">
        {lineageTexts.wish[of.wish] ?? of.wish} {of.side}
      </p>
      <Facts of={rows.filter(([, value]) => value !== null)} />
    </>
  );
}

function Risk({ of, quote }: { of: Story["risk"]; quote: string }) {
  const limits: Partial<Record<string, string>> = lineageTexts.limits;
  const inQuote = (limit: string) => !["open_groups_max", "plan_limit_positions", "leverage_max"].includes(limit);
  return (
    <>
      {of.refused ? <Why code={of.refused.code} detail={of.refused.detail} /> : null}
      {of.passed.length === 0 ? (
        <p className="text-soft">{lineageTexts.riskNone}</p>
      ) : (
        <div className="overflow-x-auto" role="region" aria-label={lineageTexts.risk} tabIndex={0}>
          <table className="text-left">
            <caption className="sr-only">{lineageTexts.risk}</caption>
            <thead>
              <tr className="text-soft text-xs">
                <th scope="col" className="pr-6 font-medium">{lineageTexts.limit}</th>
                <th scope="col" className="pr-6 text-right font-medium">{lineageTexts.comesTo}</th>
                <th scope="col" className="text-right font-medium">{lineageTexts.allowed}</th>
              </tr>
            </thead>
            <tbody>
              {of.passed.map(({ limit, comes_to, allowed }) => (
                <tr key={limit}>
                  <th scope="row" className="pr-6 font-normal whitespace-nowrap">{limits[limit] ?? limit}</th>
                  <td className="pr-6 text-right"><Value of={comes_to} unit={inQuote(limit) ? quote : ""} /></td>
                  <td className="text-right"><Value of={allowed} unit={inQuote(limit) ? quote : ""} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Prices({ of: { prices, order }, quote }: { of: Story; quote: string }) {
  if (prices.length === 0) return <p className="text-soft">{lineageTexts.pricesNone}</p>;
  return (
    <ul className="space-y-1">
      {prices.map((seen) => {
        // A ticker's price is compared right before the sending; any other led to the decision.
        const sent = seen.source === "ticker" ? order.submitted_at : null;
        const age = seen.at ? span(spanBetween(seen.at, sent ?? order.created_at)) : null;
        return (
          <li key={`${seen.source} ${seen.at ?? ""} ${seen.price}`}>
            <Value of={seen.price} unit={quote} /> {lineageTexts.price[seen.source] ?? seen.source}{" "}
            <span className="text-soft text-xs">{age ? (sent ? lineageTexts.priceAge.sent(age) : lineageTexts.priceAge.decided(age)) : lineageTexts.priceNoAge}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Preset({ of }: { of: Story["preset"] }) {
  if (!of) return <p>{lineageTexts.presetNone}</p>;
  return (
    <p>
      <Link to="/presets/$name" params={{ name: of.name }}>
        {of.name}
      </Link>{" "}
      <span className="text-soft">{lineageTexts.presetVersion(of.version)}</span>
    </p>
  );
}

function Exchanges({ of: { exchanges, order } }: { of: Story }) {
  if (exchanges.length === 0) return <p className="text-soft">{order.mode === "paper" ? lineageTexts.exchangesPaper : lineageTexts.exchangesNone}</p>;
  return exchanges.map((exchange) => (
    <details key={`${exchange.at} ${exchange.asked}`} className="border-line rounded-md border p-2">
      <summary className="cursor-pointer">
        <Moment at={exchange.at} /> <code className="text-xs break-all">{exchange.asked.split(" ").slice(0, 2).join(" ")}</code>
      </summary>
      <dl className="mt-2 space-y-2 text-xs">
        {[
          [lineageTexts.asked, exchange.asked],
          [lineageTexts.answered, exchange.answered],
        ].map(([name, text]) => (
          <div key={name}>
            <dt className="text-soft">{name}</dt>
            <dd className="font-mono break-all whitespace-pre-wrap">{text}</dd>
          </div>
        ))}
      </dl>
    </details>
  ));
}

function Events({ of, since }: { of: { at: string; key: string; what: ReactNode }[]; since: string | null }) {
  return (
    <ul className="space-y-1">
      {of.map(({ at, key, what }) => (
        <li key={key}>
          {what} <When at={at} since={since} />
        </li>
      ))}
    </ul>
  );
}

function Fill({ of, base, quote }: { of: Schemas["Fill"]; base: string; quote: string }) {
  return (
    <>
      {ordersTexts.side[of.side] ?? of.side} <Value of={of.quantity} unit={base} /> {lineageTexts.at} <Value of={of.price} unit={quote} />
    </>
  );
}

/** As the position itself tells it; the same words one after the other once. */
const changesOf = (history: Schemas["HistoryEntry"][]) =>
  history.map((entry) => ({ at: entry.at, key: String(entry.version), what: changeOf(entry) })).filter(({ what }, index, all) => what && what !== all[index - 1]?.what);
