use domain::preset::TradePlan;
use wire::preset::Document;
use wire::preset::exits::*;

fn plan(preset: &str) -> TradePlan {
    let asked = Document::parse(preset).unwrap().preset().unwrap().plan;
    let market =
        serde_json::from_str::<wire::stored::Market>(include_str!("../../../../../events/stored/market.v1.json"));
    asked
        .resolve(&market.unwrap().into(), domain::alert::Side::Long, "100".parse().unwrap(), "1000".parse().unwrap())
        .unwrap()
}

fn steps(count: u32) -> String {
    let share = 100 / count;
    let step = |n| format!(r#"{{"profit_percent": {n}, "amount_percent": {share}}}"#);
    format!(r#""take_profit": {{"steps": [{}]}}"#, (1..=count).map(step).collect::<Vec<_>>().join(","))
}

/// The plan of `after` is what the exits make of the plan of `before`.
fn check(before: &str, exits: &str, after: &str) {
    let (before, after) = (plan(&format!("{{{before}}}")), plan(&format!("{{{after}}}")));
    assert_eq!(Exits::parse(&format!("{{{exits}}}")).unwrap().over(&before), Ok(after), "{exits}");
}

#[test]
fn what_is_not_named_stays_as_it_is() {
    let two = steps(2);
    check("", r#""stop_loss_percent": 7"#, r#""stop_loss_percent": 7"#);
    check(&two, r#""time_limit_minutes": 90"#, &format!(r#"{two}, "time_limit_minutes": 90"#));
    check(r#""stop_loss_percent": 7"#, &two, &format!(r#"{two}, "stop_loss_percent": 7"#));
    let beside = r#""stop_loss_percent": 7, "stop_loss_basis": "average""#;
    check(beside, r#""stop_loss_percent": 3"#, r#""stop_loss_percent": 3, "stop_loss_basis": "average""#);
    let even = format!(r#"{two}, "stop_loss_percent": 7, "break_even_after_step": 1"#);
    check(&format!(r#"{two}, "stop_loss_percent": 7"#), r#""break_even_after_step": 1"#, &even);
    check(&even, r#""break_even_after_step": null"#, &format!(r#"{two}, "stop_loss_percent": 7"#));
    let polled = r#""stop_loss_percent": 7, "stop_loss_at_venue": false"#;
    check(polled, r#""stop_loss_percent": 3"#, r#""stop_loss_percent": 3, "stop_loss_at_venue": false"#);
    check(polled, r#""stop_loss_at_venue": true"#, r#""stop_loss_percent": 7"#);
    let ladder = r#""safety_orders": {"count": 3, "quote": 20, "deviation_percent": 2}"#;
    check(ladder, &two, &format!("{ladder}, {two}"));
    let hybrid = r#""take_profit": {"mode": "hybrid", "all_profit_percent": 3, "steps": [{"profit_percent": 1, "amount_percent": 100}]}"#;
    check(hybrid, r#""stop_loss_percent": 7"#, &format!(r#"{hybrid}, "stop_loss_percent": 7"#));
}

#[test]
fn null_takes_a_stop_or_a_time_limit_off() {
    let before = plan(r#"{"stop_loss_percent": 7, "stop_loss_basis": "average", "time_limit_minutes": 90}"#);
    let exits = Exits::parse(r#"{"stop_loss_percent": null, "time_limit_minutes": null, "reason": "holiday"}"#);
    let exits = exits.unwrap();
    let after = exits.over(&before).unwrap();
    assert_eq!((after.stop_loss, after.time_limit, exits.reason.as_deref()), (None, None, Some("holiday")));
    let kept = Exits::parse(&format!("{{{}}}", steps(2))).unwrap().over(&after).unwrap();
    assert_eq!(kept.stop_loss, None, "what was taken off stays off");
    assert_eq!(exits.text(), r#"{"stop_loss_percent":null,"time_limit_minutes":null}"#);
}

#[test]
fn a_change_is_told_in_words() {
    let words = |exits: &str| Exits::parse(exits).unwrap().words().to_owned();
    let of_stop = r#"{"stop_loss_percent": 2, "stop_loss_basis": "average", "stop_loss_delay_seconds": "30",
                      "break_even_after_step": null, "stop_loss_at_venue": false, "time_limit_minutes": null,
                      "minimum_profit_percent": 0.3, "reason": "it runs"}"#;
    let expected = "stop loss 2 %; stop loss basis average; stop loss delay 30 s; no break even after step; \
                    stop loss at venue false; no time limit; minimum profit 0.3 %";
    assert_eq!(words(of_stop), expected);
    let two = steps(2).replace("]}", r#"], "trailing_percent": 0.8}"#);
    let expected = "take-profit aggregate, basis average: 50 % at 1 %, 50 % at 2 %, trailing 0.8 %";
    assert_eq!(words(&format!("{{{two}}}")), expected);
}

#[test]
fn what_is_wrong_is_named() {
    let alone = |exits: &str| Exits::parse(exits).unwrap_err().fields.join(",");
    assert_eq!(alone("{}"), "body");
    assert_eq!(alone(r#"{"reason": "x"}"#), "body");
    assert_eq!(alone(r#"{"take_profit": null}"#), "take_profit");
    assert_eq!(alone(r#"{"take_profit": {"steps": []}}"#), "take_profit.steps");
    assert_eq!(
        alone(r#"{"take_profit": {"stepps": 1, "steps": [{"profit_percent": 1, "amount_percent": 100}]}}"#),
        "take_profit.stepps"
    );
    assert_eq!(alone(r#"{"base_order": {"quote": 1}}"#), "base_order");
    assert_eq!(alone(r#"{"time_limit_minutes": 0}"#), "time_limit_minutes");
    for word in ["", "NaN", "{{plot_0}}"] {
        for member in ["stop_loss_percent", "time_limit_minutes", "minimum_profit_percent", "take_profit", "reason"] {
            assert_eq!(alone(&format!(r#"{{"stop_loss_at_venue": true, "{member}": "{word}"}}"#)), member, "{word}");
        }
    }
    let over =
        |before: &str, exits: &str| Exits::parse(exits).unwrap().over(&plan(before)).unwrap_err().fields.join(",");
    assert_eq!(over("{}", r#"{"break_even_after_step": 1}"#), "break_even_after_step");
    let even = format!(r#"{{{}, "stop_loss_percent": 7, "break_even_after_step": 1}}"#, steps(2));
    assert_eq!(over(&even, &format!("{{{}}}", steps(1))), "break_even_after_step");
}
