//! An account that its owner disables or limits while an entry is on its way.

use app::accounts::ChangedLimits;
use domain::money::Amount;
use sim::{Scenario, Seen, alert, calm, ms, s, scenario};

fn refused(story: Scenario) -> Seen {
    calm(&story.ends("refused", |seen| seen.verdicts().iter().all(|verdict| verdict.starts_with("refused"))))
}

/// The executor has seen that the account may trade, and waits for a price.
#[test]
fn account_disabled_during_admission_enters_nothing() {
    let seen = refused(scenario("disabled").slow_venue(s(2)).post(s(0), &alert()).disables(s(1)));
    assert_eq!(
        (seen.verdicts(), seen.orders()),
        (vec!["refused account_disabled".to_owned()], vec!["entry not_placed".to_owned()])
    );
}

/// The same of limits that its owner lowers meanwhile.
#[test]
fn limit_lowered_during_admission_refuses_the_entry_by_its_name() {
    let (few, amount) = (ChangedLimits::default(), |text: &str| Some(text.parse::<Amount>().unwrap()));
    for (lowered, reason) in [
        (ChangedLimits { open_groups_max: Some(0), ..few }, "refused open_groups_max"),
        (ChangedLimits { order_quote_max: amount("50"), ..few }, "refused order_quote_max"),
        (ChangedLimits { exposure_max: amount("50"), ..few }, "refused exposure_max"),
        (ChangedLimits { day_loss_max: amount("0"), ..few }, "refused day_loss_max"),
    ] {
        let seen = refused(scenario("limited").slow_venue(s(2)).post(s(0), &alert()).limits(s(1), lowered));
        assert_eq!((seen.verdicts(), seen.orders()), (vec![reason.to_owned()], vec!["entry not_placed".to_owned()]));
    }
}

/// What it tells is believed, however strange: nothing is bought with less than nothing.
#[test]
fn balance_below_zero_at_the_venue_buys_nothing() {
    let seen = refused(scenario("below zero").venue_has("-5").post(s(70), &alert()));
    assert_eq!(seen.verdicts(), ["refused insufficient_balance"]);
}

/// What is open goes on by its plan: its legs were asked for with their base order.
#[test]
fn limit_lowered_later_leaves_what_is_open_as_it_was_planned() {
    let lowered = ChangedLimits { open_groups_max: Some(0), order_quote_max: "1".parse().ok(), ..Default::default() };
    let ladder = alert()
        .safety_orders(serde_json::json!({"count": 1, "quote": "50", "deviation_percent": "2", "at_market": true}));
    let story =
        scenario("limited later").post(s(0), &ladder).limits(s(10), lowered).price(s(15), "97").climbs_from(s(75));
    let seen = calm(&story.ends("flat", Seen::is_flat));
    assert_eq!((seen.verdicts(), seen.exits()), (vec!["accepted opened".to_owned()], vec!["take_profit"]));
    assert!(seen.orders().contains(&"leg filled".to_owned()), "{:?}", seen.orders());
}

/// The executor has seen a day without a loss, and waits for a price while another position is sold for 150 less.
#[test]
fn loss_of_the_day_during_admission_refuses_the_entry() {
    let story = scenario("lost")
        .markets(&["ADA/USDT"])
        .order_quote_max("600")
        .slow_venue(s(2))
        .post(s(0), &alert().quote("500").id("a"))
        .price(s(20), "70")
        .post(ms(30_000), &alert().exit().id("b"))
        .post(ms(30_400), &alert().symbol("ADAUSDT").id("c"));
    let seen = refused_last(story);
    assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing", "refused day_loss_max"]);
}

fn refused_last(story: Scenario) -> Seen {
    calm(&story.ends("refused", |seen| seen.verdicts().iter().any(|verdict| verdict.starts_with("refused"))))
}
