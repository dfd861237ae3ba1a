//! `/sessions`: where somebody is logged in.

use super::run;
use crate::{Api, problem};
use app::identity;
use app::ports::Login;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::SessionId;
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::page::{Asked, Listed, newest_first};
use wire::view::{self, List, Session};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("sessions", "Sessions of logged-in users.");
    let table = table.get("", list, |of| {
        of.says("listSessions", "List your sessions, newest first")
            .session()
            .page::<Session>()
            .at_most(domain::limits::SESSIONS_PER_USER_MAX)
    });
    table.delete("/{id}", end, |of| of.says("endSession", "End a session").session().of("session").answers_nothing())
}

pub(super) async fn list(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Json<List<Session>>, Problem> {
    let list = Listed { name: "sessions", user: &caller.session.user };
    let sessions =
        identity::sessions(&api.store, &caller.session.user, run(&caller.invocation)).await.map_err(problem::of)?;
    let place = |login: &Login| newest_first(login.created_at, login.id.as_str());
    asked.part(list, sessions, place, |login| Ok(shown(login, caller.session.login.as_ref()))).map(Json)
}

/// `by` is the one that asks.
pub(crate) fn shown(login: &Login, by: Option<&SessionId>) -> Session {
    Session {
        id: login.id.to_string(),
        ip_address: login.origin.address.clone(),
        user_agent: login.origin.user_agent.clone(),
        created_at: view::time(login.created_at),
        expires_at: view::time(login.expires_at),
        refresh_expires_at: login.refreshable_until().map(view::time),
        last_seen: Some(view::time(login.seen_at)),
        current: by == Some(&login.id),
    }
}

pub(super) async fn end(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let id = SessionId::parse(&id).map_err(|_| Problem::not_found("session"))?;
    identity::end(&api.store, &caller.session.user, &id).await.map_err(problem::of)?;
    caller.invocation.outcome("session ended");
    Ok(StatusCode::NO_CONTENT)
}
