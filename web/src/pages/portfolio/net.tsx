import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { texts as common } from "@/texts/common";
import { portfolio } from "@/texts/portfolio";
import { AccountName, useAccountTexts } from "@/ui/account";
import { Priced } from "@/ui/age";
import { Average } from "@/ui/average";
import { ModeBadge } from "@/ui/badge";
import { Select } from "@/ui/form";
import { List } from "@/ui/list";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { baseOf, Profit, quoteOf, Value } from "@/ui/value";

type Net = Schemas["NetPosition"];

const texts = portfolio.net;
const { columns } = texts;
const COSTS = ["average", "fifo"] as const;

const columnsWith = (named: (id: string) => string): Column<Net>[] => [
  { id: "symbol", title: columns.symbol, value: (net) => net.symbol, cell: (net) => <Market of={net} /> },
  { id: "quantity", title: columns.quantity, value: (net) => net.quantity, number: true, cell: (net) => <Value of={net.quantity} unit={baseOf(net.symbol)} /> },
  { id: "unrealised", title: columns.unrealised, value: (net) => net.unrealised_pnl, number: true, cell: (net) => <Unrealised of={net} /> },
  { id: "cost", title: columns.cost, value: (net) => net.cost, number: true, cell: (net) => <Value of={net.cost} unit={quoteOf(net.symbol)} /> },
  { id: "average", title: columns.average, value: (net) => net.average_price, number: true, cell: (net) => <Average of={net.average_price} /> },
  { id: "realised", title: columns.realised, value: (net) => net.realised_pnl, number: true, cell: (net) => <Profit of={net.realised_pnl} unit={quoteOf(net.symbol)} /> },
  { id: "side", title: columns.side, value: (net) => net.side },
  { id: "mode", title: columns.mode, value: (net) => net.mode, cell: (net) => <ModeBadge mode={net.mode} /> },
  { id: "account", title: columns.account, value: (net) => named(net.account_id), cell: (net) => <AccountName of={{ id: net.account_id, exchange: net.exchange, mode: net.mode }} link /> },
  { id: "exchange", title: columns.exchange, value: (net) => net.exchange, hidden: true },
  { id: "positions", title: columns.positions, value: (net) => net.position_ids.length, number: true, hidden: true },
];

/** Leads to the position; to each of them if there are several. */
function Market({ of: { symbol, position_ids: ids } }: { of: Net }) {
  const [only, ...others] = ids;
  if (only === undefined) return symbol;
  if (others.length === 0) return <Link to="/positions/$id" params={{ id: only }}>{symbol}</Link>;
  return (
    <details>
      <summary className="cursor-pointer">
        {symbol} <span className="text-soft text-xs">{texts.positions(ids.length)}</span>
      </summary>
      <ul>
        {ids.map((id, place) => (
          <li key={id}>
            <Link to="/positions/$id" params={{ id }}>
              {texts.position(place + 1)}
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Unrealised({ of: { unrealised_pnl: profit, price_at: at, symbol } }: { of: Net }) {
  if (profit === null) return common.none;
  return <Priced at={at} source={common.source.price}><Profit of={profit} unit={quoteOf(symbol)} /></Priced>;
}

/** What each account holds of each market, at the average cost or first in, first out. */
export function NetPositions() {
  const [search, filter] = useFilters();
  const cost = COSTS.find((each) => each === search.cost) ?? "average";
  const named = useAccountTexts();
  const columns = useMemo(() => columnsWith(named), [named]);
  const net = useList("/api/v1/positions", { cost }, { poll: 15 });
  return (
    <Section title={texts.title}>
      <p className="text-soft">{texts.about}</p>
      <div className="w-52">
        <Select label={texts.cost} value={cost} onChange={(value) => filter("cost", value === "average" ? "" : value)} options={COSTS.map((value) => ({ value, text: texts.costs[value] }))} />
      </div>
      <List of={net} id="net-positions" caption={texts.caption} columns={columns} rowKey={(row) => `${row.account_id}.${row.symbol}.${row.mode}`} empty={<Empty title={texts.empty}>{texts.emptyNext}</Empty>} />
    </Section>
  );
}
