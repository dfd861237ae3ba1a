import { lazy, Suspense, useMemo, useState } from "react";
import { useList } from "@/api/hooks";
import { add } from "@/lib/decimal";
import { balances as balancesTexts } from "@/texts/accounts";
import { Select } from "@/ui/form";
import { List } from "@/ui/list";
import { Section } from "@/ui/page";
import { Empty, Loading } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Value } from "@/ui/value";
import type { Account } from "./words";

// The chart is large, and most accounts are looked at for other reasons.
const Chart = lazy(() => import("@/ui/chart").then((part) => ({ default: part.Chart })));

interface Row {
  at: string;
  asset: string;
  free: string;
  locked: string;
}

const total = (row: Row): string | null => add(row.free, row.locked);
const told = balancesTexts.historyColumns;
const COLUMNS: Column<Row>[] = [
  { id: "day", title: told.day, value: (row) => row.at.slice(0, 10), cell: (row) => <time dateTime={row.at}>{row.at.slice(0, 10)}</time> },
  { id: "asset", title: told.asset, value: (row) => row.asset },
  { id: "free", title: told.free, value: (row) => row.free, number: true, cell: (row) => <Value of={row.free} unit={row.asset} /> },
  { id: "locked", title: told.locked, value: (row) => row.locked, number: true, cell: (row) => <Value of={row.locked} unit={row.asset} /> },
  { id: "total", title: told.total, value: total, number: true, cell: (row) => <Value of={total(row)} unit={row.asset} /> },
];

/** Balances day by day: one asset as a curve, all of them as a table. */
export function History({ of }: { of: Account }) {
  const days = useList("/api/v1/accounts/{id}/balances/history", {}, { path: { id: of.id } });
  const rows = useMemo(() => days.rows.flatMap(({ at, balances }) => Object.entries(balances).map(([asset, { free, locked }]) => ({ at, asset, free, locked }))), [days.rows]);
  const assets = [...new Set(rows.map((row) => row.asset))].sort();
  const [chosen, choose] = useState("");
  const asset = assets.includes(chosen) ? chosen : (assets.find((each) => each === "USDT") ?? assets[0]);
  const curves = useMemo(() => {
    const points = rows.filter((row) => row.asset === asset).map((row) => ({ at: Date.parse(row.at), value: Number(total(row)) }));
    return asset ? [{ title: asset, ink: "brand" as const, points }] : [];
  }, [rows, asset]);
  return (
    <Section title={balancesTexts.history}>
      {asset && new Set(rows.map((row) => row.at)).size > 1 ? (
        <div className="card space-y-3">
          {assets.length > 1 ? (
            <div className="max-w-48">
              <Select label={balancesTexts.asset} value={asset} onChange={choose} options={assets} />
            </div>
          ) : null}
          <Suspense fallback={<Loading />}>
            <Chart label={balancesTexts.chart(asset)} curves={curves} height={220} />
          </Suspense>
        </div>
      ) : null}
      <List of={{ ...days, rows }} id="balance-days" caption={balancesTexts.historyCaption} columns={COLUMNS} rowKey={(row) => `${row.at} ${row.asset}`} sort="-day" empty={<Empty title={balancesTexts.historyEmpty}>{balancesTexts.historyEmptyNext}</Empty>} />
    </Section>
  );
}
