import { expect, it } from "vitest";
import { close, entered, opened as openPosition, paperAccount, person, stories } from "./support";

stories();

/** What stands in a section or table of the page, digit by digit, as the API wrote it. */
it("what pages show is what the API answers", async () => {
  const trader = await person("trader");
  const account = await paperAccount(trader);
  // Far from the price, so that nothing is filled while it is looked at.
  const far = { safety_orders: { count: 2, quote: "50", deviation_percent: "20" }, take_profit: { steps: [{ profit_percent: "80", amount_percent: "100" }] }, stop_loss_percent: "90" };
  const position = await openPosition(trader, account, far);
  const opened = await entered(trader);
  const { page } = opened;
  const values = async (path: string, expected: (string | null | undefined)[]) => {
    await page.goto(path);
    for (const value of expected) {
      if (value == null) continue;
      await page.locator(`[data-value="${value}"]`).first().waitFor({ state: "attached" });
    }
  };
  const orders = (await trader.api.get("/orders")).items;
  await values(`/positions/${position.id}`, [position.average_price, position.quantity, position.stop_price, position.exposure, ...Object.values<string>(position.fees)]);
  await values("/positions", [position.exposure]);
  await values("/", [position.average_price, position.quantity]);
  await values("/orders", orders.flatMap((order: any) => [order.quantity, order.price, order.average_fill_price]));
  const { state } = await trader.api.get(`/accounts/${account.id}`);
  await values(`/accounts/${account.id}`, Object.values<any>(state.balances).map(({ balance }) => balance));
  expect(orders.length).toBeGreaterThan(2);
  await close(opened);
});
