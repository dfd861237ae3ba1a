//! The vault: users' secrets, each under a data key of its own.
//!
//! [`Vault`] seals and opens; [`Checking`] asks venues about keys and balances, and says what that does to an account.

mod balances;
mod chains;
mod check;
mod claims;
mod fees;
mod keep;
mod reseal;
mod rounds;
mod shapes;

pub use check::{CheckError, CheckRun, Checked, Checking};
pub use fees::Paying;
pub use keep::{ResealSecret, Vault};
pub(crate) use rounds::CHECKED_WITHIN;
pub use rounds::{Probed, Round, Standing, Unkept};
