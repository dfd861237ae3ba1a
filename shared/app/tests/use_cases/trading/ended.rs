//! What follows where an entry is kept, and where it or its group ends: its alert's verdict, and what has waited.

use super::*;
use app::commit::EntryBounds;
use app::persist::{PersistError, Save, save};
use app::ports::CommitError;
use domain::account::Need;
use domain::delivery::{Verdict, VerdictKind};
use domain::group::Pyramid;
use domain::market::Leverage;
use domain::order::{Command, Refusal};
use domain::reason::StoredReason;
use domain::risk::{self, Book, Place, Prices, RiskApproved};

/// An alert of Ann's that was decided so.
fn decided(name: &str, kind: VerdictKind) -> Delivery {
    Delivery {
        verdict: Some(Verdict::new(kind, NOW)),
        due_at: (kind == VerdictKind::Queued).then(|| NOW.plus(limits::QUEUED_DUE)),
        ..alert_of(name, name.to_owned(), NOW)
    }
}

/// This position, and the alerts that it is about.
fn following(position: &Position, alerts: &[&Delivery]) -> World {
    let world = holding(position);
    for alert in alerts {
        let alert = Delivery::clone(alert);
        played(&world, |world| async move {
            Trading(&world).put_delivery(&alert, attempt()).await.unwrap();
        });
    }
    world
}

/// A position that this alert has opened.
fn asked_by(alert: &Delivery, entry: Order) -> World {
    let mut position = position_of([entry]);
    position.group.delivery = alert.at.clone();
    following(&position, &[alert])
}

/// The position becomes this.
fn becomes(world: &World, after: Position) {
    let before = stands(world);
    played(world, |world| async move {
        let (before, after, why, beside, attempt) = (Some(&before), &after, "a test", Vec::new(), attempt());
        save(&world, Save { before, after, why, beside, bounds: None, bell: false, attempt, now: NOW }).await.unwrap();
    });
}

fn kept(world: &World, alert: &Delivery) -> Delivery {
    let at = alert.at.clone();
    played(world, |world| async move { Trading(&world).load_delivery(&at).await.unwrap().unwrap() })
}

/// The verdict of an alert, with its reason and detail.
type Told = (VerdictKind, Option<String>, Option<String>);

fn told(world: &World, alert: &Delivery) -> Told {
    let verdict = kept(world, alert).verdict.unwrap();
    (verdict.kind, verdict.reason.map(|reason| reason.to_string()), verdict.detail)
}

fn because(kind: VerdictKind, reason: &str, detail: &str) -> Told {
    (kind, Some(reason.to_owned()), Some(detail.to_owned()))
}

/// The verdict of an alert whose entry becomes this and whose group ends with it.
fn told_of(was: Order, is: Order) -> Told {
    let alert = decided("buy", VerdictKind::Accepted);
    let world = asked_by(&alert, was);
    becomes(&world, Position { orders: vec![is], ..stands(&world) }.settle(NOW).unwrap());
    told(&world, &alert)
}

/// The same where these commands bring it to its end.
fn told_after(was: Status, commands: impl IntoIterator<Item = Command>) -> Told {
    let was = entry(was);
    let is = commands.into_iter().fold(was.clone(), |order, command| order.command(command).unwrap());
    told_of(was, is)
}

fn refusal(code: &str) -> Refusal {
    Refusal { code: StoredReason::read(code.to_owned()), detail: format!("said of {code}") }
}

#[test]
fn an_entry_that_its_user_cancelled_stays_accepted() {
    let alert = decided("buy", VerdictKind::Accepted);
    let world = asked_by(&alert, entry(Status::Planned));
    cancelled_by(&world, &entry(Status::Planned), act()).unwrap();
    let cancelled = stands(&world);
    assert_eq!(cancelled.orders[0].status, Status::NotPlaced);
    becomes(&world, cancelled.settle(NOW).unwrap());
    assert_eq!(kept(&world, &alert), alert, "it was followed, and taken back");
}

#[test]
fn the_alert_of_an_entry_that_did_not_come_about_hears_what_stood_in_its_way() {
    let given_up = |code| told_after(Status::Planned, [Command::Abandon(refusal(code))]);
    assert_eq!(given_up("expired"), because(VerdictKind::Expired, "expired", "said of expired"));
    assert_eq!(given_up("drift"), because(VerdictKind::Refused, "drift", "said of drift"));
    let rejected = Order { refusal: Some(refusal("too_small")), ..entry(Status::Rejected) };
    let rejected = told_of(entry(Status::Submitting), rejected);
    assert_eq!(rejected, because(VerdictKind::Refused, "too_small", "said of too_small"));
    let (kind, reason) = (VerdictKind::Expired, "not_placed");
    let never_sent = told_after(Status::Submitting, [Command::NotSent]);
    let detail = "the venue never had the order, and its time was over";
    assert_eq!(never_sent, because(kind, reason, detail));
    let not_shown = told_after(Status::Unknown, [Command::SeeAbsent(NOW), Command::ProveAbsent]);
    let detail = "nobody knew what became of the order, and the venue does not show it: it is not sent again";
    assert_eq!(not_shown, because(kind, reason, detail));
}

