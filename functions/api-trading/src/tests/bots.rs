//! Bots: one that runs.

use super::*;
use crate::problem;
use app::bots::{BotError, Permit, Reach};
use domain::bot::{Bot, Deed, Ended, EntryKind, LogEntry, Run, Said, Strategy, Switch, Terms, Word};
use domain::ids::{BotId, RunId};
use domain::market::Interval;
use domain::series::Series;
use lambda::edge::Problem;
use wire::bot::Asked;

pub(super) fn bot() -> Bot {
    Bot {
        id: BotId::at(AT, &["bot"]),
        user: user(),
        version: 3,
        name: "hourly".parse().unwrap(),
        terms: terms(),
        created_at: AT,
        updated_at: AT,
        updated_by: user(),
        run: Some(run().id),
        running: true,
        deleted: false,
    }
}

pub(super) fn run() -> Run {
    let said = Said {
        deed: Some(Deed::Enter(Side::Long)),
        confidence: "0.75".parse().unwrap(),
        reason: "it crosses".to_owned(),
    };
    Run {
        id: RunId::at(AT, &["run"]),
        bot: BotId::at(AT, &["bot"]),
        user: user(),
        version: 9,
        terms: terms(),
        label: "default".to_owned(),
        lane: "lane".to_owned(),
        started_at: AT,
        close_only: None,
        resumed_at: None,
        ended: None,
        decided_to: AT,
        candles: 5,
        signals: 1,
        last: Some(Word { opens_at: AT, said }),
        raised: Some(AT),
        failing: None,
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

fn own<T>(of: &UserId, one: T, error: BotError) -> Result<T, BotError> {
    if *of == user() { Ok(one) } else { Err(error) }
}

impl BotDesk for Stub {
    async fn bots(&self, of: &UserId) -> Result<Vec<Bot>, StoreError> {
        Ok(own(of, bot(), BotError::NoBot).into_iter().collect())
    }

    async fn bot(&self, of: &UserId, id: &BotId) -> Result<Bot, BotError> {
        own(of, bot(), BotError::NoBot).and_then(|bot| if bot.id == *id { Ok(bot) } else { Err(BotError::NoBot) })
    }

    async fn create_bot(&self, asked: Asked, _: Act<'_>) -> Result<Bot, BotError> {
        let name = wire::bot::required(asked.name, "name")?;
        Ok(Bot { name, version: 1, run: None, running: false, ..bot() })
    }

    async fn change_bot(&self, id: &BotId, asked: &Asked, seen: Option<u64>, act: Act<'_>) -> Result<Bot, BotError> {
        let before = self.bot(act.user, id).await?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(BotError::VersionConflict(before.version));
        }
        let name = asked.name.clone().unwrap_or(before.name);
        Ok(Bot { name, version: before.version + 1, ..bot() })
    }

    async fn delete_bot(&self, id: &BotId, _: Option<u64>, act: Act<'_>) -> Result<(), BotError> {
        self.bot(act.user, id).await.and(Err(BotError::Running))
    }

    async fn start_bot(&self, id: &BotId, permit: Permit<'_>, act: Act<'_>) -> Result<Run, BotError> {
        assert_eq!((permit.most, permit.login.is_some()), (None, act.in_person));
        self.bot(act.user, id).await?;
        if act.in_person { Ok(run()) } else { Err(BotError::NotInPerson) }
    }

    async fn launch_bot(&self, asked: Asked, _: Permit<'_>, act: Act<'_>) -> Result<Run, BotError> {
        self.create_bot(asked, act).await.map(|_| run())
    }

    async fn stop_run(&self, id: &RunId, reach: Reach, reason: &str, act: Act<'_>) -> Result<Run, BotError> {
        let word = Some(Ended { at: AT, by: act.user.clone(), reason: reason.to_owned() });
        let run = self.run(act.user, id).await?;
        Ok(match reach {
            Reach::Whole => Run { ended: word, ..run },
            Reach::Entries => Run { close_only: word.map(Box::new), ..run },
        })
    }

    async fn runs(&self, of: &UserId, _: &BotId, page: &PageRequest) -> Result<Page<Run>, BotError> {
        let next = page.cursor.is_none().then(|| "place".to_owned());
        own(of, run(), BotError::NoBot).map(|run| Page { items: vec![run], next })
    }

    async fn run(&self, of: &UserId, id: &RunId) -> Result<Run, BotError> {
        own(of, run(), BotError::NoRun).and_then(|run| if run.id == *id { Ok(run) } else { Err(BotError::NoRun) })
    }

    async fn run_log(&self, of: &UserId, id: &RunId, _: &PageRequest) -> Result<Page<LogEntry>, BotError> {
        let run = self.run(of, id).await?;
        let (word, delivery) = (run.last.clone(), Some(DeliveryId::of(&["d"])));
        let entry = LogEntry { run: run.id, version: 9, at: AT, kind: EntryKind::Signal, word, detail: None, delivery };
        Ok(Page { items: vec![entry], next: None })
    }

    async fn switch_strategy(
        &self,
        strategy: &str,
        (enabled, reason): (bool, &str),
        act: Act<'_>,
    ) -> Result<Switch, ActError> {
        if enabled && !act.in_person {
            return Err(ActError::NotInPerson("switches no strategy on"));
        }
        let (strategy, reason, by) = (strategy.to_owned(), reason.to_owned(), act.user.clone());
        Ok(Switch { strategy, enabled, reason, at: AT, by })
    }
}

async fn asked(method: &str, path: &str, body: &str, token: &str) -> (u16, HeaderMap, Value) {
    let (status, headers, told) = ask(&allowing(), method, path, body, Some(&format!("Bearer {token}"))).await;
    (status.as_u16(), headers, told)
}

#[tokio::test]
async fn a_bot_is_shown_with_its_terms_and_its_numbers_as_they_were_written() {
    let (status, headers, shown) = asked("GET", &format!("/api/v1/bots/{}", bot().id), "", TOKEN).await;
    assert_eq!((status, &headers["etag"]), (200, &"\"3\"".parse().unwrap()));
    let told = [&shown["symbol"], &shown["timeframe"], &shown["strategy"], &shown["parameters"]["period"]];
    assert_eq!(told, [&json!("BTC/USDT"), &json!("1h"), &json!("RSI_CROSS"), &json!("14")]);
    assert_eq!((&shown["running"], &shown["run_id"]), (&json!(true), &json!(run().id.as_str())));
    assert_eq!(shown["account_id"], account().id.as_str());
    for path in ["/api/v1/bots".to_owned(), format!("/bot/list/{}", user()), format!("/api/v1/bot/list/{}", user())] {
        let (status, _, list) = asked("GET", &path, "", TOKEN).await;
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

#[tokio::test]
async fn a_run_is_told_by_each_of_its_paths_with_its_times_and_its_log() {
    let (bot, run) = (bot().id, run().id);
    let own = format!("/api/v1/bots/{bot}/runs/{run}");
    let (_, _, shown) = asked("GET", &own, "", TOKEN).await;
    assert_eq!((&shown["status"], &shown["stopped_at"]), (&json!("running"), &Value::Null));
    assert_eq!((&shown["candles"], &shown["last"]["action"]), (&json!(5), &json!("enter_long")));
    for path in [format!("/bot/status/{run}"), format!("/api/v1/bot/status/{run}")] {
        assert_eq!(asked("GET", &path, "", TOKEN).await.2, shown, "{path}");
    }
    let (_, _, log) = asked("GET", &format!("{own}/log"), "", TOKEN).await;
    assert_eq!(asked("GET", &format!("/bot/logs/{run}"), "", TOKEN).await.2, log);
    let entry = &log["items"][0];
    let delivery = DeliveryId::of(&["d"]);
    assert_eq!((&entry["kind"], &entry["delivery_id"]), (&json!("signal"), &json!(delivery.as_str())));
    assert_eq!((&entry["said"]["confidence"], &entry["said"]["reason"]), (&json!("0.75"), &json!("it crosses")));
    let (_, _, list) = asked("GET", &format!("/api/v1/bots/{bot}/runs"), "", TOKEN).await;
    assert_eq!(list["items"][0], shown);
    assert!(list["next_cursor"].is_string());
}

#[tokio::test]
async fn a_bot_is_kept_changed_started_and_stopped() {
    let id = bot().id;
    let (status, headers, made) = asked("POST", "/api/v1/bots", r#"{"name": "new"}"#, TOKEN).await;
    assert_eq!((status, &headers["etag"], &made["name"]), (201, &"\"1\"".parse().unwrap(), &json!("new")));
    let (status, _, changed) = asked("PATCH", &format!("/api/v1/bots/{id}"), r#"{"name": "other"}"#, TOKEN).await;
    assert_eq!((status, &changed["name"], &changed["version"]), (200, &json!("other"), &json!(4)));
    let start = format!("/api/v1/bots/{id}/start");
    assert_eq!(asked("POST", &start, "", TOKEN).await.0, 403, "a program's key starts none");
    let (status, _, started) = asked("POST", &start, "", PERSON).await;
    assert_eq!((status, &started["id"]), (201, &json!(run().id.as_str())));
    let kept = format!(r#"{{"bot_id": "{id}", "user_id": "{}"}}"#, user());
    assert_eq!(asked("POST", "/bot/start", &kept, PERSON).await.2, started);
    assert_eq!(asked("POST", "/bot/start", r#"{"name": "new"}"#, PERSON).await.0, 201);
    let stop = format!("/api/v1/bots/{id}/stop");
    let (status, _, stopped) = asked("POST", &stop, "", TOKEN).await;
    assert_eq!(
        (status, &stopped["status"], &stopped["stop_reason"]),
        (200, &json!("stopped"), &json!("wished by its user"))
    );
    let (_, _, stopped) = asked("POST", &stop, r#"{"reason": "enough"}"#, TOKEN).await;
    assert_eq!((&stopped["stop_reason"], &stopped["stopped_by"]), (&json!("enough"), &json!(user().as_str())));
    let (_, _, narrowed) = asked("POST", &stop, r#"{"reason": "enough", "close_only": true}"#, TOKEN).await;
    assert_eq!((&narrowed["status"], &narrowed["stop_reason"]), (&json!("close_only"), &json!("enough")));
    let by_run = format!(r#"{{"bot_run_id": "{}", "reason": "enough"}}"#, run().id);
    assert_eq!(asked("POST", "/bot/stop", &by_run, TOKEN).await.2, stopped);
}

#[tokio::test]
async fn what_is_not_ones_own_is_not_there_and_what_is_wrong_is_named() {
    let (bot, run) = (bot().id, run().id);
    let other = BotId::at(AT, &["other"]);
    let (of_another, eve) = (format!(r#"{{"bot_id": "{bot}"}}"#), UserId::of(&["eve"]));
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
        let (status, _, problem) = asked(method, &path, body, MANAGER).await;
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{method} {path}");
    }
    for path in [format!("/api/v1/bots/{other}/runs/{run}"), format!("/bot/list/{eve}"), "/bot/status/x".to_owned()] {
        assert_eq!(asked("GET", &path, "", TOKEN).await.0, 404, "{path}");
    }
    for (method, path, body, field) in [
        ("POST", "/api/v1/bots", r#"{"nam": "x"}"#, "nam"),
        ("POST", "/api/v1/bots", "{}", "name"),
        ("POST", "/bot/start", "{}", "name"),
        ("POST", "/bot/stop", "{}", "bot_run_id"),
        ("POST", "/bot/stop", r#"{"run": "x"}"#, "run"),
        ("POST", "/bot/stop", r#"{"bot_run_id": "x", "close_only": "yes"}"#, "close_only"),
    ] {
        let (status, _, problem) = asked(method, path, body, PERSON).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{method} {path} {body}");
    }
    let foreign = format!(r#"{{"user_id": "{eve}", "name": "x"}}"#);
    assert_eq!(asked("POST", "/bot/start", &foreign, PERSON).await.0, 404);
    let stale = [("authorization", "Bearer mq_token"), ("if-match", "\"2\"")];
    let (status, _, problem) = ask_with(&allowing(), "PATCH", &format!("/api/v1/bots/{bot}"), "{}", &stale).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("version_conflict")));
    assert_eq!(asked("DELETE", &format!("/api/v1/bots/{bot}"), "", TOKEN).await.2["code"], "bot_runs");
}

#[test]
fn each_refusal_says_what_it_is() {
    let told = |error: BotError| {
        let problem: Problem = problem::bot(&error);
        (problem.status().as_u16(), problem.code().to_owned())
    };
    let of = |status: u16, code: &str| (status, code.to_owned());
    let term = domain::bot::BadTerm { field: "parameters.period".to_owned(), allowed: "must be whole".to_owned() };
    for (error, expected) in [
        (BotError::NoAccount, of(422, "invalid_field")),
        (BotError::UnknownMarket(market().key), of(422, "invalid_field")),
        (BotError::NoPreset, of(422, "invalid_field")),
        (BotError::BadTerm(term), of(422, "invalid_field")),
        (BotError::AccountGone, of(409, "account_gone")),
        (BotError::TooMany, of(409, "too_many_bots")),
        (BotError::PlanLimit(2), of(409, "plan_limit")),
        (BotError::SeriesTaken, of(409, "series_taken")),
        (BotError::StrategyOff("news".to_owned()), of(409, "strategy_off")),
        (BotError::Contended, of(503, "unavailable")),
    ] {
        assert_eq!(told(error.clone()), expected, "{error}");
    }
}

#[tokio::test]
async fn a_strategy_is_switched_by_whoever_keeps_the_deployment_and_by_its_name() {
    let off = r#"{"enabled": false, "reason": "it bought into every fall"}"#;
    for name in ["RSI_CROSS", "rsi_cross"] {
        let path = format!("/api/v1/strategies/{name}");
        assert_eq!(asked("PUT", &path, off, TOKEN).await.2["code"], "missing_scope");
        let (status, _, told) = asked("PUT", &path, off, "mq_keeper").await;
        assert_eq!((status, &told["name"], &told["enabled"]), (200, &json!("RSI_CROSS"), &json!(false)));
        assert_eq!(told["reason"], "it bought into every fall");
    }
    assert_eq!(asked("PUT", "/api/v1/strategies/rules", off, "mq_keeper").await.2["name"], "RULES");
    let on = asked("PUT", "/api/v1/strategies/rules", r#"{"enabled": true, "reason": "x"}"#, "mq_keeper").await;
    assert_eq!((on.0, &on.2["code"]), (403, &json!("missing_scope")), "by a program's key");
    assert_eq!(asked("PUT", "/api/v1/strategies/moon", off, "mq_keeper").await.2["code"], "not_found");
    for (wrong, field) in [
        (r#"{"reason": "x"}"#, "enabled"),
        (r#"{"enabled": "no", "reason": "x"}"#, "enabled"),
        (r#"{"enabled": true}"#, "reason"),
        (r#"{"enabled": true, "reason": "x", "strategy": "GRID"}"#, "strategy"),
    ] {
        let (status, _, told) = asked("PUT", "/api/v1/strategies/GRID", wrong, "mq_keeper").await;
        assert_eq!((status, &told["fields"]), (422, &json!([field])), "{wrong}");
    }
}
