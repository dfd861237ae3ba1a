//! Every way to say how large entries are and where they stand: what is traded is what was planned.

use crate::given::{amount, bought, market, plan, price, quantity};
use domain::account::Funds;
use domain::alert::Side;
use domain::ladder::{self, Dialect, LadderPlan, Size, Sizes, Spacing, Total};
use domain::market::{Market, Stops};
use domain::money::{Decimal, Percent};
use domain::preset::{AskedLadder, AskedLegs, AskedPlan, AskedSize, LegSizes, OrderSize, SafetyOrders, TradePlan};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use proptest::prelude::*;

const BALANCE: &str = "50000";

fn decimal(number: u32, scale: u32) -> String {
    Decimal::new(i64::from(number), scale).to_string()
}

fn percent(text: &str) -> Percent {
    text.parse().unwrap()
}

fn places(count: u32) -> impl Strategy<Value = Spacing> {
    let scaled =
        (1_u32..60, 50_u32..180, any::<bool>()).prop_map(move |(deviation, scale, compounding)| Spacing::Scaled {
            count,
            deviation: percent(&decimal(deviation, 1)),
            scale: quantity(&decimal(scale, 2)),
            dialect: if compounding { Dialect::Compounding } else { Dialect::Additive },
        });
    let listed = prop::collection::btree_set(1_u32..999, count as usize)
        .prop_map(|places| Spacing::Custom(places.into_iter().map(|place| percent(&decimal(place, 1))).collect()));
    prop_oneof![scaled, listed]
}

fn size() -> impl Strategy<Value = Size> {
    prop_oneof![
        (500_u32..50_000).prop_map(|quote| Size::Quote(amount(&decimal(quote, 2)))),
        (1_u32..9_999).prop_map(|base| Size::Base(quantity(&decimal(base, 4)))),
        (1_u32..999).prop_map(|share| Size::Percent(percent(&decimal(share, 2)))),
    ]
}

fn sizes(count: u32) -> impl Strategy<Value = (AskedSize, AskedLegs)> {
    let orders = count as usize;
    let scaled = (size(), size(), 50_u32..200)
        .prop_map(|(base, first, scale)| (base, AskedLegs::Scaled { first, scale: quantity(&decimal(scale, 2)) }));
    let each = (size(), prop::collection::vec(size(), orders)).prop_map(|(base, each)| (base, AskedLegs::Each(each)));
    let own = prop_oneof![scaled, each].prop_map(|(base, legs)| (AskedSize::Of(base), legs));
    let shared = (1_000_u32..90_000_000, any::<bool>(), prop::collection::vec(1_u32..1_000, orders + 1)).prop_map(
        |(total, risk, weights)| {
            let total = amount(&decimal(total, 2));
            let total = if risk { Total::Risk(total) } else { Total::Quote(total) };
            let weights = weights.into_iter().map(|weight| quantity(&decimal(weight, 1))).collect();
            (AskedSize::Shared { total, weights }, AskedLegs::Shared)
        },
    );
    prop_oneof![own, shared]
}

fn asked() -> impl Strategy<Value = AskedPlan> {
    (1_u32..12).prop_flat_map(|count| (places(count), sizes(count), 1_u32..99)).prop_map(
        |(spacing, (size, sizes), stop)| AskedPlan {
            size,
            ladder: Some(AskedLadder { spacing, sizes, active: 5, at_market: false }),
            stop_loss: Some(StopLoss::fixed(percent(&stop.to_string()), Basis::Base)),
            ..plan().into()
        },
    )
}

/// The same, as a ladder that is only planned.
fn planned(asked: &AskedPlan, at: &str) -> LadderPlan {
    let ladder = asked.ladder.clone().unwrap();
    let sizes = match (asked.size.clone(), ladder.sizes) {
        (AskedSize::Shared { total, weights }, _) => Sizes::Split { total, weights },
        (AskedSize::Of(base), AskedLegs::Scaled { first, scale }) => Sizes::Scaled { base, first, scale },
        (AskedSize::Of(base), AskedLegs::Each(each)) => Sizes::Custom { base, each },
        (AskedSize::Of(_), AskedLegs::Shared) => unreachable!("no such plan is drawn"),
    };
    LadderPlan {
        filters: market().filters,
        orders_max: None,
        fee: market().fee,
        fee_in_base: false,
        side: Side::Long,
        margin: None,
        base_at_market: asked.kind == domain::preset::OrderKind::Market,
        entry_price: price(at),
        sizes,
        spacing: ladder.spacing,
        active: None,
        at_market: false,
        take_profit: TakeProfit::at(percent("1")),
        stop_loss: asked.stop_loss,
        stops: Stops::Polled,
        balance: Some(quantity(BALANCE)),
    }
}

