import { expect, it } from "vitest";
import { close, entered, person, stories } from "./support";

stories();

const CHANGES = /halt|resume|close position|cancel|create|add|new|connect|save|remove|delete|revoke|rotate|enable|disable|validate|start|stop|retry|discard|resolve|reset|erase|import|accept|backfill|subscribe/i;

it("a viewer is shown no button that the API would refuse", async () => {
  const viewer = await person("viewer");
  const opened = await entered(viewer);
  const { page } = opened;
  const found: string[] = [];
  for (const path of ["/", "/positions", "/orders", "/alerts", "/trades", "/bots", "/backtests", "/market", "/accounts", "/presets", "/webhook-tokens", "/audit"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector(".animate-pulse"));
    // Those of a table's head put it into another order.
    const names = await page.locator("main button:not(th button)").allInnerTexts();
    found.push(...names.filter((name) => CHANGES.test(name)).map((name) => `${path}: ${name}`));
  }
  expect(found).toEqual([]);
  await page.goto("/users");
  await page.getByText("You do not have permission for this").waitFor();
  const shown = await page.getByRole("navigation").getByRole("link").allInnerTexts();
  expect(shown).not.toContain("Users");
  await close(opened);
});
