//! Bots: one that runs.

use super::*;
use app::ports::{Audit, Secret, Session};
use domain::alert::Side;
use domain::bot::{Bot, Deed, EntryKind, LogEntry, Run, Said, Strategy, Terms, Word};
use domain::identity::{Limits, PasswordHash, PlanName, Profile, Role, Settings, User, UserSettings};
use domain::ids::{AttemptId, BotId, DeliveryId};
use domain::market::Interval;
use domain::series::Series;
use rows::{binance, market};
use store::identity::Identity;
use store::trading::{BotChange, BotSeat, Change};
use testkit::sample;

/// It runs, and has raised a signal.
pub(super) fn put_bot(world: &World, bot: &Bot, run: &Run) {
    let (user, series, account) = (bot.user.clone(), run.terms.series.clone(), run.terms.account.clone());
    let seat = BotSeat { account, user: user.clone(), run: run.id.clone() };
    let (word, delivery) = (run.last.clone(), Some(DeliveryId::of(&["d"])));
    let (id, version, kind) = (run.id.clone(), run.version, EntryKind::Signal);
    let entry = LogEntry { run: id, version, at: AT, kind, word, detail: None, delivery };
    let changes = vec![
        BotChange::Bot { bot: bot.clone(), seen: None },
        BotChange::Run { run: run.clone(), seen: None },
        BotChange::Takes { series, seat },
        BotChange::Log { entry, user: user.clone() },
        BotChange::Begins { user, seen: 0, most: None },
    ];
    rows::put(world, changes.into_iter().map(|change| Change::Bot(Box::new(change))).collect());
}

pub(super) fn bot() -> Bot {
    Bot { version: 3, run: Some(run().id), running: true, ..never_started() }
}

fn never_started() -> Bot {
    sample::bot("hourly", user(), terms(), AT)
}

pub(super) fn run() -> Run {
    let said = Said {
        deed: Some(Deed::Enter(Side::Long)),
        confidence: "0.75".parse().unwrap(),
        reason: "it crosses".to_owned(),
    };
    Run {
        version: 9,
        candles: 5,
        signals: 1,
        last: Some(Word { opens_at: AT, said }),
        raised: Some(AT),
        ..sample::run(&never_started(), AT)
    }
}

fn terms() -> Terms {
    Terms {
        account: account().id,
        series: Series { market: market().key, interval: Interval::OneHour },
        strategy: Strategy {
            name: "RSI_CROSS".to_owned(),
            parameters: [("period".to_owned(), "14".to_owned())].into(),
            rules: None,
        },
        preset: None,
        plan: r#"{"stop_loss_percent":5.50}"#.to_owned(),
        confidence_min: "0.6".parse().unwrap(),
    }
}

fn asked(api: &Api, method: &str, path: &str, body: &str, token: &str) -> (u16, Value) {
    let (status, _, told) = ask(api, method, path, body, token);
    (status, told)
}

