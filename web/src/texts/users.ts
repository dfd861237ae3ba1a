export const users = {
  title: "Users",
  views: { label: "Users, roles and plans", users: "Users", roles: "Roles", plans: "Plans" },
  filters: { search: "E-mail or name", role: "Role", active: "Status", actives: { true: "active", false: "suspended" } },
  empty: "No user matches",
  columns: { username: "User", email: "E-mail", name: "Name", role: "Role", plan: "Plan", status: "Status", created: "Since", login: "Last log-in", id: "Id" },
  active: "active",
  suspended: "suspended",

  create: {
    verb: "Create user",
    preview: "The user can log in at once with this password. Ask them to change it.",
    email: "E-mail address",
    username: "User name",
    password: "First password",
    role: "Role",
  },

  one: {
    facts: { email: "E-mail", name: "Name", role: "Role", plan: "Plan", status: "Status", since: "User since", login: "Last log-in", seen: "Last request", id: "User id" },
    you: "This is you",
    youWhy: "You cannot change your own role, status or plan. Another admin can; the rest stands on your settings page.",
    permits: "What the role permits",
    actions: "Actions",
    oneself: "Not for yourself",
    none: "The role permits nothing",

    role: "Change role",
    rolePreview: "All sessions of the user end: they log in again with the new role.",
    newRole: "New role",
    plan: "Change plan",
    planPreview: "It applies at once. What is open or runs beyond the new limits goes on; nothing new starts.",
    newPlan: "New plan",
    planNone: "default (no limits)",

    suspend: "Suspend",
    suspendTitle: "Suspend the user",
    suspendPreview: [
      "Sessions, webhook tokens and API keys of the user stop working, and their accounts are halted.",
      "No further entry is sent, and entries that wait are cancelled within seconds.",
      "Take-profits and stops stay. Bots only close what is open.",
    ],
    activate: "Reinstate",
    activateTitle: "Reinstate the user",
    activatePreview: "The user can log in again. Their accounts stay halted until they resume them.",

    password: "Reset password",
    passwordPreview: "The password of the user stops working at once. You get a token, shown once, with which the user chooses a new one.",
    tokenTitle: "Password-reset token",
    token: "Reset token",
    tokenAbout: (username: string) => `Shown once. Give it to ${username} over a safe way: it sets their password.`,
    tokenEnds: (moment: string) => `Valid until ${moment}, on the page “Forgot your password?”.`,
    tokenDone: "I have it",

    factor: "Remove second factor",
    factorPreview: "For a user who has lost it. Their password alone is enough to log in, and all their sessions end.",

    close: "Close all positions",
    closeTitle: "Close all positions of the user",
    closePreview: [
      "All open positions of the user, in all accounts and modes, are closed by market orders. Live ones are real money.",
      "Entries that wait are cancelled. Other users are not touched.",
    ],
    closeOnly: "Only for a suspended user: suspend them first",
    closing: (count: number) => (count === 0 ? "No position of the user is open." : `${count} ${count === 1 ? "position is" : "positions are"} being closed. Send the same again to see how far they are.`),

    remove: "Delete",
    removeTitle: "Delete the user",
    removePreview: [
      "Sessions, webhook tokens and API keys of the user end. Their e-mail address and user name become free.",
      "Refused while a position is open, and to the last admin. Their trades and audit rows stay.",
    ],
    erase: "Erase",
    eraseTitle: "Erase the user's personal data for good",
    erasePreview: [
      "E-mail address, names, second factor, notifications, accounts, exchange keys, sessions, webhook tokens and API keys are deleted.",
      "Refused while a position is open, and to the last admin. Trades and audit rows stay without a name. This cannot be undone.",
    ],
  },

  roles: {
    empty: "No role",
    about: "What users of a role may do. Built-in roles cannot be changed.",
    columns: { name: "Role", description: "For", permissions: "Permits", holders: "Users", rates: "Own request limits", builtIn: "Kind", act: "Action" },
    builtIn: "built in",
    own: "own",
    rate: (kind: string, most: number) => `${kind}: ${most}`,
    edit: "Change",
    editTitle: (role: string) => `Change the role ${role}`,
    editPreview: (count: number) => `It applies at once to the sessions of ${count === 1 ? "1 user" : `${count} users`}.`,
    gains: "gains",
    loses: "loses",
    unchanged: "Nothing is changed yet.",
  },

  plans: {
    empty: "No plan",
    about: "What users of a plan may use. A user without a plan has default, which limits nothing. Prices are for information: nothing is charged.",
    columns: { name: "Plan", description: "For", positions: "Positions", bots: "Bots", requests: "Requests a minute", monthly: "A month", yearly: "A year", settings: "Settings", holders: "Users", active: "Given out" },
    unlimited: "no limit",
  },
} as const;
