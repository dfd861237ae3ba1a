//! What an alert means, row by row.

use crate::given::{alert, quantity};
use domain::alert::{Action, Alert, IntentType, Side, Stance, StrategyFields};
use domain::money::Fraction;
use domain::preset::Flags;
use domain::reason::Reason;
use domain::signal::{Live, Meaning, Wish, meaning, out_of_order, wish};

const LONG: Stance = Stance::In(Side::Long);
const SHORT: Stance = Stance::In(Side::Short);

fn strategy(now: Stance, size: &str, before: Stance, before_size: &str) -> Alert {
    let fields = StrategyFields {
        market_position: Some(now),
        market_position_size: Some(quantity(size)),
        prev_market_position: Some(before),
        prev_market_position_size: Some(quantity(before_size)),
    };
    Alert { fields, side: Some(now), ..alert() }
}

fn indicator(side: Stance) -> Alert {
    Alert { side: Some(side), ..alert() }
}

fn check(alert: &Alert, live: Option<Live>, expected: Meaning) {
    let wish = wish(alert).unwrap();
    assert_eq!(meaning(wish, alert, live, false), expected, "{alert:?}");
}

fn live(side: Side) -> Option<Live> {
    Some(Live { side, closing: false, pyramids: false })
}

#[test]
fn an_exit_wins_over_everything() {
    let by_type = Alert { intent: Some(IntentType::Exit), strategy: Some("other".into()), ..indicator(LONG) };
    for alert in [by_type, strategy(Stance::Flat, "0", LONG, "1")] {
        assert_eq!(wish(&alert), Ok(Wish::Exit));
        check(&alert, None, Meaning::Ignore(Reason::NothingOpen));
        check(&alert, live(Side::Long), Meaning::Close);
    }
}

#[test]
fn only_the_grid_strategy_trades() {
    for word in [None, Some("martingale".to_owned())] {
        let wrong = wish(&Alert { strategy: word, ..indicator(LONG) }).unwrap_err();
        assert_eq!(wrong.fields, ["execution_intent.strategy"]);
    }
}

#[test]
fn action_and_side_that_contradict_are_both_named() {
    let wrong = wish(&Alert { action: Some(Action::Sell), ..indicator(LONG) }).unwrap_err();
    assert_eq!(wrong.fields, ["tv.action", "execution_intent.side"]);
    // A strategy's own fields explain the action: this one reduces.
    assert!(wish(&Alert { action: Some(Action::Sell), ..strategy(LONG, "1", LONG, "2") }).is_ok());
}

#[test]
fn a_group_on_its_way_out_makes_the_alert_wait() {
    let closing = Some(Live { side: Side::Long, closing: true, pyramids: true });
    for alert in [indicator(LONG), strategy(SHORT, "1", LONG, "1"), strategy(LONG, "1", LONG, "2")] {
        check(&alert, closing, Meaning::Queue);
    }
}

#[test]
fn a_short_is_refused_where_the_market_has_none() {
    check(&indicator(SHORT), None, Meaning::Refuse(Reason::MarketCannotShort));
    check(&strategy(SHORT, "1", SHORT, "2"), None, Meaning::Refuse(Reason::MarketCannotShort));
}

#[test]
fn a_reversal_closes_and_opens_nothing() {
    check(&strategy(SHORT, "1", LONG, "1"), live(Side::Long), Meaning::CloseAndRefuse(Reason::ContradictsSide));
    check(&indicator(SHORT), live(Side::Long), Meaning::Refuse(Reason::ContradictsSide));
}

#[test]
fn a_reversal_waits_for_the_close_where_the_other_side_can_be_opened() {
    let turned = |side| {
        let flags = Flags { reverse: true, partial_exit: false };
        let before = if side == SHORT { LONG } else { SHORT };
        Alert { flags, ..strategy(side, "1", before, "1") }
    };
    let means = |alert: &Alert, live, can_short| meaning(wish(alert).unwrap(), alert, live, can_short);
    let (long, short) = (live(Side::Long), live(Side::Short));
    assert_eq!(means(&turned(SHORT), long, false), Meaning::CloseAndRefuse(Reason::MarketCannotShort));
    assert_eq!(means(&turned(SHORT), long, true), Meaning::CloseAndQueue);
    assert_eq!(means(&turned(LONG), short, true), Meaning::CloseAndQueue);
    let closing = Some(Live { closing: true, ..long.unwrap() });
    assert_eq!(means(&turned(SHORT), closing, true), Meaning::Queue, "and is asked again");
    assert_eq!(means(&turned(SHORT), None, true), Meaning::Enter(Side::Short), "once it is closed");
    let off = Alert { flags: Flags::default(), ..turned(SHORT) };
    assert_eq!(means(&off, long, true), Meaning::CloseAndRefuse(Reason::ContradictsSide));
}

