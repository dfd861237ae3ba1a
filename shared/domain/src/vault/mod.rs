//! Secrets of users that the deployment keeps for them, and what a venue tells of a key.
//!
//! [`SecretKind`] says who may open a secret; [`KeyFacts::fault`] is the rule that a key has to pass; and
//! [`AccountState::after`] says what a check does to the account whose key it is.

mod answers;
mod key;
mod kind;
mod state;

pub use crate::ids::{CredentialId, HolderId};
pub use answers::VenueAnswers;
pub use key::{KeyFacts, KeyFault};
pub use kind::{Mode, SecretKind};
pub use state::{AccountState, Finding, Standing};
