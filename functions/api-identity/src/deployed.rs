//! The desk as it is deployed. The key that signs follows from the deployment's secret; it is read anew every few
//! minutes, so that a new secret is used soon.

use crate::desk::{Desk, Done};
use crate::health::Sights;
use crate::post::Post;
use app::identity::{self, Credentials, Invited, Knock, LoggedIn, Registered, Run, Sought, Standing};
use app::ports::{Guarded, Login, Origin, Page, PageRequest, Reset, Secret, Session, StoreError};
use aws::{AuditKey, Aws, Bucket, DeploymentSecret, FactorKey};
use credentials::{Passwords, Proofs, Signer, Verifier};
use domain::clock::{Millis, Timestamp};
use domain::identity::{Password, User};
use domain::ids::{SessionId, UserId};
use domain::limits::TOKEN_KEYS_CACHE;
use lambda::api::CountsAddresses;
use lambda::guard::Guards;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Whether people may register by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    Open,
    Closed,
}

impl FromStr for Registration {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "open" => Ok(Self::Open),
            "closed" => Ok(Self::Closed),
            _ => Err("must be open or closed"),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Deployed(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    aws: Aws,
    secret: DeploymentSecret,
    post: Post,
    factors: FactorKey,
    audits: AuditKey,
    sights: Sights,
    exports: Bucket,
    deployment: String,
    registration: Registration,
    /// Requests of the routes that ask for no token, from one address in a minute.
    auth_per_minute: NonZeroU32,
    passwords: Passwords,
    verifier: Verifier,
    /// The key that signs, and when its secret was read.
    signer: Mutex<Option<(Signer, Timestamp)>>,
}

impl Deployed {
    pub fn new(
        aws: Aws,
        secret: DeploymentSecret,
        (post, factors, audits): (Post, FactorKey, AuditKey),
        (sights, exports): (Sights, Bucket),
        deployment: &str,
        (registration, auth_per_minute): (Registration, NonZeroU32),
    ) -> Self {
        Self(Arc::new(Inner {
            aws,
            secret,
            post,
            factors,
            audits,
            sights,
            exports,
            deployment: deployment.to_owned(),
            registration,
            auth_per_minute,
            passwords: Passwords::default(),
            verifier: Verifier::new(deployment),
            signer: Mutex::default(),
        }))
    }

    pub(crate) fn aws(&self) -> &Aws {
        &self.0.aws
    }

    pub(crate) fn post(&self) -> &Post {
        &self.0.post
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub(crate) fn factors(&self) -> &FactorKey {
        &self.0.factors
    }

    pub(crate) fn exports(&self) -> &Bucket {
        &self.0.exports
    }

    pub(crate) fn sights(&self) -> &Sights {
        &self.0.sights
    }

    pub(crate) fn audits(&self) -> &AuditKey {
        &self.0.audits
    }

    pub(crate) async fn proofs(&self, run: Run<'_>) -> Done<Proofs> {
        let known = self.signer().clone();
        let signer = match known {
            Some((signer, read_at)) if run.now.since(read_at) < TOKEN_KEYS_CACHE => signer,
            // While nobody tells the secret, the one in hand goes on: it is believed as long as no other was published.
            Some((signer, _)) => self.read_signer(run).await.unwrap_or(signer),
            None => self.read_signer(run).await?,
        };
        Ok(Proofs { passwords: self.0.passwords.clone(), signer })
    }

    async fn read_signer(&self, run: Run<'_>) -> Done<Signer> {
        let secret = self.0.secret.read(run.now).await?;
        let signer = Signer::of(&secret, &self.0.deployment)?;
        // Before it signs: whoever is asked finds it.
        identity::publish_key(&self.0.aws, signer.public(), run).await?;
        *self.signer() = Some((signer.clone(), run.now));
        Ok(signer)
    }

    fn signer(&self) -> MutexGuard<'_, Option<(Signer, Timestamp)>> {
        self.0.signer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guards for Deployed {
    async fn guard(&self, knock: &Knock<'_>) -> Result<Guarded, StoreError> {
        identity::admit(&self.0.aws, &self.0.verifier, knock).await
    }
}

impl CountsAddresses for Deployed {
    async fn count_address(&self, address: Option<&str>, now: Timestamp) -> Result<Option<Millis>, StoreError> {
        identity::at_the_door(&self.0.aws, address, self.0.auth_per_minute.get(), now).await
    }
}

impl Desk for Deployed {
    fn is_open(&self) -> bool {
        self.0.registration == Registration::Open
    }

    async fn log_in(&self, credentials: Credentials, run: Run<'_>) -> Done<LoggedIn> {
        identity::log_in(&self.0.aws, (&self.proofs(run).await?, &self.0.factors), credentials, run).await
    }

    async fn register(
        &self,
        registration: identity::Registration,
        invited: Invited<'_>,
        run: Run<'_>,
    ) -> Done<Registered> {
        identity::register(&self.0.aws, &self.proofs(run).await?, registration, invited, run).await
    }

    async fn refresh(&self, user: &UserId, login: &SessionId, run: Run<'_>) -> Done<LoggedIn> {
        identity::refresh(&self.0.aws, &self.proofs(run).await?, user, login, run).await
    }

    async fn sessions(&self, user: &UserId, run: Run<'_>) -> Done<Vec<Login>> {
        identity::sessions(&self.0.aws, user, run).await
    }

    async fn end(&self, user: &UserId, login: &SessionId) -> Done<()> {
        identity::end(&self.0.aws, user, login).await
    }

    async fn change_password(&self, session: &Session, old: &Password, new: &Password, run: Run<'_>) -> Done<()> {
        identity::change_password(&self.0.aws, &self.0.passwords, session, old, new, run).await
    }

    async fn hand_reset(&self, admin: &Session, user: &UserId, token: &Secret, run: Run<'_>) -> Done<Reset> {
        identity::hand_reset(&self.0.aws, admin, user, token, run).await
    }

    async fn reset_password(&self, token: &Secret, new: &Password, origin: &Origin, run: Run<'_>) -> Done<()> {
        identity::reset_password(&self.0.aws, &self.0.passwords, token, new, origin, run).await
    }

    async fn users(&self, page: &PageRequest, sought: &Sought) -> Done<Page<User>> {
        identity::list(&self.0.aws, page, sought).await
    }

    async fn user(&self, session: &Session, user: &UserId) -> Done<User> {
        identity::find(&self.0.aws, session, user).await
    }

    async fn last_seen(&self, user: &User, run: Run<'_>) -> Done<Option<Timestamp>> {
        identity::last_seen(&self.0.aws, user, run).await
    }

    async fn stand(
        &self,
        admin: &Session,
        user: &UserId,
        standing: Standing,
        seen: Option<u64>,
        run: Run<'_>,
    ) -> Done<User> {
        identity::stand(&self.0.aws, admin, user, standing, seen, run).await
    }

    fn calls(&self) -> u32 {
        self.0.aws.calls_taken()
    }
}
