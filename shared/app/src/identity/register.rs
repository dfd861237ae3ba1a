//! New people: by the deployment's one code, by an admin, or by themselves where that is open.

use super::attempt::{self, Subject};
use super::definitions::given_role;
use super::login::{Holder, LoggedIn, open};
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::ports::{HashPassword, Origin, SealRefresh, Secret, Session, SignToken};
use domain::identity::{Email, Password, Permission, PlanName, Profile, Role, RoleName, User, Username};
use domain::ids::{Sha, UserId};
use store::Engine;
use store::identity::Identity;
use subtle::ConstantTimeEq;

#[derive(Debug)]
pub struct Registration {
    pub email: Email,
    pub username: Username,
    pub password: Password,
    /// Asked for; whether it is given depends on who asks.
    pub role: Option<RoleName>,
    pub origin: Origin,
}

/// Why somebody may register.
#[derive(Debug)]
pub enum Invited<'a> {
    /// By the deployment's one code: its admin.
    Code(Secret),
    /// By somebody who is in.
    By(&'a Session),
    /// By nobody.
    Oneself { is_open: bool },
}

/// A person who is known from now on.
#[derive(Debug)]
pub enum Registered {
    /// They are in at once.
    In(Box<LoggedIn>),
    /// Somebody else has made them.
    Made(Box<User>),
}

/// # Errors
/// `Closed`, `WrongCode`, `RoleNotYours`, `NoRole`, `NotYours`, `DuplicateEmail`, `DuplicateUsername`, `Wait`, or where
/// something cannot be reached.
pub async fn register<D: Engine, P: HashPassword + SignToken + SealRefresh>(
    deps: &D,
    proofs: &P,
    registration: Registration,
    invited: Invited<'_>,
    run: Run<'_>,
) -> Result<Registered, IdentityError> {
    let code = if let Invited::Code(code) = &invited { Some(code.hash()) } else { None };
    if !matches!(invited, Invited::By(_)) {
        attempt::count(deps, &Subject::address(registration.origin.address.as_deref()), run).await?;
    }
    let (id, role) = allowed(deps, &invited, registration.role, run).await?;
    let by = if let Invited::By(session) = &invited { session.user.clone() } else { id.clone() };
    let Registration { email, username, password, origin, .. } = registration;
    let user = User {
        id,
        email,
        username,
        profile: Profile::default(),
        password: proofs.hash_password(&password).await?,
        role,
        plan: PlanName::default(),
        active: true,
        created_at: run.now,
        password_at: run.now,
        last_login: None,
        version: 1,
    };
    let act = run.act(&by);
    let record = audit("create user", user.id.as_str(), &format!("as {}", user.role), act);
    if !Identity(deps).create_user(&user, code.as_ref(), &record).await? {
        return Err(taken(deps, &user, code.is_some()).await?);
    }
    if matches!(invited, Invited::By(_)) {
        return Ok(Registered::Made(Box::new(user)));
    }
    let opened = open(deps, proofs, user, (origin, Holder::App, false), run).await;
    opened.map(|logged_in| Registered::In(Box::new(logged_in)))
}

/// Who they are to be, and as what.
async fn allowed<D: Engine>(
    deps: &D,
    invited: &Invited<'_>,
    asked: Option<RoleName>,
    run: Run<'_>,
) -> Result<(UserId, RoleName), IdentityError> {
    let fresh = || UserId::of(&["user", run.attempt.as_str()]);
    match invited {
        Invited::Code(code) => {
            let found = Identity(deps)
                .find_bootstrap()
                .await?
                .filter(|found| !found.spent && is_same(&found.code, &code.hash()));
            found.map(|found| (found.user, Role::Admin.into())).ok_or(IdentityError::WrongCode)
        }
        Invited::By(session) if session.may(Permission::USERS) => {
            let role = asked.unwrap_or_else(|| Role::Viewer.into());
            given_role(deps, session, &role).await?;
            Ok((fresh(), role))
        }
        Invited::By(_) | Invited::Oneself { is_open: false } => Err(IdentityError::Closed),
        Invited::Oneself { is_open: true } => match asked {
            Some(asked) if asked != Role::Viewer => Err(IdentityError::RoleNotYours),
            _ => Ok((fresh(), Role::Viewer.into())),
        },
    }
}

/// Why nobody was created: the first thing that is found to be somebody's.
async fn taken<D: Engine>(deps: &D, user: &User, by_code: bool) -> Result<IdentityError, IdentityError> {
    if Identity(deps).find_email(&user.email).await?.is_some() {
        return Ok(IdentityError::DuplicateEmail);
    }
    if Identity(deps).find_username(&user.username).await?.is_some() {
        return Ok(IdentityError::DuplicateUsername);
    }
    Ok(if by_code { IdentityError::WrongCode } else { IdentityError::Contended })
}

/// In as much time, wherever they differ.
pub(super) fn is_same(one: &Sha, other: &Sha) -> bool {
    one.as_str().as_bytes().ct_eq(other.as_str().as_bytes()).into()
}
