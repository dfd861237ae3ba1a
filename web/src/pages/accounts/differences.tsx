import { account as accountTexts } from "@/texts/accounts";
import { Age, Moment } from "@/ui/age";
import { Section } from "@/ui/page";
import { grouped } from "@/lib/decimal";
import { type Account, differs } from "./words";

/** Where the exchange and the positions here disagree, and markets that wait; nothing if neither. */
export function Differences({ of }: { of: Account }) {
  const { drift, cooldowns } = of.state;
  const waiting = Object.entries(cooldowns);
  return (
    <>
      {differs(of) ? (
        <Section title={accountTexts.drift}>
          <div className="card border-bad space-y-2">
            <p>{accountTexts.driftWhy}</p>
            <ul className="list-disc space-y-1 pl-5">
              {Object.entries(drift.missing).map(([asset, { missing, held, at_venue: there, since }]) => (
                <li key={asset}>
                  {accountTexts.driftMissing(grouped(missing), asset, grouped(held), grouped(there))}, {accountTexts.since} <Age at={since} />
                </li>
              ))}
              {drift.stray_orders.map((order) => (
                <li key={order.client_order_id}>
                  {accountTexts.driftStray(order.side, grouped(order.quantity), order.symbol, grouped(order.filled))}, {accountTexts.since} <Age at={order.first_seen_at} /> <code className="text-xs">{order.exchange_order_id}</code>
                </li>
              ))}
            </ul>
          </div>
        </Section>
      ) : null}
      {waiting.length > 0 ? (
        <Section title={accountTexts.cooldowns}>
          <div className="card">
            <p>{accountTexts.cooldownsWhy}</p>
            <ul className="list-disc pl-5">
              {waiting.map(([market, until]) => (
                <li key={market}>
                  {market.replace(/#-$/, "").replace("#", " · ")}: <Moment at={until} />
                </li>
              ))}
            </ul>
          </div>
        </Section>
      ) : null}
    </>
  );
}
