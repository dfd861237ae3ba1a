import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

type Account = { id: string; label: string; mode: string; version: number };
let accounts: Account[] | null;
let changes: { path: string; key: string | null; version: string | null }[] = [];
let answers: Response[] = [];
let stalls = false;
const json = (status: number, body: object) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

// The client takes the browser's own at its start.
vi.stubGlobal("fetch", async (request: Request) => {
  const { pathname: path } = new URL(request.url);
  if (request.method === "GET" && stalls) await new Promise(() => undefined);
  if (request.method === "GET") return accounts ? json(200, { items: accounts, next_cursor: null }) : json(404, {});
  changes.push({ path, key: request.headers.get("Idempotency-Key"), version: request.headers.get("If-Match") });
  return answers.shift() ?? json(200, {});
});
const { api, begin, ifMatch } = await import("@/api/client");
const { useAccounts } = await import("./account");
const { Effect } = await import("./effect");

const account = (mode: string, version = 1): Account => ({ id: "acc_1", label: "main", mode, version });

function Page({ waits }: { waits?: boolean }) {
  const [found] = useAccounts().data?.items ?? [];
  if (!found) return null;
  return (
    <Effect
      verb="Start"
      title="Start main"
      account={waits}
      typed={found.mode === "live" ? "main" : undefined}
      version={found.version}
      preview={<p>{found.mode}</p>}
      act={({ key, version }) => api.POST("/api/v1/bots/{id}/start", { params: { path: { id: "bot_1" }, header: { "Idempotency-Key": key, ...ifMatch(version) } } })}
    />
  );
}

let root: Root;
const buttons = () => [...document.querySelectorAll("button")].filter(({ textContent }) => textContent === "Start");
const shown = <T,>(look: () => T | null | undefined) => vi.waitFor(() => look() || expect.fail("it is not shown"));
const dialog = () => document.querySelector("dialog")?.textContent ?? "";

async function open(page: ReactNode): Promise<void> {
  root.render(<QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>{page}</QueryClientProvider>);
  await shown(() => buttons()[0]);
}
const press = (index = 0) => buttons()[index]?.click();

beforeEach(() => {
  begin("proof");
  [accounts, changes, answers] = [[account("testnet")], [], []];
  stalls = false;
  document.body.innerHTML = "<div></div>";
  root = createRoot(document.body.firstElementChild ?? document.body);
});
afterEach(() => root.unmount());

it("asks for the name of an account that was made live since the page has read it, and sends nothing before", async () => {
  await open(<Page waits />);
  accounts = [account("live", 2)];
  press();
  await shown(() => /Type main/.test(dialog()));
  expect(buttons()[1]?.disabled).toBe(true);
  expect(dialog()).not.toMatch(/changed since/);
});

it("goes by the version that was read as it opened", async () => {
  await open(<Page waits />);
  accounts = [account("testnet", 2)];
  press();
  await shown(() => buttons()[1]);
  press(1);
  await shown(() => changes[0]);
  expect(changes[0]?.version).toBe('"2"');
});

it("does nothing that depends on an account that cannot be read", async () => {
  await open(<Page waits />);
  accounts = null;
  press();
  await shown(() => /did not answer/.test(dialog()));
  expect(buttons()).toHaveLength(1);
});

it("keeps nothing else waiting for it", async () => {
  await open(<Page />);
  accounts = null;
  press();
  await shown(() => buttons()[1]);
  expect(buttons()[1]?.disabled).toBe(false);
});

it("shows beside all else what was read anew", async () => {
  await open(<Page />);
  accounts = [account("live")];
  press();
  await shown(() => /Type main/.test(dialog()));
});

it("reads accounts that are shown once a minute", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await open(<Page />);
  press();
  await shown(() => /testnet/.test(dialog()));
  accounts = [account("live")];
  await vi.advanceTimersByTimeAsync(58_000);
  expect(dialog()).toMatch(/testnet/);
  await vi.advanceTimersByTimeAsync(3_000);
  await shown(() => /Type main/.test(dialog()));
  vi.useRealTimers();
});

it("closes once it is done, however long what is shown behind is not read", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await open(<Page />);
  press();
  await shown(() => buttons()[1]);
  stalls = true;
  press(1);
  await shown(() => /Sending/.test(dialog()));
  await vi.advanceTimersByTimeAsync(3_000);
  await shown(() => !document.querySelector("dialog"));
  expect(changes).toHaveLength(1);
  vi.useRealTimers();
});

it("sends one request, and hears its answer, however fast the second press comes", async () => {
  answers = [json(200, {}), json(409, { status: 409, code: "answer_not_kept" })];
  await open(<Page />);
  press();
  await shown(() => buttons()[1]);
  press(1);
  press(1);
  await shown(() => !document.querySelector("dialog"));
  expect(changes).toHaveLength(1);
});

it("sends the key of a request in doubt again, and another one after a refusal", async () => {
  answers = [json(409, { status: 409, code: "answer_not_kept" }), json(422, { status: 422, code: "invalid_field" })];
  await open(<Page />);
  press();
  await shown(() => buttons()[1]);
  for (const count of [1, 2, 3]) {
    await shown(() => !buttons()[1]?.disabled);
    press(1);
    await shown(() => changes.length === count);
    await shown(() => !/Sending/.test(dialog()));
  }
  const [first, second, third] = changes;
  expect(second?.key).toBe(first?.key);
  expect(third?.key).not.toBe(first?.key);
});
