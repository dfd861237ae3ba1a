import { QueryClient } from "@tanstack/react-query";
import createClient from "openapi-fetch";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Failure, Shown } from "@/ui/states";
import { again, heeds } from "./busy";
import { ApiError } from "./client";
import type { paths } from "./generated";

const BUSY = new ApiError(429, "unreadable", "");

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asked as the dashboard asks, it answers each of these in turn; also how many were asked for. */
async function ask(answers: (ApiError | string)[]): Promise<[string, number]> {
  let asked = 0;
  const queries = new QueryClient();
  const queryFn = () => {
    const answer = answers[asked++] ?? "";
    return answer instanceof ApiError ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const told = queries.fetchQuery({ queryKey: ["one"], queryFn, ...again }).catch(() => "failed");
  await vi.runAllTimersAsync();
  return [await told, asked];
}

it("asks a few times again what a busy deployment refused, and no refusal", async () => {
  expect(await ask([BUSY, BUSY, BUSY, "read"])).toEqual(["read", 4]);
  expect(await ask([BUSY, BUSY, BUSY, BUSY, BUSY, "read"])).toEqual(["failed", 5]);
  expect(await ask([new ApiError(503, "unreadable", ""), "read"])).toEqual(["read", 2]);
  expect(await ask([new ApiError(403, "missing_scope", ""), "read"])).toEqual(["failed", 1]);
});

it("waits longer each time, never as long as others do, and as long as it was told", async () => {
  const [one, other] = [again.retryDelay(0), again.retryDelay(0)];
  expect(one).not.toBe(other);
  expect(again.retryDelay(3)).toBeGreaterThan(Math.max(one, other) * 2);
  const api = createClient<paths>({ baseUrl: "http://here", fetch: () => Promise.resolve(new Response("{}", { status: 429, headers: { "Retry-After": "20" } })) });
  api.use(heeds);
  await api.GET("/api/v1/halt");
  expect(again.retryDelay(0)).toBeGreaterThanOrEqual(20_000);
});

it("says so in words", () => {
  const failed = renderToStaticMarkup(<Failure error={BUSY} />);
  expect(failed).toContain("The deployment is busy");
  expect(failed).not.toMatch(/429|unreadable/);
  const asked = { data: undefined, error: null, failureReason: BUSY, refetch: () => {} };
  expect(renderToStaticMarkup(<Shown of={asked}>{() => null}</Shown>)).toContain("busy; asked again in a moment");
});
