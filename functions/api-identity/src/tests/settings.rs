use super::*;
use app::actor::Act;
use app::presets;
use domain::audit::Actor;
use domain::bot::{Bot, Run, Strategy, Terms};
use domain::ids::{AccountId, AttemptId, BotId};
use domain::market::{Interval, MarketKey};
use domain::series::Series;
use serde_json::json;
use store::trading::{BotChange, Change, Trading, Transaction};
use testkit::sample;
use wire::preset::Document;

const PATH: &str = "/api/v1/user-settings";

fn change(api: &Api, method: &str, word: &str, body: &Value) -> (StatusCode, Value) {
    let (status, _, answer) = ask(api, method, PATH, word, body);
    (status, answer)
}

fn refused(api: &Api, method: &str, word: &str, body: &Value) -> (u16, Value) {
    let (status, answer) = change(api, method, word, body);
    let said = if status == StatusCode::UNPROCESSABLE_ENTITY { "field" } else { "code" };
    (status.as_u16(), answer[said].clone())
}

#[test]
fn settings_are_built_in_until_a_user_sets_them() {
    let api = town(&[Role::Trader]);
    let (status, headers, answer) = ask(&api, "GET", PATH, "trader", &Value::Null);
    assert_eq!((status, headers["etag"].to_str().unwrap()), (StatusCode::OK, "\"0\""));
    let built_in = json!({
        "time_zone": "UTC", "quote_currency": "USDT", "theme": "system", "risk_profile": "balanced",
        "entry_preset": "default", "quiet_hours": "off",
        "from": {"time_zone": "built_in", "quote_currency": "built_in", "theme": "built_in", "risk_profile": "built_in",
                 "entry_preset": "built_in", "quiet_hours": "built_in"},
        "proposed_limits": {"open_groups_max": 5, "exposure_percent": 60, "order_percent": 15, "day_loss_percent": 4,
                            "leverage_max": 2},
        "version": 0, "updated_at": null
    });
    assert_eq!(answer, built_in);
    let wanted = json!({"time_zone": "europe/berlin", "quote_currency": "eur", "quiet_hours": "22:00-07:00",
                        "risk_profile": "conservative"});
    let (status, headers, answer) = ask(&api, "PATCH", PATH, "trader", &wanted);
    assert_eq!((status, headers["etag"].to_str().unwrap()), (StatusCode::OK, "\"1\""), "{answer}");
    assert_eq!([&answer["time_zone"], &answer["quote_currency"]], ["Europe/Berlin", "EUR"]);
    assert_eq!([&answer["from"]["time_zone"], &answer["from"]["theme"]], ["user", "built_in"]);
    assert_eq!(answer["proposed_limits"]["order_percent"], 10);
    for (path, of) in [("/api/v1/users/me", "settings"), ("/api/v1/users/me/export", "profile")] {
        let (_, _, shown) = ask(&api, "GET", path, "trader", &Value::Null);
        let shown = if of == "profile" { &shown["profile"]["settings"] } else { &shown["settings"] };
        assert_eq!(*shown, answer, "{path}");
    }
}

