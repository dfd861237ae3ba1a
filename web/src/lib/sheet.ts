import { type Answer, ApiError, answered, api } from "@/api/client";
import type { Search } from "@/lib/address";

const PAGE = 200;
/** What the API writes as a sheet, too. */
export type SheetPath = "/api/v1/trades/history" | "/api/v1/transactions" | "/api/v1/user-trades";

/** `cursor` of the page that a `Link` header names as the next one. */
export function nextCursor(link: string | null): string | null {
  const next = link?.split(/,(?=\s*<)/).find((each) => /;\s*rel="?next"?/.test(each));
  const address = next && /<([^>]*)>/.exec(next)?.[1];
  return address ? new URL(address, "http://here").searchParams.get("cursor") : null;
}

/** Sheets under one header: each page repeats it. */
export function joined(sheets: string[]): string {
  return sheets.map((sheet, index) => (index === 0 ? sheet : sheet.replace(/^[^\n]*\n/, ""))).join("");
}

export const rowsOf = (sheet: string): number => Math.max(0, sheet.trimEnd().split("\n").length - 1);

/** All rows that match, page by page, as the API writes them. */
export async function sheetOf(path: SheetPath, query: Search, onRows: (count: number) => void): Promise<string> {
  const sheets: string[] = [];
  let rows = 0;
  let cursor: string | null = null;
  do {
    const page = await sheetPage(path, query, cursor);
    sheets.push(page.text);
    rows += rowsOf(page.text);
    onRows(rows);
    // A cursor that leads to itself would never end.
    if (page.next !== null && page.next === cursor) throw new ApiError(0, "unreadable", "");
    cursor = page.next;
  } while (cursor !== null);
  return joined(sheets);
}

async function sheetPage(path: SheetPath, query: Search, cursor: string | null): Promise<{ text: string; next: string | null }> {
  // The types of `GET` depend on the path, which is one of several here.
  const get = api.GET as unknown as (path: SheetPath, init: object) => Promise<Answer<unknown>>;
  const response = await get(path, { params: { query: { ...query, format: "csv", limit: PAGE, cursor: cursor ?? undefined } }, parseAs: "text" });
  const text = await answered(Promise.resolve(response));
  return { text: typeof text === "string" ? text : "", next: nextCursor(response.response.headers.get("Link")) };
}
