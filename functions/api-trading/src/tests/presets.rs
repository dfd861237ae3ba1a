//! Presets, and the exits of a position.

use super::*;

const TOKEN: (&str, &str) = ("authorization", "Bearer mq_token");

pub(super) fn kept(name: &PresetName, version: u64, said: &Document) -> KeptPreset {
    KeptPreset {
        user: user(),
        at: PresetRef { name: name.clone(), version },
        document: said.text(),
        created_at: AT,
        updated_at: AT,
        updated_by: user(),
        deleted: false,
    }
}

pub(super) fn grid() -> KeptPreset {
    kept(&"grid".parse().unwrap(), 3, &Document::parse(r#"{"stop_loss_percent": 5.50}"#).unwrap())
}

pub(super) fn built_in() -> KeptPreset {
    kept(&PresetName::standard(), 0, &Document::parse(wire::preset::BUILT_IN).unwrap())
}

async fn asked(method: &str, path: &str, body: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Value) {
    ask_with(&allowing(), method, &format!("/api/v1/{path}"), body, &[&[TOKEN], headers].concat()).await
}

/// As the API tells what it does not do.
fn told((status, _, problem): (StatusCode, HeaderMap, Value)) -> (u16, String, Value) {
    (status.as_u16(), problem["code"].as_str().unwrap().to_owned(), problem["field"].clone())
}

#[tokio::test]
async fn presets_are_listed_with_the_one_that_is_built_in() {
    let (status, _, page) = asked("GET", "presets", "", &[]).await;
    assert_eq!((status, &page["next_cursor"]), (StatusCode::OK, &Value::Null));
    let built_in = &page["items"][0];
    assert_eq!((&built_in["name"], &built_in["version"]), (&json!("default"), &json!(0)));
    assert_eq!((&built_in["built_in"], &built_in["created_at"]), (&json!(true), &Value::Null));
    assert_eq!((&page["items"][1]["name"], &page["items"][1]["built_in"]), (&json!("grid"), &json!(false)));
    let (_, _, first) = asked("GET", "presets?limit=1", "", &[]).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let (_, _, rest) = asked("GET", &format!("presets?limit=1&cursor={cursor}"), "", &[]).await;
    assert_eq!((&first["items"][0], &rest["items"][0]), (&page["items"][0], &page["items"][1]));
    assert_eq!((first["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
}

#[tokio::test]
async fn a_preset_is_shown_with_its_version_and_its_numbers_as_they_were_written() {
    let request = Request::builder().uri("/api/v1/presets/grid").header(TOKEN.0, TOKEN.1).body(Body::empty()).unwrap();
    let response = lambda::edge::prepare(router(allowing())).oneshot(request).await.unwrap();
    assert_eq!(response.headers()["etag"], "\"3\"");
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    assert!(String::from_utf8_lossy(&body).contains(r#""preset":{"stop_loss_percent":5.50}"#), "{body:?}");
    for unknown in ["other", "Not-A-Name"] {
        assert_eq!(asked("GET", &format!("presets/{unknown}"), "", &[]).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn versions_go_on_after_the_cursor_of_their_own_name() {
    let (_, _, page) = asked("GET", "presets/grid/versions?limit=1", "", &[]).await;
    assert_eq!(page["items"][0]["version"], 3);
    let cursor = page["next_cursor"].as_str().unwrap();
    let (_, _, rest) = asked("GET", &format!("presets/grid/versions?cursor={cursor}"), "", &[]).await;
    assert_eq!(rest["next_cursor"], Value::Null);
    let foreign = asked("GET", &format!("presets/other/versions?cursor={cursor}"), "", &[]).await;
    assert_eq!(told(foreign), (422, "invalid_field".to_owned(), json!("cursor")));
}

const MARKET: &str = r#""market": {"price_tick": "0.01", "quantity_step": "0.00001", "quantity_min": "0.00001", "notional_min": "5"},
    "fee_rate": "0.001", "entry_price": "100""#;

const LADDER: &str = r#""side": "long", "base_order": {"quantity": "1"},
    "safety_orders": {"count": 0, "quantity": "1", "deviation_percent": "1"},
    "take_profit": {"basis": "average", "steps": [{"profit_percent": "1.5", "amount_percent": "100"}]}"#;

#[tokio::test]
async fn a_ladder_is_planned_of_a_preset() {
    let plan = async |more: &str| asked("POST", "ladders/plan", &format!("{{{more}, {MARKET}}}"), &[]).await;
    let (status, _, ladder) = plan(r#""preset": "grid""#).await;
    assert_eq!((status, ladder["legs"].as_array().map(Vec::len)), (StatusCode::OK, Some(1)));
    let row = &ladder["after_fill"][0];
    // 100 quote, 1.5 % as built in, and the 5.5 % of the preset.
    assert_eq!((&row["quantity"], &row["stop_loss_price"]), (&json!("1"), &json!("94.59")));
    assert_eq!(row["take_profit"], json!([{"price": "101.71", "quantity": "1"}]));
    let refused = |field: &str| (422, "invalid_field".to_owned(), json!(field));
    assert_eq!(told(plan(r#""preset": "other""#).await), refused("preset"));
    assert_eq!(told(plan(r#""preset": "A!""#).await), refused("preset"));
    let both = plan(r#""preset": "grid", "stop_loss_percent": "7""#).await;
    assert_eq!(told(both), refused("stop_loss_percent"));
}

#[tokio::test]
async fn a_preset_is_created_once() {
    let post = async |body: &str| asked("POST", "presets", body, &[]).await;
    let (status, headers, made) = post(r#"{"name": "new", "preset": {"stop_loss_percent": "7"}}"#).await;
    assert_eq!(
        (status, &headers["etag"], &made["name"]),
        (StatusCode::CREATED, &"\"1\"".parse().unwrap(), &json!("new"))
    );
    let refused = |code: u16, word: &str, field: &str| (code, word.to_owned(), json!(field));
    assert_eq!(told(post(r#"{"name": "grid", "preset": {}}"#).await), refused(400, "DUPLICATE_PRESET", "name"));
    let wrong = r#"{"name": "new", "preset": {"stop_loss_percent": 100}}"#;
    assert_eq!(told(post(wrong).await), refused(422, "invalid_field", "preset.stop_loss_percent"));
    assert_eq!(
        told(post(r#"{"name": "new", "preset": {"stop": 1}}"#).await),
        refused(422, "invalid_field", "preset.stop")
    );
    assert_eq!(told(post(r#"{"name": "A!", "preset": {}}"#).await), refused(422, "invalid_field", "name"));
    assert_eq!(told(post("{").await), (400, "invalid_json".to_owned(), Value::Null));
}

#[tokio::test]
async fn a_preset_is_changed_on_the_version_that_was_seen() {
    let put = async |name: &str, seen: &[(&str, &str)]| {
        asked("PUT", &format!("presets/{name}"), r#"{"stop_loss_percent": 7}"#, seen).await
    };
    let (status, headers, _) = put("grid", &[("if-match", "\"3\"")]).await;
    assert_eq!((status, &headers["etag"]), (StatusCode::OK, &"\"4\"".parse().unwrap()));
    assert_eq!(put("new", &[]).await.0, StatusCode::CREATED);
    let conflict = (409, "version_conflict".to_owned(), Value::Null);
    assert_eq!(told(put("grid", &[("if-match", "\"2\"")]).await), conflict);
    let unreadable = (422, "invalid_field".to_owned(), json!("If-Match"));
    assert_eq!(told(put("grid", &[("if-match", "3")]).await), unreadable);
    assert_eq!(told(put("grid", &[("if-match", "\"3\""), ("if-match", "\"4\"")]).await), unreadable);
    assert_eq!(told(put("New", &[]).await), (422, "invalid_field".to_owned(), json!("name")));
}

/// Nobody fills in placeholders here, and a stop of no number is none.
#[tokio::test]
async fn a_preset_and_a_plan_take_no_placeholder_and_no_nan() {
    for word in [r#""NaN""#, r#""{{plot_1}}""#, r#""""#] {
        let preset = format!(r#"{{"stop_loss_percent": {word}}}"#);
        let put = asked("PUT", "presets/p-nan", &preset, &[]).await;
        assert_eq!(told(put), (422, "invalid_field".to_owned(), json!("stop_loss_percent")), "{word}");
        for member in ["stop_loss_percent", "balance"] {
            let plan = format!(r#"{{{LADDER}, "{member}": {word}, {MARKET}}}"#);
            let plan = asked("POST", "ladders/plan", &plan, &[]).await;
            assert_eq!(told(plan), (422, "invalid_field".to_owned(), json!(member)), "{word}");
        }
    }
}

#[tokio::test]
async fn a_preset_is_taken_away() {
    assert_eq!(asked("DELETE", "presets/grid", "", &[]).await.0, StatusCode::NO_CONTENT);
    assert_eq!(asked("DELETE", "presets/other", "", &[]).await.0, StatusCode::NOT_FOUND);
    let looking = &[("authorization", "Bearer mq_looking")];
    for (method, path) in [("DELETE", "grid"), ("PUT", "grid")] {
        let (status, ..) = ask_with(&allowing(), method, &format!("/api/v1/presets/{path}"), "{}", looking).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{method}");
    }
}

#[tokio::test]
async fn a_bot_is_imported_for_whoever_may_look_and_nothing_is_kept() {
    let bot = include_str!("../../../../events/imports/threecommas-bot.v1.json");
    let looking = &[("authorization", "Bearer mq_looking")];
    let (status, _, import) = ask_with(&allowing(), "POST", "/api/v1/presets/import", bot, looking).await;
    assert_eq!((status, &import["name"]), (StatusCode::OK, &json!("btc-grid-2")));
    assert_eq!(import["preset"]["safety_orders"]["count"], "4");
    let told_of = |member: &str| {
        let members = import["members"].as_array().unwrap();
        members.iter().find(|told| told["member"] == member).unwrap()["outcome"].clone()
    };
    assert_eq!((told_of("take_profit_steps"), told_of("strategy_list")), (json!("carried_over"), json!("left_out")));
    let refused = told(asked("POST", "presets/import", "{}", &[]).await);
    assert_eq!(refused, (422, "invalid_field".to_owned(), json!("body")));
}

#[tokio::test]
async fn exits_are_changed_for_a_reason_or_on_the_version_that_was_seen() {
    let path = format!("position-groups/{}/exits", group_id());
    let put = async |body: &str, seen: &[(&str, &str)]| asked("PUT", &path, body, seen).await;
    let (status, headers, _) = put(r#"{"stop_loss_percent": 7, "reason": "news"}"#, &[]).await;
    assert_eq!((status, &headers["etag"]), (StatusCode::ACCEPTED, &"\"7\"".parse().unwrap()));
    let seen = &[("if-match", "\"7\"")];
    assert_eq!(put(r#"{"time_limit_minutes": null}"#, seen).await.0, StatusCode::ACCEPTED);
    let missing = told(put(r#"{"stop_loss_percent": 7}"#, &[]).await);
    assert_eq!(missing, (422, "invalid_field".to_owned(), json!("reason")));
    let conflict = told(put(r#"{"stop_loss_percent": 7}"#, &[("if-match", "\"6\"")]).await);
    assert_eq!(conflict, (409, "version_conflict".to_owned(), Value::Null));
    let wrong = told(put(r#"{"stop_loss": 7, "reason": "x"}"#, &[]).await);
    assert_eq!(wrong, (422, "invalid_field".to_owned(), json!("stop_loss")));
}

#[tokio::test]
async fn exits_that_a_program_may_not_choose_are_refused() {
    let refusing = Stub { refusal: Some(ActError::NotInPerson("takes no stop off")) };
    let path = format!("/api/v1/position-groups/{}/exits", group_id());
    let body = r#"{"stop_loss_percent": null, "reason": "x"}"#;
    let (status, code, _) = told(ask_with(&refusing, "PUT", &path, body, &[TOKEN]).await);
    assert_eq!((status, &*code), (403, "missing_scope"));
}

#[tokio::test]
async fn exits_that_do_not_go_together_name_their_field() {
    let wrong = wire::alert::BadAlert::field("take_profit.steps", "must be more than 2");
    let refusing = Stub { refusal: Some(ActError::BadExits(wrong)) };
    let path = format!("/api/v1/position-groups/{}/exits", group_id());
    let body = r#"{"time_limit_minutes": 5, "reason": "x"}"#;
    let refused = told(ask_with(&refusing, "PUT", &path, body, &[TOKEN]).await);
    assert_eq!(refused, (422, "invalid_field".to_owned(), json!("take_profit.steps")));
}
