mod bots;
mod lineage;
mod others;
mod presets;
mod reconciliation;
mod trades;

use super::*;
use app::actor::Act;
use app::doctor::Check;
use app::identity::Knock;
use app::ports::{Guarded, History, KeptPreset, Page, PageRequest, Session, StoreError};
use app::presets::{PresetError, Put};
use app::recover::{AccountRecovery, ConfirmError, Recovery, Word};
use app::trading::{ActError, Compared, Halted, Lineage, ProfitError, Profits, Resumed, Sees, WantedTrades};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::account::{Account, AccountLimits, DayLoss, Halt};
use domain::alert::Side;
use domain::bot::ByBot;
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryRef, VerdictKind};
use domain::group::{Exit, ExitReason, Group, GroupStatus, Mark, Position};
use domain::identity::Permission;
use domain::ids::{
    AccountId, AttemptId, BotId, DeliveryId, GroupId, OrderId, ParkedId, ProposalId, RunId, SessionId, Sha, UserId,
};
use domain::lineage::Evidence;
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::money::{Amount, Rate};
use domain::order::{Direction, Fee, FeeValue, Fill, Intent, Order, Purpose, Resolution, Status, Submission, TradeId};
use domain::parked::{Ended, Letter, Parked, Queue, Subject, Worthless, deployment};
use domain::preset::{OrderKind, Preset, PresetName, PresetRef};
use domain::recovery::{Adoption, Report, Stray, TableId};
use lambda::guard::Guards;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tower::ServiceExt;
use wire::preset::Document;
use wire::preset::exits::Exits;

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);
const TOKEN: &str = "mq_token";
const BUSY: &str = "mq_busy";
/// Of somebody who has logged in.
const PERSON: &str = "mq_person";
/// Keeps the deployment.
const KEEPER: &str = "mq_keeper";
const LADDER: &str = "/api/v1/ladders/plan";
/// May look and not act.
const LOOKING: &str = "mq_looking";
/// Somebody else, who may look at everybody's trading, and trade for themselves.
const MANAGER: &str = "mq_manager";

/// A user with one account and one position: 1 BTC bought at 100 with a fee of 0.1, last seen at 103.
#[derive(Clone)]
struct Stub {
    /// What every action is refused with.
    refusal: Option<ActError>,
}

#[tokio::test]
async fn without_a_known_token_nothing_is_told() {
    for header in [None, Some("Bearer wrong"), Some("Bearer "), Some("Basic mq_token"), Some("mq_token")] {
        let (status, _, problem) = ask(&allowing(), "GET", "/api/v1/orders", "", header).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("unauthorized")), "{header:?}");
    }
    let (status, ..) = ask(&allowing(), "GET", "/api/v1/orders", "", Some("bearer mq_token")).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_over_its_rate_is_told_when_to_come_again() {
    let (status, headers, _) = ask(&allowing(), "GET", "/api/v1/orders", "", Some("Bearer mq_busy")).await;
    assert_eq!((status, &headers["retry-after"]), (StatusCode::TOO_MANY_REQUESTS, &"13".parse().unwrap()));
}

