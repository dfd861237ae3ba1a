use super::*;
use serde_json::{Value, json};

const AT: &str = "2026-01-31T12:00:00Z";

fn order(purpose: &str, pyramid: u32, leg: u32) -> Value {
    json!({
        "id": format!("ord_{purpose}{pyramid}{leg}"), "position_group_id": "grp_1", "purpose": purpose,
        "pyramid": pyramid, "leg": leg, "epoch": 0, "side": "buy", "type": "market", "quantity": "1", "filled": "1",
        "fees": {}, "status": "filled", "state": "filled", "declared": false, "client_order_id": "c", "created_at": AT,
    })
}

fn pyramid(number: u32, stop: Option<&str>, legs: &[u32]) -> Value {
    let legs: Vec<_> = legs.iter().map(|leg| json!({"leg": leg, "orders": [order("entry", number, *leg)]})).collect();
    json!({
        "pyramid": number, "delivery_id": format!("dlv_{number}"), "bought": "0.5", "average_price": "100.1",
        "stop_price": stop, "exit_reason": null, "legs": legs,
    })
}

/// A position of which nothing is asked but one take-profit and one stop, with `more` in place of its members.
fn shown(more: &Value) -> String {
    let mut position = json!({
        "id": "grp_1", "account_id": "acc_1", "exchange": "PAPER", "symbol": "BTC/USDT", "timeframe": "60",
        "side": "long", "status": "live", "protected": "by_polling", "needs_attention": false, "exposure": "100",
        "safety_orders": 0, "take_profit_percent": "1.5", "delivery_id": "dlv_0", "opened_at": AT, "version": 1,
        "take_profit": {"mode": "aggregate", "basis": "average",
                        "steps": [{"profit_percent": "1.5", "amount_percent": "100"}]},
        "stop_loss_trailing": false, "quantity": "1", "average_price": "100.1", "fees": {}, "stop_price": "95",
        "pyramids": [pyramid(0, None, &[0])], "reductions": [], "take_profit_orders": [], "exit_orders": [],
        "fills": [], "history": [],
    });
    position.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    detail(&serde_json::from_value(position).unwrap())
}

fn check(more: &Value, lines: &[&str]) {
    // Columns are as wide as their widest cell.
    let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = shown(more);
    let told: Vec<_> = shown.lines().map(spaced).collect();
    for line in lines {
        assert!(told.iter().any(|told| told == line), "{line}\nis not in\n{shown}");
    }
}

#[test]
fn of_an_ordinary_position_nothing_is_told_that_was_not_asked_of_it() {
    let shown = shown(&json!({}));
    let facts = shown.split("\n\n").nth(1).unwrap();
    let expected = "held             1\naverage price    100.1\ntake-profit      aggregate, basis average: 100 % at 1.5 %\n\
                    stop             95, watched by polling";
    assert_eq!((facts, shown.split("\n\n").count()), (expected, 5));
}

#[test]
fn how_it_is_to_be_sold_is_told_with_where_that_stands() {
    let trailing = |trailing: Value| {
        let steps =
            json!([{"profit_percent": "1", "amount_percent": "40"}, {"profit_percent": "3", "amount_percent": "60"}]);
        json!({"mode": "aggregate", "basis": "base", "steps": steps, "trailing_percent": "0.8", "trailing": trailing})
    };
    let waits = json!({
        "take_profit": trailing(Value::Null), "take_profit_arms_at": "103.11", "stop_loss_trailing": true,
        "stop_loss_delay_seconds": 30, "below_stop_since": AT, "minimum_profit_percent": "0.3", "cooldown_minutes": 240,
        "preset": {"name": "btc-grid", "version": 3}, "stop_loss_basis": "average", "break_even_after_step": 1,
        "time_limit_minutes": 90,
    });
    check(
        &waits,
        &[
            "preset btc-grid, version 3",
            "take-profit aggregate, basis base: 40 % at 1 %, 60 % at 3 %",
            "trailing 0.8 %, arms at 103.11",
            "stop 95, watched by polling, basis average, follows the highest price, waits 30 s, to break even after step 1",
            "time limit 90 min after its opening",
            "below stop since 2026-01-31 12:00:00",
            "minimum profit 0.3 %",
            "cooldown 240 min after its end",
        ],
    );
    let armed = json!({"armed_since": AT, "peak": "104.25", "sells_at": "103.41"});
    check(
        &json!({"take_profit": trailing(armed), "take_profit_arms_at": "103.11"}),
        &["trailing 0.8 %, armed since 2026-01-31 12:00:00, peak 104.25, sells at 103.41"],
    );
    let step = json!([{"profit_percent": "1", "amount_percent": "100"}]);
    let hybrid = json!({"mode": "hybrid", "steps": step, "all_profit_percent": "3"});
    check(&json!({"take_profit": hybrid}), &["take-profit hybrid: each leg at 1 %, everything at 3 %"]);
}

