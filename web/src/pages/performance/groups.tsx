import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useRead } from "@/api/hooks";
import { texts as common } from "@/texts/common";
import { performance as texts } from "@/texts/performance";
import { closedTrades as trades } from "@/texts/trades";
import { Average } from "@/ui/average";
import { ModeBadge } from "@/ui/badge";
import { Facts, Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { Profit, Value } from "@/ui/value";
import { apart, type By, type Group, held, sharpe } from "./report";

const { columns } = texts;

const fees = ({ fees }: Group): string | null => fees && Object.entries(fees).map(([asset, amount]) => `${amount} ${asset}`).join(", ");

const FIGURES: Column<Group>[] = [
  { id: "profit", title: columns.profit, value: (row) => row.realised_pnl, number: true, cell: (row) => <Profit of={row.realised_pnl} unit={row.currency} /> },
  { id: "mode", title: columns.mode, value: (row) => row.mode, cell: (row) => <ModeBadge mode={row.mode} /> },
  { id: "trades", title: columns.trades, value: (row) => row.trades, number: true },
  { id: "won", title: columns.won, value: (row) => row.win_rate_percent, number: true, cell: (row) => <Value of={row.win_rate_percent} unit={row.win_rate_percent === null ? undefined : "%"} /> },
  { id: "expectancy", title: columns.expectancy, value: (row) => row.expectancy, number: true, cell: (row) => <Profit of={row.expectancy} unit={row.currency} /> },
  { id: "factor", title: columns.factor, value: (row) => row.profit_factor, number: true, cell: (row) => <Average of={row.profit_factor} /> },
  { id: "drawdown", title: columns.drawdown, value: (row) => row.drawdown, number: true, cell: (row) => <Value of={row.drawdown} unit={row.currency} /> },
  { id: "sharpe", title: columns.sharpe, value: sharpe, number: true, cell: (row) => <Value of={sharpe(row)} /> },
  { id: "held", title: columns.held, value: (row) => row.holding_seconds, number: true, cell: (row) => <span className="whitespace-nowrap">{held(row) ?? common.none}</span> },
  { id: "fees", title: columns.fees, value: fees, cell: (row) => <Fees of={row} /> },
  { id: "best", title: columns.best, value: (row) => row.best, number: true, hidden: true, cell: (row) => <Profit of={row.best} unit={row.currency} /> },
  { id: "worst", title: columns.worst, value: (row) => row.worst, number: true, hidden: true, cell: (row) => <Profit of={row.worst} unit={row.currency} /> },
  { id: "gained", title: columns.gained, value: (row) => row.gained, number: true, hidden: true, cell: (row) => <Value of={row.gained} unit={row.currency} /> },
  { id: "lost", title: columns.lost, value: (row) => row.given_back, number: true, hidden: true, cell: (row) => <Value of={row.given_back} unit={row.currency} /> },
  { id: "currency", title: columns.currency, value: (row) => row.currency, hidden: true },
];
/** What tells totals apart stands first. */
const TOTALS = [...FIGURES.filter(({ id }) => id === "mode"), ...FIGURES.filter(({ id }) => id !== "mode")];

function Fees({ of: { fees } }: { of: Group }) {
  const paid = Object.entries(fees ?? {});
  if (paid.length === 0) return common.none;
  return (
    <ul>
      {paid.map(([asset, amount]) => (
        <li key={asset}>
          <Value of={amount} unit={asset} />
        </li>
      ))}
    </ul>
  );
}

export function Totals({ of }: { of: Group[] }) {
  return (
    <Section title={texts.totals}>
      <Table id="performance-totals" caption={texts.totalsCaption} rows={of} columns={TOTALS} rowKey={apart} empty={<Empty title={texts.empty}>{texts.emptyNext}</Empty>} />
    </Section>
  );
}

/** The same by key. */
export function Groups({ of, by }: { of: Group[]; by: By }) {
  const name = useNames(by);
  const all = useMemo((): Column<Group>[] => {
    const cell = ({ key }: Group) => (by === "bot" && key !== null ? <Link to="/bots/$id" params={{ id: key }}>{name(key)}</Link> : name(key));
    return [{ id: "key", title: columns.key[by], value: ({ key }) => name(key), cell }, ...FIGURES];
  }, [by, name]);
  return (
    <Section title={texts.groups(texts.bys[by])}>
      {by === "tag" ? <p className="text-soft">{texts.tagWhy}</p> : null}
      <Table id="performance" caption={texts.groupsCaption(texts.bys[by])} rows={of} columns={all} rowKey={(row) => `${row.key ?? ""}.${apart(row)}`} sort={by === "month" || by === "day" ? "-key" : "-profit"} empty={null} />
    </Section>
  );
}

/** Keys in words; bots are asked for only if the keys are bots. */
function useNames(by: By): (key: string | null) => string {
  const bots = useRead("/api/v1/bots", { params: { query: { limit: 200 } } }, { enabled: by === "bot" }).data?.items;
  return useMemo(
    () => (key) => {
      if (key === null) return texts.none[by];
      if (by === "source") return trades.sources[key as keyof typeof trades.sources] ?? key;
      return by === "bot" ? (bots?.find(({ id }) => id === key)?.name ?? key) : key;
    },
    [by, bots],
  );
}

/** What each figure is. */
export function Meaning() {
  return (
    <details>
      <summary className="cursor-pointer">{texts.why.title}</summary>
      <div className="mt-2">
        <Facts of={texts.why.of.map(([name, why]) => [name, why])} />
      </div>
    </details>
  );
}
