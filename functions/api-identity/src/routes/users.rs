//! `/users`: oneself, and everybody for an admin.

use super::{run, settings};
use crate::given::{From, RESET, invent};
use crate::sought::Filters;
use crate::{Api, problem};
use app::identity::{self, Invited, Registered, Registration, Standing};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::http::{HeaderName, StatusCode};
use domain::clock::Timestamp;
use domain::identity::{Permission, Preferences};
use domain::ids::UserId;
use lambda::api::{Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::Seen;
use lambda::page::{Asked, Listed};
use serde_json::json;
use wire::member::{Free, GivenPassword, NewPassword, Written};
use wire::view::{ChangePassword, NewUser, Standing as StandingAsked};
use wire::view::{List, ResetToken, User};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("users", "Your own profile, and all users for an admin.");
    let table = table.get("", list, |of| {
        of.says("listUsers", "List users, or search for some")
            .needs(Permission::USERS)
            .page::<User>()
            .query("search", &json!({"type": "string", "maxLength": 254}), "part of an address or a name")
            .query("role", &json!({"type": "string"}), "only users with this role")
            .query("is_active", &json!({"type": "boolean"}), "who may come in, or who may not")
    });
    let table = table.post("", create, |of| {
        let of = of.without_key().says("createUser", "Create a user").needs(Permission::USERS);
        of.body::<NewUser>(&json!({"email": "ann@example.com", "username": "ann", "password": "Correct-horse-1"}))
            .refuses(403, &["permission_not_yours"])
            .answers::<User>(201)
            .tagged()
            .refuses(400, &["DUPLICATE_EMAIL", "DUPLICATE_USERNAME"])
    });
    let table = table.get("/me", me, |of| {
        // A program's key outlives its user.
        of.says("getMe", "Get your own profile").any_token().answers::<User>(200).tagged().refuses(404, &["not_found"])
    });
    let table = table.post("/me/password", change_password, |of| {
        of.without_key()
            .says("changePassword", "Change your password; all other sessions end")
            .session()
            .body::<ChangePassword>(&json!({"old_password": "Correct-horse-1", "new_password": "Correct-horse-2"}))
            .answers_nothing()
            .refuses(401, &["wrong_credentials"])
    });
    let table = table.get("/{id}", show, |of| {
        of.says("getUser", "Get a user: yourself, or any user as an admin")
            .any_token()
            .of("user")
            .answers::<User>(200)
            .tagged()
    });
    let standing = |of: Operation<T::Hearer>| {
        of.says(
            "updateUser",
            "Update a user's role, whether they are active, or their preferences; the first two end their sessions",
        )
        .needs(Permission::USERS)
        .of("user")
        .body::<StandingAsked>(&json!({"role": "trader"}))
        .answers::<User>(200)
        .tagged()
        .matched()
        .refuses(403, &["permission_not_yours"])
        .refuses(409, &["last_admin", "oneself"])
        .merging()
    };
    let table = table.put("/{id}", stand, standing).patch("/{id}", stand, standing);
    table.post("/{id}/reset-password", hand_reset, |of| {
        of.tells_once()
            .says("createPasswordReset", "Create a password-reset token for a user; the old password stops working")
            .needs(Permission::USERS)
            .of("user")
            .answers::<ResetToken>(201)
            .refuses(403, &["permission_not_yours"])
            .refuses(409, &["oneself"])
    })
}

pub(crate) type Shown = ([(HeaderName, String); 1], Json<User>);

pub(super) async fn me(State(api): State<Api>, caller: Caller) -> Result<Shown, Problem> {
    let (user, last_seen) = seen(&api, &caller, &caller.session.user).await?;
    let scopes: Vec<_> = caller.session.permits().collect();
    let settings = identity::settings_of_user(&api.store, &user).await.map_err(problem::of)?;
    let shown = User::of(&user, last_seen).permitted(&scopes).with_settings(settings::view(&settings));
    Ok((tag(&user), Json(shown)))
}

