//! What the alert's token permits, as it was at receipt.

use super::case::Case;
use super::enter::refusal;
use domain::account::Need;
use domain::alert::Alert;
use domain::clock::Timestamp;
use domain::delivery::Verdict;
use domain::preset::{PlanParts, PresetName};
use domain::signal::Meaning;
use domain::token::{NotGranted, Only};
use wire::alert::{Base, Opened, open};

type Granted = Result<(), Verdict>;

pub(super) fn market(case: &Case, now: Timestamp) -> Granted {
    case.delivery.grant.on(&case.alert.symbol).map_err(|not| refused(case, not, now))
}

pub(super) fn deed(case: &Case, meant: &Meaning, now: Timestamp) -> Granted {
    let wanted = match meant {
        Meaning::Enter(_) | Meaning::Add => Only::Entry,
        // Of a reversal the exit comes first: its entry is asked for anew.
        Meaning::Close | Meaning::CloseAndRefuse(_) | Meaning::CloseAndQueue | Meaning::Reduce(_) => Only::Exit,
        Meaning::Queue | Meaning::Ignore(_) | Meaning::Refuse(_) => return Ok(()),
    };
    case.delivery.grant.to(wanted).map_err(|not| refused(case, not, now))
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

fn by_preset(case: &Case, opened: &Opened, own_plan: bool, now: Timestamp) -> Granted {
    // A name that is none was rejected before.
    let named = opened.preset().unwrap_or_else(|_| PresetName::standard());
    case.delivery.grant.by(&named, own_plan).map_err(|not| refused(case, not, now))
}

fn refused(case: &Case, not: NotGranted, now: Timestamp) -> Verdict {
    refusal(case, not.reason, not.detail, now)
}
