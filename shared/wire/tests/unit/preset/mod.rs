mod exits;
mod threecommas;

use domain::clock::Millis;
use domain::ladder::Size;
use domain::limits::PRESET_BYTES_MAX;
use domain::preset::Preset;
use domain::preset::{AskedPlan, AskedSize, PresetRef};
use domain::profit::{Basis, StopLoss, TakeProfit};
use proptest::prelude::*;
use wire::alert::{Base, open};
use wire::preset::*;

const GRID: &str = r#"{"take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 50},
                                                 {"profit_percent": 2, "amount_percent": 50}]},
    "base_order": {"quote": 250}, "stop_loss_percent": 8, "reverse": false, "time_limit_minutes": null}"#;

fn document(text: &str) -> Document {
    Document::parse(text).unwrap()
}

fn base(text: &str) -> Base {
    Base { at: PresetRef { name: "grid".parse().unwrap(), version: 3 }, document: document(text) }
}

fn entry(more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(
        r#"{{"tv": {{"exchange": "PAPER", "symbol": "BTCUSDT"}},
            "execution_intent": {{"strategy": "grid", "side": "long"}}{comma} {more}}}"#
    )
}

pub(super) fn plan_of(document: &Document) -> AskedPlan {
    document.preset().unwrap().plan
}

/// The plan of an alert over a preset.
fn plan(preset: &str, alert: &str) -> AskedPlan {
    open(alert.as_bytes()).over(Some(&base(preset))).unwrap().plan
}

fn built_in() -> AskedPlan {
    Preset::built_in().unwrap().plan
}

#[test]
fn the_built_in_preset_has_a_document() {
    assert_eq!(document(BUILT_IN).preset(), Ok(Preset::built_in().unwrap()));
    assert_eq!(document(BUILT_IN).text(), BUILT_IN);
    assert_eq!(document("{}").preset(), Ok(Preset::built_in().unwrap()));
}

#[test]
fn every_preset_of_the_guide_is_good() {
    let guide = include_str!("../../../../../docs/guides/presets.md");
    let presets: Vec<_> = guide.split("\n```").filter_map(|part| part.strip_prefix("json preset\n")).collect();
    assert!(presets.len() > 1, "the guide has no presets");
    presets.into_iter().for_each(|preset| drop(document(preset)));
    let exits = guide.split("\n```").filter_map(|part| part.strip_prefix("json exits\n"));
    exits.for_each(|text| drop(wire::preset::exits::Exits::parse(text).unwrap()));
}

#[test]
fn a_document_has_one_written_form() {
    let text = document(GRID).text();
    let form = r#"{"base_order":{"quote":250},"reverse":false,"stop_loss_percent":8,"take_profit":{"steps":[{"amount_percent":50,"profit_percent":1},{"amount_percent":50,"profit_percent":2}]}}"#;
    assert_eq!(text, form);
    assert_eq!(document(&text), document(GRID));
}

