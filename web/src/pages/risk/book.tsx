import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import type { Schemas } from "@/api/client";
import { multiply } from "@/lib/decimal";
import { moment } from "@/lib/time";
import { texts as common } from "@/texts/common";
import { score as texts } from "@/texts/risk";
import { AccountName } from "@/ui/account";
import { ModeBadge } from "@/ui/badge";
import { Facts } from "@/ui/page";
import { type Column, Table } from "@/ui/table";
import { Value } from "@/ui/value";
import { path, type Point, scores } from "./line";
import { Positions } from "./measure";

type BookView = Schemas["RiskBook"];
type Factor = Schemas["RiskFactor"];
type Worst = Schemas["PositionWorstCase"];

/** Open positions of one mode and currency: their score, what it is made of, and what they may lose. */
export function Book({ of, all }: { of: BookView; all: Schemas["RiskAssessment"][] }) {
  const { mode, currency, equity, worst_loss: worst, unvalued } = of;
  // The same ones each time: a link that has the focus keeps it while what is shown is read again.
  const columns = useMemo(() => ({ exposure: exposure(currency), worst: worstCases(currency) }), [currency]);
  const facts: [string, ReactNode][] = [
    [texts.facts.equity, <Value key="equity" of={equity} unit={currency} />],
    [texts.facts.worst, <Value key="worst" of={worst} unit={currency} />],
    ...(unvalued.length > 0 ? [[texts.facts.unvalued, <Unvalued key="unvalued" ids={unvalued} />] satisfies [string, ReactNode]] : []),
  ];
  const book = `${mode ? common.mode[mode] : common.mode.unknown}, ${currency}`;
  return (
    <section className="space-y-3" aria-label={texts.book(book)}>
      <h3 className="flex items-center gap-2">
        <ModeBadge mode={mode} /> {currency}
      </h3>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <ScoreCard score={of.score} points={scores(all, of)} />
        <Facts of={facts} />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-3 xl:grid-cols-2">
        <Part title={texts.factors} why={texts.factorsWhy}>
          <Table id="risk-factors" caption={texts.caption(texts.factors, book)} rows={of.factors} columns={FACTORS} rowKey={({ name }) => name} empty={null} />
        </Part>
        <Part title={texts.exposure}>
          <Table id="risk-exposure" caption={texts.caption(texts.exposure, book)} rows={of.exposure} columns={columns.exposure} rowKey={({ asset }) => asset} sort="-planned" empty={null} />
        </Part>
      </div>
      <Part title={texts.worst} why={texts.worstWhy}>
        <Table id="risk-worst" caption={texts.caption(texts.worst, book)} rows={of.worst_cases} columns={columns.worst} rowKey={({ position_id: id }) => id} sort="-loss" empty={null} />
      </Part>
    </section>
  );
}

function Part({ title, why, children }: { title: string; why?: string; children: ReactNode }) {
  return (
    <div className="min-w-0 space-y-2">
      <h4 className="font-semibold">{title}</h4>
      {why ? <p className="text-soft text-xs">{why}</p> : null}
      {children}
    </div>
  );
}

function Unvalued({ ids }: { ids: string[] }) {
  return (
    <>
      <span className="text-warn">{texts.unvalued(ids.length)}</span>
      <Positions ids={ids} />
    </>
  );
}

const [WIDTH, HEIGHT] = [240, 48];

