//! An alert that names a route: shared out between accounts, each part a delivery of its own.
//!
//! 1. What is decided here stands in the alert's verdict, committed with all of its parts or not at all: nothing is decided
//!    twice, and no part is lost. From there on a part goes the way of any alert, in the lane of its account.
//! 2. What enters is chosen by the books of now, for accounts that could enter by themselves ([`entry`]).
//! 3. What means something that is open goes to every account that has it, an exit to all: an entry that is still on its
//!    way there must not outlive it.

mod entry;
mod verdict;

use super::case::{self, Case};
use super::{close, grant, judge};
use crate::commit::Change;
use crate::persist::PersistError;
use crate::ports::{KeptRoute, Queues, ReadBooks, ReadPrice, Signal};
use crate::run::Run;
use domain::alert::{Alert, Side};
use domain::clock::Timestamp;
use domain::delivery::{Delivery, Verdict, VerdictKind};
use domain::preset::PlanParts;
use domain::reason::Reason;
use domain::route::{Entry, LeftOut, Part, RouteName, RoutedPart, Routing};
use domain::signal::{self, Meaning, Wish};
use domain::vault::Mode;
use store::Engine;
use store::trading::Trading;
use verdict::Out;

/// One routed alert before its decision.
pub(super) struct Routed<'a> {
    delivery: &'a Delivery,
    alert: &'a Alert,
    route: KeptRoute,
}

/// In which mode all of them trade; none where they differ.
fn mode_of_all<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Option<Mode> {
    same(cases.into_iter().map(Case::mode))
}

fn same(mut modes: impl Iterator<Item = Option<Mode>>) -> Option<Mode> {
    let first = modes.next().flatten();
    first.filter(|_| modes.all(|mode| mode == first))
}

/// Shares an alert out, or says why not.
pub(super) async fn decide<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    (delivery, alert, name): (&Delivery, &Alert, &RouteName),
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let alone = |verdict| judge::alone(deps, delivery.clone(), verdict, run, now);
    if let Some(detail) = bound_elsewhere(delivery) {
        return alone(judge::rejected(Reason::AccountNotAllowed, detail, vec!["route"], now)).await;
    }
    let wish = match signal::wish(alert) {
        Ok(wish) => wish,
        Err(wrong) => return alone(judge::rejected(Reason::InvalidAlert, wrong.to_string(), wrong.fields, now)).await,
    };
    let kept = Trading(deps).load_route(&delivery.at.user, name).await?;
    let Some(route) = kept.filter(|route| !route.deleted) else {
        let detail = format!("you keep no route {name}");
        return alone(judge::rejected(Reason::UnknownRoute, detail, vec!["route"], now)).await;
    };
    let routed = Routed { delivery, alert, route };
    let (cases, out) = cases(deps, &routed, now).await?;
    let Some(first) = cases.first() else { return alone(verdict::nobody(&routed, &out, now)).await };
    if let Err(refused) = grant::market(first, now) {
        return alone(refused).await;
    }
    let meant = match wish {
        Wish::Exit => Meant::Open(cases.iter().collect()),
        Wish::Hold(side) => meant(&cases, &routed, wish, side),
    };
    match meant {
        Meant::Enter(side) => entry::enter(deps, books, (&routed, cases, out, side), run, now).await,
        Meant::Wait(closing) => close::wait_for(deps, closing, run, now).await,
        Meant::Refuse(reason, detail) => {
            let refused = Verdict::new(VerdictKind::Refused, now).because(reason, detail);
            alone(refused.in_mode(mode_of_all(&cases))).await
        }
        Meant::Open(meant) => {
            let parts: Vec<_> = meant.iter().map(|case| (*case, None)).collect();
            let detail = format!("decided by each of {} accounts", parts.len());
            let shared = Shared { routed: &routed, parts, out, touch: None, detail };
            shared.commit(deps, run, now).await
        }
    }
}

