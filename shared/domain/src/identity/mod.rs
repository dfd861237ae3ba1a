//! Who may come in: people's names and passwords, what a role permits, how guessing is slowed down.

mod email;
mod factor;
mod guesses;
mod password;
mod role;
mod user;

pub use email::{BadEmail, Email};
pub use factor::{
    BadCode, FACTOR_SECRET_BYTES, FactorSecret, GivenCode, RECOVERY_CODE_BYTES, RECOVERY_CODES, recovery_code,
};
pub use guesses::{Guesses, Lock};
pub use password::{Password, WeakPassword};
pub use role::{Permission, Role, UnknownRole};
pub use user::{BadUsername, PasswordHash, User, Username, may_refresh};
