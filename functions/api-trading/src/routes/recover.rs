//! `/recover` and `/system`: what is of the whole deployment, and so asks for a scope of its own.

use crate::guard::Caller;
use crate::{Desk, body, problem};
use app::recover::{AccountRecovery, Recovery};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::identity::Permission;
use lambda::api::Table;
use lambda::edge::Problem;
use serde_json::json;
use wire::view::{ConfirmRequest, ReasonRequest};
use wire::view::{RecoveryAccount, RecoveryState, SystemAnswer};

pub(super) fn routes<D: Desk, T: Table<D>>(table: T) -> T {
    let table = table.about("system", "What is of the whole deployment.");
    let table = table.get("/recover", show::<D>, |of| {
        of.says("Whether the table is recovered, and what each account waits for")
            .needs(Permission::SYSTEM)
            .key_needs(Permission::READ)
            .answers::<RecoveryState>(200)
    });
    let table = table.post("/recover", start::<D>, |of| {
        of.says("Have every account looked at that waits")
            .needs(Permission::SYSTEM)
            .key_needs(Permission::WRITE)
            .answers::<RecoveryState>(202)
    });
    let table = table.post("/recover/confirm", confirm::<D>, |of| {
        of.says("Act upon this table from now on")
            .needs(Permission::SYSTEM)
            .key_needs(Permission::WRITE)
            .body::<ConfirmRequest>(&json!({"reason": "restored to yesterday noon"}))
            .answers::<RecoveryState>(200)
            .refuses(409, &["recovery_not_ready"])
    });
    let table = table.post("/system/halt", halt::<D>, |of| {
        of.says("Nobody enters")
            .needs(Permission::SYSTEM)
            .key_needs(Permission::WRITE)
            .body::<ReasonRequest>(&json!({"reason": "the venue is down"}))
            .answers::<SystemAnswer>(202)
    });
    table.post("/system/resume", resume::<D>, |of| {
        of.says("Whoever is not halted may enter")
            .needs(Permission::SYSTEM)
            .key_needs(Permission::WRITE)
            .body::<ReasonRequest>(&json!({"reason": "the venue is down"}))
            .answers::<SystemAnswer>(200)
    })
}

pub(super) async fn show<D: Desk>(State(desk): State<D>, caller: Caller) -> Result<Json<RecoveryState>, Problem> {
    let recovery = desk.recovery(caller.act()).await.map_err(|error| problem::store(&error))?;
    Ok(Json(view(&recovery)))
}

pub(super) async fn start<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
) -> Result<(StatusCode, Json<RecoveryState>), Problem> {
    let recovery = desk.start_recovery(caller.act()).await.map_err(|error| problem::store(&error))?;
    caller.invocation.outcome(match recovery.waiting().count() {
        0 => "recovered already".to_owned(),
        waiting => format!("recovery of {waiting} accounts asked for"),
    });
    Ok((StatusCode::ACCEPTED, Json(view(&recovery))))
}

pub(super) async fn confirm<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<RecoveryState>, Problem> {
    let word = body::confirm(&body)?;
    let recovery = desk.confirm_recovery(&word, caller.act()).await;
    let recovery = recovery.map_err(|error| problem::confirm(&error))?;
    caller.invocation.outcome("recovery confirmed");
    Ok(Json(view(&recovery)))
}

pub(super) async fn halt<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<SystemAnswer>), Problem> {
    set(&desk, &caller, &body, true).await.map(|answer| (StatusCode::ACCEPTED, Json(answer)))
}

pub(super) async fn resume<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<SystemAnswer>, Problem> {
    set(&desk, &caller, &body, false).await.map(Json)
}

async fn set<D: Desk>(desk: &D, caller: &Caller, body: &[u8], halted: bool) -> Result<SystemAnswer, Problem> {
    let asked = body::reason_alone(body)?;
    desk.halt_system(halted, &asked.reason, caller.act()).await.map_err(|error| problem::store(&error))?;
    caller.invocation.outcome(if halted { "system halted" } else { "system resumed" });
    Ok(SystemAnswer { system_halted: halted })
}

fn view(recovery: &Recovery) -> RecoveryState {
    let account = |of: &AccountRecovery| RecoveryAccount::of(&of.account, of.waits, of.report.as_ref());
    let accounts = recovery.accounts.iter().map(account).collect();
    RecoveryState::of(&recovery.table, recovery.adopted.as_ref(), accounts)
}
