//! `/auth`: in, out, and on.

use super::run;
use crate::given::{From, Given};
use crate::{Desk, problem};
use app::identity::{Credentials, Invited, LoggedIn, Registered};
use app::ports::Secret;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::ids::SessionId;
use lambda::Invocation;
use lambda::edge::Problem;
use lambda::guard::{Admin, Caller, bearer};
use wire::view::{self, Entered, Refreshed, Success};

pub(super) async fn log_in<D: Desk>(
    State(desk): State<D>,
    invocation: Invocation,
    From(origin): From,
    body: Bytes,
) -> Result<Json<Entered>, Problem> {
    let mut given = Given::read(&body, &["email", "password"])?;
    let credentials = Credentials { email: given.value("email")?, password: given.password("password")?, origin };
    let logged_in = desk.log_in(credentials, run(&invocation)).await.map_err(problem::of)?;
    invocation.touched(&logged_in.user.id);
    invocation.outcome("logged in");
    Ok(Json(entered(&logged_in)))
}

/// By the deployment's code, or by oneself where that is open; an admin registers others.
pub(super) async fn register<D: Desk>(
    State(desk): State<D>,
    admin: Option<Admin>,
    invocation: Invocation,
    From(origin): From,
    body: Bytes,
) -> Result<(StatusCode, Json<Entered>), Problem> {
    let mut given = Given::read(&body, &["email", "username", "password", "role", "bootstrap_code"])?;
    let invited = match (&admin, given.secret("bootstrap_code")?) {
        (_, Some(code)) => Invited::Code(code),
        (Some(Admin(admin)), None) => Invited::By(&admin.session),
        (None, None) => Invited::Oneself { is_open: desk.is_open() },
    };
    let registration = given.registration(origin)?;
    let registered = desk.register(registration, invited, run(&invocation)).await.map_err(problem::of)?;
    invocation.outcome("registered");
    Ok((
        StatusCode::CREATED,
        Json(match &registered {
            Registered::In(logged_in) => entered(logged_in),
            Registered::Made(user) => Entered { user: view::User::from(&**user), token: None, expires_at: None },
        }),
    ))
}

pub(super) async fn log_out<D: Desk>(
    State(desk): State<D>,
    invocation: Invocation,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Success>, Problem> {
    let (caller, login) = whose(&desk, invocation, &headers, &body).await?;
    desk.end(&caller.session.user, &login).await.map_err(problem::of)?;
    caller.invocation.outcome("logged out");
    Ok(Json(Success { success: true }))
}

pub(super) async fn refresh<D: Desk>(
    State(desk): State<D>,
    invocation: Invocation,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Refreshed>, Problem> {
    let (caller, login) = whose(&desk, invocation, &headers, &body).await?;
    let refreshed = desk.refresh(&caller.session.user, &login, run(&caller.invocation)).await.map_err(problem::of)?;
    caller.invocation.outcome("refreshed");
    let expires_at = view::time(refreshed.login.expires_at);
    Ok(Json(Refreshed { new_token: refreshed.token.expose().to_owned(), expires_at }))
}

pub(super) async fn reset_password<D: Desk>(
    State(desk): State<D>,
    invocation: Invocation,
    From(origin): From,
    body: Bytes,
) -> Result<Json<Success>, Problem> {
    let mut given = Given::read(&body, &["token", "new_password"])?;
    let token = given.secret("token")?.ok_or_else(|| Problem::field("token", "token is required"))?;
    let new = given.new_password("new_password")?;
    desk.reset_password(&token, &new, &origin, run(&invocation)).await.map_err(problem::of)?;
    invocation.outcome("password reset");
    Ok(Json(Success { success: true }))
}

/// The session whose token stands in the header, or in the body where the specification has it.
async fn whose<D: Desk>(
    desk: &D,
    invocation: Invocation,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(Caller, SessionId), Problem> {
    let in_body = |body: &[u8]| -> Result<Option<Secret>, Problem> {
        if body.is_empty() { Ok(None) } else { Given::read(body, &["token"])?.secret("token") }
    };
    let token = match bearer(headers) {
        Some(token) => Some(token),
        None => in_body(body)?,
    };
    let caller = Caller::enter(desk, invocation, token, None).await?;
    // A program's key is no session.
    let login = caller.session.login.clone().ok_or_else(|| Problem::not_found("session"))?;
    Ok((caller, login))
}

fn entered(logged_in: &LoggedIn) -> Entered {
    Entered {
        user: view::User::from(&logged_in.user),
        token: Some(logged_in.token.expose().to_owned()),
        expires_at: Some(view::time(logged_in.login.expires_at)),
    }
}
