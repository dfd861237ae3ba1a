//! What the alert's token permits, as it was at receipt.

use super::case::Case;
use super::enter::refusal;
use domain::account::Need;
use domain::alert::Alert;
use domain::clock::Timestamp;
use domain::delivery::Verdict;
use domain::money::Amount;
use domain::preset::{PlanParts, PresetName};
use domain::reason::Reason;
use domain::signal::Meaning;
use domain::token::{Grant, NotGranted, Only};
use wire::alert::{Base, Opened, open};

type Granted = Result<(), Verdict>;

pub(super) fn market(case: &Case, now: Timestamp) -> Granted {
    case.delivery.grant.on(&case.alert.symbol).map_err(|not| refused(case, not, now))
}

pub(super) fn deed(case: &Case, meant: &Meaning, now: Timestamp) -> Granted {
    permits(&case.delivery.grant, meant).map_err(|not| refused(case, not, now))
}

fn permits(grant: &Grant, meant: &Meaning) -> Result<(), NotGranted> {
    match meant {
        Meaning::Enter(_) | Meaning::Add => grant.to(Only::Entry),
        // Of a reversal the exit comes first: its entry is asked for anew.
        Meaning::Close | Meaning::CloseAndRefuse(_) | Meaning::CloseAndQueue | Meaning::Reduce(_) => {
            grant.to(Only::Exit)
        }
        Meaning::Queue | Meaning::Ignore(_) | Meaning::Refuse(_) => Ok(()),
    }
}

/// The plan of an alert over its preset: where presets are named, it is theirs.
pub(super) fn plan(case: &Case, opened: &Opened, base: Option<&Base>, alert: &Alert, now: Timestamp) -> Granted {
    if case.delivery.grant.presets.is_empty() {
        return Ok(());
    }
    let is_own = Opened::bare(base).is_ok_and(|bare| (bare.plan, bare.flags) != (alert.plan.clone(), alert.flags));
    by_preset(case, opened, is_own, now)
}

/// What is added to a live group goes by the group's plan, unless the alert says more.
pub(super) fn addition(case: &Case, now: Timestamp) -> Granted {
    let opened = open(case.delivery.body.as_bytes());
    by_preset(case, &opened, case.alert.own != PlanParts::default(), now)
}

pub(super) fn spending(case: &Case, need: &Need, now: Timestamp) -> Granted {
    case.delivery.grant.spending(need.exposure).map_err(|not| refused(case, not, now))
}

/// What the parts of one routed entry plan to spend together.
///
/// # Errors
/// Where that is more than one entry may spend, or cannot be kept.
pub(super) fn spending_together<'a>(
    grant: &Grant,
    mut parts: impl Iterator<Item = &'a Need>,
) -> Result<(), NotGranted> {
    let sum = parts.try_fold(Amount::ZERO, |sum, need| sum.plus(need.exposure));
    let sum = sum.map_err(|error| NotGranted { reason: Reason::Inexact, detail: error.to_string() })?;
    grant.spending(sum)
}

fn by_preset(case: &Case, opened: &Opened, own_plan: bool, now: Timestamp) -> Granted {
    // A name that is none was rejected before.
    let named = opened.preset().unwrap_or_else(|_| PresetName::standard());
    case.delivery.grant.by(&named, own_plan).map_err(|not| refused(case, not, now))
}

fn refused(case: &Case, not: NotGranted, now: Timestamp) -> Verdict {
    refusal(case, not.reason, not.detail, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::alert::Side;
    use domain::market::Leverage;
    use domain::money::Fraction;

    /// Why each of the two kinds of tokens does not do it.
    fn check(meant: &Meaning, entry_only: Option<Reason>, exit_only: Option<Reason>) {
        let reason = |only| {
            let grant = Grant { only: Some(only), ..Grant::default() };
            permits(&grant, meant).err().map(|not| not.reason)
        };
        assert_eq!((reason(Only::Entry), reason(Only::Exit)), (entry_only, exit_only), "{meant:?}");
        assert_eq!(permits(&Grant::default(), meant), Ok(()), "{meant:?}");
    }

    #[test]
    fn a_token_for_one_thing_does_no_other_in_whichever_form_it_comes() {
        for enters in [Meaning::Enter(Side::Long), Meaning::Enter(Side::Short), Meaning::Add] {
            check(&enters, None, Some(Reason::TokenExitOnly));
        }
        let reduction = Meaning::Reduce(Fraction::whole(1));
        for exits in
            [Meaning::Close, Meaning::CloseAndRefuse(Reason::ContradictsSide), Meaning::CloseAndQueue, reduction]
        {
            check(&exits, Some(Reason::TokenEntryOnly), None);
        }
        for nothing in [Meaning::Queue, Meaning::Ignore(Reason::NothingOpen), Meaning::Refuse(Reason::AlreadyLive)] {
            check(&nothing, None, None);
        }
    }

    #[test]
    fn the_parts_of_a_routed_entry_spend_one_maximum_together() {
        let amount = |text: &str| text.parse::<Amount>().unwrap();
        let part = |exposure: &str| Need {
            asset: "USDT".parse().unwrap(),
            reserve: Amount::ZERO,
            exposure: amount(exposure),
            leverage: Leverage::ONE,
            groups: 1,
            open_groups_max: None,
        };
        let grant = Grant { order_quote_max: Some(amount("100")), ..Grant::default() };
        let reason = |exposures: &[&str]| {
            let parts: Vec<Need> = exposures.iter().map(|exposure| part(exposure)).collect();
            spending_together(&grant, parts.iter()).err().map(|not| not.reason)
        };
        assert_eq!(reason(&["60", "40"]), None);
        assert_eq!(reason(&["60", "40.01"]), Some(Reason::TokenOrderQuoteMax), "though neither is more by itself");
        assert_eq!(reason(&["100.01"]), Some(Reason::TokenOrderQuoteMax));
    }
}
