//! Positions of contracts, long and short: a short is a long in a mirror, and what either takes of its account is its margin.

use crate::given::{
    NOW, alert, amount, at_rest, delivery, fact, fill, ladder, market, plan, price, quantity, rich, submitted,
};
use domain::account::Need;
use domain::alert::{Alert, Side};
use domain::clock::{Millis, Timestamp};
use domain::group::{self, ExitReason, Observer, Opening, OpeningRefused, Position, Step, next};
use domain::ids::{AccountId, AttemptId};
use domain::market::{Leverage, Market, MarketKey, MarketKind};
use domain::order::{Direction, Fill, Purpose, Status};
use domain::preset::{OrderKind, TradePlan};
use domain::profit::{Basis, StopLoss, TakeProfit};
use domain::seat::Seat;
use std::collections::BTreeSet;

fn times(leverage: u32) -> Leverage {
    Leverage::new(leverage).unwrap()
}

fn contracts() -> Market {
    let key = MarketKey::named("PAPERUSDM".parse().unwrap(), "BTC/USDT".parse().unwrap());
    Market {
        key,
        kind: MarketKind::Linear { leverage_max: times(20) },
        can_short: true,
        stops: domain::market::Stops::Paired,
        ..market()
    }
}

fn opened(plan: TradePlan, side: Side, market: &Market) -> Result<(Position, Need), OpeningRefused> {
    let (delivery, account) = (delivery("body"), AccountId::of(&["account"]));
    let alert = Alert { plan: plan.into(), ..alert() };
    let (alert, delivery, account) = (&alert, &delivery, &account);
    let (price, funds) = (price("100"), rich());
    group::open(&Opening {
        deployment: "test",
        account,
        mode: None,
        delivery,
        alert,
        market,
        side,
        price,
        funds,
        share: None,
        now: NOW,
    })
}

/// One unit at 100 with a fee of 0.1.
fn entered(plan: TradePlan, side: Side) -> Position {
    let position = submitted(opened(plan, side, &contracts()).unwrap().0);
    let entry = position.orders[0].id.clone();
    position.observe(&entry, &fact(Status::Filled, &[("1", fill("100", "1", Some(("USDT", "0.1"))))]))
}

fn lent(leverage: u32) -> TradePlan {
    TradePlan { leverage: times(leverage), ..plan() }
}

fn at(seconds: i64) -> Timestamp {
    NOW.plus(Millis::seconds(seconds))
}

fn decided(position: &Position) -> Position {
    let (me, tried) = (AttemptId::new("me"), BTreeSet::new());
    match next(position, "test", Observer::Executor { attempt: &me, tried: &tried }, at(1)).unwrap() {
        Step::Decide { position, .. } => *position,
        step => panic!("{step:?}"),
    }
}

#[test]
fn only_contracts_are_sold_short() {
    let sold_short =
        |market: &Market| opened(plan(), Side::Short, market).map(|(position, _)| position.orders[0].direction);
    assert_eq!(sold_short(&contracts()).unwrap(), Direction::Sell);
    let coins = Market { can_short: true, ..market() };
    for market in [coins, Market { can_short: false, ..contracts() }] {
        assert_eq!(sold_short(&market).unwrap_err(), OpeningRefused::Short, "{:?}", market.kind);
    }
}

/// 100 ÷ 4 and the fee of 0.1, and 1 % of both for the price to move.
#[test]
fn an_entry_of_contracts_takes_its_margin_and_its_fee() {
    for side in [Side::Long, Side::Short] {
        let (position, need) = opened(lent(4), side, &contracts()).unwrap();
        assert_eq!((need.reserve, need.exposure), (amount("25.351"), amount("100")), "{side:?}");
        assert_eq!(position.orders[0].reserved, amount("25.351"));
        assert_eq!(opened(lent(1), side, &contracts()).unwrap().1.reserve, amount("101.101"));
    }
}

#[test]
fn more_leverage_than_the_market_lends_is_refused_by_its_field() {
    let refused = |leverage, market: &Market| match opened(lent(leverage), Side::Long, market) {
        Err(OpeningRefused::Asked(wrong)) => wrong.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(21, &contracts()), "leverage must be at most 20 in this market");
    assert_eq!(refused(2, &market()), "leverage must be 1 where coins are traded");
    assert!(opened(lent(20), Side::Long, &contracts()).is_ok());
}

/// It was sold for 99.9 after its fee. The stop is 99.9 × 1.05 = 104.895, up; the take-profit 99.9 × 0.985 ÷ 1.001 =
/// 98.3031…, down.
#[test]
fn a_short_is_left_below_with_profit_and_above_with_loss() {
    let position = decided(&entered(plan(), Side::Short));
    let order = position.latest_of(0, Purpose::TakeProfit(1)).unwrap();
    assert_eq!((order.direction, order.quantity), (Direction::Buy, quantity("1")));
    assert_eq!(order.bracket(), Some((price("98.3"), price("104.9"))));
    let stopped = |at: &str| position.is_stopped(price(at), NOW, NOW).unwrap();
    assert_eq!((stopped("104.89"), stopped("104.9"), stopped("90")), (false, true, false));
}