/// What a routed alert means as a whole.
enum Meant<'a> {
    Enter(Side),
    /// What these have open, each by itself.
    Open(Vec<&'a Case>),
    Wait(&'a Case),
    Refuse(Reason, String),
}

/// What is open comes first: nothing is entered beside it.
fn meant<'a>(cases: &'a [Case], routed: &Routed<'_>, wish: Wish, side: Side) -> Meant<'a> {
    let Routed { alert, delivery, .. } = routed;
    let Some(one) = cases.iter().find(|case| case.own().is_some()) else { return Meant::Enter(side) };
    let live = |case: &&Case| case.live().is_some_and(|live| !live.closing);
    let open: Vec<&Case> = cases.iter().filter(live).collect();
    if open.is_empty() {
        return Meant::Wait(one);
    }
    let adds = |case: &&Case| signal::meaning(wish, alert, case.live(), case.market.can_short) == Meaning::Add;
    let sized =
        PlanParts { take_profit: None, stop_loss: None, kind: None, ..alert.own.clone() } != PlanParts::default();
    let adding = open.iter().filter(|case| adds(case)).count();
    if sized && adding > 1 {
        let detail = format!("{adding} positions would each be added to by this size: leave it to their own plans");
        return Meant::Refuse(Reason::AdditionSized, detail);
    }
    if delivery.grant.order_quote_max.is_some() && adding > 1 {
        let detail = format!("{adding} positions would each be added to, and this token may spend so much in all");
        return Meant::Refuse(Reason::AdditionBounded, detail);
    }
    Meant::Open(open)
}

/// A token that is bound to an account or an exchange names no route.
fn bound_elsewhere(delivery: &Delivery) -> Option<String> {
    let account = delivery.account.as_ref().map(|account| format!("this token trades only on the account {account}"));
    account.or_else(|| delivery.exchange.as_ref().map(|exchange| format!("this token trades at {exchange} only")))
}

/// What each of the route's accounts has to do with it, and those that have nothing.
async fn cases<D: Engine>(
    deps: &D,
    routed: &Routed<'_>,
    now: Timestamp,
) -> Result<(Vec<Case>, Vec<Out>), PersistError> {
    let (mut cases, mut out) = (Vec::new(), Vec::new());
    for id in routed.route.route.accounts() {
        let account = Trading(deps).load_account(id).await?.filter(|account| account.user == routed.delivery.at.user);
        let Some(account) = account else {
            let gone = judge::rejected(
                Reason::UnknownAccount,
                "there is no such account of yours any more",
                vec!["route"],
                now,
            );
            out.push(Out { account: id.clone(), verdict: gone });
            continue;
        };
        let exchange = account.exchange.clone();
        let alert = Alert { exchange, account: Some(account.label.clone()), route: None, ..routed.alert.clone() };
        match case::of_account(deps, routed.delivery.clone(), alert, account, now).await? {
            Ok(case) => cases.push(case),
            Err((_, verdict)) => out.push(Out { account: id.clone(), verdict }),
        }
    }
    Ok((cases, out))
}

/// A decision about who does what, before its commit.
struct Shared<'a> {
    routed: &'a Routed<'a>,
    parts: Vec<(&'a Case, Option<Entry>)>,
    out: Vec<Out>,
    touch: Option<domain::money::Price>,
    detail: String,
}

impl Shared<'_> {
    /// The verdict and all parts in one transaction; then each part's lane is told. What is not told then is told by the
    /// minute, since every part is due until it has a verdict.
    async fn commit<D: Engine + Queues>(self, deps: &D, run: &Run, now: Timestamp) -> Result<Verdict, PersistError> {
        let Routed { delivery, route, .. } = self.routed;
        let part = |(case, entry): (&Case, Option<Entry>)| {
            let account = case.account.id.clone();
            let part = Part { of: delivery.at.id.clone(), route: route.at.clone(), account, entry };
            delivery.part(part, &case.account.exchange, &case.account.label, now)
        };
        let mode = mode_of_all(self.parts.iter().map(|(case, _)| *case));
        let parts: Vec<Delivery> = self.parts.into_iter().map(part).collect();
        let left_out = self.out.into_iter().map(LeftOut::from).collect();
        let routing = Routing {
            route: route.at.clone(),
            touch: self.touch,
            parts: parts.iter().filter_map(told).collect(),
            left_out,
        };
        let verdict = Verdict::new(VerdictKind::Accepted, now).because(Reason::Routed, self.detail).routed(routing);
        let verdict = verdict.in_mode(mode);
        let mut changes = vec![judge::beside(delivery, &verdict, now)];
        changes.extend(parts.iter().map(|part| Change::Deliver(Box::new(part.clone()))));
        let verdict = judge::with(deps, delivery, verdict, changes, run, now).await?;
        for part in &parts {
            let _told_by_the_minute = deps.send_signal(&Signal::from(part), now).await;
        }
        Ok(verdict)
    }
}

fn told(delivery: &Delivery) -> Option<RoutedPart> {
    let part = delivery.part.as_deref()?;
    let figures = part.entry.as_ref().map(|entry| entry.figures);
    Some(RoutedPart { account: part.account.clone(), delivery: delivery.at.id.clone(), figures })
}

/// What its route lets an alert mean for one account: a part that enters does nothing else, and any other enters nothing,
/// since nobody has said how much of it.
pub(super) fn part_means(delivery: &Delivery, meant: Meaning) -> Meaning {
    let Some(part) = delivery.part.as_deref() else { return meant };
    match (part.entry.is_some(), meant) {
        (true, meant @ (Meaning::Enter(_) | Meaning::Refuse(_))) => meant,
        (true, _) => Meaning::Refuse(Reason::AlreadyLive),
        (false, Meaning::Enter(_) | Meaning::Queue) => Meaning::Ignore(Reason::NothingOpen),
        (false, Meaning::CloseAndQueue) => Meaning::CloseAndRefuse(Reason::RouteTurnsNot),
        (false, meant) => meant,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_says_the_mode_that_all_accounts_share() {
        let (paper, live, unknown) = (Some(Mode::Paper), Some(Mode::Live), None);
        let check = |modes: &[Option<Mode>], expected| assert_eq!(same(modes.iter().copied()), expected, "{modes:?}");
        check(&[live, live], live);
        check(&[paper], paper);
        check(&[paper, live], None);
        check(&[live, live, unknown], None);
        check(&[unknown, live], None);
        check(&[], None);
    }
}
