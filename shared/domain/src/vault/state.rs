//! Whether an account may enter, and what checks of its key do to that.

use super::{KeyFault, Mode};
use crate::chain::HeldAddress;
use crate::clock::Timestamp;
use crate::ids::HolderId;
use crate::limits::KEY_FAILURES_MAX;
use crate::market::Exchange;
use crate::reason::Reason;

/// What is kept of an account's right to enter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountState {
    /// By its owner.
    pub enabled: bool,
    /// By a check of its key.
    pub validated: bool,
    /// Rows of the first releases have none.
    pub mode: Option<Mode>,
    /// When a check last found the key good.
    pub validated_at: Option<Timestamp>,
    /// When its exchange, or the chain of its address, last answered; to the hour if nothing else has changed.
    pub checked_at: Option<Timestamp>,
    /// Checks in a row that failed for a reason of the key.
    pub failures: u32,
    /// Of the last of them.
    pub fault: Option<KeyFault>,
    /// Of which of its exchange's accounts its key was last found to be; none where the exchange does not tell.
    pub holder: Option<HolderId>,
    /// Under what it is the one account here that trades its account there: a check has seen to it.
    pub claim: Option<HolderId>,
    /// Of a chain: such an account is looked at, and never enters.
    pub address: Option<HeldAddress>,
    /// Raised by each change.
    pub version: u64,
}

/// What a check of a key found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    Good,
    Bad(KeyFault),
    /// The venue could not be asked, or we could not open the key: nothing is known.
    Away,
}

impl AccountState {
    /// On which side of an exchange it is: at the paper venue there is one.
    pub fn mode_at(&self, exchange: &Exchange) -> Option<Mode> {
        self.mode.or(exchange.is_paper().then_some(Mode::Paper))
    }

    pub fn may_enter(&self) -> bool {
        self.enabled && self.validated && self.address.is_none()
    }

    /// Whether a key of this holder is of the same account as the key before; none where it is not told of both.
    pub fn is_held_by(&self, holder: Option<&HolderId>) -> Option<bool> {
        self.holder.as_ref().zip(holder).map(|(known, told)| known == told)
    }

    /// After a check. The second failure in a row for a reason of the key takes both flags away.
    #[must_use]
    pub fn after(&self, finding: Finding, now: Timestamp) -> Self {
        let next = Self { version: self.version.saturating_add(1), checked_at: Some(now), ..self.clone() };
        match finding {
            Finding::Away => self.clone(),
            Finding::Good => Self { validated: true, validated_at: Some(now), failures: 0, fault: None, ..next },
            Finding::Bad(fault) => {
                let failures = self.failures.saturating_add(1);
                let may_go_on = failures < KEY_FAILURES_MAX;
                let (enabled, validated) = (self.enabled && may_go_on, self.validated && may_go_on);
                Self { enabled, validated, failures, fault: Some(fault), ..next }
            }
        }
    }

    /// After its venue has refused the key in the middle of work: no second look is waited for, since every entry would be
    /// refused as well, and every exit. None where the key is known to be lost.
    pub fn after_refusal(&self, fault: KeyFault, now: Timestamp) -> Option<Self> {
        (!self.has_lost_key() && self.address.is_none()).then(|| Self {
            enabled: false,
            validated: false,
            checked_at: Some(now),
            failures: self.failures.saturating_add(1),
            fault: Some(fault),
            version: self.version.saturating_add(1),
            ..self.clone()
        })
    }

    /// Whether its key was found not to work, whoever may enter with it: nothing that is open there can be left.
    pub fn has_lost_key(&self) -> bool {
        self.fault.is_some() && !self.validated
    }

    /// Whether that has just been found out.
    pub fn lost_its_key(&self, before: &Self) -> bool {
        self.has_lost_key() && !before.has_lost_key()
    }

    /// Whether a check has just taken the right to enter away.
    pub fn was_disabled(&self, before: &Self) -> bool {
        before.may_enter() && !self.may_enter()
    }
}

/// Whether the owner lets an account trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub enabled: bool,
    pub validated: bool,
}

impl From<&AccountState> for Standing {
    fn from(state: &AccountState) -> Self {
        Self { enabled: state.enabled, validated: state.validated }
    }
}

