import createClient from "openapi-fetch";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { paths } from "./generated";
import { forgetIntents, intents } from "./intents";

let keys: (string | null)[] = [];
let answers: (Response | Error)[] = [];
const json = (status: number, code = "", headers = {}) => new Response(JSON.stringify({ code }), { status, headers: { "content-type": "application/json", ...headers } });
const NONE = () => new TypeError("network");

const api = createClient<paths>({
  baseUrl: "http://here",
  fetch: async (request) => {
    keys.push(request.headers.get("Idempotency-Key"));
    const answer = answers.shift() ?? json(200);
    if (answer instanceof Error) throw answer;
    return answer;
  },
});
api.use(intents);

const header = (key: string, version?: string) => ({ "Idempotency-Key": key, ...(version ? { "If-Match": version } : {}) });
const create = (key: string, { label = "main", version }: { label?: string; version?: string } = {}) =>
  api.POST("/api/v1/accounts", { params: { header: header(key, version) }, body: { exchange: "PAPER", label, mode: "paper" } }).catch(() => null);
const order = (key: string, quote = "100") => api.POST("/api/v1/orders", { params: { header: header(key) }, body: { account: "acc_1", symbol: "BTC/USDT", side: "buy", quote } }).catch(() => null);
const bot = (act: "start" | "stop") => (key: string) => api.POST(`/api/v1/bots/{id}/${act}`, { params: { path: { id: "bot_1" }, header: header(key) } }).catch(() => null);
const [start, stop] = [bot("start"), bot("stop")];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  forgetIntents();
  [keys, answers] = [[], []];
});
afterEach(() => {
  vi.useRealTimers();
});

const cut = () => {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"id":'));
      controller.error(new TypeError("cut"));
    },
  });
  return new Response(body, { status: 201, headers: { "content-type": "application/json" } });
};

it.each([
  ["no answer", NONE()],
  ["half an answer", cut()],
  ["503", json(503)],
  ["429", json(429)],
  ["a session that is over", json(401, "unauthorized")],
  ["a proof that is old", json(403, "csrf")],
  ["what is not finished", json(409, "in_progress")],
  ["what was done, its answer not kept", json(409, "answer_not_kept")],
  ["what is to be sent again later", json(409, "other", { "Retry-After": "5" })],
])("keeps the key of a creation after %s, until the same one is answered", async (_, doubt) => {
  answers = [doubt];
  for (const key of ["one", "two", "three"]) await create(key);
  expect(keys).toEqual(["one", "one", "three"]);
});

it.each([
  ["a success", json(201)],
  ["a refusal", json(422, "invalid_field")],
  ["a conflict", json(409, "label_taken")],
])("ends the key by %s", async (_, answer) => {
  answers = [answer];
  for (const key of ["one", "two"]) await create(key);
  expect(keys).toEqual(["one", "two"]);
});

it("keeps a key for a minute after it was first sent, and no longer", async () => {
  answers = [NONE(), NONE(), NONE()];
  await create("one");
  vi.advanceTimersByTime(59_000);
  await create("two");
  vi.advanceTimersByTime(1_000);
  await create("three");
  expect(keys).toEqual(["one", "one", "three"]);
});

it("gives another request another key, and the same with another version too", async () => {
  answers = [NONE()];
  await create("one");
  await create("two", { label: "other" });
  await create("three", { version: '"2"' });
  await create("four");
  expect(keys).toEqual(["one", "two", "three", "one"]);
});

it("stops anew what was started since a stop that was not answered", async () => {
  answers = [NONE()];
  await stop("one");
  await start("two");
  await stop("three");
  expect(keys).toEqual(["one", "two", "three"]);
});

const by = (key: string) => ({ params: { header: header(key) } });
const of = (id: string, key: string) => ({ params: { path: { id }, header: header(key) } });
it.each<[string, (key: string) => Promise<unknown>]>([
  ["to start", start],
  ["to stop", stop],
  ["to halt", (key) => api.POST("/api/v1/halt", { ...by(key), body: { reason: "news" } })],
  ["to resume", (key) => api.POST("/api/v1/resume", { ...by(key), body: { reason: "over" } })],
  ["to halt all", (key) => api.POST("/api/v1/system/halt", { ...by(key), body: { reason: "news" } })],
  ["to close", (key) => api.POST("/api/v1/position-groups/{id}/close", of("grp_1", key))],
  ["to close all", (key) => api.POST("/api/v1/position-groups/close", { ...by(key), body: { user: "usr_1", reason: "news" } })],
  ["to cancel", (key) => api.POST("/api/v1/orders/{id}/cancel", of("ord_1", key))],
  ["to accept", (key) => api.POST("/api/v1/reconciliation/{id}/accept", { ...of("acc_1", key), body: { proposal: "one", reason: "seen" } })],
  ["to change a plan", (key) => api.POST("/api/v1/user-plans", { ...by(key), body: { user_id: "usr_1", plan: "pro" } })],
  ["a key with its secret", (key) => api.POST("/api/v1/accounts", { ...by(key), body: { exchange: "BINANCE", mode: "live", label: "main", api_key: "k", api_secret: "s" } })],
])("sends each request %s with its own key, answered or not", async (_, send) => {
  answers = [json(503), json(503)];
  for (const key of ["one", "one", "two"]) await send(key);
  expect(keys).toEqual(["one", "one", "two"]);
});

it("stays in a dialog with the key that it has sent", async () => {
  answers = [NONE(), json(409, "answer_not_kept"), json(409, "answer_not_kept")];
  await create("one");
  await create("two");
  await create("two");
  vi.advanceTimersByTime(60_000);
  answers = [NONE()];
  await create("three");
  await create("two");
  await create("four");
  expect(keys, "by then another dialog has sent another one").toEqual(["one", "one", "one", "three", "one", "three"]);
});

it("leaves a request without a key alone", async () => {
  answers = [NONE()];
  await api.POST("/api/v1/accounts", { body: { exchange: "PAPER", label: "main", mode: "paper" } }).catch(() => null);
  await create("one");
  expect(keys).toEqual([null, "one"]);
});

it("an order of which no answer was heard is the same one from another dialog, and another size is another order", async () => {
  answers = [NONE()];
  for (const key of ["one", "two"]) await order(key);
  await order("three");
  await order("four", "200");
  expect(keys).toEqual(["one", "one", "three", "four"]);
});