#[test]
fn patch_keeps_what_it_does_not_name_and_put_resets_it() {
    let api = town(&[Role::Viewer]);
    let set = |method: &str, body: Value| change(&api, method, "viewer", &body).1;
    set("PATCH", json!({"theme": "dark", "quiet_hours": "22:00-07:00"}));
    let answer = set("PATCH", json!({"theme": null, "quote_currency": "EUR"}));
    assert_eq!([&answer["theme"], &answer["quote_currency"], &answer["quiet_hours"]], ["system", "EUR", "22:00-07:00"]);
    let answer = set("PUT", json!({"theme": "light", "quiet_hours": null}));
    assert_eq!([&answer["theme"], &answer["quote_currency"], &answer["quiet_hours"]], ["light", "USDT", "off"]);
    assert_eq!((&answer["from"]["quiet_hours"], &answer["version"]), (&json!("built_in"), &json!(3)));
    assert_eq!(set("PUT", json!({"theme": "light"}))["version"], 3, "nothing was changed");
    assert_eq!(set("PUT", json!({}))["from"]["theme"], "built_in");
    // On record with names, and without values.
    let (_, _, kept) = ask(&api, "GET", "/api/v1/users/me/export", "viewer", &Value::Null);
    let reasons: Vec<_> =
        kept["changes"].as_array().unwrap().iter().map(|change| change["details"].to_string()).collect();
    assert_eq!(reasons.len(), 4, "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.contains("their theme, quiet_hours")), "{reasons:?}");
    assert!(reasons.iter().all(|reason| !reason.contains("22:00") && !reason.contains("dark")));
}

#[test]
fn settings_change_on_the_version_that_was_seen() {
    let api = town(&[Role::Viewer]);
    let matched = |seen: &str| {
        let request = Request::builder().method("PATCH").uri(PATH).header("if-match", seen);
        sent(&api, request, "viewer", r#"{"theme": "dark"}"#).0.as_u16()
    };
    assert_eq!([matched("\"1\""), matched("\"0\""), matched("\"0\""), matched("0")], [409, 200, 409, 422]);
}

#[test]
fn setting_that_is_no_such_value_is_refused_by_its_name() {
    let api = town(&[Role::Viewer]);
    for method in ["PUT", "PATCH"] {
        for (body, field) in [
            (json!({"time_zone": "Mars/Olympus"}), "time_zone"),
            (json!({"time_zone": 1}), "time_zone"),
            (json!({"quote_currency": "E U R"}), "quote_currency"),
            (json!({"theme": "DARK"}), "theme"),
            (json!({"risk_profile": ""}), "risk_profile"),
            (json!({"entry_preset": "No Such"}), "entry_preset"),
            (json!({"entry_preset": "unknown"}), "entry_preset"),
            (json!({"quiet_hours": "25:00-07:00"}), "quiet_hours"),
            (json!({"quiet_hours": ["22:00", "07:00"]}), "quiet_hours"),
            (json!({"theme": "dark", "colour": "red"}), "colour"),
            (json!({"version": 1}), "version"),
        ] {
            assert_eq!(refused(&api, method, "viewer", &body), (422, json!(field)), "{method} {body}");
        }
        for body in ["", "[]", "{", "null", r#"{"theme": "dark", "theme": "light"}"#] {
            let (status, ..) = sent(&api, Request::builder().method(method).uri(PATH), "viewer", body);
            assert!(status == 400 || status == 422, "{method} {body}: {status}");
        }
    }
    assert_eq!(change(&api, "GET", "viewer", &Value::Null).1["version"], 0);
}

#[test]
fn preset_of_entries_is_one_that_the_user_keeps() {
    let api = town(&[Role::Trader, Role::Viewer]);
    done(&api, |world| async move {
        let (user, attempt) = (UserId::of(&["trader"]), AttemptId::new("grid"));
        let act = Act { user: &user, attempt: &attempt, now: AT, address: None, actor: Actor::Person };
        let document = Document::parse("{}").unwrap();
        presets::put(&world, &"grid".parse().unwrap(), &document, None, act).await.unwrap();
    });
    let body = json!({"entry_preset": "grid"});
    assert_eq!(change(&api, "PATCH", "trader", &body).1["entry_preset"], "grid");
    assert_eq!(refused(&api, "PATCH", "viewer", &body), (422, json!("entry_preset")), "another user's");
    assert_eq!(change(&api, "PATCH", "viewer", &json!({"entry_preset": "default"})).1["from"]["entry_preset"], "user");
    // If it is gone, all other settings can still be changed.
    done(&api, |world| async move {
        let (user, attempt) = (UserId::of(&["trader"]), AttemptId::new("gone"));
        let act = Act { user: &user, attempt: &attempt, now: AT, address: None, actor: Actor::Person };
        presets::delete(&world, &"grid".parse().unwrap(), None, act).await.unwrap();
    });
    let (status, answer) = change(&api, "PATCH", "trader", &json!({"theme": "dark"}));
    assert_eq!((status, &answer["entry_preset"]), (StatusCode::OK, &json!("grid")), "{answer}");
    assert_eq!(change(&api, "PATCH", "trader", &json!({"entry_preset": null})).0, 200);
    assert_eq!(refused(&api, "PATCH", "trader", &body), (422, json!("entry_preset")));
    let (_, _, kept) = ask(&api, "GET", "/api/v1/users/me/export", "trader", &Value::Null);
    let record = kept["changes"].to_string();
    assert!(record.contains("no entry_preset") && record.contains("entry_preset grid"), "{record}");
}

#[test]
fn settings_are_read_by_any_token_and_changed_in_a_session() {
    let api = town(&[Role::Trader]);
    let body = json!({"theme": "dark"});
    assert_eq!(change(&api, "GET", "key:trader", &Value::Null).0, 200);
    for method in ["PUT", "PATCH"] {
        assert_eq!(refused(&api, method, "key:trader", &body), (404, json!("not_found")));
        assert_eq!(change(&api, method, "", &body).0, 401);
    }
    assert_eq!(change(&api, "GET", "", &Value::Null).0, 401);
}

#[test]
fn settings_of_a_plan_are_those_of_its_users_who_have_not_set_them() {
    let api = town(&[Role::Trader, Role::Admin]);
    let plan =
        json!({"name": "berlin", "settings": {"time_zone": "Europe/Berlin", "theme": "dark", "risk_profile": null}});
    let (status, _, made) = ask(&api, "POST", "/api/v1/plans", "admin", &plan);
    assert_eq!((status, &made["settings"]["theme"]), (StatusCode::CREATED, &json!("dark")), "{made}");
    let give = json!({"user_id": UserId::of(&["trader"]).as_str(), "plan": "berlin"});
    assert_eq!(ask(&api, "POST", "/api/v1/user-plans", "admin", &give).0, StatusCode::CREATED);
    let shown = |name: &str| {
        let answer = change(&api, "GET", "trader", &Value::Null).1;
        (answer[name].clone(), answer["from"][name].clone())
    };
    assert_eq!(shown("time_zone"), (json!("Europe/Berlin"), json!("plan")));
    assert_eq!(shown("risk_profile"), (json!("balanced"), json!("built_in")));
    change(&api, "PATCH", "trader", &json!({"theme": "light"}));
    assert_eq!(shown("theme"), (json!("light"), json!("user")));
    let put = |body: Value| ask(&api, "PUT", "/api/v1/plans/berlin", "admin", &body).2;
    assert_eq!(put(json!({"is_active": true}))["settings"]["theme"], "dark", "what is left out stays");
    assert_eq!(put(json!({"settings": {"quiet_hours": "22:00-07:00"}}))["settings"]["theme"], Value::Null);
    assert_eq!(shown("time_zone"), (json!("UTC"), json!("built_in")));
    assert_eq!(shown("quiet_hours"), (json!("22:00-07:00"), json!("plan")));
}

/// A bot of the trader; a run by this preset, if it runs.
fn put_bot(api: &Api, name: &str, preset: Option<&str>, runs_by: Option<&str>) -> BotId {
    let market = MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
    let series = Series { market, interval: Interval::OneHour };
    let terms = Terms {
        account: AccountId::of(&["a"]),
        series,
        strategy: Strategy::default(),
        preset: preset.map(|preset| preset.parse().unwrap()),
        plan: "{}".to_owned(),
        confidence_min: "0".parse().unwrap(),
    };
    let bot = sample::bot(name, UserId::of(&["trader"]), terms, AT);
    let run = runs_by.map(|preset| {
        let terms = Terms { preset: Some(preset.parse().unwrap()), ..bot.terms.clone() };
        Run { terms, ..sample::run(&bot, AT) }
    });
    let (running, newest) = (run.is_some(), run.as_ref().map(|run| run.id.clone()));
    let bot = Bot { run: newest, running, deleted: preset == Some("gone"), ..bot };
    let id = bot.id.clone();
    let stamp = AttemptId::new(id.as_str());
    let run = run.map(|run| BotChange::Run { run, seen: None });
    let changes = [BotChange::Bot { bot, seen: None }].into_iter().chain(run);
    let changes = changes.map(|change| Change::Bot(Box::new(change))).collect();
    let transaction = Transaction { stamp, at: AT, changes };
    done(api, |world| async move { Trading(&world).commit(&transaction).await.unwrap() });
    id
}

#[test]
fn settings_of_a_bot_name_its_own_preset() {
    let api = town(&[Role::Trader, Role::Viewer]);
    let bot = |name: &str, preset: Option<&str>, runs_by: Option<&str>| put_bot(&api, name, preset, runs_by);
    let ask_of = |bot: &BotId, word: &str| {
        let (status, _, answer) = ask(&api, "GET", &format!("{PATH}?bot_id={bot}"), word, &Value::Null);
        (status.as_u16(), answer["entry_preset"].clone(), answer["from"]["entry_preset"].clone())
    };
    assert_eq!(ask_of(&bot("own", Some("grid"), None), "trader"), (200, json!("grid"), json!("bot")));
    assert_eq!(ask_of(&bot("none", None, None), "trader"), (200, json!("default"), json!("built_in")));
    assert_eq!(ask_of(&bot("runs", None, Some("grid")), "trader"), (200, json!("grid"), json!("run")), "as it started");
    assert_eq!(ask_of(&bot("both", Some("grid"), Some("grid")), "trader"), (200, json!("grid"), json!("bot")));
    let key = api.store.log_in(&UserId::of(&["trader"]), &["reports:print"]);
    assert_eq!(ask_of(&bot("unread", None, None), &key).0, 403);
    for (id, word) in [(bot("other", Some("grid"), None), "viewer"), (bot("deleted", Some("gone"), None), "trader")] {
        assert_eq!(ask_of(&id, word).0, 404, "{word}");
    }
    assert_eq!(ask(&api, "GET", &format!("{PATH}?bot_id=x"), "trader", &Value::Null).0, 404);
    assert_eq!(ask(&api, "GET", &format!("{PATH}?bot_id=x&bot_id=y"), "trader", &Value::Null).0, 422);
}
