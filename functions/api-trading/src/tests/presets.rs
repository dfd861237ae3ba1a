//! Presets.

use super::*;
use app::actor::Act;
use app::presets;
use domain::audit::Actor;
use domain::ids::AttemptId;
use wire::preset::Document;

/// In its third version.
pub(super) fn put_grid(world: &World) {
    for (number, document) in
        [r#"{"stop_loss_percent": 7}"#, r#"{"stop_loss_percent": 6}"#, r#"{"stop_loss_percent": 5.50}"#]
            .iter()
            .enumerate()
    {
        let (document, attempt) = (Document::parse(document).unwrap(), AttemptId::new(format!("grid-{number}")));
        done(world, |world| async move {
            let act = Act { user: &user(), attempt: &attempt, now: AT, address: None, actor: Actor::Key };
            presets::put(&world, &"grid".parse().unwrap(), &document, None, act).await.unwrap();
        });
    }
}

fn asked(api: &Api, method: &str, path: &str, body: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Value) {
    ask_with(api, method, &format!("/api/v1/{path}"), body, TOKEN, headers)
}

#[test]
fn presets_are_listed_with_the_one_that_is_built_in() {
    let api = api();
    let (status, _, page) = asked(&api, "GET", "presets", "", &[]);
    assert_eq!((status, &page["next_cursor"]), (200, &Value::Null));
    let built_in = &page["items"][0];
    assert_eq!((&built_in["name"], &built_in["version"]), (&json!("default"), &json!(0)));
    assert_eq!((&built_in["built_in"], &built_in["created_at"]), (&json!(true), &Value::Null));
    assert_eq!((&page["items"][1]["name"], &page["items"][1]["built_in"]), (&json!("grid"), &json!(false)));
    let (_, _, first) = asked(&api, "GET", "presets?limit=1", "", &[]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let (_, _, rest) = asked(&api, "GET", &format!("presets?limit=1&cursor={cursor}"), "", &[]);
    assert_eq!((&first["items"][0], &rest["items"][0]), (&page["items"][0], &page["items"][1]));
    assert_eq!((first["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
}

#[test]
fn a_preset_is_shown_with_its_version_and_its_numbers_as_they_were_written() {
    let api = api();
    let (_, headers, text) = ask_for(&api, ("GET", "/api/v1/presets/grid", ""), TOKEN, &[]);
    assert_eq!(headers["etag"], "\"3\"");
    assert!(text.contains(r#""preset":{"stop_loss_percent":5.50}"#), "{text}");
    for unknown in ["other", "Not-A-Name"] {
        assert_eq!(asked(&api, "GET", &format!("presets/{unknown}"), "", &[]).0, 404);
    }
}

#[test]
fn versions_go_on_after_the_cursor_of_their_own_name() {
    let api = api();
    let (_, _, page) = asked(&api, "GET", "presets/grid/versions?limit=1", "", &[]);
    assert_eq!(page["items"][0]["version"], 3);
    let cursor = page["next_cursor"].as_str().unwrap();
    let (_, _, rest) = asked(&api, "GET", &format!("presets/grid/versions?cursor={cursor}"), "", &[]);
    let versions: Vec<_> = rest["items"].as_array().unwrap().iter().map(|preset| preset["version"].clone()).collect();
    assert_eq!((versions, &rest["next_cursor"]), (vec![json!(2), json!(1)], &Value::Null));
    let foreign = asked(&api, "GET", &format!("presets/other/versions?cursor={cursor}"), "", &[]);
    assert_eq!(told(foreign), wrong("cursor"));
}

const MARKET: &str = r#""market": {"price_tick": "0.01", "quantity_step": "0.00001", "quantity_min": "0.00001", "notional_min": "5"},
    "fee_rate": "0.001", "entry_price": "100""#;

const LADDER: &str = r#""side": "long", "base_order": {"quantity": "1"},
    "safety_orders": {"count": 0, "quantity": "1", "deviation_percent": "1"},
    "take_profit": {"basis": "average", "steps": [{"profit_percent": "1.5", "amount_percent": "100"}]}"#;

#[test]
fn a_ladder_is_planned_of_a_preset() {
    let api = api();
    let plan = |more: &str| asked(&api, "POST", "ladders/plan", &format!("{{{more}, {MARKET}}}"), &[]);
    let (status, _, ladder) = plan(r#""preset": "grid""#);
    assert_eq!((status, ladder["legs"].as_array().map(Vec::len)), (200, Some(1)));
    let row = &ladder["after_fill"][0];
    // 100 quote, 1.5 % as built in, and the 5.5 % of the preset.
    assert_eq!((&row["quantity"], &row["stop_loss_price"]), (&json!("1"), &json!("94.59")));
    assert_eq!(row["take_profit"], json!([{"price": "101.71", "quantity": "1"}]));
    assert_eq!(told(plan(r#""preset": "other""#)), wrong("preset"));
    assert_eq!(told(plan(r#""preset": "A!""#)), wrong("preset"));
    let both = plan(r#""preset": "grid", "stop_loss_percent": "7""#);
    assert_eq!(told(both), wrong("stop_loss_percent"));
}

#[test]
fn a_preset_is_created_once() {
    let api = api();
    let post = |body: &str| asked(&api, "POST", "presets", body, &[]);
    let (status, headers, made) = post(r#"{"name": "new", "preset": {"stop_loss_percent": "7"}}"#);
    assert_eq!((status, &headers["etag"], &made["name"]), (201, &"\"1\"".parse().unwrap(), &json!("new")));
    let duplicate = (400, "DUPLICATE_PRESET".to_owned(), json!("name"));
    for name in ["new", "grid"] {
        assert_eq!(told(post(&format!(r#"{{"name": "{name}", "preset": {{}}}}"#))), duplicate);
    }
    let percent = r#"{"name": "other", "preset": {"stop_loss_percent": 100}}"#;
    assert_eq!(told(post(percent)), wrong("preset.stop_loss_percent"));
    assert_eq!(told(post(r#"{"name": "other", "preset": {"stop": 1}}"#)), wrong("preset.stop"));
    assert_eq!(told(post(r#"{"name": "A!", "preset": {}}"#)), wrong("name"));
    assert_eq!(told(post("{")), refused(400, "invalid_json"));
}

#[test]
fn a_preset_is_changed_on_the_version_that_was_seen() {
    let api = api();
    let put = |name: &str, seen: &[(&str, &str)]| {
        asked(&api, "PUT", &format!("presets/{name}"), r#"{"stop_loss_percent": 7}"#, seen)
    };
    let (status, headers, _) = put("grid", &[("if-match", "\"3\"")]);
    assert_eq!((status, &headers["etag"]), (200, &"\"4\"".parse().unwrap()));
    assert_eq!(put("new", &[]).0, 201);
    assert_eq!(told(put("grid", &[("if-match", "\"2\"")])), refused(409, "version_conflict"));
    let unreadable = wrong("If-Match");
    assert_eq!(told(put("grid", &[("if-match", "3")])), unreadable);
    assert_eq!(told(put("grid", &[("if-match", "\"3\""), ("if-match", "\"4\"")])), unreadable);
    assert_eq!(told(put("New", &[])), wrong("name"));
    let (status, headers, _) = put("grid", &[]);
    assert_eq!((status, &headers["etag"]), (200, &"\"4\"".parse().unwrap()), "it says the same");
}

/// Alerts name it: where there is money to lose, what lets more of it be lost is a person's.
#[test]
fn no_program_loosens_a_preset_where_there_is_money_to_lose() {
    let api = api();
    rows::put_account(&api.store, rows::binance(), &[]);
    let put = |percent: &str, token: &str| {
        let body = format!(r#"{{"stop_loss_percent": {percent}}}"#);
        told(ask(&api, "PUT", "/api/v1/presets/grid", &body, token))
    };
    assert_eq!(put("7", TOKEN), refused(403, "missing_scope"));
    assert_eq!((put("5", TOKEN).0, put("7", PERSON).0), (200, 200));
}

#[test]
fn no_more_presets_are_kept_than_there_may_be() {
    let api = api();
    let put = |number: usize| asked(&api, "PUT", &format!("presets/p-{number}"), "{}", &[]);
    for number in 1..domain::limits::PRESETS_PER_USER_MAX {
        assert_eq!(put(number).0, 201, "{number}");
    }
    assert_eq!(told(put(0)), refused(409, "too_many_presets"));
    let created = asked(&api, "POST", "presets", r#"{"name": "p-0", "preset": {}}"#, &[]);
    assert_eq!(told(created), refused(409, "too_many_presets"));
    assert_eq!(put(1).0, 200, "one that is there is changed");
}

/// Nobody fills in placeholders here, and a stop of no number is none.
#[test]
fn a_preset_and_a_plan_take_no_placeholder_and_no_nan() {
    let api = api();
    for word in [r#""NaN""#, r#""{{plot_1}}""#, r#""""#] {
        let preset = format!(r#"{{"stop_loss_percent": {word}}}"#);
        let put = asked(&api, "PUT", "presets/p-nan", &preset, &[]);
        assert_eq!(told(put), wrong("stop_loss_percent"), "{word}");
        for member in ["stop_loss_percent", "balance"] {
            let plan = format!(r#"{{{LADDER}, "{member}": {word}, {MARKET}}}"#);
            let plan = asked(&api, "POST", "ladders/plan", &plan, &[]);
            assert_eq!(told(plan), wrong(member), "{word}");
        }
    }
}

#[test]
fn a_preset_is_taken_away() {
    let api = api();
    for (method, path) in [("DELETE", "grid"), ("PUT", "grid")] {
        let (status, ..) = ask(&api, method, &format!("/api/v1/presets/{path}"), "{}", LOOKING);
        assert_eq!(status, 403, "{method}");
    }
    let stale = asked(&api, "DELETE", "presets/grid", "", &[("if-match", "\"2\"")]);
    assert_eq!(told(stale), refused(409, "version_conflict"));
    assert_eq!(asked(&api, "DELETE", "presets/grid", "", &[]).0, 204);
    for gone in ["grid", "other"] {
        assert_eq!(asked(&api, "DELETE", &format!("presets/{gone}"), "", &[]).0, 404, "{gone}");
    }
    let (_, _, versions) = asked(&api, "GET", "presets/grid/versions", "", &[]);
    assert_eq!((&versions["items"][0]["version"], &versions["items"][0]["deleted"]), (&json!(4), &json!(true)));
}

#[test]
fn a_bot_is_imported_for_whoever_may_look_and_nothing_is_kept() {
    let api = api();
    let bot = include_str!("../../../../events/imports/threecommas-bot.v1.json");
    let (status, _, import) = ask(&api, "POST", "/api/v1/presets/import", bot, LOOKING);
    assert_eq!((status, &import["name"]), (200, &json!("btc-grid-2")));
    assert_eq!(import["preset"]["safety_orders"]["count"], "4");
    let told_of = |member: &str| {
        let members = import["members"].as_array().unwrap();
        members.iter().find(|told| told["member"] == member).unwrap()["outcome"].clone()
    };
    assert_eq!((told_of("take_profit_steps"), told_of("strategy_list")), (json!("carried_over"), json!("left_out")));
    assert_eq!(asked(&api, "GET", "presets/btc-grid-2", "", &[]).0, 404);
    assert_eq!(told(asked(&api, "POST", "presets/import", "{}", &[])), wrong("body"));
}
