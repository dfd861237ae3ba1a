//! Ways of selling a group of two legs, a stop that moves, and a time that is over, with every fault at every place.

use domain::order::{Order, Purpose};
use sim::{AlertText, Seen, alert, ms, s, single_faults, stories};
use std::collections::BTreeSet;

stories! {
    single_faults;

    the_deeper_leg_sells_alone_and_the_base_later => |story| story
        .post(s(0), &each_leg())
        .price(s(15), "97")
        .price(s(35), "99.5")
        .climbs_from(s(45))
        .ends("flat", Seen::is_flat)
        .ends("nothing is sold with loss", without_loss)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled", "leg filled", "tp#1 filled"]);
            assert_eq!(sells(seen), ["base tp#1 1 at 101.21", "leg tp#1 0.50973 at 99.27"], "1 % above what each has cost");
            // (101.21 + 0.50973 × 99.27) × 0.999 - (100 + 0.50973 × 98.09) × 1.001, each fee rounded up.
            assert_eq!((seen.exits(), seen.realised()), (vec!["take_profit"], vec!["1.50967108".to_owned()]));
        });

    each_leg_sells_what_its_fee_in_base_has_left_in_parts => |story| story
        .fee_in_base()
        .fills_of("0.4")
        .post(s(0), &each_leg())
        .price(s(15), "97")
        .price(s(35), "99.5")
        .climbs_from(s(45))
        .ends("flat", Seen::is_flat)
        .ends("nothing is sold with loss", without_loss)
        .calm(|seen| {
            assert_eq!(sells(seen), ["base tp#1 0.999 at 101.21", "leg tp#1 0.50922 at 99.27"], "no coin of the other");
            assert_eq!(seen.orders().iter().filter(|order| *order == "tp#1 cancelled").count(), 2, "sized anew");
            assert_eq!((seen.exits(), seen.realised()), (vec!["take_profit"], vec!["1.50801149".to_owned()]));
        });

    of_a_hybrid_a_leg_sells_alone_and_then_the_whole_by_its_price_of_all => |story| story
        .post(s(0), &hybrid())
        .price(s(15), "97")
        .price(s(35), "99.5")
        .price(s(45), "100.8")
        .climbs_from(s(75))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "leg filled", "tp#1 filled", "exit filled"]);
            // 100.65 is 1.1 % above the average of both legs; the base alone would have waited for 101.21.
            assert_eq!(sells(seen), ["base exit 1 at 100.8", "leg tp#1 0.50973 at 99.27"]);
            assert_eq!((seen.exits(), seen.realised()), (vec!["take_profit"], vec!["1.10008108".to_owned()]));
        });

    a_leg_that_sells_a_part_while_it_is_taken_back_leaves_the_rest_to_the_whole => |story| story
        .fee_in_base()
        .fills_of("0.3")
        .post(s(0), &hybrid())
        .price(s(15), "97")
        .price(s(35), "99.5")
        .price(s(51), "101.3")
        .price(ms(53_100), "100.8")
        .climbs_from(s(75))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let sold = ["base exit 0.099 at 101.3", "base tp#1 0.9 at 101.21", "leg tp#1 0.50922 at 99.27"];
            assert_eq!(sells(seen), sold);
            assert_eq!((seen.exits(), seen.realised()), (vec!["take_profit"], vec!["1.51691258".to_owned()]));
        });

    after_the_first_step_a_fall_costs_nothing => |story| story
        .post(s(0), &stepped())
        .price(s(8), "102")
        .price(s(25), "100.15")
        .falls_from(s(55))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled", "tp#2 cancelled", "exit filled"]);
            // 100.15 is under 100.21, where nothing is lost, and far above 8 % of loss.
            assert_eq!(sells(seen), ["base exit 0.6 at 100.15", "base tp#1 0.4 at 101.21"]);
            assert_eq!((seen.exits(), seen.realised()), (vec!["stop_loss"], vec!["0.373426".to_owned()]));
        });

    a_step_that_has_sold_a_part_moves_no_stop_before_it_has_sold_all => |story| story
        .fee_in_base()
        .fills_of("0.25")
        .post(s(0), &stepped())
        .price(s(18), "102")
        .price(ms(18_100), "100.15")
        .price(s(38), "101.5")
        .price(s(48), "100.15")
        .falls_from(s(75))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(sells(seen), ["base exit 0.5994 at 100.15", "base tp#1 0.3996 at 101.21"], "all of the step");
            assert_eq!((seen.exits(), seen.realised()), (vec!["stop_loss"], vec!["0.37295257".to_owned()]));
        });

    what_a_take_profit_still_sells_when_time_is_over_is_not_sold_again => |story| story
        .fee_in_base()
        .fills_of("0.3")
        .post(s(0), &alert().time_limit_minutes(1))
        .price(s(61), "102")
        .price(ms(63_100), "100.5")
        .price(s(75), "99")
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(sells(seen), ["base exit 0.099 at 102", "base tp#1 0.9 at 101.71"], "all that was there");
            assert_eq!((seen.exits(), seen.realised()), (vec!["time_limit"], vec!["1.535363".to_owned()]));
        });

    a_time_that_is_over_takes_a_take_profit_back_that_has_sold_a_part => |story| story
        .fills_of("0.4")
        .post(s(0), &alert().time_limit_minutes(1))
        .price(s(62), "102")
        .price(ms(62_100), "100.5")
        .price(s(75), "99")
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "tp#1 cancelled", "exit filled"]);
            assert_eq!(sells(seen), ["base exit 0.6 at 100.5", "base tp#1 0.4 at 101.71"]);
            // 40.684 + 60.3 - 100, less what the venue took of each.
            assert_eq!((seen.exits(), seen.realised()), (vec!["time_limit"], vec!["0.783016".to_owned()]));
        });
}

fn each_leg() -> AlertText {
    alert().ladder(1, "2").each_leg("1")
}

fn hybrid() -> AlertText {
    alert().ladder(1, "2").hybrid("1", "1.1")
}

fn stepped() -> AlertText {
    alert().steps("average", &[("1", "40"), ("30", "60")]).break_even_after(1)
}

/// What was sold, order by order: whose coins, why, how many, and at which prices.
fn sells(seen: &Seen) -> Vec<String> {
    let of = |order: &Order| {
        let leg = if order.leg == 0 { "base" } else { "leg" };
        let prices: BTreeSet<String> = order.fills.values().map(|fill| fill.price.to_string()).collect();
        let prices: Vec<String> = prices.into_iter().collect();
        format!(
            "{leg} {} {} at {}",
            order.purpose,
            order.filled().map(|sold| sold.to_string()).unwrap_or_default(),
            prices.join(", ")
        )
    };
    let orders = seen.positions.iter().flat_map(|position| &position.orders);
    let mut sells: Vec<String> =
        orders.filter(|order| order.purpose != Purpose::Entry && !order.fills.is_empty()).map(of).collect();
    sells.sort();
    sells
}

fn without_loss(seen: &Seen) -> bool {
    seen.realised().iter().all(|realised| !realised.starts_with('-'))
}
