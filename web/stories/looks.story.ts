import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { close, COLOURS, ELSEWHERE, entered, type Opened, opened as openPosition, paperAccount, type Person, person, stories, stranger, until, violations } from "./support";

stories();

let admin: Person;
let paths: string[];

beforeAll(async () => {
  admin = await person("admin");
  const account = await paperAccount(admin);
  const position = await openPosition(admin, account, { take_profit: { steps: [{ profit_percent: "60", amount_percent: "100" }] }, stop_loss_percent: "50" });
  const { items: orders } = await admin.api.get("/orders");
  const bot = await admin.api.post("/bots", { name: "one", account: account.id, symbol: "BTCUSDT", timeframe: "1d", strategy: "RSI_CROSS" });
  await admin.api.post("/risk-rules", { label: "small", scope: { kind: "user" }, kind: "order_size", max: "5000", currency: "USDT" });
  await admin.api.post("/user-trades", ELSEWHERE);
  await admin.api.post("/risk-assessments");
  await until("an assessment", async () => (await admin.api.ask("GET", "/risk-assessments/latest")).status === 200, { every: 1_000 });
  paths = [
    ...["/", "/setup", "/positions", "/orders", "/alerts", "/trades", "/bots", "/bots/new", "/backtests", "/backtests/new", `/backtests/${PLAYED}`, "/market", "/market?exchange=PAPER&symbol=BTC%2FUSDT&timeframe=4h"],
    ...["/accounts", "/presets", "/presets/default", "/webhook-tokens", "/api-keys", "/notifications", "/settings", "/settings?view=security", "/settings?view=data", "/users", "/audit", "/nowhere"],
    ...["/risk", "/risk?view=score", "/risk?create=1", "/orders/new", `/orders/new?position=${position.id}&side=sell`, "/accounts?connect=1", "/alerts?view=dead-letters", "/audit?view=system", `/bots/${bot.id}?change=1`, `/bots/${bot.id}?view=log`],
    ...["/portfolio", "/performance", "/performance?by=day", "/trades?view=closed", "/trades?add=1", "/transactions"],
    ...["/whales", "/whales?period=own", `/whales/${WHALE}`, "/whales?view=sources"],
    ...[`/positions/${position.id}`, `/orders/${orders[0]?.id}`, `/alerts/${position.delivery_id}`, `/accounts/${account.id}`, `/bots/${bot.id}`, `/users/${admin.id}`],
  ];
}, 120_000);

interface Document {
  paths: Record<string, { get: { responses: { 200: { content: { "application/json": { example: unknown } } } } } }>;
}
const { paths: documented }: Document = JSON.parse(readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8"));
const PLAYED = "bkt_played";

/** A backtest that is done, as the API's document has one: to play one takes candles of some minutes. */
async function play({ page }: Opened): Promise<void> {
  for (const rest of ["", "/result"]) {
    const { example } = documented[`/api/v1/backtests/{id}${rest}`]?.get.responses[200].content["application/json"] ?? {};
    await page.route(`**/api/v1/backtests/${PLAYED}${rest}`, (route) => route.fulfill({ json: example }));
  }
}

const WHALE = "wha_shown";

/** Whale alerts and a source, as the API's document has them: a stack reads no blockchain. */
async function watch({ page }: Opened): Promise<void> {
  const addresses = { "/whale-alerts": "/whale-alerts?*", "/whale-alerts/stats": "/whale-alerts/stats?*", "/whale-alerts/{id}": `/whale-alerts/${WHALE}`, "/whale-sources": "/whale-sources?*", "/market-sentiment/latest": "/market-sentiment/latest?*" };
  for (const [path, address] of Object.entries(addresses)) {
    const { example } = documented[`/api/v1${path}`]?.get.responses[200].content["application/json"] ?? {};
    await page.route(`**/api/v1${address}`, (route) => route.fulfill({ json: example }));
  }
}

/** A page that has read what it shows. */
async function settled({ page }: Opened, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector(".animate-pulse"));
}

/** The theme changes colours alone: all else is looked at once for each width. */
const LOOKS = [
  { width: 1280, theme: "dark", rules: undefined },
  { width: 1280, theme: "light", rules: COLOURS },
  { width: 360, theme: "light", rules: undefined },
  { width: 360, theme: "dark", rules: COLOURS },
] as const;
/** While one page waits for its answers, another is looked at. */
const WINDOWS = 3;

it("every page is accessible, wide and on a phone, in dark and light, and none scrolls sideways at 360 px", async () => {
  const found: string[] = [];
  const left = [...paths];
  const work = async (opened: Opened) => {
    const { page } = opened;
    await play(opened);
    await watch(opened);
    for (let path = left.shift(); path; path = left.shift()) {
      await settled(opened, path);
      for (const { width, theme, rules } of LOOKS) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme: theme });
        found.push(...(await violations(opened, "html", rules)).map((what) => `${path} ${width} px, ${theme}: ${what}`));
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) found.push(`${path} scrolls sideways by ${over} px at ${width} px`);
      }
    }
    await close(opened);
  };
  const windows: Opened[] = [];
  // One after the other: log-ins at the same time are too many.
  while (windows.length < WINDOWS) windows.push(await entered(admin));
  await Promise.all(windows.map(work));
  expect(found).toEqual([]);
}, 240_000);

it("pages before the log-in are accessible", async () => {
  const opened = await stranger();
  for (const path of ["/login", "/register", "/forgot-password"]) {
    await settled(opened, path);
    expect(await violations(opened), path).toEqual([]);
  }
  await close(opened);
});

it("a page that breaks says so accessibly", async () => {
  const opened = await entered(admin);
  await opened.page.route("**/api/v1/orders?*", (route) => route.fulfill({ json: { items: [null], next_cursor: null } }));
  await settled(opened, "/orders");
  await opened.page.getByRole("heading", { name: "This page cannot be shown" }).waitFor();
  expect(await violations(opened)).toEqual([]);
  await opened.context.close();
});
