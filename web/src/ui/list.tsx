import type { RowData } from "@tanstack/react-table";
import type { ReactNode } from "react";
import type { Listed } from "@/api/hooks";
import { texts } from "@/texts/common";
import { Empty, Failure, Loading } from "./states";
import { type Column, Table } from "./table";

interface ListProps<Row> {
  of: Listed<Row>;
  id: string;
  caption: string;
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  sort?: string;
  empty: ReactNode;
}

/** A list of the API as the one table: loading, refused, empty, or its rows with a way to more. */
export function List<Row extends RowData>({ of, ...table }: ListProps<Row>) {
  if (of.error) return <Failure error={of.error} again={of.again} />;
  if (of.isPending) return <Loading />;
  // Filters are checked row by row: where none of these matched, older ones may.
  if (of.rows.length === 0 && of.hasMore) return <Older of={of} />;
  return <Table {...table} rows={of.rows} footer={<More of={of} />} />;
}

function Older<Row>({ of }: { of: Listed<Row> }) {
  return (
    <Empty title={texts.table.noneYet}>
      <button type="button" className="button" disabled={of.isFetchingMore} onClick={of.more}>
        {of.isFetchingMore ? texts.states.loading : texts.table.older}
      </button>
    </Empty>
  );
}

function More<Row>({ of }: { of: Listed<Row> }) {
  return (
    <span className="flex items-center gap-3">
      {texts.table.rows(of.rows.length)}
      {of.hasMore ? (
        <button type="button" className="button min-h-8" disabled={of.isFetchingMore} onClick={of.more}>
          {texts.actions.more}
        </button>
      ) : null}
    </span>
  );
}
