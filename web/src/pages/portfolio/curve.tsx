import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { grouped, withSign } from "@/lib/decimal";
import { daysOf } from "@/lib/period";
import { moment } from "@/lib/time";
import { texts as common } from "@/texts/common";
import { portfolio } from "@/texts/portfolio";
import { Moment } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { Chart } from "@/ui/chart";
import { Periods } from "@/ui/periods";
import { Select } from "@/ui/form";
import { Facts, Section } from "@/ui/page";
import { Empty, Shown } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { Profit, Value } from "@/ui/value";
import { chosen, type Curve, drawn, keyOf } from "./points";

type Point = Schemas["EquityPoint"];
type Close = Schemas["EquityStep"];

const texts = portfolio.curve;
const nameOf = ({ mode, currency }: Curve): string => texts.ofOption(mode ? common.mode[mode] : common.mode.unknown, currency);

/** What the accounts of one mode were worth in one currency, and what was closed between. */
export function EquityOverTime() {
  const [search, filter] = useFilters();
  const equity = useRead("/api/v1/portfolio/equity", { params: { query: daysOf(search, Date.now()) } }, { poll: 60 });
  const curves = equity.data?.curves ?? [];
  const curve = chosen(curves, search.curve);
  return (
    <Section title={texts.title}>
      <p className="text-soft">{texts.about}</p>
      <div className="grid grid-cols-2 items-start gap-2 sm:flex sm:flex-wrap">
        {curve ? <Select label={texts.of} value={keyOf(curve)} onChange={(value) => filter("curve", value)} options={curves.map((each) => ({ value: keyOf(each), text: nameOf(each) }))} /> : null}
        <Periods search={search} onChange={filter} />
      </div>
      <Shown of={equity}>{({ since }) => (curve ? <OneCurve key={keyOf(curve)} of={curve} since={since} /> : <Empty title={texts.empty}>{texts.emptyNext}</Empty>)}</Shown>
    </Section>
  );
}

function OneCurve({ of, since }: { of: Curve; since: string }) {
  const { mode, currency, points, closes } = of;
  const columns = useMemo(() => ({ days: days(currency), closes: closesIn(currency) }), [currency]);
  const lines = useMemo(() => drawn(of, since), [of, since]);
  const [first, last, total] = [points[0], points.at(-1), closes.at(-1)?.total ?? null];
  const facts: [string, ReactNode][] = [
    [texts.facts.first, <Value key="first" of={first?.equity} unit={currency} />],
    [texts.facts.last, <Value key="last" of={last?.equity} unit={currency} />],
    [texts.facts.closed, <span key="closed"><Profit of={total} unit={currency} /> <span className="text-soft">{texts.closes(closes.length)}</span></span>],
  ];
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <ModeBadge mode={mode} /> {currency}
      </p>
      <Facts of={facts} />
      {lines.length === 0 ? <p className="text-soft">{points.length > 0 ? texts.few : texts.empty}</p> : null}
      {lines.length > 0 ? (
        <div className="card space-y-2 p-2">
          <ul className="flex flex-wrap gap-x-4 px-2 text-xs">
            {lines.map(({ title, ink }) => (
              <li key={title}>
                <span aria-hidden="true" className={INKS[ink]}>
                  ●{" "}
                </span>
                {title}
              </li>
            ))}
          </ul>
          <Chart label={labelOf(of)} curves={lines} height={120 + 110 * lines.length} />
        </div>
      ) : null}
      {points.length > 0 ? (
        <Hidden title={texts.days}>
          <Table id="equity-days" caption={texts.daysCaption} rows={points} columns={columns.days} rowKey={({ at }) => at} sort="-at" empty={null} />
        </Hidden>
      ) : null}
      {closes.length > 0 ? (
        <Hidden title={texts.closesTable}>
          <Table id="equity-closes" caption={texts.closesCaption} rows={closes} columns={columns.closes} rowKey={({ position_id: id }) => id} sort="-at" empty={null} />
        </Hidden>
      ) : null}
    </>
  );
}

const INKS: Partial<Record<ReturnType<typeof drawn>[number]["ink"], string>> = { brand: "text-brand", note: "text-note", warn: "text-warn" };

function Hidden({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details>
      <summary className="cursor-pointer">{title}</summary>
      <div className="mt-2">{children}</div>
    </details>
  );
}

/** The picture in words. */
function labelOf(curve: Curve): string {
  const { points, closes, currency } = curve;
  const [first, last, total] = [points[0], points.at(-1), closes.at(-1)?.total];
  const values = [
    ...(first && last && first !== last ? [texts.from(texts.lines.equity, `${grouped(first.equity)} ${currency}`, `${grouped(last.equity)} ${currency}`), texts.from(texts.lines.open, withSign(first.unrealised_pnl), withSign(last.unrealised_pnl))] : []),
    ...(total === undefined ? [] : [`${texts.lines.closed} ${withSign(total)} ${currency}`]),
  ];
  return texts.label(nameOf(curve), values.join("; "));
}

const { dayColumns: day, closeColumns: close } = texts;

const days = (currency: string): Column<Point>[] => [
  { id: "at", title: day.at, value: ({ at }) => at, cell: ({ at }) => <span title={moment(at)}>{at.slice(0, 10)}</span> },
  { id: "equity", title: day.equity, value: ({ equity }) => equity, number: true, cell: ({ equity }) => <Value of={equity} unit={currency} /> },
  { id: "cash", title: day.cash, value: ({ cash }) => cash, number: true, cell: ({ cash }) => <Value of={cash} unit={currency} /> },
  { id: "open", title: day.open, value: ({ unrealised_pnl: profit }) => profit, number: true, cell: ({ unrealised_pnl: profit }) => <Profit of={profit} unit={currency} /> },
];

const closesIn = (currency: string): Column<Close>[] => [
  { id: "at", title: close.at, value: ({ at }) => at, cell: ({ at, position_id: id }) => <Link to="/positions/$id" params={{ id }}><Moment at={at} /></Link> },
  { id: "realised", title: close.realised, value: ({ realised_pnl: profit }) => profit, number: true, cell: ({ realised_pnl: profit }) => <Profit of={profit} unit={currency} /> },
  { id: "total", title: close.total, value: ({ total }) => total, number: true, cell: ({ total }) => <Profit of={total} unit={currency} /> },
  { id: "position", title: close.position, value: ({ position_id: id }) => id, hidden: true, cell: ({ position_id: id }) => <code className="text-xs">{id}</code> },
];
