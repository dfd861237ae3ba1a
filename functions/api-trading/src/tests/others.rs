//! Somebody else's trading.

use super::*;

async fn ask_as(token: &str, method: &str, path: &str, body: &str) -> (StatusCode, Value) {
    let (status, _, answer) =
        ask(&allowing(), method, &format!("/api/v1/{path}"), body, Some(&format!("Bearer {token}"))).await;
    (status, answer)
}

/// With what is in each, where it is a list.
fn looks() -> [(String, &'static str); 20] {
    let (group, order) = (group_id(), position().orders[0].id.clone());
    [
        ("deliveries".to_owned(), ""),
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
        (format!("parked/{}", parked(&user()).id), ""),
        ("trades/history".to_owned(), "items"),
        ("dashboard/pnl".to_owned(), "totals"),
        ("bots".to_owned(), "items"),
        (format!("bots/{}", bots::bot().id), ""),
        (format!("bots/{}/runs", bots::bot().id), ""),
        (format!("bots/{}/runs/{}", bots::bot().id, bots::run().id), ""),
        (format!("bots/{}/runs/{}/log", bots::bot().id, bots::run().id), ""),
    ]
}

#[tokio::test]
async fn whoever_reads_everybodys_trading_sees_what_its_owner_sees() {
    for (path, items) in looks() {
        let own = ask_as(TOKEN, "GET", &path, "").await;
        let foreign = ask_as(MANAGER, "GET", &format!("{path}?user_id={}", user()), "").await;
        assert_eq!((foreign.0, &foreign), (StatusCode::OK, &own), "{path}");
        let (status, mine) = ask_as(MANAGER, "GET", &path, "").await;
        if items.is_empty() {
            assert!(status == StatusCode::NOT_FOUND || path == "deliveries", "{path}: whose is not guessed");
            continue;
        }
        assert_eq!(own.1[items].as_array().map(Vec::is_empty), Some(false), "{path}");
        assert_eq!((status, &mine[items]), (StatusCode::OK, &json!([])), "{path}: without a name it is one's own");
    }
}

#[tokio::test]
async fn to_whoever_may_not_somebody_else_is_not_there() {
    let other = UserId::of(&["manager"]);
    for (path, _) in looks() {
        for (token, query) in
            [(TOKEN, other.as_str()), (KEEPER, other.as_str()), (LOOKING, "usr_nobody"), (MANAGER, "eve")]
        {
            let (status, problem) = ask_as(token, "GET", &format!("{path}?user_id={query}"), "").await;
            assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")), "{token}: {path}");
        }
        let own = format!("{path}?user_id={}", user());
        assert_eq!(ask_as(LOOKING, "GET", &own, "").await.0, StatusCode::OK, "{path}: one's own id is no other's");
    }
}

/// A cursor goes on with the list that it is of, whoever reads that.
#[tokio::test]
async fn a_cursor_is_of_the_list_of_its_owner() {
    let theirs = format!("position-groups?user_id={}", user());
    let (_, page) = ask_as(MANAGER, "GET", &theirs, "").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let (status, next) = ask_as(MANAGER, "GET", &format!("{theirs}&cursor={cursor}"), "").await;
    assert_eq!((status, &next["items"]), (StatusCode::OK, &json!([])));
    let (status, problem) = ask_as(MANAGER, "GET", &format!("position-groups?cursor={cursor}"), "").await;
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("cursor")));
}

#[tokio::test]
async fn nothing_of_somebody_else_is_changed() {
    let (reason, named) = (r#"{"reason": "x"}"#, r#"{"name": "mine", "preset": {}}"#);
    for (method, path, body) in [
        ("POST", "halt", reason),
        ("POST", "resume", reason),
        ("POST", "presets", named),
        ("PUT", "presets/mine", "{}"),
        ("DELETE", "presets/grid", ""),
    ] {
        let (status, problem) = ask_as(MANAGER, method, &format!("{path}?user_id={}", user()), body).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("user_id")), "{method} {path}");
        let own = ask_as(MANAGER, method, path, body).await.0;
        assert!(own.is_success() || method == "DELETE", "{method} {path}: their own");
    }
    for (path, body) in [("retry", ""), ("drop", reason)] {
        let path = format!("parked/{}/{path}", parked(&user()).id);
        assert_eq!(ask_as(MANAGER, "POST", &path, body).await.0, StatusCode::NOT_FOUND, "{path}");
        let named = ask_as(MANAGER, "POST", &format!("{path}?user_id={}", user()), body).await;
        assert_eq!((named.0.as_u16(), &named.1["field"]), (422, &json!("user_id")), "{path}");
    }
}

#[tokio::test]
async fn what_is_nobodys_is_asked_for_without_a_name() {
    let path = format!("parked?of=deployment&user_id={}", user());
    let (status, problem) = ask_as(MANAGER, "GET", &path, "").await;
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("of")));
}
