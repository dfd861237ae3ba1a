//! Ways of selling a group of two legs, a stop that moves, and a time that is over, with every fault at every place.

use sim::{AlertText, Seen, alert, s, single_faults, stories};

stories! {
    single_faults;

    the_deeper_leg_sells_alone_and_the_base_later => |story| story
        .post(s(0), &each_leg())
        .price(s(15), "97")
        .price(s(75), "99.5")
        .climbs_from(s(135))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            dbg(seen);
        });

    each_leg_sells_what_its_fee_in_base_has_left_in_parts => |story| story
        .fee_in_base()
        .fills_of("0.4")
        .post(s(0), &each_leg())
        .price(s(15), "97")
        .price(s(75), "99.5")
        .climbs_from(s(135))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            dbg(seen);
        });

    of_a_hybrid_a_leg_sells_alone_and_then_the_whole_by_its_price_of_all => |story| story
        .post(s(0), &alert().ladder(1, "2").hybrid("1", "1.1"))
        .price(s(15), "97")
        .price(s(75), "99.5")
        .price(s(135), "100.8")
        .climbs_from(s(195))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            dbg(seen);
        });

    the_price_of_all_takes_back_legs_that_have_sold_in_parts => |story| story
        .fee_in_base()
        .fills_of("0.3")
        .post(s(0), &alert().ladder(1, "2").hybrid("1", "1.1"))
        .price(s(15), "97")
        .price(s(75), "99.5")
        .price(s(135), "100.8")
        .climbs_from(s(195))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            dbg(seen);
        });

    after_the_first_step_a_fall_costs_nothing => |story| story
        .post(s(0), &alert().steps("average", &[("1", "40"), ("30", "60")]).break_even_after(1))
        .price(s(15), "102")
        .price(s(75), "100.15")
        .falls_from(s(135))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            dbg(seen);
        });

    a_step_that_has_sold_a_part_moves_no_stop => |story| story
        .fee_in_base()
        .fills_of("0.25")
        .post(s(0), &alert().steps("average", &[("1", "40"), ("30", "60")]).break_even_after(1))
        .price(s(35), "102")
        .price(s(75), "100.15")
        .falls_from(s(135))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            dbg(seen);
        });

    a_time_that_is_over_takes_a_take_profit_back_that_has_sold_a_part => |story| story
        .fills_of("0.4")
        .post(s(0), &alert().time_limit_minutes(1))
        .price(s(25), "102")
        .price(s(35), "101")
        .price(s(70), "100.5")
        .price(s(80), "100.4")
        .price(s(90), "100.3")
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            dbg(seen);
        });
}

fn each_leg() -> AlertText {
    alert().ladder(1, "2").each_leg("1")
}

fn dbg(seen: &Seen) {
    let told = [seen.orders(), seen.realised(), vec![seen.sold().to_string()]];
    eprintln!("{told:?} {:?}", seen.exits());
    for o in seen.positions.iter().flat_map(|p| &p.orders) {
        let f: Vec<_> = o.fills.values().map(|f| format!("{}@{} fee {:?} at {}", f.quantity, f.price, f.fee.as_ref().map(|f| f.amount.to_string()), f.at.millis() - 1_760_000_037_000)).collect();
        eprintln!("  {} leg {} {} {:?} {} {f:?}", o.purpose, o.leg, o.quantity, o.kind, o.status.as_str());
    }
    panic!("shown");
}
