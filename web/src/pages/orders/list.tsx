import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { texts } from "@/texts/common";
import { orders as ordersTexts } from "@/texts/orders";
import { reasonText } from "@/texts/reasons";
import { ReadAt } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { BY_MODE, Filters } from "@/ui/filters";
import { List } from "@/ui/list";
import { ORDER_COLUMNS } from "@/ui/order";
import { Page } from "@/ui/page";
import { Reason } from "@/ui/reason";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";

type Order = Schemas["Order"];

const STATES = Object.entries(ordersTexts.state).map(([value, text]) => ({ value, text }));

export function Orders() {
  const [search, filter] = useFilters();
  const { status, mode, symbol } = search;
  const orders = useList("/api/v1/orders", { status, mode, symbol }, { poll: true });
  const mayTrade = useMay("trading:write");
  const mayOrder = useMay("orders:write");
  const create =
    mayTrade || mayOrder ? (
      <Link to="/orders/new" className="button button-main">
        {ordersTexts.create}
      </Link>
    ) : null;
  return (
    <Page title={ordersTexts.title} about={<ReadAt at={orders.dataUpdatedAt} failed={orders.isError} />} actions={create}>
      <Filters
        of={[
          { name: "status", label: ordersTexts.filters.status, options: STATES },
          BY_MODE,
          { name: "symbol", label: ordersTexts.filters.symbol },
        ]}
        search={search}
        onChange={filter}
      />
      <List
        of={orders}
        id="orders"
        caption={ordersTexts.title}
        columns={COLUMNS}
        rowKey={(order) => order.id}
        sort="-created"
        empty={
          status || mode || symbol ? (
            <Empty title={ordersTexts.emptyFiltered} />
          ) : (
            <Empty title={ordersTexts.empty}>
              <Link to="/setup">{ordersTexts.emptyNext}</Link>
            </Empty>
          )
        }
      />
    </Page>
  );
}

/** What a phone shows without scrolling. */
const FIRST = ["purpose", "state", "price"];

/** The columns of orders anywhere, with what tells orders of several positions apart. */
const COLUMNS = columns();

function columns(): Column<Order>[] {
  // Orders of earlier releases do not name their market.
  const market = (order: Order) => order.symbol ?? ordersTexts.positionLink;
  const own: Column<Order>[] = [
    { id: "position", title: ordersTexts.columns.position, value: market, cell: (order) => <Link to="/positions/$id" params={{ id: order.position_group_id }}>{market(order)}</Link> },
    { id: "mode", title: ordersTexts.columns.mode, value: (order) => order.mode, cell: (order) => <ModeBadge mode={order.mode} /> },
  ];
  const reason: Column<Order> = {
    id: "reason",
    title: ordersTexts.columns.reason,
    value: (order) => order.reason && (reasonText(order.reason.code)?.words ?? order.reason.code),
    cell: (order) => (order.reason ? <Reason code={order.reason.code} /> : texts.none),
  };
  const others = ORDER_COLUMNS.filter(({ id }) => !FIRST.includes(id));
  return [...FIRST.flatMap((id) => ORDER_COLUMNS.filter((column) => column.id === id)), ...own, ...others.slice(0, -1), reason, ...others.slice(-1)];
}
