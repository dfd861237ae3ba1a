import { beforeAll, expect, it } from "vitest";
import { close, entered, type Opened, opened as openPosition, paperAccount, type Person, person, stories, stranger, violations } from "./support";

stories();

let admin: Person;
let paths: string[];

beforeAll(async () => {
  admin = await person("admin");
  const account = await paperAccount(admin);
  const position = await openPosition(admin, account, { take_profit: { steps: [{ profit_percent: "60", amount_percent: "100" }] }, stop_loss_percent: "50" });
  const { items: orders } = await admin.api.get("/orders");
  const bot = await admin.api.post("/bots", { name: "one", account: account.id, symbol: "BTCUSDT", timeframe: "1d", strategy: "RSI_CROSS" });
  paths = [
    ...["/", "/setup", "/positions", "/orders", "/alerts", "/trades", "/bots", "/bots/new", "/backtests", "/backtests/new", "/market"],
    ...["/accounts", "/presets", "/presets/default", "/webhook-tokens", "/api-keys", "/notifications", "/settings", "/users", "/audit"],
    ...["/accounts?connect=1", "/alerts?view=dead-letters", "/audit?view=system", `/bots/${bot.id}?change=1`, `/bots/${bot.id}?view=log`],
    ...[`/positions/${position.id}`, `/orders/${orders[0]?.id}`, `/alerts/${position.delivery_id}`, `/accounts/${account.id}`, `/bots/${bot.id}`, `/users/${admin.id}`],
  ];
}, 120_000);

/** A page that has read what it shows. */
async function settled({ page }: Opened, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector(".animate-pulse"));
}

for (const theme of ["dark", "light"] as const) {
  it(`every page is accessible in ${theme}, and none scrolls sideways at 360 px`, async () => {
    const opened = await entered(admin, { theme });
    const found: string[] = [];
    for (const path of paths) {
      await opened.page.setViewportSize({ width: 1280, height: 900 });
      await settled(opened, path);
      found.push(...(await violations(opened)).map((what) => `${path} ${what}`));
      await opened.page.setViewportSize({ width: 360, height: 780 });
      const over = await opened.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) found.push(`${path} scrolls sideways by ${over} px`);
    }
    expect(found).toEqual([]);
    await close(opened);
  }, 240_000);
}

it("pages before the log-in are accessible", async () => {
  const opened = await stranger();
  for (const path of ["/login", "/register", "/forgot-password"]) {
    await settled(opened, path);
    expect(await violations(opened), path).toEqual([]);
  }
  await close(opened);
});