#[tokio::test]
async fn a_token_that_may_only_look_changes_nothing() {
    let looking = Some("Bearer mq_looking");
    assert_eq!(ask(&allowing(), "GET", "/api/v1/halt", "", looking).await.0, StatusCode::OK);
    let (status, _, problem) = ask(&allowing(), "POST", "/api/v1/halt", r#"{"reason": "x"}"#, looking).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("missing_scope")));
}

#[tokio::test]
async fn a_ladder_is_planned_for_whoever_may_look() {
    let golden = include_str!("../../../tests/golden/ladder/worked-example.json");
    let golden: Value = serde_json::from_str(golden).unwrap();
    let golden = &golden[0];
    let body = golden["request"].to_string();
    let (status, _, answer) = ask(&allowing(), "POST", LADDER, &body, Some("Bearer mq_looking")).await;
    assert_eq!((status, &answer), (StatusCode::OK, &golden["answer"]));
    assert_eq!(ask(&allowing(), "POST", LADDER, &body, None).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_ladder_that_cannot_be_planned_names_its_field() {
    let token = Some("Bearer mq_looking");
    let (status, _, problem) =
        ask(&allowing(), "POST", LADDER, r#"{"market": {"price_tick": "0"}, "fee_rate": "2"}"#, token).await;
    assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("market.price_tick")));
    let (status, _, problem) = ask(&allowing(), "POST", LADDER, "{", token).await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("invalid_json")));
    let (status, ..) = ask(&allowing(), "POST", LADDER, &" ".repeat(16 * 1024 + 1), token).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_doctor_says_how_the_worst_check_stands_and_what_to_do_about_it() {
    let (status, _, body) = get("/api/v1/doctor").await;
    assert_eq!((status, &body["state"]), (StatusCode::OK, &json!("fail")));
    let clock = json!({"name": "clock", "state": "fail", "meaning": "2000 ms behind", "next": "see the log"});
    assert_eq!((&body["checks"][1], &body["checks"][0]["next"]), (&clock, &Value::Null));
    let (_, _, whole) = ask(&allowing(), "GET", "/api/v1/doctor", "", Some("Bearer mq_keeper")).await;
    assert_eq!(whole["checks"][0]["name"], "concurrency", "whoever keeps the deployment is told of all of it");
}

#[tokio::test]
async fn what_is_not_there_or_not_ones_own_looks_alike() {
    let unknown = GroupId::of(&["unknown"]);
    let mut told = Vec::new();
    for path in [format!("position-groups/{unknown}"), "position-groups/none".to_owned()] {
        let (status, _, problem) = get(&format!("/api/v1/{path}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        told.push(problem);
    }
    let foreign = Stub { refusal: Some(ActError::NoGroup) };
    let close = format!("/api/v1/position-groups/{}/close", group_id());
    told.push(ask(&foreign, "POST", &close, "", Some("Bearer mq_token")).await.2);
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
}

#[tokio::test]
async fn the_whole_deployment_is_for_those_whose_scope_names_it() {
    let reason = r#"{"reason": "x"}"#;
    for (method, path, kept) in [
        ("GET", "recover", StatusCode::OK),
        ("POST", "recover", StatusCode::ACCEPTED),
        ("POST", "recover/confirm", StatusCode::CONFLICT),
        ("POST", "system/halt", StatusCode::ACCEPTED),
        ("POST", "system/resume", StatusCode::OK),
    ] {
        let path = format!("/api/v1/{path}");
        let (status, _, problem) = ask(&allowing(), method, &path, reason, Some("Bearer mq_token")).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("missing_scope")), "{method} {path}");
        assert_eq!(ask(&allowing(), method, &path, reason, Some("Bearer mq_keeper")).await.0, kept, "{method} {path}");
    }
}

#[tokio::test]
async fn a_restored_table_shows_the_difference_and_is_not_confirmed_too_early() {
    let keeper = Some("Bearer mq_keeper");
    let (_, _, state) = ask(&allowing(), "GET", "/api/v1/recover", "", keeper).await;
    assert_eq!((&state["recovered"], &state["deployment_epoch"]), (&json!(false), &json!("old")));
    let (account, unknown) = (&state["accounts"][0], &state["accounts"][0]["report"]["unknown_orders"][0]);
    assert_eq!(account["ready"], json!(false));
    assert_eq!((&unknown["side"], &unknown["filled"]), (&json!("buy"), &json!("0.5")));
    for (body, code) in [(r#"{"reason": "x"}"#, "recovery_not_ready"), ("{}", "invalid_field")] {
        let (_, _, problem) = ask(&allowing(), "POST", "/api/v1/recover/confirm", body, keeper).await;
        assert_eq!(problem["code"], code);
    }
}

#[tokio::test]
async fn unknown_routes_and_methods_are_problems() {
    for (method, path, code) in [
        ("GET", "/api/v1/nothing", "not_found"),
        ("GET", "/orders", "not_found"),
        ("DELETE", "/api/v1/orders", "method_not_allowed"),
        ("GET", "/api/v1/resume", "method_not_allowed"),
    ] {
        let (_, headers, problem) = ask(&allowing(), method, path, "", Some("Bearer mq_token")).await;
        assert_eq!(problem["code"], code, "{method} {path}");
        assert_eq!(headers["content-type"], "application/problem+json");
    }
}

#[tokio::test]
async fn a_parameter_that_a_route_does_not_take_is_refused_after_its_caller_is_let_in() {
    for (method, path, token, told) in [
        ("GET", "/api/v1/orders?limit=1&page=2", Some("Bearer mq_token"), (422, "page")),
        ("GET", "/api/v1/doctor?page=2", Some("Bearer mq_token"), (422, "page")),
        ("GET", "/api/v1/orders?limit=1&page=2", None, (401, "")),
        ("GET", "/api/v1/nothing?page=2", Some("Bearer mq_token"), (404, "")),
        ("DELETE", "/api/v1/orders?page=2", Some("Bearer mq_token"), (405, "")),
    ] {
        let (status, _, problem) = ask(&allowing(), method, path, "", token).await;
        assert_eq!((status.as_u16(), problem["field"].as_str().unwrap_or_default()), told, "{method} {path}");
    }
}

#[tokio::test]
async fn lists_are_items_with_a_cursor_that_goes_on() {
    let (status, _, page) = get("/api/v1/position-groups?limit=500").await;
    assert_eq!((status, &page["limit"]), (StatusCode::OK, &json!(200)));
    assert_eq!(page["items"][0]["id"], group_id().as_str());
    let cursor = page["next_cursor"].as_str().unwrap();
    let (_, _, page) = get(&format!("/api/v1/position-groups?cursor={cursor}")).await;
    assert_eq!(page, json!({"items": [], "next_cursor": null}));
    for (query, field) in [("limit=0", "limit"), ("limit=x", "limit"), ("cursor=forged", "cursor")] {
        for list in ["deliveries", "position-groups", "orders", "parked", "presets"] {
            let (status, _, problem) = get(&format!("/api/v1/{list}?{query}")).await;
            assert_eq!(
                (status, &problem["field"]),
                (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
                "{list}?{query}"
            );
        }
    }
}

#[tokio::test]
async fn a_group_shows_its_money_its_orders_and_its_version() {
    let (status, headers, group) = get(&format!("/api/v1/position-groups/{}", group_id())).await;
    assert_eq!((status, &headers["etag"]), (StatusCode::OK, &"\"7\"".parse().unwrap()));
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
    assert_eq!((&group["fills"][0]["price"], &group["history"][0]["why"]), (&json!("100"), &json!("opened")));
}

#[tokio::test]
async fn an_order_shows_its_fills() {
    let (status, _, order) = get(&format!("/api/v1/orders/{}", position().orders[0].id)).await;
    assert_eq!((status, &order["average_fill_price"]), (StatusCode::OK, &json!("100")));
    assert_eq!((&order["fills"][0]["fee"], &order["fills"][0]["fee_asset"]), (&json!("0.1"), &json!("USDT")));
    let (status, ..) = get(&format!("/api/v1/orders/{}", OrderId::of(&["unknown"]))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn actions_are_accepted_with_what_they_changed() {
    let (group, order) = (group_id(), &position().orders[0].id);
    for path in [
        format!("position-groups/{group}/close"),
        format!("position-groups/{group}/cancel-pending"),
        format!("orders/{order}/cancel"),
    ] {
        let (status, _, body) = ask(&allowing(), "POST", &format!("/api/v1/{path}"), "", Some("Bearer mq_token")).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{path}: {body}");
    }
}

#[tokio::test]
async fn an_order_in_doubt_is_resolved_by_its_user_in_person() {
    let path = format!("/api/v1/orders/{}/resolve", position().orders[0].id);
    let by = async |token: &str, body: &str| ask(&allowing(), "POST", &path, body, Some(token)).await;
    let post = async |body: &str| by("Bearer mq_person", body).await;
    let (status, _, order) = post(r#"{"outcome": "not_placed", "reason": "looked"}"#).await;
    assert_eq!((status, &order["state"]), (StatusCode::ACCEPTED, &json!("filled")));
    let (status, _, problem) = post(r#"{"outcome": "not_placed"}"#).await;
    assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("reason")));
    // Whoever has stolen a program's key would have what was sold sold again, and what was never bought sold.
    let filled = r#"{"outcome": "filled", "quantity": "1", "price": "100", "reason": "seen"}"#;
    for body in [r#"{"outcome": "not_placed", "reason": "looked"}"#, filled] {
        let (status, _, problem) = by("Bearer mq_token", body).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("missing_scope")), "{body}");
        assert!(problem["detail"].as_str().unwrap().contains("a person does, who has logged in"), "{problem}");
    }
}

#[tokio::test]
async fn each_refusal_has_its_own_answer() {
    let check = async |refusal: ActError, status: u16, code: &str, field: Value| {
        let stub = Stub { refusal: Some(refusal.clone()) };
        let body = r#"{"reason": "storm", "account": "x"}"#;
        let (answered, _, problem) = ask(&stub, "POST", "/api/v1/halt", body, Some("Bearer mq_token")).await;
        assert_eq!(
            (answered.as_u16(), &problem["code"], &problem["field"]),
            (status, &json!(code), &field),
            "{refusal:?}"
        );
    };
    check(ActError::AlreadyClosed, 409, "already_closed", Value::Null).await;
    check(ActError::AlreadyClosing, 409, "already_closing", Value::Null).await;
    check(ActError::VersionConflict(7), 409, "version_conflict", Value::Null).await;
    check(ActError::AlreadyFinal(Status::Filled), 409, "already_final", Value::Null).await;
    check(ActError::NotInDoubt(Status::Open), 409, "not_in_doubt", Value::Null).await;
    check(ActError::TooEarly, 409, "too_early", Value::Null).await;
    check(ActError::OtherOutcome("filled"), 422, "invalid_field", json!("outcome")).await;
    check(ActError::MoreThanOrdered("1".parse().unwrap()), 422, "invalid_field", json!("quantity")).await;
    check(ActError::LessThanFilled("1".parse().unwrap()), 422, "invalid_field", json!("quantity")).await;
    check(ActError::ProtectiveOrder(Purpose::Exit), 409, "protective_order", Value::Null).await;
    check(ActError::AmbiguousAccount(vec![]), 409, "ambiguous_account", json!("account")).await;
    check(ActError::NoParked, 404, "not_found", Value::Null).await;
    check(ActError::AlreadyDropped, 409, "already_dropped", Value::Null).await;
    check(ActError::AlreadyRetried, 409, "already_retried", Value::Null).await;
    check(ActError::Worthless(Worthless::Tick), 409, "no_retry", Value::Null).await;
    check(ActError::AlreadyDecided(VerdictKind::Stale), 409, "already_decided", Value::Null).await;
    check(ActError::UnknownAccount, 422, "invalid_field", json!("account")).await;
    check(ActError::Contended, 503, "unavailable", Value::Null).await;
    check(ActError::Store(StoreError::Unavailable("table x".to_owned())), 503, "unavailable", Value::Null).await;
    check(ActError::Store(StoreError::Unreadable("row y".to_owned())), 500, "internal", Value::Null).await;
}

#[tokio::test]
async fn halting_and_resuming_say_what_they_touch() {
    let (status, _, states) = get("/api/v1/halt").await;
    assert_eq!((status, &states["accounts"][0]["halted"]["reason"]), (StatusCode::OK, &json!("storm")));
    assert_eq!(states["accounts"][0]["balances"]["USDT"], json!({"balance": "1000", "reserved": "0"}));
    let post = async |path: &str, body: &str| ask(&allowing(), "POST", path, body, Some("Bearer mq_token")).await;
    let (status, _, halted) = post("/api/v1/halt", r#"{"reason": "storm"}"#).await;
    assert_eq!((status, halted["in_flight"].as_array().unwrap().len()), (StatusCode::ACCEPTED, 1));
    let (status, _, resumed) = post("/api/v1/resume", r#"{"reason": "over", "dry_run": true}"#).await;
    assert_eq!((status, &resumed["dry_run"]), (StatusCode::OK, &json!(true)));
    let (status, _, problem) = post("/api/v1/halt", "{").await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("invalid_json")));
    let (status, _, problem) = post("/api/v1/resume", "{}").await;
    assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("reason")));
}

#[tokio::test]
async fn what_is_parked_is_carried_out_again_or_dropped() {
    let row = format!("/api/v1/parked/{}", parked(&user()).id);
    let post = async |path: &str, body: &str| ask(&allowing(), "POST", path, body, Some("Bearer mq_token")).await;
    let (status, _, shown) = get(&row).await;
    assert_eq!((status, &shown["kind"], &shown["state"]), (StatusCode::OK, &json!("message"), &json!("waiting")));
    assert_eq!((&shown["queue"], &shown["body"]), (&json!("signals"), &json!("{")));
    let (status, _, retried) = post(&format!("{row}/retry"), "").await;
    assert_eq!((status, &retried["state"]), (StatusCode::ACCEPTED, &json!("retried")));
    let (status, _, dropped) = post(&format!("{row}/drop"), r#"{"reason": "nonsense"}"#).await;
    assert_eq!(
        (status, &dropped["state"], &dropped["reason"]),
        (StatusCode::OK, &json!("dropped"), &json!("nonsense"))
    );
    let (status, _, problem) = post(&format!("{row}/drop"), "{}").await;
    assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("reason")));
    for unknown in ["prk_none", "none"] {
        assert_eq!(get(&format!("/api/v1/parked/{unknown}")).await.0, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn what_is_nobodys_own_is_listed_for_whoever_keeps_the_deployment() {
    let list = async |query: &str, token: &str| {
        ask(&allowing(), "GET", &format!("/api/v1/parked{query}"), "", Some(token)).await
    };
    let (_, _, own) = list("", "Bearer mq_keeper").await;
    assert_eq!(own["items"][0]["of_deployment"], false);
    let (_, _, common) = list("?of=deployment&limit=5", "Bearer mq_keeper").await;
    assert_eq!(common["items"][0]["of_deployment"], true);
    let (status, _, problem) = list("?of=deployment", "Bearer mq_token").await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("missing_scope")));
    let (status, _, problem) = list("?of=all", "Bearer mq_keeper").await;
    assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("of")));
}

