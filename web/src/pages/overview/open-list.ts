import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { ApiError, Schemas } from "@/api/client";
import { interval, key, read, useList } from "@/api/hooks";

type Position = Schemas["Position"];

const OPEN = ["waiting", "partially_filled", "live", "closing"] as const satisfies Position["status"][];
/** A page looks at up to 400 positions of any status, and may have none of the one that is asked for. */
const PAGES_MAX = 5;
const LIMIT = 200;
const EVERY = 10;

export interface OpenList {
  /** Newest first. */
  rows: Position[];
  /** Whether the bound was reached: older ones may be open besides. */
  isCut: boolean;
}

/** All positions that are open, as the list has them. */
export function useOpenList(): UseQueryResult<OpenList, ApiError> {
  return useQuery<OpenList, ApiError>({
    queryKey: key("/api/v1/position-groups", { open: true }),
    queryFn: async ({ signal }) => {
      const found = await Promise.all(OPEN.map((status) => all(status, signal)));
      const rows = new Map(found.flatMap((list) => list.rows).map((position) => [position.id, position]));
      return { rows: [...rows.values()].sort((one, other) => other.opened_at.localeCompare(one.opened_at)), isCut: found.some((list) => list.isCut) };
    },
    refetchInterval: () => interval(EVERY),
    refetchIntervalInBackground: true,
  });
}

/** The newest that are closed: coins of them may still be held. */
export const useClosedList = (enabled = true) => useList("/api/v1/position-groups", { status: "closed" }, { poll: 30, enabled });

async function all(status: (typeof OPEN)[number], signal: AbortSignal): Promise<OpenList> {
  const rows: Position[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const { items, next_cursor } = await read("/api/v1/position-groups", { params: { query: { status, limit: LIMIT, cursor } } }, signal);
    rows.push(...items);
    if (next_cursor === null) return { rows, isCut: false };
    cursor = next_cursor;
  }
  return { rows, isCut: true };
}
