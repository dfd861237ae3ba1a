//! Somebody else's trading.

use super::*;

fn ask_as(api: &Api, token: &str, method: &str, path: &str, body: &str) -> (u16, Value) {
    let (status, _, answer) = ask(api, method, &format!("/api/v1/{path}"), body, token);
    (status, answer)
}

/// With what is in each, where it is a list.
fn looks() -> [(String, &'static str); 21] {
    let (group, order) = (group_id(), position().orders[0].id.clone());
    let (bot, run) = (bots::bot().id, bots::run().id);
    [
        ("deliveries".to_owned(), "items"),
        (format!("deliveries/{}", rows::delivery_at().id), ""),
        ("position-groups".to_owned(), "items"),
        (format!("position-groups/{group}"), ""),
        ("orders".to_owned(), "items"),
        (format!("orders/{order}"), ""),
        (format!("orders/{order}/lineage"), ""),
        ("halt".to_owned(), "accounts"),
        ("reconciliation".to_owned(), "accounts"),
        ("presets".to_owned(), "items"),
        ("presets/grid".to_owned(), ""),
        ("presets/grid/versions".to_owned(), "items"),
        ("parked".to_owned(), "items"),
        (format!("parked/{}", rows::parked(&user()).id), ""),
        ("trades/history".to_owned(), "items"),
        ("dashboard/pnl".to_owned(), "totals"),
        ("bots".to_owned(), "items"),
        (format!("bots/{bot}"), ""),
        (format!("bots/{bot}/runs"), ""),
        (format!("bots/{bot}/runs/{run}"), ""),
        (format!("bots/{bot}/runs/{run}/log"), ""),
    ]
}

#[test]
fn whoever_reads_everybodys_trading_sees_what_its_owner_sees() {
    let api = api();
    for (path, items) in looks() {
        let own = ask_as(&api, TOKEN, "GET", &path, "");
        let foreign = ask_as(&api, MANAGER, "GET", &format!("{path}?user_id={}", user()), "");
        assert_eq!((foreign.0, &foreign), (200, &own), "{path}");
        let (status, mine) = ask_as(&api, MANAGER, "GET", &path, "");
        if items.is_empty() {
            assert_eq!(status, 404, "{path}: whose is not guessed");
            continue;
        }
        assert_eq!(own.1[items].as_array().map(Vec::is_empty), Some(false), "{path}");
        // Everybody has the preset that is built in.
        let none = if path == "presets" { json!([own.1["items"][0]]) } else { json!([]) };
        assert_eq!((status, &mine[items]), (200, &none), "{path}: without a name it is one's own");
    }
}

#[test]
fn to_whoever_may_not_somebody_else_is_not_there() {
    let api = api();
    let other = manager();
    for (path, _) in looks() {
        for (token, query) in
            [(TOKEN, other.as_str()), (KEEPER, other.as_str()), (LOOKING, "usr_nobody"), (MANAGER, "eve")]
        {
            let (status, problem) = ask_as(&api, token, "GET", &format!("{path}?user_id={query}"), "");
            assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{token}: {path}");
        }
        let own = format!("{path}?user_id={}", user());
        assert_eq!(ask_as(&api, LOOKING, "GET", &own, "").0, 200, "{path}: one's own id is no other's");
    }
}

/// A cursor goes on with the list that it is of, whoever reads that.
#[test]
fn a_cursor_is_of_the_list_of_its_owner() {
    let api = api();
    let theirs = format!("position-groups?user_id={}", user());
    let (_, page) = ask_as(&api, MANAGER, "GET", &format!("{theirs}&limit=1"), "");
    assert_eq!(page["items"][0]["id"], group_id().as_str());
    let cursor = page["next_cursor"].as_str().unwrap();
    let (status, next) = ask_as(&api, MANAGER, "GET", &format!("{theirs}&cursor={cursor}"), "");
    assert_eq!((status, &next["items"]), (200, &json!([])));
    let (status, problem) = ask_as(&api, MANAGER, "GET", &format!("position-groups?cursor={cursor}"), "");
    assert_eq!((status, &problem["field"]), (422, &json!("cursor")));
}

#[test]
fn nothing_of_somebody_else_is_changed() {
    let api = api();
    let (reason, named) = (r#"{"reason": "x"}"#, r#"{"name": "mine", "preset": {}}"#);
    for (method, path, body, status) in [
        ("POST", "halt", reason, 202),
        ("POST", "resume", reason, 200),
        ("POST", "presets", named, 201),
        ("PUT", "presets/mine", "{}", 200),
        ("DELETE", "presets/grid", "", 404),
    ] {
        let (refused, problem) = ask_as(&api, MANAGER, method, &format!("{path}?user_id={}", user()), body);
        assert_eq!((refused, &problem["field"]), (422, &json!("user_id")), "{method} {path}");
        assert_eq!(ask_as(&api, MANAGER, method, path, body).0, status, "{method} {path}: their own");
    }
    for (path, body) in [("retry", ""), ("drop", reason)] {
        let path = format!("parked/{}/{path}", rows::parked(&user()).id);
        assert_eq!(ask_as(&api, MANAGER, "POST", &path, body).0, 404, "{path}");
        let named = ask_as(&api, MANAGER, "POST", &format!("{path}?user_id={}", user()), body);
        assert_eq!((named.0, &named.1["field"]), (422, &json!("user_id")), "{path}");
    }
    let (_, accounts) = ask_as(&api, TOKEN, "GET", "halt", "");
    assert_eq!(accounts["accounts"][0]["halted"]["reason"], "storm");
    assert_eq!(ask_as(&api, TOKEN, "GET", "presets/grid", "").0, 200);
    assert_eq!(ask_as(&api, TOKEN, "GET", "presets/mine", "").0, 404);
}

#[test]
fn what_is_nobodys_is_asked_for_without_a_name() {
    let path = format!("parked?of=deployment&user_id={}", user());
    let (status, problem) = ask_as(&api(), MANAGER, "GET", &path, "");
    assert_eq!((status, &problem["field"]), (422, &json!("of")));
}
