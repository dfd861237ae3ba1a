// Which requests each page makes as it is opened. The costs of pages are counted from requests.json (tests/it/counted), so a page that
// comes to ask for more fails here first. `MONIQO_WRITE=1` writes the file anew.
import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { close, entered, opened as openPosition, type Opened, paperAccount, type Person, person, stories, until } from "./support";

stories();

const FILE = new URL("../requests.json", import.meta.url);
const WRITES = process.env.MONIQO_WRITE === "1";

/** Of every page, whatever it shows. */
const SHELL = ["GET /api/v1/notifications/unread-count", "GET /api/v1/users/me"];

let trader: Person;
let account: Awaited<ReturnType<typeof paperAccount>>;
let position: Awaited<ReturnType<typeof openPosition>>;

beforeAll(async () => {
  trader = await person("trader");
  account = await paperAccount(trader);
  // Far from the price: it stays open while it is looked at.
  position = await openPosition(trader, account, { take_profit: { steps: [{ profit_percent: "60", amount_percent: "100" }] }, stop_loss_percent: "50" });
}, 120_000);

/** The pages by their routes, each with its address. */
const PAGES: Record<string, () => string> = {
  "/": () => "/",
  "/positions": () => "/positions",
  "/positions/$id": () => `/positions/${position.id}`,
  "/orders": () => "/orders",
  // An order that rests: more is asked about it than about one that has ended.
  "/orders/$id": () => `/orders/${position.take_profit_orders.find((order) => order.state === "open")?.id}`,
  "/alerts": () => "/alerts",
  "/alerts/$id": () => `/alerts/${position.delivery_id}`,
  "/trades": () => "/trades",
  "/portfolio": () => "/portfolio",
  "/performance": () => "/performance",
  "/transactions": () => "/transactions",
  "/risk": () => "/risk",
  "/bots": () => "/bots",
  // A series that no story fetches: its candles come from the exchange, whatever else is stored.
  "/market": () => "/market?exchange=PAPER&symbol=BTC%2FUSDT&timeframe=4h",
  "/whales": () => "/whales",
  "/accounts": () => "/accounts",
  "/accounts/$id": () => `/accounts/${account.id}`,
  "/notifications": () => "/notifications",
  "/setup": () => "/setup",
};

/** What is asked for, whichever object, market and time is named. */
function pattern(method: string, address: string): string {
  const { pathname, searchParams } = new URL(address);
  const path = pathname.replace(/(?<=\/)(grp|ord|dlv|acc|usr)_\w+/g, "{id}").replace(/(?<=\/markets\/)[^/]+/, "{market}");
  const values: Record<string, string> = { since: "{time}", until: "{time}", cursor: "{cursor}" };
  const query = [...searchParams].map(([name, value]) => `${name}=${values[name] ?? encodeURIComponent(value)}`).sort();
  return [`${method} ${path}`, ...(query.length > 0 ? [query.join("&")] : [])].join("?");
}

/** Every request that was sent, once, and whether there was none for a while. */
function listen({ page }: Opened): { sent: Set<string>; isIdle: () => boolean } {
  const sent = new Set<string>();
  let [underWay, last] = [0, Date.now()];
  const count = (by: number) => {
    underWay += by;
    last = Date.now();
  };
  page.on("request", (request) => {
    count(1);
    const { pathname } = new URL(request.url());
    if (/^\/(api\/|health)/.test(pathname)) sent.add(pattern(request.method(), request.url()));
  });
  page.on("requestfinished", () => count(-1));
  page.on("requestfailed", () => count(-1));
  return { sent, isIdle: () => underWay === 0 && Date.now() - last > 1_000 };
}

async function requests(route: string, expected: string[]): Promise<string[]> {
  const opened = await entered(trader);
  const { page } = opened;
  // How many candles are asked for follows from how old the position is.
  await page.clock.install({ time: Date.parse(position.opened_at) });
  const { sent, isIdle } = listen(opened);
  await page.goto(PAGES[route]?.() ?? "");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector(".animate-pulse"));
  // On a busy machine a page may be slow to ask. What it never asks is said by the comparison.
  await until("all requests", async () => [...SHELL, ...expected].every((each) => sent.has(each)), { seconds: 20 }).catch(() => null);
  await until("the network to be idle", async () => isIdle());
  await close(opened);
  expect([...sent], "the shell asks on every page").toEqual(expect.arrayContaining(SHELL));
  return [...sent].filter((each) => !SHELL.includes(each)).sort();
}

const told: Record<string, string[]> = WRITES ? {} : JSON.parse(readFileSync(FILE, "utf8"));
const found: Record<string, string[]> = { shell: SHELL };

for (const route of Object.keys(PAGES)) {
  it(`${route} asks what is written down`, async () => {
    found[route] = await requests(route, told[route] ?? []);
    if (!WRITES) expect(found[route]).toEqual(told[route]);
  });
}

it("these pages are written down, and no other", () => {
  expect(Object.keys(found), "all pages were read").toHaveLength(1 + Object.keys(PAGES).length);
  if (WRITES) writeFileSync(FILE, `${JSON.stringify(found, null, 2)}\n`);
  else expect({ shell: told.shell, routes: Object.keys(told) }).toEqual({ shell: SHELL, routes: Object.keys(found) });
});