#[test]
fn a_smaller_position_is_sold_by_its_share_where_that_is_asked_for() {
    let flags = Flags { reverse: false, partial_exit: true };
    let smaller = Alert { flags, ..strategy(LONG, "0.3", LONG, "1.2") };
    let three_quarters = Fraction::whole(3).over(&Fraction::whole(4)).unwrap();
    check(&smaller, live(Side::Long), Meaning::Reduce(three_quarters));
    check(&smaller, None, Meaning::Ignore(Reason::NothingOpen));
    check(&Alert { flags, ..strategy(LONG, "1", LONG, "1") }, live(Side::Long), Meaning::Refuse(Reason::AlreadyLive));
    let sizeless = StrategyFields { market_position: Some(LONG), ..StrategyFields::default() };
    let sold = Alert { fields: sizeless, action: Some(Action::Sell), ..smaller };
    check(&sold, live(Side::Long), Meaning::Ignore(Reason::SizesMissing));
}

#[test]
fn the_same_side_again_is_added_where_the_live_plan_allows_it() {
    let open = Some(Live { pyramids: true, ..live(Side::Long).unwrap() });
    for alert in [indicator(LONG), strategy(LONG, "2", LONG, "1")] {
        check(&alert, open, Meaning::Add);
    }
    check(&strategy(LONG, "1", LONG, "2"), open, Meaning::Ignore(Reason::PartialExitOff));
    check(&indicator(SHORT), open, Meaning::Refuse(Reason::ContradictsSide));
}

#[test]
fn a_reduction_is_never_an_entry() {
    let smaller = strategy(LONG, "1", LONG, "2");
    check(&smaller, live(Side::Long), Meaning::Ignore(Reason::PartialExitOff));
    check(&smaller, None, Meaning::Ignore(Reason::NothingOpen));
    let sizeless = StrategyFields { market_position: Some(LONG), ..StrategyFields::default() };
    let sold = Alert { fields: sizeless, action: Some(Action::Sell), ..indicator(LONG) };
    check(&sold, None, Meaning::Ignore(Reason::NothingOpen));
}

#[test]
fn nothing_live_is_a_new_entry_and_the_same_side_again_is_refused() {
    for alert in [indicator(LONG), strategy(LONG, "1", Stance::Flat, "0"), strategy(LONG, "2", LONG, "1")] {
        check(&alert, None, Meaning::Enter(Side::Long));
        check(&alert, live(Side::Long), Meaning::Refuse(Reason::AlreadyLive));
    }
    check(&Alert { action: Some(Action::Buy), ..alert() }, None, Meaning::Enter(Side::Long));
}

#[test]
fn an_alert_that_remembers_another_position_is_marked() {
    assert!(out_of_order(&strategy(LONG, "1", LONG, "1"), None));
    assert!(out_of_order(&strategy(LONG, "1", Stance::Flat, "0"), live(Side::Long)));
    assert!(!out_of_order(&strategy(LONG, "1", Stance::Flat, "0"), None));
    assert!(!out_of_order(&indicator(LONG), live(Side::Long)));
}

#[test]
fn no_event_is_later_than_its_receipt() {
    use domain::clock::Millis;
    let at = |seconds| crate::given::NOW.plus(Millis::seconds(seconds));
    let sent = |seconds| Alert { sent_at: Some(at(seconds)), ..alert() };
    assert_eq!(sent(-7).event_at(at(0)), at(-7));
    assert_eq!(sent(3_600).event_at(at(0)), at(0), "a sender's fast clock makes nothing newer");
    assert_eq!(alert().event_at(at(0)), at(0));
}
