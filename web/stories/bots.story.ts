import { expect, it } from "vitest";
import { close, dialogOpens, entered, paperAccount, person, stories, until } from "./support";

stories();

it("a bot is created from rules, which are said in words, started and stopped", async () => {
  const trader = await person("trader");
  await paperAccount(trader);
  const opened = await entered(trader);
  const { page } = opened;
  const dialog = page.getByRole("dialog");
  await page.goto("/bots/new");
  await page.getByLabel("Name", { exact: true }).fill("from-rules");
  await page.getByLabel("Account", { exact: true }).selectOption({ index: 1 });
  await page.getByLabel("Market", { exact: true }).fill("BTCUSDT");
  await page.getByLabel("Timeframe", { exact: true }).selectOption("1m");
  await page.getByLabel("Strategy", { exact: true }).selectOption({ label: "Rules of your own" });
  const said = await page.getByRole("main").locator("[aria-live] p").nth(1).innerText();
  expect(said.length, "the rules are said in words").toBeGreaterThan(20);
  await page.getByRole("button", { name: "Preview" }).click();
  await dialogOpens(opened);
  await dialog.getByText(said).first().waitFor();
  expect((await trader.api.get("/bots")).items, "nothing is created before it is confirmed").toHaveLength(0);
  await dialog.getByRole("button", { name: "Create bot" }).click();
  await page.getByRole("heading", { name: "from-rules", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await dialogOpens(opened);
  await dialog.getByRole("button", { name: "Start", exact: true }).click();
  await until("the bot to run", async () => (await trader.api.get("/bots")).items[0]?.running);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await dialogOpens(opened);
  await dialog.getByLabel(/Reason/).fill("enough");
  await dialog.getByRole("button", { name: "Stop", exact: true }).click();
  await until("the bot to be stopped", async () => !(await trader.api.get("/bots")).items[0]?.running);
  await page.getByText("stopped").first().waitFor();
  await close(opened);
});

it("a backtest is run and read", async () => {
  const quant = await person("manager");
  // Candles to be played: the series is fetched from now on, and before.
  const series = "symbol=BTCUSDT&exchange=PAPER&timeframe=1m";
  await quant.api.told("PUT", `/market-data/symbols?${series}`);
  const some = async () => {
    const stored = await quant.api.get(`/market-data?${series}`);
    return "items" in stored && stored.items.length > 1;
  };
  await until("some candles", some, { seconds: 360, every: 4_000 });
  const opened = await entered(quant);
  const { page } = opened;
  await page.goto("/backtests/new");
  await page.getByLabel("Exchange", { exact: true }).fill("PAPER");
  await page.getByLabel("Market", { exact: true }).fill("BTCUSDT");
  await page.getByLabel("Timeframe", { exact: true }).selectOption("1m");
  await page.getByLabel("From (UTC)").fill(new Date(Date.now() - 3_600_000).toISOString().slice(0, 16));
  await page.getByLabel("Strategy", { exact: true }).selectOption({ label: "RSI_CROSS" });
  await page.getByRole("button", { name: "Preview" }).click();
  await dialogOpens(opened);
  await page.getByRole("dialog").getByRole("button", { name: "Start backtest" }).click();
  await page.getByText("done", { exact: true }).first().waitFor({ timeout: 90_000 });
  await page.getByText(/At the end there were/).waitFor();
  await page.getByRole("img", { name: /Equity from/ }).waitFor();
  await close(opened);
}, 480_000);