#[test]
fn what_is_wrong_or_not_known_is_named() {
    let check = |text: &str, field: &str| {
        let wrong = Document::parse(text).unwrap_err();
        assert_eq!(wrong.fields, [field], "{text}: {wrong}");
        assert!(wrong.detail.starts_with(field), "{wrong}");
    };
    #[rustfmt::skip]
    let table = [
        (r#"{"base_ordr": {"quote": 1}}"#,                                      "base_ordr"),
        (r#"{"base_order": {"quote": 1, "sise": 2}}"#,                          "base_order.sise"),
        (r#"{"take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 100, "fee": 1}]}}"#, "take_profit.steps[0].fee"),
        (r#"{"take_profit.steps": 1}"#,                                         "take_profit.steps"),
        (r#"{"tv": {"exchange": "PAPER"}}"#,                                    "tv"),
        (r#"{"preset": "default"}"#,                                            "preset"),
        (r#"{"safety_orders": {"count": 3, "quote": 20}}"#,                     "safety_orders.deviation_percent"),
        (r#"{"ladder": {}}"#,                                                   "ladder"),
        (r#"{"stop_loss_percent": 0}"#,                                         "stop_loss_percent"),
        (r#"{"stop_loss_percent": 5, "break_even_after_step": 1}"#,             "break_even_after_step"),
        (r#"{"reverse": "yes"}"#,                                               "reverse"),
        (r#"{"base_order": {"quote": 1}, "base_order": {"quote": 2}}"#,         "base_order"),
        ("[]",                                                                  "body"),
    ];
    for (text, field) in table {
        check(text, field);
    }
    let told = Document::parse(r#"{"base_ordr": 1}"#).unwrap_err().detail;
    assert!(told.contains("base_order, ") && !told.contains("ladder"), "{told}");
    assert_eq!(Document::parse("{").unwrap_err().code, "invalid_json");
    let long = format!(r#"{{"base_order": {{"quote": "{}1"}}}}"#, "0".repeat(PRESET_BYTES_MAX));
    assert!(Document::parse(&long).is_err());
}

#[test]
fn a_name_comes_with_its_document() {
    let (name, read) = named(&format!(r#"{{"name": "btc-grid", "preset": {GRID}}}"#)).unwrap();
    assert_eq!((name.as_str(), read), ("btc-grid", document(GRID)));
    let field = |text: &str| named(text).unwrap_err().fields.join(",");
    assert_eq!(field(r#"{"preset": {}}"#), "name");
    assert_eq!(field(r#"{"name": "A b", "preset": {}}"#), "name");
    assert_eq!(field(r#"{"name": "a"}"#), "preset");
    assert_eq!(field(r#"{"name": "a", "preset": {"base_order": {"quote": 0}}}"#), "preset.base_order.quote");
    assert_eq!(field(r#"{"name": "a", "preset": {"bas_order": {}}}"#), "preset.bas_order");
    assert_eq!(field(r#"{"name": "a", "preset": {}, "more": 1}"#), "more");
}

#[test]
fn an_alert_stands_over_its_preset_and_the_preset_over_the_built_in_one() {
    let grid = plan(GRID, &entry(""));
    assert_eq!((grid.size, grid.take_profit.steps()), (AskedSize::Of(Size::Quote("250".parse().unwrap())), 2));
    assert_eq!(grid.stop_loss, Some(StopLoss::fixed("8".parse().unwrap(), Basis::Base)));
    assert_eq!((grid.kind, grid.ladder, grid.time_limit), (built_in().kind, None, None));

    let own = plan(GRID, &entry(r#""base_order": {"quantity": "0.5"}, "time_limit_minutes": 90, "take_profit": null"#));
    assert_eq!((own.size, own.take_profit), (AskedSize::Of(Size::Base("0.5".parse().unwrap())), grid.take_profit));
    assert_eq!((own.stop_loss, own.time_limit), (grid.stop_loss, Some(Millis::seconds(5_400))));
    assert_eq!(plan("{}", &entry("")), built_in());
}

#[test]
fn only_the_built_in_stop_makes_way_for_a_ladder() {
    let ladder = r#""safety_orders": {"count": 3, "quote": 20, "deviation_percent": 2}"#;
    assert_eq!(plan("{}", &entry(ladder)).stop_loss, None);
    assert_eq!(plan(&format!("{{{ladder}}}"), &entry("")).stop_loss, None);
    assert!(plan(GRID, &entry(ladder)).stop_loss.is_some(), "what a preset says of its stop stays said");
}

#[test]
fn what_follows_from_both_is_judged_over_both() {
    let alert = entry(r#""break_even_after_step": 1"#);
    let opened = open(alert.as_bytes());
    assert!(opened.alert().is_ok(), "the stop and the steps may be the preset's");
    assert_eq!(plan(GRID, &alert).stop_loss.unwrap().break_even_after, Some(1));
    assert_eq!(opened.over(None).unwrap_err().fields, ["stop_loss_percent"]);
    assert_eq!(opened.over(Some(&base("{}"))).unwrap_err().fields, ["stop_loss_percent"]);
}

#[test]
fn an_alert_names_its_preset_and_is_told_where_there_is_none() {
    let opened = |named: &str| open(entry(named).as_bytes());
    assert_eq!(opened("").preset().unwrap().as_str(), "default");
    assert_eq!(opened(r#""preset": "grid""#).preset().unwrap().as_str(), "grid");
    assert_eq!(opened(r#""preset": "a grid""#).alert().unwrap_err().fields, ["preset"]);
    assert_eq!(opened(r#""preset": "default""#).over(None).unwrap().plan, built_in());
    let wrong = opened(r#""preset": "grid""#).over(None).unwrap_err();
    assert_eq!((wrong.code, wrong.fields), ("unknown_preset", vec!["preset".to_owned()]));
    let alert = opened(r#""preset": "grid""#).over(Some(&base(GRID))).unwrap();
    assert_eq!(alert.preset, Some(base(GRID).at));
}

#[test]
fn alerts_of_other_tools_stand_over_the_preset_that_is_meant_by_none() {
    for text in ["buy PAPER:BTCUSDT", "EXCHANGE=PAPER\nSYMBOL=BTCUSDT\nSIGNAL=BUY\nVOLUME=0.5"] {
        let opened = open(text.as_bytes());
        assert_eq!(opened.preset().unwrap().as_str(), "default");
        let alert = opened.over(Some(&base(GRID))).unwrap();
        assert_eq!(alert.plan.take_profit.steps(), 2, "{text}");
        assert_eq!(alert.preset, Some(base(GRID).at));
    }
    let octobot = plan(GRID, "EXCHANGE=PAPER\nSYMBOL=BTCUSDT\nSIGNAL=BUY\nVOLUME=0.5");
    assert_eq!(octobot.size, AskedSize::Of(Size::Base("0.5".parse().unwrap())));
    assert!(matches!(octobot.take_profit, TakeProfit::Aggregate { .. }));
}

proptest! {
    /// Whatever is kept can be used.
    #[test]
    fn what_was_found_good_is_read_again(text in any::<String>(), percent in 0..200, quote in -5..500) {
        let _no_panic = Document::parse(&text);
        let text = format!(r#"{{"stop_loss_percent": {percent}, "base_order": {{"quote": {quote}}}}}"#);
        if let Ok(document) = Document::parse(&text) {
            prop_assert_eq!(Document::parse(&document.text()).unwrap().preset(), document.preset());
        }
    }
}
