use domain::market::FilterFailure;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use wire::ladder::*;
use wire::preset::Document;
use wire::view::LadderCheck;

/// What `tests/golden/ladder/reference.py` has reckoned.
fn golden() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/ladder");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let json = files.filter(|file| file.extension().is_some_and(|kind| kind == "json"));
    json.flat_map(|file| serde_json::from_str::<Vec<Value>>(&fs::read_to_string(file).unwrap()).unwrap()).collect()
}

fn worked_example() -> Value {
    let cases = include_str!("../../../../tests/golden/ladder/worked-example.json");
    serde_json::from_str::<Value>(cases).unwrap()[0].take()
}

fn planned(asked: &Value) -> Value {
    serde_json::to_value(plan(asked.to_string().as_bytes()).unwrap()).unwrap()
}

#[test]
fn every_golden_ladder_is_planned_to_the_last_digit() {
    let cases = golden();
    assert!(cases.len() >= 120, "{} golden ladders", cases.len());
    for case in cases {
        let name = &case["name"];
        let (answer, expected) = (planned(&case["request"]), &case["answer"]);
        for (key, value) in expected.as_object().unwrap() {
            let rows = value.as_array().zip(answer[key].as_array());
            for (expected, row) in rows.into_iter().flat_map(|(a, b)| a.iter().zip(b)) {
                assert_eq!(row, expected, "{name}: {key}");
            }
        }
        assert_eq!(answer, *expected, "{name}");
    }
}

#[test]
fn an_answer_reads_back_as_it_was() {
    for case in golden() {
        let read: Ladder = serde_json::from_value(case["answer"].clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), case["answer"], "{}", case["name"]);
    }
}

/// The example with one member changed, or taken out where `value` is none.
fn with(path: &str, value: Option<Value>) -> Value {
    let mut asked = worked_example()["request"].take();
    let (object, name) = path.rsplit_once('/').unwrap();
    let object = asked.pointer_mut(object).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => drop(object.insert(name.to_owned(), value)),
        None => drop(object.remove(name).unwrap()),
    }
    asked
}

#[test]
fn what_may_be_left_out_may_be_left_out() {
    for path in ["/stop_loss_percent", "/safety_orders/active", "/safety_orders/dialect"] {
        assert!(plan(with(path, None).to_string().as_bytes()).is_ok(), "{path}");
    }
    let unscaled = planned(&with("/safety_orders/step_scale", None));
    assert_eq!(unscaled["deviation_percent_max"], "10", "a scale that is left out is 1");
}

/// Base order 0.1 at 100, then 0.20408 at 98.
#[test]
fn an_order_that_is_larger_than_one_may_be_is_shown_with_the_most() {
    let first = |name: &str, most: &str, at_market: bool| {
        let mut asked = with("/safety_orders/at_market", Some(json!(at_market)));
        asked["market"][name] = json!(most);
        let failure = planned(&asked)["first_failure"].clone();
        (failure["level"].clone(), failure["check"].clone(), failure["least"].clone())
    };
    let failed = |level: usize, check: &str, most: &str| (json!(level), json!(check), json!(most));
    assert_eq!(first("quantity_max", "0.2", false), failed(1, "above_quantity_max", "0.2"));
    assert_eq!(first("quantity_max", "0.09", false), failed(0, "above_quantity_max", "0.09"));
    assert_eq!(first("market_quantity_max", "0.2", true), failed(1, "above_quantity_max", "0.2"));
    assert_eq!(first("market_quantity_max", "0.1", false), (Value::Null, Value::Null, Value::Null));
    assert_eq!(first("notional_max", "15", false), failed(1, "above_notional_max", "15"));
}

