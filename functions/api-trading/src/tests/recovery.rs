//! Whether the deployment is well, and how it comes back.

use super::*;
use app::doctor::{AccountFacts, Flight, Sight, Sights};
use app::ports::NotSeen;
use domain::ids::ClientOrderId;
use domain::order::Direction;
use domain::recovery::{Report, Stray};
use store::trading::Trading;

/// A table that was put back, whose account was looked at once: an order of nobody was found.
pub(super) fn restored() -> Api {
    let api = api();
    let snapshot = api.store.snapshot();
    api.store.restore_to(&snapshot);
    keep(&api, report(&api, AT));
    api
}

fn keep(api: &Api, report: Report) {
    done(&api.store, |world| async move { Trading(&world).keep_report(&report).await.unwrap() });
}

fn report(api: &Api, begun_at: Timestamp) -> Report {
    let stray = Stray {
        client_id: ClientOrderId::from_stored("mabc12345678901234"),
        venue_id: "42".to_owned(),
        market: rows::market().key,
        direction: Direction::Buy,
        quantity: "1".parse().unwrap(),
        filled: "0.5".parse().unwrap(),
        status: Status::PartiallyFilled,
        accepted_at: AT,
    };
    Report {
        account: account().id,
        table: api.store.this_table(),
        begun_at,
        at: AT,
        merged: true,
        reached: None,
        since: AT,
        markets: 1,
        markets_left_out: 0,
        changes: Vec::new(),
        strays: vec![stray],
        holdings: Vec::new(),
    }
}

/// The same as the keeper's key, logged in.
fn keeper(api: &Api) -> String {
    api.store.log_in(&user(), &["trading:read", "trading:write", "system:operate"])
}

#[test]
fn a_restored_table_shows_the_difference_and_is_not_confirmed_too_early() {
    let api = restored();
    let (_, _, state) = ask(&api, "GET", "/api/v1/recover", "", KEEPER);
    assert_eq!((&state["recovered"], &state["deployment_epoch"]), (&json!(false), &json!("table-0")));
    let person = keeper(&api);
    let (account, unknown) = (&state["accounts"][0], &state["accounts"][0]["report"]["unknown_orders"][0]);
    assert_eq!(account["ready"], json!(false));
    assert_eq!((&unknown["side"], &unknown["filled"]), (&json!("buy"), &json!("0.5")));
    for (body, code) in [(r#"{"reason": "x"}"#, "recovery_not_ready"), ("{}", "invalid_field")] {
        let (_, _, problem) = ask(&api, "POST", "/api/v1/recover/confirm", body, &person);
        assert_eq!(problem["code"], code);
    }
}

#[test]
fn a_restored_table_is_looked_at_and_confirmed() {
    let api = restored();
    let (status, _, _) = ask(&api, "POST", "/api/v1/recover", "", KEEPER);
    let asked = woken(&api, Queue::Ticks).unwrap();
    assert!(status == 202 && asked.contains(account().id.as_str()), "{asked}");
    keep(&api, report(&api, AT.minus(Millis::seconds(65))));
    let person = keeper(&api);
    let confirm_as = |token: &str, body: &str| ask(&api, "POST", "/api/v1/recover/confirm", body, token);
    assert_eq!(told(confirm_as(KEEPER, r#"{"reason": "x"}"#)), refused(403, "missing_scope"), "a program's key");
    let confirm = |body: &str| confirm_as(&person, body);
    let other = domain::ids::AccountId::of(&["other"]);
    assert_eq!(told(confirm(&format!(r#"{{"reason": "x", "leave_out": ["{other}"]}}"#))), wrong("leave_out"));
    let (status, _, state) = confirm(r#"{"reason": "x"}"#);
    assert_eq!((status, &state["recovered"]), (200, &json!(true)), "{state}");
    assert!(api.store.is_recovered());
    assert_eq!(ask(&api, "GET", "/api/v1/recover", "", KEEPER).2, state);
}

fn sight() -> Sight {
    let account = account();
    let flight = Flight { accounts: 1, groups: 1, ..Flight::default() };
    let facts = AccountFacts {
        id: account.id,
        user: account.user,
        exchange: account.exchange,
        label: account.label,
        enabled: true,
        validated: true,
        halted: false,
        reducing: false,
        venue: Err(NotSeen("no answer".to_owned())),
        clock_ahead: None,
        markets_read: 1,
        markets_unread: 0,
        open_groups_max: 10,
        flight: flight.clone(),
    };
    Sight {
        at: AT.minus(Millis::seconds(7)),
        version: "12".to_owned(),
        region: "eu-central-1".to_owned(),
        promised_address: None,
        address: Ok(None),
        clock_ahead: Ok(Millis::seconds(-2)),
        concurrency_max: Ok(1_000),
        flight,
        accounts: vec![facts],
    }
}

#[test]
fn the_doctor_says_how_the_worst_check_stands_and_what_to_do_about_it() {
    let api = api();
    let doctor = |token: &str| ask(&api, "GET", "/api/v1/doctor", "", token);
    let check = |told: &Value, name: &str| {
        told["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).cloned().unwrap_or_default()
    };
    let (status, _, before) = doctor(TOKEN);
    let watch = check(&before, "watch");
    assert_eq!((status, &before["state"], &watch["state"]), (200, &json!("fail"), &json!("fail")));
    assert!(watch["next"].as_str().unwrap().starts_with("ask again"), "{watch}");
    let probe = woken(&api, Queue::Ticks).unwrap();
    assert!(probe.contains(user().as_str()), "a look is asked for: {probe}");
    let sight = sight();
    done(&api.store, |world| async move { Sights(&world).keep_sight(&sight).await.unwrap() });
    let (_, _, own) = doctor(TOKEN);
    assert_eq!(own["state"], "warn", "{own}");
    let venues = check(&own, "venues");
    assert_eq!((&venues["state"], venues["next"].is_string()), (&json!("warn"), true));
    assert_eq!((&check(&own, "watch")["state"], &check(&own, "watch")["next"]), (&json!("ok"), &Value::Null));
    let parked = json!({"name": "parked", "state": "warn", "meaning": "1 messages are left to a person", "next": "moniqo dead-letters list"});
    assert_eq!(check(&own, "parked"), parked);
    assert_eq!(check(&own, "clock"), Value::Null, "what is of the deployment is its keeper's");
    let (_, _, whole) = doctor(KEEPER);
    let clock = check(&whole, "clock");
    assert_eq!((&whole["state"], &clock["state"]), (&json!("fail"), &json!("fail")));
    assert_eq!((&clock["meaning"], clock["next"].is_string()), (&json!("2000 ms behind AWS's"), true));
    let concurrency = check(&whole, "concurrency");
    assert!(concurrency["meaning"].as_str().unwrap().starts_with("1000 functions"), "of all of it: {concurrency}");
    assert_eq!(woken(&api, Queue::Ticks), None, "the last look is young");
}
