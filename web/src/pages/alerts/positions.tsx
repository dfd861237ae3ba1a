import { Link } from "@tanstack/react-router";
import { useRead } from "@/api/hooks";
import { ordersOf } from "@/pages/positions/figures";
import { Status } from "@/pages/positions/list";
import { alert as alertTexts } from "@/texts/alerts";
import { positions as positionTexts } from "@/texts/positions";
import { AccountName } from "@/ui/account";
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
            {positionTexts.side[data.side]}
            <AccountName of={{ id: data.account_id, exchange: data.exchange, mode: data.mode }} />
            <Status of={data.status} />
          </p>
          <Orders of={ordersOf(data)} mode={data.take_profit.mode} />
        </div>
      )}
    </Shown>
  );
}
