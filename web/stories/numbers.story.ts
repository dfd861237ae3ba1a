import { beforeAll, expect, it } from "vitest";
import { close, entered, opened as openPosition, type Opened, paperAccount, type Person, person, stories } from "./support";

stories();

let trader: Person;
let account: Awaited<ReturnType<typeof paperAccount>>;
let position: Awaited<ReturnType<typeof openPosition>>;

beforeAll(async () => {
  trader = await person("trader");
  account = await paperAccount(trader);
  // Far from the price, so that nothing is filled while it is looked at.
  const far = { safety_orders: { count: 2, quote: "50", deviation_percent: "20" }, take_profit: { steps: [{ profit_percent: "80", amount_percent: "100" }] }, stop_loss_percent: "90" };
  position = await openPosition(trader, account, far);
}, 120_000);

/** Every decimal that an answer holds, whatever it is called. */
function decimals(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)) found.add(value);
  else if (Array.isArray(value)) for (const each of value) decimals(each, found);
  else if (value && typeof value === "object") for (const each of Object.values(value)) decimals(each, found);
  return found;
}

/** Every number of the page, as the API wrote it. */
async function shown({ page }: Opened, path: string): Promise<string[]> {
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector(".animate-pulse"));
  return page.locator("main [data-value]").evaluateAll((all) => all.map((each) => each.getAttribute("data-value") ?? ""));
}

interface Case {
  name: string;
  path: () => string;
  /** What the API answers about what the page shows, before and after it was looked at: prices move meanwhile. */
  answers: () => Promise<unknown>;
  /** What has to be among the numbers. */
  expected: () => Promise<(string | null)[]>;
  /** Numbers that the page calculates itself, from those of the API. */
  own?: number;
}

const CASES: Case[] = [
  {
    name: "one position",
    path: () => `/positions/${position.id}`,
    answers: () => trader.api.get(`/position-groups/${position.id}`),
    expected: async () => [position.average_price, position.quantity, position.stop_price, position.exposure, ...Object.values<string>(position.fees)],
    own: 8,
  },
  { name: "positions", path: () => "/positions", answers: () => trader.api.get("/position-groups"), expected: async () => [position.exposure] },
  {
    name: "orders",
    path: () => "/orders",
    answers: () => trader.api.get("/orders"),
    expected: async () => (await trader.api.get("/orders")).items.flatMap((order) => [order.quantity, order.price, order.average_fill_price]),
  },
  {
    name: "an account",
    path: () => `/accounts/${account.id}`,
    answers: async () => [await trader.api.get(`/accounts/${account.id}`), await trader.api.get(`/accounts/${account.id}/limits`), await trader.api.get(`/accounts/${account.id}/balances`), await trader.api.get(`/accounts/${account.id}/balances/history`)],
    expected: async () => Object.values((await trader.api.get(`/accounts/${account.id}`)).state.balances).map(({ balance }) => balance),
    own: 4,
  },
  {
    name: "trades and profit",
    path: () => "/trades",
    answers: async () => [await trader.api.get("/trades/history"), await trader.api.get("/dashboard/pnl")],
    expected: async () => (await trader.api.get("/dashboard/pnl")).totals.map((total) => total.closed.realised_pnl),
    own: 4,
  },
];

for (const { name, path, answers, expected, own = 0 } of CASES) {
  it(`each number of ${name} is the API's`, async () => {
    const opened = await entered(trader);
    const before = await answers();
    const numbers = await shown(opened, path());
    const told = decimals([before, await answers()]);
    for (const value of await expected()) if (value !== null) expect(numbers, `${value} is shown`).toContain(value);
    expect(numbers.length).toBeGreaterThan(0);
    const others = [...new Set(numbers)].filter((value) => !told.has(value));
    expect(others.length, `numbers that no answer holds: ${others.join(", ")}`).toBeLessThanOrEqual(own);
    await close(opened);
  });
}
