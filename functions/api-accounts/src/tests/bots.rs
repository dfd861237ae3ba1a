//! Accounts that a bot trades with.

use super::accounts::{PATH, kept_at, told, with};
use super::*;
use app::commit::{Change, Transaction};
use app::ports::BotChange;
use domain::bot::{Bot, Confidence, Strategy, Terms};
use domain::ids::AccountId;
use domain::market::{Interval, MarketKey};
use domain::series::Series;
use serde_json::json;
use store::trading::Trading;
use testkit::sample;

/// A bot of Ann's that runs with this account.
fn put_bot(api: &Api, account: &AccountId) {
    let market = MarketKey { exchange: "KRAKEN".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
    let terms = Terms {
        account: account.clone(),
        series: Series { market, interval: Interval::OneHour },
        strategy: Strategy { name: "RSI_CROSS".to_owned(), ..Strategy::default() },
        preset: None,
        plan: "{}".to_owned(),
        confidence_min: Confidence::ZERO,
    };
    let bot = sample::bot("hourly", ann(), terms, AT);
    let run = sample::run(&bot, AT);
    let bot = Bot { run: Some(run.id.clone()), running: true, ..bot };
    let changes = vec![
        BotChange::Bot { bot, seen: None },
        BotChange::Run { run, seen: None },
        BotChange::Begins { user: ann(), seen: 0, most: None },
    ];
    let changes = changes.into_iter().map(|change| Change::Bot(Box::new(change))).collect();
    let transaction = Transaction { stamp: AttemptId::new("bot".to_owned()), at: AT, changes };
    done(api, |world| async move { Trading(&world).commit(&transaction).await.unwrap() });
}

/// What was started where nothing could be lost would go on where there is.
#[test]
fn an_account_that_a_bot_trades_with_is_neither_removed_nor_switched() {
    let (traded, idle) = (kept_at("KRAKEN", "default"), kept_at("KRAKEN", "other"));
    let api = with(&[traded.clone(), idle.clone()]);
    put_bot(&api, &traded.account.id);
    let (testnet, keys) = (r#"{"mode": "testnet"}"#, "/api/keys/KRAKEN");
    let at = |more: &str| format!("{PATH}/{}{more}", traded.account.id);
    for (method, path, body) in [
        ("DELETE", at(""), ""),
        ("PUT", at("/mode"), testnet),
        ("DELETE", keys.to_owned(), ""),
        ("PUT", format!("{keys}/mode"), testnet),
    ] {
        assert_eq!(told(ask(&api, method, &path, ALL, body)), (409, json!("bots_run")), "{method} {path}");
    }
    let idle = format!("{PATH}/{}", idle.account.id);
    assert_eq!(ask(&api, "PUT", &format!("{idle}/mode"), ALL, testnet).0, StatusCode::OK);
    assert_eq!(ask(&api, "DELETE", &idle, ALL, "").0, StatusCode::NO_CONTENT);
}
