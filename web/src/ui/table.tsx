import {
  type ColumnDef,
  createSortedRowModel,
  columnVisibilityFeature,
  FlexRender,
  type RowData,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useSearch, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { csv, download } from "@/lib/csv";
import { compare } from "@/lib/decimal";
import { texts } from "@/texts/common";

const features = tableFeatures({ rowSortingFeature, columnVisibilityFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

/** One column: what is sorted and put into a file, and how it is shown. */
export interface Column<Row> {
  id: string;
  title: string;
  /** What the column says of a row, for sorting and for CSV. */
  value: (row: Row) => string | number | null | undefined;
  /** How it is shown; without it, the value as text. */
  cell?: (row: Row) => ReactNode;
  /** Numbers stand to the right and are sorted as decimals. */
  number?: boolean;
  /** Hidden until the reader wants it. */
  hidden?: boolean;
}

interface TableProps<Row> {
  /** Keeps columns and order apart from those of other tables. */
  id: string;
  caption: string;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  /** What stands where there are no rows. */
  empty: ReactNode;
  /** Column that the rows are sorted by at first; with `-` before it, from the greatest. */
  sort?: string;
  /** Under the table: more rows, counts. */
  footer?: ReactNode;
}

const order = (one: unknown, other: unknown): number => {
  const [a, b] = [one == null ? null : String(one), other == null ? null : String(other)];
  const decimal = compare(a, b);
  if (decimal !== 0 || a === b) return decimal;
  return (a ?? "").localeCompare(b ?? "");
};

/** The one table of the product. Its order stands in the address, its columns in this browser. */
export function Table<Row extends RowData>({ id, caption, rows, columns, rowKey, empty, sort, footer }: TableProps<Row>) {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const sortKey = `sort_${id}`;
  const [hidden, setHidden] = useHidden(id, columns);
  const sorted = search[sortKey] ?? sort ?? "";
  const sorting = useMemo(() => (sorted ? [{ id: sorted.replace(/^-/, ""), desc: sorted.startsWith("-") }] : []), [sorted]);
  const defs = useMemo(
    () =>
      columns.map(
        (column): ColumnDef<Features, Row> => ({
          id: column.id,
          header: column.title,
          accessorFn: (row) => column.value(row) ?? undefined,
          // What is not there comes last, whatever the order.
          sortUndefined: "last",
          cell: ({ row }) => column.cell?.(row.original) ?? column.value(row.original) ?? texts.none,
          // Rows of the same value keep their place: what is polled does not jump.
          sortFn: (one, other, of) => order(one.getValue(of), other.getValue(of)),
        }),
      ),
    [columns],
  );
  const visible = useMemo(() => Object.fromEntries(columns.map((column) => [column.id, !hidden.includes(column.id)])), [columns, hidden]);
  const table = useTable({
    features,
    data: rows,
    columns: defs,
    getRowId: rowKey,
    state: { sorting, columnVisibility: visible },
    onSortingChange: () => {},
  });
  const numbers = new Set(columns.filter((column) => column.number).map((column) => column.id));
  const sortBy = (column: string) => {
    const next = sorted === column ? `-${column}` : column;
    void navigate({ to: ".", search: (all: object) => ({ ...all, [sortKey]: next }), replace: true } as never);
  };
  const shown = columns.filter((column) => !hidden.includes(column.id));
  const toFile = () => {
    const cells = table.getRowModel().rows.map((row) => shown.map((column) => column.value(row.original)));
    download(`moniqo-${id}.csv`, csv(shown.map((column) => column.title), cells));
  };
  if (rows.length === 0) return <>{empty}</>;
  return (
    <div className="card p-0">
      <div className="border-line flex flex-wrap items-center justify-end gap-2 border-b p-2">
        <Columns columns={columns} hidden={hidden} onChange={setHidden} />
        <button type="button" className="button min-h-8" onClick={toFile}>
          {texts.table.csv}
        </button>
      </div>
      {/* biome-ignore lint: a region that scrolls is reached by the keyboard */}
      <div className="overflow-x-auto" role="region" aria-label={caption} tabIndex={0}>
        <table className="w-full border-collapse text-left">
          <caption className="sr-only">{caption}</caption>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id} className="border-line border-b">
                {group.headers.map((header) => {
                  const by = sorting[0]?.id === header.column.id ? (sorting[0].desc ? "descending" : "ascending") : "none";
                  return (
                    <th key={header.id} scope="col" aria-sort={by} className={`p-0 font-medium ${numbers.has(header.column.id) ? "text-right" : ""}`}>
                      <button type="button" className="hover:bg-hover w-full cursor-pointer px-3 py-2 whitespace-nowrap [text-align:inherit]" onClick={() => sortBy(header.column.id)}>
                        <FlexRender header={header} />
                        <span aria-hidden="true" className="text-soft">
                          {by === "ascending" ? " ▲" : by === "descending" ? " ▼" : ""}
                        </span>
                      </button>
                    </th>
                  );
                })}
              </tr>
            ))}
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} className="border-line hover:bg-hover border-b last:border-0">
                {row.getVisibleCells().map((cell) => (
                  <td key={cell.id} className={`max-w-80 px-3 py-2 align-top break-words ${numbers.has(cell.column.id) ? "text-right" : ""}`}>
                    <FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {footer ? <div className="border-line text-soft border-t p-2">{footer}</div> : null}
    </div>
  );
}

function useHidden<Row>(id: string, columns: Column<Row>[]): [string[], (hidden: string[]) => void] {
  const key = `columns.${id}`;
  const [hidden, setHidden] = useState<string[]>(() => {
    try {
      const saved: unknown = JSON.parse(localStorage.getItem(key) ?? "");
      if (Array.isArray(saved)) return saved.filter((each) => typeof each === "string");
    } catch {
      // Nothing was saved, or not by us.
    }
    return columns.filter((column) => column.hidden).map((column) => column.id);
  });
  const save = (next: string[]) => {
    setHidden(next);
    localStorage.setItem(key, JSON.stringify(next));
  };
  return [hidden, save];
}

function Columns<Row>({ columns, hidden, onChange }: { columns: Column<Row>[]; hidden: string[]; onChange: (hidden: string[]) => void }) {
  const toggle = (column: string) => onChange(hidden.includes(column) ? hidden.filter((each) => each !== column) : [...hidden, column]);
  return (
    <details className="relative">
      <summary className="button min-h-8 list-none">{texts.table.columns}</summary>
      <div className="card absolute right-0 z-10 mt-1 w-56 space-y-1 p-3 shadow-lg">
        {columns.map((column) => (
          <label key={column.id} className="flex items-center gap-2">
            <input
              type="checkbox"
              checked={!hidden.includes(column.id)}
              // The last one stays: a table without columns cannot be brought back.
              disabled={!hidden.includes(column.id) && hidden.length === columns.length - 1}
              onChange={() => toggle(column.id)}
            />
            {column.title}
          </label>
        ))}
      </div>
    </details>
  );
}
