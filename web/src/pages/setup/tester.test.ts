import { afterEach, beforeEach, expect, it, vi } from "vitest";

const sent: { path: string; key: string | null; body: string }[] = [];
let answers: Response[] = [];
const json = (status: number, body: object) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const token = () => json(201, { webhook_path: "/api/v1/webhook/usr_1/whk_1", secret: "whk_1" });
const received = () => json(202, { delivery_id: "dlv_1" });
const refused = () => json(422, { status: 422, code: "invalid_field" });

// The client takes the browser's own at its start.
vi.stubGlobal("fetch", async (request: Request) => {
  sent.push({ path: new URL(request.url).pathname, key: request.headers.get("Idempotency-Key"), body: await request.text() });
  const answer = answers.shift();
  if (!answer) throw new TypeError("network");
  return answer;
});
const { begin } = await import("@/api/client");
const { tester } = await import("./tester");

const press = (test: ReturnType<typeof tester>) => test({ label: "paper", exchange: "PAPER" }, "BTCUSDT", "100").catch(() => null);
const [TOKENS, HOOK] = ["/api/v1/webhook-tokens", "/api/v1/webhook/usr_1/whk_1"];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  begin("proof");
  sent.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

it("asks for the same token by the same bytes until it is answered", async () => {
  const test = tester();
  answers = [];
  await press(test);
  vi.advanceTimersByTime(120_000);
  await press(test);
  expect(sent).toHaveLength(2);
  expect(sent[1]).toEqual(sent[0]);
});

it("sends the same alert by the same token until it is answered, and then another one", async () => {
  const test = tester();
  answers = [token()];
  await press(test);
  answers = [received()];
  await press(test);
  expect(sent.map(({ path }) => path)).toEqual([TOKENS, HOOK, HOOK]);
  expect(sent[2]).toEqual(sent[1]);
  answers = [token(), received()];
  await press(test);
  expect(sent.map(({ path }) => path).slice(3)).toEqual([TOKENS, HOOK]);
  expect(sent[3]?.key).not.toBe(sent[0]?.key);
  expect(sent[4]?.body).not.toBe(sent[1]?.body);
});

it.each([["token", () => [refused()]], ["alert", () => [token(), refused()]]])("begins anew after a refused %s", async (_, given) => {
  const test = tester();
  answers = given();
  await press(test);
  answers = [token(), received()];
  await press(test);
  expect(sent.filter(({ path }) => path === TOKENS)).toHaveLength(2);
  expect(sent.at(-2)?.key).not.toBe(sent[0]?.key);
});

it("begins anew once the token has ended", async () => {
  const test = tester();
  answers = [token()];
  await press(test);
  vi.advanceTimersByTime(15 * 60_000);
  answers = [token(), received()];
  await press(test);
  expect(sent.map(({ path }) => path)).toEqual([TOKENS, HOOK, TOKENS, HOOK]);
});