#[test]
fn each_pyramid_and_each_partial_exit_has_its_line() {
    let reduction = json!({"number": 1, "pyramid": 2, "delivery_id": "dlv_5", "quantity": "0.2", "at": AT});
    let mut left = pyramid(1, None, &[0]);
    left["exit_reason"] = json!("stop_loss");
    check(
        &json!({
            "stop_price": null, "reductions": [reduction],
            "pyramids": [pyramid(0, Some("95.09"), &[0, 2]), left, pyramid(2, Some("101.29"), &[0, 3])],
            "exit_orders": [order("exit", 0, 0), order("reduce#1", 2, 0)],
        }),
        &[
            "pyramid alert bought average stop exit",
            "p0 dlv_0 0.5 100.1 95.09 -",
            "p1 dlv_1 0.5 100.1 - stop_loss",
            "p2 dlv_2 0.5 100.1 101.29 -",
            "2026-01-31 12:00:00 reduce#1 p2 0.2 dlv_5",
            "ord_entry00 entry base buy market - 1 1 - filled",
            "ord_entry02 entry leg 2 buy market - 1 1 - filled",
            "ord_entry23 entry p2 leg 3 buy market - 1 1 - filled",
            "ord_exit00 exit - buy market - 1 1 - filled",
            "ord_reduce#120 reduce#1 p2 buy market - 1 1 - filled",
        ],
    );
}

#[test]
fn what_is_still_to_be_bought_is_told_with_its_rule() {
    let mut opening = pyramid(0, None, &[0, 1]);
    opening["planned_legs"] = json!([{"level": 2, "price": "95.14", "quantity": "0.5"}]);
    let rule = json!({"deviation_percent": "2", "step_scale": "1.5", "dialect": "compounding", "active": 1,
                      "at_market": true});
    let added = json!({"max": 3, "distance_percent": "2", "direction": "favourable", "size_factor": "0.5",
                       "close": "together"});
    check(
        &json!({"safety_orders": 2, "ladder": rule, "pyramiding": added, "pyramids": [opening]}),
        &[
            "ladder 2, the first 2 % away, each next step 1.5 times, compounding, 1 at once, bought at the market",
            "pyramids up to 3, 2 % apart (favourable), size times 0.5, sold together",
            "leg 2 p0 95.14 0.5",
        ],
    );
    let places = json!({"safety_orders": 2, "ladder": {"active": 2, "at_market": false}});
    check(&places, &["ladder 2, 2 at once"]);
}

#[test]
fn one_pyramid_that_stands_alone_has_the_positions_stop() {
    let alone = json!({"stop_price": null, "pyramids": [pyramid(0, Some("95.09"), &[0])]});
    check(&alone, &["stop 95.09, watched by polling"]);
}

#[test]
fn a_take_profit_says_of_which_leg_it_is_where_each_is_sold_by_itself() {
    let orders = json!([order("tp#1", 0, 0), order("tp#1", 1, 2)]);
    let line = |part: &str, id: &str| format!("ord_tp#1{id} tp#1 {part} buy market - 1 1 - filled");
    let of = |mode: &str| {
        let steps = json!([{"profit_percent": "1", "amount_percent": "100"}]);
        json!({"take_profit": {"mode": mode, "steps": steps}, "take_profit_orders": orders})
    };
    check(&of("per_leg"), &[&line("base", "00"), &line("p1 leg 2", "12")]);
    check(&of("aggregate"), &[&line("-", "00")]);
}

#[test]
fn a_fee_in_a_third_asset_is_told_with_what_it_was_worth() {
    let fill = |asset: &str, value: Option<&str>| {
        json!({"trade_id": asset, "order_id": "ord_1", "purpose": "entry", "side": "buy", "price": "100",
               "quantity": "1", "fee": "0.001", "fee_asset": asset, "fee_value": value, "at": AT})
    };
    check(
        &json!({"fills": [fill("BNB", Some("0.06")), fill("USDT", None)]}),
        &[
            "2026-01-31 12:00:00 BNB buy 100 1 0.001 BNB (worth 0.06 in quote)",
            "2026-01-31 12:00:00 USDT buy 100 1 0.001 USDT",
        ],
    );
}

#[test]
fn a_position_that_has_sold_nothing_says_still_held_in_place_of_a_profit() {
    let held = json!({"quantity": "0.00008991", "cost": "5.76"});
    let closed = json!({"status": "closed", "exit_reason": "dust", "dust": "0.00008991", "still_held": held, "realised_pnl": null});
    let row = "grp_1 PAPER:BTC/USDT 60 long closed dust still held 2026-01-31 12:00:00 -";
    check(&closed, &[row, "still held 0.00008991 BTC, not sold, at a cost of 5.76 USDT"]);
    assert!(!shown(&closed).contains("\ndust "));
    check(&json!({"status": "closed", "dust": "0.00000001", "realised_pnl": "1.5"}), &["dust 0.00000001"]);
}
