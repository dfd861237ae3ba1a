//! `/reconciliation`: where accounts and their venues differ, and the repairs that their user accepts.

use crate::Api;
use crate::guard::Caller;
use crate::problem::{self, invalid};
use crate::whose::Looker;
use app::trading::{self, Compared};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::ids::AccountId;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use serde::Deserialize;
use serde_json::json;
use wire::member::Written;
use wire::view::{AcceptRequest, AccountReconciliation, Reconciliation};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table =
        table.about("reconciliation", "Differences between accounts and their exchanges, with proposed repairs.");
    let table = table.get("/reconciliation", show, |of| {
        of.says("listDifferences", "List differences between accounts and exchanges, each with a proposed repair")
            .needs(Permission::READ)
            .of_others()
            .query("account", &json!({"type": "string"}), "one account's alone, by its id or label")
            .answers::<Reconciliation>(200)
            .refuses(409, &["ambiguous_account"])
    });
    let table = table.post("/reconciliation/{id}/run", run, |of| {
        of.repeatable()
            .says("startReconciliation", "Start a reconciliation of an account; returns the state before it")
            .needs(Permission::WRITE)
            .of("account")
            .answers::<AccountReconciliation>(202)
    });
    table.post("/reconciliation/{id}/accept", accept, |of| {
        of.says("acceptRepair", "Accept a proposed repair and apply it")
            .details(
                "A logged-in user accepts it, after a check at the exchange, while it is still proposed. For \
                 what only you can do, the proposal names the route.",
            )
            .needs(Permission::WRITE)
            .in_person()
            .of("account")
            .body::<AcceptRequest>(
                &json!({"proposal": "prp_4qvx6rtd2m5kq3yv7ojw2ubzni", "reason": "sold at the venue by hand"}),
            )
            .answers::<AccountReconciliation>(202)
            .refuses(409, &["already_closed", "no_repair", "proposal_gone"])
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct Named {
    account: Option<String>,
}

pub(super) async fn show(
    State(api): State<Api>,
    looker: Looker,
    named: Result<Query<Named>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Reconciliation>, Problem> {
    let Query(Named { account }) = named.map_err(|_| invalid("account", "account is given once, as text"))?;
    let compared = trading::reconciliation(&api.store, &looker.owner, account.as_deref()).await;
    let compared = compared.map_err(|error| problem::act(&error))?;
    let now = looker.caller.invocation.now();
    Ok(Json(Reconciliation { accounts: compared.iter().map(|compared| view(compared, now)).collect() }))
}

pub(super) async fn run(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<AccountReconciliation>), Problem> {
    let compared =
        trading::look_now(&api.store, &parse(&id)?, caller.act()).await.map_err(|error| problem::act(&error))?;
    caller.invocation.touched(&compared.account.id);
    Ok((StatusCode::ACCEPTED, Json(view(&compared, caller.invocation.now()))))
}

pub(super) async fn accept(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<AccountReconciliation>), Problem> {
    let id = parse(&id)?;
    let AcceptRequest { proposal: Written(proposal), reason } = body::read(&body)?;
    let compared = Box::pin(trading::accept(&api.store, &id, &proposal, &reason, caller.act()))
        .await
        .map_err(|error| problem::act(&error))?;
    caller.invocation.touched(&compared.account.id);
    caller.invocation.outcome("reconciled");
    Ok((StatusCode::ACCEPTED, Json(view(&compared, caller.invocation.now()))))
}

fn view(compared: &Compared, now: Timestamp) -> AccountReconciliation {
    AccountReconciliation::of(&compared.account, &compared.differences, now)
}

/// What is no id is not there, as an unknown one is not.
fn parse(id: &str) -> Result<AccountId, Problem> {
    AccountId::parse(id).map_err(|_| Problem::not_found("account"))
}
