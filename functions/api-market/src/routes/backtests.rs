//! `/backtests`: what a strategy would have made of candles that are kept.

use crate::{Api, problem};
use app::ports::StoreError;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::backtests::Backtest;
use domain::identity::Permission;
use domain::ids::BacktestId;
use domain::limits::BACKTESTS_COMPARED_MAX;
use lambda::api::Table;
use lambda::edge::{Problem, takes_gzip};
use lambda::guard::Caller;
use lambda::page::{self, Listed, newest_first};
use research::BacktestError;
use serde_json::{Value, json};
use strategies::Rules;
use wire::backtest::Asked;
use wire::view::{self, BacktestResult, ComparedBacktests, List, NewBacktest};

const TOPIC: &str = "The result of a strategy on stored candles.";
const WHAT: &str = "A worker runs it, or several do: follow its progress at `Location`. What cannot be played is \
                    refused at once, with the name of the option, or the path of the rule. It uses the candles that \
                    are stored between `since` and `until`: fetch missing ones with `POST /market-data/backfill`. If \
                    you send the same again while it runs, you get the same backtest. With a bot's `plan`, \
                    `confidence_min` and its account's `limits` it enters and exits as that bot does. Pyramids, \
                    stops with a delay and base orders with a limit are refused.";
const RESULT: &str = "What `moniqo backtest -o json` prints for the same candles and options. For a sweep it is the \
                      tries, best first, at most 1000; for a walk the steps. A result above 5 MB is only returned if \
                      you accept gzip, up to 4 MB compressed.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table
        .about("backtests", TOPIC)
        .post("", submit, |of| {
            of.says("createBacktest", "Create a backtest and start it")
                .details(WHAT)
                .needs(Permission::RESEARCH)
                .body_shown_as::<NewBacktest>(&example())
                .with_schemas(Rules::documented_parts())
                .answers::<view::Backtest>(202)
                .refuses(404, &["unknown_market"])
                .refuses(409, &["too_many_backtests", "contended"])
        })
        .get("", list, |of| {
            let of = of
                .says("listBacktests", "List your backtests, newest first")
                .details("For thirty days after they last went on.");
            of.needs(Permission::READ).page::<view::Backtest>()
        })
        .get("/compare", compare, |of| {
            let many = format!("2 to {BACKTESTS_COMPARED_MAX} of them, with commas between");
            of.says("compareBacktests", "Compare the figures of several backtests")
                .needs(Permission::READ)
                .query("ids", &json!({"type": "string"}), &many)
                .answers::<ComparedBacktests>(200)
                .refuses(404, &["not_found"])
                .refuses(409, &["not_done"])
        })
        .get("/{id}", show, |of| {
            let of = of
                .says("getBacktest", "Get a backtest's progress")
                .details("If its worker has not reported for long, another one is started.");
            of.needs(Permission::READ).of("backtest").answers::<view::Backtest>(200)
        })
        .get("/{id}/result", result, |of| {
            of.says("getBacktestResult", "Get a backtest's full result")
                .details(RESULT)
                .needs(Permission::READ)
                .of("backtest")
                .answers::<BacktestResult>(200)
                .refuses(409, &["not_done", "result_too_large"])
        })
        .post("/{id}/cancel", cancel, |of| {
            let of = of
                .repeatable()
                .says("cancelBacktest", "Cancel a backtest")
                .details("Its workers hear it before their next part. One that has ended stays.");
            of.needs(Permission::RESEARCH).of("backtest").answers::<view::Backtest>(200).refuses(409, &["contended"])
        })
}

fn example() -> Value {
    json!({
        "exchange": "BINANCE", "symbol": "BTCUSDT", "timeframe": "1h",
        "since": "2026-01-01T00:00:00Z", "until": "2026-04-01T00:00:00Z",
        "strategy": "ema_cross", "parameters": {"fast": "20", "slow": "50"}, "cash": "10000"
    })
}

type Begun = (StatusCode, [(HeaderName, String); 1], Json<view::Backtest>);

