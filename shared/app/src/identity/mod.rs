//! People: how they come in, and how they are kept out.
//!
//! 1. What is wrong with a log-in is never told: an unknown address, a wrong password and a person who may not come in
//!    answer alike, and after as much work.
//! 2. An attempt is counted before anything is compared.
//! 3. A session is a row: once it is gone, its token lets nobody in. Whatever changes what a person may do ends theirs.
//!    A refresh token that is used a second time ends its session.
//! 4. Nobody gives themselves more than they have: above viewer, roles are given by an admin, and to others; and nobody
//!    gives, takes or changes a permission that they have not; nor have their
//!    programs' keys more.

mod admit;
mod attempt;
mod client;
mod closing;
mod definitions;
mod door;
mod erasure;
mod factor;
mod failures;
mod forgot;
mod kept_out;
mod keys;
mod letters;
mod login;
mod owner;
mod password;
mod personal;
mod profile;
mod programs;
mod refresh;
mod register;
mod removal;
mod reseal;
mod reset;
mod sessions;
mod settings;
mod usage;
mod user_plans;
mod users;

pub use admit::{Knock, Prove, Proven, admit};
pub use client::{ClientCredentials, ClientToken, client_token};
pub use definitions::{define, definition, definitions, redefine, undefine};
pub use door::at_the_door;
pub use erasure::erase;
pub use factor::{begin_factor, confirm_factor, drop_factor, renew_codes, take_factor};
pub use forgot::{ask_for_reset, mail_reset};
pub use kept_out::mark_accounts;
pub use keys::publish_key;
pub use login::{Credentials, Holder, LoggedIn, log_in};
pub use owner::{named, owner, owner_over};
pub use password::change_password;
pub use personal::{KeptRun, Personal, personal};
pub use profile::{Wished, change_profile, last_seen};
pub use programs::{WantedKey, change_key, find_key, key_uses, keys, make_key, revoke_key, rotate_key};
pub use refresh::refresh_by_token;
pub use register::{Invited, Registered, Registration, register};
pub use removal::remove;
pub use reseal::reseal_factors;
pub use reset::{hand_reset, reset_password};
pub use sessions::{end, refresh, sessions};
pub use settings::{Applied, change_settings, settings, settings_of_bot, settings_of_user};
pub use usage::{Usage, usage};
pub use user_plans::{Give, give_plan, planned};
pub use users::{Sought, Standing, find, list, stand};

use crate::actor::Act;
use crate::ports::{MailError, ProofError, StoreError};
use domain::audit::Actor;
use domain::clock::{Millis, Timestamp};
use domain::identity::{BadBounds, DefinitionKind, RouteClass, Scope};
use domain::ids::{AttemptId, UserId};

/// When something is done, and by which run.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    pub attempt: &'a AttemptId,
    pub now: Timestamp,
    /// From where, as the edge saw it.
    pub address: Option<&'a str>,
    /// What acts: the person who logs in, or the caller.
    pub actor: Actor,
}

