//! What somebody has beside a password.

use super::StoreError;
use domain::clock::Timestamp;
use domain::identity::FactorSecret;
use domain::ids::UserId;

pub use store::identity::Factor;

pub trait SealFactor {
    async fn seal_factor(&self, user: &UserId, secret: &FactorSecret, now: Timestamp) -> Result<String, StoreError>;

    /// What was sealed for this very user.
    async fn open_factor(&self, user: &UserId, sealed: &str, now: Timestamp) -> Result<FactorSecret, StoreError>;

    /// The same under the key that is used now; none where it is already.
    async fn reseal_factor(&self, user: &UserId, sealed: &str, now: Timestamp) -> Result<Option<String>, StoreError>;
}
