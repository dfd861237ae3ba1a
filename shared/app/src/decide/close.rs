//! Exits, refused reversals, and waiting for a group that is on its way out.
//!
//! An exit that is not worth following, by the plan of the group that it would close, has not happened: it is ignored,
//! and not remembered against entries that are older.

use super::case::Case;
use super::price::Closing;
use super::{judge, price};
use crate::commit::Change;
use crate::notices;
use crate::persist::{PersistError, Save, save, save_with};
use crate::ports::{Queues, ReadBooks, ReadPrice};
use crate::run::Run;
use domain::clock::Timestamp;
use domain::delivery::{Verdict, VerdictKind};
use domain::group::{ExitReason, NotWorth, Position};
use domain::limits;
use domain::raised::Raised;
use domain::reason::Reason;
use domain::seat::Seat;
use store::Engine;
use store::trading::Trading;
use wire::view::time;

/// Of an exit that was raised before what is open was entered.
pub(super) const BEFORE_ENTRY: Reason = Reason::BeforeEntry;
pub(super) const NO_PRICE: Reason = Reason::NoPrice;

/// Closes every group that the exit means and that was opened before it.
pub(super) async fn all<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: &Case,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    if case.positions.is_empty() {
        return nothing(deps, case, run, now).await;
    }
    let meant: Vec<&Position> = case.positions.iter().filter(|position| is_older(position, case, now)).collect();
    if meant.is_empty() {
        return judge::alone(deps, case.delivery.clone(), before_entry(case, case.positions.iter(), now), run, now)
            .await;
    }
    if case.alert.timeframe_unread && meant.len() > 1 {
        return judge::alone(deps, case.delivery.clone(), which_of(case, &meant, now), run, now).await;
    }
    let sifted = sift(deps, books, case, meant, now).await?;
    if sifted.worth.is_empty() {
        return judge::alone(deps, case.delivery.clone(), not_worth(case, &sifted, now), run, now).await;
    }
    let Sifted { worth, not, .. } = sifted;
    let groups: Vec<_> = worth.iter().map(|position| position.group.id.clone()).collect();
    let detail = not.iter().fold("closing what is open".to_owned(), |told, (position, why)| {
        format!("{told}; {} stays: {why}", position.group.id)
    });
    let verdict = case.verdict(VerdictKind::Accepted, now).because(Reason::Closing, detail).about(groups);
    leave_each(deps, case, &worth, &verdict, run, now).await
}

/// Remembered all the same: an entry that is still on its way must not outlive it. Where the interval of its chart is another
/// one than that of what is open, its owner hears of it.
async fn nothing<D: Engine>(deps: &D, case: &Case, run: &Run, now: Timestamp) -> Result<Verdict, PersistError> {
    remember(deps, case, &case.named(), now).await?;
    let verdict = case.ignored(Reason::NothingOpen, now);
    let mut changes = vec![judge::beside(&case.delivery, &verdict, now)];
    if case.is_open_by_another_timeframe() {
        changes.push(Change::Notice(Box::new(notices::exit_not_followed(&case.delivery.at, &verdict))));
    }
    judge::with(deps, &case.delivery, verdict, changes, run, now).await
}

/// Nobody knows which of these an exit means that was to name one: all of them would be too many.
fn which_of(case: &Case, meant: &[&Position], now: Timestamp) -> Verdict {
    let told = |position: &&Position| match &position.group.timeframe {
        Some(timeframe) => timeframe.to_string(),
        None => "none".to_owned(),
    };
    let timeframes = meant.iter().map(told).collect::<Vec<_>>().join(", ");
    let detail = format!(
        "tv.timeframe was not filled in or cannot be read, and several positions are open in this market, of timeframes {timeframes}: \
         nothing is closed"
    );
    let groups = meant.iter().map(|position| position.group.id.clone());
    judge::rejected(Reason::InvalidAlert, detail, vec!["tv.timeframe"], now).in_mode(case.mode()).about(groups)
}

/// The alert wants the other side: what is live is closed, and nothing is opened.
pub(super) async fn and_refuse<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: &Case,
    reason: Reason,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let live: Vec<&Position> = case.own().into_iter().filter(|position| is_older(position, case, now)).collect();
    if live.is_empty() {
        return judge::not_followed(deps, &case.delivery, before_entry(case, case.own(), now), run, now).await;
    }
    let sifted = sift(deps, books, case, live, now).await?;
    if sifted.worth.is_empty() {
        return judge::alone(deps, case.delivery.clone(), not_worth(case, &sifted, now), run, now).await;
    }
    let verdict = case.refused(reason, now);
    leave_each(deps, case, &sifted.worth, &verdict, run, now).await
}

