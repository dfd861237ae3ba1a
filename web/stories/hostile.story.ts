import { expect, it } from "vitest";
import type { components } from "../src/api/generated";
import { close, ELSEWHERE, entered, opened as openPosition, paperAccount, person, SITE, stories } from "./support";

type Schemas = components["schemas"];

stories();

const WHALE = "wha_hostile";
const HOSTILE = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;

it("texts from outside stay texts", async () => {
  const trader = await person("trader");
  const account = await paperAccount(trader, "a.b-c_d");
  const position = await openPosition(trader, account, { take_profit: { steps: [{ profit_percent: "60", amount_percent: "100" }] }, stop_loss_percent: "50" });
  const token = await trader.api.post("/webhook-tokens", { label: "t", account: account.label, exchange: "PAPER" });
  const send = async (members: object): Promise<string> => {
    const alert = { tv: { symbol: "BTCUSDT" }, execution_intent: { type: "entry", strategy: "grid", side: "long" }, ...members };
    const answer = await fetch(`${SITE}${token.webhook_path}`, { method: "POST", body: JSON.stringify(alert) });
    const { delivery_id: delivery } = (await answer.json()) as { delivery_id?: string };
    return delivery ?? "";
  };
  const open = await trader.api.post("/webhook-tokens", { label: "any", exchange: "PAPER" });
  const named = await fetch(`${SITE}${open.webhook_path}`, { method: "POST", body: JSON.stringify({ tv: { symbol: "BTCUSDT" }, account: HOSTILE.slice(0, 40), execution_intent: { type: "entry", strategy: "grid", side: "long" } }) });
  const alerts = [await send({ tv: { symbol: HOSTILE } }), await send({ execution_intent: { strategy: HOSTILE } }), ((await named.json()) as { delivery_id: string }).delivery_id];
  expect(alerts.filter(Boolean), "all are stored, to be looked at").toHaveLength(3);
  const exits = { stop_loss_percent: "60", reason: HOSTILE };
  await trader.api.told("PUT", `/position-groups/${position.id}/exits`, exits);
  await trader.api.post("/halt", { reason: HOSTILE });
  await trader.api.post("/risk-rules", { label: HOSTILE.slice(0, 64), scope: { kind: "user" }, kind: "order_size", max: "5000", currency: "USDT" });
  await trader.api.post("/user-trades", { ...ELSEWHERE, notes: HOSTILE });
  const opened = await entered(trader);
  const { page } = opened;
  // A stack reads no blockchain: what a source and its labels may say is answered in the API's place.
  const side = { address: HOSTILE, label: HOSTILE, category: "exchange" } as const;
  const whale: Schemas["WhaleAlert"] = {
    ...{ id: WHALE, blockchain: "ethereum", transaction_hash: HOSTILE, block_number: 1, from: { ...side, label: null }, to: side, currency: HOSTILE, amount: "1", amount_usd: "2000000", transaction_type: "exchange_inflow" },
    ...{ price_before: "1", price_after: null, price_change_percent: null, impact: { after_1h: null, after_24h: null } },
    ...{ sentiment: "bearish", significance_score: 7, score_reasons: ["type"], others: 0, status: "final", confirmations: 96, sources: [HOSTILE], timestamp: new Date().toISOString(), detected_at: new Date().toISOString(), revoked_at: null },
  };
  await page.route("**/api/v1/whale-alerts?*", (route) => route.fulfill({ json: { items: [whale], next_cursor: null } }));
  await page.route(`**/api/v1/whale-alerts/${WHALE}`, (route) => route.fulfill({ json: whale }));
  const shown: string[] = [];
  for (const path of ["/", "/alerts", ...alerts.map((id) => `/alerts/${id}`), "/accounts", `/accounts/${account.id}`, `/positions/${position.id}`, `/orders/new?position=${position.id}`, "/risk", "/portfolio", "/performance?by=tag", "/trades?view=closed", "/transactions", "/whales", `/whales/${WHALE}`, "/notifications", "/audit"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector(".animate-pulse"));
    expect(await page.title()).not.toBe("owned");
    expect(await page.locator("main img[src], main script, main svg[onload]").count(), path).toBe(0);
    if ((await page.locator("main").innerText()).includes("<img src=x")) shown.push(path);
  }
  expect(shown, "they were there, as text").toEqual(expect.arrayContaining(["/", "/risk", "/trades?view=closed", "/whales", `/whales/${WHALE}`, `/alerts/${alerts[0]}`, `/positions/${position.id}`]));
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
