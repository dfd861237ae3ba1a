import { useState } from "react";
import { ApiError } from "@/api/client";
import type { Search } from "@/lib/address";
import { download } from "@/lib/csv";
import { type SheetPath, sheetOf } from "@/lib/sheet";
import { lists } from "@/texts/lists";
import { Failure } from "./states";

/** All that match, not only those that are shown, as the API writes them. */
export function Sheet({ path, query, file }: { path: SheetPath; query: Search; file: string }) {
  const [rows, setRows] = useState<number | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const fetchAll = async () => {
    setError(null);
    setRows(0);
    try {
      download(file, await sheetOf(path, query, setRows));
    } catch (cause) {
      setError(cause instanceof ApiError ? cause : new ApiError(0, "unreachable", ""));
    } finally {
      setRows(null);
    }
  };
  return (
    <>
      <button type="button" className="button" disabled={rows !== null} onClick={() => void fetchAll()}>
        <span aria-live="polite">{rows === null ? lists.csv : lists.csvBusy(rows)}</span>
      </button>
      {error ? <Failure error={error} /> : null}
    </>
  );
}
