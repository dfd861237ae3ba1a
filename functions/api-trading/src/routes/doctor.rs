//! `/doctor`

use crate::guard::Caller;
use crate::{Api, problem};
use app::doctor::{self, Check, State as Health};
use axum::Json;
use axum::extract::State;
use domain::identity::Permission;
use lambda::api::Table;
use lambda::edge::Problem;
use wire::view;

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.about("doctor", "Checks of accounts and of the deployment.").get("/doctor", show, |of| {
        of.says("getDiagnostics", "Get checks of your accounts; of the whole deployment with `system`")
            .needs(Permission::READ)
            .answers::<view::Doctor>(200)
    })
}

pub(super) async fn show(State(api): State<Api>, caller: Caller) -> Result<Json<view::Doctor>, Problem> {
    let keeper = caller.runs_the_system();
    let checks = doctor::ask(&api.store, &caller.session.user, keeper, caller.invocation.now()).await;
    let checks = checks.map_err(|error| problem::store(&error))?;
    let worst = checks.iter().map(|check| check.state).max().unwrap_or(Health::Ok);
    Ok(Json(view::Doctor { state: word(worst), checks: checks.into_iter().map(check).collect() }))
}

fn check(check: Check) -> view::Check {
    let Check { name, state, meaning, next } = check;
    view::Check { name: name.to_owned(), state: word(state), meaning, next: next.map(str::to_owned) }
}

fn word(state: Health) -> view::CheckState {
    match state {
        Health::Ok => view::CheckState::Ok,
        Health::Warn => view::CheckState::Warn,
        Health::Fail => view::CheckState::Fail,
    }
}
