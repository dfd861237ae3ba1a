import { expect, it } from "vitest";
import { close, entered, paperAccount, person, SITE, stories, until } from "./support";

stories();

const HOSTILE = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;

it("texts from outside stay texts", async () => {
  const trader = await person("trader");
  const account = await paperAccount(trader, "a.b-c_d");
  const token = await trader.api.post("/webhook-tokens", { label: "t", account: account.label, exchange: "PAPER" });
  const body = JSON.stringify({ id: HOSTILE.slice(0, 60), tv: { symbol: "BTCUSDT", note: HOSTILE }, execution_intent: { type: "entry", strategy: HOSTILE, side: "long" } });
  await fetch(`${SITE}${token.webhook_path}`, { method: "POST", body });
  await trader.api.post("/halt", { reason: `${HOSTILE}`.slice(0, 190) });
  const opened = await entered(trader);
  const { page } = opened;
  const { items } = await until("the alert", async () => {
    const told = await trader.api.get("/deliveries");
    return told.items.length > 0 ? told : null;
  }).catch(() => ({ items: [] }));
  for (const path of ["/", "/alerts", ...items.map((alert: { id: string }) => `/alerts/${alert.id}`), "/accounts", "/notifications"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector(".animate-pulse"));
    expect(await page.title()).not.toContain("owned");
    expect(await page.locator("main img[src]").count(), path).toBe(0);
  }
  await close(opened);
});

it("the policy of the page keeps scripts out that are not its own", async () => {
  const opened = await entered(await person("viewer"));
  const { page } = opened;
  const answer = await page.goto("/");
  expect(answer?.headers()["content-security-policy"]).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    return "ran" in window;
  });
  expect(ran).toBe(false);
  await opened.context.close();
});
