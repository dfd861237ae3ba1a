//! What an account may hold at the most, and what it begins with.

use super::{AccountError, decide, has_money, in_person};
use crate::actor::Act;
use crate::ports::{Groups, KeptAccount};
use domain::account::{Account, AccountLimits};
use domain::ids::AccountId;
use domain::market::{Asset, BadSymbol, Leverage};
use domain::money::{Amount, MoneyError};
use domain::vault::Mode;
use std::collections::BTreeMap;
use store::Engine;

/// What the paper venue counts in.
const PAPER_ASSET: &str = "USDT";

/// A number or a name that is built in cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuiltIn {
    #[error("a built-in number: it {0}")]
    Number(#[from] MoneyError),
    #[error("a built-in name: it {0}")]
    Name(#[from] BadSymbol),
}

/// Other limits; what is not named stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChangedLimits {
    pub open_groups_max: Option<u32>,
    pub exposure_max: Option<Amount>,
    pub order_quote_max: Option<Amount>,
    pub day_loss_max: Option<Amount>,
    pub leverage_max: Option<Leverage>,
}

/// Of an account whose owner has said nothing else.
///
/// # Errors
/// Never, while the numbers here can be read.
pub fn usual_limits() -> Result<AccountLimits, BuiltIn> {
    Ok(AccountLimits {
        open_groups_max: 10,
        exposure_max: "10000".parse()?,
        order_quote_max: "5000".parse()?,
        day_loss_max: "1000".parse()?,
        leverage_max: Leverage::ONE,
    })
}

/// What the paper venue holds for an account at first; other venues tell what they hold.
///
/// # Errors
/// Never, while the numbers and names here can be read.
pub fn start(mode: Mode, said: Option<Amount>) -> Result<BTreeMap<Asset, Amount>, BuiltIn> {
    if mode != Mode::Paper {
        return Ok(BTreeMap::new());
    }
    let amount = said.map_or_else(|| "10000".parse(), Ok)?;
    Ok(BTreeMap::from([(PAPER_ASSET.parse()?, amount)]))
}

/// They hold for whatever is decided from then on, and for base orders that were decided and not sent yet; what is open stays. `seen` is the version that is meant.
///
/// # Errors
/// `Unknown`, `NotInPerson`, `VersionConflict`, `Contended`, or where the store cannot be reached.
pub async fn limit<D: Engine>(
    deps: &D,
    id: &AccountId,
    changed: ChangedLimits,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<KeptAccount, AccountError> {
    decide(deps, id, seen, "limit account", Groups::Any, act, |kept, _| {
        let account = Account { limits: changed.over(&kept.account.limits), ..kept.account.clone() };
        if account.limits.exceed(&kept.account.limits) && has_money(kept) {
            in_person(act, "raises no limit of an account at an exchange")?;
        }
        Ok(KeptAccount { account, ..kept.clone() })
    })
    .await
}

/// As the record says them.
pub(super) fn told(limits: &AccountLimits) -> String {
    let AccountLimits { open_groups_max, exposure_max, order_quote_max, day_loss_max, leverage_max } = limits;
    let money = format!("exposure {exposure_max}, order {order_quote_max}, day loss {day_loss_max}");
    format!("{open_groups_max} groups, {money}, leverage {leverage_max}")
}

impl ChangedLimits {
    fn over(self, before: &AccountLimits) -> AccountLimits {
        AccountLimits {
            open_groups_max: self.open_groups_max.unwrap_or(before.open_groups_max),
            exposure_max: self.exposure_max.unwrap_or(before.exposure_max),
            order_quote_max: self.order_quote_max.unwrap_or(before.order_quote_max),
            day_loss_max: self.day_loss_max.unwrap_or(before.day_loss_max),
            leverage_max: self.leverage_max.unwrap_or(before.leverage_max),
        }
    }
}
