use super::plan_of;
use domain::clock::Millis;
use domain::ladder::{Dialect, Size, Spacing};
use domain::preset::{AskedLegs, AskedSize, OrderKind};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use domain::rules::Rules;
use proptest::prelude::*;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use wire::preset::threecommas::*;

const BOT: &str = include_str!("../../../../../events/imports/threecommas-bot.v1.json");

const FOLLOWER: &str = include_str!("../../../../../events/imports/threecommas-bot-trailing.v1.json");

/// The bot with these members in the place of its own, or beside them.
fn bot(changes: &[(&str, &str)]) -> Imported {
    changed(BOT, changes)
}

fn changed(text: &str, changes: &[(&str, &str)]) -> Imported {
    let mut members = members(text);
    let raw = |value: &str| RawValue::from_string(value.to_owned()).unwrap();
    members.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), raw(value))));
    import(&serde_json::to_string(&members).unwrap()).unwrap()
}

fn members(bot: &str) -> BTreeMap<String, Box<RawValue>> {
    serde_json::from_str(bot).unwrap()
}

fn outcome(imported: &Imported, member: &str) -> (Outcome, String) {
    let told: Vec<_> = imported.members.iter().filter(|told| told.member == member).collect();
    assert_eq!(told.len(), 1, "{member} is told of once: {told:?}");
    (told[0].outcome, told[0].detail.clone())
}

fn number<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

#[test]
fn a_bot_becomes_a_preset_that_trades_as_it_did() {
    let imported = import(BOT).unwrap();
    let plan = plan_of(&imported.document);
    assert_eq!(imported.name.unwrap().as_str(), "btc-grid-2");
    assert_eq!((plan.size, plan.kind), (AskedSize::Of(Size::Quote(number("100"))), OrderKind::Market));
    let ladder = plan.ladder.unwrap();
    let spacing = Spacing::Scaled { count: 4, deviation: number("1"), scale: number("4"), dialect: Dialect::Additive };
    assert_eq!((ladder.spacing, ladder.active), (spacing, 1));
    assert_eq!(ladder.sizes, AskedLegs::Scaled { first: Size::Quote(number("30")), scale: number("2") });
    let step = |profit, amount| ProfitStep { profit: number(profit), amount: number(amount) };
    let steps = vec![step("10", "50"), step("20", "50")];
    assert_eq!(plan.take_profit, TakeProfit::Aggregate { basis: Basis::Average, steps, trailing: None });
    assert_eq!((plan.stop_loss, plan.time_limit), (None, Some(Millis::seconds(60))));
}

#[test]
fn what_follows_the_price_waits_or_asks_for_more_is_carried_over() {
    let imported = import(FOLLOWER).unwrap();
    let plan = plan_of(&imported.document);
    assert_eq!(plan.take_profit, TakeProfit::at(number("2")).trailing_by(number("0.2")));
    let stop = StopLoss::fixed(number("5"), Basis::Base);
    assert_eq!(plan.stop_loss, Some(StopLoss { trailing: true, delay: Some(Millis::seconds(30)), ..stop }));
    let (minimum_profit, cooldown) = (Some(number("0.5")), Some(Millis::seconds(360)));
    assert_eq!(plan.rules, Rules { minimum_profit, cooldown, ..Rules::default() });
    let not_the_same = imported.members.iter().filter(|told| told.outcome != Outcome::CarriedOver);
    let not_the_same: Vec<_> = not_the_same.map(|told| (told.member.as_str(), told.outcome)).collect();
    #[rustfmt::skip]
    let expected = [
        ("id", Outcome::LeftOut), ("account_id", Outcome::LeftOut), ("is_enabled", Outcome::LeftOut),
        ("pairs", Outcome::LeftOut), ("strategy_list", Outcome::LeftOut), ("close_strategy_list", Outcome::LeftOut),
        ("max_active_deals", Outcome::LeftOut), ("name", Outcome::Changed), ("cooldown", Outcome::Changed),
    ];
    assert_eq!(not_the_same, expected);
}

