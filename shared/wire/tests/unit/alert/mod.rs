mod foreign;
mod of_bot;

mod answers;
mod exits;

use domain::alert::Alert;
use domain::alert::{IntentType, Side, Stance};
use domain::clock::{Millis, Timestamp};
use domain::ladder::{Dialect, Size, Spacing, Total};
use domain::money::Percent;
use domain::preset::{AskedLadder, AskedLegs, AskedSize, Flags, OrderKind, PlanParts};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use domain::pyramid::{Approach, Closing, Pyramiding};
use domain::rules::Rules;
use domain::signal::{Wish, wish};
use proptest::prelude::*;
use wire::alert::*;
use wire::preset::Document;

const STRATEGY_ENTRY: &str = include_str!("../../../../../events/tradingview/strategy-entry.v1.json");
const STRATEGY_EXIT: &str = include_str!("../../../../../events/tradingview/strategy-exit.v1.json");
const INDICATOR_ENTRY: &str = include_str!("../../../../../events/tradingview/indicator-entry.v1.json");
const LIVE_TRADE: &str = include_str!("../../../../../docs/start/first-live-trade.md");
const INDICATOR_EXIT: &str = include_str!("../../../../../events/tradingview/indicator-exit.v1.json");

/// What a text says where its token has no exchange.
fn parse(text: &str) -> Result<Alert, BadAlert> {
    wire::alert::parse(text, None)
}

/// An entry with these members beside `tv` and `execution_intent`.
fn entry(more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(
        r#"{{"tv": {{"exchange": "BINANCE", "symbol": "BTCUSDT"}},
            "execution_intent": {{"strategy": "grid", "side": "long"}}{comma} {more}}}"#
    )
}

