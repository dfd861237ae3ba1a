//! The vault's rows. What is sealed stands beside its account; who has opened it, under the secret itself.

mod answers;
mod balances;
mod credentials;
mod leases;
mod states;