async fn get(path: &str) -> (StatusCode, HeaderMap, Value) {
    ask(&allowing(), "GET", path, "", Some("Bearer mq_token")).await
}

async fn ask(stub: &Stub, method: &str, path: &str, body: &str, token: Option<&str>) -> (StatusCode, HeaderMap, Value) {
    ask_with(stub, method, path, body, token.map(|token| ("authorization", token)).as_slice()).await
}

async fn ask_with(
    stub: &Stub,
    method: &str,
    path: &str,
    body: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, Value) {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = lambda::edge::prepare(router(stub.clone())).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
    (parts.status, parts.headers, body)
}

fn allowing() -> Stub {
    Stub { refusal: None }
}

impl Stub {
    fn acted<T>(&self, done: T) -> Result<T, ActError> {
        self.refusal.clone().map_or(Ok(done), Err)
    }
}

impl lambda::noted::Notes for Stub {
    async fn note(&self, _: &domain::logs::Note) -> Result<(), StoreError> {
        Ok(())
    }
}

impl Guards for Stub {
    async fn guard(&self, Knock { token, .. }: &Knock<'_>) -> Result<Guarded, StoreError> {
        let is = |text: &str| token.expose() == text;
        Ok(match () {
            () if is(TOKEN) => admitted(&["trading:read", "trading:write"]),
            () if is(PERSON) => {
                let scopes = ["trading:read", "trading:write"].map(str::to_owned).to_vec();
                Guarded::Admitted(Session::new(user(), scopes, Some(SessionId::of(&["s"]))))
            }
            () if is(KEEPER) => admitted(&["trading:read", "trading:write", "system"]),
            () if is(LOOKING) => admitted(&["trading:read"]),
            () if is(MANAGER) => {
                let scopes = ["trading:read", "trading:write", "trading:read-all"].map(str::to_owned).to_vec();
                Guarded::Admitted(Session::new(UserId::of(&["manager"]), scopes, None))
            }
            () if is(BUSY) => Guarded::TooMany { retry_after: Millis::new(12_001) },
            () => Guarded::Unknown,
        })
    }
}

