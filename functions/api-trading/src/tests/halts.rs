//! The stop of a user's accounts, and of all of them.

use super::*;
use domain::account::{Account, Halt};
use domain::identity::Role;
use domain::ids::GroupId;
use rows::{binance, bought, entry, open};

#[test]
fn halting_and_resuming_say_what_they_touch() {
    let resting = open("ETH/USDT", |group| vec![entry(group, 0, Status::Open)]);
    let sending = open("SOL/USDT", |group| vec![entry(group, 0, Status::Submitting)]);
    let planned = open("ADA/USDT", |group| vec![entry(group, 0, Status::Planned)]);
    let api = api_with(&[position(), resting.clone(), sending.clone(), planned.clone()]);
    let id = |position: &Position| json!(position.orders[0].id.as_str());
    let ids = |orders: &Value| orders.as_array().unwrap().iter().map(|order| order["id"].clone()).collect::<Vec<_>>();
    let (status, _, states) = get(&api, "/api/v1/halt");
    assert_eq!((status, &states["accounts"][0]["halted"]["reason"]), (200, &json!("storm")));
    assert_eq!(states["accounts"][0]["balances"]["USDT"], json!({"balance": "1000", "reserved": "0"}));
    assert_eq!(states["system_halted"], false);
    let post = |path: &str, body: &str| ask(&api, "POST", path, body, TOKEN);
    let (status, _, halted) = post("/api/v1/halt", r#"{"reason": "storm"}"#);
    assert_eq!((status, ids(&halted["cancelling"])), (202, vec![id(&resting)]));
    let mut in_flight = ids(&halted["in_flight"]);
    in_flight.sort_by_key(ToString::to_string);
    let mut expected = vec![id(&sending), id(&planned)];
    expected.sort_by_key(ToString::to_string);
    assert_eq!(in_flight, expected);
    let (status, _, preview) = post("/api/v1/resume", r#"{"reason": "over", "dry_run": true}"#);
    assert_eq!((status, &preview["dry_run"], ids(&preview["would_start"])), (200, &json!(true), vec![id(&planned)]));
    assert_eq!(get(&api, "/api/v1/halt").2["accounts"][0]["halted"]["reason"], "storm", "it lifts nothing");
    let (status, _, resumed) = post("/api/v1/resume", r#"{"reason": "over", "account": "default"}"#);
    assert_eq!((status, &resumed["dry_run"], &resumed["would_start"]), (200, &json!(false), &preview["would_start"]));
    assert_eq!(resumed["accounts"][0]["halted"], Value::Null);
    assert_eq!(told(post("/api/v1/halt", "{")), refused(400, "invalid_json"));
    assert_eq!(told(post("/api/v1/resume", "{}")), wrong("reason"));
    assert_eq!(told(post("/api/v1/halt", r#"{"reason": "x", "acount": "default"}"#)), wrong("acount"));
}

/// A halt with this key, and which of the user's accounts are halted after it.
fn halt_with_key(api: &Api, key: &str) -> (u16, Vec<Value>) {
    let (status, ..) =
        ask_with(api, "POST", "/api/v1/halt", r#"{"reason": "storm"}"#, TOKEN, &[("idempotency-key", key)]);
    let (_, _, states) = get(api, "/api/v1/halt");
    let is_halted = |account: &&Value| account["halted"]["reason"] == "storm";
    let halted = states["accounts"].as_array().unwrap().iter().filter(is_halted);
    (status, halted.map(|account| account["account"].clone()).collect())
}

#[test]
fn one_account_that_cannot_be_halted_keeps_no_other_from_it_whatever_the_key() {
    for down in ["transact ACC#", "transact AUD#"] {
        for broken in [account().id, binance().id] {
            let api = api_with(&[]);
            rows::put_account(&api.store, Account { halted: None, ..account() }, &[]);
            rows::put_account(&api.store, binance(), &[]);
            let down: &'static str =
                if down.ends_with("ACC#") { Box::leak(format!("{down}{broken}").into_boxed_str()) } else { down };
            api.store.set_down(down, true);
            let (status, halted) = halt_with_key(&api, "a-key-of-this-halt");
            let expected = usize::from(down.contains("ACC#"));
            assert_eq!((status, halted.len()), (503, expected), "{down}");
            api.store.set_down(down, false);
            if expected > 0 {
                let (other, key) = (r#"{"reason": "news"}"#, [("idempotency-key", "a-key-of-this-halt")]);
                let (status, _, reused) = ask_with(&api, "POST", "/api/v1/halt", other, TOKEN, &key);
                assert_eq!((status, &reused["code"]), (409, &json!("idempotency_key_reused")), "a part is done");
            }
            let (status, halted) = halt_with_key(&api, "a-key-of-this-halt");
            assert_eq!((status, halted.len()), (202, 2), "the same key, at once: {down}");
        }
    }
}

#[test]
fn a_resume_that_is_sent_again_lifts_no_later_halt() {
    let api = api();
    let resume = |at: i64| {
        let (bearer, body) = (format!("Bearer {TOKEN}"), r#"{"reason": "over", "account": "default"}"#);
        let headers = [("authorization", &*bearer), ("idempotency-key", "a-key-of-this-resume")];
        send(&api, AT.plus(Millis::seconds(at)), ("POST", "/api/v1/resume", body), &headers).0
    };
    api.store.set_down("write IDM#", true);
    assert_eq!(resume(0), 200);
    api.store.set_down("write IDM#", false);
    assert_eq!(halt_with_key(&api, "another-key-of-a-halt").1.len(), 1);
    assert_eq!((resume(1), resume(40)), (409, 409), "its answer was lost, and what it meant is over");
    assert_eq!(get(&api, "/api/v1/halt").2["accounts"][0]["halted"]["reason"], "storm");
}

#[test]
fn an_account_is_named_so_that_no_other_can_be_meant() {
    let api = api();
    let named = |account: &str| {
        let body = format!(r#"{{"reason": "storm", "account": "{account}"}}"#);
        ask(&api, "POST", "/api/v1/halt", &body, TOKEN)
    };
    assert_eq!(told(named("x")), wrong("account"));
    let (_, _, one) = named("default");
    assert_eq!(one["accounts"].as_array().map(Vec::len), Some(1));
    rows::put_account(&api.store, Account { label: account().label, ..binance() }, &[]);
    assert_eq!(told(named("default")), (409, "ambiguous_account".to_owned(), json!("account")));
    assert_eq!(named(binance().id.as_str()).2["accounts"][0]["exchange"], "BINANCE");
}

#[test]
fn what_a_person_has_halted_no_program_resumes() {
    let api = api();
    let post = |path: &str, token: &str| ask(&api, "POST", &format!("/api/v1/{path}"), r#"{"reason": "x"}"#, token);
    assert_eq!(post("halt", PERSON).0, 202);
    assert_eq!(told(post("resume", TOKEN)), refused(409, "halted_in_person"));
    assert_eq!(post("resume", PERSON).0, 200);
    let kept_out = Some(domain::account::KeptOut::of(None));
    let halted = Some(Halt { at: AT, reason: "left".to_owned(), kept_out, by_person: true });
    rows::put_account(&api.store, Account { halted, ..binance() }, &[]);
    assert_eq!(told(post("resume", PERSON)), refused(409, "kept_out"));
}

#[test]
fn the_whole_deployment_is_halted_and_resumed() {
    let api = api();
    let person = api.store.log_in(&user(), &["trading:read", "system:operate"]);
    for (action, token, status, is_halted) in [("halt", KEEPER, 202, true), ("resume", &person, 200, false)] {
        let (answered, _, told) = ask(&api, "POST", &format!("/api/v1/system/{action}"), r#"{"reason": "x"}"#, token);
        assert_eq!((answered, &told), (status, &json!({"system_halted": is_halted})));
        assert_eq!(get(&api, "/api/v1/halt").2["system_halted"], is_halted);
        assert_eq!(get(&api, "/api/v1/halt").2["accounts"][0]["halted"]["reason"], "storm");
    }
}

/// An operator finds what was done in the system log.
#[test]
fn what_an_operator_would_look_for_is_noted() {
    let api = api();
    let noted = || api.store.table().notes().map(|note| note.message).collect::<Vec<_>>();
    ask(&api, "POST", "/api/v1/halt", r#"{"reason": "x", "account": "none"}"#, TOKEN);
    get(&api, "/api/v1/halt");
    assert_eq!(noted(), Vec::<String>::new());
    ask(&api, "POST", "/api/v1/halt", r#"{"reason": "x"}"#, TOKEN);
    assert_eq!(noted(), ["accounts were halted"]);
}

#[test]
fn everything_is_sold_by_a_code_of_this_session_alone() {
    let held = open("ETH/USDT", |group| vec![entry(group, 0, Status::Open)]);
    let api = api_with(std::slice::from_ref(&held));
    let person = api.store.log_in(&user(), &["trading:read", "orders:write"]);
    let flatten = |body: Value, token: &str| ask(&api, "POST", "/api/v1/flatten", &body.to_string(), token);
    let asked = json!({"reason": "out"});
    assert_eq!(flatten(asked.clone(), TOKEN).0, 403, "a key without the permission");
    let (status, _, shown) = flatten(asked.clone(), &person);
    assert_eq!((status, &shown["positions"][0]["id"]), (200, &json!(held.group.id.as_str())), "{shown}");
    assert_eq!(shown["positions"][0]["exit_reason"], Value::Null, "nothing is done yet");
    let code = shown["code"].as_str().unwrap();
    let with = |code: &str| json!({"reason": "out", "code": code});
    let (status, _, wrong) = flatten(with("aaaaaaaa"), &person);
    assert_eq!((status, &wrong["code"]), (409, &json!("flatten_code_wrong")), "{wrong}");
    let elsewhere = api.store.log_in(&user(), &["trading:read", "trading:write", "orders:write"]);
    assert_eq!(flatten(with(code), &elsewhere).2["code"], json!("flatten_code_missing"), "another session's");
    assert_eq!(flatten(asked.clone(), &elsewhere).0, 200, "one of its own, which takes this one's place in no session");
    let (status, _, done) = flatten(with(&format!(" {} ", code.to_uppercase())), &person);
    assert_eq!((status, &done["positions"][0]["exit_reason"]), (202, &json!("user")), "{done}");
    assert_eq!((&done["accounts"][0]["entries"], &done["code"]), (&json!("halted"), &Value::Null));
    let (status, _, again) = flatten(with(code), &person);
    assert_eq!((status, again["positions"].as_array().unwrap().len()), (202, 1), "it goes on: {again}");
    let (_, _, shown) = flatten(asked, &person);
    assert_eq!(flatten(with(code), &person).2["code"], json!("flatten_code_wrong"), "another took its place");
    for left in (0..4).rev() {
        let wrong = flatten(with("bbbbbbbb"), &person).2;
        assert!(wrong["detail"].as_str().unwrap().contains(&format!("{left} more tries")), "{wrong}");
    }
    assert_eq!(flatten(with(shown["code"].as_str().unwrap()), &person).2["code"], json!("flatten_code_over"));
}

/// Each request has time for one position: a position that cannot be sold does not keep the others from it.
#[test]
fn position_that_cannot_be_sold_holds_up_no_other() {
    let held = ["ADA/USDT", "ETH/USDT", "SOL/USDT"].map(|symbol| open(symbol, |group| vec![bought(group)]));
    let api = api_with(&held);
    let person = api.store.log_in(&user(), &["trading:read", "orders:write"]);
    let flatten = |body: Value, milliseconds: i64| {
        let bearer = format!("Bearer {person}");
        let at = AT.minus(Millis::seconds(10)).plus(Millis::new(milliseconds));
        let asked = ("POST", "/api/v1/flatten", &*body.to_string());
        let (status, _, text) = send(&api, at, asked, &[("authorization", &bearer)]);
        (status, serde_json::from_str::<Value>(&text).unwrap())
    };
    let code = flatten(json!({"reason": "out"}), 0).1["code"].clone();
    api.store.set_down(Box::leak(format!("transact GRP#{}", held[0].group.id).into_boxed_str()), true);
    let exit = |position: &Position| {
        get(&api, &format!("/api/v1/position-groups/{}", position.group.id)).2["exit_reason"].clone()
    };
    let answers: Vec<_> = (1..7).map(|at| flatten(json!({"reason": "out", "code": code}), at)).collect();
    assert_eq!(held.each_ref().map(exit), [Value::Null, json!("user"), json!("user")], "{answers:?}");
    let (status, last) = answers.last().unwrap();
    assert_eq!(*status, 503, "the last one is not passed over in silence: {last}");
}

/// The code of a minute is given back within it; what was begun by then goes on for ten. What was opened since it was shown is not sold.
#[test]
fn code_lasts_a_minute_and_sells_what_was_shown() {
    let held = open("ETH/USDT", |group| vec![entry(group, 0, Status::Open)]);
    let api = api_with(std::slice::from_ref(&held));
    let person = api.store.log_in(&user(), &["trading:read", "orders:write"]);
    let flatten = |body: Value, seconds: i64| {
        let bearer = format!("Bearer {person}");
        let asked = ("POST", "/api/v1/flatten", &*body.to_string());
        let (status, _, text) = send(&api, AT.plus(Millis::seconds(seconds)), asked, &[("authorization", &bearer)]);
        (status, serde_json::from_str::<Value>(&text).unwrap())
    };
    let shown = |seconds| flatten(json!({"reason": "out"}), seconds).1["code"].clone();
    let with = |code: &Value| json!({"reason": "out", "code": code});
    let (status, late) = flatten(with(&shown(0)), 60);
    assert_eq!((status, &late["code"]), (409, &json!("flatten_code_over")), "{late}");
    let code = shown(120);
    let opened_since = open("BTC/USDT", |group| vec![entry(group, 0, Status::Open)]);
    rows::put_position(&api.store, &opened_since);
    rows::put_seats(&api.store, account(), &[held.clone(), opened_since.clone()]);
    let (status, said) = flatten(with(&code), 179);
    assert_eq!((status, &said["code"]), (409, &json!("flatten_changed")), "{said}");
    let exit = |id: &GroupId| get(&api, &format!("/api/v1/position-groups/{id}")).2["exit_reason"].clone();
    assert_eq!((exit(&held.group.id), exit(&opened_since.group.id)), (json!("user"), Value::Null));
    assert_eq!(flatten(with(&code), 778).1["code"], "flatten_changed", "it goes on");
    let (_, over) = flatten(with(&code), 779);
    assert_eq!(over["code"], "flatten_code_over", "{over}");
}

/// What is open comes first: an account that cannot be halted now keeps nothing from being sold, and the same code does the rest.
#[test]
fn account_that_cannot_be_halted_holds_up_no_sale() {
    let held = open("ETH/USDT", |group| vec![entry(group, 0, Status::Open)]);
    let api = api_with(std::slice::from_ref(&held));
    rows::put_account(&api.store, binance(), &[]);
    let person = api.store.log_in(&user(), &["trading:read", "orders:write"]);
    let flatten = |body: Value| ask(&api, "POST", "/api/v1/flatten", &body.to_string(), &person);
    let (_, _, shown) = flatten(json!({"reason": "out"}));
    let with = json!({"reason": "out", "code": shown["code"]});
    let down: &'static str = Box::leak(format!("transact ACC#{}", binance().id).into_boxed_str());
    api.store.set_down(down, true);
    assert_eq!(flatten(with.clone()).0, 503);
    let sold = get(&api, &format!("/api/v1/position-groups/{}", held.group.id)).2;
    assert_eq!(sold["exit_reason"], "user", "{sold}");
    api.store.set_down(down, false);
    let (status, _, done) = flatten(with);
    assert_eq!((status, done["accounts"].as_array().unwrap().len()), (202, 2), "{done}");
    assert!(done["accounts"].as_array().unwrap().iter().all(|account| account["entries"] == "halted"), "{done}");
}

/// A stolen session of an admin sells nobody out: a second factor was proven lately.
#[test]
fn another_user_and_the_deployment_are_sold_out_by_an_admin_with_a_second_factor() {
    let held = open("ETH/USDT", |group| vec![entry(group, 0, Status::Open)]);
    let api = api_with(std::slice::from_ref(&held));
    api.store.mark_active(&account().id);
    let boss = UserId::of(&["boss"]);
    let (plain, proven) = (api.store.log_in_as(&boss, Role::Admin), api.store.log_in_by_factor(&boss, Role::Admin));
    let manager = api.store.log_in_by_factor(&boss, Role::Manager);
    let own = api.store.log_in_by_factor(&user(), Role::Trader);
    let flatten = |body: &Value, token: &str| ask(&api, "POST", "/api/v1/flatten", &body.to_string(), token);
    let of_user = json!({"reason": "out", "user_id": user().as_str()});
    let of_all = json!({"reason": "out", "deployment": true});
    for asked in [&of_user, &of_all] {
        let (status, _, refused) = flatten(asked, &manager);
        assert_eq!((status, &refused["code"]), (403, &json!("permission_not_yours")), "{refused}");
        let (status, _, refused) = flatten(asked, &plain);
        assert_eq!((status, &refused["code"]), (403, &json!("second_factor_needed")), "{refused}");
    }
    assert_eq!(flatten(&of_user, &own).0, 200, "it is one's own");
    assert_eq!(flatten(&of_all, &own).2["code"], "permission_not_yours");
    let nobody = json!({"reason": "out", "user_id": UserId::of(&["none"]).as_str()});
    assert_eq!(flatten(&nobody, &proven).0, 404);
    for (asked, field) in [
        (json!({"reason": "out", "deployment": true, "user_id": user().as_str()}), "user_id"),
        (json!({"reason": "out", "deployment": true, "account": "main"}), "account"),
    ] {
        let (status, _, refused) = flatten(&asked, &proven);
        assert_eq!((status, &refused["field"]), (422, &json!(field)), "{refused}");
    }
    let with = |asked: &Value, code: &Value| {
        let mut with = asked.clone();
        with["code"] = code.clone();
        with
    };
    let (status, _, shown) = flatten(&of_user, &proven);
    assert_eq!((status, &shown["positions"][0]["id"]), (200, &json!(held.group.id.as_str())), "{shown}");
    let wrong = flatten(&with(&of_all, &shown["code"]), &proven).2;
    assert_eq!(wrong["code"], "flatten_code_wrong", "a code is of what was shown: {wrong}");
    let (status, _, done) = flatten(&with(&of_user, &shown["code"]), &proven);
    assert_eq!((status, &done["positions"][0]["exit_reason"]), (202, &json!("user")), "{done}");
    assert_eq!(done["accounts"][0]["entries"], "halted");
    assert_eq!(get(&api, "/api/v1/halt").2["system_halted"], false);
    let records: Vec<_> = api.store.table().audits().map(|audit| (audit.user, audit.action)).collect();
    assert!(records.contains(&(boss, "flatten".to_owned())), "{records:?}");
    let (_, _, shown) = flatten(&of_all, &proven);
    let (status, _, done) = flatten(&with(&of_all, &shown["code"]), &proven);
    assert_eq!((status, done["positions"].as_array().unwrap().len()), (202, 1), "{done}");
    assert_eq!(get(&api, "/api/v1/halt").2["system_halted"], true);
    let later = AT.plus(Millis::seconds(15 * 60 + 1));
    let bearer = format!("Bearer {proven}");
    let asked = ("POST", "/api/v1/flatten", &*of_all.to_string());
    let (status, _, refused) = send(&api, later, asked, &[("authorization", &bearer)]);
    assert!(status == 403 && refused.contains("second_factor_needed"), "it was proven too long ago: {refused}");
}
