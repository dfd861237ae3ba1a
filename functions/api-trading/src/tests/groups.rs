//! Position groups, and lists of all kinds.

use super::*;
use domain::account::{Account, Halt, KeptOut};
use domain::group::{Exit, ExitReason, GroupStatus, Settled};
use domain::identity::Permission;
use domain::ids::{AccountId, GroupId};
use domain::money::Quantity;
use domain::vault::Mode;
use rows::{amount, bought, entry, open};

#[test]
fn what_is_not_there_or_not_ones_own_looks_alike() {
    let api = api();
    let unknown = GroupId::of(&["unknown"]);
    let mut problems = Vec::new();
    for path in [format!("position-groups/{unknown}"), "position-groups/none".to_owned()] {
        let (status, _, problem) = get(&api, &format!("/api/v1/{path}"));
        assert_eq!(status, 404, "{path}");
        problems.push(problem);
    }
    let foreign = format!("/api/v1/position-groups/{}", group_id());
    problems.push(ask(&api, "GET", &foreign, "", MANAGER).2);
    problems.push(ask(&api, "POST", &format!("{foreign}/close"), "", MANAGER).2);
    problems.push(ask(&api, "POST", &format!("{foreign}/cancel-pending"), "", MANAGER).2);
    for problem in &mut problems {
        assert!(problem.as_object_mut().unwrap().remove("request_id").is_some(), "each is a request of its own");
    }
    assert!(problems.windows(2).all(|pair| pair[0] == pair[1]), "{problems:?}");
}

#[test]
fn lists_are_items_with_a_cursor_that_goes_on() {
    let api = api();
    let (status, _, page) = get(&api, "/api/v1/position-groups?limit=500");
    assert_eq!((status, &page["limit"], &page["next_cursor"]), (200, &json!(200), &Value::Null));
    let (_, _, page) = get(&api, "/api/v1/position-groups?limit=1");
    assert_eq!(page["items"][0]["id"], group_id().as_str());
    let cursor = page["next_cursor"].as_str().unwrap();
    let (_, _, page) = get(&api, &format!("/api/v1/position-groups?cursor={cursor}"));
    assert_eq!(page, json!({"items": [], "next_cursor": null}));
    for (query, field) in [("limit=0", "limit"), ("limit=x", "limit"), ("cursor=forged", "cursor")] {
        for list in ["deliveries", "position-groups", "orders", "parked", "presets"] {
            assert_eq!(told(get(&api, &format!("/api/v1/{list}?{query}"))), wrong(field), "{list}?{query}");
        }
    }
}

#[test]
fn positions_and_orders_say_their_mode_and_are_filtered_by_it() {
    let mut position = position();
    position.group.mode = Some(Mode::Testnet);
    position.orders.iter_mut().for_each(|order| order.mode = Some(Mode::Testnet));
    let api = api_with(&[position]);
    for list in ["position-groups", "orders"] {
        let of = |mode: &str| get(&api, &format!("/api/v1/{list}?mode={mode}"));
        assert_eq!(of("testnet").2["items"][0]["mode"], "testnet", "{list}");
        assert_eq!(of("live").2["items"], json!([]), "{list}");
        assert_eq!(told(of("real")), wrong("mode"), "{list}");
    }
    let earlier = api_with(&[super::position()]);
    let (_, _, page) = get(&earlier, "/api/v1/position-groups");
    assert_eq!(page["items"][0]["mode"], Value::Null, "an earlier release has opened it");
}

#[test]
fn alerts_are_listed_with_their_verdicts() {
    let (status, _, page) = get(&api(), "/api/v1/deliveries");
    let alert = &page["items"][0];
    assert_eq!((status, &alert["verdict"]["kind"]), (200, &json!("accepted")), "{page}");
    let path = format!("/api/v1/deliveries/{}", alert["id"].as_str().unwrap());
    let (status, _, one) = get(&api(), &path);
    assert_eq!((status, &one), (200, alert));
    for unknown in [&format!("{path}x"), "/api/v1/deliveries/dlv_", "/api/v1/deliveries/1"] {
        let (status, _, problem) = get(&api(), unknown);
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{unknown}");
    }
}

#[test]
fn a_group_shows_its_money_its_orders_and_its_version() {
    let (status, headers, group) = get(&api(), &format!("/api/v1/position-groups/{}", group_id()));
    assert_eq!((status, &headers["etag"]), (200, &"\"7\"".parse().unwrap()));
    let expected = [
        ("status", json!("closing")),
        ("symbol", json!("BTC/USDT")),
        ("quantity", json!("1")),
        ("average_price", json!("100.1")),
        ("stop_price", json!("95.09")),
        ("realised_pnl", json!("0")),
        ("unrealised_pnl", json!("2.9")),
        ("fees", json!({"USDT": "0.1"})),
        ("protected", json!("by_polling")),
        ("exit_reason", json!("user")),
        ("opened_at", json!("2025-11-20T08:51:00Z")),
        ("closed_at", Value::Null),
    ];
    for (name, value) in expected {
        assert_eq!(group[name], value, "{name}");
    }
    let entry = &group["pyramids"][0]["legs"][0]["orders"][0];
    assert_eq!(
        (&entry["status"], &entry["state"], &entry["filled"]),
        (&json!("filled"), &json!("filled"), &json!("1"))
    );
    assert_eq!(group["take_profit_orders"][0]["price"], "101.7");
    let history = &group["history"][0];
    assert_eq!((&group["fills"][0]["price"], &history["why"]), (&json!("100"), &json!("opened by an alert")));
}

