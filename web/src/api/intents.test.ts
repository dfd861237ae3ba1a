import createClient from "openapi-fetch";
import { beforeEach, expect, it } from "vitest";
import type { paths } from "./generated";
import { forgetIntents, intents } from "./intents";

let keys: (string | null)[] = [];
let answers: (Response | Error)[] = [];
const json = (status: number, headers = {}) => new Response("{}", { status, headers: { "content-type": "application/json", ...headers } });

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

const resume = (key: string, reason = "over") => api.POST("/api/v1/resume", { params: { header: { "Idempotency-Key": key } }, body: { reason } }).catch(() => null);

beforeEach(() => {
  forgetIntents();
  [keys, answers] = [[], []];
});

it.each([["no answer", new TypeError("network")], ["503", json(503)], ["429", json(429)], ["what is not finished", json(409, { "Retry-After": "5" })]])("keeps the key after %s, until the same request is answered", async (_, doubt) => {
  answers = [doubt];
  for (const key of ["one", "two", "three"]) await resume(key);
  expect(keys).toEqual(["one", "one", "three"]);
});

it.each([["a success", json(200)], ["a refusal", json(422)], ["what was done, its answer not kept", json(409)]])("ends the key by %s", async (_, answer) => {
  answers = [answer];
  for (const key of ["one", "two"]) await resume(key);
  expect(keys).toEqual(["one", "two"]);
});

it("gives another request another key", async () => {
  answers = [new TypeError("network")];
  await resume("one");
  await resume("two", "another reason");
  await resume("three");
  expect(keys).toEqual(["one", "two", "one"]);
});

it("keeps nothing of a request with a secret, and sends a halt anew", async () => {
  answers = [json(503), json(503), json(503), json(503)];
  for (const key of ["one", "two"]) {
    await api.POST("/api/v1/keys/{exchange}", { params: { path: { exchange: "BINANCE" }, header: { "Idempotency-Key": key } }, body: { mode: "live", label: "default", api_key: "k", api_secret: "s" } });
  }
  for (const key of ["three", "four"]) await api.POST("/api/v1/halt", { params: { header: { "Idempotency-Key": key } }, body: { reason: "news" } });
  expect(keys).toEqual(["one", "two", "three", "four"]);
});

it("leaves a request without a key alone", async () => {
  answers = [new TypeError("network")];
  await api.POST("/api/v1/resume", { body: { reason: "preview", dry_run: true } }).catch(() => null);
  await resume("one");
  expect(keys).toEqual([null, "one"]);
});
