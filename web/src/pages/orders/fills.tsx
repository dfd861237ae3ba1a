import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { order as orderTexts, orders as ordersTexts } from "@/texts/orders";
import { Moment } from "@/ui/age";
import { Empty } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { Value } from "@/ui/value";

type Fill = Schemas["Fill"];

const told = orderTexts.fill;
const columnsWith = (base: string, quote: string): Column<Fill>[] => [
  { id: "at", title: told.at, value: (fill) => fill.at, cell: (fill) => <Moment at={fill.at} /> },
  { id: "side", title: told.side, value: (fill) => ordersTexts.side[fill.side] ?? fill.side },
  { id: "price", title: told.price, value: (fill) => fill.price, number: true, cell: (fill) => <Value of={fill.price} unit={quote} /> },
  { id: "quantity", title: told.quantity, value: (fill) => fill.quantity, number: true, cell: (fill) => <Value of={fill.quantity} unit={base} /> },
  { id: "fee", title: told.fee, value: (fill) => fill.fee, number: true, cell: (fill) => <Fee of={fill} /> },
  {
    id: "value",
    title: told.value,
    value: (fill) => fill.fee_value,
    number: true,
    hidden: true,
    cell: (fill) => (fill.fee_unvalued ? <span className="text-warn">{told.unvalued}</span> : <Value of={fill.fee_value} unit={quote} />),
  },
  { id: "trade", title: told.trade, value: (fill) => fill.trade_id, cell: (fill) => (fill.trade_id === "declared" ? <span className="text-warn">{told.declared}</span> : <code className="text-xs">{fill.trade_id}</code>) },
];

function Fee({ of }: { of: Fill }) {
  return (
    <>
      <Value of={of.fee} unit={of.fee_asset ?? ""} />
      {of.fee_reckoned ? <span className="text-soft text-xs"> {told.estimated}</span> : null}
    </>
  );
}

/** The fills of one order, by the time of the exchange. */
export function Fills({ of, base, quote }: { of: Fill[]; base: string; quote: string }) {
  const columns = useMemo(() => columnsWith(base, quote), [base, quote]);
  return <Table id="order-fills" caption={orderTexts.fills} rows={of} columns={columns} rowKey={(fill) => fill.trade_id} sort="at" empty={<Empty title={orderTexts.noFills} />} />;
}