pub(super) async fn change_password(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let ChangePassword { old_password: GivenPassword(old), new_password: NewPassword(new) } = body::read(&body)?;
    identity::change_password(&api.store, &api.passwords, &caller.session, &old, &new, run(&caller.invocation))
        .await
        .map_err(problem::of)?;
    caller.invocation.outcome("password changed");
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    asked: Asked,
    Filters(sought): Filters,
) -> Result<Json<List<User>>, Problem> {
    // A cursor is good for the list that it came from, and what is looked for makes another one.
    let name = format!("users {:?} {:?} {:?}", sought.text, sought.role, sought.active);
    let list = Listed { name: &name, user: &caller.session.user };
    let page = identity::list(&api.store, &asked.page(list)?, &sought).await.map_err(problem::of)?;
    Ok(Json(asked.answer(list, page, |user| Ok(User::from(user)))?))
}

pub(super) async fn create(
    State(api): State<Api>,
    caller: Caller,
    From(origin): From,
    body: Bytes,
) -> Result<(StatusCode, Shown), Problem> {
    let NewUser { email: Written(email), username: Written(username), password: NewPassword(password), role } =
        body::read(&body)?;
    let role = role.map(|Written(role)| role);
    let registration = Registration { email, username, password, role, origin };
    let (run, by) = (run(&caller.invocation), Invited::By(&caller.session));
    let proofs = api.proofs(run).await.map_err(problem::of)?;
    let made = identity::register(&api.store, &proofs, registration, by, run).await;
    let user = match made.map_err(problem::of)? {
        Registered::Made(user) => *user,
        Registered::In(logged_in) => logged_in.user,
    };
    caller.invocation.outcome("user created");
    Ok((StatusCode::CREATED, shown(&user)?))
}

pub(super) async fn show(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Shown, Problem> {
    let (user, last_seen) = seen(&api, &caller, &parse(&id)?).await?;
    Ok((tag(&user), Json(User::of(&user, last_seen))))
}

/// With when they last asked for anything.
async fn seen(api: &Api, caller: &Caller, id: &UserId) -> Result<(domain::identity::User, Option<Timestamp>), Problem> {
    let user = identity::find(&api.store, &caller.session, id).await.map_err(problem::of)?;
    let last_seen = identity::last_seen(&api.store, &user, run(&caller.invocation)).await.map_err(problem::of)?;
    Ok((user, last_seen))
}

pub(super) async fn stand(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let StandingAsked { role, is_active, preferences: said } = body::read(&body)?;
    let role = role.map(|Written(role)| role);
    let standing = Standing { role, active: is_active, preferences: preferences(said) };
    let changed =
        identity::stand(&api.store, &caller.session, &parse(&id)?, standing, seen.0, run(&caller.invocation)).await;
    let user = changed.map_err(problem::of)?;
    caller.invocation.touched(&user.id);
    caller.invocation.outcome("user changed");
    shown(&user)
}

pub(super) async fn hand_reset(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<ResetToken>), Problem> {
    let token = invent(RESET)?;
    let handed = identity::hand_reset(&api.store, &caller.session, &parse(&id)?, &token, run(&caller.invocation)).await;
    let handed = handed.map_err(problem::of)?;
    caller.invocation.touched(&handed.user);
    caller.invocation.outcome("reset handed out");
    Ok((StatusCode::CREATED, Json(ResetToken::of(token.expose(), handed.expires_at))))
}

#[allow(clippy::unnecessary_wraps, reason = "the end of every handler")]
fn shown(user: &domain::identity::User) -> Result<Shown, Problem> {
    Ok((tag(user), Json(User::from(user))))
}

pub(crate) fn tag(user: &domain::identity::User) -> [(HeaderName, String); 1] {
    [(ETAG, format!("\"{}\"", user.version))]
}

/// Null empties them.
pub(super) fn preferences(said: Option<Option<Free>>) -> Option<Preferences> {
    said.map(|said| said.map(|Free(preferences)| preferences).unwrap_or_default())
}

/// What can be no id is not there, as an unknown one is not.
pub(crate) fn parse(id: &str) -> Result<UserId, Problem> {
    UserId::parse(id).map_err(|_| Problem::not_found("user"))
}
