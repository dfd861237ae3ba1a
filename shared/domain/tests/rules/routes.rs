//! Which accounts buy, and how much each.

use crate::given::{market, price, quantity};
use domain::ids::AccountId;
use domain::market::{Filters, Level, Maxima};
use domain::money::{Amount, Decimal, Fraction, Percent, Price, Quantity, Rate};
use domain::preset::{LegSizes, OrderKind, OrderSize, SafetyOrders};
use domain::route::{Asked, Candidate, Figures, NotRouted, Passed, ReckonedFee, Routed, route, share};
use proptest::prelude::*;

fn account(number: usize) -> AccountId {
    AccountId::of(&[&number.to_string()])
}

/// Levels as price and quantity, the fee in thousandths.
fn candidate(number: usize, asks: &[(&str, &str)], fee: &str) -> Candidate {
    Candidate {
        account: account(number),
        exchange: format!("E{number}").parse().unwrap(),
        asks: asks.iter().map(|(at, of)| Level { price: price(at), quantity: quantity(of) }).collect(),
        filters: market().filters,
        fee: ReckonedFee::of(None, fee.parse().unwrap()),
        room: Fraction::whole(1_000_000),
    }
}

fn asked(size: OrderSize, slippage: &str, split: bool) -> Asked {
    Asked { size, kind: OrderKind::Market, slippage_max: slippage.parse().unwrap(), split }
}

fn base(text: &str) -> OrderSize {
    OrderSize::Base(quantity(text))
}

fn quote(text: &str) -> OrderSize {
    OrderSize::Quote(text.parse().unwrap())
}

/// Account, quantity and net price of each part.
fn parts(routed: &Routed) -> Vec<(AccountId, String, String)> {
    let part = |part: &domain::route::Taken| {
        (part.account.clone(), part.figures.quantity.to_string(), part.figures.net.to_string())
    };
    routed.parts.iter().map(part).collect()
}

fn check(asked: Asked, candidates: &[Candidate], expected: &[(usize, &str, &str)]) {
    let routed = route(&asked, candidates).unwrap();
    let expected: Vec<_> =
        expected.iter().map(|(of, units, net)| (account(*of), (*units).to_owned(), (*net).to_owned())).collect();
    assert_eq!(parts(&routed), expected, "{asked:?}");
}

fn reasons(not: &NotRouted) -> Vec<&'static str> {
    not.others.iter().map(|(_, why)| why.reason().as_str()).collect()
}

/// Two accounts at one exchange see one book: what stands there is bought once, and the second pays what is left.
#[test]
fn what_one_account_takes_is_gone_for_another_at_the_same_exchange() {
    let book = [("100", "1"), ("110", "10")];
    let both = |fees: [&str; 2], room: i64| {
        let at = |number: usize| {
            let room = Fraction::whole(room);
            let one = candidate(number, &book, fees[number]);
            Candidate { exchange: "ONE".parse().unwrap(), room, ..one }
        };
        [at(0), at(1)]
    };
    let bounded = route(&asked(base("2"), "0.5", true), &both(["0", "0"], 9)).unwrap_err();
    assert_eq!(reasons(&bounded), ["slippage", "slippage"], "one is on offer within the bound, not one each");
    check(asked(base("2"), "10", true), &both(["0", "0"], 1), &[(0, "1", "100"), (1, "1", "110")]);
    check(asked(base("2"), "10", true), &both(["0.001", "0"], 1), &[(0, "1", "110.11"), (1, "1", "100")]);
    check(
        asked(base("2"), "0.5", true),
        &[candidate(0, &book, "0"), candidate(1, &book, "0")],
        &[(0, "1", "100"), (1, "1", "100")],
    );
}

#[test]
fn the_cheapest_after_fees_buys_the_whole() {
    // 100 with 0.2 % is dearer than 100.1 with nothing.
    let both = [candidate(0, &[("100", "5")], "0.002"), candidate(1, &[("100.1", "5")], "0")];
    check(asked(base("2"), "1", false), &both, &[(1, "2", "100.1")]);
    let routed = route(&asked(base("2"), "1", false), &both).unwrap();
    assert_eq!(routed.touch, Some(price("100")));
    assert_eq!(routed.others[0].1, Passed::Dearer { net: price("100.2"), chosen: "100.1".parse().unwrap() });
}

/// What an account pays itself makes it the cheaper one, and is told with what it buys.
#[test]
fn the_fee_that_was_reckoned_with_is_told() {
    let own = |candidate: Candidate, rate: &str| Candidate {
        fee: ReckonedFee::of(Some(rate.parse().unwrap()), candidate.fee.taker),
        ..candidate
    };
    let [first, second] = [0, 1].map(|number| candidate(number, &[("100", "5")], "0.001"));
    let both = [first, own(second, "0.0004")];
    check(asked(base("2"), "1", false), &both, &[(1, "2", "100.04")]);
    let routed = route(&asked(base("2"), "1", false), &both).unwrap();
    assert_eq!(routed.parts[0].figures.fee, Some(both[1].fee));
}

