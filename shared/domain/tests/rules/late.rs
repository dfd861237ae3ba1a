//! Orders that had ended for their group and come after all.

use crate::given::{NOW, at_rest, bought, fact, fill, once_more, plan, position, quantity, submitted};
use domain::clock::Millis;
use domain::group::{ExitReason, Observer, Position, Step, next};
use domain::ids::{AttemptId, OrderId};
use domain::order::{Command, Fact, Refusal, Resolution, Status, Submission};
use domain::reason::Reason;

/// Sent at [`NOW`], and called absent after its fence of time; to be sent once more.
fn called_absent() -> Position {
    let sent = submitted(position(once_more(), "100"));
    let id = sent.orders[0].id.clone();
    [Command::LoseTrack, Command::SeeAbsent(NOW), Command::ProveAbsent]
        .iter()
        .fold(sent, |position, command| position.command(&id, command).unwrap())
}

fn comes(position: &Position, fact: &Fact) -> Option<Position> {
    position.come_late(&position.orders[0].id, fact, false, NOW.plus(Millis::seconds(60)))
}

#[test]
fn what_it_has_traded_is_the_groups_and_is_told() {
    let late = comes(&called_absent(), &fact(Status::Filled, &[("1", fill("100", "1", None))])).unwrap();
    assert_eq!(late.orders[0].status, Status::Filled);
    assert_eq!(late.ledger().unwrap().bought, "1".parse().unwrap());
    assert!(late.group.attention.unwrap().ends_with("was not_placed and came late"));
}

#[test]
fn what_rests_is_there_and_is_ended() {
    let late = comes(&called_absent(), &Fact::of(Status::Open)).unwrap();
    assert_eq!(late.orders[0].status, Status::Open);
    assert_eq!(late.orders[0].cancel_wanted, Some(NOW.plus(Millis::seconds(60))));
}

#[test]
fn what_tells_nothing_new_changes_nothing() {
    let late = comes(&called_absent(), &fact(Status::Filled, &[("1", fill("100", "1", None))])).unwrap();
    assert_eq!(comes(&late, &Fact { cumulative: "1".parse().unwrap(), ..Fact::of(Status::Filled) }), None);
    assert_eq!(comes(&called_absent(), &Fact::default()), None);
}

/// Accepted, and over since then by this.
fn over(end: &dyn Fn(&Position, &OrderId) -> Position) -> Position {
    let sent = submitted(position(plan(), "100"));
    let id = sent.orders[0].id.clone();
    let accepted = Fact { venue_id: Some("7".to_owned()), ..Fact::of(Status::Open) };
    end(&sent.observe(&id, &accepted), &id)
}

fn forgotten() -> Position {
    over(&|open, id| {
        let commands = [Command::Cancel(NOW), Command::SeeAbsent(NOW), Command::Forget];
        commands.iter().fold(open.clone(), |position, command| position.command(id, command).unwrap())
    })
}

/// Its absence was concluded, and told by nobody.
#[test]
fn order_that_was_called_absent_and_rests_after_all_is_cancelled_at_once() {
    let forgotten = forgotten();
    assert_eq!(forgotten.orders[0].status, Status::Cancelled);
    let late = comes(&forgotten, &Fact::of(Status::Open)).unwrap();
    let order = &late.orders[0];
    assert_eq!((order.status, order.venue_id.as_deref(), order.absent_at), (Status::Open, Some("7"), None));
    assert_eq!(late.surplus_since(&forgotten), Some(order));
    assert_eq!(order.remaining().unwrap(), order.quantity, "it may be filled until it is gone");
    assert_eq!(asked(&late), Step::Cancel(order.id.clone()));
    let gone = late.observe(&order.id, &Fact::of(Status::Cancelled));
    assert_eq!((gone.orders[0].status, gone.surplus_since(&late)), (Status::Cancelled, None));
    assert!(comes(&forgotten, &fact(Status::Filled, &[("1", fill("100", "1", None))])).is_some());
}

/// The same with a part of it filled: that part is the position's.
#[test]
fn what_an_order_has_filled_that_rests_after_all_is_the_groups() {
    let half = fact(Status::PartiallyFilled, &[("1", fill("100", "0.5", None))]);
    let late = comes(&forgotten(), &half).unwrap();
    assert_eq!((late.orders[0].status, late.orders[0].remaining()), (Status::PartiallyFilled, Ok(quantity("0.5"))));
    assert_eq!(late.ledger().unwrap().bought, quantity("0.5"));
}

/// A list may show for a while what has just ended.
#[test]
fn order_that_its_venue_has_cancelled_and_lists_on_is_cancelled_once_two_looks_agree() {
    let cancelled = over(&|open, id| open.observe(id, &Fact::of(Status::Cancelled)));
    let (id, at) = (cancelled.orders[0].id.clone(), NOW.plus(Millis::seconds(60)));
    assert_eq!(cancelled.come_late(&id, &Fact::of(Status::Open), false, at), None);
    let late = cancelled.come_late(&id, &Fact::of(Status::Open), true, at).unwrap();
    assert_eq!((late.orders[0].status, late.orders[0].cancel_wanted), (Status::Open, Some(at)));
    let filled = over(&|open, id| open.observe(id, &fact(Status::Filled, &[("1", fill("100", "1", None))])));
    assert_eq!(filled.come_late(&id, &Fact::of(Status::Open), true, at), None, "nothing is left of it");
}

