// Each number that a page shows is the one that the API has answered for that row and that member. Titles and figures are written here
// as a reader sees them, and calculated by other means than the page's own.
import { isDeepStrictEqual } from "node:util";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import type { components } from "../src/api/generated";
import { add } from "../src/lib/decimal";
import { score as scoreTexts } from "../src/texts/risk";
import { close, entered, opened as openPosition, paperAccount, type Person, person, stories, until } from "./support";

type Schemas = components["schemas"];
type Position = Schemas["PositionDetail"];
/** Texts of a page, by what stands over and beside each. */
type Shown = Record<string, string>;
/** What the page itself was answered last. */
type Told = <Answer>(path: string) => Answer;

stories();

let trader: Person;
let account: string;
let position: string;

beforeAll(async () => {
  trader = await person("trader");
  const of = await paperAccount(trader);
  account = of.id;
  // One that has brought something, and one far from the price, so that nothing of it is filled while it is looked at.
  const far = { safety_orders: { count: 2, quote: "50", deviation_percent: "20" }, take_profit: { steps: [{ profit_percent: "80", amount_percent: "100" }] }, stop_loss_percent: "90" };
  const ended = await openPosition(trader, of, { ...far, base_order: { quote: "1500" } });
  await trader.api.post(`/position-groups/${ended.id}/close`);
  await until("the first to be closed", async () => (await trader.api.get(`/position-groups/${ended.id}`)).closed_at);
  position = (await openPosition(trader, of, far)).id;
  await until("its price", async () => (await trader.api.get(`/position-groups/${position}`)).mark, { every: 1_000 });
  await trader.api.post("/risk-rules", { scope: { kind: "user" }, kind: "order_size", max: "2000.5", currency: "USDT" });
  const { requested_at: since } = await trader.api.post("/risk-assessments");
  await until("the assessment", async () => {
    const { status, body } = await trader.api.ask("GET", "/risk-assessments/latest");
    return status === 200 && Date.parse((body as Schemas["RiskAssessment"]).at) >= Date.parse(since);
  }, { every: 1_000 });
}, 240_000);

const NONE = "–";

/** Thousands apart, a minus that is one, at most eight digits behind the point or six that say something, and no zeros at the end. */
function amount(value: string | null | undefined, unit = "", sign = ""): string {
  if (value == null) return NONE;
  const [whole = "", digits = ""] = value.replace("-", "").split(".");
  const fraction = digits.replace(/0+$/, "");
  const most = Math.max(8, fraction.length - fraction.replace(/^0+/, "").length + 6);
  const text = BigInt(whole).toLocaleString("en-US") + (fraction ? `.${fraction.slice(0, most)}` : "") + (fraction.length > most ? "…" : "");
  return `${text === "0" ? "" : value.startsWith("-") ? "−" : sign}${text}${unit && ` ${unit}`}`;
}
const profit = (value: string | null | undefined, unit: string): string => amount(value, unit, "+");

