export const orders = {
  title: "Orders",
  state: {
    planned: "planned",
    submitting: "being sent",
    unknown: "in doubt",
    not_placed: "not placed",
    rejected: "rejected",
    open: "open",
    partially_filled: "partly filled",
    expired: "expired",
    cancelled: "cancelled",
    filled: "filled",
  },
  columns: {
    created: "Created",
    purpose: "Purpose",
    side: "Side",
    type: "Type",
    price: "Price",
    quantity: "Quantity",
    filled: "Filled",
    average: "Average fill",
    state: "State",
    mode: "Mode",
    fees: "Fees",
    id: "Id",
    position: "Position",
  },
} as const;

export const orderPurpose = {
  exit: "exit",
  reduce: (number: number) => `partial exit ${number}`,
  pyramid: (number: number) => `pyramid ${number}`,
  none: "No order yet",
} as const;