impl<'a> Run<'a> {
    /// As somebody's act.
    pub fn act(self, user: &'a UserId) -> Act<'a> {
        Act { user, attempt: self.attempt, now: self.now, address: self.address, actor: self.actor }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// Never said more exactly.
    #[error("the e-mail or the password is not right")]
    WrongCredentials,
    #[error("too many attempts: wait")]
    Wait(Millis),
    #[error("the code of your second factor is needed as well, as totp")]
    FactorNeeded,
    #[error("the code is not right, or was used before: wait for the next one")]
    WrongFactor,
    #[error("a second factor is on already")]
    FactorOn,
    #[error("there is no second factor")]
    NoFactor,
    #[error("registration is closed: ask an admin of this deployment")]
    Closed,
    #[error("the code is not right, or was used before")]
    WrongCode,
    #[error("roles above viewer are given by an admin")]
    RoleNotYours,
    #[error("somebody has this e-mail already")]
    DuplicateEmail,
    #[error("somebody has this username already")]
    DuplicateUsername,
    #[error("the token is not known, was used, or is too old: ask for another")]
    WrongReset,
    /// Never said more exactly.
    #[error("the refresh token is not known, was used, or is too old: log in again")]
    WrongRefresh,
    #[error("a token is renewed in its last hour, and not before")]
    TooEarly,
    #[error("this session is not renewed any more, and none is for longer than {} days: log in again", domain::limits::SESSION_AGE_MAX.get() / 86_400_000)]
    TooOld,
    #[error("there is no such user")]
    NoUser,
    #[error("nobody else is an admin who may come in: make another one first")]
    LastAdmin,
    #[error(
        "{0} position groups are open: close them first; of somebody who is kept out POST /api/v1/position-groups/close does"
    )]
    GroupsOpen(u32),
    #[error(
        "{0} position groups are open: they were opened meanwhile; whoever they are of is kept out from now on: close them by \
         POST /api/v1/position-groups/close, and send the same again"
    )]
    GroupsOpenStill(u32),
    #[error("there is no such bot")]
    NoBot,
    #[error("there is no such session")]
    NoSession,
    #[error("there is no such api key")]
    NoKey,
    #[error("one of your api keys has this name already: choose another")]
    DuplicateKey,
    #[error("at most {} api keys are kept: revoke one first", domain::limits::PROGRAM_KEYS_PER_USER_MAX)]
    TooManyKeys,
    #[error("the client's id or its secret is not right")]
    WrongClient,
    #[error("the key does not let do what was asked for")]
    ScopeNotOfKey,
    #[error("nobody hands out what they do not have: {0} is not yours")]
    ScopeNotYours(Scope),
    #[error(transparent)]
    BadBounds(#[from] BadBounds),
    #[error("nobody changes their own role or standing: ask another admin")]
    Oneself,
    #[error("there is no such {0}")]
    NoDefinition(DefinitionKind),
    #[error("there is a {0} of this name already")]
    DuplicateDefinition(DefinitionKind),
    #[error("a deployment has {max} of a {0} at most: remove one", max = domain::limits::DEFINITIONS_MAX)]
    TooManyDefinitions(DefinitionKind),
    #[error("this {0} is built in, and stays as it is: make another one")]
    BuiltIn(DefinitionKind),
    #[error("{1} still have this {0}: give them another one first")]
    InUse(DefinitionKind, u32),
    #[error("this takes {0}, which you do not have yourself")]
    NotYours(Scope),
    #[error("rates.{0} must be at most {1}: nobody lets others ask more often than everybody may, or they themselves")]
    RateNotYours(RouteClass, u32),
    #[error("permissions must name what GET /api/v1/permissions lists: {0} is not there")]
    NoPermission(Scope),
    #[error("permissions must be at most {} of your own", domain::limits::OWN_SCOPES_PER_ROLE_MAX)]
    TooManyOwn,
    #[error("plan must be one that GET /api/v1/plans lists")]
    NoPlan,
    #[error("entry_preset must be default or a preset that you keep: see GET /api/v1/presets")]
    NoPreset,
    #[error("this plan is not given any more")]
    PlanInactive,
    #[error("they have a plan already: give them another one in its place")]
    DuplicateUserPlan,
    #[error("they have no plan but the default one")]
    NoUserPlan,
    #[error("role must be one that GET /api/v1/roles lists")]
    NoRole,
    #[error("it holds from now on, and not all sessions that are open say it yet: send the same again")]
    Unfinished,
    #[error("it is at version {0} now: look at it, and change that one")]
    VersionConflict(u64),
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error(transparent)]
    Proof(#[from] ProofError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_does_not_say_which_half_was_wrong() {
        assert!(IdentityError::WrongCredentials.to_string().contains(" or "));
        assert!(IdentityError::WrongCode.to_string().contains(" or "));
    }
}
