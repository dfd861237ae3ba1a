//! The same bots by the paths of `003`.

use super::runs::{CLOSE_ONLY, found, logged, of, shown, stopped};
use super::{IN_PERSON, example, listed, started, starting, text};
use crate::guard::Caller;
use crate::page::Asked;
use crate::{Api, problem};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::identity::Permission;
use lambda::api::{ALIASES, SECOND_NAMES, Table};
use lambda::body;
use lambda::edge::Problem;
use serde_json::json;
use wire::bot::Starts;
use wire::view::{Bot, BotLogEntry, BotRun, List, StartBot, StopRun};

pub(in crate::routes) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about(ALIASES, SECOND_NAMES);
    let table = table.post("/start", start, |of| {
        let of = of
            .says("startBotOrCreate", "Start a stored bot by `bot_id`, or create one and start it")
            .details(IN_PERSON);
        let of = of.needs(Permission::WRITE).body_shown_as::<StartBot>(&example());
        starting(of.refuses(404, &["not_found"])).refuses(409, &["too_many_bots"])
    });
    let table = table.post("/stop", stop, |of| {
        of.repeatable()
            .says("stopRun", "Stop a run")
            .details(CLOSE_ONLY)
            .needs(Permission::WRITE)
            .body::<StopRun>(&json!({"bot_run_id": "run_01aaaaaaaaaaaaaaaaaaaaaaaa"}))
            .answers::<BotRun>(200)
            .refuses(404, &["not_found"])
    });
    let table = table.get("/status/{id}", status, |of| {
        of.says("getRun", "Get a run").needs(Permission::READ).of("bot run").answers::<BotRun>(200)
    });
    let table = table.get("/list/{id}", list, |of| {
        of.says("listUserBots", "List a user's bots")
            .needs(Permission::READ)
            .of("user")
            .page::<Bot>()
            .at_most(domain::limits::BOTS_PER_USER_MAX)
    });
    table.get("/logs/{id}", logs, |of| {
        of.says("listRunLog", "List the log of a run, newest first")
            .needs(Permission::READ)
            .of("bot run")
            .page::<BotLogEntry>()
    })
}

async fn start(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<(StatusCode, Json<BotRun>), Problem> {
    let (user, what) = Starts::read(&text(&body)).map_err(|wrong| problem::body(&wrong))?;
    if user.is_some_and(|user| user != caller.session.user) {
        return Err(Problem::not_found("user"));
    }
    started(&api, &caller, what).await
}

async fn stop(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Json<BotRun>, Problem> {
    let StopRun { bot_run_id, reason, close_only } = body::read(&body)?;
    stopped(&api, &caller, &of(&bot_run_id)?, (close_only, reason.as_deref())).await
}

async fn status(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Json<BotRun>, Problem> {
    shown(&found(&api, &caller.session.user, &id).await?, caller.act().now)
}

/// Another user's are not there.
async fn list(
    State(api): State<Api>,
    caller: Caller,
    Path(user): Path<String>,
    asked: Asked,
) -> Result<Json<List<Bot>>, Problem> {
    if user != caller.session.user.as_str() {
        return Err(Problem::not_found("user"));
    }
    listed(&api, &caller.session.user, &asked).await
}

async fn logs(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Json<List<BotLogEntry>>, Problem> {
    logged(&api, &caller.session.user, &of(&id)?, &asked).await
}
