//! Where the rows of the vault stand.

use super::leases::LeaseTaken;
use crate::key::{Key, Table};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, CredentialId, HolderId, SourceId};
use domain::market::Exchange;
use domain::vault::Mode;
use domain::wallet::Provider;

/// The partition of definitions of exchanges and chains.
pub(super) const EVERY_WALLET: &str = "WALLETS";
/// The partition of sources of whale alerts.
pub(super) const EVERY_SOURCE: &str = "SOURCES";
/// The partition that tells of exchanges when they last answered.
pub(super) const EVERY_VENUE: &str = "VENUES";
pub(super) const LEASES: &str = "L#";
pub(super) const DAYS: &str = "B#";
const OF_ACCOUNT: &str = "ACC#";

pub(super) fn of_account(account: &AccountId) -> String {
    format!("{OF_ACCOUNT}{account}")
}

pub(super) fn standing(account: &AccountId) -> Key {
    Key::new(Table::Vault, of_account(account), "F")
}

/// What is sealed of an account.
pub(super) fn credential(account: &AccountId) -> Key {
    Key::new(Table::Vault, of_account(account), "C")
}

/// Who trades an account of an exchange.
pub(super) fn claim(of: &HolderId) -> Key {
    Key::new(Table::Vault, format!("HLD#{of}"), "H")
}

pub(super) fn wallet(provider: &Provider) -> Key {
    Key::new(Table::Vault, EVERY_WALLET, provider.as_str())
}

pub(super) fn source(id: &SourceId) -> Key {
    Key::new(Table::Vault, EVERY_SOURCE, id.as_str())
}

pub(super) fn answers(exchange: &Exchange, mode: Mode) -> Key {
    Key::new(Table::Vault, EVERY_VENUE, format!("{exchange}#{}", mode.as_str()))
}

pub(super) fn of_credential(credential: &CredentialId) -> String {
    format!("CRD#{credential}")
}

pub(super) fn lease(taken: &LeaseTaken) -> Key {
    lease_at(&taken.binding.credential, &taken.place())
}

pub(super) fn lease_at(credential: &CredentialId, place: &str) -> Key {
    Key::new(Table::Vault, of_credential(credential), format!("{LEASES}{place}"))
}

/// Between which keys the leases of a day stand.
pub(super) fn leases_between(day: i64) -> (String, String) {
    let at = |day: i64| sorted(Timestamp::from_millis(day.saturating_mul(Millis::DAY.get())));
    (format!("{LEASES}{}", at(day)), format!("{LEASES}{}", at(day.saturating_add(1))))
}

/// Which secrets were opened on a day.
pub(super) fn of_opened(day: i64) -> String {
    format!("CRD#{day:05}")
}

pub(super) fn opened_on(day: i64, credential: &CredentialId) -> Key {
    Key::new(Table::Vault, of_opened(day), credential.as_str())
}

/// Days since 1970-01-01, in ten digits.
pub(super) fn day_balances(account: &AccountId, day: i64) -> Key {
    Key::new(Table::Vault, of_account(account), format!("{DAYS}{day:010}"))
}

/// Thirteen digits: sorts as text until the year 2286.
fn sorted(at: Timestamp) -> String {
    format!("{:013}", at.millis())
}
