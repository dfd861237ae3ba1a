import { expect, it } from "vitest";
import { close, dialogOpens, entered, opened as openPosition, type Opened, paperAccount, type Person, person, stories, until } from "./support";

stories();

/** Far from the price, so that the position stays open while it is looked at. */
const [PROFIT, STOP] = ["60", "50"];

/** Fills in the panel and presses “Preview”; the dialog shows what the order would come to. */
async function preview(opened: Opened, amount: string): Promise<void> {
  const { page } = opened;
  await page.goto("/orders/new");
  await page.getByLabel("Account", { exact: true }).selectOption({ index: 1 });
  await page.getByLabel("Market", { exact: true }).fill("BTC/USDT");
  await page.getByLabel("Amount", { exact: true }).fill(amount);
  await page.getByLabel("Exits", { exact: true }).selectOption({ label: "own ones" });
  await page.getByLabel("Stop-loss, in percent").fill(STOP);
  await page.getByLabel("Take-profit, in percent").fill(PROFIT);
  // A price is stored only of markets that something is open in.
  await page.getByLabel("Price for the preview").fill("60000");
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await dialogOpens(opened);
}

/** Places the order that is shown, by two quick presses; its verdict, once there is one. */
async function place({ page }: Opened, { api }: Person) {
  await page.getByRole("dialog").getByRole("button", { name: "Place order" }).dblclick();
  await page.waitForURL(/\/alerts\/dlv_/);
  await page.getByRole("heading", { name: /^Order by hand/, level: 1 }).waitFor();
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const verdict = await until("the verdict of the order", async () => {
    const { verdict } = await api.get(`/deliveries/${id}`);
    return verdict && verdict.kind !== "queued" ? verdict : null;
  });
  return { id, verdict };
}

it("a rule refuses an order by hand that is too large, lets a smaller one pass, and what is open is assessed", async () => {
  const trader = await person("trader");
  await paperAccount(trader);
  const opened = await entered(trader);
  const { page } = opened;
  const dialog = page.getByRole("dialog");
  const rules = async () => (await trader.api.get("/risk-rules")).items.filter(({ source }) => source === "rule");

  await page.goto("/risk");
  await page.getByRole("link", { name: "Create a rule" }).click();
  await page.getByLabel("Kind", { exact: true }).selectOption({ label: "Size of one entry" });
  await page.getByLabel("Bound", { exact: true }).fill("150");
  await page.getByLabel("Currency", { exact: true }).fill("USDT");
  await page.getByLabel("Label", { exact: true }).fill("small ones");
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await dialogOpens(opened);
  expect(await rules(), "nothing is created before it is confirmed").toHaveLength(0);
  await dialog.getByRole("button", { name: "Create rule" }).dblclick();
  const row = page.getByRole("row", { name: /small ones/ });
  await row.waitFor();
  const [rule, ...others] = await rules();
  expect(others, "a double click creates one").toHaveLength(0);
  expect(rule).toMatchObject({ kind: "order_size", max: "150", currency: "USDT", action: "refuse", enabled: true });

  await row.getByRole("button", { name: "Test" }).click();
  await dialogOpens(opened);
  await dialog.getByText("No open position is beyond it.").first().waitFor();
  await page.keyboard.press("Escape");

  await preview(opened, "300");
  await dialog.getByText("It would not be accepted as everything is now:").waitFor();
  await dialog.getByRole("link", { name: "risk rule" }).waitFor();
  const refused = await place(opened, trader);
  expect(refused.verdict).toMatchObject({ kind: "refused", reason: "order_quote_max", limit: { rule_id: rule?.id } });
  await page.getByText("refused", { exact: true }).first().waitFor();
  await page.getByRole("link", { name: "risk rule" }).waitFor();

  // The simulated price may move too far between the plan and the order.
  const position = await until("a position by hand", async () => {
    await preview(opened, "100");
    await dialog.getByText("It would be accepted as everything is now.").waitFor();
    const { id, verdict } = await place(opened, trader);
    expect(verdict.reason === "price_moved" ? "accepted" : verdict.kind, verdict.detail ?? "").toBe("accepted");
    return until("the position, or why there is none", async () => {
      if ((await trader.api.get(`/deliveries/${id}`)).verdict?.reason === "price_moved") return { id: "" };
      return (await trader.api.get("/position-groups")).items.find((each) => each.delivery_id === id && each.status === "live");
    }).then((found) => found.id || null);
  }, { seconds: 180 });
  const open = (await trader.api.get("/position-groups")).items.filter(({ closed_at: closed }) => closed === null);
  expect(open.map(({ id }) => id), "a double click opens one").toEqual([position]);
  await page.getByRole("link", { name: "BTC/USDT" }).first().click();
  await page.getByRole("heading", { name: "BTC/USDT", level: 1 }).waitFor();
  await page.getByRole("link", { name: "Sell a part" }).waitFor();
  await page.getByRole("link", { name: "Add", exact: true }).click();
  await page.getByRole("heading", { name: "Add to BTC/USDT", level: 1 }).waitFor();

  await page.goto("/risk?view=score");
  await page.getByRole("button", { name: "Assess now" }).click();
  await dialogOpens(opened);
  await dialog.getByRole("button", { name: "Assess now" }).click();
  await page.getByText(/on request/).waitFor({ timeout: 60_000 });
  const { books } = await trader.api.get("/risk-assessments/latest");
  expect(books).toHaveLength(1);
  await page.getByText(`${books[0]?.score} of 100`, { exact: true }).waitFor();
  await page.getByRole("link", { name: "BTC/USDT" }).first().waitFor();

  await page.goto("/risk");
  await row.getByRole("button", { name: "Delete" }).click();
  await dialogOpens(opened);
  await dialog.getByRole("button", { name: "Delete" }).click();
  await until("the rule to be gone", async () => (await rules()).length === 0);
  await row.waitFor({ state: "detached" });
  await close(opened);
}, 300_000);

it("everything is sold by a word that is typed, and not before", async () => {
  const trader = await person("trader");
  const account = await paperAccount(trader);
  const position = await openPosition(trader, account, { take_profit: { steps: [{ profit_percent: PROFIT, amount_percent: "100" }] }, stop_loss_percent: STOP });
  const opened = await entered(trader);
  const { page } = opened;
  const dialog = page.getByRole("dialog");
  await page.goto("/");
  await page.getByRole("button", { name: "Halt all entries" }).click();
  await dialogOpens(opened);
  await dialog.getByRole("button", { name: "Sell everything" }).click();
  await dialog.getByLabel("Reason").fill("out of everything");
  await dialog.getByRole("button", { name: "Show what would be sold" }).click();
  await dialog.getByRole("timer").waitFor();
  await dialogOpens(opened);
  await dialog.getByText("1 position would be sold:").waitFor();
  const sell = dialog.getByRole("button", { name: "Sell everything" });
  expect(await sell.isDisabled(), "a word is typed first").toBe(true);
  expect((await trader.api.get("/halt")).accounts[0]?.halted, "nothing is done by looking").toBeNull();
  await dialog.getByLabel("Type sell to go on").fill("sell");
  await sell.click();
  await dialog.getByText("Entries are halted, and 1 position is closing:").waitFor();
  await until("the position to be closed", async () => (await trader.api.get(`/position-groups/${position.id}`)).status === "closed");
  expect((await trader.api.get("/halt")).accounts[0]?.halted?.reason).toBe("out of everything");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Resume" }).waitFor();
  await close(opened);
});
