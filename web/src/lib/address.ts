import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export type Search = Record<string, string | undefined>;

/** `?a=1` is `{a: "1"}`: no value is guessed to be a number. */
export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const filled = Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "");
  const text = new URLSearchParams(filled).toString();
  return text ? `?${text}` : "";
}

/** What is filtered by, as it stands in the address: it can be sent to others, and the back button undoes it. */
export function useFilters(): [Search, (name: string, value: string) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const set = useCallback(
    (name: string, value: string) => void navigate({ to: ".", search: (all: Search) => ({ ...all, [name]: value || undefined }) } as never),
    [navigate],
  );
  return [search, set];
}
