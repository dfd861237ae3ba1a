//! `/halt` and `/resume`

use super::orders::view;
use crate::guard::Caller;
use crate::whose::Looker;
use crate::{Api, problem};
use app::trading;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::account::{Account, Entries};
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::order::Order;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use serde_json::json;
use store::trading::Trading;
use wire::member::Moment;
use wire::view::{self as shown, AccountState, HaltAnswer, HaltStates, ResumeAnswer};
use wire::view::{HaltRequest, ResumeRequest};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("halt", "Halt and resume new entries.");
    let table = table.get("/halt", show, |of| {
        of.says("listAccountStates", "List accounts with halt, balances, reservations and limits")
            .needs(Permission::READ)
            .of_others()
            .answers::<HaltStates>(200)
    });
    let table = table.post("/halt", halt, |of| {
        of.repeatable()
            .says("haltEntries", "Halt new entries, and cancel those that wait; or only let none start")
            .needs(Permission::WRITE)
            .body::<HaltRequest>(&json!({"reason": "news at two"}))
            .answers::<HaltAnswer>(202)
            .refuses(404, &["not_found"])
            .refuses(409, &["ambiguous_account"])
    });
    table.post("/resume", resume, |of| {
        of.says("resumeEntries", "Resume entries; with `dry_run`, only show which would start")
            .details(
                "Only a logged-in user can lift a halt that a logged-in user has set. An API key lifts halts \
                 set by API keys.",
            )
            .needs(Permission::WRITE)
            .body::<ResumeRequest>(&json!({"reason": "it is over", "dry_run": true}))
            .answers::<ResumeAnswer>(200)
            .refuses(404, &["not_found"])
            .refuses(409, &["ambiguous_account", "halted_in_person", "halted_meanwhile", "kept_out"])
    })
}

pub(super) async fn show(State(api): State<Api>, looker: Looker) -> Result<Json<HaltStates>, Problem> {
    let accounts = trading::accounts(&api.store, &looker.owner, None).await.map_err(|error| problem::act(&error))?;
    let system = Trading(&api.store).load_system().await.map_err(|error| problem::store(&error))?;
    Ok(Json(HaltStates { system_halted: system.halted, accounts: states(&accounts, looker.caller.invocation.now()) }))
}

pub(super) async fn halt(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<HaltAnswer>), Problem> {
    let asked: HaltRequest = body::read(&body)?;
    let (account, reason, act) = (asked.account.as_deref(), &*asked.reason, caller.act());
    let until = asked.until.map(|Moment(until)| until);
    let halted = match asked.entries.map_or(Entries::Halted, |entries| entries.0) {
        Entries::Halted if until.is_some() => {
            return Err(problem::invalid("until", "until must be left out: a halt lasts until you resume entries"));
        }
        Entries::Halted => Box::pin(trading::halt(&api.store, account, reason, act)).await,
        Entries::Reducing if until.is_some_and(|until| until <= act.now) => {
            return Err(problem::invalid("until", "until must be a time to come"));
        }
        Entries::Reducing => trading::reduce(&api.store, account, (reason, until), act).await,
        Entries::Active => {
            return Err(problem::invalid(
                "entries",
                "entries must be halted or reducing: POST /api/v1/resume resumes them",
            ));
        }
    };
    let halted = halted.map_err(|error| problem::act(&error))?;
    caller.invocation.outcome("halted");
    let answer = HaltAnswer {
        accounts: states(&halted.accounts, caller.invocation.now()),
        cancelling: orders(&halted.cancelling)?,
        in_flight: orders(&halted.in_flight)?,
    };
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

pub(super) async fn resume(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Json<ResumeAnswer>, Problem> {
    let asked: ResumeRequest = body::read(&body)?;
    let account = asked.account.as_deref();
    let resumed = if asked.dry_run {
        trading::preview(&api.store, account, caller.act()).await
    } else {
        trading::resume(&api.store, account, &asked.reason, caller.act()).await
    };
    let resumed = resumed.map_err(|error| problem::act(&error))?;
    caller.invocation.outcome(if asked.dry_run { "previewed" } else { "resumed" });
    let accounts = states(&resumed.accounts, caller.invocation.now());
    Ok(Json(ResumeAnswer { dry_run: asked.dry_run, accounts, would_start: orders(&resumed.would_start)? }))
}

pub(super) fn states(accounts: &[Account], now: Timestamp) -> Vec<AccountState> {
    accounts.iter().map(|account| AccountState::of(account, now)).collect()
}

pub(super) fn orders(orders: &[Order]) -> Result<Vec<shown::Order>, Problem> {
    orders.iter().map(view).collect()
}
