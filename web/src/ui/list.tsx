import type { RowData } from "@tanstack/react-table";
import type { ReactNode } from "react";
import type { Listed } from "@/api/hooks";
import { texts } from "@/texts/common";
import { Failure, Loading } from "./states";
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
  return <Table {...table} rows={of.rows} footer={<More of={of} />} />;
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