impl Standing {
    /// # Errors
    /// Why an account enters nothing, where it does not: a word and a sentence. Its owner's wish comes first.
    pub fn may_enter(standing: Option<Self>) -> Result<(), (Reason, &'static str)> {
        match standing {
            Some(Self { enabled: true, validated: true }) => Ok(()),
            Some(Self { enabled: true, validated: false }) => {
                Err((Reason::AccountNotValidated, "the account was not found good: have it validated"))
            }
            Some(Self { enabled: false, validated: true }) => {
                Err((Reason::AccountDisabled, "the account is not enabled by its owner"))
            }
            _ => Err((Reason::AccountDisabled, "the account is neither validated nor enabled")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Finding::{Away, Bad, Good};

    const BAD: Finding = Bad(KeyFault::Unknown);

    /// Flags and failures after each finding.
    fn check(findings: &[(Finding, (bool, bool), u32)]) {
        let mut state = AccountState { enabled: true, validated: true, ..AccountState::default() };
        for (turn, (finding, (enabled, validated), failures)) in findings.iter().enumerate() {
            let at = Timestamp::from_millis(i64::try_from(turn).unwrap() + 1);
            let next = state.after(*finding, at);
            assert_eq!((next.enabled, next.validated), (*enabled, *validated), "{turn}: {finding:?}");
            assert_eq!(next.failures, *failures, "{turn}: {finding:?}");
            assert_eq!(next.version > state.version, *finding != Away, "{turn}: {finding:?}");
            state = next;
        }
    }

    const UP: (bool, bool) = (true, true);
    const DOWN: (bool, bool) = (false, false);

    #[test]
    fn a_key_is_of_the_same_account_where_its_exchange_has_told_so_of_both() {
        let [one, two] = ["1", "2"].map(|uid| HolderId::of(&[uid]));
        let of = |holder: Option<&HolderId>| AccountState { holder: holder.cloned(), ..AccountState::default() };
        for (known, told, same) in [
            (Some(&one), Some(&one), Some(true)),
            (Some(&one), Some(&two), Some(false)),
            (Some(&one), None, None),
            (None, Some(&one), None),
            (None, None, None),
        ] {
            assert_eq!(of(known).is_held_by(told), same, "{known:?} {told:?}");
        }
    }

    #[test]
    fn two_failures_in_a_row_for_a_reason_of_the_key_take_the_flags_away() {
        check(&[(BAD, UP, 1), (Bad(KeyFault::Expired), DOWN, 2), (BAD, DOWN, 3)]);
    }

    #[test]
    fn a_refusal_in_the_middle_of_work_takes_the_flags_away_at_once_and_only_once() {
        let now = Timestamp::from_millis(7);
        let may = AccountState { enabled: true, validated: true, version: 3, ..AccountState::default() };
        let refused = may.after_refusal(KeyFault::AddressRefused, now).unwrap();
        assert!(refused.was_disabled(&may) && !refused.enabled && !refused.validated);
        assert_eq!((refused.fault, refused.checked_at), (Some(KeyFault::AddressRefused), Some(now)));
        assert_eq!((refused.failures, refused.version), (1, 4));
        assert_eq!(refused.after_refusal(KeyFault::Unknown, now), None);
        let disabled = AccountState { enabled: false, ..may };
        let lost = disabled.after_refusal(KeyFault::Expired, now).unwrap();
        assert!(lost.lost_its_key(&disabled) && !lost.validated, "what is open there has no key any more");
        assert_eq!(lost.after_refusal(KeyFault::Expired, now), None);
        assert!(!refused.after(Good, now).may_enter(), "it is its owner's to enable");
    }

    #[test]
    fn a_key_is_lost_once_whoever_may_enter_with_it() {
        let told = |validated: bool, findings: &[Finding]| {
            let mut state = AccountState { enabled: false, validated, ..AccountState::default() };
            let lost = |finding: &Finding| {
                let next = state.after(*finding, Timestamp::from_millis(1));
                let lost = next.lost_its_key(&state);
                state = next;
                lost
            };
            findings.iter().map(lost).collect::<Vec<_>>()
        };
        assert_eq!(told(true, &[BAD, BAD, BAD]), [false, true, false]);
        assert_eq!(told(false, &[BAD, BAD]), [true, false], "one that was never good needs no second look");
        assert_eq!(told(true, &[BAD, BAD, Good, BAD, BAD]), [false, true, false, false, true]);
        assert_eq!(told(true, &[Away, BAD, Away, Away]), [false; 4]);
    }

    #[test]
    fn a_good_check_in_between_begins_anew() {
        check(&[(BAD, UP, 1), (Good, UP, 0), (BAD, UP, 1)]);
    }

    #[test]
    fn a_venue_that_is_away_says_nothing() {
        check(&[(Away, UP, 0), (Away, UP, 0), (BAD, UP, 1), (Away, UP, 1), (BAD, DOWN, 2)]);
    }

    #[test]
    fn a_good_check_validates_and_leaves_it_to_the_owner_to_enable() {
        check(&[(BAD, UP, 1), (BAD, DOWN, 2), (Good, (false, true), 0)]);
        let now = Timestamp::from_millis(7);
        let fresh = AccountState::default().after(Good, now);
        assert_eq!((fresh.validated_at, fresh.may_enter(), fresh.fault), (Some(now), false, None));
    }

    #[test]
    fn a_key_that_was_never_good_does_not_become_so_by_failing_once() {
        let new = AccountState { enabled: false, validated: false, ..AccountState::default() };
        let failed = new.after(BAD, Timestamp::from_millis(1));
        assert!(!failed.validated && !failed.was_disabled(&new));
        assert_eq!(failed.fault, Some(KeyFault::Unknown));
    }
}