/// Two sells for the same coins: the one in the place of the first goes by the way out as well.
#[test]
fn sell_that_rests_after_all_is_counted_and_waited_for_on_the_way_out() {
    let held = at_rest(bought(plan(), "100", "1", ("USDT", "0.1")));
    let id = held.orders[1].id.clone();
    let anew = at_rest(held.observe(&id, &Fact::of(Status::Cancelled)));
    assert_eq!(anew.orders.iter().filter(|order| order.status == Status::Open).count(), 1);
    let at = NOW.plus(Millis::seconds(60));
    let late = anew.come_late(&id, &Fact::of(Status::Open), true, at).unwrap();
    assert_eq!(late.ledger().unwrap().committed, quantity("2"), "more than is held, until it is gone");
    assert_eq!(asked(&late), Step::Cancel(id.clone()));
    let leaving = late.leave(ExitReason::User, at);
    let first_gone = leaving.observe(&leaving.orders[2].id, &Fact::of(Status::Cancelled));
    assert_eq!(asked(&first_gone), Step::Cancel(id.clone()), "and nothing is sold before");
    let gone = first_gone.observe(&id, &Fact::of(Status::Cancelled));
    let Step::Decide { why, .. } = asked(&gone) else { panic!("nothing is sold") };
    assert_eq!(why, "sell what is left");
}

#[test]
fn a_group_that_is_over_takes_nothing_in() {
    let over = called_absent().settle(NOW).unwrap();
    assert_eq!(comes(&over, &Fact::of(Status::Open)), None);
}

/// The same, decided anew: another order for the same entry, in this state.
fn decided_anew(commands: &[Command], facts: &[Fact]) -> Position {
    let Step::Decide { position, .. } = asked(&called_absent()) else { panic!("nothing is decided anew") };
    let id = position.orders[1].id.clone();
    let commanded = commands.iter().fold(*position, |position, command| position.command(&id, command).unwrap());
    facts.iter().fold(commanded, |position, fact| position.observe(&id, fact))
}

fn asked(position: &Position) -> Step {
    next(position, "test", Observer::Watch, NOW.plus(Millis::seconds(30))).unwrap()
}

fn sent() -> Command {
    Command::Submit(Submission { sent_at: NOW, by: AttemptId::new("b") })
}

/// What follows where the first comes after all, and all of it is known, or only how much.
fn follows(position: &Position) -> Vec<Step> {
    let fills = [fact(Status::Filled, &[("1", fill("100", "1", None))])];
    let told = Fact { cumulative: position.orders[0].quantity, ..Fact::of(Status::Filled) };
    fills.iter().chain([&told]).map(|fact| asked(&comes(position, fact).unwrap())).collect()
}

#[test]
fn what_it_has_bought_is_not_bought_again() {
    for step in follows(&decided_anew(&[], &[])) {
        let Step::Decide { position, why } = step else { panic!("{step:?}") };
        assert!(
            why == "take-profit"
                || (why, position.orders[1].status) == ("bought by an earlier order", Status::NotPlaced),
            "{why}"
        );
    }
    let told = Fact { cumulative: "1".parse().unwrap(), ..Fact::of(Status::Filled) };
    let resting = comes(&decided_anew(&[sent()], &[Fact::of(Status::Open)]), &told).unwrap();
    let Step::Decide { position, .. } = asked(&resting) else { panic!("it rests on") };
    assert!(position.orders[1].cancel_wanted.is_some());
}

#[test]
fn a_group_that_holds_what_came_late_is_not_over_with_the_order_in_its_place() {
    let refused = Fact { refusal: Some(Refusal::given_up()), ..Fact::of(Status::Rejected) };
    let absent = [sent(), Command::LoseTrack, Command::SeeAbsent(NOW), Command::ProveAbsent];
    let told = Fact { cumulative: "1".parse().unwrap(), ..Fact::of(Status::Filled) };
    for position in [decided_anew(&[sent()], &[refused]), decided_anew(&absent, &[])] {
        assert_eq!(asked(&comes(&position, &told).unwrap()), Step::Wait, "its trades are asked for");
    }
}

/// What its user had said, or its venue had refused, is over with it.
#[test]
fn order_that_rests_after_all_has_neither_the_absence_nor_the_refusal_of_before() {
    let said = over(&|open, id| {
        let open = open.command(id, &Command::SeeAbsent(NOW)).unwrap();
        open.command(id, &Command::Resolve(Resolution::Filled(fill("100", "0.4", None)))).unwrap()
    });
    assert_eq!((said.orders[0].status, said.orders[0].absent_at.is_some()), (Status::Cancelled, true));
    let late = comes(&said, &Fact::of(Status::Open)).unwrap();
    assert_eq!((late.orders[0].status, late.orders[0].unshown_since()), (Status::PartiallyFilled, None));
    let refusal = Some(Refusal { code: Reason::MarketClosed.into(), detail: String::new() });
    let refused = over(&|open, id| open.observe(id, &Fact { refusal: refusal.clone(), ..Fact::of(Status::Expired) }));
    let at = NOW.plus(Millis::seconds(60));
    let late = refused.come_late(&refused.orders[0].id, &Fact::of(Status::Open), true, at).unwrap();
    assert_eq!((late.orders[0].status, &late.orders[0].refusal), (Status::Open, &None));
}
