//! Runs of bots: what goes on, what has ended, and what they have done.

use super::{in_words, parse};
use crate::guard::Caller;
use crate::page::{Asked, Listed};
use crate::whose::Looker;
use crate::{Api, problem};
use app::bots::{self, Reach};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use domain::bot;
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::ids::{RunId, UserId};
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use serde_json::json;
use wire::view::{BotLogEntry, BotRun, List, StopBot};

/// Where nobody says why.
const WISHED: &str = "wished by its user";
pub(super) const CLOSE_ONLY: &str = "With `close_only` the bot enters nothing more and still sends exit signals, until it is stopped \
     completely or started again. If its account has no open position, it is stopped at once. If a ladder has no stop (`GRID` has none \
     unless you set one), the bot's signals are the only exit when the price falls. At an exchange an API key can only stop a bot in this \
     way: its owner, logged in, stops it completely.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.post("/bots/{id}/stop", stop, |of| {
        of.says("stopBot", "Stop a bot: it decides on no more candles; its positions and orders stay")
            .details(CLOSE_ONLY)
            .needs(Permission::WRITE)
            .of("bot")
            .body::<StopBot>(&json!({"reason": "enough for today", "close_only": true}))
            .optional_body()
            .answers::<BotRun>(200)
            .refuses(409, &["never_started"])
    });
    let table = table.get("/bots/{id}/runs", list, |of| {
        of.says("listBotRuns", "List a bot's runs, newest first; a deleted bot's too")
            .details("A page may have fewer than are asked for, and go on.")
            .needs(Permission::READ)
            .of("bot")
            .of_others()
            .page::<BotRun>()
    });
    let table = table.get("/bots/{id}/runs/{run}", show, |of| {
        of.says("getBotRun", "Get a run of a bot").needs(Permission::READ).of("bot").of_others().answers::<BotRun>(200)
    });
    table.get("/bots/{id}/runs/{run}/log", log, |of| {
        of.says("listBotRunLog", "List the log of a run of the last 90 days, newest first")
            .needs(Permission::READ)
            .of("bot")
            .of_others()
            .page::<BotLogEntry>()
    })
}

async fn stop(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<BotRun>, Problem> {
    let StopBot { reason, close_only } = body::read_optional(&body)?;
    let bot = bots::find(&api.store, &caller.session.user, &parse(&id)?).await.map_err(|error| problem::bot(&error))?;
    match bot.run {
        Some(run) => stopped(&api, &caller, &run, (close_only, reason.as_deref())).await,
        None => Err(problem::never_started()),
    }
}

pub(super) async fn stopped(
    api: &Api,
    caller: &Caller,
    run: &RunId,
    (close_only, reason): (bool, Option<&str>),
) -> Result<Json<BotRun>, Problem> {
    let reach = if close_only { Reach::Entries } else { Reach::Whole };
    let stopped = bots::stop(&api.store, run, reach, reason.unwrap_or(WISHED), caller.act()).await;
    let run = stopped.map_err(|error| problem::bot(&error))?;
    caller.invocation.touched(&run.id);
    caller.invocation.outcome(if run.ended.is_some() { "bot stopped" } else { "bot is close only" });
    shown(&run, caller.act().now)
}

async fn list(
    State(api): State<Api>,
    Looker { caller, owner }: Looker,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Json<List<BotRun>>, Problem> {
    let bot = parse(&id)?;
    let name = format!("bots/{bot}/runs");
    let list = Listed { name: &name, user: &owner };
    let page = bots::runs(&api.store, &owner, &bot, &asked.page(list)?).await.map_err(|error| problem::bot(&error))?;
    let now = caller.act().now;
    asked.answer(list, page, |run| view(run, now)).map(Json)
}

async fn show(
    State(api): State<Api>,
    Looker { caller, owner }: Looker,
    Path(ids): Path<(String, String)>,
) -> Result<Json<BotRun>, Problem> {
    shown(&of_bot(&api, &owner, ids).await?, caller.act().now)
}

async fn log(
    State(api): State<Api>,
    Looker { owner, .. }: Looker,
    Path(ids): Path<(String, String)>,
    asked: Asked,
) -> Result<Json<List<BotLogEntry>>, Problem> {
    let run = of_bot(&api, &owner, ids).await?;
    logged(&api, &owner, &run.id, &asked).await
}

/// A run where it is one of this bot's, which may have been taken away.
async fn of_bot(api: &Api, owner: &UserId, ids: (String, String)) -> Result<bot::Run, Problem> {
    let bot = parse(&ids.0)?;
    let run = found(api, owner, &ids.1).await?;
    if run.bot == bot { Ok(run) } else { Err(Problem::not_found("bot run")) }
}

pub(super) async fn found(api: &Api, owner: &UserId, id: &str) -> Result<bot::Run, Problem> {
    bots::find_run(&api.store, owner, &of(id)?).await.map_err(|error| problem::bot(&error))
}

pub(super) async fn logged(
    api: &Api,
    owner: &UserId,
    id: &RunId,
    asked: &Asked,
) -> Result<Json<List<BotLogEntry>>, Problem> {
    let name = format!("bots/runs/{id}");
    let list = Listed { name: &name, user: owner };
    let page = bots::log(&api.store, owner, id, &asked.page(list)?).await.map_err(|error| problem::bot(&error))?;
    asked.answer(list, page, |entry| Ok(BotLogEntry::from(entry))).map(Json)
}

pub(super) fn shown(run: &bot::Run, now: Timestamp) -> Result<Json<BotRun>, Problem> {
    view(run, now).map(Json)
}

fn view(run: &bot::Run, now: Timestamp) -> Result<BotRun, Problem> {
    BotRun::of(run, in_words(&run.terms), now).map_err(|error| problem::unshown(&error))
}

/// What can be no id is not there, as an unknown one is not.
pub(super) fn of(id: &str) -> Result<RunId, Problem> {
    RunId::parse(id).map_err(|_| Problem::not_found("bot run"))
}
