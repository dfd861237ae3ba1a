import type { Middleware } from "openapi-fetch";
import { isBusy } from "@/lib/words";
import { ApiError } from "./client";

const TRIES = 4;
const TRIES_UNANSWERED = 2;
const FIRST = 1_000;
const WAIT_MAX = 60_000;

/** Until when the API has asked to be left alone. */
let until = 0;

/** Hears for how long the API wants to be left alone. */
export const heeds: Middleware = {
  onResponse({ response }) {
    const seconds = Number(response.headers.get("Retry-After"));
    if (response.status === 429 && seconds > 0) until = Date.now() + Math.min(seconds * 1_000, WAIT_MAX);
    return undefined;
  },
};

/** How what was not answered is asked again; a refusal stays one. */
export const again = {
  retry(failures: number, error: unknown): boolean {
    if (!(error instanceof ApiError)) return false;
    if (isBusy(error)) return failures < TRIES;
    return (error.status === 0 || error.status >= 500) && failures < TRIES_UNANSWERED;
  },
  // Each waits for another time, lest all that were refused together come back together.
  retryDelay: (failures: number): number => Math.max(0, until - Date.now()) + FIRST * 2 ** failures * (0.5 + Math.random() / 2),
};
