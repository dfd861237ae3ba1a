//! What an account has, what it pays, and what its key may.

use super::Coinbase;
use super::ask::{no, unreadable};
use super::outcome::unauthorized;
use super::read::number;
use super::sign::Window;
use crate::native::{Answer, Login, words};
use app::ports::{Balance, ProbeError, VenueError};
use domain::market::Asset;
use domain::money::{Amount, Rate};
use domain::vault::{HolderId, KeyFacts, KeyFault};
use serde::Deserialize;
use std::collections::BTreeMap;

const PAGE: &str = "250";
const PAGES_MAX: usize = 20;

#[derive(Deserialize)]
struct Accounts {
    accounts: Vec<Account>,
    #[serde(default)]
    has_next: bool,
    #[serde(default)]
    cursor: String,
}

#[derive(Deserialize)]
struct Account {
    currency: String,
    available_balance: Value,
    hold: Option<Value>,
    #[serde(default, rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Value {
    value: String,
}

#[derive(Deserialize)]
struct Summary {
    fee_tier: Tier,
}

#[derive(Deserialize)]
struct Tier {
    taker_fee_rate: String,
}

#[derive(Deserialize)]
struct Permissions {
    can_view: bool,
    can_trade: bool,
    can_transfer: bool,
    /// A key is of one portfolio, and trades what is in it.
    portfolio_uuid: Option<String>,
}

impl Coinbase {
    /// What can be traded with; nothing is told of what is nothing.
    pub(super) async fn held(&self, login: &Login) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        let (mut all, mut cursor) = (BTreeMap::new(), String::new());
        for _ in 0..PAGES_MAX {
            let mut query = vec![("limit", PAGE)];
            if !cursor.is_empty() {
                query.push(("cursor", cursor.as_str()));
            }
            let page: Accounts = self.read(login, "/accounts", &query).await?;
            for account in page.accounts.iter().filter(|account| account.trades()) {
                account.add_to(&mut all).ok_or_else(unreadable)?;
            }
            if !page.has_next {
                return Ok(all);
            }
            if page.cursor.is_empty() || page.cursor == cursor {
                return Err(unreadable());
            }
            cursor = page.cursor;
        }
        Err(VenueError::Unavailable("there are too many accounts to be read".to_owned()))
    }

    pub(super) async fn taker_fee(&self, login: &Login) -> Result<Rate, VenueError> {
        let summary: Summary = self.read(login, "/transaction_summary", &[("product_type", "SPOT")]).await?;
        number(&summary.fee_tier.taker_fee_rate).ok_or_else(unreadable)
    }

    /// It tells neither from where a key may be used nor when it ends.
    pub(super) async fn key_facts(&self, login: &Login) -> Result<KeyFacts, ProbeError> {
        if super::key::read(&login.key.api_secret).is_none() {
            return Err(ProbeError::Fault(KeyFault::Unknown));
        }
        let answer = self.answer(login, "/key_permissions", &[]).await.map_err(away)?;
        facts(&answer, Window::of_read(login))
    }
}

impl Account {
    /// What lies in a vault or behind futures cannot be sold here.
    fn trades(&self) -> bool {
        matches!(self.kind.as_str(), "" | "ACCOUNT_TYPE_CRYPTO" | "ACCOUNT_TYPE_FIAT")
    }

    /// None where it cannot be understood. An asset whose name we cannot write is none that we trade.
    fn add_to(&self, all: &mut BTreeMap<Asset, Balance>) -> Option<()> {
        let free: Amount = number(&self.available_balance.value)?;
        let locked: Amount = self.hold.as_ref().map_or(Some(Amount::ZERO), |hold| number(&hold.value))?;
        let Ok(asset) = self.currency.parse::<Asset>() else { return Some(()) };
        if free == Amount::ZERO && locked == Amount::ZERO {
            return Some(());
        }
        let known = all.entry(asset).or_insert(Balance { free: Amount::ZERO, locked: Amount::ZERO });
        *known = Balance { free: known.free.plus(free).ok()?, locked: known.locked.plus(locked).ok()? };
        Some(())
    }
}

fn facts(answer: &Answer, window: Window) -> Result<KeyFacts, ProbeError> {
    match answer.status {
        401 if unauthorized(answer, window) == words::CLOCK => {
            Err(ProbeError::Away("its clock and ours are apart".to_owned()))
        }
        401 => Err(ProbeError::Fault(KeyFault::Unknown)),
        403 => Err(ProbeError::Fault(KeyFault::CannotRead)),
        200 => answer.json().as_ref().map(told).ok_or_else(|| away(unreadable())),
        _ => Err(ProbeError::Away(no(answer))),
    }
}

fn told(permissions: &Permissions) -> KeyFacts {
    KeyFacts {
        reads: Some(permissions.can_view),
        trades: Some(permissions.can_trade),
        withdraws: Some(permissions.can_transfer),
        holder: permissions.portfolio_uuid.as_ref().filter(|uuid| !uuid.is_empty()).map(|uuid| HolderId::of(&[uuid])),
        ..KeyFacts::default()
    }
}

fn away(error: VenueError) -> ProbeError {
    ProbeError::Away(match error {
        VenueError::Unavailable(why) => why,
        no_market @ VenueError::NoMarket(_) => no_market.to_string(),
    })
}
