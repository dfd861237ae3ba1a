import type { Schemas } from "@/api/client";
import { grouped } from "@/lib/decimal";
import { position as texts, positions as listTexts } from "@/texts/positions";
import { Moment } from "@/ui/age";
import { purpose } from "@/ui/order";

type Detail = Schemas["PositionDetail"];

interface Event {
  key: string;
  at: string;
  what: string;
  more?: string;
}

/** Fills and changes of the position, the newest first. */
export function events(of: Pick<Detail, "history" | "fills" | "pyramids" | "take_profit_orders" | "exit_orders">): Event[] {
  const orders = [...of.pyramids.flatMap((pyramid) => pyramid.legs.flatMap((leg) => leg.orders)), ...of.take_profit_orders, ...of.exit_orders];
  const named = new Map(orders.map((order) => [order.id, purpose(order)]));
  const changes = of.history.map((entry): Event => {
    const changed = entry.before && entry.before !== entry.after ? ` (${listTexts.status[entry.before]} → ${listTexts.status[entry.after]})` : "";
    return { key: `change ${entry.version}`, at: entry.at, what: `${entry.why}${changed}` };
  });
  const fills = of.fills.map((fill): Event => ({
    key: `fill ${fill.trade_id} ${fill.order_id}`,
    at: fill.at,
    what: texts.timelineFill(fill.side, grouped(fill.quantity), grouped(fill.price)),
    more: named.get(fill.order_id),
  }));
  const all = [...changes, ...fills].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  return all.reduce<Event[]>((told, event) => {
    const last = told.at(-1);
    // Steps of one moment are one line, oldest first.
    if (last && !last.more && !event.more && second(last.at) === second(event.at)) last.what = `${event.what}; ${last.what}`;
    else told.push({ ...event });
    return told;
  }, []);
}

const second = (at: string) => Math.floor(Date.parse(at) / 1_000);

export function Timeline({ of }: { of: Detail }) {
  return (
    <ol className="card space-y-2">
      {events(of).map((event) => (
        <li key={event.key} className="border-line border-l-2 pl-3">
          <p className="break-words">
            {event.what} {event.more ? <span className="text-soft">{event.more}</span> : null}
          </p>
          <p className="text-soft text-xs">
            <Moment at={event.at} />
          </p>
        </li>
      ))}
    </ol>
  );
}