#[test]
fn of_what_costs_the_same_the_first_buys() {
    let both = [candidate(0, &[("100", "5")], "0.001"), candidate(1, &[("100", "5")], "0.001")];
    for split in [false, true] {
        check(asked(base("2"), "1", split), &both, &[(0, "2", "100.1")]);
        check(asked(quote("200"), "1", split), &both, &[(0, "2", "100.1")]);
    }
}

#[test]
fn parts_are_bought_where_each_is_cheapest_and_only_where_that_is_allowed() {
    let both = [candidate(0, &[("100", "1"), ("102", "9")], "0"), candidate(1, &[("101", "9")], "0")];
    check(asked(base("3"), "2", true), &both, &[(0, "1", "100"), (1, "2", "101")]);
    check(asked(base("3"), "2", false), &both, &[(1, "3", "101")]);
    // In quote what is cheap makes it more.
    check(asked(quote("302"), "2", true), &both, &[(0, "1", "100"), (1, "2", "101")]);
}

#[test]
fn nothing_is_bought_beyond_the_slippage_from_the_best_price_of_all() {
    let both = [candidate(0, &[("100", "1"), ("101", "9")], "0"), candidate(1, &[("100.6", "2")], "0")];
    check(asked(base("3"), "1", true), &both, &[(0, "1", "100"), (1, "2", "100.6")]);
    let not = route(&asked(base("3"), "0.5", true), &both).unwrap_err();
    assert_eq!(reasons(&not), ["slippage", "slippage"]);
    assert_eq!(not.others[0].1.to_string(), "1 of 3 on offer up to 100.5");
    assert_eq!(not.others[1].1.to_string(), "0 of 3 on offer up to 100.5");
}

#[test]
fn who_may_not_take_it_all_takes_a_part_or_nothing() {
    let poor = Candidate { room: Fraction::whole(1), ..candidate(0, &[("100", "9")], "0") };
    let both = [poor, candidate(1, &[("100.5", "9")], "0")];
    check(asked(base("3"), "1", true), &both, &[(0, "1", "100"), (1, "2", "100.5")]);
    check(asked(base("3"), "1", false), &both, &[(1, "3", "100.5")]);
    let routed = route(&asked(base("3"), "1", false), &both).unwrap();
    assert_eq!(routed.others[0].1.to_string(), "its balance and limits allow 1 of 3");
    let all_poor = both.map(|one| Candidate { room: Fraction::whole(1), ..one });
    assert_eq!(reasons(&route(&asked(base("3"), "1", true), &all_poor).unwrap_err()), ["account_limits"; 2]);
}

#[test]
fn a_part_that_its_market_does_not_take_is_bought_elsewhere() {
    // 4 USDT of the cheapest are below the market's 5.
    let both = [candidate(0, &[("100", "0.04")], "0"), candidate(1, &[("100.5", "9")], "0")];
    check(asked(base("3"), "1", true), &both, &[(1, "3", "100.5")]);
    let small = [candidate(0, &[("100", "9")], "0"), candidate(1, &[("100", "9")], "0")];
    assert_eq!(reasons(&route(&asked(quote("4"), "1", true), &small).unwrap_err()), ["below_notional_min"; 2]);
    let most = |limit: &str, market: &str| Filters {
        most: Maxima { limit: limit.parse().ok(), market: market.parse().ok(), notional: None },
        ..crate::given::market().filters
    };
    let narrow = |filters| [Candidate { filters, ..candidate(0, &[("100", "9")], "0") }, both[1].clone()];
    check(asked(base("3"), "1", false), &narrow(most("", "3")), &[(0, "3", "100")]);
    check(asked(base("3"), "1", false), &narrow(most("", "2.9")), &[(1, "3", "100.5")]);
    let limit = Asked { kind: OrderKind::Limit(price("100.5")), ..asked(base("3"), "0", false) };
    check(limit, &narrow(most("3", "1")), &[(0, "3", "100")]);
    check(limit, &narrow(most("2.9", "1")), &[(1, "3", "100.5")]);
}

