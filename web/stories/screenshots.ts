// The pictures of docs/guides/dashboard.md. No test: `cargo xtask screenshots` takes them.
import { join } from "node:path";
import { beforeAll, it } from "vitest";
import { alert, entered, opened as openPosition, paperAccount, type Person, person, stories, until } from "./support";

stories();

const FOLDER = process.env.MONIQO_PICTURES ?? ".";
let trader: Person;
let paths: Record<string, string>;

beforeAll(async () => {
  trader = await person("manager");
  const account = await paperAccount(trader);
  const ladder = { safety_orders: { count: 3, quote: "60", deviation_percent: "4" }, take_profit: { steps: [{ profit_percent: "8", amount_percent: "50" }, { profit_percent: "16", amount_percent: "50" }] }, stop_loss_percent: "25" };
  const position = await openPosition(trader, account, ladder);
  const refused = await alert(trader, account, { base_order: { quote: "99000" } });
  await until("its verdict", async () => (await trader.api.get(`/deliveries/${refused}`)).verdict);
  const series = "symbol=BTCUSDT&exchange=PAPER&timeframe=1m";
  await trader.api.told("PUT", `/market-data/symbols?${series}`);
  await until("some candles", async () => (await trader.api.get(`/market-data?${series}`)).items.length > 2, { seconds: 240, every: 4_000 });
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const { id } = await trader.api.post("/backtests", { exchange: "PAPER", symbol: "BTCUSDT", timeframe: "1m", since, strategy: "EMA_CROSS", parameters: { fast: "2", slow: "5" } });
  await until("the backtest", async () => (await trader.api.get(`/backtests/${id}`)).state === "done", { seconds: 90, every: 1_000 });
  paths = { overview: "/", position: `/positions/${position.id}`, alert: `/alerts/${refused}`, backtest: `/backtests/${id}`, setup: "/setup" };
}, 300_000);

async function take(name: string, path: string, look: { theme: "light" | "dark"; width?: number }): Promise<void> {
  const { page, context } = await entered(trader, look);
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector(".animate-pulse"));
  // A chart is drawn in its next frames.
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(FOLDER, `dashboard-${name}.png`) });
  await context.close();
}

it("takes six pictures", async () => {
  await take("overview", paths.overview ?? "", { theme: "dark" });
  await take("position", paths.position ?? "", { theme: "dark" });
  await take("alert", paths.alert ?? "", { theme: "light" });
  await take("backtest", paths.backtest ?? "", { theme: "dark" });
  await take("setup", paths.setup ?? "", { theme: "light" });
  await take("phone", paths.position ?? "", { theme: "dark", width: 390 });
}, 180_000);
