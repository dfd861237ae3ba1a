//! What the account has, what it pays, and what its key may do.

use super::read::Written;
use super::wire::Why;
use super::{Kraken, ask, names};
use crate::native::Login;
use app::ports::{Balance, ProbeError, VenueError};
use domain::clock::Timestamp;
use domain::market::{Asset, MarketKey};
use domain::money::{Amount, Decimal, MoneyError, Rate};
use domain::vault::{HolderId, KeyFacts, KeyFault};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Without these the account cannot be watched.
const READS: [&str; 3] = ["query-funds", "query-open-trades", "query-closed-trades"];
/// Places orders and cancels them.
const TRADES: &str = "modify-trades";
const WITHDRAWS: &str = "withdraw-funds";
/// A second of our numbers: by less, requests of two processes that leave together overtake each other.
const NONCE_WINDOW_MIN: i64 = 1_000_000;

#[derive(Deserialize)]
struct Held {
    balance: String,
    #[serde(default)]
    credit: Option<String>,
    #[serde(default)]
    credit_used: Option<String>,
    hold_trade: String,
}

#[derive(Deserialize)]
struct Volume {
    /// By pair.
    fees: BTreeMap<String, Tier>,
}

#[derive(Deserialize)]
struct Tier {
    /// In percent.
    fee: Written,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyInfo {
    permissions: Vec<String>,
    ip_allowlist: Option<Vec<String>>,
    /// Seconds since 1970; 0 where it has no end.
    valid_until: Option<Written>,
    /// The account's own name.
    iban: Option<String>,
    /// By how much a number may be smaller than the greatest that came.
    nonce_window: Option<Written>,
}

impl Kraken {
    /// What earns under an asset's name can be spent, and counts as the asset.
    pub(super) async fn held(&self, login: &Login) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        let told: BTreeMap<String, Held> = self.read(login, ask::BALANCES, Vec::new()).await?;
        let mut all = BTreeMap::new();
        for (id, held) in told {
            let Some(asset) = names::asset(&id) else { continue };
            let sum = held.balance().and_then(|one| added(all.get(&asset), one).ok());
            all.insert(asset, sum.ok_or_else(|| unreadable("balance"))?);
        }
        Ok(all)
    }

    pub(super) async fn rate(&self, login: &Login, market: &MarketKey) -> Result<Rate, VenueError> {
        let form = vec![("pair", names::pair(&market.symbol))];
        let told: Volume = self.read(login, ask::TRADE_VOLUME, form).await?;
        let mut fees = told.fees.into_values();
        let only = if let (Some(only), None) = (fees.next(), fees.next()) { percent(&only.fee) } else { None };
        only.ok_or_else(|| unreadable("fee"))
    }

    /// Any key may ask what it may do.
    pub(super) async fn key(&self, login: &Login) -> Result<KeyFacts, ProbeError> {
        let told: KeyInfo = self.asked(login, ask::KEY_INFO, Vec::new()).await.map_err(|why| fault(&why))?;
        let may = |what: &str| told.permissions.iter().any(|known| known == what);
        Ok(KeyFacts {
            reads: Some(READS.iter().all(|what| may(what))),
            trades: Some(may(TRADES)),
            withdraws: Some(may(WITHDRAWS)),
            expires_at: told.valid_until.and_then(|end| end.moment()).filter(|end| *end > Timestamp::default()),
            addresses: told.ip_allowlist,
            holder: told.iban.filter(|iban| !iban.is_empty()).map(|iban| HolderId::of(&[&iban])),
            side_by_side: told
                .nonce_window
                .and_then(|window| window.value::<Decimal>())
                .map(|window| window >= Decimal::from(NONCE_WINDOW_MIN)),
        })
    }
}

impl Held {
    /// What is free is what is there, and on credit, without what is in orders.
    fn balance(&self) -> Option<Balance> {
        let read = |text: &String| text.parse::<Amount>().ok();
        let optional = |text: &Option<String>| text.as_ref().map_or(Some(Amount::ZERO), read);
        let (all, locked) = (read(&self.balance)?, read(&self.hold_trade)?);
        let credit = optional(&self.credit)?.minus(optional(&self.credit_used)?).ok()?;
        Some(Balance { free: all.plus(credit).ok()?.minus(locked).ok()?, locked })
    }
}

fn added(to: Option<&Balance>, more: Balance) -> Result<Balance, MoneyError> {
    let Some(known) = to else { return Ok(more) };
    Ok(Balance { free: known.free.plus(more.free)?, locked: known.locked.plus(more.locked)? })
}

/// A rate that is told in percent.
pub(super) fn percent(told: &Written) -> Option<Rate> {
    let percent: Decimal = told.value()?;
    Rate::new(percent.checked_div(Decimal::ONE_HUNDRED)?).ok()
}

fn unreadable(what: &str) -> VenueError {
    VenueError::Unavailable(format!("the exchange tells a {what} that cannot be read"))
}

/// What is wrong with a key that may not even ask what it may do.
fn fault(why: &Why) -> ProbeError {
    let unknown = ["EAPI:Invalid key", "EAPI:Invalid signature"];
    if *why == Why::Unsigned || unknown.iter().any(|word| why.says(word)) {
        return ProbeError::Fault(KeyFault::Unknown);
    }
    if why.says("EGeneral:Permission denied") {
        return ProbeError::Fault(KeyFault::CannotRead);
    }
    ProbeError::Away(why.to_string())
}
