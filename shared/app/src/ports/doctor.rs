//! What a look from inside needs: the world around a function, and a place to write down what was seen.

use super::StoreError;
use crate::doctor::Sight;
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;

/// What could not be found out, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotSeen(pub String);

/// Where a function stands, as the outside sees it.
pub trait Surroundings {
    /// The region's name.
    fn region(&self) -> String;

    /// Which version of the function's code this is.
    fn version(&self) -> String;

    /// The address that was promised to venues; none behind the shared door.
    fn promised_address(&self) -> Option<String>;

    /// The address that an echo outside saw; none where no echo is set.
    async fn address(&self) -> Result<Option<String>, NotSeen>;

    /// How far our clock is ahead of AWS's; behind is negative. As exact as an HTTP date: half a second.
    async fn clock_ahead(&self) -> Result<Millis, NotSeen>;
}

pub trait SendProbe {
    /// Asks the watch to look around for a user, or for the deployment, and to write down what it sees.
    async fn send_probe(&self, user: Option<&UserId>, now: Timestamp) -> Result<(), StoreError>;
}

pub trait KeepSight {
    /// In the place of the one before that was made for the same user.
    async fn keep_sight(&self, user: Option<&UserId>, sight: &Sight) -> Result<(), StoreError>;
}

pub trait LoadSight {
    /// The last one that was made for the user, or for the deployment.
    async fn load_sight(&self, user: Option<&UserId>) -> Result<Option<Sight>, StoreError>;
}
