import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { ApiError, Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { corrected } from "@/lib/time";
import { marks as texts, whales } from "@/texts/whales";
import { Moment } from "@/ui/age";
import type { ChartCandle, Mark } from "@/ui/chart";
import { failureText } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { Value } from "@/ui/value";
import { countsOf, daysOf, isCurrent, kindOf, marksOf, shownIn } from "./whales";

type Alert = Schemas["WhaleAlert"];

const MARKED_MAX = 100;
const NONE: Alert[] = [];

export interface WhaleMarks {
  marks: Mark[];
  alerts: Alert[];
  /** How many of them were detected behind the last candle, and have no mark. */
  later: number;
  /** Whether older ones are not among them. */
  isCut: boolean;
  isRead: boolean;
  error: ApiError | null;
}

/** Whale alerts of a currency over these candles. Nothing is asked for if it is null. */
export function useWhaleMarks(currency: string | null, candles: ChartCandle[], every: number): WhaleMarks {
  const now = corrected(Date.now());
  const [first, end] = [candles[0]?.at ?? 0, (candles.at(-1)?.at ?? 0) + every];
  const days = candles.length === 0 ? null : daysOf({ first, end }, now);
  const current = isCurrent({ first, end }, every, now);
  const isAsked = currency !== null && days !== null;
  const asked = useRead("/api/v1/whale-alerts", { params: { query: { currency: currency ?? undefined, limit: MARKED_MAX, ...days } } }, { poll: current && 300, enabled: isAsked });
  const items = (isAsked && asked.data?.items) || NONE;
  const alerts = useMemo(() => shownIn(items, { first, end }, current), [items, first, end, current]);
  const marks = useMemo(() => marksOf(alerts, candles, end), [alerts, candles, end]);
  return {
    marks,
    alerts,
    later: alerts.filter(({ detected_at: at }) => Date.parse(at) >= end).length,
    isCut: isAsked && Boolean(asked.data?.next_cursor),
    isRead: isAsked && asked.data !== undefined,
    error: isAsked && !asked.data ? asked.error : null,
  };
}

/** The marks in words, for readers who do not see the chart; empty if there are none. */
export function labelOf({ alerts, later }: WhaleMarks): string {
  // Newest first: the later ones lead.
  const { inflow, outflow, other } = countsOf(alerts.slice(later));
  return alerts.length > later ? texts.label(inflow, outflow, other) : "";
}

/** What the marks mean, and the alerts as a table. */
export function WhaleTable({ of, currency }: { of: WhaleMarks; currency: string }) {
  const { alerts, later, isCut, isRead, error } = of;
  if (error) return <p role="alert" className="text-warn text-xs">{`${texts.failed} ${failureText(error)}`}</p>;
  if (!isRead) return null;
  return (
    <>
      {alerts.length > 0 ? <Legend /> : <p className="text-soft text-xs">{texts.none}</p>}
      {later > 0 ? <p className="text-soft text-xs">{texts.later(later)}</p> : null}
      {isCut ? <p className="text-warn text-xs">{texts.cut(alerts.length)}</p> : null}
      {alerts.length > 0 ? (
        <details>
          <summary className="cursor-pointer">{texts.table}</summary>
          <div className="mt-2 max-h-96 overflow-y-auto">
            <Table id="whale-marks" caption={texts.tableCaption(currency)} rows={alerts} columns={COLUMNS} rowKey={({ id }) => id} sort="-detected" empty={null} />
          </div>
        </details>
      ) : null}
    </>
  );
}

function Legend() {
  return (
    <div className="text-soft space-y-1 text-xs">
      <p>{texts.legend}</p>
      <ul className="flex flex-wrap gap-x-4">
        <li>
          <Sign of="▼" ink="text-bad" /> {texts.inflow}
        </li>
        <li>
          <Sign of="▲" ink="text-good" /> {texts.outflow}
        </li>
        <li>
          <Sign of="●" ink="text-note" /> {texts.other}
        </li>
      </ul>
      <p>{texts.size}</p>
    </div>
  );
}

function Sign({ of, ink }: { of: string; ink: string }) {
  return (
    <span aria-hidden="true" className={ink}>
      {of}
    </span>
  );
}

const { columns } = whales;
const KINDS = { inflow: texts.inflow, outflow: texts.outflow, other: texts.other };
const COLUMNS: Column<Alert>[] = [
  { id: "detected", title: columns.detected, value: (alert) => alert.detected_at, cell: (alert) => <Moment at={alert.detected_at} /> },
  { id: "type", title: columns.type, value: (alert) => whales.types[alert.transaction_type] ?? alert.transaction_type, cell: (alert) => <Link to="/whales/$id" params={{ id: alert.id }} title={KINDS[kindOf(alert)]}>{whales.types[alert.transaction_type] ?? alert.transaction_type}</Link> },
  { id: "amount", title: columns.amount, value: (alert) => alert.amount, number: true, cell: (alert) => <Value of={alert.amount} unit={alert.currency} /> },
  { id: "usd", title: columns.usd, value: (alert) => alert.amount_usd, number: true, cell: (alert) => <Value of={alert.amount_usd} unit={whales.usd} /> },
  { id: "score", title: columns.score, value: (alert) => alert.significance_score, number: true },
];
