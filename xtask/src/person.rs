//! Users that commands make by the rights of the owner of the tables: no route of the product makes one without a log-in.

use app::ports::{Audit, StoreError};
use aws::Aws;
use domain::clock::Timestamp;
use domain::identity::{Email, PasswordHash, PlanName, Profile, Role, User, Username};
use domain::ids::{AttemptId, UserId};
use store::identity::Identity;

/// A user to be made.
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) email: Email,
    pub(crate) username: Username,
    pub(crate) password: PasswordHash,
    pub(crate) role: Role,
    /// For the audit log.
    pub(crate) reason: &'static str,
}

impl Person {
    /// Whether the user has been made; false where one of that id, e-mail or name is there.
    pub(crate) async fn make(self, aws: &Aws, at: Timestamp) -> Result<bool, StoreError> {
        let Self { id, email, username, password, role, reason } = self;
        let audit = Audit {
            user: id.clone(),
            action: "create user".to_owned(),
            resource: id.to_string(),
            reason: reason.to_owned(),
            before: None,
            after: None,
            at,
            attempt: AttemptId::new(format!("made-{id}")),
            address: None,
            actor: None,
        };
        let user = User {
            id,
            email,
            username,
            profile: Profile::default(),
            password,
            role: role.into(),
            plan: PlanName::default(),
            active: true,
            created_at: at,
            password_at: at,
            last_login: None,
            version: 1,
        };
        Identity(aws).create_user(&user, None, &audit).await
    }
}

/// As the API hashes it, with the fewest rounds that it takes: these live on this machine.
pub(crate) fn hash(password: &str) -> Result<PasswordHash, bcrypt::BcryptError> {
    const ROUNDS: u32 = 10;
    bcrypt::hash(password, ROUNDS).map(PasswordHash::from_stored)
}
