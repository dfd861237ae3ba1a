//! The functions of a deployment. Written by `cargo xtask generate` from `infra/functions.toml`.

use crate::clock::Millis;

/// As their folders below `functions/`.
pub const NAMES: [&str; 17] = [
    "webhook",
    "signal-worker",
    "order-executor",
    "account-watch",
    "key-check",
    "housekeeping",
    "ingest",
    "bot-runner",
    "backtest-worker",
    "risk-assess",
    "whale-watch",
    "ticker",
    "api-trading",
    "api-accounts",
    "api-market",
    "api-flows",
    "api-identity",
];

pub const WEBHOOK_TIMEOUT: Millis = Millis::seconds(3);
pub const SIGNAL_WORKER_TIMEOUT: Millis = Millis::seconds(10);
pub const ORDER_EXECUTOR_TIMEOUT: Millis = Millis::seconds(20);
pub const ACCOUNT_WATCH_TIMEOUT: Millis = Millis::seconds(25);
pub const KEY_CHECK_TIMEOUT: Millis = Millis::seconds(60);
pub const HOUSEKEEPING_TIMEOUT: Millis = Millis::seconds(120);
pub const INGEST_TIMEOUT: Millis = Millis::seconds(75);
pub const BOT_RUNNER_TIMEOUT: Millis = Millis::seconds(60);
pub const BACKTEST_WORKER_TIMEOUT: Millis = Millis::seconds(900);
pub const RISK_ASSESS_TIMEOUT: Millis = Millis::seconds(60);
pub const WHALE_WATCH_TIMEOUT: Millis = Millis::seconds(30);
pub const TICKER_TIMEOUT: Millis = Millis::seconds(30);
pub const API_TRADING_TIMEOUT: Millis = Millis::seconds(10);
pub const API_ACCOUNTS_TIMEOUT: Millis = Millis::seconds(10);
pub const API_MARKET_TIMEOUT: Millis = Millis::seconds(10);
pub const API_FLOWS_TIMEOUT: Millis = Millis::seconds(10);
pub const API_IDENTITY_TIMEOUT: Millis = Millis::seconds(10);
