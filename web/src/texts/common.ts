// Texts that every page needs; those of one page stand in the file beside this one that has its name, so that they are fetched
// with it. Words are those of the glossary.

export const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export const texts = {
  name: "Moniqo",
  none: "–",
  never: "never",
  stale: "stale",
  yes: "yes",
  no: "no",

  time: {
    now: "just now",
    ago: (text: string) => `${text} ago`,
    seconds: (count: number) => `${count} s`,
    minutes: (count: number) => `${count} min`,
    hours: (count: number) => `${count} h`,
    days: (count: number) => plural(count, "day", "days"),
  },

  mode: {
    filter: "Mode",
    paper: "paper",
    testnet: "testnet",
    live: "live",
    unknown: "no mode",
    unknownWhy: "Stored before the mode was recorded",
    why: {
      paper: "Simulated money and simulated fills",
      testnet: "The test network of the exchange: no real money",
      live: "Real money at a real exchange",
    },
  },

  feed: { fresh: "fresh", late: "late", stale: "stale" },

  source: {
    api: "the API",
    price: "last price seen",
    read: (source: string, age: string) => `Read from ${source} ${age}`,
    failing: "cannot be read anew; what you see is old",
  },

  actions: {
    close: "Close",
    cancel: "Cancel",
    save: "Save",
    edit: "Edit",
    remove: "Remove",
    copy: "Copy",
    copied: "Copied",
    back: "Back",
    more: "Load more",
    sending: "Sending…",
    reason: "Reason",
    reasonWhy: "Stands in the audit log and in the history.",
    type: (word: string) => `Type ${word} to go on`,
  },

  table: {
    csv: "CSV",
    columns: "Columns",
    all: "all",
    noneYet: "None of the newest matches these filters",
    older: "Search older ones",
    pair: "Type it in full, such as BTC/USDT",
    rows: (count: number) => plural(count, "row", "rows"),
  },

  chart: { by: "Chart:" },

  states: {
    loading: "Loading…",
    busy: "The deployment is busy; asked again in a moment",
    failed: "That did not work",
    unreachable: "No answer: check your connection, and whether the deployment runs",
    status: (status: number, code: string) => `HTTP ${status}, ${code}`,
    request: (id: string) => `request ${id}`,
    fields: (fields: string) => `Wrong: ${fields}`,
    again: "Try again",
    noPermission: "You do not have permission for this",
    noPermissionNext: "An admin can change your role.",
    notFound: "There is no such page",
    notFoundNext: "Go to the overview",
    broken: "This page cannot be shown",
  },

  /** Where the API says no more than a code, or not what to do. */
  failures: {
    unreachable: "The deployment did not answer",
    busy: "The deployment is busy: try again in a moment",
    unreadable: "The answer could not be read",
    unauthorized: "Log in again",
    version_conflict: "It has changed since you opened this. Close this and look again.",
  },

  shell: {
    skip: "Skip to the content",
    menu: "Menu",
    navigation: "Pages",
    account: "You",
    logOut: "Log out",
    stillIn: "That did not work: you are still logged in. Try again.",
    theme: "Theme",
    themes: { system: "as the system", light: "light", dark: "dark" },
    unread: (count: number, more: boolean) => `${more ? "more than " : ""}${plural(count, "unread notification", "unread notifications")}`,
    groups: { trade: "Trading", research: "Research", connect: "Connections", people: "Administration" },
    pages: {
      overview: "Overview",
      setup: "Setup guide",
      portfolio: "Portfolio",
      positions: "Positions",
      orders: "Orders",
      transactions: "Transactions",
      alerts: "Alerts",
      trades: "Trades and profit",
      performance: "Performance",
      risk: "Risk",
      bots: "Bots",
      backtests: "Backtests",
      market: "Market data",
      whales: "Whales",
      accounts: "Accounts",
      presets: "Presets",
      tokens: "Webhook tokens",
      keys: "API keys",
      notifications: "Notifications",
      settings: "Settings",
      users: "Users",
      audit: "Audit log",
    },
  },

} as const;