#[test]
fn what_cannot_follow_wait_or_ask_says_why_and_leaves_the_rest_as_it_is() {
    let plain = changed(FOLLOWER, &[("trailing_enabled", "false"), ("tsl_enabled", "null"), ("cooldown", "0")]);
    let plan = plan_of(&plain.document);
    assert_eq!((plan.take_profit, plan.rules.cooldown), (TakeProfit::at(number("2")), None));
    assert!(plan.stop_loss.is_some_and(|stop| !stop.trailing && stop.delay.is_some()));
    #[rustfmt::skip]
    let table = [
        (("trailing_deviation", "0"),             "trailing_enabled",             "take_profit.trailing_percent must be above 0"),
        (("trailing_deviation", "null"),          "trailing_enabled",             "trailing_deviation is not said"),
        (("take_profit", "0"),                    "trailing_deviation",           "no take-profit"),
        (("trailing_enabled", r#""maybe""#),      "trailing_enabled",             "neither on nor off"),
        (("stop_loss_percentage", "0"),           "tsl_enabled",                  "no stop"),
        (("stop_loss_percentage", "0"),           "stop_loss_timeout_in_seconds", "no stop"),
        (("stop_loss_timeout_in_seconds", "1.5"), "stop_loss_timeout_enabled",    "stop_loss_delay_seconds must be a whole number"),
        (("stop_loss_timeout_in_seconds", "0"),   "stop_loss_timeout_enabled",    "from 1 to 86400"),
        (("cooldown", "2592000"),                 "cooldown",                     "from 1 to 10080"),
        (("cooldown", r#""soon""#),               "cooldown",                     "decimal"),
        (("min_profit_percentage", "-1"),         "min_profit_type",              "minimum_profit_percent"),
        (("max_active_deals", "5"),               "max_active_deals",             "open_groups_max"),
    ];
    for (change, member, part) in table {
        let imported = changed(FOLLOWER, &[change]);
        let (told, why) = outcome(&imported, member);
        assert!(told == Outcome::LeftOut && why.contains(part), "{change:?}: {why}");
        assert_eq!(plan_of(&imported.document).size, AskedSize::Of(Size::Quote(number("80"))), "{change:?}");
    }
}

#[test]
fn a_minimum_profit_is_of_all_that_was_bought() {
    let of = |kind: &str| outcome(&changed(FOLLOWER, &[("min_profit_type", kind)]), "min_profit_type");
    for kind in [r#""base_order_volume""#, "null"] {
        let (told, why) = of(kind);
        assert!(told == Outcome::Changed && why.contains("of all that was bought"), "{kind}: {why}");
    }
    let none = changed(FOLLOWER, &[("min_profit_percentage", r#""0.0""#)]);
    assert_eq!(plan_of(&none.document).rules.minimum_profit, None);
    assert_eq!(outcome(&none, "min_profit_type").0, Outcome::CarriedOver);
}

#[test]
fn of_several_steps_the_last_one_follows() {
    let steps = bot(&[("trailing_enabled", "true"), ("trailing_deviation", "1")]);
    let profit = plan_of(&steps.document).take_profit;
    assert_eq!((profit.steps(), profit.trailing()), (2, Some(number("1"))));
    assert!(outcome(&steps, "trailing_enabled").1.contains("the last step"));
}

#[test]
fn every_member_is_told_of_once_and_in_its_order() {
    for bot in [BOT, FOLLOWER] {
        let imported = import(bot).unwrap();
        let told: Vec<_> = imported.members.iter().map(|told| told.member.as_str()).collect();
        let mut members: Vec<_> = members(bot).into_keys().collect();
        // Each stands on a line of its own; what is within them is indented further.
        members.sort_by_key(|name| bot.find(&format!("\n  {name:?}:")));
        assert_eq!(told, members);
    }
}

#[test]
fn sizes_are_quote_or_base_and_never_a_share() {
    let base = bot(&[("base_order_volume_type", r#""base_currency""#), ("base_order_volume", "0.5")]);
    assert_eq!(plan_of(&base.document).size, AskedSize::Of(Size::Base(number("0.5"))));
    assert!(outcome(&base, "base_order_volume").1.contains("base_order.quantity: so many coins"));
    let share = bot(&[("base_order_volume_type", r#""percent""#)]);
    assert_eq!(plan_of(&share.document).size, AskedSize::Of(Size::Quote(number("100"))));
    let (left, why) = outcome(&share, "base_order_volume");
    assert!(left == Outcome::LeftOut && why.contains("100 quote"), "{why}");
    let of_safety = bot(&[("safety_order_volume_type", r#""percent""#)]);
    assert_eq!(plan_of(&of_safety.document).ladder, None);
    assert_eq!(outcome(&of_safety, "max_safety_orders").0, Outcome::LeftOut);
    let coins = plan_of(&bot(&[("safety_order_volume_type", r#""base_currency""#)]).document).ladder.unwrap();
    assert_eq!(coins.sizes, AskedLegs::Scaled { first: Size::Base(number("30")), scale: number("2") });
}

#[test]
fn a_ladder_that_cannot_be_is_left_out_whole_and_says_why() {
    let check = |changes: &[(&str, &str)], outcome_of: Outcome, part: &str| {
        let imported = bot(changes);
        assert_eq!(plan_of(&imported.document).ladder, None, "{changes:?}");
        let (told, why) = outcome(&imported, "martingale_step_coefficient");
        assert!(told == outcome_of && why.contains(part), "{changes:?}: {why}");
    };
    check(&[("max_safety_orders", "0")], Outcome::CarriedOver, "no safety orders");
    check(&[("max_safety_orders", "500")], Outcome::LeftOut, "safety_orders.count");
    check(&[("martingale_step_coefficient", "101")], Outcome::LeftOut, "safety_orders.step_scale");
    check(&[("safety_order_step_percentage", "null")], Outcome::LeftOut, "deviation_percent");
    let steps = |steps: &'static str| [("max_safety_orders", "2"), ("custom_safety_steps", steps)];
    check(&steps(r#"[{"deviation": "1.1", "size": 10}]"#), Outcome::LeftOut, "must stand below");
    check(&steps(r#"[{"deviation": "-1.1"}]"#), Outcome::LeftOut, "is required");
    check(&steps(r#"[{"deviation": "-1.1", "size": 10, "kind": "x"}]"#), Outcome::LeftOut, "is not known here");
    check(&steps(r#"[{"deviation": -2, "size": 1}, {"deviation": -1, "size": 1}]"#), Outcome::LeftOut, "custom[1]");
    let more = r#"[{"deviation": -1, "size": 1}, {"deviation": -2, "size": 1}, {"deviation": -3, "size": 1}]"#;
    check(&steps(more), Outcome::LeftOut, "max_safety_orders is less");
    let many = bot(&[("active_safety_orders_count", "60"), ("max_safety_orders", "100")]);
    assert_eq!(plan_of(&many.document).ladder.unwrap().active, 20);
    assert_eq!(outcome(&many, "active_safety_orders_count").0, Outcome::Changed);
}

#[test]
fn steps_that_are_listed_stand_below_the_base_order_one_by_one() {
    let steps = r#"[{"deviation": "-1.1", "size": 10}, {"deviation": "-4.50", "size": "25.5"}]"#;
    let check = |kind: &str, size: fn(&str) -> Size| {
        let imported = bot(&[("custom_safety_steps", steps), ("safety_order_volume_type", kind)]);
        let ladder = plan_of(&imported.document).ladder.unwrap();
        assert_eq!(ladder.spacing, Spacing::Custom(vec![number("1.1"), number("4.5")]));
        assert_eq!((ladder.sizes, ladder.active), (AskedLegs::Each(vec![size("10"), size("25.5")]), 1));
        for member in ["custom_safety_steps", "martingale_step_coefficient", "safety_order_volume", "max_safety_orders"]
        {
            assert_eq!(outcome(&imported, member).0, Outcome::CarriedOver, "{member}");
        }
        assert!(outcome(&imported, "max_safety_orders").1.contains("custom_safety_steps"));
    };
    check(r#""quote_currency""#, |text| Size::Quote(number(text)));
    check(r#""base_currency""#, |text| Size::Base(number(text)));
    let share = bot(&[("custom_safety_steps", steps), ("safety_order_volume_type", r#""percent""#)]);
    assert_eq!((plan_of(&share.document).ladder, outcome(&share, "custom_safety_steps").0), (None, Outcome::LeftOut));
}

#[test]
fn a_profit_is_one_or_steps_from_the_average_or_the_base() {
    let one = bot(&[("take_profit_steps", "[]"), ("take_profit", r#""2.50""#), ("take_profit_type", r#""base""#)]);
    let steps = vec![ProfitStep { profit: number("2.5"), amount: number("100") }];
    assert_eq!(plan_of(&one.document).take_profit, TakeProfit::Aggregate { basis: Basis::Base, steps, trailing: None });
    let half = bot(&[("take_profit_steps", r#"[{"amount_percentage": 50, "profit_percentage": 10}]"#)]);
    assert_eq!(plan_of(&half.document).take_profit, TakeProfit::at(number("1.5")));
    let (left, why) = outcome(&half, "take_profit_steps");
    assert!(left == Outcome::LeftOut && why.contains("add up to 100") && why.contains("1.5 %"), "{why}");
}

#[test]
fn a_stop_is_from_the_base_order_and_may_move_once() {
    let stop = bot(&[("stop_loss_percentage", r#""4.0""#), ("stop_loss_type", r#""stop_loss_and_disable_bot""#)]);
    assert_eq!(plan_of(&stop.document).stop_loss, Some(StopLoss::fixed(number("4"), Basis::Base)));
    assert_eq!(outcome(&stop, "stop_loss_type").0, Outcome::Changed);
    let even = [("sl_to_breakeven_enabled", "true"), ("sl_to_breakeven_data", r#"{"upper_breakeven_limit": 1}"#)];
    let moves = bot(&[&[("stop_loss_percentage", "4")], &even[..]].concat());
    assert_eq!(plan_of(&moves.document).stop_loss.unwrap().break_even_after, Some(1));
    assert_eq!(outcome(&moves, "sl_to_breakeven_data").0, Outcome::Changed);
    let nothing = bot(&even);
    assert_eq!(outcome(&nothing, "sl_to_breakeven_enabled").0, Outcome::LeftOut);
    let bare = bot(&[("max_safety_orders", "0"), ("stop_loss_percentage", "0")]);
    assert_eq!(plan_of(&bare.document).stop_loss, Some(StopLoss::fixed(number("5"), Basis::Base)));
    assert_eq!(outcome(&bare, "stop_loss_percentage").0, Outcome::Changed, "the built-in stop stands");
}

#[test]
fn what_is_off_is_carried_over_and_what_is_on_says_why_it_is_not() {
    let check = |member: &str, value: &str, expected: Outcome| {
        assert_eq!(outcome(&bot(&[(member, value)]), member).0, expected, "{member}: {value}");
    };
    check("trailing_enabled", "false", Outcome::CarriedOver);
    check("trailing_enabled", "true", Outcome::LeftOut);
    check("trailing_deviation", r#""0.2""#, Outcome::CarriedOver);
    check("cooldown", r#""0""#, Outcome::CarriedOver);
    check("cooldown", "30", Outcome::Changed);
    check("cooldown", "300", Outcome::CarriedOver);
    check("deal_start_delay_seconds", "30", Outcome::LeftOut);
    check("strategy", r#""long""#, Outcome::CarriedOver);
    check("strategy", r#""short""#, Outcome::LeftOut);
    check("leverage_type", r#""not_specified""#, Outcome::CarriedOver);
    check("leverage_type", r#""cross""#, Outcome::LeftOut);
    check("start_order_type", r#""limit""#, Outcome::Changed);
    check("close_deals_timeout", "61", Outcome::Changed);
    check("close_deals_timeout", r#""soon""#, Outcome::LeftOut);
    check("something_new", "7", Outcome::LeftOut);
    let short = bot(&[("strategy", r#""short""#), ("leverage_type", r#""cross""#)]);
    assert!(outcome(&short, "strategy").1.contains("the alert says side short"), "markets of contracts can be short");
    assert!(outcome(&short, "leverage_type").1.contains("say leverage in the preset"));
    let secret = bot(&[("url_secret", r#""s3cr3t""#)]);
    assert!(!format!("{secret:?}").contains("s3cr3t"));
}

#[test]
fn what_is_no_bot_is_refused() {
    for text in ["{}", r#"{"tv": {}}"#, "[]"] {
        assert_eq!(import(text).unwrap_err().fields, ["body"], "{text}");
    }
    assert_eq!(import("{").unwrap_err().code, "invalid_json");
}

proptest! {
    #[test]
    fn whatever_a_bot_says_every_member_is_told_of(
        name in prop_oneof![Just("take_profit"), Just("base_order_volume"), Just("sl_to_breakeven_enabled"),
            Just("take_profit_steps"), Just("stop_loss_percentage"), Just("active_safety_orders_count"), Just("name"),
            Just("trailing_enabled"), Just("trailing_deviation"), Just("tsl_enabled"), Just("stop_loss_timeout_enabled"),
            Just("stop_loss_timeout_in_seconds"), Just("cooldown"), Just("min_profit_percentage"), Just("min_profit_type")],
        value in prop_oneof![Just("null"), Just("true"), Just("-1"), Just(r#""x""#), Just("[]"), Just("[1]"), Just("{}"),
            Just("1e99"), Just("[{}]"), Just(r#""é…""#)],
    ) {
        for text in [BOT, FOLLOWER] {
            let imported = changed(text, &[(name, value)]);
            outcome(&imported, name);
            prop_assert!(imported.document.preset().is_ok());
        }
    }
}
