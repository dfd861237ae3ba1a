//! What a plan asks beside prices: of the signals that would close its group, and of the groups before and beside it.

use crate::clock::Millis;
use crate::money::Percent;

/// Nothing is asked where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    /// A closing signal closes only where a sale at the market brings this much on the average, after its fee. Its user
    /// closes whatever it brings, and so do stops and limits.
    pub minimum_profit: Option<Percent>,
    /// For how long after the group's end nothing is opened in its seat, whatever became of it.
    pub cooldown: Option<Millis>,
    /// It is opened only where the account has fewer groups open.
    pub open_groups_max: Option<u32>,
}
