// A browser, people and the API for stories; `cargo xtask test --lane web` says where they are.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import type { components, paths } from "../src/api/generated";

type Account = components["schemas"]["Account"];
type Position = components["schemas"]["PositionDetail"];

const told = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name}: run the stories by \`cargo xtask test --lane web\``);
  return value;
};

/** Where the dashboard is, with the API under the same origin. */
export const SITE = told("MONIQO_SITE");
const ADMIN = { email: told("MONIQO_EMAIL"), password: told("MONIQO_PASSWORD") };

/** A key of the exchange that is simulated beside the stack: `main` trades, `withdrawer` can withdraw. */
export function exchangeKey(name: "main" | "withdrawer"): { id: string; secret: string } {
  const lines = readFileSync(told("MONIQO_EXCHANGES"), "utf8").split("\n");
  const of = (part: string) => {
    const start = `binance.main.${name}.${part}=`;
    return lines.find((line) => line.startsWith(start))?.slice(start.length) ?? "";
  };
  return { id: of("id"), secret: of("secret") };
}

/** Waits until something is there: what takes the deployment a while is looked at, not slept for. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>, { seconds = 60, every = 250 } = {}): Promise<T> {
  const end = Date.now() + seconds * 1_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resume) => setTimeout(resume, every));
  }
}

type Pattern<Path> = Path extends `${infer Before}{${string}}${infer After}` ? `${Before}${string}${Pattern<After>}` : Path;
type Bare<Path> = Path extends `${infer Before}?${string}` ? Before : Path;
type Content<Of> = Of extends { content: { "application/json": infer Body } } ? Body : never;
type Answers<Of> = Of extends { responses: infer All } ? { [Status in keyof All]: Status extends 200 | 201 | 202 ? Content<All[Status]> : never }[keyof All] : never;
/** What the API answers to a path, as its document says. */
type Answer<Method extends "get" | "post", Path extends string> = {
  [Known in keyof paths]: `/api/v1${Bare<Path>}` extends Pattern<Known> ? (paths[Known] extends { [Name in Method]?: infer Of } ? Answers<NonNullable<Of>> : never) : never;
}[keyof paths];

/** The API as a program asks it. */
export class Api {
  constructor(private readonly token: string | null = null) {}

