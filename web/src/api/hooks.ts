import { notifyManager, type Query, type QueryKey, type UseQueryResult, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { FetchResponse, MaybeOptionalInit } from "openapi-fetch";
import type { PathsWithMethod } from "openapi-typescript-helpers";
import { type Answer, ApiError, answered, api } from "./client";
import type { paths } from "./generated";

const IN_FOCUS = 5_000;
const HIDDEN = 60_000;
/** For how long a change that is done waits for what is shown to be read anew: another list may be busy for a minute. */
const READ_ANEW = 2_000;

type GetPath = PathsWithMethod<paths, "get">;
type Init<P extends GetPath> = MaybeOptionalInit<paths[P], "get">;
export type Read<P extends GetPath> = NonNullable<
  FetchResponse<paths[P]["get"] & Record<string | number, unknown>, Init<P>, `${string}/${string}`>["data"]
>;

interface ReadOptions {
  /** Asks again every 5 s in focus and every 60 s hidden; or every so many seconds in focus. */
  poll?: boolean | number;
  enabled?: boolean;
}

export function interval(poll: boolean | number): number {
  return document.hidden ? HIDDEN : typeof poll === "number" ? poll * 1_000 : IN_FOCUS;
}

/** What a `GET` answers; the key is the path and what it was asked with. */
export function useRead<P extends GetPath>(path: P, init?: Init<P>, options: ReadOptions = {}): UseQueryResult<Read<P>, ApiError> {
  return useQuery<Read<P>, ApiError>({
    queryKey: key(path, init),
    queryFn: ({ signal }) => read(path, init, signal),
    refetchInterval: options.poll ? () => interval(options.poll ?? true) : false,
    refetchIntervalInBackground: true,
    enabled: options.enabled ?? true,
  });
}

export function key(path: string, init?: unknown): QueryKey {
  return init === undefined ? [path] : [path, init];
}

export function read<P extends GetPath>(path: P, init?: Init<P>, signal?: AbortSignal): Promise<Read<P>> {
  // The types of `GET` depend on the path, which is open here.
  const get = api.GET as unknown as (path: string, init: object) => Promise<Answer<Read<P>>>;
  return answered(get(path, { ...(init as object), signal }));
}

/**
 * A change. It is sent once per call and never again by itself; afterwards everything that is shown is asked for anew.
 * The caller gives the `Idempotency-Key`, the same for the same intent.
 */
export function useChange<Asked, Told>(change: (asked: Asked) => Promise<Answer<Told>>) {
  const queries = useQueryClient();
  return useMutation<Told, ApiError, Asked>({
    mutationFn: (asked) => answered(change(asked)),
    retry: false,
    // Passwords and keys that were sent, and secrets that were answered, are not kept.
    gcTime: 0,
    onSettled: () => Promise.race([queries.invalidateQueries(), new Promise((done) => setTimeout(done, READ_ANEW))]),
  });
}

const ACCOUNTS = new Set<unknown>(["/api/v1/accounts", "/api/v1/accounts/{id}"]);
const isOfAccounts = ({ queryKey }: Query): boolean => ACCOUNTS.has(queryKey[0]);

/** Reads the accounts that the page shows anew, once: another device may have made one live. Says whether they are, or why not. */
export function useAccountsAnew(): { isRead: boolean; error: ApiError | null } {
  const queries = useQueryClient();
  const [state, setState] = useState<{ isRead: boolean; error: ApiError | null }>({ isRead: false, error: null });
  useEffect(() => {
    let isShown = true;
    const began = Date.now();
    const shown = queries.getQueryCache().findAll({ type: "active", predicate: isOfAccounts });
    void queries.refetchQueries({ type: "active", predicate: isOfAccounts }).then(() => {
      // Offline, none fails and none is read.
      const old = shown.find((query) => query.state.dataUpdatedAt < began);
      const error = old ? new ApiError(0, "unreachable", "") : null;
      // Those who show them have them first.
      notifyManager.schedule(() => {
        if (isShown) setState({ isRead: !old, error });
      });
    });
    return () => {
      isShown = false;
    };
  }, [queries]);
  return state;
}

interface Page<Row> {
  items: Row[];
  next_cursor: string | null;
}

type Row<P extends GetPath> = Read<P> extends { items: (infer Item)[] } ? Item : never;

/** What a list page shows: rows so far, and whether and how there are more. */
export interface Listed<Item> {
  rows: Item[];
  error: ApiError | null;
  isPending: boolean;
  isError: boolean;
  dataUpdatedAt: number;
  hasMore: boolean;
  isFetchingMore: boolean;
  more: () => void;
  again: () => void;
}

const PAGE = 100;

/** A list by pages; `query` are its filters, and `path` what stands in the braces of the path. */
export function useList<P extends GetPath>(path: P, query: Record<string, string | number | undefined> = {}, options: ReadOptions & { path?: Record<string, string> } = {}): Listed<Row<P>> {
  const params = { query: { limit: PAGE, ...query }, path: options.path };
  const asked = useInfiniteQuery<Page<Row<P>>, ApiError, { pages: Page<Row<P>>[] }, QueryKey, string | undefined>({
    queryKey: key(path, { ...params, list: true }),
    queryFn: ({ pageParam, signal }) => read(path, { params: { ...params, query: { ...params.query, cursor: pageParam } } } as never, signal) as unknown as Promise<Page<Row<P>>>,
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // All pages that were read are read again: with several of them, as seldom as while hidden.
    refetchInterval: options.poll ? ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? HIDDEN : interval(options.poll ?? true)) : false,
    refetchIntervalInBackground: true,
    enabled: options.enabled ?? true,
  });
  const { data } = asked;
  // The same array until something of it changes: tables go by that.
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  return {
    rows,
    error: asked.data ? null : asked.error,
    isPending: asked.isPending,
    isError: asked.isError,
    dataUpdatedAt: asked.dataUpdatedAt,
    hasMore: asked.hasNextPage,
    isFetchingMore: asked.isFetchingNextPage,
    more: () => void asked.fetchNextPage(),
    again: () => void asked.refetch(),
  };
}
