//! Alerts in the words of other tools: each form is kept, decided and traded, and none keeps its secret.

use crate::support::http::ask;
use crate::support::watching::is_protected;
use crate::support::{Setting, Trader};
use reqwest::Method;
use serde_json::json;
use wire::view::Verdict;

#[tokio::test]
async fn a_signal_bots_json_opens_a_position_and_closes_it() {
    opens_and_closes(|trader| [signal(trader, "enter_long"), signal(trader, "exit_long")]).await;
}

#[tokio::test]
async fn lines_open_a_position_and_close_it() {
    opens_and_closes(|trader| [lines(trader, "BUY"), lines(trader, "SELL")]).await;
}

#[tokio::test]
async fn a_plain_line_opens_a_position_and_another_closes_it() {
    opens_and_closes(|trader| [line(trader, "buy"), line(trader, "exit")]).await;
}

#[tokio::test]
async fn a_line_without_an_exchange_trades_on_its_tokens() {
    let trader = Trader::with(Setting { exchange: Some("PAPER"), ..Setting::default() }).await;
    let bare = |word: &str| format!("{word} {}", trader.symbol());
    open_and_close(&trader, [bare("buy"), bare("exit")]).await;
}

async fn opens_and_closes(alerts: impl Fn(&Trader) -> [String; 2]) {
    let trader = Trader::new().await;
    let alerts = alerts(&trader);
    open_and_close(&trader, alerts).await;
}

async fn open_and_close(trader: &Trader, [entry, exit]: [String; 2]) {
    let opened = judged(trader, entry).await;
    assert_eq!((opened.kind.as_str(), opened.reason.as_deref()), ("accepted", Some("opened")), "{opened:?}");
    let group = &opened.position_group_ids[0];
    trader.follow(group, "its take-profit to rest", is_protected).await;
    let closing = judged(trader, exit).await;
    assert_eq!((closing.kind.as_str(), closing.reason.as_deref()), ("accepted", Some("closing")), "{closing:?}");
    assert_eq!(trader.closed(group).await.group.exit_reason.map(|word| word.as_str()), Some("signal"));
}

#[tokio::test]
async fn the_secret_in_the_message_lets_it_in_and_is_not_kept() {
    let trader = Trader::new().await;
    let secret = trader.webhook_token.clone();
    let with_secret = signal(&trader, "exit_long").replacen('{', &format!(r#"{{"secret": "{secret}", "#), 1);
    for body in [with_secret, format!("{}\nTOKEN={secret}", lines(&trader, "SELL"))] {
        let answer = ask(Method::POST, &format!("/api/webhook/{}", trader.user), None, body.clone()).await;
        assert_eq!(answer.status, 202, "{body}: {answer:?}");
    }
    let deliveries = trader.get("/deliveries").await;
    assert_eq!(deliveries.json()["items"].as_array().map(Vec::len), Some(2));
    assert!(!deliveries.text.contains(&secret), "{deliveries:?}");
}

#[tokio::test]
async fn what_cannot_be_done_as_it_is_meant_names_its_field() {
    let trader = Trader::new().await;
    #[rustfmt::skip]
    let table = [
        (signal(&trader, "disable"),                                 "action"),
        (format!("{}\nVOLUME=10%", lines(&trader, "BUY")),           "VOLUME"),
        (format!("{}\nSTOP_PRICE=90", lines(&trader, "BUY")),        "STOP_PRICE"),
        (format!("buy {}", trader.symbol()),                         "exchange"),
    ];
    for (body, field) in table {
        let answer = trader.post_to_webhook(body.clone()).await;
        let problem = answer.json();
        assert_eq!((answer.status, &problem["field"]), (422, &json!(field)), "{body}: {problem}");
    }
    assert_eq!(trader.orders().await, []);
}

fn signal(trader: &Trader, action: &str) -> String {
    json!({"tv_exchange": "PAPER", "tv_instrument": trader.symbol(), "action": action, "bot_uuid": "any"}).to_string()
}

fn lines(trader: &Trader, signal: &str) -> String {
    format!("EXCHANGE=PAPER\nSYMBOL={}\nSIGNAL={signal}", trader.symbol())
}

fn line(trader: &Trader, word: &str) -> String {
    format!("{word} PAPER:{}", trader.symbol())
}

async fn judged(trader: &Trader, body: String) -> Verdict {
    let answer = trader.post_to_webhook(body.clone()).await;
    assert_eq!(answer.status, 202, "{body}: {answer:?}");
    trader.verdict(answer.json()["delivery_id"].as_str().unwrap(), |_| true).await
}
