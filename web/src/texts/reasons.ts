import type { Schemas } from "@/api/client";

type Code = Schemas["ReasonCode"];

/** What a reason means, what to do about it, and the page where it is done. */
interface ReasonText {
  words: string;
  next: string;
  to?: "/accounts" | "/alerts" | "/bots" | "/orders" | "/positions" | "/presets" | "/risk" | "/webhook-tokens";
}

const NOTHING = "Nothing is left to do.";
const SMALLER = "Use a smaller size, or split it over more safety orders or alerts.";
const LARGER = "Use a larger size, or a market with a lower minimum.";
const DEFECT = "If it happens again, report it: Moniqo should have kept the exchange's rule.";

/** One for every code of the API: a code that is missing here does not compile. */
export const reasons = {
  // What was done.
  opened: { words: "A position was opened, and its entry is on its way to the exchange.", next: "Follow the position.", to: "/positions" },
  pyramid_added: { words: "The position was added to.", next: "Follow the position.", to: "/positions" },
  reducing: { words: "A part of the position is being closed.", next: "Follow the position.", to: "/positions" },
  closing: { words: "The position is being closed.", next: "Wait until it is closed. A queued alert is decided again by itself after that.", to: "/positions" },
  routed: { words: "The route shared the alert out between accounts. Each part is an alert of its own, with its own verdict.", next: "Look at the verdicts of the parts." },
  retried: { words: "A dead letter was retried: the alert is decided again.", next: "Wait a few seconds, then read the verdict again." },
  dropped: { words: "The alert could not be decided, and its dead letter was discarded by hand.", next: "Send a new alert if it is still meant." },

  // The alert itself.
  conflict: { words: "Another alert with the same id came first, with another body. The first one holds.", next: "Give each alert an id of its own." },
  stale: { words: "The alert was too old when it was decided.", next: "Use {{timenow}} as its clock, not {{time}}, and check the sender's clock. max_lag_seconds sets how old an entry may be." },
  unreadable: { words: "A stored row that the alert needs cannot be read by this release.", next: "Ask your operator to deploy the newer release, then retry the dead letter.", to: "/alerts" },
  undecided: { words: "No decision was made for more than an hour.", next: "Ask your operator whether the signal worker runs, then retry the dead letter.", to: "/alerts" },
  invalid_json: { words: "The body is not JSON, and not one of the known text forms.", next: "Correct the message in TradingView. The setup guide prints one that is right." },
  invalid_alert: { words: "A field of the alert is missing, unknown or out of its bounds.", next: "Correct the fields that are named here in the message that sends the alert." },
  unknown_preset: { words: "You have no preset of this name.", next: "Create the preset, or correct the name in the alert.", to: "/presets" },
  unknown_account: { words: "You have no account with this label at this exchange.", next: "Correct the account or the exchange in the alert. On paper, the exchange is PAPER and not the chart's.", to: "/accounts" },
  unknown_market: { words: "The account's exchange does not trade this market, or has listed it for less than six hours.", next: "Check the spelling of the symbol. The detail says how it was read." },
  unknown_route: { words: "You have no route of this name.", next: "Correct the name in the alert, or create the route." },
  account_not_allowed: { words: "The webhook token trades on another account or at another exchange.", next: "Send the alert with the token of that account, or create a token for it.", to: "/webhook-tokens" },

  // Accounts and exchanges.
  account_disabled: { words: "The account is not enabled for trading.", next: "Validate the account, then enable it.", to: "/accounts" },
  account_not_validated: { words: "The account's exchange key has not been validated since it was changed.", next: "Validate the account.", to: "/accounts" },
  venue_not_tradable: { words: "Moniqo does not trade at this exchange, or its markets have not been read yet.", next: "Use an exchange that is traded. After a new connection, wait for its markets to be read." },
  venue_paused: { words: "The exchange asked for a pause, so nothing is sent to it now.", next: "Wait until the pause is over, then send a new alert if it is still meant.", to: "/accounts" },
  drift: { words: "The exchange has less of this asset than your positions hold, so none of it is bought.", next: "Settle the difference under “Needs attention” on the overview." },
  key_refused: { words: "The exchange refuses the account's key: unknown, wrongly signed, from the wrong address, or without the right to trade.", next: "Check the key at the exchange, or save a new one, then validate the account.", to: "/accounts" },
  before_recovery: { words: "The alert came before the restored data was recovered, or from a bot that was started before that.", next: "Send it again if it is still meant. Stop the bot with “close only”, and start it again.", to: "/bots" },

  // Positions.
  nothing_open: { words: "There is no open position that the alert could close or reduce.", next: "If the detail names other timeframes or sides, use theirs in the exit alert.", to: "/positions" },
  nothing_held: { words: "The position has not bought anything yet, so no part of it can be sold.", next: "Cancel its entries if you do not want it.", to: "/positions" },
  before_entry: { words: "The exit was raised before the position was opened.", next: "Close the position by hand if the exit was meant for it.", to: "/positions" },
  exited_since: { words: "An exit of this market was raised after this entry.", next: "Nothing, or send a new entry if it is still meant." },
  below_minimum_profit: { words: "The position's plan closes by alert only with a minimum profit, and the market does not bring that now.", next: "Wait, or close the position by hand: that closes whatever it brings.", to: "/positions" },
  partial_exit_off: { words: "The alert closes a part, and neither it nor its preset allows partial exits.", next: "Set partial_exit to true in the preset or the alert.", to: "/presets" },
  sizes_missing: { words: "The partial exit does not say how much.", next: "Send market_position_size and prev_market_position_size in the alert." },
  too_little: { words: "The part that was to be closed is smaller than the market's minimum.", next: "Close a larger part, or the whole position.", to: "/positions" },
  already_live: { words: "A position of this market and timeframe is open already, and its preset adds nothing.", next: "Close it first, use another timeframe, or use a preset with pyramids.", to: "/positions" },
  contradicts_side: { words: "A position of the other side is open, or was open when the alert came.", next: "Close it first. On perpetuals, “reverse” in the preset turns the position around.", to: "/presets" },
  market_cannot_short: { words: "This market cannot be sold short: spot markets never can.", next: "Use a perpetual contract for a short." },
  market_taken: { words: "The exchange keeps one position of this perpetual, and another timeframe has it.", next: "Close that position first, or use another account.", to: "/positions" },
  position_not_ours: { words: "The account holds contracts of this market that Moniqo did not open.", next: "Close them at the exchange, or use another account." },
  cooldown: { words: "The last position of this market and timeframe ended lately, and its plan asks for a pause.", next: "Wait until the time that the detail names, or shorten the cooldown in the preset.", to: "/presets" },
  preset_unreadable: { words: "The preset was saved by a newer release than the one that runs.", next: "Save the preset again, or deploy the newer release.", to: "/presets" },
  pyramids_max: { words: "The position was added to as often as its plan allows.", next: "Raise the maximum of pyramids in the preset for later positions.", to: "/presets" },
  pyramid_pending: { words: "The base order before this addition has not been filled yet.", next: "Send the addition once it is filled, or cancel that order.", to: "/positions" },
  pyramid_distance: { words: "The price is too near to the last base order, or on the wrong side of it.", next: "The detail has the numbers. Change distance_percent or direction in the preset if that is too strict.", to: "/presets" },
  exit_follows_price: { words: "Pyramids that close alone cannot have an exit that follows the price or waits.", next: "Leave trailing and delays out of the alert, or let the pyramids close together.", to: "/presets" },
  reductions_max: { words: "The position was closed in parts as often as is allowed.", next: "Close the rest of the position.", to: "/positions" },
  inexact: { words: "An amount has more digits than can be calculated exactly.", next: "Use sizes and prices with fewer digits." },

  // Bots.
  run_stopped: { words: "The bot's run was stopped, or only closes positions.", next: "Start the bot again if it is to enter.", to: "/bots" },
  strategy_off: { words: "An admin has disabled the bot's strategy for this deployment.", next: "Ask an admin, or choose another strategy.", to: "/bots" },

  // Limits.
  plan_limit_positions: { words: "Your plan allows no more open positions.", next: "Close one, or ask an admin for another plan.", to: "/positions" },
  halted: { words: "Entries are halted.", next: "Find out why they were halted, then resume.", to: "/accounts" },
  open_groups_max: { words: "The account, a risk rule or the alert itself allows no more open positions.", next: "Close a position, or raise the limit.", to: "/accounts" },
  order_quote_max: { words: "The entry is larger than the account's limit or a risk rule allows for one entry.", next: "Use a smaller size, or raise the limit.", to: "/accounts" },
  leverage_max: { words: "The leverage is above the limit of the account or of a risk rule.", next: "Use a lower leverage, or raise the limit.", to: "/accounts" },
  day_loss_max: { words: "As much was lost today as the limit of the account or a risk rule allows.", next: "Entries go on tomorrow (UTC). Raise the limit only if you mean to.", to: "/accounts" },
  drawdown_max: { words: "Your accounts are worth too much less than at their peak of this month, by a risk rule.", next: "Wait, or change the rule.", to: "/risk" },
  entries_reducing: { words: "Entries are paused by you or by a risk rule.", next: "Wait, or resume entries.", to: "/accounts" },
  losing_closes_max: { words: "Entries pause after losing closes in a row, by a risk rule.", next: "Wait, or change the rule.", to: "/risk" },
  entries_per_hour_max: { words: "A risk rule allows no more entries in this hour.", next: "Wait, or change the rule.", to: "/risk" },
  price_collar: { words: "The entry is priced too far from the market for a risk rule.", next: "Check its price, or change the rule.", to: "/risk" },
  spread_max: { words: "Bid and ask are too far apart for a risk rule.", next: "Wait, or change the rule.", to: "/risk" },
  exposure_max: { words: "With this entry, open positions would be worth more than the account's limit or a risk rule allows.", next: "Close a position, use a smaller size, or raise the limit.", to: "/accounts" },
  balance_old: { words: "The size is a share of the balance, and the balance was not read within the last 15 minutes.", next: "Read the balances of the account again, or use a fixed amount.", to: "/accounts" },
  insufficient_balance: { words: "The account has too little free balance for the order.", next: "Deposit, free what other orders lock, or use a smaller size.", to: "/accounts" },
  balance_too_small: { words: "The whole ladder needs more than the free balance.", next: "Use fewer or smaller safety orders, or deposit.", to: "/presets" },

  // Webhook tokens.
  token_from: { words: "The webhook token takes alerts from TradingView's addresses only, and this one came from elsewhere.", next: "If none of your programs sent it, the token has leaked: revoke it and create another.", to: "/webhook-tokens" },
  token_market: { words: "The webhook token is not for this market.", next: "Add the market to a token, or use another token.", to: "/webhook-tokens" },
  token_preset: { words: "The webhook token trades by certain presets only, and by no plan of the alert's own.", next: "Use one of its presets without own sizes and exits, or another token.", to: "/webhook-tokens" },
  key_quote_max: { words: "The order would spend more than the API key allows in one order, or on one day with this account.", next: "Use a smaller size, wait until tomorrow (UTC), or log in." },
  token_order_quote_max: { words: "The entry would spend more than the webhook token allows.", next: "Use a smaller size, or a token with a higher maximum.", to: "/webhook-tokens" },
  token_entry_only: { words: "The webhook token opens positions only, and this alert closes.", next: "Send exits with another token.", to: "/webhook-tokens" },
  token_exit_only: { words: "The webhook token closes positions only, and this alert opens one.", next: "Send entries with another token.", to: "/webhook-tokens" },

  // Routes.
  route_buys_only: { words: "A route only opens long positions.", next: "Name the account in the alert instead of the route." },
  route_turns_not: { words: "A route closes a position of the other side, and does not turn it around.", next: "Send the entry again once the position is closed." },
  route_modes: { words: "The accounts of the route are not all in the same mode.", next: "Give the route accounts of one mode only: paper, testnet or live." },
  no_account_fits: { words: "No account of the route can take the entry.", next: "Look at the reason of each account below." },
  addition_sized: { words: "Several accounts of the route have a position, and the alert names a size for the addition.", next: "Leave sizes out of the alert: each position has its own plan." },
  addition_bounded: { words: "Several accounts of the route would be added to, and the webhook token has a maximum amount.", next: "Use a token without a maximum, or name one account.", to: "/webhook-tokens" },
  no_book: { words: "The exchange did not send its order book in time.", next: "Nothing, if another account took the entry. Otherwise send a new alert." },
  nothing_offered: { words: "The order book offers nothing.", next: "Use a market or an exchange with more offers." },
  slippage: { words: "Too little is on offer within the route's slippage limit.", next: "Use a smaller size, or raise the route's slippage." },
  account_limits: { words: "The account's balance or limits allow less than its part.", next: "Deposit, raise the limits, or use a smaller size.", to: "/accounts" },
  dearer: { words: "Another account of the route was cheaper after fees.", next: NOTHING },

  // Prices and times.
  no_price: { words: "There is no price younger than 60 s for this market, and nothing is on offer.", next: "Check whether the exchange answers, or send the price with the alert. A queued alert is decided again by itself." },
  no_fee_price: { words: "Fees are taken in another asset, and that asset has no price now.", next: "Wait for its price, or have fees taken in the traded assets." },
  price_moved: { words: "The price moved by more than 1 % between the plan and the sending.", next: "Send a new alert if it is still meant." },
  expired: { words: "The entry was not sent within 60 s of its decision.", next: "Look for a halt or a paused exchange, then send a new alert if it is still meant.", to: "/accounts" },
  not_placed: { words: "The exchange does not have the order, and it is not sent again.", next: "Look at the exchange whether it shows the order. Then send a new alert if it is still meant." },

  // Ends of orders.
  cancelled: { words: "The order was given up before it was sent.", next: NOTHING },
  superseded: { words: "A later order for the same purpose is at the exchange.", next: NOTHING },
  resolved: { words: "You stated that the exchange never had the order. It is not sent again.", next: "Send a new alert if it is still meant." },
  declared_over: { words: "You stated that the order has ended at the exchange.", next: "Moniqo asks the exchange about it for another day, and takes its word if it differs." },

  // What exchanges refuse.
  clock: { words: "The exchange refused the order for its time: the clock or the request number was off.", next: "Nothing: the clock is read again. If it goes on, check that no other program uses the same key." },
  rate_limited: { words: "The exchange was asked too often and refused the order for now.", next: "Nothing: an exit is sent again by itself. Send an entry again if it is still meant." },
  too_many_orders: { words: "More orders would rest than the exchange allows.", next: "Cancel orders, or let fewer safety orders rest at once (“active”).", to: "/presets" },
  stop_not_taken: { words: "The exchange does not take the stop order.", next: "Nothing: Moniqo keeps the stop by checking the price every ten seconds." },
  market_closed: { words: "The exchange has halted this market, or is in maintenance.", next: "Wait until it trades again. Exits are sent again by themselves." },
  would_trigger_immediately: { words: "The price has reached the stop already, so the exchange refused to place it.", next: "Nothing: Moniqo closes by its own check of the price.", to: "/positions" },
  oco_prices: { words: "The price is not between the take-profit and the stop of the pair.", next: "Nothing: Moniqo decides again from the price.", to: "/positions" },
  oco_client_order_ids: { words: "Both orders of the pair had the same id.", next: DEFECT },
  duplicate_client_order_id: { words: "The exchange knows an order with this id already.", next: "Look at the exchange whether it shows the order. Moniqo does not send it twice.", to: "/orders" },
  price_not_positive: { words: "An order of the plan would have a price of zero or less.", next: "Place the safety orders less deep.", to: "/presets" },
  quantity_zero: { words: "An order of the plan is smaller than one step of the market.", next: LARGER },
  below_quantity_min: { words: "An order is below the market's minimum quantity.", next: LARGER },
  below_notional_min: { words: "An order is worth less than the market's minimum.", next: LARGER },
  above_quantity_max: { words: "An order is above the market's maximum quantity.", next: SMALLER },
  above_notional_max: { words: "An order is worth more than the market's maximum.", next: SMALLER },
  off_price_tick: { words: "The price is not on the market's price step.", next: DEFECT },
  off_quantity_step: { words: "The quantity is not on the market's quantity step.", next: DEFECT },
  out_of_bounds: { words: "The exchange refused the order: too large, too many, or too far from the market price.", next: "Use a smaller size, or a price nearer to the market." },
  precision: { words: "A price or quantity has more digits than the exchange takes.", next: "Use sizes and prices with fewer digits." },
  position_mode: { words: "The account is in hedge mode, and could not be set to one-way mode.", next: "Close positions and orders of the market at the exchange, and set one-way mode there." },
  margin_mode: { words: "The account shares one margin between positions, and could not be set to isolated margin.", next: "Close positions and orders of the market at the exchange, and set isolated margin there." },
  leverage: { words: "The exchange did not take the leverage: too high for this market, or a position is open with another one.", next: "Use a lower leverage, or close that position." },
  reduce_only: { words: "The order may only reduce a position, and nothing is left to reduce.", next: "Compare the position with the exchange: it may have been closed or liquidated there.", to: "/positions" },
  refused_by_venue: { words: "The exchange refused the order in its own words.", next: "The detail has them. Correct what they name at the exchange." },
} as const satisfies Record<Code, ReasonText>;

const known: Partial<Record<string, ReasonText>> = reasons;

/** The texts of a code; null for a code of another release, which is shown as it is. */
export function reasonText(code: string): ReasonText | null {
  return Object.hasOwn(known, code) ? (known[code] ?? null) : null;
}

/** On the link that leads to where something is done about it. */
export const reasonLinks: Record<NonNullable<ReasonText["to"]>, string> = {
  "/accounts": "Open accounts",
  "/alerts": "Open dead letters",
  "/bots": "Open bots",
  "/orders": "Open orders",
  "/positions": "Open positions",
  "/presets": "Open presets",
  "/risk": "Open risk rules",
  "/webhook-tokens": "Open webhook tokens",
};

export const reason = {
  unknown: (code: string) => `Reason “${code}”: this dashboard does not know it yet`,
  fields: "Wrong:",
  next: "What to do:",
  code: "Code",
  limit: { of: "Limit or rule", account: "limit of the account", rule: "risk rule", comesTo: "With the whole entry", allowed: "Bound", passes: "Largest entry that passes", nothing: "no size passes" },
} as const;