#[test]
fn a_short_gains_what_it_buys_back_for_less() {
    let held = entered(lent(4), Side::Short);
    assert_eq!(held.cash_flow().unwrap(), amount("-25.1"), "margin and fee");
    assert_eq!(held.ledger().unwrap().unrealised(price("90")).unwrap(), amount("9.9").fraction());
    let resting = decided(&held);
    let order = resting.latest_of(0, Purpose::TakeProfit(1)).unwrap().id.clone();
    let bought = Fill { at: at(5), ..fill("98.3", "1", Some(("USDT", "0.0983"))) };
    let over = at_rest(resting.observe(&order, &fact(Status::Filled, &[("2", bought)])));
    assert_eq!(over.group.exit.unwrap().reason, ExitReason::TakeProfit);
    assert_eq!(over.group.settled.unwrap().realised, amount("1.5017"));
    assert_eq!(over.cash_flow().unwrap(), amount("1.5017"), "the margin is back");
    assert_eq!(over.cash_flow_after(at(1), at(1)).unwrap(), amount("26.6017"), "of what was bought back since");
}

#[test]
fn a_short_that_is_left_buys_back_what_it_has_sold() {
    let left = decided(&entered(plan(), Side::Short).leave(ExitReason::User, at(1)));
    let exit = left.latest_of(0, Purpose::Exit).unwrap();
    assert_eq!((exit.direction, exit.quantity, exit.kind), (Direction::Buy, quantity("1"), OrderKind::Market));
}

/// 99.9 × 1.02 = 101.898, up; 50 ÷ 101.9 = 0.49067…, down.
#[test]
fn the_ladder_of_a_short_stands_above_it() {
    let plan = TradePlan { ladder: Some(ladder(2, "50", "2", 2)), stop_loss: None, ..lent(2) };
    let position = at_rest(entered(plan, Side::Short));
    let leg = position.latest_of(1, Purpose::Entry).unwrap();
    assert_eq!(
        (leg.direction, leg.kind, leg.quantity),
        (Direction::Sell, OrderKind::Limit(price("101.9")), quantity("0.49067"))
    );
    assert_eq!(leg.reserved, amount("25.05"), "half of 50 and the fee of all of it");
}

#[test]
fn a_trailing_stop_of_a_short_only_falls() {
    let stop = StopLoss { trailing: true, ..StopLoss::fixed("2".parse().unwrap(), Basis::Base) };
    let position = entered(TradePlan { stop_loss: Some(stop), ..plan() }, Side::Short);
    let looked = |position: &Position, at_price: &str, seconds| {
        position.track(price(at_price), at(seconds), at(seconds)).unwrap()
    };
    assert_eq!(position.stop_price().unwrap(), Some(price("101.9")));
    let fallen = looked(&position, "95", 1);
    assert_eq!(fallen.stop_price().unwrap(), Some(price("96.9")));
    let risen = looked(&fallen, "96", 2);
    assert_eq!(risen.stop_price().unwrap(), Some(price("96.9")));
    assert!(risen.is_stopped(price("96.9"), at(3), at(3)).unwrap());
}

#[test]
fn a_trailing_take_profit_of_a_short_follows_the_lowest_price() {
    let plan =
        TradePlan { take_profit: TakeProfit::at("1.5".parse().unwrap()).trailing_by("1".parse().unwrap()), ..plan() };
    let position = entered(plan, Side::Short);
    let looked = |position: &Position, at_price: &str, seconds| {
        position.track(price(at_price), at(seconds), at(seconds)).unwrap()
    };
    assert_eq!(position.arms_at().unwrap(), Some(price("98.3")));
    assert_eq!(looked(&position, "98.31", 1).group.tracked.armed, None);
    let armed = looked(&looked(&position, "98", 1), "95", 2);
    assert_eq!(armed.group.tracked.armed.unwrap().peak, price("95"));
    assert_eq!(armed.group.trails_at(), Some(price("95.95")));
    assert_eq!(
        (armed.has_trailed(price("95.94"), at(3), at(3)), armed.has_trailed(price("95.95"), at(3), at(3))),
        (false, true)
    );
}

#[test]
fn a_signal_closes_a_short_only_where_that_brings_what_its_plan_asks_for() {
    let mut position = entered(plan(), Side::Short);
    position.group.plan.rules.minimum_profit = Some("1".parse().unwrap());
    let worth = |at: &str| position.not_worth_closing(Some(price(at))).unwrap().is_none();
    assert_eq!((worth("98.8"), worth("98.81"), worth("110")), (true, false, false));
}

/// Binance and the paper venue net out what is bought and sold of one market.
#[test]
fn contracts_of_one_market_have_one_seat() {
    let timeframe = || Some("60".parse().unwrap());
    assert_eq!(Seat::on(&contracts(), timeframe()), Seat::on(&contracts(), None));
    assert_ne!(Seat::on(&market(), timeframe()), Seat::on(&market(), None));
    assert_eq!(entered(plan(), Side::Short).group.seat().to_string(), "BTC/USDT:USDT#-");
}