  async ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    const answer = await fetch(`${SITE}${path.startsWith("/health") ? "" : "/api/v1"}${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  }

  /** The body of an answer that went well. */
  async told<Told>(method: string, path: string, body?: unknown): Promise<Told> {
    const answer = await this.ask(method, path, body);
    expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    return answer.body as Told;
  }

  get = <Path extends string>(path: Path) => this.told<Answer<"get", Path>>("GET", path);
  post = <Path extends string>(path: Path, body: unknown = {}) => this.told<Answer<"post", Path>>("POST", path, body);
}

async function logIn(email: string, password: string): Promise<Api> {
  const { token } = await new Api().post("/auth/login", { email, password });
  return new Api(token);
}

let theAdmin: Promise<Api> | undefined;
export const admin = (): Promise<Api> => (theAdmin ??= logIn(ADMIN.email, ADMIN.password));

export interface Person {
  id: string;
  email: string;
  username: string;
  password: string;
  api: Api;
}

/** A user of their own for each story. */
export async function person(role: "viewer" | "quant" | "trader" | "operator" | "manager" | "admin" = "trader"): Promise<Person> {
  const unique = randomUUID().slice(0, 8);
  const [email, username, password] = [`${role}-${unique}@example.com`, `${role}-${unique}`, `Tall-trees-7${unique}`];
  const { id } = await (await admin()).post("/users", { email, username, password, role });
  return { id, email, username, password, api: await logIn(email, password) };
}

/** An account of the paper exchange that may enter. */
export async function paperAccount({ api }: Person, label = "paper"): Promise<Account> {
  const { id } = await api.post("/accounts", { exchange: "PAPER", label, mode: "paper" });
  await api.post(`/accounts/${id}/test`);
  await api.told("PATCH", `/accounts/${id}`, { enabled: true });
  return api.get(`/accounts/${id}`);
}

/** A trade made elsewhere, of yesterday. */
export const ELSEWHERE = {
  exchange: "KRAKEN",
  symbol: "BTC/EUR",
  side: "long",
  quantity: "0.1",
  entry_price: "40000",
  exit_price: "41000",
  fees: "8.1",
  opened_at: new Date(Date.now() - 86_400_000).toISOString(),
  closed_at: new Date(Date.now() - 43_200_000).toISOString(),
  notes: "by phone",
  tags: ["news"],
};

/** Sends an alert as TradingView does; the id of what was received. */
export async function alert({ api }: Person, account: Account, members: object = {}): Promise<string> {
  const label = `story ${randomUUID().slice(0, 8)}`;
  const token = await api.post("/webhook-tokens", { label, account: account.label, exchange: account.exchange });
  const answer = await fetch(`${SITE}${token.webhook_path}`, {
    method: "POST",
    body: JSON.stringify({ id: randomUUID(), tv: { symbol: "BTCUSDT" }, execution_intent: { type: "entry", strategy: "grid", side: "long" }, base_order: { quote: "100" }, ...members }),
  });
  expect(answer.status, await answer.clone().text()).toBe(202);
  return ((await answer.json()) as { delivery_id: string }).delivery_id;
}

/** A position that an alert has opened, once its base order is filled. */
export async function opened(of: Person, account: Account, members: object = {}): Promise<Position> {
  const delivery = await alert(of, account, members);
  const found = await until("a filled position", async () => {
    // The simulated price may move too far between the plan and the order.
    if ((await of.api.get(`/deliveries/${delivery}`)).verdict?.reason === "price_moved") return "again";
    const { items } = await of.api.get("/position-groups");
    const found = items.find((position) => position.delivery_id === delivery);
    if (!found) return null;
    const position = await of.api.get(`/position-groups/${found.id}`);
    const base = position.pyramids[0]?.legs[0]?.orders[0];
    // What is still being filled has other numbers a moment later.
    const settled = base?.state === "filled" && position.take_profit_orders.some((order) => order.state === "open");
    return settled ? position : null;
  });
  return found === "again" ? opened(of, account, members) : found;
}

let browser: Browser;

/** Starts a browser for the stories of a file; what a page complains of fails them. */
export function stories(): void {
  beforeAll(async () => {
    browser = await launched();
  });
  afterAll(async () => browser?.close());
}

/** A browser that dies while it starts, as the system's own sometimes does, is started again. */
async function launched(tries = 3): Promise<Browser> {
  try {
    return await chromium.launch({
      executablePath: told("MONIQO_CHROMIUM"),
      // Nothing but the dashboard is asked.
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
    });
  } catch (error) {
    if (tries <= 1) throw error;
    return launched(tries - 1);
  }
}

export interface Opened {
  page: Page;
  context: BrowserContext;
  /** What the browser complained of: errors of scripts, refusals by the content security policy. */
  complaints: string[];
}

interface Look {
  theme?: "light" | "dark";
  width?: number;
}

/** A browser window without a session. */
export async function stranger({ theme = "dark", width = 1280 }: Look = {}): Promise<Opened> {
  const context = await browser.newContext({ baseURL: SITE, colorScheme: theme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (/content security policy|uncaught|react/i.test(message.text()) && message.type() === "error") complaints.push(message.text());
  });
  return { page, context, complaints };
}

/** A browser window of a logged-in user. */
export async function entered(who: Pick<Person, "email" | "password">, look: Look = {}): Promise<Opened> {
  const opened = await stranger(look);
  const answer = await opened.context.request.post("/api/v1/auth/login?session=cookie", {
    data: { email: who.email, password: who.password },
    headers: { "sec-fetch-site": "same-origin" },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  return opened;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The rules of axe that look at colours. */
export const COLOURS = ["color-contrast", "link-in-text-block"];

interface Axe {
  run: (within: string, options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** What axe has against a page, or against a part of it. */
export async function violations({ page }: Opened, part = "html", rules?: readonly string[]): Promise<string[]> {
  // By the debugger: the page's own policy lets no script in.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  return page.evaluate(
    async ({ within, runOnly }) => {
      const { violations } = await (window as unknown as { axe: Axe }).axe.run(within, { resultTypes: ["violations"], runOnly });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
    },
    { within: part, runOnly: rules && [...rules] },
  );
}

/** Waits for the dialog, which has to be accessible as it opens. */
export async function dialogOpens(opened: Opened): Promise<void> {
  await opened.page.getByRole("dialog").waitFor();
  expect(await violations(opened, "dialog"), "the dialog is accessible").toEqual([]);
}

/** Closes a window, in which nothing was complained of. */
export async function close({ context, complaints }: Opened): Promise<void> {
  await context.close();
  expect(complaints).toEqual([]);
}
