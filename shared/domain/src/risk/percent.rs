//! What rules count as a share of equity.

use super::book::{AccountEquity, Counted};
use super::rule::{RuleScope, Share};
use crate::equity::{Equity, Window};
use crate::money::{Amount, Decimal, Fraction, MoneyError, Percent};
use crate::vault::Mode;

/// What the accounts of a scope are worth less than before, together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lost {
    /// What they were worth.
    pub(super) from: Amount,
    pub(super) lost: Amount,
    /// Hundredths of `from`. Where there was nothing to lose, all that is lost was all there is.
    pub(super) percent: Amount,
}

impl Counted<'_> {
    /// What the accounts of a scope are worth together: of a scope that is none of whole accounts, all. None where that of one is not
    /// known.
    pub(super) fn worth(
        self,
        scope: &RuleScope,
        share: &Share,
        mode: Option<Mode>,
    ) -> Result<Option<Amount>, MoneyError> {
        let Some(equities) = self.equities_of(scope, share, mode) else { return Ok(None) };
        equities.iter().try_fold(Amount::ZERO, |sum, equity| sum.plus(equity.worth)).map(Some)
    }

    /// Since each of these windows began.
    pub(super) fn lost(
        self,
        scope: &RuleScope,
        share: &Share,
        mode: Option<Mode>,
        window: fn(&Equity) -> Window,
    ) -> Result<Option<Lost>, MoneyError> {
        let Some(equities) = self.equities_of(scope, share, mode) else { return Ok(None) };
        let (mut from, mut lost) = (Amount::ZERO, Amount::ZERO);
        for equity in equities {
            let window = window(equity);
            (from, lost) = (from.plus(window.from)?, lost.plus(window.lost(equity.profit)?)?);
        }
        let lost = lost.max(Amount::ZERO);
        let percent = match from > Amount::ZERO {
            true => share_of(lost.fraction(), &from.fraction())?,
            false if lost > Amount::ZERO => Amount::new(Percent::HUNDRED.get())?,
            false => Amount::ZERO,
        };
        Ok(Some(Lost { from, lost, percent }))
    }

    fn equities_of(&self, scope: &RuleScope, share: &Share, mode: Option<Mode>) -> Option<Vec<&Equity>> {
        let is_its = |one: &&AccountEquity| match scope {
            RuleScope::Account(account) => one.account == *account,
            RuleScope::Exchange(exchange) => one.exchange == *exchange,
            _ => true,
        };
        let counted = self.equities.iter().filter(|one| one.mode == mode && one.currency == share.currency);
        counted.filter(is_its).map(|one| one.equity.as_ref()).collect()
    }
}

/// A part of a whole, in hundredths. Rounded up: a number that is shown as within its bound is within it.
pub(super) fn share_of(part: Fraction, whole: &Fraction) -> Result<Amount, MoneyError> {
    let part = if part < Fraction::whole(0) { Fraction::whole(0) } else { part };
    let share = (part * Fraction::whole(100)).over(whole).ok_or(MoneyError::NotANumber)?;
    Amount::new(share.ceil_to(FINEST)?)
}

/// Eight decimals, as planned quote is stored.
pub(super) const FINEST: Decimal = Decimal::from_parts(1, 0, 0, false, 8);
