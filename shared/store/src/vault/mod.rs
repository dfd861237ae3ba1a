//! Who may trade, and with which secrets. What is sealed stands beside its account; who has opened it, under the secret
//! itself.

mod answers;
mod balances;
mod credentials;
mod keys;
mod leases;
mod sources;
mod states;
mod wallets;

pub use balances::DayBalances;
pub use credentials::{Binding, Credential, OfAnotherUser, Sealed, credential_gone, credential_of, credential_row};
pub use leases::{Lease, LeaseTaken};
pub use states::{Claim, in_good_standing, state_changed, state_of, state_row};
pub use wallets::KeptWallet;

/// Sealed secrets, and the right to enter of each account.
#[derive(Debug)]
pub struct Vault<'a, E>(pub &'a E);
