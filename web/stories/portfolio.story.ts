import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { close, dialogOpens, entered, opened as openPosition, paperAccount, person, stories, until } from "./support";

stories();

const DAY = 86_400_000;
/** As a field of the browser has a moment, in UTC. */
const typed = (at: number): string => new Date(at).toISOString().slice(0, 16);

it("a position is in the portfolio while it is open, and in the performance once it is closed", async () => {
  const trader = await person("trader");
  const account = await paperAccount(trader);
  const position = await openPosition(trader, account, { take_profit: { steps: [{ profit_percent: "60", amount_percent: "100" }] }, stop_loss_percent: "50" });
  const opened = await entered(trader);
  const { page } = opened;

  await page.goto("/portfolio");
  await page.getByRole("heading", { name: "Totals in USDT" }).waitFor();
  const held = page.getByRole("table", { name: "What each account holds of each market" }).getByRole("link", { name: "BTC/USDT" });
  await held.waitFor();
  expect(await held.getAttribute("href")).toContain(position.id);
  await page.getByRole("combobox", { name: "Cost" }).selectOption({ label: "first in, first out" });
  await page.waitForURL(/cost=fifo/);
  await held.waitFor();

  await page.goto("/transactions");
  await page.getByRole("link", { name: "BTC/USDT" }).first().waitFor();
  const [sheet] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^All matching as CSV/ }).click()]);
  expect(sheet.suggestedFilename()).toBe("moniqo-transactions-utc.csv");
  expect(readFileSync(await sheet.path(), "utf8")).toContain(position.id);

  await page.goto("/performance");
  await page.getByText("No trade was closed in this time").waitFor();
  await trader.api.post(`/position-groups/${position.id}/close`);
  await until("the position to be closed", async () => (await trader.api.get(`/position-groups/${position.id}`)).closed_at);
  await page.goto("/performance?by=symbol");
  const group = page.getByRole("table", { name: "Trades by market, mode and currency" }).getByRole("row", { name: /BTC\/USDT/ });
  await group.waitFor();
  const { totals } = await trader.api.get("/performance");
  expect(totals).toHaveLength(1);
  expect(totals[0]).toMatchObject({ mode: "paper", currency: "USDT", trades: 1 });
  await page.getByLabel("Group by", { exact: true }).selectOption({ label: "day" });
  await page.getByRole("img", { name: /^Bars: profit by day, paper, in USDT; 1 day/ }).waitFor();

  await page.goto("/portfolio");
  await page.getByText("Nothing is held").waitFor();
  await page.getByRole("img", { name: /^Lines of paper, USDT/ }).waitFor();
  await close(opened);
});

it("a note and tags of a closed trade are kept, filter, and do not overwrite newer ones", async () => {
  const trader = await person("trader");
  const account = await paperAccount(trader);
  const position = await openPosition(trader, account, { take_profit: { steps: [{ profit_percent: "60", amount_percent: "100" }] }, stop_loss_percent: "50" });
  await trader.api.post(`/position-groups/${position.id}/close`);
  await until("the position to be closed", async () => (await trader.api.get(`/position-groups/${position.id}`)).closed_at);
  const opened = await entered(trader);
  const { page } = opened;
  const dialog = page.getByRole("dialog");
  const row = page.getByRole("row", { name: /BTC\/USDT/ });
  const trade = async () => (await trader.api.get("/user-trades")).items[0];

  await page.goto("/trades?view=closed");
  await row.getByRole("button", { name: "Notes and tags" }).click();
  await dialogOpens(opened);
  const save = dialog.getByRole("button", { name: "Save" });
  expect(await save.isDisabled(), "nothing has been changed").toBe(true);
  await dialog.getByLabel("Notes", { exact: true }).fill("sold <b>too</b> early");
  await dialog.getByLabel("Tags", { exact: true }).fill("Breakout, news");
  await save.click();
  await dialog.waitFor({ state: "detached" });
  await row.getByText("sold <b>too</b> early").waitFor();
  expect(await trade()).toMatchObject({ id: position.id, notes: "sold <b>too</b> early", tags: ["breakout", "news"], version: 1 });

  await page.getByLabel("Tag", { exact: true }).fill("moon");
  await page.getByText(/^(No closed trade|None of the newest) matches/).waitFor();
  await page.getByLabel("Tag", { exact: true }).fill("news");
  await page.waitForURL(/tag=news/);
  await row.waitFor();
  await page.goto("/performance?by=tag");
  await page.getByRole("row", { name: /^breakout/ }).waitFor();

  await page.goto("/trades?view=closed");
  await row.getByRole("button", { name: "Notes and tags" }).click();
  await dialogOpens(opened);
  await trader.api.told("PATCH", `/user-trades/${position.id}`, { notes: "by another device" });
  await dialog.getByLabel("Notes", { exact: true }).fill("by this one");
  await save.click();
  await dialog.getByText(/It has changed since you opened this/).waitFor();
  expect((await trade())?.notes, "the newer note stays").toBe("by another device");
  await page.keyboard.press("Escape");
  await close(opened);
});

it("a trade made elsewhere is refused at its field, added once, counted and deleted", async () => {
  const trader = await person("trader");
  const opened = await entered(trader);
  const { page } = opened;
  const dialog = page.getByRole("dialog");
  const trades = async () => (await trader.api.get("/user-trades")).items;

  await page.goto("/trades?view=closed");
  await page.getByRole("link", { name: "Add a trade made elsewhere" }).click();
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await page.getByText("Some fields are not right yet.").waitFor();
  const now = Date.now();
  const members = { Exchange: "kra ken", Market: "btc/eur", Quantity: "0.1", "Entry price": "40000", "Exit price": "41000", Fees: "8.1", "Opened (UTC)": typed(now - 3 * DAY), "Closed (UTC)": typed(now - 2 * DAY), Tags: "phone", Notes: "by phone" };
  for (const [name, value] of Object.entries(members)) await page.getByLabel(name, { exact: true }).fill(value);
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await dialogOpens(opened);
  await dialog.getByText("+91.9").waitFor();
  await dialog.getByRole("button", { name: "Add trade" }).click();
  await dialog.getByRole("alert").waitFor();
  await page.keyboard.press("Escape");
  expect(await page.getByLabel("Exchange", { exact: true }).getAttribute("aria-invalid"), "the refusal stands at its field").toBe("true");
  expect(await trades()).toHaveLength(0);

  await page.getByLabel("Exchange", { exact: true }).fill("kraken");
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await dialogOpens(opened);
  await dialog.getByRole("button", { name: "Add trade" }).dblclick();
  await page.waitForURL(/view=closed/);
  const row = page.getByRole("row", { name: /BTC\/EUR/ });
  await row.waitFor();
  const [trade, ...others] = await trades();
  expect(others, "a double click adds one").toHaveLength(0);
  expect(trade).toMatchObject({ source: "manual", exchange: "KRAKEN", symbol: "BTC/EUR", realised_pnl: "91.9", notes: "by phone", tags: ["phone"] });
  expect((await trader.api.get("/performance")).totals).toMatchObject([{ currency: "EUR", trades: 1, realised_pnl: "91.9" }]);
  expect((await trader.api.get("/position-groups")).items, "no position follows from it").toHaveLength(0);

  await row.getByRole("button", { name: "Delete" }).click();
  await dialogOpens(opened);
  expect(await trades(), "nothing is deleted before it is confirmed").toHaveLength(1);
  await dialog.getByRole("button", { name: "Delete" }).click();
  await until("the trade to be gone", async () => (await trades()).length === 0);
  await page.getByText("No trade is closed yet").waitFor();
  await close(opened);
});