/// What the signal closes, and what it leaves as it is.
struct Sifted<'a> {
    worth: Vec<&'a Position>,
    not: Vec<(&'a Position, NotWorth)>,
    /// Why nobody who can say a price does.
    away: Option<String>,
}

/// By the price of now: after a crash the rest is judged anew, as an alert that comes again is.
async fn sift<'a, D: Engine + ReadPrice, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: &Case,
    meant: Vec<&'a Position>,
    now: Timestamp,
) -> Result<Sifted<'a>, PersistError> {
    let mut sifted = Sifted { worth: Vec::with_capacity(meant.len()), not: Vec::new(), away: None };
    let asks = |position: &&Position| position.group.plan.rules.minimum_profit.is_some();
    let closing = match meant.iter().copied().find(asks) {
        Some(position) => price::of_exit(deps, books, (case, position), now).await?,
        None => Closing::Unknown,
    };
    let price = match closing {
        Closing::At(price) => Some(price),
        Closing::Unknown => None,
        Closing::Away(why) => {
            sifted.away = Some(why);
            None
        }
    };
    for position in meant {
        match position.not_worth_closing(price)? {
            None => sifted.worth.push(position),
            Some(why) => sifted.not.push((position, why)),
        }
    }
    Ok(sifted)
}

/// The verdict on a signal that asks one group to sell, where the group's plan asks for more than that would bring.
pub(super) async fn is_not_worth<D: Engine + ReadPrice, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: &Case,
    position: &Position,
    now: Timestamp,
) -> Result<Option<Verdict>, PersistError> {
    let sifted = sift(deps, books, case, vec![position], now).await?;
    Ok((!sifted.not.is_empty()).then(|| not_worth(case, &sifted, now)))
}

/// Where whoever can say a price does not answer, the signal is decided anew until it is stale, from when it came: its strategy is out,
/// and says so once, however late.
fn not_worth(case: &Case, Sifted { not, away, .. }: &Sifted<'_>, now: Timestamp) -> Verdict {
    let is_unpriced = not.iter().any(|(_, why)| matches!(why, NotWorth::NoPrice { .. }));
    let is_stale = now.since(case.event_at().max(case.delivery.at.first_at)) > case.alert.max_lag;
    if let Some(why) = away.as_ref().filter(|_| is_unpriced && !is_stale) {
        let detail = format!("decided anew until it is stale: no price younger than 60 s is known, and {why}");
        let groups = not.iter().map(|(position, _)| position.group.id.clone());
        return case.verdict(VerdictKind::Queued, now).because(NO_PRICE, detail).about(groups);
    }
    let reason = not.first().map_or(Reason::BelowMinimumProfit, |(_, why)| why.reason());
    let details: Vec<_> = not.iter().map(|(_, why)| why.to_string()).collect();
    let groups = not.iter().map(|(position, _)| position.group.id.clone());
    case.verdict(VerdictKind::Ignored, now).because(reason, details.join("; ")).about(groups)
}

/// A strategy has turned around: what is live is closed, and the alert is decided anew when it has closed.
pub(super) async fn and_queue<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: &Case,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let Some(before) = case.own().filter(|position| is_older(position, case, now)) else {
        return judge::not_followed(deps, &case.delivery, before_entry(case, case.own(), now), run, now).await;
    };
    if let Some(verdict) = is_not_worth(deps, books, case, before, now).await? {
        return judge::alone(deps, case.delivery.clone(), verdict, run, now).await;
    }
    remember(deps, case, &case.named(), now).await?;
    let detail = "closing what is open; the other side is decided when it has closed";
    let groups = [before.group.id.clone()];
    let verdict = case.verdict(VerdictKind::Queued, now).because(Reason::Closing, detail).about(groups);
    let mut after = case.traced(before.leave(ExitReason::Signal, now));
    if takes_one_more(before, case) {
        after.group.waiting.push(case.delivery.at.clone());
    }
    let beside = vec![judge::beside(&case.delivery, &verdict, now)];
    let (before, after, why) = (Some(before), &after, "an alert turns around");
    let save = Save { before, after, why, beside, bounds: None, bell: true, attempt: &run.attempt, now };
    save_with(deps, save, &case.as_cause()).await?;
    Ok(verdict)
}

/// An alert that was raised before the entry knows nothing of it. In doubt it knows: an exit closes. A bot's signal bears the close of
/// its candle, by our own clock.
pub(super) fn is_older(position: &Position, case: &Case, now: Timestamp) -> bool {
    let group = &position.group;
    if case.delivery.bot.is_some() {
        return group.event_at <= case.event_at();
    }
    let is_of_no_clock = group.delivery.first_at.is_of_the_future(now);
    is_of_no_clock || !case.raised().is_before(&Raised::of_group(group))
}

