//! `/auth`: in, out, and on.

use super::run;
use crate::given::From;
use crate::{Api, Registration, problem};
use app::identity::{self, Credentials, Holder, Invited, LoggedIn, Registered};
use app::ports::{Origin, Secret};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::ids::SessionId;
use lambda::Invocation;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::{Admin, Caller, Door, Shown, browser, shown};
use serde::Deserialize;
use serde_json::json;
use wire::member::{GivenPassword, Hidden, NewPassword, Written};
use wire::view::{self, CsrfToken, Entered, Refreshed, Success};
use wire::view::{LogIn, Refresh, Register, ResetPassword, TokenAlone};

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
            .details(
                "An app gets a bearer token and a refresh token. With `session=cookie` a browser gets the session as a cookie \
                 instead, and `csrf_token` for its changes.",
            )
            .query("session", &json!({"type": "string", "enum": ["cookie"]}), "`cookie` for a page in a browser")
            .body::<LogIn>(&json!({"email": "ann@example.com", "password": "Correct-horse-1"}))
            .answers::<Entered>(200)
            .refuses(403, &["csrf"])
            .refuses(401, &["totp_required", "wrong_credentials", "wrong_totp"])
    });
    let table = table.post("/logout", log_out, |of| {
        let of = of.without_key().says("logOut", "Log out; the token is in the header, the cookie or the body");
        let of = of.session().body::<TokenAlone>(&json!({"token": "eyJhbGciOiJFZERTQSJ9.e30.AA"}));
        of.optional_body().answers::<Success>(200)
    });
    let table = table.post("/refresh", refresh, |of| {
        of.says("refreshSession", "Refresh a session by its refresh token, or its bearer token in its last hour")
            .details(
                "Each refresh token is good once. For 30 s after that it answers the same successor one more time, if the \
                 answer was lost. Any later use ends the session. A request with a bearer token counts for its session.",
            )
            .open()
            .or_bearer()
            .by_address()
            .body::<Refresh>(&json!({"refresh_token": "mqf_usr_a.ses_a.AAAA"}))
            .optional_body()
            .answers::<Refreshed>(200)
            .refuses(400, &["cookie_and_bearer"])
            .refuses(401, &["unauthorized", "wrong_token"])
            .refuses(404, &["not_found"])
            .refuses(409, &["too_early", "too_old"])
    });
    let table = table.get("/csrf", csrf, |of| {
        of.says("getCsrfToken", "Get the CSRF token of the session whose cookie is sent")
            .by_cookie()
            .answers::<CsrfToken>(200)
    });
    table.post_by_address("/reset-password", reset_password, |of| {
        of.says("resetPassword", "Set another password with a reset token")
            .body::<ResetPassword>(&json!({"token": "mqr_AAAA", "new_password": "Correct-horse-2"}))
            .answers::<Success>(200)
            .refuses(401, &["wrong_token"])
    })
}

/// `?session=`.
#[derive(Deserialize)]
pub(super) struct Kind {
    session: Option<String>,
}

pub(super) async fn log_in(
    State(api): State<Api>,
    invocation: Invocation,
    From(origin): From,
    kind: Result<Query<Kind>, QueryRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let holder = holder(kind, &headers)?;
    let LogIn { email: Written(email), password: GivenPassword(password), totp } = body::read(&body)?;
    let credentials = Credentials { email, password, code: totp.map(|Written(code)| code), origin, holder };
    let proofs = api.proofs(run(&invocation)).await.map_err(problem::of)?;
    let logged_in = identity::log_in(&api.store, (&proofs, &api.factors), credentials, run(&invocation)).await;
    let logged_in = logged_in.map_err(problem::of)?;
    invocation.touched(&logged_in.user.id);
    invocation.outcome("logged in");
    match holder {
        Holder::App => Ok(Json(entered(&logged_in)).into_response()),
        Holder::Browser => in_browser(&logged_in),
    }
}

/// A page of another origin would log its visitor in as somebody else.
fn holder(kind: Result<Query<Kind>, QueryRejection>, headers: &HeaderMap) -> Result<Holder, Problem> {
    let allowed = || Problem::field("session", "session is given once, as cookie, or left out");
    let Query(Kind { session }) = kind.map_err(|_| allowed())?;
    match session.as_deref() {
        None => Ok(Holder::App),
        Some("cookie") if !browser::is_same_origin(headers) => {
            let allowed = "a page of this origin logs in by cookie: Sec-Fetch-Site: same-origin";
            Err(Problem::new(StatusCode::FORBIDDEN, "csrf", allowed))
        }
        Some("cookie") => Ok(Holder::Browser),
        Some(_) => Err(allowed()),
    }
}