proptest! {
    #[test]
    fn live_legs_are_those_of_the_plan(asked in asked(), cents in 5_000_u32..5_000_000) {
        let at = decimal(cents, 2);
        let resolved = asked.resolve(&market(), Side::Long, price(&at), amount(BALANCE));
        let planned = ladder::plan(&planned(&asked, &at));
        let (resolved, planned) = match (resolved, planned) {
            (Ok(resolved), Ok(planned)) => (resolved, planned),
            (resolved, planned) => {
                prop_assert_eq!(resolved.err(), planned.err(), "refused alike");
                return Ok(());
            }
        };
        let base = price(&at).fraction() * market().fee.on_top();
        let live = resolved.ladder.unwrap().legs(&base, &market()).unwrap();
        prop_assert_eq!(live.len() + 1, planned.legs.len());
        for (live, planned) in live.iter().zip(planned.legs.iter().skip(1)) {
            match live {
                Ok(leg) => {
                    prop_assert_eq!(leg.price.to_string(), planned.price.to_string());
                    prop_assert_eq!(leg.quantity.to_string(), planned.quantity.to_string());
                    prop_assert!(planned.check.is_ok());
                    let cost = leg.price.fraction() * leg.quantity.fraction() * market().fee.on_top();
                    prop_assert!(leg.reserve.fraction() >= cost, "{:?} is held for {:?}", leg, cost);
                    prop_assert!(market().filters.on_grid(leg.quantity, Some(leg.price)).is_ok());
                    prop_assert!(market().filters.check(leg.quantity, leg.price).is_ok());
                }
                Err(bad) => prop_assert_eq!(Err(bad.failure), planned.check),
            }
        }
    }
}

fn asking(size: AskedSize, ladder: Option<AskedLadder>) -> AskedPlan {
    AskedPlan { size, ladder, ..plan().into() }
}

fn shared(total: Total, weights: &[&str]) -> AskedSize {
    AskedSize::Shared { total, weights: weights.iter().map(|weight| quantity(weight)).collect() }
}

fn placed(places: &[&str], sizes: AskedLegs) -> Option<AskedLadder> {
    let spacing = Spacing::Custom(places.iter().map(|place| percent(place)).collect());
    Some(AskedLadder { spacing, sizes, active: 5, at_market: false })
}

fn resolved(asked: &AskedPlan) -> TradePlan {
    asked.resolve(&market(), Side::Long, price("100"), amount(BALANCE)).unwrap()
}

#[test]
fn a_share_of_the_balance_is_an_amount_from_the_decision_on() {
    let size = AskedSize::Of(Size::Percent(percent("2.5")));
    let legs = AskedLegs::Each(vec![Size::Percent(percent("1")), Size::Base(quantity("3"))]);
    let plan = resolved(&asking(size, placed(&["1", "2"], legs)));
    assert_eq!(plan.size, OrderSize::Quote(amount("1250")));
    let each = vec![OrderSize::Quote(amount("500")), OrderSize::Base(quantity("3"))];
    assert_eq!(plan.ladder.unwrap().sizes, LegSizes::Each(each));
}

#[test]
fn a_total_is_split_and_never_exceeded() {
    let size = shared(Total::Quote(amount("100")), &["1", "1", "1"]);
    let plan = resolved(&asking(size, placed(&["1", "2"], AskedLegs::Shared)));
    let third = OrderSize::Quote(amount("33.333333333333"));
    assert_eq!((plan.size, plan.ladder.unwrap().sizes), (third, LegSizes::Each(vec![third, third])));
    let alone = resolved(&asking(shared(Total::Quote(amount("70")), &["4"]), None));
    assert_eq!((alone.size, alone.ladder), (OrderSize::Quote(amount("70")), None));
}

#[test]
fn a_risk_needs_a_stop_from_the_base_order_that_lies_behind_every_order() {
    let refused = |stop: Option<StopLoss>, places: &[&str]| {
        let size = shared(Total::Risk(amount("20")), &["1", "1"]);
        let asked = AskedPlan { stop_loss: stop, ..asking(size, placed(places, AskedLegs::Shared)) };
        asked.resolve(&market(), Side::Long, price("100"), amount(BALANCE)).unwrap_err().field
    };
    let from = |basis| Some(StopLoss::fixed(percent("5"), basis));
    assert_eq!(refused(None, &["2"]), "stop_loss_percent");
    assert_eq!(refused(from(Basis::Average), &["2"]), "stop_loss_basis");
    assert_eq!(refused(from(Basis::Base), &["6"]), "stop_loss_percent");
    assert_eq!(refused(from(Basis::Base), &["2", "3"]), "total.weights");
}

/// Two legs of three coins each behind one at 100, which has cost 100.1.
fn of_coins(at_market: bool) -> TradePlan {
    let three = OrderSize::Base(quantity("3"));
    let ladder =
        SafetyOrders { sizes: LegSizes::Each(vec![three, three]), at_market, ..crate::given::ladder(2, "50", "2", 2) };
    TradePlan { ladder: Some(ladder), ..plan() }
}