#[test]
fn a_limit_order_goes_where_it_costs_least_and_rests_for_the_rest() {
    let both = [candidate(0, &[("99", "1"), ("101", "9")], "0.001"), candidate(1, &[("100", "1")], "0")];
    let limit = |split| Asked { kind: OrderKind::Limit(price("100")), ..asked(base("3"), "0", split) };
    check(limit(false), &both, &[(0, "3", "99.76633333")]);
    let routed = route(&limit(true), &both).unwrap();
    assert_eq!(parts(&routed).iter().map(|(_, units, _)| units.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert!(routed.parts.iter().all(|part| part.figures.worst <= price("100")));
    // Empty books stop no limit order: it rests.
    let empty = [candidate(0, &[], "0.001"), candidate(1, &[], "0")];
    check(limit(false), &empty, &[(1, "3", "100")]);
    let not = route(&asked(base("3"), "1", true), &empty).unwrap_err();
    assert_eq!((not.touch, reasons(&not)), (None, vec!["nothing_offered"; 2]));
}

#[test]
fn a_share_of_a_plan_is_that_of_every_size_and_never_more() {
    let ladder = SafetyOrders {
        spacing: domain::ladder::Spacing::Custom(Vec::new()),
        sizes: LegSizes::Each(vec![quote("50"), base("0.1")]),
        active: 1,
        at_market: false,
    };
    let plan = domain::preset::TradePlan { ladder: Some(ladder), ..crate::given::plan() };
    let third = Fraction::whole(1).over(&Fraction::whole(3)).unwrap();
    let part = share(&plan, quantity("0.33333"), &third).unwrap();
    assert_eq!(part.size, base("0.33333"));
    let sizes = part.ladder.unwrap().sizes;
    assert_eq!(sizes, LegSizes::Each(vec![quote("16.66666666"), base("0.03333333")]));
    let whole = share(&plan, quantity("1"), &Fraction::whole(1)).unwrap();
    assert_eq!(whole.ladder, plan.ladder);
}

#[derive(Debug, Clone)]
struct World {
    candidates: Vec<Candidate>,
    size: OrderSize,
    limit: Option<Price>,
    slippage: Percent,
}

fn worlds() -> impl Strategy<Value = World> {
    let level = (9_900_i64..10_400, 1_i64..400).prop_map(|(at, of)| Level {
        price: Price::new(Decimal::new(at, 2)).unwrap(),
        quantity: Quantity::new(Decimal::new(of, 2)).unwrap(),
    });
    let candidate = (prop::collection::vec(level, 0..6), 0_i64..5, 0_u32..4, 0_i64..800, 0_i64..20);
    let sized = prop_oneof![
        (1_i64..900).prop_map(|units| OrderSize::Base(Quantity::new(Decimal::new(units, 2)).unwrap())),
        (1_i64..90_000).prop_map(|units| OrderSize::Quote(Amount::new(Decimal::new(units, 2)).unwrap())),
    ];
    let limit = prop::option::of((9_800_i64..10_500).prop_map(|at| Price::new(Decimal::new(at, 2)).unwrap()));
    let slippage = (0_i64..400).prop_map(|slippage| Percent::new(Decimal::new(slippage, 2)).unwrap());
    (prop::collection::vec(candidate, 2..5), sized, limit, slippage).prop_map(|(all, size, limit, slippage)| {
        let candidate = |(number, (mut asks, fee, digits, room, least)): (usize, (Vec<Level>, i64, u32, i64, i64))| {
            asks.sort_by_key(|level| level.price);
            let step = Quantity::new(Decimal::new(1, digits)).unwrap();
            let filters = Filters {
                quantity_step: step,
                quantity_min: step,
                notional_min: Quantity::new(Decimal::from(least)).unwrap(),
                ..market().filters
            };
            let (fee, room) = (Rate::new(Decimal::new(fee, 3)).unwrap(), Fraction::from(Decimal::new(room, 2)));
            let fee = ReckonedFee::of(None, fee);
            let exchange = format!("E{number}").parse().unwrap();
            Candidate { account: account(number), exchange, asks, filters, fee, room }
        };
        World { candidates: all.into_iter().enumerate().map(candidate).collect(), size, limit, slippage }
    })
}

impl World {
    fn asked(&self, split: bool) -> Asked {
        let kind = self.limit.map_or(OrderKind::Market, OrderKind::Limit);
        Asked { size: self.size, kind, slippage_max: self.slippage, split }
    }

    fn routed(&self, split: bool) -> Option<Routed> {
        route(&self.asked(split), &self.candidates).ok()
    }

    fn of(&self, account: &AccountId) -> &Candidate {
        self.candidates.iter().find(|one| one.account == *account).unwrap()
    }

    /// What a part costs when its account's book is walked from its best price on, without the fee; what is not there rests
    /// at the limit.
    fn cost(&self, account: &AccountId, figures: &Figures) -> Fraction {
        let (mut left, mut cost) = (figures.quantity.fraction(), Fraction::whole(0));
        let none = Fraction::whole(0);
        let good = |level: &&Level| self.limit.is_none_or(|limit| level.price <= limit);
        for level in self.of(account).asks.iter().filter(good) {
            let taken = level.quantity.fraction().min(left.clone());
            cost = cost + taken.clone() * level.price.fraction();
            left = left - taken;
        }
        if left > none {
            cost = cost + left * self.limit.unwrap().fraction();
        }
        cost
    }

    /// With fees, for a unit of all of it.
    fn a_unit(&self, routed: &Routed) -> Fraction {
        let none = Fraction::whole(0);
        let (cost, units) = routed.parts.iter().fold((none.clone(), none), |(cost, units), part| {
            let with_fee = self.cost(&part.account, &part.figures) * self.of(&part.account).fee.taker.on_top();
            (cost + with_fee, units + part.figures.quantity.fraction())
        });
        cost.over(&units).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn several_never_cost_more_than_any_account_that_could_buy_the_whole(world in worlds()) {
        let alone: Vec<_> = world
            .candidates
            .iter()
            .filter_map(|one| {
                let touch = world.candidates.iter().flat_map(|one| &one.asks).map(|level| level.price).min();
                // Who is alone is held to the same best price, where there is one.
                let asks = touch.map(|price| Level { price, quantity: Quantity::ZERO }).into_iter().collect();
                let marker = Candidate { asks, room: Fraction::whole(0), ..one.clone() };
                route(&world.asked(false), &[one.clone(), marker]).ok().filter(|routed| routed.parts.len() == 1)
            })
            .collect();
        let split = world.routed(true);
        prop_assert!(alone.is_empty() || split.is_some(), "somebody could have bought it");
        for (split, one) in alone.iter().filter_map(|one| Some((split.as_ref()?, one))) {
            prop_assert!(world.a_unit(split) <= world.a_unit(one), "{split:?} costs more than {one:?}");
        }
        let best = world.routed(false);
        prop_assert_eq!(best.is_some(), !alone.is_empty());
        for (best, one) in alone.iter().filter_map(|one| Some((best.as_ref()?, one))) {
            prop_assert!(best.parts.len() == 1 && world.a_unit(best) <= world.a_unit(one));
        }
    }

    #[test]
    fn the_sum_is_never_more_than_was_asked_and_no_part_beyond_its_bounds(world in worlds(), split in any::<bool>()) {
        let Some(routed) = world.routed(split) else { return Ok(()) };
        let none = Fraction::whole(0);
        let units = routed.parts.iter().fold(none.clone(), |sum, part| sum + part.figures.quantity.fraction());
        let spent = routed.parts.iter().fold(none, |sum, part| sum + world.cost(&part.account, &part.figures));
        match world.size {
            OrderSize::Base(asked) => prop_assert!(units <= asked.fraction()),
            OrderSize::Quote(asked) => prop_assert!(spent <= asked.fraction(), "{spent:?} of {asked}"),
        }
        let touch = world.candidates.iter().flat_map(|one| &one.asks).map(|level| level.price).min();
        let shares = routed.parts.iter().fold(Fraction::whole(0), |sum, part| sum + part.share.clone());
        prop_assert_eq!(shares, Fraction::whole(1));
        prop_assert!(split || routed.parts.len() == 1);
        for part in &routed.parts {
            let (of, figures) = (world.of(&part.account), part.figures);
            match world.limit {
                Some(limit) => prop_assert!(figures.worst <= limit),
                None => prop_assert!(
                    figures.worst.fraction() <= touch.unwrap().fraction() * world.slippage.gain(),
                    "{:?} is beyond {} % of {:?}", figures, world.slippage, touch
                ),
            }
            prop_assert!(figures.quantity.fraction() <= of.room);
            prop_assert!(figures.average <= figures.worst);
            prop_assert_eq!(of.filters.check(figures.quantity, figures.average), Ok(()));
            prop_assert_eq!(of.filters.on_grid(figures.quantity, None), Ok(()));
        }
    }

    #[test]
    fn the_same_is_chosen_again_and_each_account_is_told_of_once(world in worlds(), split in any::<bool>()) {
        let chosen = route(&world.asked(split), &world.candidates);
        prop_assert_eq!(&chosen, &route(&world.asked(split), &world.candidates));
        let mut told: Vec<AccountId> = match chosen {
            Ok(Routed { parts, others, .. }) => {
                parts.into_iter().map(|part| part.account).chain(others.into_iter().map(|(id, _)| id)).collect()
            }
            Err(NotRouted { others, .. }) => others.into_iter().map(|(id, _)| id).collect(),
        };
        told.sort();
        let mut all: Vec<_> = world.candidates.iter().map(|one| one.account.clone()).collect();
        all.sort();
        prop_assert_eq!(told, all);
    }
}
