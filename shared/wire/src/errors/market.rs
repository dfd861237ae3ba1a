//! Candles, subscriptions, backfills, backtests and sources of whale alerts.

super::codes! {
    400 DUPLICATE_WHALE_SOURCE: "Another source of whale alerts has this name already.",
        "Choose another name.";
    404 not_fetched: "No candle of this market and timeframe has been fetched yet.",
        "Wait for the next one, or subscribe to the market with `PUT /api/v1/market-data/symbols`.";
    404 unknown_market: "The exchange lists no such market, or its markets are not known here.",
        "Check the spelling of `symbol` and `exchange`, for instance `BTC/USDT` at `BINANCE`.";
    409 not_done: "The backtest has no result yet, or it has failed.",
        "Wait until its status is `done`.";
    409 result_too_large: "The result is longer than one answer can be.",
        "Ask for it packed, with `Accept-Encoding: gzip`, or run a backtest over a shorter time.";
    409 too_many_address_labels: "As many labels of this blockchain's addresses are stored as are allowed.",
        "Delete some that you do not need.";
    409 too_many_backfills: "As many backfills as allowed are running or were asked for today.",
        "Wait until one has ended, or cancel one.";
    409 too_many_backtests: "As many backtests as allowed are running or were asked for today.",
        "Wait until one has ended, or cancel one.";
    409 too_many_series: "As many markets and timeframes as allowed are fetched already.",
        "Unsubscribe from one that you do not need.";
    409 too_many_whale_sources: "The deployment has as many sources of whale alerts as are allowed.",
        "Delete one that you do not need.";
    422 candles_not_told: "The exchange does not offer the candles that were asked for.",
        "Choose another timeframe or a later time. `detail` says what the exchange offers.";
}
