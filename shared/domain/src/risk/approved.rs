//! The approval of an entry, which [`super::assess`] alone makes.

use super::rule::Breach;
use crate::account::{Account, Need};
use crate::clock::Timestamp;
use crate::lineage::LimitKept;
use crate::money::{Amount, MoneyError};

/// An entry that may be committed, under which bounds, and how large it may be. Only [`super::assess`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskApproved {
    need: Need,
    bounds: AccountBounds,
    reduced_by: Option<Breach>,
    checked: Vec<LimitKept>,
    warnings: Vec<Breach>,
}

/// What must still hold of the account when the commit arrives: computed here, since a condition can compare and not calculate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountBounds {
    /// Balance less the need.
    pub reserved_max: Amount,
    pub exposure_max: Amount,
    pub open_groups_max: i64,
    pub day_loss_below: Amount,
    /// A balance written in between means deciding again.
    pub balance_at: Timestamp,
    /// Whether the account says that openings ask for a quota. Where it did not, it does not by then.
    pub limited: bool,
    /// The same of risk rules.
    pub ruled: bool,
}

impl AccountBounds {
    /// By themselves they approve nothing.
    ///
    /// # Errors
    /// `Inexact` where a difference cannot be kept.
    pub fn of(account: &Account, need: &Need) -> Result<Self, MoneyError> {
        Ok(Self {
            reserved_max: account.balance(&need.asset).minus(need.reserve)?,
            exposure_max: account.limits.exposure_max.minus(need.exposure)?,
            open_groups_max: i64::from(account.groups_max(need)).saturating_sub(need.groups.into()),
            day_loss_below: account.limits.day_loss_max,
            balance_at: account.balance_at,
            limited: account.limited,
            ruled: account.ruled,
        })
    }
}

/// What an assessment has found of an entry that passes.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) reduced_by: Option<Breach>,
    pub(super) checked: Vec<LimitKept>,
    pub(super) warnings: Vec<Breach>,
}

impl RiskApproved {
    pub(super) fn new(account: &Account, need: Need, found: Found) -> Result<Self, MoneyError> {
        let bounds = AccountBounds::of(account, &need)?;
        let Found { reduced_by, checked, warnings } = found;
        Ok(Self { need, bounds, reduced_by, checked, warnings })
    }

    /// What the entry takes, never more than was asked for.
    pub fn need(&self) -> &Need {
        &self.need
    }

    /// The rule that has shrunk the entry: it is planned anew at this size, and assessed again.
    pub fn reduced_by(&self) -> Option<&Breach> {
        self.reduced_by.as_ref()
    }

    /// What the account must still allow when the commit arrives.
    pub fn bounds(&self) -> &AccountBounds {
        &self.bounds
    }

    /// The limits and rules that the entry is within, each with its number.
    pub fn checked(&self) -> &[LimitKept] {
        &self.checked
    }

    /// Rules that notify and do not refuse, which this entry breaks.
    pub fn warnings(&self) -> &[Breach] {
        &self.warnings
    }
}
