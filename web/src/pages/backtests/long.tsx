import { type ReactNode, useState } from "react";
import { backtest as backtestTexts } from "@/texts/backtests";
import { type Column, Table } from "@/ui/table";

const SHOWN = 200;

interface LongProps<Row> {
  id: string;
  caption: string;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  sort?: string;
  empty: ReactNode;
}

/** A table of what was read as a whole: the first rows, and all of them once they are wanted. */
export function Long<Row extends object>({ rows, ...table }: LongProps<Row>) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, SHOWN);
  const footer =
    rows.length > SHOWN ? (
      <span className="flex items-center gap-3">
        {backtestTexts.shownOf(shown.length, rows.length)}
        {all ? null : (
          <button type="button" className="button min-h-8" onClick={() => setAll(true)}>
            {backtestTexts.showAll(rows.length)}
          </button>
        )}
      </span>
    ) : undefined;
  return <Table {...table} rows={shown} footer={footer} />;
}