/** The score, how far it is from 100, and how it came there. */
function ScoreCard({ score, points }: { score: number; points: Point[] }) {
  const all = points.map((point) => point.score);
  const [lowest, highest] = [Math.min(...all), Math.max(...all)];
  const [first, last] = [points[0], points.at(-1)];
  return (
    <div className="card space-y-2">
      <p className="text-soft text-xs">{texts.facts.score}</p>
      <p className="text-3xl font-semibold">
        <span className="number">{texts.of(score)}</span>
      </p>
      <div className="bg-hover h-1.5 overflow-hidden rounded" aria-hidden="true">
        <div className="bg-brand h-full" style={{ width: `${Math.min(100, score)}%` }} />
      </div>
      {first && last && first !== last ? (
        <figure className="m-0">
          <svg role="img" aria-label={texts.lineLabel(moment(first.at), moment(last.at), lowest, highest, last.score)} viewBox={`-2 -2 ${WIDTH + 4} ${HEIGHT + 4}`} className="text-brand h-14 w-full" preserveAspectRatio="none">
            <polyline points={path(points, WIDTH, HEIGHT)} fill="none" stroke="currentColor" strokeWidth="2" vectorEffect="non-scaling-stroke" />
          </svg>
          <figcaption className="text-soft text-xs">
            {texts.line}: {texts.lineShort(lowest, highest)}
          </figcaption>
        </figure>
      ) : null}
    </div>
  );
}

/** Shares of what is measured in percent; the others as they are. */
const SHARES: readonly Factor["name"][] = ["volatility", "liquidity"];
const measured = ({ name, measure }: Factor): string | null => (measure !== null && SHARES.includes(name) ? multiply(measure, "100") : measure);

const told = texts.columns;
const FACTORS: Column<Factor>[] = [
  { id: "factor", title: told.factor, value: ({ name }) => texts.factor[name] ?? name, cell: (factor) => <FactorName of={factor} /> },
  { id: "value", title: told.value, value: ({ value }) => value, number: true, cell: ({ value }) => (value === null ? <span className="text-warn block min-w-28">{texts.noCandles}</span> : <Value of={value} />) },
  { id: "weight", title: told.weight, value: ({ weight }) => weight, number: true, cell: ({ weight }) => <Value of={weight} /> },
  { id: "measure", title: told.measure, value: measured, number: true, cell: (factor) => <Value of={measured(factor)} unit={SHARES.includes(factor.name) ? "%" : undefined} /> },
];

function FactorName({ of: { name } }: { of: Factor }) {
  return (
    <span className="block min-w-36">
      {texts.factor[name] ?? name}
      <span className="text-soft block text-xs">{texts.factorWhy[name]}</span>
    </span>
  );
}

const exposure = (currency: string): Column<Schemas["AssetExposure"]>[] => [
  { id: "asset", title: told.asset, value: ({ asset }) => asset },
  { id: "planned", title: told.planned, value: ({ planned }) => planned, number: true, cell: ({ planned }) => <Value of={planned} unit={currency} /> },
  { id: "held", title: told.held, value: ({ value }) => value, number: true, cell: ({ value }) => <Value of={value} unit={currency} /> },
];

const worst = texts.worstColumns;
const worstCases = (currency: string): Column<Worst>[] => [
  { id: "position", title: worst.position, value: ({ symbol }) => symbol, cell: ({ position_id: id, symbol }) => <Link to="/positions/$id" params={{ id }}>{symbol}</Link> },
  { id: "account", title: worst.account, value: ({ account_id: id }) => id, cell: ({ account_id: id }) => <AccountName of={{ id }} /> },
  { id: "loss", title: worst.loss, value: ({ loss }) => loss, number: true, cell: ({ loss }) => <Value of={loss} unit={currency} /> },
  { id: "planned", title: worst.planned, value: ({ planned }) => planned, number: true, cell: ({ planned }) => <Value of={planned} unit={currency} /> },
  { id: "stop", title: worst.stop, value: ({ stop_price: stop }) => stop, number: true, cell: ({ stop_price: stop }) => <Value of={stop} /> },
  { id: "gone", title: worst.gone, value: ({ margin_gone_price: price }) => price, number: true, cell: ({ margin_gone_price: price }) => <span title={price === null ? undefined : texts.goneWhy}><Value of={price} /></span> },
  { id: "distance", title: worst.distance, value: ({ margin_gone_percent: percent }) => percent, number: true, cell: ({ margin_gone_percent: percent }) => <Value of={percent} unit={percent === null ? undefined : "%"} /> },
];
