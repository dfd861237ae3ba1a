//! `/auth`: in, out, and on.

use super::run;
use crate::given::{From, Given};
use crate::{Api, Registration, problem};
use app::identity::{self, Credentials, Invited, LoggedIn, Registered};
use app::ports::Secret;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::ids::SessionId;
use lambda::Invocation;
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::guard::{Admin, Caller, Door, bearer};
use serde_json::json;
use wire::view::{self, Entered, Refreshed, Success};
use wire::view::{LogIn, Register, ResetPassword, TokenAlone};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("auth", "Register, log in, log out, refresh the session, reset the password.");
    let table = table.post_by_address("/register", register, |of| {
        of.says(
            "registerUser",
            "Register a user: with the deployment's code, as an admin, or by oneself if registration is open",
        )
        .body::<Register>(&json!({"email": "ann@example.com", "username": "ann", "password": "Correct-horse-1"}))
        .or_bearer()
        .answers::<Entered>(201)
        .refuses(400, &["DUPLICATE_EMAIL", "DUPLICATE_USERNAME"])
        .refuses(401, &["unauthorized"])
        .refuses(403, &["missing_scope", "permission_not_yours", "registration_closed", "role_not_yours", "wrong_code"])
    });
    let table = table.post_by_address("/login", log_in, |of| {
        of.says("logIn", "Log in; every wrong attempt gets the same answer")
            .body::<LogIn>(&json!({"email": "ann@example.com", "password": "Correct-horse-1"}))
            .answers::<Entered>(200)
            .refuses(401, &["totp_required", "wrong_credentials", "wrong_totp"])
    });
    let table = table.post("/logout", log_out, |of| {
        of.says("logOut", "Log out; the token is in the header or in the body")
            .session()
            .body::<TokenAlone>(&json!({"token": "eyJhbGciOiJFZERTQSJ9.e30.AA"}))
            .optional_body()
            .answers::<Success>(200)
    });
    let table = table.post("/refresh", refresh, |of| {
        of.says("refreshSession", "Refresh the session's token in its last hour")
            .session()
            .body::<TokenAlone>(&json!({"token": "eyJhbGciOiJFZERTQSJ9.e30.AA"}))
            .optional_body()
            .answers::<Refreshed>(200)
            .refuses(409, &["too_early", "too_old"])
    });
    table.post_by_address("/reset-password", reset_password, |of| {
        of.says("resetPassword", "Set another password with a reset token")
            .body::<ResetPassword>(&json!({"token": "mqr_AAAA", "new_password": "Correct-horse-2"}))
            .answers::<Success>(200)
            .refuses(401, &["wrong_token"])
    })
}

pub(super) async fn log_in(
    State(api): State<Api>,
    invocation: Invocation,
    From(origin): From,
    body: Bytes,
) -> Result<Json<Entered>, Problem> {
    let mut given = Given::read(&body, &["email", "password", "totp"])?;
    let (email, password, code) = (given.value("email")?, given.password("password")?, given.optional("totp")?);
    let credentials = Credentials { email, password, code, origin };
    let proofs = api.proofs(run(&invocation)).await.map_err(problem::of)?;
    let logged_in = identity::log_in(&api.store, (&proofs, &api.factors), credentials, run(&invocation)).await;
    let logged_in = logged_in.map_err(problem::of)?;
    invocation.touched(&logged_in.user.id);
    invocation.outcome("logged in");
    Ok(Json(entered(&logged_in)))
}

/// By the deployment's code, or by oneself where that is open; an admin registers others.
pub(super) async fn register(
    State(api): State<Api>,
    admin: Option<Admin>,
    invocation: Invocation,
    From(origin): From,
    body: Bytes,
) -> Result<(StatusCode, Json<Entered>), Problem> {
    let mut given = Given::read(&body, &["email", "username", "password", "role", "bootstrap_code"])?;
    let invited = match (&admin, given.secret("bootstrap_code")?) {
        (_, Some(code)) => Invited::Code(code),
        (Some(Admin(admin)), None) => Invited::By(&admin.session),
        (None, None) => Invited::Oneself { is_open: api.registration == Registration::Open },
    };
    let registration = given.registration(origin)?;
    let proofs = api.proofs(run(&invocation)).await.map_err(problem::of)?;
    let registered = identity::register(&api.store, &proofs, registration, invited, run(&invocation)).await;
    let registered = registered.map_err(problem::of)?;
    invocation.outcome("registered");
    Ok((
        StatusCode::CREATED,
        Json(match &registered {
            Registered::In(logged_in) => entered(logged_in),
            Registered::Made(user) => Entered { user: view::User::from(&**user), token: None, expires_at: None },
        }),
    ))
}

pub(super) async fn log_out(
    State(api): State<Api>,
    invocation: Invocation,
    door: Door,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Success>, Problem> {
    let (caller, login) = whose(&api, invocation, &door, &headers, &body).await?;
    identity::end(&api.store, &caller.session.user, &login).await.map_err(problem::of)?;
    caller.invocation.outcome("logged out");
    Ok(Json(Success { success: true }))
}

pub(super) async fn refresh(
    State(api): State<Api>,
    invocation: Invocation,
    door: Door,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Refreshed>, Problem> {
    let (caller, login) = whose(&api, invocation, &door, &headers, &body).await?;
    let run = run(&caller.invocation);
    let signer = api.signer(run).await.map_err(problem::of)?;
    let refreshed = identity::refresh(&api.store, &signer, &caller.session.user, &login, run).await;
    let refreshed = refreshed.map_err(problem::of)?;
    caller.invocation.outcome("refreshed");
    let expires_at = view::time(refreshed.login.expires_at);
    Ok(Json(Refreshed { new_token: refreshed.token.expose().to_owned(), expires_at }))
}

pub(super) async fn reset_password(
    State(api): State<Api>,
    invocation: Invocation,
    From(origin): From,
    body: Bytes,
) -> Result<Json<Success>, Problem> {
    let mut given = Given::read(&body, &["token", "new_password"])?;
    let token = given.secret("token")?.ok_or_else(|| Problem::field("token", "token is required"))?;
    let new = given.new_password("new_password")?;
    identity::reset_password(&api.store, &api.passwords, &token, &new, &origin, run(&invocation))
        .await
        .map_err(problem::of)?;
    invocation.outcome("password reset");
    Ok(Json(Success { success: true }))
}

/// The session whose token stands in the header, or in the body where the specification has it.
async fn whose(
    api: &Api,
    invocation: Invocation,
    door: &Door,
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
    let caller = Caller::enter(api, invocation, token, door).await?;
    // A program's key is no session.
    let login = caller.session.login.clone().ok_or_else(|| Problem::not_found("session"))?;
    Ok((caller, login))
}

fn entered(logged_in: &LoggedIn) -> Entered {
    Entered {
        user: view::User::from(&logged_in.user).permitted(&logged_in.login.grant.scopes),
        token: Some(logged_in.token.expose().to_owned()),
        expires_at: Some(view::time(logged_in.login.expires_at)),
    }
}