async fn submit(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Begun, Problem> {
    let now = caller.invocation.now();
    let asked = Asked::read(&String::from_utf8_lossy(&body), now).map_err(|wrong| problem::body(&wrong))?;
    let (attempt, trace) = (caller.invocation.attempt(), caller.invocation.trace());
    let (deps, user, most) = ((&api.store, &api.workers), &caller.session.user, api.backtests_at_once);
    let kept = research::submit(deps, asked, user, (attempt, &trace), most, now).await.map_err(problem::backtest)?;
    warn_of_no_worker(&kept.backtest, kept.begun);
    let at = format!("/api/v1/backtests/{}", kept.backtest.id);
    Ok((StatusCode::ACCEPTED, [(LOCATION, at)], Json(view::Backtest::of(&kept.backtest))))
}

async fn list(
    State(api): State<Api>,
    caller: Caller,
    asked: page::Asked,
) -> Result<Json<List<view::Backtest>>, Problem> {
    let kept = research::list(&api.store, &caller.session.user).await.map_err(problem::backtest)?;
    let of = Listed { name: "backtests", user: &caller.session.user };
    let place = |one: &Backtest| newest_first(one.created_at, one.id.as_str());
    asked.part(of, kept, place, |backtest| Ok(view::Backtest::of(backtest))).map(Json)
}

async fn show(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Json<view::Backtest>, Problem> {
    let (user, trace, now) = (&caller.session.user, caller.invocation.trace(), caller.invocation.now());
    let id = parse(&id)?;
    let found = research::look((&api.store, &api.workers), user, &id, &trace, now).await;
    let (found, begun) = found.map_err(problem::backtest)?;
    warn_of_no_worker(&found, begun);
    let asked = research::asked(&api.store, user, &id).await.map_err(problem::backtest)?;
    Ok(Json(view::Backtest::of(&found).with_asked(asked)))
}

/// Where no worker was begun, a look begins one.
fn warn_of_no_worker(backtest: &Backtest, begun: Result<(), StoreError>) {
    if let Err(error) = begun {
        tracing::warn!(backtest = %backtest.id, %error, "no worker was begun");
    }
}

/// As it is kept, to the letter; packed, to the byte.
async fn result(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (user, now) = (&caller.session.user, caller.invocation.now());
    let whole =
        research::result((&api.store, &api.objects), user, &parse(&id)?, now).await.map_err(problem::backtest)?;
    let kind = [(CONTENT_TYPE, "application/json"), (VARY, "accept-encoding")];
    if takes_gzip(&headers) {
        let packed = whole.packed().map_err(problem::backtest)?;
        return Ok((kind, [(CONTENT_ENCODING, "gzip")], packed).into_response());
    }
    Ok((kind, whole.told().map_err(problem::backtest)?).into_response())
}

async fn cancel(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<view::Backtest>, Problem> {
    let (user, now) = (&caller.session.user, caller.invocation.now());
    let ended = research::cancel(&api.store, user, &parse(&id)?, now).await.map_err(problem::backtest)?;
    Ok(Json(view::Backtest::of(&ended)))
}

async fn compare(
    State(api): State<Api>,
    caller: Caller,
    Compared(ids): Compared,
) -> Result<Json<ComparedBacktests>, Problem> {
    let found = research::compare(&api.store, &caller.session.user, &ids).await.map_err(problem::backtest)?;
    Ok(Json(ComparedBacktests { items: found.iter().map(view::Backtest::of).collect() }))
}

/// Those that `ids` names.
struct Compared(Vec<BacktestId>);

impl<S: Sync> FromRequestParts<S> for Compared {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let wrong = || problem::backtest(BacktestError::Compared);
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map_err(|_| wrong())?;
        let [(_, ids)] = pairs.as_slice() else { return Err(wrong()) };
        let ids = ids.split(',').map(BacktestId::parse).collect::<Result<_, _>>();
        ids.map(Self).map_err(|_| wrong())
    }
}

fn parse(id: &str) -> Result<BacktestId, Problem> {
    BacktestId::parse(id).map_err(|_| problem::backtest(BacktestError::NoBacktest))
}
