use domain::clock::Millis;
use domain::group;
use domain::ladder::{Dialect, Spacing};
use domain::profit;
use serde_json::{Value, json};
use wire::stored;
use wire::view::*;

fn shown(sample: &str) -> (group::Group, Value) {
    let group = group::Group::from(serde_json::from_str::<stored::Group>(sample).unwrap());
    let shown = serde_json::to_value(PositionGroup::from(&group)).unwrap();
    (group, shown)
}

/// 104.25 × 0.995 = 103.72875, down to the tick.
#[test]
fn an_exit_that_follows_the_price_is_shown_with_where_it_stands() {
    let (group, shown) = shown(include_str!("../../../../../events/stored/group.trailing.v2.json"));
    let trailing = json!({"armed_since": "2025-06-15T15:07:10Z", "peak": "104.25", "sells_at": "103.72"});
    assert_eq!(shown["take_profit"]["trailing_percent"], "0.5");
    assert_eq!(shown["take_profit"]["trailing"], trailing);
    assert_eq!((&shown["stop_loss_trailing"], &shown["stop_loss_delay_seconds"]), (&json!(true), &json!(90)));
    assert_eq!(shown["below_stop_since"], "2025-06-15T15:07:30Z");
    let rules = ["minimum_profit_percent", "cooldown_minutes", "open_groups_max"].map(|name| shown[name].clone());
    assert_eq!(rules, [json!("0.2"), json!(60), json!(3)]);
    let mut without_stop = group;
    without_stop.plan.stop_loss = None;
    assert_eq!(PositionGroup::from(&without_stop).protected, Protection::ByPolling);
    without_stop.plan.take_profit = profit::TakeProfit::at("1.5".parse().unwrap());
    assert_eq!(PositionGroup::from(&without_stop).protected, Protection::None);
    without_stop.stop_at_venue = true;
    assert_eq!(PositionGroup::from(&without_stop).protected, Protection::AtVenue, "one that was taken off rests yet");
}

#[test]
fn position_that_has_sold_nothing_says_so_and_has_no_profit() {
    let (mut group, shown) = shown(include_str!("../../../../../events/stored/group.still_held.v2.json"));
    assert_eq!(shown["still_held"], json!({"quantity": "0.00008991", "cost": "5.7600001"}));
    let of = ["status", "exit_reason", "realised_pnl", "dust"].map(|name| &shown[name]);
    assert_eq!(of, [&json!("closed"), &json!("dust"), &Value::Null, &json!("0.00008991")]);
    let told = "0.00008991 BTC could not be sold and are still held, without a stop; they cost 5.7600001 USDT";
    assert_eq!((&shown["needs_attention"], &shown["attention"]), (&json!(true), &json!(told)));
    group.settled.as_mut().unwrap().still_held.as_mut().unwrap().nothing_sold = false;
    assert_eq!(PositionGroup::from(&group).realised_pnl.as_deref(), Some("0"), "what was sold has made that");
    group.settled.as_mut().unwrap().still_held = None;
    let dust = PositionGroup::from(&group);
    assert_eq!((dust.still_held, dust.needs_attention, dust.dust.as_deref()), (None, false, Some("0.00008991")));
}

#[test]
fn what_nobody_has_asked_for_is_null() {
    let (_, shown) = shown(include_str!("../../../../../events/stored/group.v2.json"));
    let names = ["stop_loss_delay_seconds", "below_stop_since", "minimum_profit_percent", "cooldown_minutes"];
    for value in names.map(|name| &shown[name]).into_iter().chain([&shown["take_profit"]["trailing"]]) {
        assert_eq!(value, &Value::Null);
    }
    assert_eq!((&shown["stop_loss_trailing"], &shown["stop_loss_at_venue"]), (&json!(false), &json!(true)));
    let unasked = ["ladder", "pyramiding", "time_limit_minutes", "break_even_after_step"];
    assert_eq!(unasked.map(|name| shown.get(name)), [None; 4], "and what it did not know before is left out");
}

#[test]
fn what_was_asked_of_entries_and_of_time_can_be_read_back() {
    let (mut group, shown) = shown(include_str!("../../../../../events/stored/group.ladder.v2.json"));
    assert_eq!(shown["ladder"], json!({"active": 2, "at_market": true}), "its places are its own");
    let spacing = Spacing::Scaled {
        count: 3,
        deviation: "2".parse().unwrap(),
        scale: "1.5".parse().unwrap(),
        dialect: Dialect::Compounding,
    };
    group.plan.ladder.as_mut().unwrap().spacing = spacing;
    group.plan.time_limit = Some(Millis::seconds(5_400));
    let mut stop = profit::StopLoss::fixed("5".parse().unwrap(), profit::Basis::Average);
    (stop.break_even_after, stop.at_venue) = (Some(1), false);
    group.plan.stop_loss = Some(stop);
    let shown = serde_json::to_value(PositionGroup::from(&group)).unwrap();
    let ladder = json!({"deviation_percent": "2", "step_scale": "1.5", "dialect": "compounding",
                        "active": 2, "at_market": true});
    assert_eq!((&shown["ladder"], &shown["time_limit_minutes"]), (&ladder, &json!(90)));
    let of_stop = ["stop_loss_basis", "break_even_after_step", "stop_loss_at_venue"].map(|name| &shown[name]);
    assert_eq!(of_stop, [&json!("average"), &json!(1), &json!(false)]);
}

#[test]
fn whether_it_is_added_to_can_be_read_back() {
    let (_, shown) = shown(include_str!("../../../../../events/stored/group.pyramids.v2.json"));
    let rule = json!({"max": 3, "distance_percent": "2", "direction": "favourable", "size_factor": "1.5",
                      "close": "alone"});
    assert_eq!(shown["pyramiding"], rule);
}
