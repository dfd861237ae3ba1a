//! The same bots by the paths of `003`.

use super::runs::{CLOSE_ONLY, found, logged, of, reach, shown, stopped};
use super::{IN_PERSON, TOPIC, example, listed, started, starting, text};
use crate::body::{fields, text as member};
use crate::guard::Caller;
use crate::page::Asked;
use crate::{Desk, problem};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::identity::Permission;
use lambda::api::Table;
use lambda::edge::Problem;
use serde_json::json;
use wire::bot::Starts;
use wire::view::{Bot, BotLogEntry, BotRun, List, StartBot, StopRun};

pub(in crate::routes) fn routes<D: Desk, T: Table<D>>(table: T) -> T {
    let table = table.about("bots", TOPIC);
    let table = table.post("/start", start::<D>, |of| {
        let of = of.says("Start a bot that is kept, by `bot_id`, or keep a new one and start it").details(IN_PERSON);
        let of = of.needs(Permission::WRITE).body::<StartBot>(&example());
        starting(of.refuses(404, &["not_found"])).refuses(409, &["too_many_bots"])
    });
    let table = table.post("/stop", stop::<D>, |of| {
        of.says("Stop a run")
            .details(CLOSE_ONLY)
            .needs(Permission::WRITE)
            .body::<StopRun>(&json!({"bot_run_id": "run_01aaaaaaaaaaaaaaaaaaaaaaaa"}))
            .answers::<BotRun>(200)
            .refuses(404, &["not_found"])
    });
    let table = table.get("/status/{id}", status::<D>, |of| {
        of.says("One run").needs(Permission::READ).of("bot run").answers::<BotRun>(200)
    });
    let table = table.get("/list/{id}", list::<D>, |of| {
        of.says("Those of this user")
            .needs(Permission::READ)
            .of("user")
            .page::<Bot>()
            .at_most(domain::limits::BOTS_PER_USER_MAX)
    });
    table.get("/logs/{id}", logs::<D>, |of| {
        of.says("What a run has done, newest first").needs(Permission::READ).of("bot run").page::<BotLogEntry>()
    })
}

async fn start<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<BotRun>), Problem> {
    let (user, what) = Starts::read(&text(&body)).map_err(|wrong| problem::body(&wrong))?;
    if user.is_some_and(|user| user != caller.session.user) {
        return Err(Problem::not_found("user"));
    }
    started(&desk, &caller, what).await
}

async fn stop<D: Desk>(State(desk): State<D>, caller: Caller, body: Bytes) -> Result<Json<BotRun>, Problem> {
    let fields = fields(&body, &["bot_run_id", "close_only", "reason"])?;
    let (reach, reason) = (reach(&fields)?, member(&fields, "reason")?);
    let run = member(&fields, "bot_run_id")?.ok_or_else(|| problem::invalid("bot_run_id", "bot_run_id is required"))?;
    stopped(&desk, &caller, &of(&run)?, (reach, reason.as_deref())).await
}

async fn status<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<BotRun>, Problem> {
    shown(&found(&desk, &caller.session.user, &id).await?, caller.act().now)
}

/// Another user's are not there.
async fn list<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    Path(user): Path<String>,
    asked: Asked,
) -> Result<Json<List<Bot>>, Problem> {
    if user != caller.session.user.as_str() {
        return Err(Problem::not_found("user"));
    }
    listed(&desk, &caller.session.user, &asked).await
}

async fn logs<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Json<List<BotLogEntry>>, Problem> {
    logged(&desk, &caller.session.user, &of(&id)?, &asked).await
}
