// Lists the positions of an account in a market and closes the newest one that is open. Everything that it knows of the API comes
// from docs/openapi.json: `npm run types` makes generated/api.ts of it.
//
//   MONIQO_URL=http://127.0.0.1:4566/… MONIQO_TOKEN=mqk_… node close-position.ts BTC/USDT acc_…

import createClient from "openapi-fetch";
import type { components, operations, paths } from "./generated/api.ts";

type Position = components["schemas"]["Position"];
type Problem = components["schemas"]["Problem"];
type Status = components["schemas"]["PositionStatus"];
type Query = NonNullable<operations["listPositions"]["parameters"]["query"]>;

const OPEN: readonly Status[] = ["waiting", "live", "partially_filled"];

const [url, token] = [process.env["MONIQO_URL"], process.env["MONIQO_TOKEN"]];
const [symbol, account] = process.argv.slice(2);
if (!url || !token || !symbol || !account) {
  console.error("MONIQO_URL=… MONIQO_TOKEN=… node close-position.ts SYMBOL ACCOUNT");
  process.exit(2);
}
const api = createClient<paths>({ baseUrl: url, fetch: patient, headers: { Authorization: `Bearer ${token}` } });

/** Retries after 429 and 503, which say after how many seconds. */
async function patient(request: Request): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(request.clone());
    if (tries === 20 || (answer.status !== 429 && answer.status !== 503)) return answer;
    const seconds = Number(answer.headers.get("retry-after") ?? 1);
    await new Promise((done) => setTimeout(done, seconds * 1_000));
  }
}

function failed(problem: Problem): never {
  console.error(`${problem.code ?? "no answer"}: ${problem.detail ?? JSON.stringify(problem)}`);
  process.exit(1);
}

async function* positions(): AsyncGenerator<Position> {
  const wanted: Query = { limit: 50, ...(symbol && { symbol }), ...(account && { account }) };
  let query = wanted;
  for (;;) {
    const { data, error } = await api.GET("/api/v1/position-groups", { params: { query } });
    if (error) failed(error);
    yield* data.items;
    if (!data.next_cursor) return;
    query = { ...wanted, cursor: data.next_cursor };
  }
}

for await (const position of positions()) {
  if (!OPEN.includes(position.status)) continue;
  const { data, error } = await api.POST("/api/v1/position-groups/{id}/close", { params: { path: { id: position.id } } });
  if (error) failed(error);
  console.log(JSON.stringify({ id: data.id, status: data.status }));
  process.exit(0);
}
console.error(`no open position of ${symbol} in ${account}`);
process.exit(1);
