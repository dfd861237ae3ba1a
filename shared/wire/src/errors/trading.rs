//! Alerts, positions, orders, presets and bots.

super::codes! {
    400 DUPLICATE_PRESET: "One of your presets has this name already.",
        "Choose another name.";
    403 outside_bounds: "The API key may not place orders by hand in this account or market.",
        "Use an account and a market that the key names, or log in.";
    403 second_factor_needed: "The session did not begin with a second factor, or did so more than 15 minutes ago.",
        "Switch a second factor on, log in with it, and send the same from that session.";
    409 account_limit: "This is a limit of an account, and no rule of its own.",
        "Read and change it at `/api/v1/accounts/{id}/limits`.";
    409 already_closed: "The position is closed already.",
        "Nothing is left to do.";
    409 already_closing: "The position is being closed.",
        "Wait until it is closed.";
    409 already_decided: "The alert was decided meanwhile.",
        "Discard the dead letter.";
    409 already_dropped: "The dead letter was discarded already.",
        "Nothing is left to do.";
    409 already_final: "The order has ended already.",
        "Read the order: its outcome is final.";
    409 already_retried: "The dead letter was retried already.",
        "Read what became of it.";
    409 ambiguous_position: "None or several of the open positions could be made smaller by this order.",
        "Name the one that you mean as `position_id`.";
    409 bot_runs: "The bot runs, so it cannot be started, changed or deleted like this.",
        "Stop it first.";
    409 conflict: "Another alert with the same id came first, with another body.",
        "Give each alert an id of its own. The first alert holds.";
    409 disabled_meanwhile: "The strategy was disabled again while you enabled it.",
        "See why with `GET /api/v1/strategies/list`, then enable it.";
    409 flatten_changed: "More is open, or more accounts are meant, than the code was shown for.",
        "Halt entries, ask for another code, and look at what it shows.";
    409 flatten_code_missing: "There is no code of this session.",
        "Send the request without `code` first: it shows what would be sold.";
    409 flatten_code_over: "The code is over: it lasts 60 seconds and takes five tries.",
        "Send the request without `code`: it shows another one.";
    409 flatten_code_wrong: "This is not the code.",
        "Send the one that was shown last in this session.";
    409 halted_in_person: "A user has halted entries, and no API key lifts that.",
        "Log in and resume.";
    409 halted_meanwhile: "Entries were halted again while you resumed them.",
        "See why with `GET /api/v1/halt`, then resume.";
    409 kept_out: "Entries are halted because your user is suspended.",
        "Ask an admin.";
    409 never_started: "This bot was never started.",
        "There is no run to stop.";
    409 no_delivery: "The alert is not stored any more.",
        "Discard the dead letter.";
    409 no_repair: "Moniqo cannot carry out what is proposed.",
        "Do yourself what the proposal says.";
    409 no_retry: "A retry would change nothing.",
        "Discard the dead letter. `detail` says why.";
    409 not_in_doubt: "The order's outcome is known, or still being asked for.",
        "Resolve an order by hand only where its outcome is unknown.";
    409 not_manual: "The trade is a position of Moniqo, and stays in its history.",
        "Only a trade that was made elsewhere, `trd_…`, can be deleted.";
    409 plan_limit: "Your plan allows no more bots at once.",
        "Stop one first, or ask an admin for another plan.";
    409 position_open: "The position that the order would open is open in this account and market already.",
        "Name it as `position_id` to add to it, or to make it smaller.";
    409 proposal_gone: "This is not proposed any more.",
        "Read the differences again.";
    409 protective_order: "The order protects or closes its position.",
        "Close the position instead.";
    409 recovery_not_ready: "Not every account has been compared with its exchange twice since the restore.",
        "Have them checked with `POST /api/v1/recover`, twice, a minute apart.";
    409 series_full: "As many bots as allowed wait for candles of this market and timeframe.",
        "Stop one of them, or choose another timeframe.";
    409 series_taken: "Another of your bots runs on this market and timeframe with this account.",
        "Stop it first.";
    409 strategy_off: "An admin has disabled the bot's strategy for the deployment.",
        "Choose another strategy, or ask an admin.";
    409 too_early: "It is too early for this: `detail` says when it may be done.",
        "Wait until then.";
    409 too_many_bots: "You have as many bots as are allowed.",
        "Delete one that you do not need.";
    409 too_many_presets: "You have as many presets as are allowed.",
        "Delete one that you do not need.";
    409 too_many_rules: "You have as many risk rules as are allowed.",
        "Delete one that you do not need.";
    409 too_many_trades: "You have as many trades that were made elsewhere as are stored.",
        "Delete one that you do not need any more.";
    422 invalid_alert: "The alert cannot be read, or a member of it is missing, unknown or out of its bounds.",
        "Change what `field` names to what `detail` allows. The alert is stored as rejected under `delivery_id`.";
    422 nothing_to_sell: "No position of yours holds what the order would sell.",
        "Name the position as `position_id`. Coins that Moniqo has not bought are not sold.";
    503 too_fast: "The webhook token sends more alerts than it may. This one was not stored.",
        "Send the same alert again after the seconds that `Retry-After` says.";
}