#[test]
fn actions_are_accepted_with_what_they_changed() {
    let mut held = open("ETH/USDT", |group| vec![bought(group), entry(group, 1, Status::Open)]);
    held.group.status = GroupStatus::PartiallyFilled;
    let api = api_with(&[position(), held.clone()]);
    let post = |group: &GroupId, action: &str| {
        let (status, headers, group) =
            ask(&api, "POST", &format!("/api/v1/position-groups/{group}/{action}"), "", TOKEN);
        (status, headers["etag"].to_str().unwrap().to_owned(), group["status"].clone())
    };
    let held = &held.group.id;
    assert_eq!(post(held, "cancel-pending"), (202, "\"8\"".to_owned(), json!("partially_filled")));
    let (_, _, shown) = get(&api, &format!("/api/v1/position-groups/{held}"));
    let waiting = &shown["pyramids"][0]["legs"][1]["orders"][0];
    assert_eq!((&waiting["state"], &waiting["cancel_requested_at"]), (&json!("open"), &json!("2025-11-20T08:51:00Z")));
    assert_eq!(post(held, "close"), (202, "\"9\"".to_owned(), json!("closing")));
    let (_, _, shown) = get(&api, &format!("/api/v1/position-groups/{held}"));
    assert_eq!(shown["exit_reason"], "user");
    for group in [held, &group_id()] {
        let before = post(group, "close");
        assert_eq!(before, post(group, "close"), "on its way out already");
        assert_eq!((before.0, &before.2), (202, &json!("closing")));
    }
    assert!(woken(&api, Queue::Orders).unwrap().contains(held.as_str()), "the executor is rung");
}

#[test]
fn what_is_closed_is_not_closed_again() {
    let settled = Settled {
        at: AT,
        realised: amount("1"),
        dust: Quantity::ZERO,
        still_held: None,
        missing: Quantity::ZERO,
        fee_unvalued: false,
    };
    let mut over = open("ETH/USDT", |group| vec![bought(group)]);
    over.group.status = GroupStatus::Closed;
    over.group.exit = Some(Exit { reason: ExitReason::User, at: AT });
    over.group.settled = Some(settled);
    let api = api_with(std::slice::from_ref(&over));
    for action in ["close", "cancel-pending"] {
        let again = ask(&api, "POST", &format!("/api/v1/position-groups/{}/{action}", over.group.id), "", TOKEN);
        assert_eq!(told(again), refused(409, "already_closed"), "{action}");
    }
}

/// Eve's, who is kept out and might trade, with one position.
fn kept_out() -> Api {
    let mut hers = open("ETH/USDT", |group| vec![bought(group)]);
    (hers.group.user, hers.group.account) = (eve(), AccountId::of(&["hers"]));
    let rank = [Permission::READ, Permission::WRITE].map(Into::into).into();
    let (kept_out, reason) = (Some(KeptOut { rank }), "left".to_owned());
    let halted = Some(Halt { at: AT, reason, kept_out, by_person: false });
    let (id, user) = (hers.group.account.clone(), eve());
    let api = api();
    rows::put_account(&api.store, Account { id, user, halted, ..account() }, &[hers]);
    api
}

#[test]
fn what_somebody_holds_who_is_kept_out_is_closed_by_whoever_keeps_people() {
    let api = kept_out();
    let close = |token: &str, body: &str| ask(&api, "POST", "/api/v1/position-groups/close", body, token);
    let body = |user: &UserId| format!(r#"{{"user": "{user}", "reason": "left"}}"#);
    assert_eq!(told(close(TOKEN, &body(&eve()))), refused(403, "missing_scope"));
    let keeper = api.store.log_in(&user(), &["users:write", "trading:read"]);
    let (status, _, problem) = close(&keeper, &body(&eve()));
    assert_eq!((status, &problem["code"]), (403, &json!("permission_not_yours")));
    assert_eq!(problem["permission"], "trading:write", "which she might, and they may not");
    let keeper = api.store.log_in(&user(), &["users:write", "trading:read", "trading:write"]);
    assert_eq!(told(close(&keeper, &body(&user()))), refused(404, "not_found"), "the user may come in");
    assert_eq!(told(close(&keeper, r#"{"user": "eve", "reason": "left"}"#)), wrong("user"));
    assert_eq!(told(close(&keeper, &format!(r#"{{"user": "{}"}}"#, eve()))), wrong("reason"));
    for _ in 0..2 {
        let (status, _, closing) = close(&keeper, &body(&eve()));
        let groups = closing["closing"].as_array().unwrap();
        assert_eq!((status, groups.len(), &groups[0]["status"]), (202, 1, &json!("closing")));
        assert_eq!(groups[0]["symbol"], "ETH/USDT");
    }
    let table = api.store.table();
    let records: Vec<_> = table.audits().filter(|audit| audit.action == "close position group").collect();
    assert_eq!(records.len(), 1);
    assert_eq!((&records[0].user, &*records[0].reason), (&user(), "left"));
}
