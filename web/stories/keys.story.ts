import { expect, it } from "vitest";
import { close, dialogOpens, entered, exchangeKey, person, stories, until } from "./support";

stories();

it("a key is saved at an exchange, seen masked alone, and one that can withdraw is refused", async () => {
  const trader = await person("trader");
  const opened = await entered(trader);
  const { page } = opened;
  const dialog = page.getByRole("dialog");
  const connect = async (key: { id: string; secret: string }) => {
    await page.goto("/accounts?connect=1");
    await page.getByLabel("Exchange", { exact: true }).selectOption("binance");
    await page.getByLabel("Mode", { exact: true }).selectOption("live");
    await page.getByLabel("API key", { exact: true }).fill(key.id);
    await page.getByLabel("Secret", { exact: true }).fill(key.secret);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await dialogOpens(opened);
    await dialog.getByLabel("Type live to go on").fill("live");
    await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  };
  await connect(exchangeKey("withdrawer"));
  await dialog.getByRole("alert").getByText(/withdraw/).first().waitFor();
  expect((await trader.api.get("/accounts")).items).toHaveLength(0);

  const key = exchangeKey("main");
  await connect(key);
  await until("the account", async () => (await trader.api.get("/accounts")).items.length === 1);
  await page.getByText(/….{4}/).first().waitFor();
  const shown = await page.content();
  expect(shown.includes(key.secret) || shown.includes(key.id), "neither is shown again").toBe(false);
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
  expect(kept).not.toContain(key.secret);
  await close(opened);
});
