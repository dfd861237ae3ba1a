export const transactions = {
  title: "Transactions",
  about: "Every fill with its fee, those of the newest order first. The period is that of the order. Funding, deposits and withdrawals are not among them.",
  caption: "Transactions: every fill",
  empty: "There is no fill yet",
  emptyFiltered: "No fill matches",
  emptyNext: "Choose a longer period, or other filters.",
  side: { buy: "buy", sell: "sell" },
  feeUnknown: "not known yet",
  columns: { at: "Time", symbol: "Market", side: "Side", quantity: "Quantity", price: "Price", value: "Value", fee: "Fee", mode: "Mode", account: "Account", exchange: "Exchange", order: "Order", id: "Id" },
  order: "order",
  csvFile: "moniqo-transactions-utc.csv",
} as const;