// What pages calculate themselves, as whole numbers of this many digits behind the point.
const SCALE = 40;
function whole(text: string): bigint {
  const [before = "", behind = ""] = text.split(".");
  return BigInt(before + behind.padEnd(SCALE, "0"));
}
function decimal(value: bigint, scale = SCALE): string {
  const digits = String(value).replace("-", "").padStart(scale + 1, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Overview and position, at the stop: what is held × (stop − average). */
const brings = (quantity: string, from: string, to: string): bigint => whole(quantity) * (whole(to) - whole(from));
const atStop = ({ quantity, average_price: average, stop_price: stop }: Position): bigint => brings(quantity, average ?? "0", stop ?? "0");
/** Overview and position, with all safety orders: each of them that rests, sold at the stop, too; that is measured from the base order and stays. */
const withLadder = (of: Position): bigint => resting(of).reduce((sum, order) => sum + brings(order.quantity, order.price ?? "0", of.stop_price ?? "0"), atStop(of));
const resting = (of: Position) => of.pyramids.flatMap(({ legs }) => legs.flatMap(({ orders }) => orders)).filter(({ state }) => state === "open");
/** Account, left for new entries: balance − reserved. */
const left = ({ balance, reserved }: Schemas["BalanceState"]): string => decimal(whole(balance) - whole(reserved));
/** Trades, entry and exit: averages to eight digits. */
const rounded = (value: string | null): string => amount(value && value.length > 9 ? Number(value).toPrecision(8) : value);

/** Rows that stand at the same place: each number of them, in their order. */
function together(all: Shown[]): Shown {
  const found: Shown = {};
  for (const [place, text] of all.flatMap(Object.entries)) found[place] = found[place] === undefined ? text : `${found[place]}, ${text}`;
  return found;
}
const newestFirst = <Row extends { at: string }>(all: Row[]): Row[] => [...all].sort((one, other) => other.at.localeCompare(one.at));

/** How long trades were held on average. */
function lasted(seconds: number | null): string {
  if (seconds === null) return NONE;
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}

const performanceRow = (caption: string, name: string, of: Schemas["PerformanceGroup"]): Shown =>
  row(caption, name, {
    Profit: profit(of.realised_pnl, of.currency),
    Trades: `${of.trades}`,
    Won: amount(of.win_rate_percent, "%"),
    Mean: profit(of.expectancy, of.currency),
    "Profit factor": rounded(of.profit_factor),
    Drawdown: amount(of.drawdown, of.currency),
    Sharpe: amount(of.sharpe?.toFixed(2)),
    Held: lasted(of.holding_seconds),
    // A dash is no number.
    ...(Object.keys(of.fees ?? {}).length > 0 ? { Fees: Object.entries(of.fees ?? {}).map(([asset, fee]) => amount(fee, asset)).join(" | ") } : {}),
  });

/** What was said of the accounts at a moment, and what was closed. */
function equityOf({ points, closes, currency }: Schemas["EquityCurve"]): Shown {
  const [first, last, sum] = [points[0], points.at(-1), closes.at(-1)?.total];
  const facts = { "Equity at first": amount(first?.equity, currency), "Equity at last": amount(last?.equity, currency), "Closed in this time": profit(sum, currency) };
  return rows(
    // A dash is no number.
    ...Object.entries(facts).map(([name, text]) => (text === NONE ? {} : { [`Equity over time / ${name}`]: text })),
    together(newestFirst(points).map((point) => row("Equity by day", point.at.slice(0, 10), { Equity: amount(point.equity, currency), Cash: amount(point.cash, currency), Unrealised: profit(point.unrealised_pnl, currency) }))),
    ...closes.map((step) => row("Closed positions, with their sum", step.position_id, { Realised: profit(step.realised_pnl, currency), Sum: profit(step.total, currency) })),
  );
}

const RULES = "Risk rules, with the limits of your accounts";

/** The cells of one row under one caption. */
const row = (caption: string, name: string, cells: Shown): Shown => Object.fromEntries(Object.entries(cells).map(([column, text]) => [`${caption} / ${name} / ${column}`, text]));
const rows = (...all: Shown[]): Shown => Object.assign({}, ...all);

const orderRow = (order: Schemas["Order"]): Shown =>
  row("Orders", order.id, { Price: amount(order.price ?? order.stop_price), Quantity: amount(order.quantity), Filled: amount(order.filled), "Average fill": amount(order.average_fill_price) });

function profitRow(caption: string, name: string, { closed, open, asset }: Pick<Schemas["TotalProfit"], "closed" | "open" | "asset">): Shown {
  return row(caption, name, { Closed: `${closed.trades}`, Won: `${closed.won} of ${closed.trades}`, Realised: profit(closed.realised_pnl, asset), Open: `${open.trades}`, Unrealised: profit(open.unrealised_pnl, asset) });
}

interface Case {
  path: () => string;
  expected: (told: Told) => Shown;
}

const CASES: Record<string, Case> = {
  "the overview": {
    path: () => "/",
    expected: (told) => {
      const of = told<Position>(`/position-groups/${position}`);
      const { totals, days, start_time: start } = told<Schemas["ProfitAndLoss"]>("/dashboard/pnl");
      return rows(
        row("Open positions", position, {
          Unrealised: profit(of.unrealised_pnl, "USDT"),
          "At the stop": `${profit(decimal(atStop(of), 2 * SCALE), "USDT")} | ${profit(decimal(withLadder(of), 2 * SCALE), "USDT")}`,
          Held: amount(of.quantity, "BTC"),
          "Average price": amount(of.average_price),
        }),
        ...totals.map((total) => ({
          "PAPER USDT / Today (UTC)": profit(days.at(-1)?.realised_pnl, "USDT"),
          [`PAPER USDT / Since ${start.slice(0, 10)}`]: profit(total.closed.realised_pnl, "USDT"),
          // The trader is younger than the period.
          "PAPER USDT / In all": profit(total.closed.realised_pnl, "USDT"),
          "PAPER USDT / Open, unrealised": profit(total.open.unrealised_pnl, "USDT"),
          "PAPER USDT / Open, sold already": profit(total.open.realised_pnl, "USDT"),
        })),
        ...told<{ items: Schemas["Account"][] }>("/accounts").items.map(({ id, state }) =>
          row("Accounts", id, {
            Open: `${state.open_groups} | ${state.open_groups_max}`,
            "Planned at most": `${amount(state.exposure)} | ${amount(state.exposure_max)}`,
            "Loss today (UTC)": `${amount(state.day_loss)} | ${amount(state.day_loss_max)}`,
            Balances: Object.entries(state.balances).map(([asset, { balance }]) => amount(balance, asset)).join(" | "),
          }),
        ),
      );
    },
  },
  positions: {
    path: () => "/positions",
    expected: (told) =>
      rows(
        ...told<{ items: Schemas["Position"][] }>("/position-groups").items.map((of) =>
          row("Positions", of.id, { Realised: profit(of.realised_pnl, "USDT"), Price: of.closed_at ? NONE : amount(of.mark?.price), "Planned at most": amount(of.exposure, "USDT") }),
        ),
      ),
  },
  "one position": {
    path: () => `/positions/${position}`,
    expected: (told) => {
      const of = told<Position>(`/position-groups/${position}`);
      const legs = of.pyramids.flatMap((pyramid) => pyramid.legs);
      const level = (name: string, price: string | null | undefined) => row("Levels", name, { Price: amount(price) });
      const facts = {
        Held: amount(of.quantity, "BTC"),
        "Average price": amount(of.average_price, "USDT"),
        Price: amount(of.mark?.price, "USDT"),
        "Unrealised profit": profit(of.unrealised_pnl, "USDT"),
        "Realised profit": profit(of.realised_pnl, "USDT"),
        Stop: amount(of.stop_price, "USDT"),
        "Result at the stop": `${profit(decimal(atStop(of), 2 * SCALE), "USDT")} | ${profit(decimal(withLadder(of), 2 * SCALE), "USDT")}`,
        "Planned at most": amount(of.exposure, "USDT"),
        Fees: Object.entries(of.fees).map(([asset, fee]) => amount(fee, asset)).join(" | "),
      };
      return rows(
        Object.fromEntries(Object.entries(facts).map(([name, text]) => [` / ${name}`, text])),
        ...legs.flatMap(({ orders }) => orders.map(orderRow)),
        ...of.take_profit_orders.map(orderRow),
        ...legs.map(({ leg, orders }) => level(leg === 0 ? "base order" : `safety order ${leg}`, orders[0]?.average_fill_price ?? orders[0]?.price)),
        level("take-profit 1", of.take_profit_orders[0]?.price),
        level("average", of.average_price),
        level("stop", of.stop_price),
        level("price", of.mark?.price),
      );
    },
  },
  orders: { path: () => "/orders", expected: (told) => rows(...told<{ items: Schemas["Order"][] }>("/orders").items.map(orderRow)) },
  "trades and profit": {
    path: () => "/trades",
    expected: (told) => {
      const { totals, bots, days } = told<Schemas["ProfitAndLoss"]>("/dashboard/pnl");
      return rows(
        ...totals.map((total) => profitRow("Totals by mode, exchange and currency", "paper", total)),
        ...bots.map((bot) => profitRow("Profit of each bot by mode, exchange and currency", "no bot", bot)),
        // There is one day, which is the best.
        ...days.map((day) => ({ "Profit by day / ": profit(day.realised_pnl, "USDT"), ...row("Profit by day in USDT at PAPER", day.date, { Realised: profit(day.realised_pnl, "USDT"), Closed: `${day.trades}`, Won: `${day.won}` }) })),
        ...told<{ items: Schemas["Trade"][] }>("/trades/history").items.map((trade) =>
          row("Trades of the period", trade.id, {
            Realised: profit(trade.realised_pnl, "USDT"),
            Unrealised: profit(trade.unrealised_pnl, "USDT"),
            Quantity: amount(trade.quantity, "BTC"),
            Entry: rounded(trade.entry_price),
            Exit: rounded(trade.exit_price),
          }),
        ),
      );
    },
  },
  "the portfolio": {
    path: () => "/portfolio",
    expected: (told) => {
      const { totals, accounts, currency } = told<Schemas["Portfolio"]>("/portfolio");
      const worth = (of: Pick<Schemas["PortfolioTotal"], "equity" | "cash" | "exposure" | "unrealised_pnl">, unit: string) => ({ Equity: amount(of.equity, unit), Cash: amount(of.cash, unit), "In positions": amount(of.exposure, unit), Unrealised: profit(of.unrealised_pnl, unit) });
      return rows(
        ...totals.flatMap((total) => Object.entries(worth(total, currency)).map(([name, text]) => ({ [`${total.mode}${total.partial ? "partial" : ""} / ${name}`]: text }))),
        ...accounts.map((of) => row("Accounts, each in each of its currencies", of.account_id, worth(of, of.currency))),
        ...told<{ items: Schemas["NetPosition"][] }>("/positions").items.map((net) =>
          row("What each account holds of each market", net.position_ids[0] ?? "", {
            Held: amount(net.quantity, "BTC"),
            Unrealised: profit(net.unrealised_pnl, "USDT"),
            Cost: amount(net.cost, "USDT"),
            "Average price": rounded(net.average_price),
            Realised: profit(net.realised_pnl, "USDT"),
          }),
        ),
        // There is one mode and currency.
        ...told<Schemas["EquityReport"]>("/portfolio/equity").curves.map(equityOf),
      );
    },
  },
  performance: {
    path: () => "/performance",
    expected: (told) => {
      const { totals, groups } = told<Schemas["PerformanceReport"]>("/performance");
      return rows(...totals.map((of) => performanceRow("Totals by mode and currency", `${of.mode}`, of)), ...groups.map((of) => performanceRow("Trades by month, mode and currency", `${of.key}`, of)));
    },
  },
  "closed trades": {
    path: () => "/trades?view=closed",
    expected: (told) =>
      rows(
        ...told<{ items: Schemas["UserTrade"][] }>("/user-trades").items.map((trade) =>
          row("Closed trades", trade.id, { Realised: profit(trade.realised_pnl, "USDT"), Quantity: amount(trade.quantity, "BTC"), Entry: rounded(trade.entry_price), Exit: rounded(trade.exit_price) }),
        ),
      ),
  },
  transactions: {
    path: () => "/transactions",
    expected: (told) =>
      together(
        newestFirst(told<{ items: Schemas["Transaction"][] }>("/transactions").items).map((fill) =>
          row("Transactions: every fill", fill.position_id, { Quantity: amount(fill.quantity, "BTC"), Price: amount(fill.price, "USDT"), Value: amount(fill.value, "USDT"), Fee: fill.fee === null ? "not known yet" : amount(fill.fee, fill.fee_asset ?? "") }),
        ),
      ),
  },
  "risk rules": {
    path: () => "/risk",
    expected: (told) => {
      const { items } = told<{ items: Schemas["RiskRule"][] }>("/risk-rules");
      const units: Partial<Record<Schemas["RuleKind"], string>> = { order_size: "in quote", exposure: "in quote", day_loss: "in quote", leverage: "×" };
      const cells = (rules: Schemas["RiskRule"][]) => ({
        Bound: rules.map(({ max, kind, currency }) => amount(max, currency ?? units[kind])).join(", "),
        Version: rules.map(({ version }) => `${version ?? NONE}`).join(", "),
      });
      // The rows of one account lead to the same page; the one rule leads to its form.
      return rows(row(RULES, account, cells(items.filter(({ source }) => source === "account_limits"))), row(RULES, "risk", cells(items.filter(({ source }) => source === "rule"))));
    },
  },
  "a risk score": {
    path: () => "/risk?view=score",
    expected: (told) => {
      const { books } = told<Schemas["RiskAssessment"]>("/risk-assessments/latest");
      const shares = ["volatility", "liquidity"];
      const names = { volatility: "Volatility", concentration: "Concentration", liquidity: "Liquidity", correlation: "Correlation", leverage: "Leverage" };
      const measured = ({ name, measure }: Schemas["RiskFactor"]) => (measure !== null && shares.includes(name) ? amount(decimal(whole(measure) * 100n), "%") : amount(measure));
      return rows(
        ...books.flatMap((book) => [
          { "paper USDT / ": `${book.score} of 100`, "paper USDT / Equity": amount(book.equity, "USDT"), "paper USDT / Loss if every worst case happens": amount(book.worst_loss, "USDT") },
          ...book.factors.map((factor) =>
            row("Factors: paper, USDT", `${names[factor.name]}${scoreTexts.factorWhy[factor.name]}`, { Value: factor.value === null ? scoreTexts.noCandles : amount(factor.value), Weight: amount(factor.weight), Measured: measured(factor) }),
          ),
          ...book.exposure.map(({ asset, planned, value }) => row("Exposure by asset: paper, USDT", asset, { Planned: amount(planned, "USDT"), "Held, at the last price": amount(value, "USDT") })),
          ...book.worst_cases.map((worst) =>
            row("Worst case of each ladder: paper, USDT", worst.position_id, {
              Loss: amount(worst.loss, "USDT"),
              "Planned, with fees": amount(worst.planned, "USDT"),
              "Stop then": amount(worst.stop_price),
              "Margin used up at": amount(worst.margin_gone_price),
              "Distance to it": amount(worst.margin_gone_percent, worst.margin_gone_percent === null ? "" : "%"),
            }),
          ),
        ]),
      );
    },
  },
  "an account": {
    path: () => `/accounts/${account}`,
    expected: (told) => {
      const { balances } = told<Schemas["Account"]>(`/accounts/${account}`).state;
      const limits = told<Schemas["AccountLimits"]>(`/accounts/${account}/limits`);
      // None before the first look of a day.
      const days = newestFirst(told<{ items: Schemas["AccountBalanceDay"][] }>(`/accounts/${account}/balances/history`).items).flatMap(({ at, balances: held }) => Object.entries(held).map(([asset, of]) => ({ at, asset, ...of })));
      const of = (used: string | number, most: string | number) => `${amount(`${used}`)} of ${amount(`${most}`)} used`;
      return rows(
        ...Object.entries(balances).map(([asset, state]) => row("Balance of each asset", asset, { Balance: amount(state.balance, asset), "Reserved for entries": amount(state.reserved, asset), "Left for new entries": amount(left(state), asset) })),
        together(days.map(({ at, asset, free, locked }) => row("Balances of each day", at.slice(0, 10), { Free: amount(free, asset), "In orders": amount(locked, asset), Together: amount(add(free, locked), asset) }))),
        {
          "Limits / Largest entry": amount(limits.order_quote_max),
          "Limits / Planned in all open positions": of(limits.exposure, limits.exposure_max),
          "Limits / Loss of one day (UTC)": of(limits.day_loss, limits.day_loss_max),
          "Limits / Open positions": of(limits.open_groups, limits.open_groups_max),
          "Limits / Leverage of contracts": `${limits.leverage_max}`,
        },
      );
    },
  },
};

/** Every number of a page, with what stands over and beside it: caption, row and column, or heading and name. */
function shown(page: Page): Promise<Shown> {
  return page.evaluate(() => {
    const text = (node: Element | null | undefined) => node?.textContent?.replace(/ [▲▼]$/, "").trim() ?? "";
    const numbers = [...document.querySelectorAll("main .number")].map((number) => number.closest("td, dd") ?? number);
    const cells = new Set([...document.querySelectorAll("main td.text-right"), ...numbers]);
    const found: Shown = {};
    for (const cell of cells) {
      const [table, line] = [cell.closest("table"), cell.closest("tr")];
      const place = (
        table && line && cell instanceof HTMLTableCellElement
          ? [text(table.caption), line.querySelector("a")?.pathname.split("/").at(-1) ?? text(line.cells[0]), text(table.tHead?.rows[0]?.cells[cell.cellIndex])]
          : [text(cell.closest("li, section")?.querySelector("h2, h3")), text(cell.parentElement?.querySelector("dt"))]
      ).join(" / ");
      const inside = [...cell.querySelectorAll(".number")].map(text).join(" | ") || text(cell);
      // What stands at the same place twice is not hidden by the second.
      found[place] = found[place] === undefined ? inside : `${found[place]}, ${inside}`;
    }
    return found;
  });
}

for (const [name, { path, expected }] of Object.entries(CASES)) {
  it(`each number of ${name} is the API's`, async () => {
    const opened = await entered(trader);
    const { page } = opened;
    const answers = new Map<string, unknown>();
    page.on("response", async (answer) => {
      if (answer.status() === 200 && answer.url().includes("/api/v1/")) answers.set(new URL(answer.url()).pathname, await answer.json().catch(() => null));
    });
    const told: Told = <Answer>(asked: string) => answers.get(`/api/v1${asked}`) as Answer;
    await page.goto(path());
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector(".animate-pulse"));
    let [is, should]: Shown[] = [{}, {}];
    // A price may move between the two looks.
    for (let looks = 0; looks < 5 && (looks === 0 || !isDeepStrictEqual(is, should)); looks++) {
      await page.waitForTimeout(500);
      [should, is] = [expected(told), await shown(page)];
    }
    expect(is).toEqual(should);
    expect(Object.keys(is ?? {}).length).toBeGreaterThan(3);
    await close(opened);
  });
}
