import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { Status } from "@/pages/positions/list";
import { alert as alertTexts } from "@/texts/alerts";
import { ModeBadge } from "@/ui/badge";
import { Orders } from "@/ui/order";
import { Empty, Shown } from "@/ui/states";

/** The positions that a verdict concerns, each with its orders. */
export function AlertPositions({ ids }: { ids: string[] }) {
  if (ids.length === 0) return <Empty title={alertTexts.noPositions} />;
  return ids.map((id) => <One key={id} id={id} />);
}

function One({ id }: { id: string }) {
  const position = useRead("/api/v1/position-groups/{id}", { params: { path: { id } } }, { poll: 30 });
  return (
    <Shown of={position}>
      {(data) => (
        <div className="space-y-2">
          <p className="flex flex-wrap items-center gap-2">
            <Link to="/positions/$id" params={{ id }}>
              {data.symbol}
            </Link>
            {data.side}
            <ModeBadge mode={data.mode} />
            <Status of={data.status} />
          </p>
          <Orders of={ordersOf(data)} />
        </div>
      )}
    </Shown>
  );
}

function ordersOf(position: Schemas["PositionDetail"]): Schemas["Order"][] {
  const entries = position.pyramids.flatMap((pyramid) => pyramid.legs.flatMap((leg) => leg.orders));
  const all = [...entries, ...position.take_profit_orders, ...position.exit_orders];
  // An order may stand in two of these lists.
  return [...new Map(all.map((order) => [order.id, order])).values()];
}
