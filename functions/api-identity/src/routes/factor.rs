//! `/users/me/totp`, `/users/{id}/totp` for an admin, and the route by which the owner has secrets put under another key.

use super::run;
use crate::Api;
use crate::problem;
use app::identity;
use app::ports::Factor;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::identity::{
    Email, FACTOR_SECRET_BYTES, FactorSecret, Permission, RECOVERY_CODE_BYTES, RECOVERY_CODES, recovery_code,
};
use domain::ids::{Sha, UserId};
use lambda::Invocation;
use lambda::api::{Hearer, Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::own::Own;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;
use store::identity::Identity;
use wire::member::{GivenPassword, Written};
use wire::resealed::Resealed;
use wire::view::{CodeAlone, FactorState, NewFactor, PasswordAlone, PasswordAndCode, RecoveryCodes};

/// What callers may ask for.
pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.under("/api/v1/users", |table| {
        let table = table.about("users", "Your own profile, and all users for an admin.");
        let table = table.get("/me/totp", show, |of| {
            of.says("getTotp", "Get whether the second factor is on").session().answers::<FactorState>(200)
        });
        let table = table.post("/me/totp", begin, |of| {
            of.without_key()
                .says("startTotp", "Start setting up a second factor; its secret is shown once")
                .session()
                .body::<PasswordAlone>(&json!({"password": "Correct-horse-1"}))
                .answers::<NewFactor>(201)
                .refuses(401, &["wrong_credentials"])
                .refuses(409, &["totp_on"])
        });
        let table = table.post("/me/totp/confirm", confirm, |of| {
            of.without_key()
                .says("confirmTotp", "Turn the second factor on with a code; all other sessions end")
                .session()
                .body::<CodeAlone>(&json!({"code": "287082"}))
                .answers::<RecoveryCodes>(200)
                .refuses(401, &["wrong_totp"])
                .refuses(409, &["totp_on"])
        });
        let table = table.post("/me/totp/disable", disable, |of| {
            twice(
                of.without_key()
                    .says("disableTotp", "Turn the second factor off; all other sessions end")
                    .answers_nothing(),
            )
        });
        let table = table.post("/me/totp/recovery-codes", renew, |of| {
            twice(
                of.without_key()
                    .says("replaceRecoveryCodes", "Replace the recovery codes")
                    .answers::<RecoveryCodes>(200),
            )
        });
        table.delete("/{id}/totp", take, |of| {
            of.says("removeUserTotp", "Remove the second factor of a user who lost it; their sessions end")
                .needs(Permission::USERS)
                .of("user")
                .answers_nothing()
                .refuses(403, &["permission_not_yours"])
                .refuses(409, &["oneself"])
        })
    })
}

fn twice<H: Hearer>(of: Operation<H>) -> Operation<H> {
    of.session()
        .body::<PasswordAndCode>(&json!({"password": "Correct-horse-1", "code": "287082"}))
        .refuses(401, &["wrong_credentials", "wrong_totp"])
}

async fn show(State(api): State<Api>, caller: Caller) -> Result<Json<FactorState>, Problem> {
    Ok(Json(state(Identity(&api.store).load_factor(&caller.session.user).await.map_err(problem::of)?.as_ref())))
}

pub(crate) fn state(factor: Option<&Factor>) -> FactorState {
    let factor = factor.filter(|factor| factor.confirmed);
    FactorState { enabled: factor.is_some(), recovery_codes_left: factor.map_or(0, |factor| factor.recovery.len()) }
}

async fn begin(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<(StatusCode, Json<NewFactor>), Problem> {
    let PasswordAlone { password: GivenPassword(password) } = body::read(&body)?;
    let secret = FactorSecret::new(random::<FACTOR_SECRET_BYTES>()?.to_vec());
    let user = identity::begin_factor(
        &api.store,
        api.factor_proofs(),
        &caller.session,
        &password,
        &secret,
        run(&caller.invocation),
    )
    .await
    .map_err(problem::of)?;
    caller.invocation.outcome("second factor begun");
    let secret = secret.text().expose_secret().to_owned();
    let otpauth_uri = uri(&user.email, &secret);
    Ok((StatusCode::CREATED, Json(NewFactor { secret, otpauth_uri })))
}

async fn confirm(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Json<RecoveryCodes>, Problem> {
    let CodeAlone { code: Written(code) } = body::read(&body)?;
    let (shown, kept) = codes()?;
    identity::confirm_factor(&api.store, &api.factors, &caller.session, &code, kept, run(&caller.invocation))
        .await
        .map_err(problem::of)?;
    caller.invocation.outcome("second factor on");
    Ok(Json(shown))
}

async fn disable(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<StatusCode, Problem> {
    let PasswordAndCode { password: GivenPassword(password), code: Written(code) } = body::read(&body)?;
    identity::drop_factor(
        &api.store,
        api.factor_proofs(),
        &caller.session,
        (&password, &code),
        run(&caller.invocation),
    )
    .await
    .map_err(problem::of)?;
    caller.invocation.outcome("second factor off");
    Ok(StatusCode::NO_CONTENT)
}

async fn renew(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Json<RecoveryCodes>, Problem> {
    let PasswordAndCode { password: GivenPassword(password), code: Written(code) } = body::read(&body)?;
    let (shown, kept) = codes()?;
    identity::renew_codes(
        &api.store,
        api.factor_proofs(),
        &caller.session,
        (&password, &code),
        kept,
        run(&caller.invocation),
    )
    .await
    .map_err(problem::of)?;
    caller.invocation.outcome("other recovery codes");
    Ok(Json(shown))
}

async fn take(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let user = UserId::parse(&id).map_err(|_| Problem::not_found("user"))?;
    identity::take_factor(&api.store, &caller.session, &user, run(&caller.invocation)).await.map_err(problem::of)?;
    caller.invocation.touched(user);
    caller.invocation.outcome("second factor taken away");
    Ok(StatusCode::NO_CONTENT)
}

/// Shown once, and what is kept of them.
fn codes() -> Result<(RecoveryCodes, Vec<Sha>), Problem> {
    let one = |_| random::<RECOVERY_CODE_BYTES>().map(recovery_code);
    let made = (0..RECOVERY_CODES).map(one).collect::<Result<Vec<_>, _>>()?;
    let recovery_codes = made.iter().map(|(shown, _)| shown.expose_secret().to_owned()).collect();
    Ok((RecoveryCodes { recovery_codes }, made.into_iter().map(|(_, kept)| kept).collect()))
}

fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| Problem::internal("no random numbers", &error))?;
    Ok(bytes)
}

/// As apps scan it.
fn uri(email: &Email, secret: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_~".contains(&byte);
    let letter = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let account: String = email.as_str().bytes().map(letter).collect();
    format!("otpauth://totp/Moniqo:{account}?secret={secret}&issuer=Moniqo&algorithm=SHA1&digits=6&period=30")
}

/// Where an earlier run ended.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    after: Option<String>,
}

pub(super) async fn reseal(
    _own: Own,
    State(api): State<Api>,
    invocation: Invocation,
    body: Bytes,
) -> Result<Json<Resealed>, Problem> {
    let After { after } = body::read_optional(&body)?;
    let resealed =
        identity::reseal_factors(&api.store, &api.factors, after, run(&invocation)).await.map_err(problem::of)?;
    invocation.outcome(format!("{} resealed, {} failed", resealed.moved, resealed.failed));
    Ok(Json(resealed))
}
