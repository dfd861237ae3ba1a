//! What a plan says and what a trade does are one: places of exits after each leg, from the base order and the average.

use crate::given::{
    amount, at_rest, bought, fact, fill, ladder, market, opened, plan, price, quantity, rich, with_leg,
};
use domain::alert::Side;
use domain::group::Position;
use domain::ladder::{self, AfterFill, Joins, Ladder, LadderPlan, Size, Sizes};
use domain::market::{Market, Stops};
use domain::money::{Decimal, Percent};
use domain::order::{Purpose, Status};
use domain::preset::{OrderSize, TradePlan};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use proptest::prelude::*;

fn percent(text: &str) -> Percent {
    text.parse().unwrap()
}

/// One unit at 100 with its fee of 0.1, and 0.50973 at 98.09: the base order has cost 100.1, all of it 99.454482 a unit.
fn with_one_leg(take_profit: TakeProfit, stop: Basis) -> Position {
    let stop_loss = Some(StopLoss::fixed(percent("5"), stop));
    let plan = TradePlan { ladder: Some(ladder(2, "50", "2", 2)), take_profit, stop_loss, ..plan() };
    with_leg(at_rest(bought(plan, "100", "1", ("USDT", "0.1"))), 1)
}

fn together(basis: Basis) -> TakeProfit {
    let all = ProfitStep { profit: percent("2"), amount: Percent::HUNDRED };
    TakeProfit::aggregate(basis, vec![all]).unwrap()
}

#[test]
fn a_stop_from_the_base_order_stays_and_one_from_the_average_follows_the_legs() {
    let stop = |basis| with_one_leg(together(Basis::Average), basis).stop_price().unwrap();
    assert_eq!((stop(Basis::Base), stop(Basis::Average)), (Some(price("95.09")), Some(price("94.48"))));
}

/// From the base order 2 of its 100.1 are to be gained, from the average of all 2 % of what all have cost.
#[test]
fn a_take_profit_from_the_base_order_gains_less_of_more_than_one_from_the_average() {
    let sold = |basis| with_one_leg(together(basis), Basis::Base).slices().unwrap().unwrap()[0].price;
    assert_eq!((sold(Basis::Base), sold(Basis::Average)), (price("100.89"), price("101.55")));
}

prop_compose! {
    fn take_profits()(
        mode in 0_u8..4, profit in 1_u32..900, all in 1_u32..900, cut in 1_u32..100, more in 1_u32..900,
    ) -> TakeProfit {
        let tenths = |tenths: u32| Percent::new(Decimal::new(tenths.into(), 1)).unwrap();
        let step = |profit, amount| ProfitStep { profit: tenths(profit), amount: tenths(amount * 10) };
        let steps = vec![step(profit, cut), step(profit + more, 100 - cut)];
        match mode {
            0 => TakeProfit::aggregate(Basis::Average, steps).unwrap(),
            1 => TakeProfit::aggregate(Basis::Base, steps).unwrap(),
            2 => TakeProfit::PerLeg { profit: tenths(profit) },
            _ => TakeProfit::Hybrid { profit: tenths(profit), all: tenths(all) },
        }
    }
}

prop_compose! {
    /// A trade and the price of its base order.
    fn trades()(
        at in 2_000_u32..9_000_000, base in 6_u32..500, first in 6_u32..500, count in 0_u32..5, deviation in 1_u32..150,
        take_profit in take_profits(), loss in 1_u32..1_000, from_average in any::<bool>(),
    ) -> (TradePlan, Decimal) {
        let at = Decimal::new(at.into(), 2);
        let basis = if from_average { Basis::Average } else { Basis::Base };
        let break_even_after = matches!(take_profit, TakeProfit::Aggregate { .. }).then_some(1);
        let loss = Percent::new(Decimal::new(loss.into(), 1)).unwrap();
        let stop_loss = Some(StopLoss { break_even_after, ..StopLoss::fixed(loss, basis) });
        let size = OrderSize::Base(quantity(&(Decimal::from(base) / at).round_dp(5).to_string()));
        let ladder = Some(ladder(count, &first.to_string(), &Decimal::new(deviation.into(), 1).to_string(), 2));
        (TradePlan { size, ladder, take_profit, stop_loss, ..plan() }, at)
    }
}

