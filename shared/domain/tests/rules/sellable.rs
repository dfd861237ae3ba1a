//! What is bought can be sold: refused before the first order where it could not be, less the fee that is taken of it.

use crate::given::{ladder, market, opened, plan, quantity, rich};
use domain::group::OpeningRefused;
use domain::ladder::{FlightFailure, Sale};
use domain::market::FilterFailure::{self, BelowNotionalMin, QuantityZero};
use domain::market::{Filters, Market, MarketKey};
use domain::preset::{OrderSize, TradePlan};
use domain::profit::{Basis, StopLoss};

fn at(exchange: &str, quantity_step: &str) -> Market {
    let market = market();
    let quantity_step = quantity(quantity_step);
    let filters = Filters { quantity_step, quantity_min: quantity_step, ..market.filters };
    Market { key: MarketKey { exchange: exchange.parse().unwrap(), ..market.key.clone() }, filters, ..market }
}

/// An entry of so much at this price, with a stop so many percent below it.
fn refused(market: &Market, size: &str, at: &str, stop: Option<&str>) -> Option<(Option<Sale>, FilterFailure)> {
    let stop_loss = stop.map(|loss| StopLoss::fixed(loss.parse().unwrap(), Basis::Base));
    let plan = TradePlan { size: OrderSize::Base(quantity(size)), stop_loss, ladder: None, ..plan() };
    why(opened(plan, at, market, rich()).err()?)
}

fn why(refused: OpeningRefused) -> Option<(Option<Sale>, FilterFailure)> {
    match refused {
        OpeningRefused::Flight(failure) => match *failure {
            FlightFailure::Order(order) => Some((order.sale, order.check)),
            other => panic!("{other}"),
        },
        other => panic!("{other}"),
    }
}

/// Of a lot that arrives without its fee no lot is left: it would be bought, and closed as dust in the same second.
#[test]
fn one_lot_is_refused_where_its_fee_is_taken_of_it() {
    let step = Some(Sale::Step(1));
    assert_eq!(refused(&at("BINANCE", "1"), "1", "15", None), Some((step, QuantityZero)));
    assert_eq!(refused(&at("PAPER", "1"), "1", "15", None), Some((step, QuantityZero)));
    assert_eq!(refused(&at("BINANCE", "1"), "2", "15", None), None, "one of them can be sold");
    assert_eq!(refused(&at("KRAKEN", "1"), "1", "15", None), None, "its fee is taken in quote");
}

/// 0.00008 at 64,000 is 5.12; what is left of it after its fee, 0.00007, is 4.48.
#[test]
fn what_is_left_after_the_fee_is_worth_a_sale_at_every_price_of_its_plan() {
    let market = at("BINANCE", "0.00001");
    assert_eq!(refused(&market, "0.00008", "64000", None), Some((Some(Sale::Step(1)), BelowNotionalMin)));
    let stop = Some((Some(Sale::Stop), BelowNotionalMin));
    assert_eq!(refused(&market, "0.00009", "64000", Some("11")), stop, "0.00008 at 56,960 is 4.56");
    assert_eq!(refused(&market, "0.00009", "64000", Some("2")), None);
    assert_eq!(refused(&market, "0.00009", "64000", None), None);
}

/// A take-profit that is high enough hides nothing: an exit may be asked for at once.
#[test]
fn what_only_a_profit_could_sell_is_refused_as_an_exit() {
    let take_profit = domain::profit::TakeProfit::at("20".parse().unwrap());
    let plan =
        TradePlan { size: OrderSize::Base(quantity("0.00008")), take_profit, stop_loss: None, ladder: None, ..plan() };
    let refused = opened(plan, "64000", &at("BINANCE", "0.00001"), rich()).err().unwrap();
    assert_eq!(refused.to_string(), "level 0, exit: below_notional_min: 0.00007 at 64000 is 4.48; the least is 5");
    assert_eq!(why(refused), Some((Some(Sale::Exit), BelowNotionalMin)));
}

/// Of a ladder each row is held against its own stop, which a purchase more may have moved.
#[test]
fn a_ladder_is_held_against_its_stop_row_by_row() {
    let stop_loss = Some(StopLoss::fixed("40".parse().unwrap(), Basis::Average));
    let plan = TradePlan {
        size: OrderSize::Base(quantity("0.1")),
        stop_loss,
        ladder: Some(ladder(2, "10", "2", 2)),
        ..plan()
    };
    let refused = |base: &str| {
        let plan = TradePlan { size: OrderSize::Base(quantity(base)), ..plan.clone() };
        opened(plan, "100", &market(), rich()).err().and_then(why)
    };
    assert_eq!(refused("0.08"), Some((Some(Sale::Stop), BelowNotionalMin)), "8 is worth 4.8 there");
    assert_eq!(refused("0.09"), None);
}
