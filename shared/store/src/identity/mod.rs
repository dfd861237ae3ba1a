//! People, and what lets them in. Who has an address or a name stands in rows of their own, put on absence in the same
//! transaction as the person.

mod archive;
mod definitions;
mod door;
mod erasure;
mod factors;
mod guard;
mod guesses;
mod keys;
mod logins;
mod logs;
mod people;
mod profile;
mod programs;
mod refresh;
mod resets;
mod session;
mod settings;
mod token_keys;
mod users;

pub use archive::{OldLog, Progress};
pub use definitions::DefinitionChange;
pub use factors::Factor;
pub use guard::session_row;
pub use keys::session as session_key;
pub use logins::{Login, Origin, login_row, may_still};
pub use logs::note;
pub use refresh::{Refresh, Replaced};
pub use resets::Reset;
pub use session::{Guarded, Session, Visit};
pub use token_keys::TokenKey;
pub use users::{Bootstrap, bootstrap_row, is_at, stands, user_row, user_rows};

/// Users, sessions, their keys and the system log.
#[derive(Debug)]
pub struct Identity<'a, E>(pub &'a E);
