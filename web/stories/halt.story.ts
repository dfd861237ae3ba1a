import { expect, it } from "vitest";
import { alert, close, dialogOpens, entered, paperAccount, person, stories, until } from "./support";

stories();

it("a halt of which no answer is heard is not taken back by pressing again", async () => {
  const trader = await person("trader");
  const account = await paperAccount(trader);
  const opened = await entered(trader);
  const { page } = opened;
  await page.goto(`/accounts/${account.id}`);
  await page.getByRole("button", { name: "Halt", exact: true }).click();
  await dialogOpens(opened);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("a bad line");
  await page.route("**/api/v1/halt", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    // It is done, and its answer is lost.
    await trader.api.post("/halt", { reason: "a bad line" });
    await route.abort();
  });
  await dialog.getByRole("button", { name: "Halt", exact: true }).click();
  await until("the halt", async () => (await trader.api.get("/halt")).accounts[0]?.halted);
  await page.getByRole("button", { name: "Resume", exact: true }).waitFor();
  expect(await dialog.count(), "the dialog is not turned into another one").toBe(0);
  await close(opened);
});

it("entries are halted, an alert is refused for it and explained, and they are resumed", async () => {
  const trader = await person("trader");
  const account = await paperAccount(trader);
  const opened = await entered(trader);
  const { page } = opened;
  const dialog = page.getByRole("dialog");
  await page.goto("/");
  await page.getByRole("button", { name: "Halt all entries" }).click();
  await dialogOpens(opened);
  const halt = dialog.getByRole("button", { name: "Halt all entries" });
  expect(await halt.isDisabled(), "a halt has a reason").toBe(true);
  await dialog.getByLabel("Reason").fill("news at <b>two</b>");
  await halt.click();
  await page.getByText(/paper is halted: news at <b>two<\/b>/).first().waitFor();

  const delivery = await alert(trader, account);
  await until("its verdict", async () => (await trader.api.get(`/deliveries/${delivery}`)).verdict);
  const { verdict } = await trader.api.get(`/deliveries/${delivery}`);
  expect(verdict?.kind).toBe("refused");
  await page.goto(`/alerts/${delivery}`);
  await page.getByText(String(verdict?.detail)).first().waitFor();

  await page.goto("/");
  await page.getByRole("button", { name: "Resume" }).click();
  await dialog.getByText("New entries are accepted again").waitFor();
  await dialogOpens(opened);
  await dialog.getByLabel("Reason").fill("it is over");
  await dialog.getByRole("button", { name: "Resume" }).click();
  await dialog.waitFor({ state: "detached" });
  await until("entries to be resumed", async () => !(await trader.api.get("/halt")).accounts[0]?.halted);
  await page.getByText("allowed").waitFor();
  await close(opened);
});