#[test]
fn numbers_may_stand_without_quotes_and_lose_no_digit() {
    let asked = with("/entry_price", None).to_string();
    let asked = asked.replacen('{', r#"{"entry_price": 1.000000000001e2, "#, 1);
    let answer = plan(asked.as_bytes()).unwrap();
    assert_eq!(answer.base_price, "100.1000000001001");
}

#[track_caller]
fn check(path: &str, value: impl Into<Option<Value>>, field: &str, allowed: &str) {
    let refused = plan(with(path, value.into()).to_string().as_bytes()).unwrap_err();
    let expected = BadLadder::Field { field: field.to_owned(), detail: format!("{field} {allowed}") };
    assert_eq!(refused, expected);
}

#[test]
fn what_is_missing_is_named() {
    let top = ["market", "fee_rate", "side", "entry_price", "base_order", "safety_orders", "take_profit"];
    for name in top {
        check(&format!("/{name}"), None, name, "is required");
    }
    for name in ["price_tick", "quantity_step", "quantity_min", "notional_min"] {
        check(&format!("/market/{name}"), None, &format!("market.{name}"), "is required");
    }
    check("/safety_orders/count", None, "safety_orders.count", "is required");
    check("/safety_orders/deviation_percent", None, "safety_orders.deviation_percent", "is required");
    check("/safety_orders/quote", None, "safety_orders.quote", "or quantity or balance_percent is required");
    check("/base_order/quote", None, "base_order.quote", "or quantity or balance_percent is required");
    check("/take_profit/steps", None, "take_profit.steps", "is required");
    check("/take_profit/basis", None, "take_profit.basis", "is required");
}

#[test]
fn what_is_out_of_bounds_is_named_with_what_is_allowed() {
    let scale = "must be above 0 and at most 100";
    for value in ["0", "100.1", "1e9", "1000000000"] {
        check("/safety_orders/step_scale", json!(value), "safety_orders.step_scale", scale);
        check("/safety_orders/volume_scale", json!(value), "safety_orders.volume_scale", scale);
    }
    let count = "must be a whole number from 0 to 200";
    check("/safety_orders/count", json!(201), "safety_orders.count", count);
    for value in [json!(-1), json!(1.5), json!("five"), json!(1e300)] {
        check("/safety_orders/count", value, "safety_orders.count", "must be a whole number such as 5");
    }
    for value in [0, 21] {
        check("/safety_orders/active", json!(value), "safety_orders.active", "must be a whole number from 1 to 20");
    }
    for value in ["0", "100", "250"] {
        check("/stop_loss_percent", json!(value), "stop_loss_percent", "must be above 0 and below 100");
    }
    check("/market/price_tick", json!("0"), "market.price_tick", "must be a price above 0");
    check("/market/quantity_step", json!("0"), "market.quantity_step", "must be above 0");
    check("/fee_rate", json!("1"), "fee_rate", "must be a rate from 0 to below 1");
    check("/side", json!("up"), "side", "must be long or short");
    check("/safety_orders/dialect", json!("geometric"), "safety_orders.dialect", "must be additive or compounding");
    check("/take_profit/basis", json!("last"), "take_profit.basis", "must be average or base");
    check("/base_order", json!({"quote": "0"}), "base_order.quote", "must be an amount above 0");
    check("/base_order", json!([]), "base_order", "must be an object");
}

#[test]
fn no_exponent_is_too_large_to_be_refused() {
    for value in ["1e999999999", "1e-999999999", "1e99999999999999999999", "-1e400", "1e28", "1e-13", "Infinity"] {
        let refused = plan(with("/entry_price", Some(json!(value))).to_string().as_bytes()).unwrap_err();
        assert!(matches!(&refused, BadLadder::Field { field, .. } if field == "entry_price"), "{value}: {refused:?}");
    }
}

#[test]
fn take_profits_sell_all_and_no_more() {
    let steps = |amounts: &[&str]| {
        let step = |amount: &&str| json!({"profit_percent": "1", "amount_percent": amount});
        Some(json!(amounts.iter().map(step).collect::<Vec<_>>()))
    };
    let sum = |sum| format!("must have an amount_percent that adds up to 100 over all steps; it is {sum}");
    check("/take_profit/steps", steps(&["50", "49.9"]), "take_profit.steps", &sum("99.9"));
    check("/take_profit/steps", steps(&["50", "51"]), "take_profit.steps", &sum("101"));
    check("/take_profit/steps", steps(&[]), "take_profit.steps", "must have 1 to 8 steps");
    check("/take_profit/steps", steps(&["10"; 10]), "take_profit.steps", "must have 1 to 8 steps");
    let field = "take_profit.steps[1].amount_percent";
    check("/take_profit/steps", steps(&["100", "0"]), field, "must be above 0 and at most 100");
}

#[test]
fn exits_that_do_not_go_together_are_named() {
    let profit = |more: Value| {
        let mut profit = json!({"steps": [{"profit_percent": "1", "amount_percent": "100"}]});
        profit.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Some(profit)
    };
    let path = "/take_profit";
    check(path, profit(json!({"mode": "each"})), "take_profit.mode", "must be aggregate or per_leg or hybrid");
    check(path, profit(json!({"mode": "per_leg", "basis": "base"})), "take_profit.basis", "needs mode aggregate");
    check(path, profit(json!({"mode": "hybrid"})), "take_profit.all_profit_percent", "is required");
    let all = json!({"basis": "average", "all_profit_percent": "1"});
    check(path, profit(all), "take_profit.all_profit_percent", "needs mode hybrid");
    let zero = json!({"mode": "hybrid", "all_profit_percent": "0"});
    check(path, profit(zero), "take_profit.all_profit_percent", "must be above 0 and at most 1000");
    let trailing = json!({"mode": "per_leg", "trailing_percent": "1"});
    check(path, profit(trailing), "take_profit.trailing_percent", "needs mode aggregate");
    for percent in ["0", "100"] {
        let trailing = json!({"basis": "average", "trailing_percent": percent});
        check(path, profit(trailing), "take_profit.trailing_percent", "must be above 0 and below 100");
    }
    check("/stop_loss_basis", json!("last"), "stop_loss_basis", "must be average or base");
    let last = "must be a step that is followed by another one";
    check("/break_even_after_step", json!(1), "break_even_after_step", last);
    let mut asked = with("/stop_loss_percent", None);
    asked["stop_loss_trailing"] = json!(true);
    assert_eq!(plan(asked.to_string().as_bytes()).unwrap_err().to_string(), "stop_loss_percent is required");
}

#[test]
fn a_risk_is_reckoned_from_a_stop_that_stays() {
    let mut asked = with("/base_order", None);
    asked["safety_orders"] = json!({"count": 1, "deviation_percent": "5"});
    asked["total"] = json!({"risk": "10", "weights": ["1", "1"]});
    asked["stop_loss_basis"] = json!("average");
    let refused = plan(asked.to_string().as_bytes()).unwrap_err().to_string();
    assert_eq!(refused, "stop_loss_basis must be base where total.risk is given");
}

/// The preset's ladder on the example's market.
fn of_preset(document: &Value, more: &Value) -> Result<Ladder, BadLadder> {
    let example = worked_example()["request"].take();
    let mut asked = json!({"preset": "mine", "market": example["market"], "fee_rate": example["fee_rate"]});
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let document = Document::parse(&document.to_string()).unwrap();
    Asked::parse(asked.to_string().as_bytes()).unwrap().plan_of(&document)
}

#[test]
fn a_presets_ladder_is_the_one_that_its_members_say() {
    let mut example = worked_example()["request"].take();
    let members = ["base_order", "safety_orders", "take_profit", "stop_loss_percent"];
    let document: Value = members
        .iter()
        .map(|name| ((*name).to_owned(), example[*name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let expected = plan(example.take().to_string().as_bytes()).unwrap();
    assert_eq!(of_preset(&document, &json!({"entry_price": "100"})), Ok(expected));
}

#[test]
fn a_preset_without_safety_orders_is_a_base_order_with_its_exits() {
    let limit = json!({"base_order": {"quantity": "0.5", "type": "limit", "limit_price": "90"}, "cooldown_minutes": 5,
        "take_profit": {"mode": "hybrid", "all_profit_percent": "1", "steps": [{"profit_percent": "2", "amount_percent": 100}]}});
    let ladder = of_preset(&limit, &json!({})).unwrap();
    assert_eq!((ladder.legs.len(), &*ladder.legs[0].price, &*ladder.legs[0].quantity), (1, "90", "0.5"));
    assert_eq!(ladder.after_fill[0].all_profit_price.as_deref(), Some("91.09"));
    assert_eq!(of_preset(&limit, &json!({"entry_price": "100"})).unwrap().legs[0].price, "100");
    let refused = |more: Value| of_preset(&json!({}), &more).unwrap_err().to_string();
    assert_eq!(refused(json!({})), "entry_price is required");
    assert!(refused(json!({"take_profit": {}})).starts_with("take_profit is not known here: preset, "));
    let alone = plan(br#"{"preset": "mine"}"#).unwrap_err().to_string();
    assert_eq!(alone, "preset is known to the API alone: moniqo ladder plan --preset");
}

/// A base order in two slices and two legs: 2 sells beside 1 leg, each with its stop; none of it where it does not rest.
#[test]
fn a_presets_legs_at_the_market_and_the_markets_stops_are_reckoned_with() {
    let steps =
        json!([{"profit_percent": "1", "amount_percent": "50"}, {"profit_percent": "2", "amount_percent": "50"}]);
    let example = worked_example()["request"]["market"].take();
    let resting = |at_market: bool, stops: bool, more: Value| {
        let mut preset = json!({"base_order": {"quote": "50"}, "stop_loss_percent": 20, "take_profit": {"steps": steps},
            "safety_orders": {"count": 2, "quote": "50", "deviation_percent": "2", "at_market": at_market}});
        preset.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut market = example.clone();
        market
            .as_object_mut()
            .unwrap()
            .extend([("orders_max".to_owned(), json!(0)), ("stops".to_owned(), json!(stops))]);
        let ladder = of_preset(&preset, &json!({"entry_price": "100", "market": market})).unwrap();
        serde_json::to_value(ladder).unwrap()["pre_flight"]["resting"].take()
    };
    let none = json!({});
    assert_eq!([resting(false, false, none.clone()), resting(true, false, none.clone())], [4, 2]);
    assert_eq!([resting(false, true, none.clone()), resting(true, true, none)], [6, 4]);
    assert_eq!(resting(true, true, json!({"stop_loss_at_venue": false})), 2);
    check("/market/stops", json!("some"), "market.stops", "must be true or false");
    check("/safety_orders/at_market", json!(1), "safety_orders.at_market", "must be true or false");
}

#[test]
fn custom_orders_stand_alone_and_go_outwards() {
    let orders = |orders: Value| Some(json!({"custom": orders}));
    let falling = json!([{"deviation_percent": "2", "quote": "10"}, {"deviation_percent": "2", "quote": "10"}]);
    let allowed = "must be above 0 and above the one before: it is counted from the base price";
    check("/safety_orders", orders(falling), "safety_orders.custom[1].deviation_percent", allowed);
    let unsized_ = json!([{"deviation_percent": "2"}]);
    let field = "safety_orders.custom[0].quote";
    check("/safety_orders", orders(unsized_), field, "or quantity or balance_percent is required");
    check("/safety_orders/custom", json!([]), "safety_orders.quote", "must be left out where custom is given");
    let many: Vec<_> = (1..=201).map(|i| json!({"deviation_percent": i.to_string(), "quote": "10"})).collect();
    check("/safety_orders", orders(json!(many)), "safety_orders.custom", "must have at most 200 orders");
}

#[test]
fn a_total_takes_the_place_of_every_size() {
    let total = json!({"risk": "10", "weights": ["1", "1"]});
    check("/total", total, "base_order", "must be left out where total is given");
    let mut asked = with("/base_order", None);
    asked["safety_orders"] = json!({"count": 1, "deviation_percent": "5"});
    let refused = |asked: &Value| plan(asked.to_string().as_bytes()).unwrap_err().to_string();
    asked["total"] = json!({"risk": "10", "weights": ["1"]});
    let weights = "total.weights must have 2 weights: one for the base order and one for each safety order";
    assert_eq!(refused(&asked), weights);
    asked["total"] = json!({"risk": "10", "quote": "10", "weights": ["1", "1"]});
    assert_eq!(refused(&asked), "total.risk must be left out where quote is given");
    asked["total"] = json!({"risk": "10", "weights": ["1", "1"]});
    asked["stop_loss_percent"] = json!("5");
    let beyond = "stop_loss_percent must be beyond every order where total.risk is given: one stands at 5 %";
    assert_eq!(refused(&asked), beyond);
    asked["stop_loss_percent"] = Value::Null;
    assert_eq!(refused(&asked), "stop_loss_percent is required where total.risk is given");
}

#[test]
fn a_share_of_the_balance_needs_the_balance() {
    let percent = Some(json!({"balance_percent": "5"}));
    check("/base_order", percent, "balance", "is required where a size is given as balance_percent");
}

#[test]
fn a_misspelt_field_is_not_passed_over() {
    let refused = plan(with("/stop_los_percent", Some(json!("5"))).to_string().as_bytes()).unwrap_err().to_string();
    assert!(refused.starts_with("stop_los_percent is not known here: market, "), "{refused}");
    let refused = plan(with("/market/a\nb", Some(json!("5"))).to_string().as_bytes()).unwrap_err().to_string();
    assert!(refused.starts_with("market.a\\nb is not known here"), "one line: {refused}");
    for body in ["", "{", "[]", "null", "\u{feff}{}"] {
        assert!(plan(body.as_bytes()).is_err(), "{body}");
    }
    assert!(matches!(plan(b"\xff"), Err(BadLadder::NotJson(_))));
}

#[test]
fn a_ladder_of_huge_numbers_is_planned_or_refused_and_never_anything_else() {
    let mut asked = worked_example()["request"].take();
    for (count, step, volume) in [(200, "100", "100"), (200, "99.999999999999", "0.000000000001")] {
        for dialect in ["additive", "compounding"] {
            for side in ["long", "short"] {
                asked["side"] = json!(side);
                asked["safety_orders"] = json!({"count": count, "deviation_percent": "0.000000000001",
                    "step_scale": step, "volume_scale": volume, "dialect": dialect, "quote": "999999999999999"});
                let answer = plan(asked.to_string().as_bytes());
                if (side, dialect) == ("short", "compounding") {
                    let refused = answer.unwrap_err().to_string();
                    assert!(refused.starts_with("safety_orders.step_scale must be smaller: "), "{refused}");
                } else {
                    assert_eq!(answer.unwrap().legs.len(), 201, "{step} {dialect} {side}");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        drop(plan(&bytes));
    }

    #[test]
    fn no_value_makes_it_panic(place in 0_usize..20, value in ".{0,20}|[-+]?[0-9]{0,30}\\.?[0-9]{0,30}(e-?[0-9]{1,12})?") {
        let mut asked = worked_example()["request"].take();
        let mut places = Vec::new();
        leaves(&mut asked, &mut places);
        let index = place % places.len();
        *places.swap_remove(index) = json!(value);
        drop(plan(asked.to_string().as_bytes()));
    }
}

fn leaves<'a>(value: &'a mut Value, into: &mut Vec<&'a mut Value>) {
    match value {
        Value::Object(members) => members.values_mut().for_each(|member| leaves(member, into)),
        Value::Array(items) => items.iter_mut().for_each(|item| leaves(item, into)),
        leaf => into.push(leaf),
    }
}

#[test]
fn every_rule_of_a_market_is_a_word_of_the_document() {
    for failure in [
        FilterFailure::PriceNotPositive,
        FilterFailure::QuantityZero,
        FilterFailure::BelowQuantityMin,
        FilterFailure::BelowNotionalMin,
        FilterFailure::AboveQuantityMax,
        FilterFailure::AboveNotionalMax,
        FilterFailure::OffPriceTick,
        FilterFailure::OffQuantityStep,
    ] {
        assert!(failure.to_string().parse::<LadderCheck>().is_ok(), "{failure}");
    }
}
