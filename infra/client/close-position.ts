// Lists the open positions of an account and closes the newest one of a market. Everything that it knows of the API comes
// from docs/openapi.json: `npm run types` makes generated/api.ts of it.
//
//   MONIQO_URL=http://127.0.0.1:4566/… MONIQO_TOKEN=mqk_… node close-position.ts BTC/USDT

import createClient from "openapi-fetch";
import type { components, operations, paths } from "./generated/api.ts";

type Position = components["schemas"]["PositionGroup"];
type Problem = components["schemas"]["Problem"];
type Status = components["schemas"]["PositionStatus"];
type Query = NonNullable<operations["listPositions"]["parameters"]["query"]>;

const OPEN: readonly Status[] = ["waiting", "live", "partially_filled"];

const [url, token, symbol] = [process.env["MONIQO_URL"], process.env["MONIQO_TOKEN"], process.argv[2]];
if (!url || !token || !symbol) {
  console.error("MONIQO_URL=… MONIQO_TOKEN=… node close-position.ts SYMBOL");
  process.exit(2);
}
const api = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${token}` } });

function failed(problem: Problem): never {
  console.error(`${problem.code}: ${problem.detail}`);
  process.exit(1);
}

async function* positions(): AsyncGenerator<Position> {
  let query: Query = { limit: 50 };
  for (;;) {
    const { data, error } = await api.GET("/api/v1/position-groups", { params: { query } });
    if (error) failed(error);
    yield* data.items;
    if (!data.next_cursor) return;
    query = { limit: 50, cursor: data.next_cursor };
  }
}

for await (const position of positions()) {
  if (position.symbol !== symbol || !OPEN.includes(position.status)) continue;
  const { data, error } = await api.POST("/api/v1/position-groups/{id}/close", { params: { path: { id: position.id } } });
  if (error) failed(error);
  console.log(JSON.stringify({ id: data.id, status: data.status }));
  process.exit(0);
}
console.error(`no open position of ${symbol}`);
process.exit(1);
