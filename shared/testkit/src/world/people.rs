//! API keys and log-ins that are accepted.

use super::World;
use app::ports::{Claims, Login, Origin, Secret, Session, SignToken};
use credentials::Signer;
use domain::clock::Millis;
use domain::identity::{Grant, Role};
use domain::ids::{SessionId, UserId};
use store::identity::{Identity, login_row};

/// Its tokens are signed by a key of its own.
pub const DEPLOYMENT: &str = "calm";
/// What the key of its tokens follows from.
pub const SECRET: &str = "the secret of a deployment in memory";

impl World {
    /// Accepts this API key for a day, with these permissions.
    pub fn let_in(&self, key: &str, user: &UserId, scopes: &[&str]) {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let hash = Secret::new(key.to_owned()).hash();
        self.put_session(&hash, &Session::new(user.clone(), scopes, None), self.sim().now().plus(Millis::DAY));
    }

    /// Logs a user in for a day with these permissions; their token. The same permissions are the same log-in.
    pub fn log_in(&self, user: &UserId, scopes: &[&str]) -> String {
        let scopes = scopes.iter().map(|scope| scope.parse().expect("a right")).collect();
        self.log_in_with(user, Grant { scopes, ..Grant::from(Role::Viewer) }, false)
    }

    /// Logs a user in for a day with a role; their token.
    pub fn log_in_as(&self, user: &UserId, role: Role) -> String {
        self.log_in_with(user, Grant::from(role), false)
    }

    /// The same with a second factor.
    pub fn log_in_by_factor(&self, user: &UserId, role: Role) -> String {
        self.log_in_with(user, Grant::from(role), true)
    }

    fn log_in_with(&self, user: &UserId, grant: Grant, by_factor: bool) -> String {
        let now = self.sim().now();
        let words: Vec<_> = grant.scopes.iter().map(ToString::to_string).collect();
        let (id, expires_at) = (
            SessionId::of(&[user.as_str(), &words.join("+"), if by_factor { "factor" } else { "" }]),
            now.plus(Millis::DAY),
        );
        let claims = Claims { user: user.clone(), session: id.clone(), issued_at: now, expires_at };
        let (created_at, seen_at) = (now, now);
        let (user, origin) = (user.clone(), Origin::default());
        let (refresh, not_renewed) = (None, false);
        let login = Login { id, user, grant, origin, created_at, expires_at, seen_at, refresh, by_factor, not_renewed };
        self.seed_row(login_row(&login).expect("a log-in"));
        let signer = Signer::of(&Secret::new(SECRET.to_owned()), DEPLOYMENT).expect("a signer");
        let world = self.clone();
        self.sim().block_on("log-in", async move {
            let (identity, keys) = (Identity(&world), [signer.public().clone()]);
            let known = identity.load_token_keys().await.expect("the keys of tokens");
            if known != keys {
                identity.publish_token_keys(&known, &keys).await.expect("the keys of tokens");
            }
            signer.sign_token(&claims).await.expect("a token").expose().to_owned()
        })
    }
}