/// The same as it is planned, where the fee of a purchase is taken so.
fn planned(trade: &TradePlan, at: Decimal, market: &Market, fee_in_base: bool) -> Option<Ladder> {
    let ladder = trade.ladder.clone()?;
    let domain::preset::LegSizes::Scaled { first, scale } = ladder.sizes else { return None };
    ladder::plan(&LadderPlan {
        filters: market.filters,
        orders_max: market.orders_max,
        fee: market.fee,
        fee_in_base,
        side: Side::Long,
        margin: None,
        base_at_market: true,
        entry_price: price(&at.to_string()),
        sizes: Sizes::Scaled { base: trade.size.into(), first: Size::from(first), scale },
        spacing: ladder.spacing,
        active: Some(ladder.active),
        at_market: ladder.at_market,
        take_profit: trade.take_profit.clone(),
        stop_loss: trade.stop_loss,
        stops: market.stops,
        balance: None,
    })
    .ok()
}

/// Prices and quantities of the orders that sell: slices with those that joined them.
fn placed(row: &AfterFill) -> Vec<(String, Decimal)> {
    let mut carried = Decimal::ZERO;
    let mut placed: Vec<(String, Decimal)> = Vec::new();
    for slice in &row.take_profit {
        carried += slice.quantity.to_string().parse::<Decimal>().unwrap();
        match slice.joins {
            Some(Joins::Next) => continue,
            Some(Joins::Previous) => placed.last_mut().unwrap().1 += carried,
            None => placed.push((slice.price.to_string(), carried)),
        }
        carried = Decimal::ZERO;
    }
    placed
}

fn sold(position: &Position) -> Vec<(String, Decimal)> {
    let slices = position.slices().unwrap().unwrap();
    slices.iter().map(|slice| (slice.price.to_string(), slice.quantity.get())).collect()
}

/// Where the stop stands once the first step has been sold; none where that is too little to be an order.
fn stop_after_a_step(position: &Position) -> Option<String> {
    let step = position.latest_of(0, Purpose::TakeProfit(1)).filter(|order| order.status == Status::Open)?;
    let sold = fill("1000000", &step.quantity.to_string(), Some(("USDT", "1")));
    let after = position.observe(&step.id, &fact(Status::Filled, &[("sold", sold)]));
    after.stop_price().unwrap().map(|stop| stop.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_more_orders_may_rest_of_a_trade_than_of_its_plan(
        (mut trade, at) in trades(),
        stops in prop_oneof![Just(Stops::Polled), Just(Stops::Alone), Just(Stops::Paired)],
        at_market in any::<bool>(),
        orders_max in 0_u32..14,
    ) {
        trade.ladder.as_mut().unwrap().at_market = at_market;
        let told = |orders_max| {
            let market = Market { orders_max, stops, ..market() };
            let opened = opened(trade.clone(), &at.to_string(), &market, rich());
            let planned = planned(&trade, at, &market, market.takes_fee_in_base()).unwrap().pre_flight;
            (opened.err().map(|refused| refused.to_string()), planned.err().map(|refused| refused.to_string()))
        };
        prop_assume!(told(None) == (None, None));
        let (live, planned) = told(Some(orders_max));
        prop_assert_eq!(live, planned);
    }

    #[test]
    fn exits_stand_after_each_leg_where_the_plan_says((trade, at) in trades()) {
        let rows = planned(&trade, at, &market(), false).filter(|planned| planned.pre_flight.is_ok());
        prop_assume!(rows.is_some());
        // Its fee may be taken in coins: what is left may be too little then, which is refused.
        prop_assume!(opened(trade.clone(), &at.to_string(), &market(), rich()).is_ok());
        let OrderSize::Base(size) = trade.size else { panic!("{:?}", trade.size) };
        let fee = amount(&(at * size.get() * market().fee.get()).normalize().to_string()).to_string();
        let mut live = bought(trade, &at.to_string(), &size.to_string(), ("USDT", &fee));
        for row in rows.unwrap().after_fill {
            if row.level > 0 {
                live = with_leg(live, u32::try_from(row.level).unwrap());
            }
            let text = |number: &Option<ladder::Number>| number.as_ref().map(ToString::to_string);
            prop_assert_eq!(sold(&live), placed(&row), "after leg {}", row.level);
            prop_assert_eq!(live.price_of_all().unwrap().map(|all| all.to_string()), text(&row.price_of_all));
            prop_assert_eq!(live.stop_price().unwrap().map(|stop| stop.to_string()), text(&row.stop_price));
            live = at_rest(live);
            if let (Some(moved), Some(even)) = (stop_after_a_step(&live), &row.break_even) {
                let higher = row.stop_price.iter().fold(even, |higher, stop| higher.max(stop));
                prop_assert_eq!(moved, higher.to_string());
            }
        }
    }
}