#[test]
fn a_bot_is_shown_with_its_terms_and_its_numbers_as_they_were_written() {
    let api = api();
    let (status, headers, shown) = get(&api, &format!("/api/v1/bots/{}", bot().id));
    assert_eq!((status, &headers["etag"]), (200, &"\"3\"".parse().unwrap()));
    let told = [&shown["symbol"], &shown["timeframe"], &shown["strategy"], &shown["parameters"]["period"]];
    assert_eq!(told, [&json!("BTC/USDT"), &json!("1h"), &json!("RSI_CROSS"), &json!("14")]);
    assert_eq!((&shown["running"], &shown["run_id"]), (&json!(true), &json!(run().id.as_str())));
    assert_eq!(shown["account_id"], account().id.as_str());
    let (_, _, text) = ask_for(&api, ("GET", &format!("/api/v1/bots/{}", bot().id), ""), TOKEN, &[]);
    assert!(text.contains(r#""plan":{"stop_loss_percent":5.50}"#), "{text}");
    for path in ["/api/v1/bots".to_owned(), format!("/bot/list/{}", user()), format!("/api/v1/bot/list/{}", user())] {
        let (status, list) = asked(&api, "GET", &path, "", TOKEN);
        assert_eq!((status, &list["items"][0]), (200, &shown), "{path}");
    }
}

#[test]
fn rules_are_shown_as_they_are_kept_and_in_words() {
    let text = r#"{"entry":{"left":"close","op":"crosses_above","right":100.50}}"#;
    let strategy = Strategy { name: "RULES".to_owned(), rules: Some(text.to_owned()), ..Strategy::default() };
    let shown = |strategy: Strategy| {
        let bot = Bot { terms: Terms { strategy, ..terms() }, ..bot() };
        serde_json::to_string(&routes::bots::view(&bot).unwrap()).unwrap()
    };
    let ruled = shown(strategy.clone());
    assert!(ruled.contains(&format!(r#""rules":{text},"#)), "{ruled}");
    assert!(ruled.contains("Enters long when close crosses above 100.5."), "{ruled}");
    let unknown = shown(Strategy { rules: Some("{}".to_owned()), ..strategy });
    assert!(unknown.contains(r#""in_words":[]"#), "{unknown}");
    assert!(shown(terms().strategy).contains(r#""rules":null,"in_words":["#));
}

#[test]
fn a_run_is_told_by_each_of_its_paths_with_its_times_and_its_log() {
    let (api, bot, run) = (api(), bot().id, run().id);
    let own = format!("/api/v1/bots/{bot}/runs/{run}");
    let (_, shown) = asked(&api, "GET", &own, "", TOKEN);
    assert_eq!((&shown["status"], &shown["stopped_at"]), (&json!("running"), &Value::Null));
    assert_eq!((&shown["candles"], &shown["last"]["action"]), (&json!(5), &json!("enter_long")));
    for path in [format!("/bot/status/{run}"), format!("/api/v1/bot/status/{run}")] {
        assert_eq!(asked(&api, "GET", &path, "", TOKEN).1, shown, "{path}");
    }
    let (_, log) = asked(&api, "GET", &format!("{own}/log"), "", TOKEN);
    assert_eq!(asked(&api, "GET", &format!("/bot/logs/{run}"), "", TOKEN).1, log);
    let entry = &log["items"][0];
    let delivery = DeliveryId::of(&["d"]);
    assert_eq!((&entry["kind"], &entry["delivery_id"]), (&json!("signal"), &json!(delivery.as_str())));
    assert_eq!((&entry["said"]["confidence"], &entry["said"]["reason"]), (&json!("0.75"), &json!("it crosses")));
    let runs = format!("/api/v1/bots/{bot}/runs");
    let (_, list) = asked(&api, "GET", &format!("{runs}?limit=1"), "", TOKEN);
    assert_eq!(list["items"], json!([shown]));
    let cursor = list["next_cursor"].as_str().unwrap();
    let (_, rest) = asked(&api, "GET", &format!("{runs}?cursor={cursor}"), "", TOKEN);
    assert_eq!(rest, json!({"items": [], "next_cursor": null}));
}

/// Good terms, with this account.
fn wanted(name: &str, account: &domain::account::Account) -> String {
    json!({
        "name": name, "account": account.id.as_str(), "symbol": "BTC/USDT", "timeframe": "4h", "strategy": "RSI_CROSS",
        "parameters": {"period": "14"}, "plan": {"base_order": {"quote": "50"}, "stop_loss_percent": "5"},
    })
    .to_string()
}

#[test]
fn a_bot_is_kept_changed_and_taken_away() {
    let api = api();
    let (status, headers, made) = ask(&api, "POST", "/api/v1/bots", &wanted("new", &account()), TOKEN);
    assert_eq!((status, &headers["etag"], &made["name"]), (201, &"\"1\"".parse().unwrap(), &json!("new")));
    assert_eq!((&made["running"], &made["run_id"]), (&json!(false), &Value::Null));
    let path = format!("/api/v1/bots/{}", bot().id);
    let (status, headers, changed) = ask(&api, "PATCH", &path, r#"{"name": "other"}"#, TOKEN);
    assert_eq!((status, &changed["name"], &changed["version"]), (200, &json!("other"), &json!(4)));
    assert_eq!((&headers["etag"], &changed["parameters"]["period"]), (&"\"4\"".parse().unwrap(), &json!("14")));
    assert_eq!(told(ask(&api, "DELETE", &path, "", TOKEN)), refused(409, "bot_runs"));
    let made = format!("/api/v1/bots/{}", made["id"].as_str().unwrap());
    assert_eq!(told(ask(&api, "POST", &format!("{made}/stop"), "", TOKEN)), refused(409, "never_started"));
    assert_eq!(ask(&api, "DELETE", &made, "", TOKEN).0, 204);
    assert_eq!(ask(&api, "GET", &made, "", TOKEN).0, 404);
}

#[test]
fn what_a_bot_cannot_trade_by_is_named() {
    let api = api();
    let with = |member: &str, value: Value| {
        let mut body: Value = serde_json::from_str(&wanted("new", &account())).unwrap();
        body[member] = value;
        told(ask(&api, "POST", "/api/v1/bots", &body.to_string(), TOKEN))
    };
    assert_eq!(with("account", json!(binance().id.as_str())), wrong("account"));
    assert_eq!(with("symbol", json!("ETH/USDT")), wrong("symbol"));
    assert_eq!(with("preset", json!("other")), wrong("preset"));
    assert_eq!(with("parameters", json!({"period": "1.5"})), wrong("parameters.period"));
    assert_eq!(with("plan", json!({"stop_loss_percent": "100"})), wrong("plan.stop_loss_percent"));
    assert_eq!(with("preset", json!("grid")).0, 201);
}

#[test]
fn a_bot_whose_account_is_gone_is_not_started() {
    let api = api();
    let (id, user) = (BotId::at(AT, &["left"]), manager());
    let left = Bot { id: id.clone(), user, run: None, running: false, ..bot() };
    let change = BotChange::Bot { bot: left, seen: None };
    rows::put(&api.store, vec![Change::Bot(Box::new(change))]);
    let started = ask(&api, "POST", &format!("/api/v1/bots/{id}/start"), "", MANAGER);
    assert_eq!(told(started), refused(409, "account_gone"));
}

#[test]
fn a_bot_is_started_by_its_user_in_person_where_there_is_money_to_lose() {
    let api = api();
    rows::put_account(&api.store, binance(), &[]);
    let real = wanted("new", &binance());
    assert_eq!(told(ask(&api, "POST", "/api/v1/bots", &real, TOKEN)), refused(403, "missing_scope"));
    let (status, made) = asked(&api, "POST", "/api/v1/bots", &real, PERSON);
    assert_eq!(status, 201, "{made}");
    let made = made["id"].as_str().unwrap();
    let start = format!("/api/v1/bots/{made}/start");
    assert_eq!(asked(&api, "POST", &start, "", TOKEN).0, 403, "a program's key starts none");
    let (status, started) = asked(&api, "POST", &start, "", PERSON);
    assert_eq!((status, &started["bot_id"], &started["status"]), (201, &json!(made), &json!("running")));
    assert_eq!(told(ask(&api, "POST", &start, "", PERSON)), refused(409, "bot_runs"));
    let (_, shown) = asked(&api, "GET", &format!("/api/v1/bots/{made}"), "", TOKEN);
    assert_eq!((&shown["running"], &shown["run_id"]), (&json!(true), &started["id"]));
    let stop = format!("/api/v1/bots/{made}/stop");
    let (status, stopped) = asked(&api, "POST", &stop, "", PERSON);
    assert_eq!((status, &stopped["id"], &stopped["status"]), (200, &started["id"], &json!("stopped")));
    let kept = format!(r#"{{"bot_id": "{made}", "user_id": "{}"}}"#, user());
    let (status, again) = asked(&api, "POST", "/bot/start", &kept, PERSON);
    assert_eq!((status, &again["bot_id"]), (201, &json!(made)));
    let (_, narrowed) = asked(&api, "POST", &stop, "", TOKEN);
    assert_eq!(narrowed["status"], "stopped", "nothing is open with its account");
}

#[test]
fn a_new_bot_is_kept_and_started_at_once() {
    let api = api();
    let (status, started) = asked(&api, "POST", "/bot/start", &wanted("new", &account()), TOKEN);
    assert_eq!((status, &started["status"]), (201, &json!("running")), "{started}");
    let (_, list) = asked(&api, "GET", "/api/v1/bots", "", TOKEN);
    let kept = list["items"].as_array().unwrap().iter().find(|bot| bot["id"] == started["bot_id"]).unwrap();
    assert_eq!((&kept["name"], &kept["running"]), (&json!("new"), &json!(true)));
    let again = ask(&api, "POST", "/bot/start", &wanted("more", &account()), TOKEN);
    assert_eq!(told(again), refused(409, "series_taken"));
}

#[test]
fn no_more_bots_run_than_the_plan_of_whoever_starts_them_allows() {
    let api = api();
    let session = Session::new(user(), OWN.map(str::to_owned).to_vec(), None);
    for (key, most) in [("mq_small", 1), ("mq_large", 2)] {
        let limits = Limits { bots: Some(most), ..Limits::default() };
        let (hash, end) = (Secret::new(key.to_owned()).hash(), AT.plus(Millis::DAY));
        api.store.put_session(&hash, &Session { limits, ..session.clone() }, end);
    }
    let start = |key: &str| ask(&api, "POST", "/bot/start", &wanted("new", &account()), key);
    assert_eq!(told(start("mq_small")), refused(409, "plan_limit"));
    assert_eq!(start("mq_large").0, 201);
}

#[test]
fn a_run_is_stopped_whole_or_enters_no_more() {
    let stop = format!("/api/v1/bots/{}/stop", bot().id);
    let (status, stopped) = asked(&api(), "POST", &stop, "", TOKEN);
    assert_eq!(
        (status, &stopped["status"], &stopped["stop_reason"]),
        (200, &json!("stopped"), &json!("wished by its user"))
    );
    let (_, stopped) = asked(&api(), "POST", &stop, r#"{"reason": "enough"}"#, TOKEN);
    assert_eq!((&stopped["stop_reason"], &stopped["stopped_by"]), (&json!("enough"), &json!(user().as_str())));
    let by_run = format!(r#"{{"bot_run_id": "{}", "reason": "enough"}}"#, run().id);
    assert_eq!(asked(&api(), "POST", "/bot/stop", &by_run, TOKEN).1, stopped);
    let api = api();
    let (_, narrowed) = asked(&api, "POST", &stop, r#"{"reason": "enough", "close_only": true}"#, TOKEN);
    assert_eq!((&narrowed["status"], &narrowed["stop_reason"]), (&json!("close_only"), &json!("enough")));
    let start = format!("/api/v1/bots/{}/start", bot().id);
    let (status, again) = asked(&api, "POST", &start, "", TOKEN);
    assert_eq!((status, &again["id"], &again["status"]), (201, &json!(run().id.as_str()), &json!("running")));
}

#[test]
fn what_is_not_ones_own_is_not_there_and_what_is_wrong_is_named() {
    let (api, bot, run) = (api(), bot().id, run().id);
    let other = BotId::at(AT, &["other"]);
    let (of_another, eve) = (format!(r#"{{"bot_id": "{bot}"}}"#), eve());
    for (method, path, body) in [
        ("GET", format!("/api/v1/bots/{bot}"), ""),
        ("PATCH", format!("/api/v1/bots/{bot}"), "{}"),
        ("DELETE", format!("/api/v1/bots/{bot}"), ""),
        ("POST", format!("/api/v1/bots/{bot}/start"), ""),
        ("POST", format!("/api/v1/bots/{bot}/stop"), ""),
        ("GET", format!("/api/v1/bots/{bot}/runs"), ""),
        ("GET", format!("/api/v1/bots/{bot}/runs/{run}"), ""),
        ("GET", format!("/api/v1/bots/{bot}/runs/{run}/log"), ""),
        ("GET", format!("/bot/status/{run}"), ""),
        ("GET", format!("/bot/logs/{run}"), ""),
        ("POST", "/bot/start".to_owned(), &*of_another),
    ] {
        let (status, problem) = asked(&api, method, &path, body, MANAGER);
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{method} {path}");
    }
    for path in [format!("/api/v1/bots/{other}/runs/{run}"), format!("/bot/list/{eve}"), "/bot/status/x".to_owned()] {
        assert_eq!(asked(&api, "GET", &path, "", TOKEN).0, 404, "{path}");
    }
    for (method, path, body, field) in [
        ("POST", "/api/v1/bots", r#"{"nam": "x"}"#, "nam"),
        ("POST", "/api/v1/bots", "{}", "name"),
        ("POST", "/bot/start", "{}", "name"),
        ("POST", "/bot/stop", "{}", "bot_run_id"),
        ("POST", "/bot/stop", r#"{"run": "x"}"#, "run"),
        ("POST", "/bot/stop", r#"{"bot_run_id": "x", "close_only": "yes"}"#, "close_only"),
    ] {
        let (status, problem) = asked(&api, method, path, body, PERSON);
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{method} {path} {body}");
    }
    let foreign = format!(r#"{{"user_id": "{eve}", "name": "x"}}"#);
    assert_eq!(asked(&api, "POST", "/bot/start", &foreign, PERSON).0, 404);
    let stale = ask_with(&api, "PATCH", &format!("/api/v1/bots/{bot}"), "{}", TOKEN, &[("if-match", "\"2\"")]);
    assert_eq!(told(stale), refused(409, "version_conflict"));
}

#[test]
fn a_strategy_is_switched_by_whoever_keeps_the_deployment_and_by_its_name() {
    let api = api();
    let off = r#"{"enabled": false, "reason": "it bought into every fall"}"#;
    for name in ["RSI_CROSS", "rsi_cross"] {
        let path = format!("/api/v1/strategies/{name}");
        assert_eq!(asked(&api, "PUT", &path, off, TOKEN).1["code"], "missing_scope");
        let (status, told) = asked(&api, "PUT", &path, off, KEEPER);
        assert_eq!((status, &told["name"], &told["enabled"]), (200, &json!("RSI_CROSS"), &json!(false)));
        assert_eq!(told["reason"], "it bought into every fall");
    }
    assert_eq!(asked(&api, "PUT", "/api/v1/strategies/rules", off, KEEPER).1["name"], "RULES");
    let on = asked(&api, "PUT", "/api/v1/strategies/rules", r#"{"enabled": true, "reason": "x"}"#, KEEPER);
    assert_eq!((on.0, &on.1["code"]), (403, &json!("missing_scope")), "by a program's key");
    let started = ask(&api, "POST", "/bot/start", &wanted("new", &account()), TOKEN);
    assert_eq!(told(started), refused(409, "strategy_off"));
    let keeper = api.store.log_in(&user(), &["system:operate", "trading:write"]);
    let (status, on) =
        asked(&api, "PUT", "/api/v1/strategies/RSI_CROSS", r#"{"enabled": true, "reason": "x"}"#, &keeper);
    assert_eq!((status, &on["enabled"]), (200, &json!(true)), "{on}");
    assert_eq!(asked(&api, "POST", "/bot/start", &wanted("new", &account()), TOKEN).0, 201);
    assert_eq!(asked(&api, "PUT", "/api/v1/strategies/moon", off, KEEPER).1["code"], "not_found");
    for (wrong, field) in [
        (r#"{"reason": "x"}"#, "enabled"),
        (r#"{"enabled": "no", "reason": "x"}"#, "enabled"),
        (r#"{"enabled": true}"#, "reason"),
        (r#"{"enabled": true, "reason": "x", "strategy": "GRID"}"#, "strategy"),
    ] {
        let (status, told) = asked(&api, "PUT", "/api/v1/strategies/GRID", wrong, KEEPER);
        assert_eq!((status, &told["fields"]), (422, &json!([field])), "{wrong}");
    }
}

/// The user's own person, whose settings name a preset of entries.
fn put_settings(api: &Api, preset: &str) {
    let person = User {
        id: user(),
        email: "ann@example.com".parse().unwrap(),
        username: "ann".parse().unwrap(),
        profile: Profile::default(),
        password: PasswordHash::nobodys(),
        role: Role::Trader.into(),
        plan: PlanName::default(),
        active: true,
        created_at: AT,
        password_at: AT,
        last_login: None,
        version: 1,
    };
    api.store.put_person(&person);
    let preset = preset.parse().unwrap();
    done(&api.store, move |world| async move {
        let own = Identity(&world).load_settings(&person.id).await.unwrap();
        let settings = Settings { entry_preset: Some(preset), ..own.settings.clone() };
        let to = UserSettings { settings, version: own.version + 1, updated_at: Some(AT), ..own.clone() };
        let attempt = AttemptId::new(format!("settings-{}", to.version));
        let record = Audit {
            user: person.id.clone(),
            action: "change settings".to_owned(),
            resource: person.id.to_string(),
            reason: "for a test".to_owned(),
            before: None,
            after: None,
            at: AT,
            attempt,
            address: None,
            actor: None,
        };
        assert_eq!(Identity(&world).keep_settings(&to, own.version, &record).await, Ok(true));
    });
}

/// A bot that names no preset.
fn made(api: &Api) -> String {
    let (status, made) = asked(api, "POST", "/api/v1/bots", &wanted("new", &account()), TOKEN);
    assert_eq!(status, 201, "{made}");
    format!("/api/v1/bots/{}", made["id"].as_str().unwrap())
}

fn start(api: &Api, bot: &str) -> (u16, Value) {
    asked(api, "POST", &format!("{bot}/start"), "", TOKEN)
}

fn narrow(api: &Api, bot: &str) -> Value {
    asked(api, "POST", &format!("{bot}/stop"), r#"{"close_only": true}"#, TOKEN).1
}

#[test]
fn bot_without_a_preset_starts_with_the_one_of_its_users_settings() {
    let api = api();
    put_settings(&api, "grid");
    let bot = made(&api);
    let (status, started) = start(&api, &bot);
    assert_eq!((status, &started["preset"]), (201, &json!("grid")), "{started}");
    assert_eq!(asked(&api, "GET", &bot, "", TOKEN).1["preset"], Value::Null, "its own terms are as they were");
    put_settings(&api, "default");
    let path = format!("{bot}/runs/{}", started["id"].as_str().unwrap());
    assert_eq!(asked(&api, "GET", &path, "", TOKEN).1["preset"], "grid", "a run keeps what it has started with");
    let log = asked(&api, "GET", &format!("{path}/log"), "", TOKEN).1;
    assert!(log["items"][0]["detail"].as_str().unwrap().ends_with("by preset grid"), "{log}");
    asked(&api, "POST", &format!("{bot}/stop"), "", TOKEN);
    assert_eq!(start(&api, &bot).1["preset"], Value::Null, "the next run is by what is set then");
}

#[test]
fn run_that_is_close_only_goes_on_by_the_preset_that_it_has_alone() {
    let api = api();
    put_settings(&api, "grid");
    let bot = made(&api);
    let run = start(&api, &bot).1["id"].clone();
    assert_eq!(narrow(&api, &bot)["preset"], "grid");
    let (status, again) = start(&api, &bot);
    assert_eq!((status, &again["id"], &again["preset"]), (201, &run, &json!("grid")), "nothing has changed");
    narrow(&api, &bot);
    put_settings(&api, "default");
    let (status, problem) = start(&api, &bot);
    assert_eq!((status, &problem["code"]), (409, &json!("bot_runs")));
    assert!(problem["detail"].as_str().unwrap().contains("preset"), "{problem}");
    // By a preset of its own it is as it was.
    assert_eq!(asked(&api, "PATCH", &bot, r#"{"preset": "grid"}"#, TOKEN).0, 200);
    assert_eq!(start(&api, &bot).0, 201);
}

#[test]
fn no_preset_and_the_default_one_are_the_same_terms() {
    let api = api();
    let bot = made(&api);
    assert_eq!(start(&api, &bot).1["preset"], Value::Null);
    narrow(&api, &bot);
    put_settings(&api, "grid");
    assert_eq!(start(&api, &bot).0, 409, "what is set now is another one");
    assert_eq!(asked(&api, "PATCH", &bot, r#"{"preset": "default"}"#, TOKEN).0, 200);
    assert_eq!(start(&api, &bot).0, 201);
}

/// A client that writes what it leaves as null takes no stop away.
#[test]
fn null_of_a_preset_leaves_it() {
    let api = api();
    let bot = made(&api);
    assert_eq!(asked(&api, "PATCH", &bot, r#"{"preset": "grid"}"#, TOKEN).0, 200);
    let (status, changed) = asked(&api, "PATCH", &bot, r#"{"name": "other", "preset": null, "plan": null}"#, TOKEN);
    assert_eq!((status, &changed["preset"]), (200, &json!("grid")));
    assert_eq!(changed["plan"]["stop_loss_percent"], "5");
}

#[test]
fn bot_with_a_preset_of_its_own_leaves_that_of_the_settings_aside() {
    let api = api();
    put_settings(&api, "grid");
    let mut body: Value = serde_json::from_str(&wanted("new", &account())).unwrap();
    body["preset"] = json!("default");
    let (status, started) = asked(&api, "POST", "/bot/start", &body.to_string(), TOKEN);
    assert_eq!((status, &started["preset"]), (201, &json!("default")), "{started}");
}

#[test]
fn bot_is_neither_kept_nor_started_if_the_preset_of_the_settings_is_gone() {
    let api = api();
    let bot = made(&api);
    put_settings(&api, "gone");
    let (launched, started) = ("/bot/start".to_owned(), format!("{bot}/start"));
    for (path, body) in [(launched, wanted("more", &account())), (started, String::new())] {
        let refused = ask(&api, "POST", &path, &body, TOKEN);
        assert!(refused.2["detail"].as_str().unwrap().contains("gone"), "{}", refused.2);
        assert_eq!(told(refused), wrong("preset"), "{path}");
    }
    assert_eq!(asked(&api, "GET", "/api/v1/bots", "", TOKEN).1["items"].as_array().unwrap().len(), 2, "none is kept");
    put_settings(&api, "grid");
    let (status, started) = start(&api, &bot);
    assert_eq!((status, &started["preset"]), (201, &json!("grid")), "{started}");
}

/// What does not go together with one preset is judged over the one that counts.
#[test]
fn plan_of_a_bot_is_judged_over_the_preset_of_the_settings() {
    let api = api();
    let asking =
        r#"{"base_order": {"quote": "50"}, "safety_orders": {"count": 2, "quote": "20", "deviation_percent": "2"}}"#;
    let put = ask_with(&api, "PUT", "/api/v1/presets/total", r#"{"stop_loss_percent": 7}"#, TOKEN, &[]);
    assert_eq!(put.0, 201);
    let bad = ask_with(
        &api,
        "PUT",
        "/api/v1/presets/default",
        r#"{"stop_loss_percent": 9, "break_even_after_step": 1, "take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 50}, {"profit_percent": 2, "amount_percent": 50}]}}"#,
        TOKEN,
        &[],
    );
    assert_eq!(bad.0, 201, "{}", bad.2);
    let mut body: Value = serde_json::from_str(&wanted("new", &account())).unwrap();
    body["plan"] = serde_json::from_str(asking).unwrap();
    body["plan"]["take_profit"] = json!({"steps": [{"profit_percent": "3", "amount_percent": "100"}]});
    let over_default = ask(&api, "POST", "/api/v1/bots", &body.to_string(), TOKEN);
    assert_eq!(over_default.0, 422, "{}", over_default.2);
    put_settings(&api, "total");
    let over_another = ask(&api, "POST", "/api/v1/bots", &body.to_string(), TOKEN);
    assert_eq!(over_another.0, 201, "{}", over_another.2);
}