impl Desk for Stub {
    async fn deliveries(&self, _: &UserId, _: &PageRequest) -> Result<Page<Delivery>, StoreError> {
        Ok(Page { items: Vec::new(), next: None })
    }
    async fn groups(&self, of: &UserId, page: &PageRequest) -> Result<Page<Group>, StoreError> {
        Ok(match page.cursor.as_deref() {
            None if *of != user() => Page { items: Vec::new(), next: None },
            None => Page { items: vec![position().group], next: Some("place".to_owned()) },
            Some(place) => {
                assert_eq!(place, "place");
                Page { items: Vec::new(), next: None }
            }
        })
    }
    async fn orders(&self, of: &UserId, _: &PageRequest) -> Result<Page<Order>, StoreError> {
        Ok(Page { items: if *of == user() { position().orders } else { Vec::new() }, next: None })
    }
    async fn group(&self, of: &UserId, id: &GroupId) -> Result<Option<(Position, Vec<History>)>, StoreError> {
        let history = History {
            group: group_id(),
            version: 1,
            why: "opened".to_owned(),
            before: None,
            after: "waiting".to_owned(),
            at: AT,
            orders: None,
            evidence: Evidence::default(),
        };
        Ok((*id == group_id() && *of == user()).then(|| (position(), vec![history])))
    }
    async fn order(&self, of: &UserId, id: &OrderId) -> Result<Option<Order>, StoreError> {
        Ok(position().order(id).filter(|_| *of == user()).cloned())
    }
    async fn lineage(&self, of: &UserId, id: &OrderId) -> Result<Option<Lineage>, StoreError> {
        Ok(position().order(id).filter(|_| *of == user()).map(|order| lineage::of(order.clone())))
    }
    async fn close(&self, _: &GroupId, _: Act<'_>) -> Result<Position, ActError> {
        self.acted(position())
    }
    async fn close_kept_out(
        &self,
        user: &UserId,
        reason: &str,
        by: &Session,
        _: Act<'_>,
    ) -> Result<Vec<Position>, ActError> {
        assert_eq!((user, reason), (&UserId::of(&["eve"]), "left"));
        assert!(by.may(Permission::USERS));
        self.acted(vec![position()])
    }
    async fn cancel_pending(&self, _: &GroupId, _: Act<'_>) -> Result<Position, ActError> {
        self.acted(position())
    }
    async fn cancel_order(&self, _: &OrderId, _: Act<'_>) -> Result<Order, ActError> {
        self.acted(position().orders[0].clone())
    }
    async fn resolve(&self, _: &OrderId, _: &Resolution, _: &str, _: Act<'_>) -> Result<Order, ActError> {
        self.acted(position().orders[0].clone())
    }
    async fn change_exits(&self, _: &GroupId, _: &Exits, seen: Option<u64>, _: Act<'_>) -> Result<Position, ActError> {
        match seen {
            Some(seen) if seen != position().group.version => Err(ActError::VersionConflict(7)),
            _ => self.acted(position()),
        }
    }
    async fn presets(&self, act: Act<'_>) -> Result<Vec<KeptPreset>, PresetError> {
        let all = vec![presets::built_in(), presets::grid()];
        Ok(if *act.user == user() { all } else { Vec::new() })
    }
    async fn preset(&self, name: &PresetName, act: Act<'_>) -> Result<KeptPreset, PresetError> {
        let known = self.presets(act).await?.into_iter().find(|preset| preset.at.name == *name);
        known.ok_or(PresetError::Unknown)
    }
    async fn preset_versions(
        &self,
        of: &UserId,
        _: &PresetName,
        page: &PageRequest,
    ) -> Result<Page<KeptPreset>, StoreError> {
        if *of != user() {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let next = page.cursor.is_none().then(|| "3".to_owned());
        Ok(Page { items: vec![presets::grid()], next })
    }
    async fn create_preset(&self, name: &PresetName, said: &Document, _: Act<'_>) -> Result<KeptPreset, PresetError> {
        let taken = *name == presets::grid().at.name;
        if taken { Err(PresetError::Duplicate) } else { Ok(presets::kept(name, 1, said)) }
    }
    async fn put_preset(
        &self,
        name: &PresetName,
        said: &Document,
        seen: Option<u64>,
        _: Act<'_>,
    ) -> Result<Put, PresetError> {
        let version = presets::grid().at.version;
        match seen {
            Some(seen) if seen != version => Err(PresetError::VersionConflict(version)),
            _ if *name == presets::grid().at.name => Ok(Put::Replaced(presets::kept(name, version + 1, said))),
            _ => Ok(Put::Created(presets::kept(name, 1, said))),
        }
    }
    async fn delete_preset(&self, name: &PresetName, _: Option<u64>, act: Act<'_>) -> Result<(), PresetError> {
        self.preset(name, act).await.map(drop)
    }
    async fn accounts(&self, of: &UserId) -> Result<(bool, Vec<Account>), ActError> {
        self.acted((false, if *of == user() { vec![account()] } else { Vec::new() }))
    }
    async fn halt(&self, _: Option<&str>, _: &str, _: Act<'_>) -> Result<Halted, ActError> {
        let in_flight = vec![position().orders[0].clone()];
        self.acted(Halted { accounts: vec![account()], cancelling: Vec::new(), in_flight })
    }
    async fn preview(&self, _: Option<&str>, _: Act<'_>) -> Result<Resumed, ActError> {
        self.acted(Resumed { accounts: vec![account()], would_start: Vec::new() })
    }
    async fn resume(&self, _: Option<&str>, _: &str, _: Act<'_>) -> Result<Resumed, ActError> {
        self.acted(Resumed { accounts: vec![account()], would_start: Vec::new() })
    }
    async fn trades(
        &self,
        of: &UserId,
        wanted: &WantedTrades,
        page: &PageRequest,
    ) -> Result<Page<Position>, StoreError> {
        Ok(trades::listed(of, wanted, page))
    }
    async fn profits(&self, of: &UserId, wanted: &WantedTrades) -> Result<Profits, ProfitError> {
        Ok(trades::summed(of, wanted))
    }
    async fn recovery(&self, _: Act<'_>) -> Result<Recovery, StoreError> {
        Ok(recovery())
    }

    async fn start_recovery(&self, _: Act<'_>) -> Result<Recovery, StoreError> {
        Ok(recovery())
    }

    async fn confirm_recovery(&self, _: &Word, _: Act<'_>) -> Result<Recovery, ConfirmError> {
        Err(ConfirmError::NotReady(vec![account().id]))
    }

    async fn halt_system(&self, _: bool, _: &str, _: Act<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn reconciliation(&self, of: &UserId, named: Option<&str>) -> Result<Vec<Compared>, ActError> {
        let known = named.is_none_or(|named| named == "default");
        let mine = if *of == user() && known { vec![reconciliation::compared()] } else { Vec::new() };
        if known { Ok(mine) } else { Err(ActError::UnknownAccount) }
    }
    async fn look_now(&self, id: &AccountId, _: Act<'_>) -> Result<Compared, ActError> {
        let compared = reconciliation::compared();
        if compared.account.id == *id { self.acted(compared) } else { Err(ActError::NoAccount) }
    }
    async fn accept(&self, id: &AccountId, _: &ProposalId, _: &str, act: Act<'_>) -> Result<Compared, ActError> {
        self.look_now(id, act).await
    }
    async fn doctor(&self, _: &UserId, keeper: bool, _: Timestamp) -> Result<Vec<Check>, StoreError> {
        if keeper {
            return Ok(vec![Check::ok("concurrency", "1000 at once")]);
        }
        let next = "see the log";
        Ok(vec![Check::ok("watch", "answers"), Check::fail("clock", "2000 ms behind", next), Check::ok("halt", "none")])
    }
    async fn parked(&self, of: &UserId, _: &PageRequest) -> Result<Page<Parked>, StoreError> {
        let theirs = (*of == user() || *of == deployment()).then(|| parked(of));
        Ok(Page { items: theirs.into_iter().collect(), next: None })
    }
    async fn find_parked(&self, id: &ParkedId, _: Sees, act: Act<'_>) -> Result<Parked, ActError> {
        let found = Some(parked(act.user)).filter(|parked| parked.id == *id && *act.user == user());
        self.acted(()).and_then(|()| found.ok_or(ActError::NoParked))
    }
    async fn retry_parked(&self, id: &ParkedId, sees: Sees, act: Act<'_>) -> Result<Parked, ActError> {
        self.find_parked(id, sees, act).await.map(|parked| parked.ended(Ended::Retried, None, AT))
    }
    async fn drop_parked(&self, id: &ParkedId, reason: &str, sees: Sees, act: Act<'_>) -> Result<Parked, ActError> {
        self.find_parked(id, sees, act).await.map(|parked| parked.ended(Ended::Dropped, Some(reason), AT))
    }
    fn calls(&self) -> u32 {
        0
    }
}

fn admitted(scopes: &[&str]) -> Guarded {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    Guarded::Admitted(Session::new(user(), scopes, None))
}

fn user() -> UserId {
    UserId::of(&["user"])
}

fn parked(owner: &UserId) -> Parked {
    Parked {
        id: ParkedId::at(AT, &["m"]),
        user: owner.clone(),
        subject: Subject::Message,
        letter: Some(Letter::new(Queue::Signals, None, "{".to_owned())),
        why: "not a message".to_owned(),
        times: 20,
        trace: String::new(),
        at: AT,
        end: None,
    }
}

fn group_id() -> GroupId {
    GroupId::of(&["group"])
}

/// A restored table whose account was looked at once: an order of nobody was found.
fn recovery() -> Recovery {
    let stray = Stray {
        client_id: domain::ids::ClientOrderId::from_stored("mabc12345678901234"),
        venue_id: "42".to_owned(),
        market: market().key,
        direction: Direction::Buy,
        quantity: "1".parse().unwrap(),
        filled: "0.5".parse().unwrap(),
        status: Status::PartiallyFilled,
        accepted_at: AT,
    };
    let table = TableId::new("new");
    let report = Report {
        account: account().id,
        table: table.clone(),
        begun_at: AT,
        at: AT,
        merged: true,
        reached: None,
        since: AT,
        markets: 1,
        markets_left_out: 0,
        changes: Vec::new(),
        strays: vec![stray],
        holdings: Vec::new(),
    };
    let adopted = Some(Adoption { table: TableId::new("old"), at: AT, left_out: BTreeSet::new() });
    Recovery {
        table,
        adopted,
        accounts: vec![AccountRecovery { account: account(), report: Some(report), waits: true }],
    }
}

fn account() -> Account {
    let most: Amount = "1000".parse().unwrap();
    Account {
        id: AccountId::of(&["account"]),
        user: user(),
        exchange: "PAPER".parse().unwrap(),
        label: "default".to_owned(),
        limits: AccountLimits {
            open_groups_max: 10,
            exposure_max: most,
            order_quote_max: most,
            day_loss_max: most,
            leverage_max: domain::market::Leverage::ONE,
        },
        balances: BTreeMap::from([("USDT".parse().unwrap(), most)]),
        balance_at: AT,
        balance_told_at: AT,
        filled_at: Timestamp::default(),
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups: 1,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: AT.day(), amount: Amount::ZERO },
        halted: Some(Halt { at: AT, reason: "storm".to_owned(), kept_out: None, by_person: false }),
        pass_slot: 0,
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        live: BTreeMap::new(),
        exits: BTreeMap::new(),
        cooldowns: BTreeMap::new(),
        venue_paused_until: None,
        limited: false,
    }
}

fn position() -> Position {
    let bought = order(Purpose::Entry, Direction::Buy, OrderKind::Market, Status::Filled);
    let fee = Fee { asset: "USDT".parse().unwrap(), amount: "0.1".parse().unwrap(), value: FeeValue::Own };
    let (price, quantity) = ("100".parse().unwrap(), "1".parse().unwrap());
    let fills = BTreeMap::from([(TradeId("1".to_owned()), Fill { fee: Some(fee), price, quantity, at: AT })]);
    let limit = OrderKind::Limit("101.7".parse().unwrap());
    let resting = order(Purpose::TakeProfit(1), Direction::Sell, limit, Status::Open);
    Position { group: group(), orders: vec![Order { fills, ..bought }, resting] }
}

fn order(purpose: Purpose, direction: Direction, kind: OrderKind, status: Status) -> Order {
    let (quantity, reserved) = ("1".parse().unwrap(), Amount::ZERO);
    let intent = Intent {
        purpose,
        pyramid: 0,
        leg: 0,
        epoch: 0,
        direction,
        kind,
        stop: None,
        quantity,
        reserved,
        valid_until: None,
    };
    let submission = Some(Submission { sent_at: AT, by: AttemptId::new("x") });
    Order { status, submission, ..Order::plan("test", &group_id(), &intent, AT) }
}

fn group() -> Group {
    let at = DeliveryRef { user: user(), id: DeliveryId::of(&["d"]), key: Sha::of_bytes(b"k"), first_at: AT };
    Group {
        id: group_id(),
        account: account().id,
        user: user(),
        market: market(),
        timeframe: Some("15".parse().unwrap()),
        side: Side::Long,
        preset: None,
        plan: Preset::built_in()
            .unwrap()
            .plan
            .resolve(&market(), Side::Long, "100".parse().unwrap(), Default::default())
            .unwrap(),
        exits_at: None,
        status: GroupStatus::Closing,
        attention: None,
        drift: None,
        exit: Some(Exit { reason: ExitReason::User, at: AT }),
        settled: None,
        mark: Some(Mark { price: "103".parse().unwrap(), at: AT }),
        delivery: at,
        bot: Some(Box::new(ByBot { bot: BotId::at(AT, &["bot"]), run: RunId::at(AT, &["run"]) })),
        event_at: AT,
        opened_at: AT,
        trace: "trace".to_owned(),
        exposure: "100".parse().unwrap(),
        waiting: Vec::new(),
        pyramids: Default::default(),
        reductions: Vec::new(),
        stop_at_venue: false,
        tracked: Default::default(),
        version: 7,
    }
}

fn market() -> Market {
    let quantity = |text: &str| text.parse().unwrap();
    Market {
        key: MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() },
        filters: Filters {
            price_tick: "0.01".parse().unwrap(),
            quantity_step: quantity("0.00001"),
            quantity_min: quantity("0.00001"),
            notional_min: quantity("5"),
            most: Maxima::default(),
        },
        fee: Rate::ZERO,
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Polled,
        orders_max: None,
        at_venue: None,
    }
}
