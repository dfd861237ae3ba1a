import { expect, it } from "vitest";
import { close, dialogOpens, entered, opened as openPosition, paperAccount, person, stories, until } from "./support";

stories();

it("a position is found and closed by the keyboard alone", async () => {
  const trader = await person("trader");
  const account = await paperAccount(trader);
  await openPosition(trader, account, { take_profit: { steps: [{ profit_percent: "60", amount_percent: "100" }] }, stop_loss_percent: "50" });
  const opened = await entered(trader);
  const { page } = opened;
  await page.goto("/");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  /** Goes on by Tab until what has the focus is named so. */
  const reach = async (name: RegExp) => {
    for (let step = 0; step < 120; step += 1) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        return element instanceof HTMLElement ? (element.getAttribute("aria-label") ?? element.innerText) : "";
      });
      if (name.test(focused.trim())) return;
    }
    throw new Error(`nothing named ${name} is reached by Tab`);
  };
  await reach(/^Skip to the content$/);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "BTC/USDT" }).first().waitFor();
  await reach(/^BTC\/USDT$/);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Close position" }).waitFor();
  await reach(/^Close position$/);
  await page.keyboard.press("Enter");
  await dialogOpens(opened);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const back = await page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText);
  expect(back, "the focus is where it was").toBe("Close position");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await reach(/^Close position$/);
  await page.keyboard.press("Enter");
  await until("the position to be closed", async () => (await trader.api.get("/position-groups")).items[0]?.status === "closed");
  await close(opened);
});
