//! Partial exits: a strategy has made its position smaller, and so is ours made.

use super::case::Case;
use super::{close, judge};
use crate::persist::{PersistError, Save, save_with};
use crate::ports::{Queues, ReadBooks, ReadPrice};
use crate::run::Run;
use domain::clock::Timestamp;
use domain::delivery::{Verdict, VerdictKind};
use domain::group::{Position, Reducing, ReductionRefused};
use domain::limits;
use domain::money::{Fraction, MoneyError, Price};
use domain::reason::Reason;
use store::Engine;

/// Sells this share of what the group holds. As every exit it is never stale, and closes nothing that was opened after
/// it.
pub(super) async fn by<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: &Case,
    share: &Fraction,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let Some(before) = case.own().filter(|position| close::is_older(position, case, now)) else {
        return judge::not_followed(deps, &case.delivery, close::before_entry(case, case.own(), now), run, now).await;
    };
    // A sale by hand asks no plan whether it is worth it.
    let by_hand = case.delivery.by_hand.is_some();
    if !by_hand && let Some(verdict) = close::is_not_worth(deps, books, case, before, now).await? {
        return judge::alone(deps, case.delivery.clone(), verdict, run, now).await;
    }
    let Some(price) = price(deps, case, before, now).await? else {
        let verdict =
            case.verdict(VerdictKind::Refused, now).because(close::NO_PRICE, "no price of this market is known");
        return judge::not_followed(deps, &case.delivery, verdict, run, now).await;
    };
    let group = || [before.group.id.clone()];
    let reduced = match before.reduce(&Reducing { delivery: &case.delivery.at.id, share, price, now }) {
        Ok(reduced) => reduced,
        Err(ReductionRefused::Money(error)) => return Err(error.into()),
        Err(refused) => {
            let (kind, reason) = told(&refused);
            let verdict = case.verdict(kind, now).because(reason, refused.to_string()).about(group());
            if matches!(refused, ReductionRefused::NothingHeld) {
                return judge::alone(deps, case.delivery.clone(), verdict, run, now).await;
            }
            return judge::not_followed(deps, &case.delivery, verdict, run, now).await;
        }
    };
    let detail = format!("selling {} of {} held", reduced.quantity, reduced.held);
    let verdict = case.verdict(VerdictKind::Accepted, now).because(Reason::Reducing, detail).about(group());
    let beside = vec![judge::beside(&case.delivery, &verdict, now)];
    let reduced = case.traced(reduced.position);
    let why = case.why("an alert says to sell a part", "a part is sold by hand");
    let (before, after) = (Some(before), &reduced);
    let save = Save { before, after, why, beside, bounds: None, bell: true, attempt: &run.attempt, now };
    save_with(deps, save, &case.as_cause()).await?;
    Ok(verdict)
}

pub(super) fn told(refused: &ReductionRefused) -> (VerdictKind, Reason) {
    match refused {
        ReductionRefused::Max => (VerdictKind::Refused, Reason::ReductionsMax),
        ReductionRefused::NothingHeld => (VerdictKind::Ignored, Reason::NothingHeld),
        ReductionRefused::TooLittle { .. } => (VerdictKind::Ignored, Reason::TooLittle),
        ReductionRefused::Money(_) => (VerdictKind::Refused, Reason::Inexact),
    }
}

/// By which the market's minimum is reckoned: a price that is young, else the alert's, else what was paid. It needs to
/// be no better than that, and no exit fails for the want of one.
pub(super) async fn price<D: Engine + ReadPrice>(
    deps: &D,
    case: &Case,
    position: &Position,
    now: Timestamp,
) -> Result<Option<Price>, PersistError> {
    let market = deps.read_price(&case.market.key, now).await?;
    let fresh = market.filter(|(_, at)| now.since(*at) <= limits::PRICE_AGE_MAX).map(|(price, _)| price);
    let paid = || -> Result<Option<Price>, MoneyError> {
        let average = position.ledger()?.average();
        Ok(average.and_then(|average| case.market.filters.price_down(&average).ok()))
    };
    match fresh.or_else(|| case.alert.price()) {
        Some(price) => Ok(Some(price)),
        None => Ok(paid()?),
    }
}
