// The pictures of docs/guides/dashboard.md. No test: `cargo xtask screenshots` takes them.
import { join } from "node:path";
import type { Page } from "playwright-core";
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
  // Once the position has been looked at, there is a price, and nothing to be alarmed about.
  await until("its price", async () => (await trader.api.get(`/position-groups/${position.id}`)).mark, { every: 1_000 });
  const passes = async () => (await trader.api.get("/doctor")).checks.some(({ name, state }) => name === "passes" && state === "ok");
  await until("the doctor to be content", passes, { seconds: 120, every: 3_000 });
  paths = { overview: "/", position: `/positions/${position.id}`, alert: `/alerts/${refused}`, setup: "/setup" };
}, 300_000);

async function take(name: string, path: string, look: { theme: "light" | "dark"; width?: number }, prepare?: (page: Page) => Promise<unknown>): Promise<void> {
  const { page, context } = await entered(trader, look);
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector(".animate-pulse"));
  await prepare?.(page);
  // A chart is drawn in its next frames.
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(FOLDER, `dashboard-${name}.png`) });
  await context.close();
}

it("takes six pictures", async () => {
  await take("overview", paths.overview ?? "", { theme: "dark" });
  await take("position", paths.position ?? "", { theme: "dark" });
  await take("alert", paths.alert ?? "", { theme: "light" });
  await take("rules", "/bots/new", { theme: "dark" }, (page) => page.getByLabel("Strategy", { exact: true }).selectOption({ label: "Rules of your own" }));
  await take("setup", paths.setup ?? "", { theme: "light" });
  await take("phone", paths.position ?? "", { theme: "dark", width: 390 });
}, 180_000);
