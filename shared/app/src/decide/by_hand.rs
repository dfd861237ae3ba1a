//! An order by hand: its deed is said, and no table of alerts is asked what it means.
//!
//! 1. One that opens finds nothing of its seat open, and one that names a position finds that one.
//! 2. It takes the exits of its preset and nothing else: no ladder and no rule for alerts.

use super::case::{Case, Loaded};
use super::enter::refusal;
use super::{add, case, enter, meant, quota, reduce};
use crate::actor::Act;
use crate::persist::PersistError;
use crate::ports::{ReadBooks, ReadPrice, Urgency, VenueError};
use crate::remarks::Remarks;
use crate::run::Run;
use domain::account::Need;
use domain::alert::Alert;
use domain::by_hand::{ByHand, Deed, KeyMaxima};
use domain::clock::Timestamp;
use domain::delivery::{Delivery, Verdict, VerdictKind};
use domain::group::{GroupStatus, Position, Reducing, ReductionRefused};
use domain::ids::{AccountId, RuleId};
use domain::lineage::Seen;
use domain::market::{Book, Market};
use domain::money::{Fraction, MoneyError, Quantity};
use domain::preset::{AskedPlan, Flags, PlanParts};
use domain::reason::Reason;
use domain::risk::RiskApproved;
use domain::rules::Rules;
use domain::signal::{self, Meaning, Wish};
use store::Engine;
use store::trading::Spent;

/// What it is to do here, or why it does nothing.
pub(super) fn means(case: &Case, order: &ByHand, now: Timestamp) -> Result<Result<Meaning, Verdict>, MoneyError> {
    let live = case.own();
    let named = live.filter(|live| Some(&live.group.id) == order.deed.position());
    Ok(match (&order.deed, named) {
        (Deed::Open, _) => match live {
            Some(live) => Err(taken(case, live, now)),
            None => Ok(opens(case)),
        },
        (_, None) => {
            let gone = "the position that it names is not open any more".to_owned();
            Err(case.verdict(VerdictKind::Ignored, now).because(Reason::NothingOpen, gone))
        }
        (Deed::Add(_), Some(live)) if live.group.status == GroupStatus::Closing || live.group.exit.is_some() => {
            let closing = "the position that it adds to is being closed".to_owned();
            Err(refusal(case, Reason::Closing, closing, now).about([live.group.id.clone()]))
        }
        (Deed::Add(_), Some(_)) => Ok(Meaning::Add),
        (Deed::Reduce(_, quantity), Some(live)) => match live.share_of(*quantity)? {
            Some(share) => Ok(Meaning::Reduce(share)),
            None => {
                let nothing = "nothing of it is held that is not being sold".to_owned();
                let verdict = case.verdict(VerdictKind::Ignored, now).because(Reason::NothingHeld, nothing);
                Err(verdict.about([live.group.id.clone()]))
            }
        },
    })
}

fn opens(case: &Case) -> Meaning {
    match signal::wish(&case.alert) {
        Ok(wish @ Wish::Hold(_)) => signal::meaning(wish, &case.alert, None, case.market.can_short),
        // Its text is our own: it is none that leaves.
        Ok(Wish::Exit) | Err(_) => Meaning::Ignore(Reason::NothingOpen),
    }
}

fn taken(case: &Case, live: &Position, now: Timestamp) -> Verdict {
    let id = &live.group.id;
    let detail = format!("{id} is open here: name it to add to it or to make it smaller");
    refusal(case, Reason::AlreadyLive, detail, now).about([id.clone()])
}

/// Whether an API key may spend this much, in one order and today.
pub(super) fn within_key(case: &Case, need: &Need, now: Timestamp) -> Result<(), Verdict> {
    let Some(key) = key(case) else { return Ok(()) };
    let inexact = |error: MoneyError| refusal(case, Reason::Inexact, error.to_string(), now);
    let today = case.account.spent_with(&key.key, need.exposure, now).map_err(inexact)?.amount;
    let asked = [(need.exposure, key.order, "in one order"), (today, key.day, "on one day")];
    let over = asked.into_iter().find(|(comes_to, allowed, _)| comes_to > allowed);
    over.map_or(Ok(()), |(comes_to, allowed, of)| {
        let detail =
            format!("{comes_to} planned, {allowed} is the most that the API key may spend {of} with this account");
        Err(refusal(case, Reason::KeyQuoteMax, detail, now))
    })
}

/// What the entry's commit counts of its API key.
pub(super) fn spent(case: &Case, approved: &RiskApproved, now: Timestamp) -> Result<Option<Spent>, MoneyError> {
    let Some(KeyMaxima { key, .. }) = key(case) else { return Ok(None) };
    let next = case.account.spent_with(key, approved.need().exposure, now)?;
    Ok(Some(Spent { key: key.clone(), seen: case.account.worth.spent.get(key).copied(), next }))
}

fn key(case: &Case) -> Option<&KeyMaxima> {
    case.delivery.by_hand.as_deref()?.key.as_ref()
}

