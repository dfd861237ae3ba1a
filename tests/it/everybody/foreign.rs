//! What belongs to somebody else.

use super::asker::Asker;
use crate::support::http::ask;
use crate::support::people::{Someone, somebody};
use crate::support::unique::now;
use crate::support::{Setting, Trader, tables, until};
use domain::backtests::{Backtest, BacktestState, Going};
use domain::clock::Millis;
use domain::ids::{BackfillId, BacktestId, ParkedId, Sha, UserId};
use domain::market::Interval;
use domain::notice::{Notice, Topic};
use domain::parked::{Letter, Parked, Queue, Subject};
use domain::series::{Backfill, BackfillState, Series};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::market::Market;
use store::trading::Trading;

/// Whatever an operation's `x-owner` names.
pub(super) const OWNERS: [&str; 19] = [
    "account",
    "alert",
    "api key",
    "backfill",
    "backtest",
    "bot",
    "bot run",
    "key",
    "notification",
    "order",
    "parked message",
    "position group",
    "preset",
    "risk rule",
    "route",
    "session",
    "trade",
    "user",
    "webhook token",
];
const PRESET: &str = "foreign";
const ROUTE: &str = "foreign";
/// Of their account: nobody else here has one that is called so.
const LABEL: &str = "foreign";

pub(super) struct Foreign {
    trader: Trader,
    order: String,
    group: String,
    alert: String,
    rule: String,
    trade: String,
    user: String,
    session: String,
    key: String,
    notice: String,
    parked: String,
    bot: String,
    run: String,
    backfill: String,
    backtest: String,
}

impl Foreign {
    pub(super) async fn make(admin: &Someone) -> Self {
        let scopes = &["trading:read", "trading:write", "accounts:write"];
        let trader = Trader::with(Setting { scopes, ..Setting::default() }).await;
        let preset = json!({"base_order": {"quote": "50"}, "stop_loss_percent": "5"});
        let path = format!("/api/v1/presets/{PRESET}");
        let made = ask(Method::PUT, &path, Some(&trader.bearer), preset.to_string()).await;
        assert_eq!(made.status, 201, "{made:?}");
        trader.deliver(&trader.entry()).await;
        let order = until("an order", async || trader.orders().await.into_iter().next()).await;
        let groups = trader.get("/position-groups").await.json();
        let group = groups["items"][0]["id"].as_str().unwrap().to_owned();
        let alert = groups["items"][0]["delivery_id"].as_str().unwrap().to_owned();
        let account = format!("/api/v1/user-wallets/{}", trader.account);
        let named = ask(Method::PATCH, &account, Some(&trader.bearer), json!({"label": LABEL}).to_string()).await;
        assert_eq!(named.status, 200, "{named:?}");
        let beside = json!({"exchange": "PAPER", "label": "beside", "mode": "paper"}).to_string();
        let beside = ask(Method::POST, "/api/v1/user-wallets", Some(&trader.bearer), beside).await.json();
        let route = json!({"accounts": [trader.account.to_string(), beside["id"]]}).to_string();
        let routed = ask(Method::PUT, &format!("/api/v1/routes/{ROUTE}"), Some(&trader.bearer), route).await;
        assert_eq!(routed.status, 201, "{routed:?}");
        let rule = json!({"scope": {"kind": "user"}, "kind": "open_positions", "max": "100"});
        let rule = trader.post("/risk-rules", &rule).await.json()["id"].as_str().unwrap().to_owned();
        let trade = trade(&trader).await;
        assert_eq!(trader.post("/risk-assessments", &Value::Null).await.status, 202);
        let made = async || (trader.get("/risk-assessments/latest").await.status == 200).then_some(());
        until("a risk assessment", made).await;
        let other = somebody(admin, "viewer").await;
        let sessions = ask(Method::GET, "/api/v1/sessions", Some(&other.token), "").await.json();
        let session = sessions["items"][0]["id"].as_str().unwrap().to_owned();
        let key = json!({"name": "theirs", "scopes": ["trading:read"]}).to_string();
        let key = ask(Method::POST, "/api/v1/api-keys", Some(&other.token), key).await.json();
        let key = key["id"].as_str().unwrap().to_owned();
        let owner = UserId::parse(&other.id).unwrap();
        let notice = Notice::new(&owner, Topic::NewLogin, now(), &[&session], "theirs".to_owned());
        Trading(&tables::connect().await).notify(&notice).await.unwrap();
        let notice = notice.id.to_string();
        let parked = parked(&trader).await;
        let (bot, run) = ran(&trader).await;
        let (backfill, backtest) = (backfill(&trader).await, backtest(&trader).await);
        Self {
            trader,
            order: order.id,
            group,
            alert,
            rule,
            trade,
            user: other.id,
            session,
            key,
            notice,
            parked,
            bot,
            run,
            backfill,
            backtest,
        }
    }

    /// Whose the account, the order, the position group and what is parked are.
    pub(super) fn trader(&self) -> &UserId {
        &self.trader.user
    }

