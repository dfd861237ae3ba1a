//! Ladders of every size and place, and safety orders at the market, with every fault at every place.

use domain::order::{Order, Purpose, Status};
use serde_json::json;
use sim::{AlertText, Seen, alert, ms, s, single_faults, stories};
use testkit::sim::Strike;

stories! {
    single_faults;

    shares_of_the_balance_are_bought_at_places_of_their_own => |story| story
        .post(s(0), &shares())
        .price(s(15), "97")
        .climbs_from(s(75))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            // 1 % of 10,000 at 100, and half a percent at 98.09.
            assert_eq!(bought(seen), ["0: 1 filled", "1: 0.50973 filled", "2: 0.51578 cancelled"]);
            assert_eq!(seen.exits(), ["take_profit"]);
        });

    a_total_is_split_and_each_part_follows_from_what_the_base_order_cost => |story| story
        .fee_in_base()
        .fills_of("0.3")
        .post(s(0), &alert().total(json!({"quote": "200", "weights": ["2", "1", "1"]})).safety_orders(spaced(2)))
        .price(s(15), "97")
        .climbs_from(s(75))
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(bought(seen), ["0: 1 filled", "1: 0.50973 filled", "2: 0.52034 cancelled"]));

    a_risk_is_not_exceeded_where_the_stop_sells_everything => |story| story
        .post(s(0), &alert().total(json!({"risk": "10", "weights": ["1", "1"]})).safety_orders(spaced(1)).stop("8"))
        .price(s(15), "97")
        .price(s(35), "92")
        .falls_from(s(95))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.exits(), ["stop_loss"]);
            let lost: domain::money::Decimal = seen.realised()[0].parse().unwrap();
            let (least, most) = ("-10.2".parse().unwrap(), "-9.8".parse().unwrap());
            assert!((least..most).contains(&lost), "{lost}: the stop sells at the market");
        });

    legs_at_the_market_are_bought_where_their_price_is_seen => |story| story
        .post(s(0), &at_market(2))
        .price(s(15), "97")
        .price(s(35), "95")
        .climbs_from(s(75))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(bought(seen), ["0: 1 filled", "1: 0.51546 filled", "2: 0.52631 filled"], "50 at 97, and at 95");
            assert!(!seen.orders().contains(&"leg cancelled".to_owned()), "nothing rested");
        });

    legs_at_the_market_fill_in_parts_with_fees_in_base => |story| story
        .fee_in_base()
        .fills_of("0.2")
        .post(s(0), &at_market(3))
        .price(s(15), "93")
        .climbs_from(s(95))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let legs = bought(seen).into_iter().filter(|leg| leg.ends_with("filled")).count();
            assert_eq!(legs, 4, "all that one fall has reached, two at once: {:?}", bought(seen));
        });

    an_exit_meets_a_leg_that_is_being_bought => |story| story
        .fee_in_base()
        .post(s(0), &at_market(2))
        .price(s(15), "97")
        .post(ms(20_010), &alert().exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.exits(), ["signal"]));

    looks_that_come_late_buy_no_leg_twice => |story| story
        .late_passes()
        .post(s(0), &at_market(2))
        .price(s(15), "97")
        .price(s(35), "95")
        .climbs_from(s(95))
        .ends("no leg twice", each_leg_once)
        .ends("flat", Seen::is_flat);

    what_arrives_late_of_a_leg_at_the_market_is_not_bought_again => |story| story
        .post(s(0), &at_market(1))
        .price(s(15), "97")
        .climbs_from(s(95))
        .struck("submit", 3, Strike::LoseReply)
        .ends("no leg twice", each_leg_once)
        .ends("flat", Seen::is_flat);

    a_close_overtakes_an_unfinished_ladder_of_two_hundred_legs => |story| story
        .order_quote_max("2000")
        .post(s(0), &long_ladder())
        .price(s(15), "99.55")
        .post(s(23), &alert().exit())
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .calm(|seen| {
            let bought = bought(seen);
            let filled = bought.iter().filter(|leg| leg.ends_with("filled")).count();
            assert!(filled > 3 && bought.len() < 15, "{filled} of {}: a plan, and few orders", bought.len());
            assert_eq!(seen.exits(), ["signal"]);
        });

    what_does_not_pass_before_the_first_order_opens_nothing => |story| story
        .post(s(0), &alert().id("a").safety_orders(json!({"custom": [{"deviation_percent": "2", "quote": "4"}]})))
        .post(s(1), &alert().id("b").base_order(json!({"balance_percent": "50"})).safety_orders(json!({"custom": [{"deviation_percent": "2", "balance_percent": "50"}]})))
        .post(s(2), &alert().id("c").total(json!({"risk": "5", "weights": ["1", "1"]})).safety_orders(spaced(1)).stop("1"))
        .calm(|seen| {
            let expected = ["refused below_notional_min", "refused balance_too_small", "rejected invalid_alert"];
            assert_eq!(seen.verdicts(), expected);
        });
}

fn shares() -> AlertText {
    let leg = |deviation: &str| json!({"deviation_percent": deviation, "balance_percent": "0.5"});
    alert()
        .base_order(json!({"balance_percent": "1"}))
        .safety_orders(json!({"custom": [leg("2"), leg("3.15")], "active": 2}))
}

fn spaced(count: u32) -> serde_json::Value {
    json!({"count": count, "deviation_percent": "2"})
}

/// Of 50 quote each, 2 % apart, two at once.
fn at_market(count: u32) -> AlertText {
    alert()
        .safety_orders(json!({"count": count, "quote": "50", "deviation_percent": "2", "active": 2, "at_market": true}))
}

fn long_ladder() -> AlertText {
    let leg = |number: u32| json!({"deviation_percent": format!("{}", f64::from(number) / 10.0), "quantity": "0.07"});
    alert().safety_orders(json!({"custom": (1..=200).map(leg).collect::<Vec<_>>(), "active": 5}))
}

fn entries(seen: &Seen) -> Vec<&Order> {
    let orders = seen.positions.iter().flat_map(|position| &position.orders);
    let mut entries: Vec<_> = orders.filter(|order| order.purpose == Purpose::Entry).collect();
    entries.sort_by_key(|order| (order.leg, order.epoch));
    entries
}

/// Level, quantity and state of each entry.
fn bought(seen: &Seen) -> Vec<String> {
    let told = |order: &&Order| format!("{}: {} {}", order.leg, order.quantity, order.status.as_str());
    entries(seen).iter().map(told).collect()
}

fn each_leg_once(seen: &Seen) -> bool {
    let filled: Vec<u32> =
        entries(seen).iter().filter(|order| order.status == Status::Filled).map(|order| order.leg).collect();
    filled.iter().zip(filled.iter().skip(1)).all(|(leg, next)| leg != next)
}

fn flat_or_exit_came_first(seen: &Seen) -> bool {
    seen.is_flat()
        || seen.verdicts().iter().any(|verdict| verdict == "ignored nothing_open" || verdict == "ignored before_entry")
}
