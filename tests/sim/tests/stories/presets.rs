//! Presets beneath alerts, and exits that change while a position is open: with every fault at every place, and every
//! pair of them.

use domain::delivery::Delivery;
use domain::group::Position;
use domain::vault::Mode;
use sim::{Seen, alert, exhaustive, s, scenario, stories};

const GRID: &str = r#"{"take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 50},
    {"profit_percent": 30, "amount_percent": 50}]}, "stop_loss_percent": 3}"#;
const PARTS: &str = r#"{"partial_exit": true}"#;
const TURNS: &str = r#"{"reverse": true}"#;
const ADDS: &str = r#"{"pyramids": {"max": 2, "distance_percent": "0", "direction": "any", "close": "together"},
    "take_profit": {"steps": [{"profit_percent": 4, "amount_percent": 100}]}}"#;
const TIGHT: &str = r#"{"stop_loss_percent": 3}"#;

stories! {
    exhaustive;

    an_alert_is_traded_by_the_preset_that_it_names => |story| story
        .keeps(s(0), "grid", GRID)
        .post(s(5), &alert().preset("grid"))
        .falls()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "tp#2 cancelled", "exit filled"]);
            assert_eq!(began_with(seen), ["grid 1"]);
        });

    an_alert_that_names_no_exchange_is_traded_on_its_tokens => |story| story
        .keeps(s(0), "grid", GRID)
        .post(s(5), &alert().preset("grid").without_exchange())
        .falls()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened"]);
            assert_eq!(began_with(seen), ["grid 1"]);
        });

    exits_that_are_changed_are_placed_anew => |story| story
        .post(s(0), &alert().steps("average", &[("5", "50"), ("10", "50")]))
        .changes_exits(s(20), r#"{"take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 100}]}}"#)
        .climbs_from(s(40))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "tp#2 cancelled", "tp#1 filled"]);
            assert_eq!(seen.exits(), ["take_profit"]);
        });

    a_stop_that_is_moved_up_is_the_stop => |story| story
        .post(s(0), &alert())
        .changes_exits(s(20), r#"{"stop_loss_percent": 2, "time_limit_minutes": null}"#)
        .price(s(40), "97")
        // Whatever was bought later, or kept its stop.
        .price(s(200), "91")
        .price(s(260), "85")
        .price(s(320), "79")
        .price(s(380), "74")
        .price(s(440), "69")
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.exits(), ["stop_loss"]);
            assert!(seen.realised()[0].starts_with("-3."), "at 97: {:?}", seen.realised());
        });
}

/// Name and version of the preset that each group began with.
fn began_with(seen: &Seen) -> Vec<String> {
    let named = |position: &Position| match &position.group.preset {
        Some(preset) => format!("{} {}", preset.name, preset.version),
        None => "built in".to_owned(),
    };
    seen.positions.iter().map(named).collect()
}

#[test]
fn an_alert_that_names_none_is_traded_by_ones_own_default() {
    let story = scenario("own").keeps(s(0), "default", TIGHT).keeps(s(2), "default", GRID).post(s(5), &alert());
    assert_eq!(began_with(&sim::calm(&story.climbs_from(s(20)))), ["default 2"]);
    let story = scenario("built in").keeps(s(0), "grid", GRID).post(s(5), &alert()).climbs_from(s(20));
    assert_eq!(began_with(&sim::calm(&story)), ["built in"]);
}

fn modes(seen: &Seen) -> Vec<Option<Mode>> {
    seen.deliveries.iter().map(Delivery::mode).collect()
}

#[test]
fn an_alert_whose_preset_is_not_there_opens_nothing() {
    let story = scenario("unknown").post(s(0), &alert().preset("grid"));
    let seen = sim::calm(&story);
    assert_eq!((seen.verdicts(), seen.positions.len()), (vec!["rejected unknown_preset".to_owned()], 0));
    assert_eq!(modes(&seen), [Some(Mode::Paper)], "its account is known");
    let story = scenario("gone").keeps(s(0), "grid", GRID).takes_away(s(2), "grid").post(s(5), &alert().preset("grid"));
    assert_eq!(sim::calm(&story).verdicts(), ["rejected unknown_preset"]);
}