    pub(super) fn for_whom(&self, asker: &Asker) -> impl Fn(&str) -> String {
        let keeps_people = asker.may_keep_people();
        move |owner| match owner {
            "alert" => self.alert.clone(),
            "api key" => self.key.clone(),
            "backfill" => self.backfill.clone(),
            "backtest" => self.backtest.clone(),
            // A key is named by its account.
            "account" | "key" => self.trader.account.to_string(),
            "bot" => self.bot.clone(),
            "bot run" => self.run.clone(),
            "exchange" => self.trader.market.key.exchange.to_string(),
            "label" => LABEL.to_owned(),
            "notification" => self.notice.clone(),
            "order" => self.order.clone(),
            "parked message" => self.parked.clone(),
            "position group" => self.group.clone(),
            "preset" => PRESET.to_owned(),
            "risk rule" => self.rule.clone(),
            "route" => ROUTE.to_owned(),
            "session" => self.session.clone(),
            "trade" => self.trade.clone(),
            "user" if keeps_people => "usr_nobody".to_owned(),
            "user" => self.user.clone(),
            "webhook token" => self.trader.token_id().to_string(),
            other => panic!("there is no foreign {other}"),
        }
    }
}

/// A bot that has run, and its run.
async fn ran(trader: &Trader) -> (String, String) {
    let wanted = json!({
        "name": "foreign", "account": trader.account.as_str(), "symbol": trader.symbol(), "timeframe": "1d",
        "strategy": "RSI_CROSS",
    });
    let bot = trader.post("/bots", &wanted).await;
    assert_eq!(bot.status, 201, "{bot:?}");
    let bot = bot.json()["id"].as_str().unwrap().to_owned();
    let run = trader.post(&format!("/bots/{bot}/start"), &Value::Null).await;
    assert_eq!(run.status, 201, "{run:?}");
    let stopped = trader.post(&format!("/bots/{bot}/stop"), &json!({"reason": "a test"})).await;
    assert_eq!(stopped.status, 200, "{stopped:?}");
    (bot, run.json()["id"].as_str().unwrap().to_owned())
}

/// One that was called off.
async fn backfill(trader: &Trader) -> String {
    let (at, user) = (now(), trader.user.clone());
    let backfill = Backfill {
        id: BackfillId::at(at, &[user.as_str()]),
        by: user,
        version: 1,
        series: Series { market: trader.market.key.clone(), interval: Interval::OneHour },
        since: at.minus(Millis::DAY),
        until: at,
        reached: at,
        candles: 0,
        corrected: 0,
        state: BackfillState::Cancelled,
        failures: 0,
        detail: None,
        created_at: at,
        updated_at: at,
    };
    let store = tables::connect().await;
    // Others begin theirs at the same time.
    loop {
        let begun = Market(&store).backfills_begun().await.unwrap();
        if Market(&store).begin_backfill(&backfill, begun).await.unwrap() {
            break;
        }
    }
    backfill.id.to_string()
}

/// One that has ended: no look begins a worker.
async fn backtest(trader: &Trader) -> String {
    let (at, user) = (now(), trader.user.clone());
    let backtest = Backtest {
        id: BacktestId::at(at, &[user.as_str()]),
        by: user.clone(),
        version: 1,
        series: Series { market: trader.market.key.clone(), interval: Interval::OneHour },
        since: at.minus(Millis::DAY),
        until: at,
        asked: Sha::of_bytes(b"{}"),
        state: BacktestState::Cancelled,
        plan: None,
        played: BTreeSet::new(),
        figures: None,
        why: None,
        created_at: at,
        updated_at: at,
    };
    let going = Going::none(user).with(backtest.id.clone(), &BTreeSet::new(), at).unwrap();
    let store = tables::connect().await;
    // Others begin theirs at the same time.
    loop {
        let of_all = Market(&store).backtests_of_all().await.unwrap();
        let of_all = of_all.with((backtest.id.clone(), trader.user.clone()), &BTreeSet::new(), usize::MAX).unwrap();
        if Market(&store).open_backtest(&backtest, "{}", (&going, &of_all)).await.unwrap() {
            break;
        }
    }
    backtest.id.to_string()
}

/// One that waits for nobody any more: what waits rings.
async fn parked(trader: &Trader) -> String {
    let (at, user, why, trace) = (now(), trader.user.clone(), "theirs".to_owned(), String::new());
    let (id, subject) = (ParkedId::at(at, &[user.as_str()]), Subject::Message);
    let letter = Some(Letter { queue: Queue::Orders, lane: None, body: "{}".to_owned(), cut: false });
    let parked = Parked { id, user, subject, letter, why, times: 1, trace, at, end: None };
    Trading(&tables::connect().await).keep_parked(&parked).await.unwrap();
    let path = format!("/api/v1/parked/{}/drop", parked.id);
    let dropped = ask(Method::POST, &path, Some(&trader.bearer), json!({"reason": "a test"}).to_string()).await;
    assert_eq!(dropped.status, 200, "{dropped:?}");
    parked.id.to_string()
}

/// One that was made elsewhere.
async fn trade(trader: &Trader) -> String {
    let trade = json!({
        "exchange": "KRAKEN", "symbol": "BTC/EUR", "side": "long", "quantity": "1", "entry_price": "1", "exit_price": "2",
        "opened_at": "2026-01-01T00:00:00Z", "closed_at": "2026-01-02T00:00:00Z",
    });
    trader.post("/user-trades", &trade).await.json()["id"].as_str().unwrap().to_owned()
}
