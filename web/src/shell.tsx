import { useMutation } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { whenSessionEnds } from "./api/client";
import { useRead } from "./api/hooks";
import { logOut, type Permission, useForget, useMe } from "./lib/session";
import { choose, follow, type Theme, useChosenTheme } from "./lib/theme";
import { readIn } from "./lib/time";
import { texts } from "./texts/common";
import { Failure, Loading } from "./ui/states";

interface Entry {
  to: string;
  page: keyof typeof texts.shell.pages;
  needs?: Permission;
}

const GROUPS: { group: keyof typeof texts.shell.groups; entries: Entry[] }[] = [
  {
    group: "trade",
    entries: [
      { to: "/", page: "overview", needs: "trading:read" },
      { to: "/portfolio", page: "portfolio", needs: "trading:read" },
      { to: "/positions", page: "positions", needs: "trading:read" },
      { to: "/orders", page: "orders", needs: "trading:read" },
      { to: "/transactions", page: "transactions", needs: "trading:read" },
      { to: "/alerts", page: "alerts", needs: "trading:read" },
      { to: "/trades", page: "trades", needs: "trading:read" },
      { to: "/performance", page: "performance", needs: "trading:read" },
      { to: "/risk", page: "risk", needs: "trading:read" },
      { to: "/bots", page: "bots", needs: "trading:read" },
    ],
  },
  {
    group: "research",
    entries: [
      { to: "/backtests", page: "backtests", needs: "trading:read" },
      { to: "/market", page: "market", needs: "trading:read" },
      { to: "/whales", page: "whales", needs: "trading:read" },
    ],
  },
  {
    group: "connect",
    entries: [
      { to: "/setup", page: "setup" },
      { to: "/accounts", page: "accounts", needs: "trading:read" },
      { to: "/presets", page: "presets", needs: "trading:read" },
      { to: "/webhook-tokens", page: "tokens", needs: "trading:read" },
      { to: "/api-keys", page: "keys" },
    ],
  },
  {
    group: "people",
    entries: [
      { to: "/notifications", page: "notifications" },
      { to: "/settings", page: "settings" },
      { to: "/users", page: "users", needs: "users:write" },
      { to: "/audit", page: "audit" },
    ],
  },
];

/** Everything behind the log-in. */
export function Shell() {
  const me = useMe();
  const navigate = useNavigate();
  const forget = useForget();
  const at = useRouterState({ select: (state) => state.location });
  useEffect(
    () =>
      whenSessionEnds(() => {
        forget();
        // Several questions at once may be refused; the reader goes there once.
        if (location.pathname !== "/login") void navigate({ to: "/login", search: { next: at.href, ended: "1" } });
      }),
    [navigate, at.href, forget],
  );
  const settings = me.data?.settings;
  useEffect(() => {
    if (!settings) return;
    readIn(settings.time_zone);
    follow(settings.theme);
  }, [settings]);
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [at.pathname]);
  if (me.isPending) return <Loading />;
  if (me.error && !me.data) return me.error.status === 401 ? <Loading /> : <Failure error={me.error} again={() => void me.refetch()} />;
  const may = me.data?.permissions ?? [];
  return (
    <div className="min-h-screen lg:grid lg:grid-cols-[14rem_minmax(0,1fr)]">
      <a href="#content" className="bg-card sr-only z-20 p-2 focus:not-sr-only focus:absolute">
        {texts.shell.skip}
      </a>
      <header className="bg-card border-line border-b lg:sticky lg:top-0 lg:h-screen lg:overflow-y-auto lg:border-r lg:border-b-0">
        <div className="flex items-center justify-between gap-2 p-2 lg:p-4">
          <Link to="/" className="text-ink text-lg font-semibold no-underline">
            {texts.name}
          </Link>
          <button type="button" className="button lg:hidden" aria-expanded={open} aria-controls="navigation" onClick={() => setOpen(!open)}>
            {texts.shell.menu}
          </button>
        </div>
        <div id="navigation" className={`lg:block ${open ? "" : "hidden"}`}>
        <nav aria-label={texts.shell.navigation} className="space-y-3 p-2">
          {GROUPS.map(({ group, entries }) => {
            const shown = entries.filter(({ needs }) => !needs || may.includes(needs));
            return shown.length === 0 ? null : (
              <div key={group}>
                <p className="text-soft px-2 text-xs">{texts.shell.groups[group]}</p>
                <ul>
                  {shown.map(({ to, page }) => (
                    <li key={to}>
                      <Link
                        to={to}
                        activeOptions={{ exact: to === "/" }}
                        className="text-ink hover:bg-hover block rounded-md px-2 py-1.5 no-underline"
                        activeProps={{ className: "bg-hover font-semibold", "aria-current": "page" }}
                      >
                        {texts.shell.pages[page]}
                        {page === "notifications" ? <Unread /> : null}
                      </Link>
                    </li>
                  ))}
                </ul>
              </div>
            );
          })}
        </nav>
        <You name={me.data?.username ?? ""} role={me.data?.role ?? ""} />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="min-w-0 outline-none">
        <Outlet />
      </main>
    </div>
  );
}

function Unread() {
  const told = useRead("/api/v1/notifications/unread-count", undefined, { poll: 30 });
  if (!told.data?.unread) return null;
  const { unread, more } = told.data;
  return (
    <span className="bg-brand text-on-brand ml-2 rounded-full px-1.5 text-xs font-semibold" title={texts.shell.unread(unread, more)}>
      {unread}
      {more ? "+" : ""}
      <span className="sr-only"> {texts.shell.unread(unread, more)}</span>
    </span>
  );
}

function You({ name, role }: { name: string; role: string }) {
  const forget = useForget();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: logOut,
    onSuccess: () => {
      forget();
      void navigate({ to: "/login" });
    },
  });
  const theme = useChosenTheme();
  return (
    <section aria-label={texts.shell.account} className="border-line space-y-2 border-t p-4">
      <p className="break-words">
        {name} <span className="text-soft">{role}</span>
      </p>
      <label className="text-soft block text-xs">
        {texts.shell.theme}
        <select className="field mt-1" value={theme} onChange={(event) => choose(event.target.value as Theme)}>
          {Object.entries(texts.shell.themes).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="button w-full" disabled={leave.isPending} onClick={() => leave.mutate()}>
        {texts.shell.logOut}
      </button>
      {leave.isError ? (
        <p role="alert" className="text-bad">
          {texts.shell.stillIn}
        </p>
      ) : null}
    </section>
  );
}