#[test]
fn what_is_held_for_coins_follows_from_their_price_and_is_never_less_than_their_cost() {
    let waiting = crate::given::position(of_coins(false), "100");
    // Before the base order has ended it may still cost 1 % more: 3 × (99.07 + 97.05) × 1.001.
    assert_eq!(waiting.ahead().unwrap(), amount("588.94836"));
    let filled = bought(of_coins(false), "100", "1", ("USDT", "0.1"));
    // 3 × (98.09 + 96.09) × 1.001.
    assert_eq!(filled.ahead().unwrap(), amount("583.12254"));
    let at_market = bought(of_coins(true), "100", "1", ("USDT", "0.1"));
    assert_eq!(at_market.ahead().unwrap(), amount("588.9537654"), "as much more as the price may move");
}

/// Why a plan opens nothing with this balance, where so many orders may rest at once.
fn refused(plan: TradePlan, orders_max: u32, balance: &str) -> Option<String> {
    let market = Market { orders_max: Some(orders_max), ..market() };
    let funds = Funds { balance: amount(balance), reserved: amount("10") };
    crate::given::opened(plan, "100", &market, funds).err().map(|refused| refused.to_string())
}

#[test]
fn all_of_it_is_checked_before_the_first_order() {
    let ladder = || crate::given::ladder(4, "50", "2", 3);
    let with = |take_profit: TakeProfit| TradePlan { ladder: Some(ladder()), take_profit, ..plan() };
    let (one, each) = (TakeProfit::at(percent("1")), TakeProfit::PerLeg { profit: percent("1") });
    let told = |text: &str| Some(text.to_owned());
    assert_eq!(refused(with(one.clone()), 4, "1000"), None);
    assert_eq!(refused(with(one.clone()), 3, "1000"), told("too_many_orders: 4 would rest at once, 3 may"));
    assert_eq!(
        refused(with(one.clone().trailing_by(percent("1"))), 3, "1000"),
        None,
        "nothing rests for the last step"
    );
    assert_eq!(refused(with(each), 4, "1000"), told("too_many_orders: 5 would rest at once, 4 may"));
    let hybrid = TakeProfit::Hybrid { profit: percent("1"), all: percent("2") };
    assert_eq!(refused(with(hybrid), 5, "1000"), None);
    let at_market = TradePlan { ladder: Some(SafetyOrders { at_market: true, ..ladder() }), ..plan() };
    assert_eq!(refused(at_market, 1, "1000"), None, "legs at the market rest nowhere");
    let poor = refused(with(one), 4, "250").unwrap();
    assert!(poor.starts_with("level 3: balance_too_small: 250.2") && poor.ends_with(" needed, 240 there"), "{poor}");
    let tiny = TradePlan { ladder: Some(crate::given::ladder(2, "4", "2", 2)), ..plan() };
    assert!(refused(tiny, 9, "1000").unwrap().starts_with("level 1: below_notional_min: 0.04077 at 98.09 is "));
    let deep = TradePlan { ladder: Some(crate::given::ladder(3, "50", "40", 2)), ..plan() };
    assert!(refused(deep, 9, "1000").unwrap().starts_with("level 3: price_not_positive: "));
}

/// The base order's two slices are one order: 1 beside a leg, then 2 beside none.
#[test]
fn what_sells_is_counted_beside_the_legs_that_wait_then() {
    let step = |profit, amount| ProfitStep { profit: percent(profit), amount: percent(amount) };
    let take_profit = TakeProfit::aggregate(Basis::Average, vec![step("1", "4"), step("2", "96")]).unwrap();
    let of = |ladder| TradePlan { ladder: Some(ladder), take_profit: take_profit.clone(), ..plan() };
    let alone = of(crate::given::ladder(1, "50", "2", 1));
    assert_eq!(refused(alone.clone(), 2, "1000"), None);
    let told = Some("too_many_orders: 2 would rest at once, 1 may".to_owned());
    assert_eq!(refused(alone, 1, "1000"), told);
}

#[test]
fn a_stop_that_rests_is_another_order_beside_each_limit() {
    let resting = |take_profit: TakeProfit, stop_loss: Option<StopLoss>, orders_max: u32| {
        let plan = TradePlan { ladder: Some(crate::given::ladder(4, "50", "2", 3)), take_profit, stop_loss, ..plan() };
        let market = Market { orders_max: Some(orders_max), stops: Stops::Paired, ..market() };
        let funds = Funds { balance: amount("1000"), reserved: amount("10") };
        crate::given::opened(plan, "100", &market, funds).err().map(|refused| refused.to_string())
    };
    let (one, each) = (TakeProfit::at(percent("1")), TakeProfit::PerLeg { profit: percent("1") });
    let stop = StopLoss::fixed(percent("30"), Basis::Base);
    let told = |text: &str| Some(text.to_owned());
    assert_eq!(resting(one.clone(), Some(stop), 4), told("too_many_orders: 5 would rest at once, 4 may"));
    assert_eq!(resting(one.clone(), Some(stop), 5), None);
    assert_eq!(resting(one.clone().trailing_by(percent("1")), Some(stop), 4), None, "the stop rests alone");
    assert_eq!(resting(each, Some(stop), 9), told("too_many_orders: 10 would rest at once, 9 may"));
    for polled in [None, Some(StopLoss { trailing: true, ..stop }), Some(StopLoss { at_venue: false, ..stop })] {
        assert_eq!(resting(one.clone(), polled, 4), None);
    }
}
