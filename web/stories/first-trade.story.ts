import { expect, it } from "vitest";
import { close, dialogOpens, entered, person, stories, until } from "./support";

stories();

it("the setup guide leads to a paper trade, which is seen on its chart and closed", async () => {
  const trader = await person("trader");
  const opened = await entered(trader);
  const { page } = opened;
  const dialog = page.getByRole("dialog");
  const does = async (button: string) => {
    await page.getByRole("button", { name: button }).click();
    await dialogOpens(opened);
    await dialog.getByRole("button", { name: button }).click();
    await dialog.waitFor({ state: "detached" });
  };
  await page.goto("/setup");
  await does("Create a paper account");
  await does("Validate");
  await does("Enable");
  await does("Send a test alert");
  await page.getByRole("link", { name: "See it on the chart" }).click();
  await page.getByRole("img", { name: /Candles of BTC\/USDT.*average/ }).waitFor();
  expect(await page.locator("canvas").count(), "candles are drawn").toBeGreaterThan(0);
  await page.getByText("take-profit 1", { exact: true }).first().waitFor();

  await page.getByRole("button", { name: "Close position" }).click();
  await dialogOpens(opened);
  await dialog.getByText(/closed by market orders/).waitFor();
  expect((await trader.api.get("/position-groups")).items[0]?.status, "nothing happens before it is confirmed").not.toBe("closing");
  await dialog.getByRole("button", { name: "Close position" }).dblclick();
  await until("the position to be closed", async () => (await trader.api.get("/position-groups")).items[0]?.status === "closed");
  await page.getByText("closed", { exact: true }).first().waitFor();
  await page.getByText(/by hand/).first().waitFor();
  const { items } = await trader.api.get("/position-groups");
  const detail = await trader.api.get(`/position-groups/${items[0]?.id}`);
  expect(detail.exit_orders, "a double click sells once").toHaveLength(1);
  await close(opened);
});
