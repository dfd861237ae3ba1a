//! The exits of a position.

use super::*;
use domain::order::{Direction, Order};
use domain::preset::OrderKind;
use rows::{at_binance, binance, bought, open};

fn held() -> Position {
    open("ETH/USDT", |group| vec![bought(group)])
}

fn put(api: &Api, position: &Position, body: &str, token: &str, seen: &[(&str, &str)]) -> (u16, HeaderMap, Value) {
    ask_with(api, "PUT", &format!("/api/v1/position-groups/{}/exits", position.group.id), body, token, seen)
}

#[test]
fn exits_are_changed_for_a_reason_or_on_the_version_that_was_seen() {
    let (held, closing) = (held(), position());
    let api = api_with(&[held.clone(), closing.clone()]);
    let change = |body: &str, seen: &[(&str, &str)]| put(&api, &held, body, TOKEN, seen);
    let (status, headers, _) = change(r#"{"stop_loss_percent": 7, "reason": "news"}"#, &[]);
    assert_eq!((status, &headers["etag"]), (202, &"\"8\"".parse().unwrap()));
    let (_, _, shown) = get(&api, &format!("/api/v1/position-groups/{}", held.group.id));
    assert_eq!(shown["stop_price"], "93.09");
    let history = shown["history"].as_array().unwrap().last().unwrap();
    assert_eq!((&history["version"], history["why"].as_str().unwrap().contains("news")), (&json!(8), true));
    let (status, headers, _) = change(r#"{"time_limit_minutes": null}"#, &[("if-match", "\"8\"")]);
    assert_eq!((status, &headers["etag"]), (202, &"\"8\"".parse().unwrap()), "it had none");
    assert_eq!(told(change(r#"{"stop_loss_percent": 7}"#, &[])), wrong("reason"));
    let stale = change(r#"{"stop_loss_percent": 7}"#, &[("if-match", "\"7\"")]);
    assert_eq!(told(stale), refused(409, "version_conflict"));
    assert_eq!(told(change(r#"{"stop_loss": 7, "reason": "x"}"#, &[])), wrong("stop_loss"));
    let late = put(&api, &closing, r#"{"stop_loss_percent": 7, "reason": "x"}"#, TOKEN, &[]);
    assert_eq!(told(late), refused(409, "already_closing"));
}

#[test]
fn exits_that_a_program_may_not_choose_are_refused() {
    let (api, real) = (api(), at_binance(held()));
    rows::put_account(&api.store, binance(), std::slice::from_ref(&real));
    let stop = |percent: &str, token: &str| {
        let body = format!(r#"{{"stop_loss_percent": {percent}, "reason": "x"}}"#);
        told(put(&api, &real, &body, token, &[]))
    };
    for looser in ["null", "7"] {
        assert_eq!(stop(looser, TOKEN), refused(403, "missing_scope"), "{looser}");
    }
    assert_eq!(stop("4", TOKEN).0, 202, "a tighter one is no loss");
    assert_eq!(stop("null", PERSON).0, 202);
}

#[test]
fn exits_that_do_not_go_together_name_their_field() {
    let sold = open("ETH/USDT", |group| {
        let profit = Purpose::TakeProfit(2);
        let sold = rows::order(group, profit, Direction::Sell, OrderKind::Market, Status::Filled);
        let fill = |fill: domain::order::Fill| domain::order::Fill { quantity: "0.5".parse().unwrap(), ..fill };
        let fills = bought(group).fills.into_iter().map(|(trade, one)| (trade, fill(one))).collect();
        vec![bought(group), Order { quantity: "0.5".parse().unwrap(), fills, ..sold }]
    });
    let api = api_with(std::slice::from_ref(&sold));
    let one_step = r#"{"take_profit": {"basis": "average", "steps": [{"profit_percent": "3", "amount_percent": "100"}]}, "reason": "x"}"#;
    assert_eq!(told(put(&api, &sold, one_step, TOKEN, &[])), wrong("take_profit.steps"));
}