#[test]
fn the_alert_of_an_addition_that_was_refused_hears_of_it_while_its_group_goes_on() {
    let (alert, opening) = (decided("add", VerdictKind::Accepted), decided("buy", VerdictKind::Accepted));
    let added = order_of(&group(), (Purpose::Entry, 1, 0), Status::Submitting);
    let mut position = position_of([filled(entry(Status::Filled), "100"), added.clone()]);
    let (delivery, exposure) = (alert.at.clone(), Amount::ZERO);
    let pyramid = Pyramid {
        number: 1,
        delivery,
        at: NOW,
        exposure,
        ladder: None,
        take_profit: None,
        stop_loss: None,
        by_hand: false,
    };
    position.group.delivery = opening.at.clone();
    position.group.pyramids.added = vec![pyramid];
    let world = following(&position, &[&alert, &opening]);
    let rejected = Order { status: Status::Rejected, refusal: Some(refusal("too_small")), ..added };
    let part = Position { orders: vec![rejected], ..position.part(1) }.settle(NOW).unwrap();
    becomes(&world, stands(&world).with_part(&part));
    assert_eq!(stands(&world).group.settled, None);
    assert_eq!(told(&world, &alert), because(VerdictKind::Refused, "too_small", "said of too_small"));
    assert_eq!(kept(&world, &opening), opening, "it has bought");
}

#[test]
fn what_has_waited_for_a_position_to_close_is_due_at_once_when_it_ends() {
    let alert = decided("turn", VerdictKind::Queued);
    let mut position = position_of([filled(entry(Status::Filled), "100")]);
    position.group.waiting = vec![alert.at.clone()];
    let world = following(&position, &[&alert]);
    becomes(&world, stands(&world).leave(ExitReason::Signal, NOW));
    assert_eq!(kept(&world, &alert).due_at, alert.due_at, "it has not ended yet");
    becomes(&world, stands(&world).settle(NOW).unwrap());
    assert_eq!(kept(&world, &alert), Delivery { due_at: Some(NOW), ..alert });
}

/// It stands where it was found: its new place is not read.
#[test]
fn what_was_decided_before_it_is_woken_is_left_as_it_is_by_one_call() {
    let alert = decided("turn", VerdictKind::Ignored);
    let world = following(&position_of([entry(Status::Filled)]), &[&alert]);
    world.calls_taken();
    let at = alert.at.clone();
    played(&world, |world| async move { Trading(&world).wake_delivery(&at, NOW).await.unwrap() });
    assert_eq!(world.calls_taken(), 1);
    assert_eq!(kept(&world, &alert), alert);
}

fn approved(account: &Account, need: &Need) -> RiskApproved {
    let key = market().key;
    let (account_id, bot, strategy, mode) = (account.id.clone(), None, None, None);
    let place = Place { account: account_id, exchange: key.exchange, symbol: key.symbol, bot, strategy, mode };
    let entry = risk::Entry { place: &place, side: Side::Long, price: None, need };
    let book = Book::of(account, Some(GOOD));
    risk::assess_entry(&book, entry, &[], &Prices::default(), NOW).unwrap()
}

const GOOD: Standing = Standing { enabled: true, validated: true };

/// Opens a position that was decided on as the account is read in most tests, and is something else by now.
fn opened_at(now: &Account) -> (Result<(), PersistError>, bool) {
    let (asset, reserve, exposure) = (market().key.symbol.quote, Amount::ZERO, "100".parse().unwrap());
    let need = Need { asset, reserve, exposure, leverage: Leverage::ONE, groups: 1, open_groups_max: None };
    entered(now, Some(EntryBounds::of(&approved(&account(), &need))))
}

fn entered(now: &Account, bounds: Option<EntryBounds>) -> (Result<(), PersistError>, bool) {
    let world = World::calm_at(NOW);
    world.put_account(now, GOOD);
    let position = position_of([entry(Status::Planned)]);
    let opened = played(&world, |world| async move {
        let (before, after, why, beside, attempt) = (None, &position, "a test", Vec::new(), attempt());
        save(&world, Save { before, after, why, beside, bounds, bell: true, attempt, now: NOW }).await.map(drop)
    });
    let is_there = world.table().group(&account().id, &group()).is_some();
    (opened, is_there)
}

#[test]
fn a_position_is_opened_within_the_bounds_of_its_account_as_it_is_by_then_or_not_at_all() {
    assert_eq!(opened_at(&account()), (Ok(()), true));
    for meanwhile in [
        Account { open_groups: 1, ..account() },
        Account { exposure: "901".parse().unwrap(), ..account() },
        Account { balance_at: NOW.plus(Millis::new(1)), ..account() },
    ] {
        assert_eq!(opened_at(&meanwhile), (Err(CommitError::LostRace.into()), false));
    }
}

#[test]
fn entry_without_an_approval_is_not_committed() {
    let (opened, is_there) = entered(&account(), None);
    assert!(matches!(opened, Err(PersistError::Commit(CommitError::Store(_)))), "{opened:?}");
    assert!(!is_there);
}
