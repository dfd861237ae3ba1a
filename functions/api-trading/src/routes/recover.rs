//! `/recover` and `/system`: what is of the whole deployment, and so asks for a scope of its own.

use crate::guard::Caller;
use crate::{Api, problem};
use app::recover::{self, AccountRecovery, Recovery, Word};
use app::trading;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::identity::Permission;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use serde_json::json;
use wire::member::Written;
use wire::view::{ConfirmRequest, ReasonRequest};
use wire::view::{RecoveryAccount, RecoveryState, SystemAnswer};

const HALT: &str = "Once this is answered, no entry of any account starts, except those that are being sent. Entries that rest at an \
                    exchange stay there and may be filled: `POST /halt` cancels those of your accounts. Closes, take-profits and stops go \
                    on.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("system", "Actions on the whole deployment.");
    let table = table.get("/recover", show, |of| {
        of.says("getRecovery", "Get whether a restored table is recovered, and what each account waits for")
            .needs(Permission::SYSTEM)
            .key_needs(Permission::READ)
            .answers::<RecoveryState>(200)
    });
    let table = table.post("/recover", start, |of| {
        of.repeatable()
            .says("startRecovery", "Start checking all accounts that wait for recovery")
            .needs(Permission::SYSTEM)
            .key_needs(Permission::WRITE)
            .answers::<RecoveryState>(202)
    });
    let table = table.post("/recover/confirm", confirm, |of| {
        of.says("confirmRecovery", "Confirm that trading resumes on this table")
            .needs(Permission::SYSTEM)
            .in_person()
            .body::<ConfirmRequest>(&json!({"reason": "restored to yesterday noon"}))
            .answers::<RecoveryState>(200)
            .refuses(409, &["recovery_not_ready"])
    });
    let table = table.post("/system/halt", halt, |of| {
        of.repeatable()
            .says("haltDeployment", "Halt entries of the whole deployment")
            .details(HALT)
            .needs(Permission::SYSTEM)
            .key_needs(Permission::WRITE)
            .body::<ReasonRequest>(&json!({"reason": "the venue is down"}))
            .answers::<SystemAnswer>(202)
    });
    table.post("/system/resume", resume, |of| {
        of.says("resumeDeployment", "Resume entries of the deployment, except for halted accounts")
            .needs(Permission::SYSTEM)
            .in_person()
            .body::<ReasonRequest>(&json!({"reason": "the venue is back"}))
            .answers::<SystemAnswer>(200)
            .refuses(409, &["halted_meanwhile"])
    })
}

pub(super) async fn show(State(api): State<Api>, caller: Caller) -> Result<Json<RecoveryState>, Problem> {
    let recovery = recover::state(&api.store, caller.act()).await.map_err(|error| problem::store(&error))?;
    Ok(Json(view(&recovery)))
}

pub(super) async fn start(
    State(api): State<Api>,
    caller: Caller,
) -> Result<(StatusCode, Json<RecoveryState>), Problem> {
    let recovery = recover::start(&api.store, caller.act()).await.map_err(|error| problem::store(&error))?;
    caller.invocation.outcome(match recovery.waiting().count() {
        0 => "recovered already".to_owned(),
        waiting => format!("recovery of {waiting} accounts asked for"),
    });
    Ok((StatusCode::ACCEPTED, Json(view(&recovery))))
}

pub(super) async fn confirm(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<RecoveryState>, Problem> {
    let ConfirmRequest { reason, leave_out } = body::read(&body)?;
    let leave_out = leave_out.into_iter().map(|Written(account)| account).collect();
    let word = Word { reason: reason.to_string(), leave_out };
    let recovery = recover::confirm(&api.store, &word, caller.act()).await;
    let recovery = recovery.map_err(|error| problem::confirm(&error))?;
    caller.invocation.outcome("recovery confirmed");
    Ok(Json(view(&recovery)))
}

pub(super) async fn halt(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<SystemAnswer>), Problem> {
    let asked: ReasonRequest = body::read(&body)?;
    let halted = trading::halt_system(&api.store, &asked.reason, caller.act()).await;
    halted.map_err(|error| problem::store(&error))?;
    caller.invocation.outcome("system halted");
    Ok((StatusCode::ACCEPTED, Json(SystemAnswer { system_halted: true })))
}

pub(super) async fn resume(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Json<SystemAnswer>, Problem> {
    let asked: ReasonRequest = body::read(&body)?;
    let resumed = trading::resume_system(&api.store, &asked.reason, caller.act()).await;
    resumed.map_err(|error| problem::act(&error))?;
    caller.invocation.outcome("system resumed");
    Ok(Json(SystemAnswer { system_halted: false }))
}

fn view(recovery: &Recovery) -> RecoveryState {
    let account = |of: &AccountRecovery| RecoveryAccount::of(&of.account, of.waits, of.report.as_ref());
    let accounts = recovery.accounts.iter().map(account).collect();
    RecoveryState::of(&recovery.table, recovery.adopted.as_ref(), accounts)
}