/// What an order would come to, as it is now. Nothing is stored, and no exchange is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The position as it would be, before anything of it is filled; none where it would not come about.
    pub planned: Option<Box<Position>>,
    /// By which price it is planned.
    pub price: Option<Seen>,
    /// How much would be sold of what is held.
    pub sold: Option<Quantity>,
    /// Why it would not come about, or that a rule shrinks it.
    pub verdict: Verdict,
    /// Rules that need the exchange's order book: the order is assessed by them as it is placed.
    pub not_assessed: Vec<RuleId>,
}

/// What this order would come to.
///
/// # Errors
/// If the store cannot be reached, or a number cannot be kept exactly.
pub async fn preview<D: Engine + ReadPrice>(
    deps: &D,
    delivery: Delivery,
    act: Act<'_>,
) -> Result<Preview, PersistError> {
    let now = act.now;
    let run = &Run {
        deployment: "preview".to_owned(),
        attempt: act.attempt.clone(),
        deadline: now,
        remarks: Remarks::default(),
    };
    let refused = |verdict| Ok(Preview { planned: None, price: None, sold: None, verdict, not_assessed: Vec::new() });
    let case = match case::load(deps, delivery, now).await? {
        Ok(Loaded::Case(case)) => case,
        Ok(Loaded::Routed(..)) => return refused(Verdict::new(VerdictKind::Refused, now)),
        Err((_, verdict)) => return refused(verdict),
    };
    let meaning = match meant(deps, &case, now).await? {
        Ok(meaning) => meaning,
        Err(verdict) => return refused(verdict),
    };
    let (planned, not_assessed) = match meaning {
        Meaning::Enter(side) => {
            let case = case.ruled_unkept(deps, &NoBooks, now).await?;
            let planned = enter::plan(deps, &NoBooks, &case, side, run, now).await?;
            if let (Ok(_), Err(verdict)) = (&planned, quota::room(deps, &case, now).await?) {
                return refused(verdict);
            }
            (planned.map(|planned| (entered(&case, Reason::Opened, now), planned)), case.unanswered())
        }
        Meaning::Add => {
            let case = case.ruled_unkept(deps, &NoBooks, now).await?;
            let Some(live) = case.own() else { return refused(case.ignored(Reason::NothingOpen, now)) };
            let planned = add::planned(deps, &NoBooks, &case, live, run, now).await?;
            (planned.map(|planned| (entered(&case, Reason::PyramidAdded, now), planned)), case.unanswered())
        }
        Meaning::Reduce(share) => return reduction(deps, &case, &share, now).await,
        Meaning::Refuse(reason) => return refused(case.refused(reason, now)),
        _ => return refused(case.ignored(Reason::NothingOpen, now)),
    };
    match planned {
        Err(verdict) => refused(verdict),
        Ok((verdict, planned)) => Ok(Preview {
            verdict: enter::told_reduced(verdict, planned.reduced),
            price: Some(planned.price),
            planned: Some(Box::new(planned.position)),
            sold: None,
            not_assessed,
        }),
    }
}

fn entered(case: &Case, reason: Reason, now: Timestamp) -> Verdict {
    case.verdict(VerdictKind::Accepted, now).because(reason, "it would be accepted")
}

async fn reduction<D: Engine + ReadPrice>(
    deps: &D,
    case: &Case,
    share: &Fraction,
    now: Timestamp,
) -> Result<Preview, PersistError> {
    let shown = |sold, verdict| Ok(Preview { planned: None, price: None, sold, verdict, not_assessed: Vec::new() });
    let Some(live) = case.own() else { return shown(None, case.ignored(Reason::NothingOpen, now)) };
    let Some(price) = reduce::price(deps, case, live, now).await? else {
        let unknown = "no price of this market is known".to_owned();
        return shown(None, refusal(case, Reason::NoPrice, unknown, now));
    };
    match live.reduce(&Reducing { delivery: &case.delivery.at.id, share, price, now }) {
        Ok(reduced) => {
            let detail = format!("it would sell {} of {} held", reduced.quantity, reduced.held);
            let verdict = case.verdict(VerdictKind::Accepted, now).because(Reason::Reducing, detail);
            shown(Some(reduced.quantity), verdict)
        }
        Err(ReductionRefused::Money(error)) => Err(error.into()),
        Err(refused) => {
            let (kind, reason) = reduce::told(&refused);
            shown(None, case.verdict(kind, now).because(reason, refused.to_string()))
        }
    }
}

/// Asks no exchange.
struct NoBooks;

impl ReadBooks for NoBooks {
    async fn read_books(&self, asked: &[(AccountId, Market)], _: Urgency) -> Vec<Result<Book, VenueError>> {
        let unasked = || VenueError::Unavailable("a preview asks no exchange: give `price`".to_owned());
        asked.iter().map(|_| Err(unasked())).collect()
    }
}

/// What it opens by: one order, and the exits of its preset where it says none.
pub(super) fn planned(alert: Alert, order: &ByHand) -> Alert {
    let stop_loss = alert.plan.stop_loss.filter(|_| !order.without_stop);
    let minimum_profit = alert.plan.rules.minimum_profit;
    let rules = Rules { minimum_profit, ..Rules::default() };
    let plan = AskedPlan { ladder: None, pyramids: None, stop_loss, rules, ..alert.plan };
    let own = PlanParts { ladder: None, ..alert.own };
    Alert { plan, own, flags: Flags::default(), ..alert }
}