/// What is open stays open, and its owner hears of it, and why.
pub(super) fn before_entry<'a>(case: &Case, open: impl IntoIterator<Item = &'a Position>, now: Timestamp) -> Verdict {
    let open: Vec<&Position> = open.into_iter().collect();
    let told = open.iter().map(|position| {
        let (exit, entry) = (case.raised(), Raised::of_group(&position.group));
        let (own, its) = (time(exit.beside(&entry)), time(entry.beside(&exit)));
        format!("{}: it was opened by an alert of {its}, and this one is of {own}", position.group.id)
    });
    let told = told.collect::<Vec<_>>().join("; ");
    let detail = format!("the exit is older than the entry it would close, which stays open. {told}");
    let groups = open.iter().map(|position| position.group.id.clone());
    case.verdict(VerdictKind::Ignored, now).because(BEFORE_ENTRY, detail).about(groups)
}

/// The exit is remembered first: an entry that is still on its way must not outlive it. Then one commit a group; the
/// last one carries the verdict. A crash in between leaves the rest to the next delivery of the message, which finds
/// the exit known and the first groups closing.
async fn leave_each<D: Engine + Queues>(
    deps: &D,
    case: &Case,
    positions: &[&Position],
    verdict: &Verdict,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    remember(deps, case, &seat_of(case, positions), now).await?;
    let judged = vec![judge::beside(&case.delivery, verdict, now)];
    let open: Vec<_> = positions.iter().filter(|position| position.group.exit.is_none()).collect();
    let Some((last, others)) = open.split_last() else {
        return judge::with(deps, &case.delivery, verdict.clone(), judged, run, now).await;
    };
    for position in others {
        leave(deps, case, position, Vec::new(), run, now).await?;
    }
    leave(deps, case, last, judged, run, now).await?;
    Ok(verdict.clone())
}

/// Where the exit is remembered: as it named it, and where nobody can read that, with the one that it closes.
fn seat_of(case: &Case, closed: &[&Position]) -> Seat {
    match closed {
        [one] if case.alert.timeframe_unread => Seat { timeframe: one.group.timeframe.clone(), ..case.named() },
        _ => case.named(),
    }
}

/// Unless an exit that is as new is known. One that came by a clock that was ahead is of now: else nothing would be entered
/// until then.
async fn remember<D: Engine>(deps: &D, case: &Case, seat: &Seat, now: Timestamp) -> Result<(), PersistError> {
    let raised_at = case.event_at();
    let event_at = if raised_at.is_of_the_future(now) { now } else { raised_at };
    if case.account.exits.get(seat).is_none_or(|known| *known < event_at) {
        Trading(deps).remember_exit(&case.account, seat, event_at).await?;
    }
    Ok(())
}

async fn leave<D: Engine + Queues>(
    deps: &D,
    case: &Case,
    before: &Position,
    beside: Vec<Change>,
    run: &Run,
    now: Timestamp,
) -> Result<(), PersistError> {
    let after = case.traced(before.leave(ExitReason::Signal, now));
    let (before, after, why) = (Some(before), &after, "an alert says to leave");
    let save = Save { before, after, why, beside, bounds: None, bell: true, attempt: &run.attempt, now };
    save_with(deps, save, &case.as_cause()).await?;
    Ok(())
}

/// Waits for the group that is closing; it wakes the delivery when it has closed.
pub(super) async fn wait_for<D: Engine + Queues>(
    deps: &D,
    case: &Case,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let groups = case.own().map(|position| position.group.id.clone());
    let detail = "a group of this market is closing; decided anew when it has closed";
    let verdict = case.verdict(VerdictKind::Queued, now).because(Reason::Closing, detail).about(groups);
    let (age, max) = (now.since(case.event_at()), case.alert.max_lag);
    if age > max {
        let stale =
            case.verdict(VerdictKind::Stale, now).because(Reason::Stale, "waited too long for a group to close");
        return judge::alone(deps, case.delivery.clone(), stale, run, now).await;
    }
    match case.own().filter(|position| takes_one_more(position, case)) {
        None => judge::alone(deps, case.delivery.clone(), verdict, run, now).await,
        Some(before) => {
            let mut after = before.clone();
            after.group.waiting.push(case.delivery.at.clone());
            let beside = vec![judge::beside(&case.delivery, &verdict, now)];
            let (before, after, why) = (Some(before), &after, "an alert waits for it");
            save(deps, Save { before, after, why, beside, bounds: None, bell: false, attempt: &run.attempt, now })
                .await?;
            Ok(verdict)
        }
    }
}

/// One that finds no place is still decided anew, only a little later.
fn takes_one_more(position: &Position, case: &Case) -> bool {
    let waiting = &position.group.waiting;
    waiting.len() < limits::WAITING_PER_GROUP_MAX && !waiting.contains(&case.delivery.at)
}
