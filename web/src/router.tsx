import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, Outlet } from "@tanstack/react-router";
import { parseSearch, type Search, stringifySearch } from "./lib/address";
import { Shell } from "./shell";
import { texts } from "./texts/common";
import { Page } from "./ui/page";

const root = createRootRoute({
  validateSearch: (search: Search) => search,
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: ({ error }) => <Broken error={error as Error} />,
});

// Before the log-in.
const login = createRoute({ getParentRoute: () => root, path: "/login", component: lazyRouteComponent(() => import("./pages/enter/login"), "Login") });
const register = createRoute({ getParentRoute: () => root, path: "/register", component: lazyRouteComponent(() => import("./pages/enter/register"), "Register") });
const forgot = createRoute({ getParentRoute: () => root, path: "/forgot-password", component: lazyRouteComponent(() => import("./pages/enter/forgot"), "Forgot") });

const inside = createRoute({ getParentRoute: () => root, id: "inside", component: Shell });

const page = <const Path extends string>(path: Path, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({ getParentRoute: () => inside, path, component: lazyRouteComponent(load as () => Promise<Record<string, never>>, name) });

const pages = [
  page("/", () => import("./pages/overview"), "Overview"),
  page("/setup", () => import("./pages/setup"), "Setup"),
  page("/portfolio", () => import("./pages/portfolio"), "Portfolio"),
  page("/positions", () => import("./pages/positions/list"), "Positions"),
  page("/positions/$id", () => import("./pages/positions/one"), "Position"),
  page("/orders", () => import("./pages/orders/list"), "Orders"),
  page("/orders/new", () => import("./pages/orders/new"), "NewOrder"),
  page("/orders/$id", () => import("./pages/orders/one"), "Order"),
  page("/transactions", () => import("./pages/transactions"), "Transactions"),
  page("/alerts", () => import("./pages/alerts/list"), "Alerts"),
  page("/alerts/$id", () => import("./pages/alerts/one"), "Alert"),
  page("/trades", () => import("./pages/trades"), "Trades"),
  page("/performance", () => import("./pages/performance"), "Performance"),
  page("/risk", () => import("./pages/risk"), "Risk"),
  page("/bots", () => import("./pages/bots/list"), "Bots"),
  page("/bots/new", () => import("./pages/bots/new"), "NewBot"),
  page("/bots/$id", () => import("./pages/bots/one"), "Bot"),
  page("/backtests", () => import("./pages/backtests/list"), "Backtests"),
  page("/backtests/new", () => import("./pages/backtests/new"), "NewBacktest"),
  page("/backtests/$id", () => import("./pages/backtests/one"), "Backtest"),
  page("/market", () => import("./pages/market"), "Market"),
  page("/whales", () => import("./pages/whales"), "Whales"),
  page("/whales/$id", () => import("./pages/whales"), "WhaleAlert"),
  page("/accounts", () => import("./pages/accounts/list"), "Accounts"),
  page("/accounts/$id", () => import("./pages/accounts/one"), "Account"),
  page("/presets", () => import("./pages/presets/list"), "Presets"),
  page("/presets/$name", () => import("./pages/presets/one"), "Preset"),
  page("/webhook-tokens", () => import("./pages/tokens"), "WebhookTokens"),
  page("/api-keys", () => import("./pages/keys"), "ApiKeys"),
  page("/notifications", () => import("./pages/notifications"), "Notifications"),
  page("/settings", () => import("./pages/settings"), "Settings"),
  page("/users", () => import("./pages/users/list"), "Users"),
  page("/users/$id", () => import("./pages/users/one"), "User"),
  page("/audit", () => import("./pages/audit"), "Audit"),
];

export const router = createRouter({
  routeTree: root.addChildren([login, register, forgot, inside.addChildren(pages)]),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  // Another object is another page: nothing that was typed or opened for one stays for the next.
  defaultRemountDeps: ({ params }) => params,
  scrollRestoration: true,
});

function NotFound() {
  return (
    <main>
      <Page title={texts.states.notFound}>
        <Link to="/">{texts.states.notFoundNext}</Link>
      </Page>
    </main>
  );
}

/** What a page throws while it is shown: said, with a way out, and never a white screen. */
function Broken({ error }: { error: Error }) {
  return (
    <main>
      <Page title={texts.states.broken}>
        <p className="card border-bad" role="alert">
          {error.message}
        </p>
        <button type="button" className="button" onClick={() => location.reload()}>
          {texts.states.again}
        </button>
      </Page>
    </main>
  );
}