/// An entry with these members inside `tv`.
fn entry_with_tv(more: &str) -> String {
    entry("").replacen(r#""BTCUSDT""#, &format!(r#""BTCUSDT", {more}"#), 1)
}

fn check(text: &str, code: &str, field: &str) {
    let wrong = open(text.as_bytes()).over(None).unwrap_err();
    assert_eq!((wrong.code, wrong.fields.join(",").as_str()), (code, field), "{text}: {wrong}");
    assert!(wrong.fields.is_empty() || wrong.detail.starts_with(&wrong.fields[0]), "{wrong}");
}

#[test]
fn message_that_the_first_live_trade_shows_is_an_entry() {
    let (_, rest) = LIVE_TRADE.split_once("```json tradingview\n").unwrap();
    let alert = parse(rest.split_once("\n```").unwrap().0).unwrap();
    assert_eq!(wish(&alert), Ok(Wish::Hold(Side::Long)));
    assert_eq!(alert.plan, parse(&entry("")).unwrap().plan, "its sizes size nothing");
}

#[test]
fn the_recorded_alerts_are_understood() {
    #[rustfmt::skip]
    let table = [
        (STRATEGY_ENTRY,  Wish::Hold(Side::Long), "60", true),
        (STRATEGY_EXIT,   Wish::Exit,             "60", true),
        (INDICATOR_ENTRY, Wish::Hold(Side::Long), "15", false),
        (INDICATOR_EXIT,  Wish::Exit,             "15", false),
    ];
    for (text, wished, timeframe, by_strategy) in table {
        let alert = parse(text).unwrap();
        assert_eq!(wish(&alert), Ok(wished));
        assert_eq!((alert.exchange.as_str(), alert.symbol.to_string().as_str()), ("BINANCE", "BTC/USDT"));
        assert_eq!(alert.timeframe.as_ref().map(|timeframe| timeframe.as_str()), Some(timeframe));
        assert_eq!((alert.fields.any(), alert.max_lag), (by_strategy, Millis::seconds(300)));
        assert!(alert.sent_at.is_some() && alert.price().is_some());
    }
}

#[test]
fn everything_that_is_not_required_may_be_left_out() {
    for said in ["", r#""account": null, "id": " ", "sent_at": "NaN", "timestamp": "{{timenow}}", "anything": [1]"#] {
        let alert = parse(&entry(said)).unwrap();
        assert_eq!((alert.id, alert.account, alert.sent_at), (None, None, None));
        assert_eq!(alert.plan, domain::preset::Preset::built_in().unwrap().plan);
    }
    let alert = parse(&entry_with_tv(r#""price": "NaN", "market_position": null"#)).unwrap();
    assert_eq!((alert.price, alert.fields.any()), (None, false));
}

/// What TradingView has no value for, or what can be none: an entry is planned by the market's price and by when it came.
#[test]
fn what_is_observed_and_has_no_value_is_as_good_as_left_out() {
    let bare = parse(&entry("")).unwrap();
    for value in [
        r#""""#,
        r#""NaN""#,
        "NaN",
        r#""null""#,
        r#""{{close}}""#,
        r#""at {{close}}""#,
        "[1]",
        "{}",
        "true",
        "-1",
        "1e400",
        "99999999999999999999999999999999",
    ] {
        for name in
            ["price", "close", "contracts", "market_position_size", "prev_market_position_size", "prev_market_position"]
        {
            assert_eq!(parse(&entry_with_tv(&format!(r#""{name}": {value}"#))).as_ref(), Ok(&bare), "{name} {value}");
        }
        for name in ["sent_at", "timestamp"] {
            assert_eq!(parse(&entry(&format!(r#""{name}": {value}"#))).as_ref(), Ok(&bare), "{name} {value}");
        }
    }
    let both = parse(&entry(r#""sent_at": "{{timenow}}", "timestamp": 1769860801"#)).unwrap();
    assert_eq!(both.sent_at, Some(Timestamp::from_millis(1_769_860_801_000)), "the one that can be read");
    for id in [r#""""#, "NaN", r#""a-{{strategy.order.id}}""#, r#"{"a": 1}"#, "false"] {
        assert_eq!(parse(&entry(&format!(r#""id": {id}"#))).unwrap().id, None, "{id}");
    }
    assert_eq!(parse(&entry(&format!(r#""id": "{}""#, "x".repeat(201)))).unwrap().id.unwrap().len(), 201);
    assert_eq!(parse(&entry_with_tv(r#""prev_market_position": "sideways""#)).as_ref(), Ok(&bare));
}

/// Its sender has written it otherwise: to plan without it would pass the mistake over.
#[test]
fn a_text_in_the_place_of_a_number_is_named_in_an_entry() {
    for value in
        [r#""1,234.5""#, r#""1.234,5""#, r#""1.234.567""#, r#""na""#, r#""∅""#, r#""Infinity""#, r#""12.5 USD""#]
    {
        for name in ["price", "close", "market_position_size", "prev_market_position_size"] {
            check(&entry_with_tv(&format!(r#""{name}": {value}"#)), "invalid_alert", &format!("tv.{name}"));
        }
    }
    for value in [r#""12:30""#, r#""2026-11-26 03:00:00""#, r#""yesterday""#] {
        check(&entry(&format!(r#""sent_at": {value}, "timestamp": 1769860801"#)), "invalid_alert", "sent_at");
    }
}

/// The cases from which this rule comes: what was not filled in counted as nothing said, and no stop was placed.
#[test]
fn what_is_meant_and_was_not_filled_in_is_named() {
    let ladder =
        r#""base_order": {"quote": "50"}, "safety_orders": {"count": 2, "quote": "50", "deviation_percent": "2"}"#;
    for word in [r#""{{plot(\"SL\")}}""#, r#""NaN""#, "NaN", r#""""#, r#""null""#] {
        check(&entry(&format!(r#"{ladder}, "stop_loss_percent": {word}"#)), "invalid_alert", "stop_loss_percent");
        check(&entry(&format!(r#""account": {word}"#)), "invalid_alert", "account");
        check(&entry(&format!(r#""preset": {word}"#)), "invalid_alert", "preset");
        check(&entry_with_tv(&format!(r#""timeframe": {word}"#)), "invalid_alert", "tv.timeframe");
        let limited = format!(r#""base_order": {{"quote": "50", "type": {word}, "limit_price": "5"}}"#);
        check(&entry(&limited), "invalid_alert", "base_order.type");
    }
    for zero in ["0", r#""0""#, r#""0D""#] {
        check(&entry_with_tv(&format!(r#""timeframe": {zero}"#)), "invalid_alert", "tv.timeframe");
    }
    assert!(parse(&entry(r#""stop_loss_percent": null"#)).is_ok(), "null is said to be nothing");
}

#[test]
fn a_bare_nan_is_read_as_its_word_where_a_value_stands() {
    let told = open(entry(r#""a": NaN, "b": [NaN , NaN], "c": "NaN, NaN", "d": {"e":NaN}"#).as_bytes());
    assert!(told.body.ends_with(r#""a":"NaN","b":["NaN","NaN"],"c":"NaN, NaN","d":{"e":"NaN"}}"#), "{}", told.body);
    assert!(told.alert().is_ok());
    for text in
        ["NaN", "{NaN: 1}", r#"{"a": NaNs}"#, r#"{"a": 1NaN}"#, r#"{"a": -NaN}"#, r#"{"a": NaN"#, r#"{"a": NaN NaN}"#]
    {
        check(text, "invalid_json", "");
    }
    assert!(Document::parse(r#"{"stop_loss_percent": NaN}"#).is_err_and(|wrong| wrong.code == "invalid_json"));
}

#[test]
fn numbers_may_be_text_and_text_may_be_numbers() {
    let alert = parse(&entry_with_tv(r#""timeframe": 15, "price": 64250.10, "close": "6.4e4""#)).unwrap();
    assert_eq!(alert.timeframe.unwrap().as_str(), "15");
    assert_eq!(alert.price.unwrap().to_string(), "64250.1");
    assert_eq!(alert.close.unwrap().to_string(), "64000");
    assert_eq!(parse(&entry(r#""id": 7, "max_lag_seconds": "60""#)).unwrap().max_lag, Millis::seconds(60));
}

#[test]
fn digits_that_only_a_float_has_do_not_stop_an_exit() {
    let text = STRATEGY_EXIT
        .replace(r#""prev_market_position_size": "0.0025""#, r#""prev_market_position_size": 0.30000000000000004"#);
    assert_eq!(parse(&text).unwrap().fields.prev_market_position_size.unwrap().to_string(), "0.3");
}

#[test]
fn every_way_to_write_a_time_is_the_same_moment() {
    for time in [
        r#""2026-01-31T12:00:01Z""#,
        r#""2026-01-31T14:00:01+02:00""#,
        "1769860801",
        r#""1769860801000""#,
        "1769860801.0",
    ] {
        for name in ["sent_at", "timestamp"] {
            let moment = Some(Timestamp::from_millis(1_769_860_801_000));
            assert_eq!(parse(&entry(&format!(r#""{name}": {time}"#))).unwrap().sent_at, moment, "{name} {time}");
            assert_eq!(
                parse(&entry_with_tv(&format!(r#""{name}": {time}"#))).unwrap().sent_at,
                moment,
                "{name} {time}"
            );
        }
    }
}

#[test]
fn an_alert_may_bring_its_own_plan() {
    let plan = parse(&entry(
        r#""base_order": {"quantity": "0.5", "type": "limit", "limit_price": 64000},
           "take_profit": {"basis": "average", "steps": [{"profit_percent": "2.5", "amount_percent": 100}]},
           "stop_loss_percent": 7"#,
    ))
    .unwrap()
    .plan;
    assert_eq!(plan.size, AskedSize::Of(Size::Base("0.5".parse().unwrap())));
    assert_eq!(plan.kind, OrderKind::Limit("64000".parse().unwrap()));
    assert_eq!(plan.take_profit, TakeProfit::at(percent("2.5")));
    assert_eq!(plan.stop_loss, Some(StopLoss::fixed(percent("7"), Basis::Base)));
}

fn percent(text: &str) -> Percent {
    text.parse().unwrap()
}

#[test]
fn a_take_profit_has_steps_or_is_of_each_leg() {
    let read = |profit: &str| parse(&entry(&format!(r#""take_profit": {profit}"#))).unwrap().plan.take_profit;
    let step = |profit: &str, amount: &str| ProfitStep { profit: percent(profit), amount: percent(amount) };
    let steps = r#"[{"profit_percent": 1, "amount_percent": 40}, {"profit_percent": "2.5", "amount_percent": 60}]"#;
    let whole = r#"[{"profit_percent": 1, "amount_percent": 100}]"#;
    assert_eq!(
        read(&format!(r#"{{"basis": "base", "steps": {steps}}}"#)),
        TakeProfit::aggregate(Basis::Base, vec![step("1", "40"), step("2.5", "60")]).unwrap()
    );
    assert_eq!(
        read(&format!(r#"{{"mode": "per_leg", "steps": {whole}}}"#)),
        TakeProfit::PerLeg { profit: percent("1") }
    );
    assert_eq!(
        read(&format!(r#"{{"mode": "Hybrid", "all_profit_percent": 3, "steps": {whole}}}"#)),
        TakeProfit::Hybrid { profit: percent("1"), all: percent("3") }
    );
    let stop = parse(&entry(r#""stop_loss_percent": 7, "stop_loss_basis": "average""#)).unwrap().plan.stop_loss;
    assert_eq!(stop, Some(StopLoss::fixed(percent("7"), Basis::Average)));
    let more = format!(
        r#""take_profit": {{"steps": {steps}}}, "stop_loss_percent": 7, "break_even_after_step": 1, "time_limit_minutes": 90"#
    );
    let plan = parse(&entry(&more)).unwrap().plan;
    assert_eq!((plan.stop_loss.unwrap().break_even_after, plan.time_limit), (Some(1), Some(Millis::seconds(5_400))));
}

#[test]
fn exits_may_follow_the_price_wait_and_ask_for_more() {
    let more = r#""take_profit": {"trailing_percent": "0.5", "steps": [{"profit_percent": 1, "amount_percent": 100}]},
        "stop_loss_percent": 7, "stop_loss_trailing": true, "stop_loss_delay_seconds": 86400,
        "minimum_profit_percent": 0, "cooldown_minutes": "10080", "open_groups_max": 2,
        "retry_unproven_entry": true"#;
    let plan = parse(&entry(more)).unwrap().plan;
    assert_eq!(plan.take_profit, TakeProfit::at(percent("1")).trailing_by(percent("0.5")));
    let stop = StopLoss::fixed(percent("7"), Basis::Base);
    assert_eq!(plan.stop_loss, Some(StopLoss { trailing: true, delay: Some(Millis::DAY), ..stop }));
    let (minimum_profit, cooldown) = (Some(percent("0")), Some(Millis::seconds(604_800)));
    assert_eq!(plan.rules, Rules { minimum_profit, cooldown, open_groups_max: Some(2), retry_unproven_entry: true });
    for (text, at_venue) in [("true", true), ("false", false), (r#""false""#, false)] {
        let plan = parse(&entry(&format!(r#""stop_loss_percent": 7, "stop_loss_at_venue": {text}"#))).unwrap().plan;
        assert_eq!(plan.stop_loss, Some(StopLoss { at_venue, ..stop }), "{text}");
    }
    for text in [r#""TRUE""#, "true"] {
        let plan = parse(&entry(&format!(r#""stop_loss_percent": 7, "stop_loss_trailing": {text}"#))).unwrap().plan;
        assert!(plan.stop_loss.unwrap().trailing, "{text}");
    }
    let without = parse(&entry(r#""stop_loss_percent": 7, "stop_loss_trailing": false"#)).unwrap().plan;
    assert_eq!((without.stop_loss, without.rules), (Some(stop), Rules::default()));
}

#[test]
fn an_error_of_what_follows_waits_or_asks_names_its_field() {
    let whole = r#""steps": [{"profit_percent": 1, "amount_percent": 100}]"#;
    let profit = |more: &str| format!(r#""take_profit": {{{more}, {whole}}}"#);
    for more in [
        r#""trailing_percent": 0"#,
        r#""trailing_percent": 100"#,
        r#""trailing_percent": -1"#,
        r#""trailing_percent": "far""#,
        r#""trailing_percent": true"#,
        r#""trailing_percent": 1, "mode": "per_leg""#,
        r#""trailing_percent": 1, "mode": "hybrid", "all_profit_percent": 3"#,
    ] {
        check(&entry(&profit(more)), "invalid_alert", "take_profit.trailing_percent");
    }
    #[rustfmt::skip]
    let wrong = [
        (r#""stop_loss_trailing": true"#,                                   "stop_loss_percent"),
        (r#""stop_loss_delay_seconds": 5"#,                                 "stop_loss_percent"),
        (r#""stop_loss_at_venue": false"#,                                  "stop_loss_percent"),
        (r#""stop_loss_percent": 5, "stop_loss_at_venue": 0"#,              "stop_loss_at_venue"),
        (r#""stop_loss_percent": 5, "stop_loss_trailing": 1"#,              "stop_loss_trailing"),
        (r#""stop_loss_percent": 5, "stop_loss_trailing": "yes""#,          "stop_loss_trailing"),
        (r#""stop_loss_percent": 5, "stop_loss_delay_seconds": 0"#,         "stop_loss_delay_seconds"),
        (r#""stop_loss_percent": 5, "stop_loss_delay_seconds": 86401"#,     "stop_loss_delay_seconds"),
        (r#""stop_loss_percent": 5, "stop_loss_delay_seconds": 1.5"#,       "stop_loss_delay_seconds"),
        (r#""minimum_profit_percent": -1"#,                                 "minimum_profit_percent"),
        (r#""minimum_profit_percent": 1001"#,                               "minimum_profit_percent"),
        (r#""minimum_profit_percent": {}"#,                                 "minimum_profit_percent"),
        (r#""cooldown_minutes": 0"#,                                        "cooldown_minutes"),
        (r#""cooldown_minutes": 10081"#,                                    "cooldown_minutes"),
        (r#""open_groups_max": 0"#,                                         "open_groups_max"),
        (r#""open_groups_max": 1001"#,                                      "open_groups_max"),
        (r#""retry_unproven_entry": 1"#,                                    "retry_unproven_entry"),
        (r#""retry_unproven_entry": "yes""#,                                "retry_unproven_entry"),
    ];
    for (more, field) in wrong {
        check(&entry(more), "invalid_alert", field);
    }
}

#[test]
fn an_error_of_a_take_profit_or_a_stop_names_its_field() {
    #[rustfmt::skip]
    let beside = [
        (r#""take_profit": {"basis": "middle", "steps": []}"#,          "take_profit.basis"),
        (r#""take_profit": {"basis": "base", "steps": []}"#,            "take_profit.steps"),
        (r#""take_profit": {"mode": "each", "steps": []}"#,             "take_profit.mode"),
        (r#""take_profit": {"all_profit_percent": 5, "steps": [{}]}"#,  "take_profit.all_profit_percent"),
        (r#""take_profit": {"mode": "hybrid", "steps": [{"profit_percent": 1, "amount_percent": 100}]}"#, "take_profit.all_profit_percent"),
        (r#""take_profit": {"mode": "per_leg", "steps": [{"profit_percent": 1, "amount_percent": 99}]}"#, "take_profit.steps"),
        (r#""take_profit": {"mode": "per_leg", "basis": "base", "steps": [{"profit_percent": 1, "amount_percent": 100}]}"#, "take_profit.basis"),
        (r#""stop_loss_basis": "average""#,                             "stop_loss_percent"),
        (r#""break_even_after_step": 1"#,                               "stop_loss_percent"),
        (r#""stop_loss_percent": 5, "break_even_after_step": 1"#,       "break_even_after_step"),
        (r#""time_limit_minutes": 0"#,                                  "time_limit_minutes"),
        (r#""time_limit_minutes": 525601"#,                             "time_limit_minutes"),
        (r#""stop_loss_percent": 5, "stop_loss_basis": "top""#,         "stop_loss_basis"),
        (r#""take_profit": {}"#,                                        "take_profit.steps"),
        (r#""take_profit": {"steps": [1]}"#,                            "take_profit.steps"),
        (r#""take_profit": {"steps": [{}, {}]}"#,                       "take_profit.steps[0].profit_percent"),
        (r#""take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 50}]}"#, "take_profit.steps"),
        (r#""take_profit": {"steps": [{"amount_percent": 100}]}"#,      "take_profit.steps[0].profit_percent"),
    ];
    for (more, field) in beside {
        check(&entry(more), "invalid_alert", field);
    }
}

#[test]
fn an_alert_says_whether_it_may_be_added_to_sold_in_parts_and_turned_around() {
    let plain = parse(&entry("")).unwrap();
    assert_eq!((plain.plan.pyramids, plain.flags), (None, Flags::default()));
    let alert = parse(&entry(
        r#""reverse": true, "partial_exit": "true",
           "pyramids": {"max": 3, "distance_percent": "1.5", "size_factor": 2, "direction": "adverse", "close": "alone"}"#,
    ));
    let alert = alert.unwrap();
    assert_eq!(alert.flags, Flags { reverse: true, partial_exit: true });
    let (distance, size_factor) = (percent("1.5"), "2".parse().unwrap());
    let pyramids = Pyramiding { max: 3, distance, direction: Approach::Adverse, size_factor, close: Closing::Alone };
    assert_eq!(alert.plan.pyramids, Some(pyramids));
    let short = parse(&entry(r#""pyramids": {"max": 10, "distance_percent": 0, "close": "together"}"#)).unwrap();
    let told =
        short.plan.pyramids.map(|pyramids| (pyramids.direction, pyramids.size_factor.to_string(), pyramids.close));
    assert_eq!(told, Some((Approach::Favourable, "1".to_owned(), Closing::Together)));
}

#[test]
fn an_error_of_pyramids_or_a_flag_names_its_field() {
    #[rustfmt::skip]
    let table = [
        (r#""pyramids": true"#,                                                                   "pyramids"),
        (r#""pyramids": {"distance_percent": 1, "close": "alone"}"#,                              "pyramids.max"),
        (r#""pyramids": {"max": 11, "distance_percent": 1, "close": "alone"}"#,                   "pyramids.max"),
        (r#""pyramids": {"max": 0, "distance_percent": 1, "close": "alone"}"#,                    "pyramids.max"),
        (r#""pyramids": {"max": 1, "close": "alone"}"#,                                           "pyramids.distance_percent"),
        (r#""pyramids": {"max": 1, "distance_percent": 100, "close": "alone"}"#,                  "pyramids.distance_percent"),
        (r#""pyramids": {"max": 1, "distance_percent": 1}"#,                                      "pyramids.close"),
        (r#""pyramids": {"max": 1, "distance_percent": 1, "close": "apart"}"#,                    "pyramids.close"),
        (r#""pyramids": {"max": 1, "distance_percent": 1, "close": "alone", "direction": "up"}"#, "pyramids.direction"),
        (r#""pyramids": {"max": 1, "distance_percent": 1, "close": "alone", "size_factor": 0}"#,  "pyramids.size_factor"),
        (r#""pyramids": {"max": 1, "distance_percent": 1, "close": "alone", "factor": 2}"#,       "pyramids.factor"),
        (r#""reverse": "yes""#,                                                                   "reverse"),
        (r#""partial_exit": 1"#,                                                                  "partial_exit"),
    ];
    for (more, field) in table {
        check(&entry(more), "invalid_alert", field);
    }
}

#[test]
fn a_misspelt_member_of_the_trade_is_named_and_not_passed_over() {
    let whole = r#"{"profit_percent": 1, "amount_percent": 100}"#;
    let profit = |more: &str, step: &str| format!(r#""take_profit": {{"steps": [{step}]{more}}}"#);
    #[rustfmt::skip]
    let table = [
        (profit(r#", "trailling_percent": 1"#, whole),                                  "take_profit.trailling_percent"),
        (profit("", r#"{"profit_percent": 1, "amount_percent": 100, "fee": 1}"#),       "take_profit.steps[0].fee"),
        (r#""base_order": {"quote": 1, "quot": 2}"#.to_owned(),                         "base_order.quot"),
        (r#""safety_orders": {"count": 1, "quote": 9, "deviation_percent": 1, "volume_scal": 2}"#.to_owned(), "safety_orders.volume_scal"),
        (r#""take_profit.steps": 1"#.to_owned(),                                        "take_profit.steps"),
        (r#""Stop_Loss_Percent": 5"#.to_owned(),                                        "Stop_Loss_Percent"),
        (r#""base_ordr": {"quote": 10}"#.to_owned(),                                    "base_ordr"),
        (r#""saftey_orders": {"count": 1}"#.to_owned(),                                 "saftey_orders"),
        (r#""levrage": 2"#.to_owned(),                                                  "levrage"),
        (r#""Preset": "small""#.to_owned(),                                             "Preset"),
        (r#""totl": {"quote": 10}"#.to_owned(),                                         "totl"),
        (r#""max_lag_second": 10"#.to_owned(),                                          "max_lag_second"),
    ];
    for (more, field) in table {
        check(&entry(&more), "invalid_alert", field);
    }
    let beside = [
        "stop_loss",
        "stop_loss_percnt",
        "take_profits",
        "safety_order",
        "base_order_quote",
        "time_limit",
        "minimum_profit",
        "cooldown",
        "open_groups",
        "pyramid",
        "retry_unproven",
        "break_even",
    ];
    for name in beside {
        check(&entry(&format!(r#""{name}": null"#)), "invalid_alert", name);
    }
    for known in [r#""account": "a""#, r#""preset": "a""#, r#""timestamp": "2026-01-31T12:00:01Z""#] {
        assert!(parse(&entry(known)).is_ok(), "{known}");
    }
    let told = parse(&entry(r#""stop_loss_percnt": 5"#)).unwrap_err().detail;
    assert!(told.contains("stop_loss_percent, ") && told.contains("pyramids, "), "{told}");
}

#[test]
fn what_is_the_senders_own_is_let_be_and_no_spelling_holds_up_an_exit() {
    let own = r#""note": {"stop_loss": 5}, "stoploss": 1, "my_take_profit": [1], "ema.fast": 9"#;
    assert_eq!(parse(&entry(own)).unwrap().plan, parse(&entry("")).unwrap().plan);
    assert!(parse(&entry_with_tv(r#""take_profit": 3"#)).is_ok());
    let exit = entry(r#""stop_loss_percnt": 5, "base_order": {"quote": 1, "quot": 2}"#);
    let exit = exit.replace(r#""strategy""#, r#""type": "exit", "strategy""#);
    assert_eq!(wish(&parse(&exit).unwrap()), Ok(Wish::Exit));
}

#[test]
fn what_an_alert_brings_itself_is_told_from_its_presets() {
    assert_eq!(parse(&entry("")).unwrap().own, PlanParts::default());
    let own = parse(&entry(r#""base_order": {"quote": "40"}, "stop_loss_percent": "8""#)).unwrap().own;
    let stop_loss = Some(StopLoss::fixed(percent("8"), Basis::Base));
    let (size, kind) = (Some(AskedSize::Of(Size::Quote("40".parse().unwrap()))), Some(OrderKind::Market));
    assert_eq!(own, PlanParts { size, kind, stop_loss, ..PlanParts::default() });
    let line = parse("buy PAPER:BTCUSDT").unwrap().own;
    assert_eq!(line, PlanParts::default());
}

#[test]
fn an_error_names_its_field() {
    #[rustfmt::skip]
    let beside = [
        (r#""preset": "Aggressive!""#,                                  "preset"),
        (r#""max_lag_seconds": 0"#,                                     "max_lag_seconds"),
        (r#""max_lag_seconds": 3601"#,                                  "max_lag_seconds"),
        (r#""max_lag_seconds": "soon""#,                                "max_lag_seconds"),
        (r#""max_lag_seconds": 1e99"#,                                  "max_lag_seconds"),
        (r#""sent_at": "yesterday""#,                                   "sent_at"),
        (r#""id": "a", "id": "b""#,                                     "id"),
        (r#""account": true"#,                                          "account"),
        (r#""stop_loss_percent": 100"#,                                 "stop_loss_percent"),
        (r#""stop_loss_percent": 0"#,                                   "stop_loss_percent"),
        (r#""stop_loss_percent": -1"#,                                  "stop_loss_percent"),
        (r#""base_order": {}"#,                                         "base_order.quote"),
        (r#""base_order": 100"#,                                        "base_order"),
        (r#""base_order": {"quote": 0}"#,                               "base_order.quote"),
        (r#""base_order": {"quote": 1e30}"#,                            "base_order.quote"),
        (r#""base_order": {"quote": 1, "quantity": 1}"#,                "base_order.quantity"),
        (r#""base_order": {"quantity": "-1"}"#,                         "base_order.quantity"),
        (r#""base_order": {"quote": 1, "type": "stop"}"#,               "base_order.type"),
        (r#""base_order": {"quote": 1, "type": "limit"}"#,              "base_order.limit_price"),
        (r#""base_order": {"quote": 1, "limit_price": 5}"#,             "base_order.limit_price"),
    ];
    for (more, field) in beside {
        check(&entry(more), "invalid_alert", field);
    }
    #[rustfmt::skip]
    let in_tv = [
        (r#""exchange": "KRAKEN""#,                                     "tv.exchange"),
        (r#""timeframe": "every hour""#,                                "tv.timeframe"),
        (r#""price": "cheap""#,                                         "tv.price"),
        (r#""action": "hold""#,                                         "tv.action"),
        (r#""market_position": "sideways""#,                            "tv.market_position"),
        (r#""market_position": "{{strategy.market_position}}""#,        "tv.market_position"),
        (r#""action": "sell""#,                                         "tv.action,execution_intent.side"),
    ];
    for (more, field) in in_tv {
        check(&entry_with_tv(more), "invalid_alert", field);
    }
}

#[test]
fn what_is_required_is_asked_for() {
    #[rustfmt::skip]
    let table = [
        ("{}",                                                          "tv.exchange"),
        (r#"{"tv": []}"#,                                               "tv"),
        (r#"{"tv": {"exchange": "{{exchange}}"}}"#,                     "tv.exchange"),
        (r#"{"tv": {"exchange": "BINANCE"}}"#,                          "tv.symbol"),
        (r#"{"tv": {"exchange": "BINANCE", "symbol": "NaN"}}"#,         "tv.symbol"),
        (r#"{"tv": {"exchange": "BINANCE", "symbol": "BTC"}}"#,         "tv.symbol"),
        (r#"{"tv": {"exchange": "BINANCE", "symbol": "BTCUSDT"}}"#,     "execution_intent.strategy"),
        ("[]",                                                          "body"),
        ("12",                                                          "body"),
    ];
    for (text, field) in table {
        check(text, "invalid_alert", field);
    }
    check(&entry("").replace("grid", "martingale"), "invalid_alert", "execution_intent.strategy");
    check(&entry("").replace("long", "{{strategy.market_position}}"), "invalid_alert", "execution_intent.side");
}

#[test]
fn an_alert_may_bring_a_ladder() {
    let orders =
        |more: &str| entry(&format!(r#""safety_orders": {{"count": 3, "quote": 20, "deviation_percent": 2{more}}}"#));
    let ladder =
        parse(&orders(r#", "step_scale": "1.5", "dialect": "compounding", "active": 9"#)).unwrap().plan.ladder.unwrap();
    let (deviation, scale) = ("2".parse().unwrap(), "1.5".parse().unwrap());
    let spacing = Spacing::Scaled { count: 3, deviation, scale, dialect: Dialect::Compounding };
    let sizes = AskedLegs::Scaled { first: Size::Quote("20".parse().unwrap()), scale: "1".parse().unwrap() };
    assert_eq!(ladder, AskedLadder { spacing, sizes, active: 3, at_market: false });
    #[rustfmt::skip]
    let wrong = [
        (r#""ladder": {"safety_orders": {}}"#,                                                      "ladder"),
        (r#""safety_orders": []"#,                                                                  "safety_orders"),
        (r#""safety_orders": {"quote": 20, "deviation_percent": 2}"#,                               "safety_orders.count"),
        (r#""safety_orders": {"count": 201, "quote": 20, "deviation_percent": 2}"#,                 "safety_orders.count"),
        (r#""safety_orders": {"count": 1.5, "quote": 20, "deviation_percent": 2}"#,                 "safety_orders.count"),
        (r#""safety_orders": {"count": 1, "deviation_percent": 2}"#,                                "safety_orders.quote"),
        (r#""safety_orders": {"count": 1, "quote": -20, "deviation_percent": 2}"#,                  "safety_orders.quote"),
        (r#""safety_orders": {"count": 1, "quote": 20, "deviation_percent": 0}"#,                 "safety_orders.deviation_percent"),
        (r#""safety_orders": {"count": 1, "quote": 20, "deviation_percent": 1, "step_scale": 0}"#,  "safety_orders.step_scale"),
        (r#""safety_orders": {"count": 1, "quote": 20, "deviation_percent": 1, "volume_scale": 101}"#, "safety_orders.volume_scale"),
        (r#""safety_orders": {"count": 1, "quote": 20, "deviation_percent": 1, "active": 21}"#,     "safety_orders.active"),
        (r#""safety_orders": {"count": 1, "quote": 20, "deviation_percent": 1, "dialect": "up"}"#,  "safety_orders.dialect"),
    ];
    for (more, field) in wrong {
        check(&entry(more), "invalid_alert", field);
    }
}

#[test]
fn an_alert_may_say_sizes_and_places_as_a_planned_ladder_has_them() {
    let own = |more: &str| parse(&entry(more)).unwrap().own;
    let base = |size: &str| own(&format!(r#""base_order": {{{size}}}"#)).size;
    assert_eq!(base(r#""balance_percent": "2.5""#), Some(AskedSize::Of(Size::Percent("2.5".parse().unwrap()))));
    let listed = own(
        r#""safety_orders": {"custom": [{"deviation_percent": "1.1", "quote": 10}, {"deviation_percent": 3, "quantity": "0.2"}], "at_market": true}"#,
    );
    let each = vec![Size::Quote("10".parse().unwrap()), Size::Base("0.2".parse().unwrap())];
    let spacing = Spacing::Custom(vec!["1.1".parse().unwrap(), "3".parse().unwrap()]);
    let ladder = AskedLadder { spacing, sizes: AskedLegs::Each(each), active: 2, at_market: true };
    assert_eq!(listed.ladder, Some(ladder));
    let total = own(
        r#""total": {"risk": "20", "weights": [1, "2"]}, "stop_loss_percent": 9, "base_order": {"type": "limit", "limit_price": 99},
           "safety_orders": {"count": 1, "deviation_percent": 2}"#,
    );
    let weights = vec!["1".parse().unwrap(), "2".parse().unwrap()];
    assert_eq!(total.size, Some(AskedSize::Shared { total: Total::Risk("20".parse().unwrap()), weights }));
    assert_eq!(total.kind, Some(OrderKind::Limit("99".parse().unwrap())));
    assert_eq!(total.ladder.unwrap().sizes, AskedLegs::Shared);
}

#[test]
fn what_contradicts_itself_among_sizes_is_named() {
    let orders = r#""safety_orders": {"count": 1, "deviation_percent": 2"#;
    let total = r#""total": {"quote": 100, "weights": [1, 1]}"#;
    let risk = r#""total": {"risk": 10, "weights": [1, 1]}"#;
    #[rustfmt::skip]
    let wrong = [
        (r#""base_order": {"quote": 1, "quantity": 1}"#.to_owned(),                          "base_order.quantity"),
        (r#""base_order": {"balance_percent": 101}"#.to_owned(),                             "base_order.balance_percent"),
        (r#""base_order": {"quantity": 1, "balance_percent": 1}"#.to_owned(),                "base_order.balance_percent"),
        (format!(r#"{total}, "base_order": {{"quote": 10}}"#),                               "base_order.quote"),
        (format!(r#"{total}, {orders}, "quote": 10}}"#),                                     "safety_orders.quote"),
        (format!(r#"{total}, {orders}, "volume_scale": 2}}"#),                               "safety_orders.volume_scale"),
        (r#""total": {"quote": 100, "risk": 1, "weights": [1]}"#.to_owned(),                 "total.risk"),
        (r#""total": {"weights": [1]}"#.to_owned(),                                          "total.quote"),
        (r#""total": {"quote": 100}"#.to_owned(),                                            "total.weights"),
        (format!(r#""total": {{"quote": 100, "weights": [1]}}, {orders}}}"#),                "total.weights"),
        (format!(r#"{risk}, {orders}}}, "stop_loss_percent": 5, "stop_loss_basis": "average""#), "stop_loss_basis"),
        (r#""safety_orders": {"custom": [], "count": 2}"#.to_owned(),                        "safety_orders.count"),
        (r#""safety_orders": {"custom": [{"deviation_percent": 2, "quote": 9}, {"deviation_percent": 2, "quote": 9}]}"#.to_owned(), "safety_orders.custom[1].deviation_percent"),
        (r#""safety_orders": {"custom": [{"deviation_percent": 2, "quote": 0}]}"#.to_owned(), "safety_orders.custom[0].quote"),
        (r#""safety_orders": {"custom": [{"deviation_percent": 2, "quoted": 1, "quote": 9}]}"#.to_owned(), "safety_orders.custom[0].quoted"),
        (format!(r#"{orders}, "quote": 10, "at_market": 1}}"#),                              "safety_orders.at_market"),
    ];
    for (more, field) in &wrong {
        check(&entry(more), "invalid_alert", field);
    }
    let over = |more: &str| open(entry(more).as_bytes()).over(None).unwrap_err().fields.join(",");
    assert_eq!(over(&format!("{risk}, {orders}}}")), "stop_loss_percent", "the built-in stop makes way for a ladder");
    assert_eq!(over(&format!("{orders}}}")), "safety_orders.quote", "no preset says a total");
    assert_eq!(over(r#""base_order": {"type": "market"}"#), "base_order.quote");
}

#[test]
fn what_is_not_json_is_said_to_be_so() {
    for text in ["", "buy BTC", "{", r#"{"price": Infinity}"#, r#"{"a": "\ud800"}"#, "{} {}", &"[".repeat(5_000)] {
        check(text, "invalid_json", "");
    }
    let deep = format!("{}{}", "[".repeat(25), "]".repeat(25));
    check(&deep, "invalid_json", "");
    assert!(parse(&deep).unwrap_err().detail.contains("24 levels"));
}

#[test]
fn an_exit_needs_no_strategy() {
    let exit = r#"{"tv": {"exchange": "PAPER", "symbol": "BTC/USDT"}, "execution_intent": {"type": "EXIT"}}"#;
    let alert = parse(exit).unwrap();
    assert_eq!((alert.intent, alert.side), (Some(IntentType::Exit), None));
    let flat = exit.replace(r#""type": "EXIT""#, r#""side": "flat""#);
    assert_eq!(parse(&flat).unwrap().side, Some(Stance::Flat));
}

#[test]
fn the_secret_is_cut_out_wherever_it_stands() {
    let opened =
        open(br#"{ "secret" : "s3cr3t", "tv": {"Secret": "s3cr3t", "price": 1.10}, "x": [{"s\u0065cret": 1}] }"#);
    assert_eq!(opened.secret, Some(Secret::new("s3cr3t")));
    assert_eq!(opened.body, r#"{"tv":{"price":1.10},"x":[{}]}"#);
    assert_eq!(format!("{opened:?}").find("s3cr3t"), None);
    for holder in ["tv", "execution_intent"] {
        let opened = open(format!(r#"{{"{holder}": {{"secret": "s3cr3t"}}}}"#).as_bytes());
        assert_eq!(opened.secret, Some(Secret::new("s3cr3t")));
        assert_eq!(opened.body, format!(r#"{{"{holder}":{{}}}}"#));
    }
    assert_eq!(open(br#"{"other": {"secret": "s3cr3t"}}"#).secret, None);
}

#[test]
fn a_broken_body_is_kept_only_when_it_can_hold_no_secret() {
    assert_eq!(open(br#"{"price": Infinity}"#).body, r#"{"price": Infinity}"#);
    for body in
        [r#"{"SECRET": "s3cr3t""#, r#"{"s\u0065cret": "s3cr3t""#, r#"{"email_token": "s3cr3t""#, "api_key: s3cr3t"]
    {
        assert!(!open(body.as_bytes()).body.contains("s3cr3t"));
    }
    let told = open(b"code s3cr3t in the text").without(&Secret::new("s3cr3t"));
    assert_eq!(told.body, "code [cut] in the text");
    let other = open(br#"{"bot_id": 7, "email_token": "s3cr3t", "auth": {"Passphrase": "s3cr3t"}}"#);
    assert_eq!((other.body.as_str(), other.secret), (r#"{"bot_id":7,"auth":{}}"#, None), "another tool's is not ours");
}

#[test]
fn spaces_and_the_secret_do_not_make_another_alert() {
    let plain = open(entry("").as_bytes()).body;
    let spaced = open(entry(r#""secret": "a""#).replace(' ', "\n ").as_bytes()).body;
    assert_eq!(plain, spaced);
    assert_eq!(open(plain.as_bytes()).body, plain);
}

/// JSON that looks much like an alert and is seldom one.
fn nearly() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "tv",
        "exchange",
        "symbol",
        "secret",
        "id",
        "price",
        "sent_at",
        "execution_intent",
        "side",
        "strategy",
        "type",
        "take_profit",
        "steps",
        "base_order",
        "quote",
        "max_lag_seconds",
        "stop_loss_percent",
        "é",
        "",
    ]);
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?[0-9]{1,40}".prop_map(|digits| digits.trim_start_matches("-0").to_owned()),
        "[1-9]\\.[0-9]{1,40}",
        "[1-9](\\.[0-9]{1,9})?[eE][-+]?[0-9]{1,12}",
        "[1-9]{1,40}[eE]-?[0-9]{1,3}".prop_map(|number| format!("\"{number}\"")),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        prop::sample::select(vec!["long", "grid", "BTCUSDT", "NaN", "exit", "{{x}}", "2026-01-31T12:00:00Z"])
            .prop_map(|word| format!("\"{word}\"")),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        let member = (name.clone(), inner.clone()).prop_map(|(name, value)| format!("\"{name}\":{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        drop(open(&bytes).alert());
    }

    #[test]
    fn no_json_makes_it_panic_and_its_body_is_stable(text in nearly()) {
        let opened = open(text.as_bytes());
        drop(opened.alert());
        let again = open(opened.body.as_bytes());
        prop_assert_eq!(&again.body, &opened.body);
        prop_assert_eq!(&again.secret, &None);
        // Where a body that is not JSON was covered, it breaks at another column.
        let meant = |opened: &Opened| opened.alert().map_err(|wrong| (wrong.code, wrong.fields));
        prop_assert_eq!(meant(&again), meant(&opened));
    }

    #[test]
    fn no_member_of_an_alert_makes_it_panic(value in nearly(), name in "[a-z_]{1,20}") {
        drop(parse(&entry(&format!("\"{name}\": {value}"))));
        for known in ["price", "market_position_size", "timeframe", "sent_at"] {
            drop(parse(&entry_with_tv(&format!("\"{known}\": {value}"))));
        }
        for known in ["pyramids", "reverse", "base_order", "take_profit", "stop_loss_percent", "max_lag_seconds", "timestamp", "id"] {
            drop(parse(&entry(&format!("\"{known}\": {value}"))));
        }
    }
}
