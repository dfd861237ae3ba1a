import { expect, it } from "vitest";
import { admin, close, ELSEWHERE, entered, opened as openPosition, paperAccount, person, stories } from "./support";

stories();

/** What changes something. */
const CHANGES =
  /halt|resume|close position|cancel|create|add|new|connect|save|remove|delete|revoke|rotate|enable|disable|validate|start|stop|retry|discard|resolve|reset|erase|import|accept|backfill|subscribe|change|edit|replace|prove|switch|sell|place|recommended/i;

it("a viewer is shown no button that the API would refuse", async () => {
  const viewer = await person("trader");
  const account = await paperAccount(viewer);
  const position = await openPosition(viewer, account, { take_profit: { steps: [{ profit_percent: "60", amount_percent: "100" }] }, stop_loss_percent: "50" });
  const bot = await viewer.api.post("/bots", { name: "one", account: account.id, symbol: "BTCUSDT", timeframe: "1d", strategy: "RSI_CROSS" });
  const { items: orders } = await viewer.api.get("/orders");
  await viewer.api.post("/risk-rules", { scope: { kind: "user" }, kind: "order_size", max: "5000", currency: "USDT" });
  await viewer.api.post("/user-trades", ELSEWHERE);
  // With all that a trader has, and the rights to look at it alone.
  await (await admin()).told("PATCH", `/users/${viewer.id}`, { role: "viewer" });
  const opened = await entered(viewer);
  const { page } = opened;
  const found: string[] = [];
  const lists = ["/", "/positions", "/orders", "/alerts", "/trades", "/trades?view=closed", "/trades?add=1", "/portfolio", "/performance", "/transactions", "/risk", "/risk?view=score", "/bots", "/backtests", "/market", "/whales", "/accounts", "/presets", "/webhook-tokens", "/audit", "/setup"];
  const ones = [`/positions/${position.id}`, `/orders/${orders[0]?.id}`, `/alerts/${position.delivery_id}`, `/bots/${bot.id}`, `/accounts/${account.id}`, "/presets/default"];
  for (const path of [...lists, ...ones]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector(".animate-pulse"));
    // Those of a table's head put it into another order.
    const names = await page.locator("main button:not(th button)").allInnerTexts();
    found.push(...names.filter((name) => CHANGES.test(name)).map((name) => `${path}: ${name}`));
  }
  expect(found).toEqual([]);
  for (const path of ["/users", "/orders/new", "/bots/new", "/backtests/new", "/whales?view=sources"]) {
    await page.goto(path);
    await page.getByText("You do not have permission for this").waitFor();
  }
  const shown = await page.getByRole("navigation").getByRole("link").allInnerTexts();
  expect(shown).not.toContain("Users");
  await close(opened);
});