/// The token is in the cookie alone, where no script reads it.
fn in_browser(logged_in: &LoggedIn) -> Result<Response, Problem> {
    let cookie = browser::begun(&logged_in.token);
    let cookie = cookie.ok_or_else(|| Problem::internal("a cookie cannot be made", &"the token is no header"))?;
    let csrf_token = Some(browser::csrf_token(&logged_in.token).as_str().to_owned());
    let answer = Entered { token: None, csrf_token, ..entered(logged_in) };
    Ok(with_cookie(Some(cookie), Json(answer)))
}

fn with_cookie(cookie: Option<HeaderValue>, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// By the deployment's code, or by oneself where that is open; an admin registers others.
pub(super) async fn register(
    State(api): State<Api>,
    admin: Option<Admin>,
    invocation: Invocation,
    From(origin): From,
    body: Bytes,
) -> Result<(StatusCode, Json<Entered>), Problem> {
    let asked: Register = body::read(&body)?;
    let (Written(email), Written(username), NewPassword(password)) = (asked.email, asked.username, asked.password);
    let role = asked.role.map(|Written(role)| role);
    let invited = match (&admin, asked.bootstrap_code.map(|code| Secret::new(code.into_text()))) {
        (_, Some(code)) => Invited::Code(code),
        (Some(Admin(admin)), None) => Invited::By(&admin.session),
        (None, None) => Invited::Oneself { is_open: api.registration == Registration::Open },
    };
    let registration = identity::Registration { email, username, password, role, origin };
    let proofs = api.proofs(run(&invocation)).await.map_err(problem::of)?;
    let registered = identity::register(&api.store, &proofs, registration, invited, run(&invocation)).await;
    let registered = registered.map_err(problem::of)?;
    invocation.outcome("registered");
    Ok((
        StatusCode::CREATED,
        Json(match &registered {
            Registered::In(logged_in) => entered(logged_in),
            Registered::Made(user) => Entered {
                user: view::User::from(&**user),
                token: None,
                expires_at: None,
                refresh_token: None,
                refresh_expires_at: None,
                csrf_token: None,
            },
        }),
    ))
}

/// A browser forgets the cookie of a session that is over, too: it could send no bearer token beside it.
pub(super) async fn log_out(
    State(api): State<Api>,
    invocation: Invocation,
    door: Door,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let token = shown(&headers)?;
    let is_cookie = matches!(token, Some(Shown::Cookie(_)));
    let token = token.map_or_else(|| in_body(&body), |token| Ok(Some(token)))?;
    let ended = match whose(&api, invocation, &door, token).await {
        Ok((caller, login)) => {
            identity::end(&api.store, &caller.session.user, &login).await.map_err(problem::of)?;
            caller.invocation.outcome("logged out");
            Ok(Json(Success { success: true }))
        }
        Err(problem) => Err(problem),
    };
    let is_over = ended.as_ref().err().is_none_or(|problem| problem.status() == StatusCode::UNAUTHORIZED);
    Ok(with_cookie(browser::over().filter(|_| is_cookie && is_over), ended))
}

/// A browser's session is not refreshed: its cookie counts for nothing here.
pub(super) async fn refresh(
    State(api): State<Api>,
    invocation: Invocation,
    From(origin): From,
    door: Door,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Refreshed>, Problem> {
    door.declared()?;
    let bearer = match shown(&headers)? {
        Some(Shown::Bearer(token)) => Some(token),
        Some(Shown::Cookie(_)) | None => None,
    };
    match by_which(bearer, &body) {
        Ok(Refreshing::Access(token)) => by_access_token(&api, invocation, door.in_session(), token).await,
        Ok(Refreshing::Refresh(token)) => {
            door.count_address(&api, &invocation).await?;
            by_refresh_token(&api, &invocation, &origin, token).await
        }
        Err(problem) => Err(problem),
    }
}

/// What a session is refreshed by.
enum Refreshing {
    Access(Option<Secret>),
    Refresh(Secret),
}

/// One token: beside a bearer token the body means nothing, unless it has a refresh token.
fn by_which(bearer: Option<Secret>, body: &[u8]) -> Result<Refreshing, Problem> {
    let secret = |hidden: Hidden| Secret::new(hidden.into_text());
    let read = |body| {
        let Refresh { token, refresh_token } = body::read_optional(body)?;
        Ok((token.map(secret), refresh_token.map(secret)))
    };
    let (access, refresh) = match bearer {
        Some(bearer) => (Some(bearer), read(body).unwrap_or_default().1),
        None => read(body)?,
    };
    match (access, refresh) {
        (Some(_), Some(_)) => {
            let allowed = "refresh_token is sent alone: neither with token nor with Authorization";
            Err(Problem::field("refresh_token", allowed))
        }
        (None, Some(refresh)) => Ok(Refreshing::Refresh(refresh)),
        (access, None) => Ok(Refreshing::Access(access)),
    }
}

async fn by_access_token(
    api: &Api,
    invocation: Invocation,
    door: Door,
    token: Option<Secret>,
) -> Result<Json<Refreshed>, Problem> {
    let (caller, login) = whose(api, invocation, &door, token.map(Shown::Bearer)).await?;
    let run = run(&caller.invocation);
    let signer = api.signer(run).await.map_err(problem::of)?;
    let refreshed = identity::refresh(&api.store, &signer, &caller.session.user, &login, run).await;
    let refreshed = refreshed.map_err(problem::of)?;
    caller.invocation.outcome("refreshed");
    Ok(Json(gone_on(&refreshed)))
}

async fn by_refresh_token(
    api: &Api,
    invocation: &Invocation,
    origin: &Origin,
    token: Secret,
) -> Result<Json<Refreshed>, Problem> {
    let signer = api.signer(run(invocation)).await.map_err(problem::of)?;
    let refreshed = identity::refresh_by_token(&api.store, &signer, token, origin, run(invocation)).await;
    let refreshed = refreshed.map_err(problem::of)?;
    invocation.touched(&refreshed.user.id);
    invocation.outcome("refreshed");
    Ok(Json(gone_on(&refreshed)))
}

/// To a session by cookie alone: what a page shows has to follow from what its browser sends.
pub(super) async fn csrf(_: Caller, headers: HeaderMap) -> Result<Json<CsrfToken>, Problem> {
    match shown(&headers)? {
        Some(Shown::Cookie(token)) => {
            Ok(Json(CsrfToken { csrf_token: browser::csrf_token(&token).as_str().to_owned() }))
        }
        _ => Err(Problem::not_found("session by cookie")),
    }
}

pub(super) async fn reset_password(
    State(api): State<Api>,
    invocation: Invocation,
    From(origin): From,
    body: Bytes,
) -> Result<Json<Success>, Problem> {
    let ResetPassword { token, new_password: NewPassword(new) } = body::read(&body)?;
    let token = Secret::new(token.into_text());
    identity::reset_password(&api.store, &api.passwords, &token, &new, &origin, run(&invocation))
        .await
        .map_err(problem::of)?;
    invocation.outcome("password reset");
    Ok(Json(Success { success: true }))
}

/// Where the specification has the token.
fn in_body(body: &[u8]) -> Result<Option<Shown>, Problem> {
    let TokenAlone { token } = body::read_optional(body)?;
    Ok(token.map(|token| Shown::Bearer(Secret::new(token.into_text()))))
}

/// The session of this token.
async fn whose(
    api: &Api,
    invocation: Invocation,
    door: &Door,
    token: Option<Shown>,
) -> Result<(Caller, SessionId), Problem> {
    let caller = Caller::enter(api, invocation, token, door).await?;
    // A program's key is no session.
    let login = caller.session.login.clone().ok_or_else(|| Problem::not_found("session"))?;
    Ok((caller, login))
}

fn entered(logged_in: &LoggedIn) -> Entered {
    let (refresh_token, refresh_expires_at) = refreshable(logged_in);
    Entered {
        user: view::User::from(&logged_in.user).permitted(&logged_in.login.grant.scopes),
        token: Some(logged_in.token.expose().to_owned()),
        expires_at: Some(view::time(logged_in.login.expires_at)),
        refresh_token,
        refresh_expires_at,
        csrf_token: None,
    }
}

fn gone_on(refreshed: &LoggedIn) -> Refreshed {
    let (new_token, expires_at) = (refreshed.token.expose().to_owned(), view::time(refreshed.login.expires_at));
    let (refresh_token, refresh_expires_at) = refreshable(refreshed);
    Refreshed { new_token, expires_at, refresh_token, refresh_expires_at }
}

/// The refresh token in hand, and its end; neither where none was handed out now.
fn refreshable(logged_in: &LoggedIn) -> (Option<String>, Option<view::Time>) {
    let token = logged_in.refresh_token.as_ref().map(|token| token.expose().to_owned());
    let until = token.as_ref().and_then(|_| logged_in.login.refreshable_until()).map(view::time);
    (token, until)
}