#[test]
fn what_contradicts_its_preset_is_rejected_with_its_field() {
    let story = scenario("steps").keeps(s(0), "grid", GRID).post(s(5), &alert().preset("grid").break_even_after(2));
    let seen = sim::calm(&story);
    assert_eq!(seen.verdicts(), ["rejected invalid_alert"]);
    assert_eq!(modes(&seen), [Some(Mode::Paper)], "its account is known");
    assert_eq!(seen.deliveries[0].verdict.as_ref().unwrap().fields, ["break_even_after_step"]);
}

#[test]
fn an_exit_asks_for_no_preset() {
    let story = scenario("exit").post(s(0), &alert()).post(s(20), &alert().exit().preset("gone"));
    let seen = sim::calm(&story.ends("flat", Seen::is_flat));
    assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing"]);
}

#[test]
fn a_preset_that_changes_leaves_what_is_open_as_it_was() {
    let story = scenario("kept").keeps(s(0), "grid", TIGHT).post(s(5), &alert().preset("grid"));
    let story = story.keeps(s(20), "grid", GRID).takes_away(s(25), "grid").price(s(40), "96");
    let seen = sim::calm(&story.ends("flat", Seen::is_flat));
    assert_eq!((began_with(&seen), seen.exits()), (vec!["grid 1".to_owned()], vec!["stop_loss"]));
}

#[test]
fn a_part_is_sold_where_the_alerts_preset_says_so() {
    let smaller = |preset: &str| alert().shrinks("0.5", "1").without("partial_exit").preset(preset).id("b");
    let story =
        scenario("parts").keeps(s(0), "parts", PARTS).post(s(5), &alert().id("a")).post(s(20), &smaller("parts"));
    let seen = sim::calm(&story);
    assert_eq!(seen.verdicts(), ["accepted opened", "accepted reducing"]);
    assert!(seen.orders().contains(&"reduce#1 filled".to_owned()), "{:?}", seen.orders());
    let story =
        scenario("whole").keeps(s(0), "whole", TIGHT).post(s(5), &alert().id("a")).post(s(20), &smaller("whole"));
    assert_eq!(sim::calm(&story).verdicts(), ["accepted opened", "ignored partial_exit_off"]);
    let said = alert().shrinks("0.5", "1").id("b");
    let story = scenario("unknown")
        .post(s(5), &alert().id("a"))
        .post(s(20), &said.clone().without("partial_exit").preset("gone"));
    assert_eq!(sim::calm(&story).verdicts(), ["accepted opened", "rejected unknown_preset"]);
    let story = scenario("own").post(s(5), &alert().id("a")).post(s(20), &said.preset("gone"));
    assert_eq!(sim::calm(&story).verdicts(), ["accepted opened", "accepted reducing"], "nothing hangs on the preset");
}

#[test]
fn a_turn_closes_whatever_has_become_of_its_preset() {
    let turned = |preset: &str| alert().reversal().preset(preset).id("b");
    let story = scenario("turns").keeps(s(0), "turns", TURNS).can_short();
    let seen = sim::calm(&story.post(s(5), &alert().id("a")).post(s(20), &turned("turns")));
    assert_eq!(seen.verdicts(), ["accepted opened", "refused market_cannot_short"], "closed, and decided anew");
    assert!(seen.is_flat());
    let story = scenario("gone").can_short().post(s(5), &alert().id("a")).post(s(20), &turned("gone"));
    let seen = sim::calm(&story);
    assert_eq!(seen.verdicts(), ["accepted opened", "refused contradicts_side"]);
    assert_eq!((seen.is_flat(), seen.exits()), (true, vec!["signal"]));
}

#[test]
fn a_group_that_its_preset_lets_be_added_to_adds() {
    let entry = || alert().preset("adds");
    let story = scenario("adds").keeps(s(0), "adds", ADDS).post(s(5), &entry().id("a")).post(s(20), &entry().id("b"));
    // The live group's plan counts, and not what has become of the preset.
    let seen = sim::calm(&story.takes_away(s(30), "adds").post(s(40), &entry().id("c")).post(s(60), &entry().id("d")));
    let added = "accepted pyramid_added";
    assert_eq!(seen.verdicts(), ["accepted opened", added, added, "refused pyramids_max"]);
    assert_eq!(seen.positions[0].group.pyramids.added.len(), 2);
}
