//! The books are exact: what an order holds, what a trade moves, what a pair shares, and that nothing is made or lost.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "tables read better so"
)]

use domain::money::{Amount, Decimal, Fraction, Price, Quantity, Rate};
use proptest::prelude::*;
use venue_sim::engine::{
    Account, Draft, Exchange, FeeIn, Filter, Market, Order, Path, Policy, Refusal, Rules, Side, Size, Status,
    TimeInForce, Trigger, When,
};

const MARKET: &str = "BTC/USD";

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

fn rules() -> Rules {
    let number = |text: &str| Decimal::from_str_exact(text).unwrap();
    Rules {
        tick: number("0.01"),
        step: number("0.001"),
        quantity_min: number("0.001"),
        quantity_max: number("100"),
        market_quantity_max: number("10"),
        notional_min: number("5"),
        notional_max: number("1000000"),
        price_factor_max: number("5"),
        price_factor_min: number("0.2"),
        orders_max: 4,
        algo_orders_max: 2,
        spread_ticks: 1,
    }
}

/// 1,000 USD and 10 BTC at a price of 100, with a fee of 1 %.
fn exchange(fee_in: FeeIn) -> Exchange {
    let fee: Rate = "0.01".parse().unwrap();
    let mut exchange = Exchange::new(Policy {
        fee_in,
        maker: fee,
        taker: fee,
        refuses_passed_triggers: true,
        trades_contracts: false,
    });
    exchange.markets.insert(MARKET.to_owned(), Market::new("BTC", "USD", rules(), price("100")));
    exchange.accounts.insert("me".to_owned(), Account::with(&[("USD", amount("1000")), ("BTC", amount("10"))]));
    exchange
}

fn limit(side: Side, quantity: &str, at: &str) -> Draft {
    let client_id = format!("{side:?}-{quantity}-{at}");
    let size = Size::Base(quantity.parse().unwrap());
    Draft { market: MARKET.to_owned(), side, size, price: Some(price(at)), client_id, ..Draft::default() }
}

fn market(side: Side, quantity: &str) -> Draft {
    Draft { price: None, ..limit(side, quantity, "1") }
}

fn stop(side: Side, quantity: &str, at: &str, when: When) -> Draft {
    Draft { trigger: Some(Trigger { price: price(at), when }), ..market(side, quantity) }
}

/// What is free and locked, as text.
fn has(exchange: &Exchange, asset: &str) -> (String, String) {
    let balance = exchange.accounts["me"].balance(asset);
    (balance.free.to_string(), balance.locked.to_string())
}

fn check(fee_in: FeeIn, draft: Draft, prices: &[&str], usd: (&str, &str), btc: (&str, &str), status: Status) {
    let mut exchange = exchange(fee_in);
    let id = exchange.place("me", draft.clone(), None, 0).unwrap();
    for at in prices {
        exchange.reprice(MARKET, price(at), 1);
    }
    let seen = (has(&exchange, "USD"), has(&exchange, "BTC"), exchange.orders[&id].status);
    let text = |(free, locked): (&str, &str)| (free.to_owned(), locked.to_owned());
    assert_eq!(seen, (text(usd), text(btc), status), "{draft:?} {prices:?}");
}

#[test]
#[rustfmt::skip]
fn what_an_order_holds_and_what_its_trades_move() {
    use {FeeIn::{Quote, Received}, Side::{Buy, Sell}, Status::{Expired, Filled, New}, When::{AtOrAbove, AtOrBelow}};
    // A limit that rests holds what it needs; with fees in quote, who buys holds the fee as well.
    check(Received, limit(Buy, "1", "90"), &[], ("910", "90"), ("10", "0"), New);
    check(Quote, limit(Buy, "1", "90"), &[], ("909.1", "90.9"), ("10", "0"), New);
    check(Received, limit(Sell, "1", "110"), &[], ("1000", "0"), ("9", "1"), New);
    // It trades at its own limit when the price comes to it, however far the price jumps.
    check(Received, limit(Buy, "1", "90"), &["80"], ("910", "0"), ("10.99", "0"), Filled);
    check(Quote, limit(Buy, "1", "90"), &["80"], ("909.1", "0"), ("11", "0"), Filled);
    check(Received, limit(Sell, "1", "110"), &["120"], ("1108.9", "0"), ("9", "0"), Filled);
    // Who takes gets the best price: the bid, or the ask a tick above.
    check(Received, market(Buy, "1"), &[], ("899.99", "0"), ("10.99", "0"), Filled);
    check(Quote, market(Sell, "1"), &[], ("1099", "0"), ("9", "0"), Filled);
    check(Received, limit(Buy, "1", "105"), &[], ("899.99", "0"), ("10.99", "0"), Filled);
    // What should be done at once or not at all does not rest.
    check(Received, Draft { time_in_force: TimeInForce::Ioc, ..limit(Buy, "1", "90") }, &[], ("1000", "0"), ("10", "0"), Expired);
    check(Received, Draft { time_in_force: TimeInForce::Fok, ..limit(Buy, "1", "105") }, &[], ("899.99", "0"), ("10.99", "0"), Filled);
    // A stop waits for its trigger, and takes what there is then.
    check(Received, stop(Sell, "1", "90", AtOrBelow), &["95"], ("1000", "0"), ("9", "1"), New);
    check(Received, stop(Sell, "1", "90", AtOrBelow), &["80"], ("1079.2", "0"), ("9", "0"), Filled);
    check(Received, stop(Buy, "1", "110", AtOrAbove), &["120"], ("879.99", "0"), ("10.99", "0"), Filled);
    // One that needs more than there is then ends without a trade.
    check(Received, stop(Buy, "9", "110", AtOrAbove), &["120"], ("1000", "0"), ("10", "0"), Expired);
    // A stop with a limit rests where its limit is not reached when it is triggered.
    let stop_limit = Draft { price: Some(price("95")), ..stop(Sell, "1", "90", AtOrBelow) };
    check(Received, stop_limit.clone(), &["80"], ("1000", "0"), ("9", "1"), New);
    check(Received, stop_limit, &["80", "95"], ("1094.05", "0"), ("9", "0"), Filled);
    // Of an amount to spend the market's step is left over; where fees are included they are.
    check(Received, Draft { size: Size::Quote(amount("50")), ..market(Buy, "1") }, &[], ("950.09501", "0"), ("10.49401", "0"), Filled);
    check(Quote, Draft { size: Size::QuoteWithFees(amount("50")), ..market(Buy, "1") }, &[], ("950.0000005", "0"), ("10.495", "0"), Filled);
}

fn refuses(draft: Draft, refusal: &Refusal) {
    let mut exchange = exchange(FeeIn::Received);
    let before = (has(&exchange, "USD"), has(&exchange, "BTC"));
    assert_eq!(exchange.place("me", draft.clone(), None, 0).as_ref(), Err(refusal), "{draft:?}");
    assert_eq!((has(&exchange, "USD"), has(&exchange, "BTC")), before);
    assert!(exchange.orders.is_empty());
}

#[test]
fn what_is_refused_changes_nothing() {
    use Side::{Buy, Sell};
    let of = |filter| Refusal::Filter(filter);
    refuses(limit(Buy, "1", "90.001"), &of(Filter::Price));
    refuses(limit(Buy, "1", "501"), &of(Filter::PercentPrice));
    refuses(limit(Buy, "1", "19"), &of(Filter::PercentPrice));
    refuses(limit(Buy, "0.0015", "90"), &of(Filter::LotSize));
    refuses(limit(Sell, "101", "90"), &of(Filter::LotSize));
    refuses(market(Sell, "11"), &of(Filter::MarketLotSize));
    refuses(limit(Buy, "0.01", "90"), &of(Filter::Notional));
    refuses(limit(Buy, "12", "90"), &Refusal::InsufficientBalance);
    refuses(limit(Sell, "10.001", "110"), &Refusal::InsufficientBalance);
    refuses(market(Buy, "10"), &Refusal::InsufficientBalance);
    refuses(stop(Sell, "1", "100", When::AtOrBelow), &Refusal::WouldTrigger);
    refuses(Draft { post_only: true, ..limit(Buy, "1", "100.01") }, &Refusal::WouldMatch);
    refuses(Draft { market: "A/B".to_owned(), ..limit(Buy, "1", "90") }, &Refusal::NoSuchMarket);
}

#[test]
fn a_closed_market_takes_nothing() {
    let mut exchange = exchange(FeeIn::Received);
    exchange.markets.get_mut(MARKET).unwrap().is_trading = false;
    assert_eq!(exchange.place("me", limit(Side::Buy, "1", "90"), None, 0), Err(Refusal::Closed));
}

#[test]
fn so_many_orders_may_be_open_and_so_many_of_them_wait_for_a_trigger() {
    let mut exchange = exchange(FeeIn::Received);
    for at in ["91", "92"] {
        exchange
            .place("me", Draft { client_id: at.to_owned(), ..stop(Side::Sell, "1", at, When::AtOrBelow) }, None, 0)
            .unwrap();
    }
    let third = stop(Side::Sell, "1", "93", When::AtOrBelow);
    assert_eq!(exchange.place("me", third, None, 0), Err(Refusal::Filter(Filter::MaxNumAlgoOrders)));
    exchange.place("me", limit(Side::Sell, "1", "110"), None, 0).unwrap();
    exchange.place("me", limit(Side::Sell, "1", "111"), None, 0).unwrap();
    let fifth = limit(Side::Sell, "1", "112");
    assert_eq!(exchange.place("me", fifth, None, 0), Err(Refusal::Filter(Filter::MaxNumOrders)));
}

#[test]
fn an_id_is_taken_while_its_order_is_open_and_free_again_after() {
    let mut exchange = exchange(FeeIn::Received);
    let first = exchange.place("me", limit(Side::Buy, "1", "90"), None, 0).unwrap();
    assert_eq!(exchange.place("me", limit(Side::Buy, "1", "90"), None, 0), Err(Refusal::DuplicateId));
    exchange.cancel("me", first, 1).unwrap();
    assert_eq!(has(&exchange, "USD"), ("1000".to_owned(), "0".to_owned()));
    assert_eq!(exchange.cancel("me", first, 1), Err(Refusal::Ended));
    let second = exchange.place("me", limit(Side::Buy, "1", "90"), None, 0).unwrap();
    assert_ne!(first, second);
    assert_eq!(exchange.cancel("you", second, 1), Err(Refusal::NoSuchOrder));
}

#[test]
fn a_part_is_filled_first_and_the_rest_when_the_price_moves_again() {
    let mut exchange = exchange(FeeIn::Received);
    let part = Fraction::from(Decimal::new(4, 1));
    let id = exchange.place("me", limit(Side::Buy, "1", "100.01"), Some(part), 0).unwrap();
    assert_eq!(
        (exchange.orders[&id].status, exchange.orders[&id].filled.to_string()),
        (Status::PartiallyFilled, "0.4".to_owned())
    );
    assert_eq!(has(&exchange, "USD"), ("899.99".to_owned(), "60.006".to_owned()));
    exchange.reprice(MARKET, price("99"), 1);
    assert_eq!(exchange.orders[&id].status, Status::Filled);
    assert_eq!(exchange.trades.iter().map(|trade| trade.is_maker).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_market_order_that_gets_a_part_expires_with_the_rest() {
    let mut exchange = exchange(FeeIn::Received);
    let part = Fraction::from(Decimal::new(4, 1));
    let id = exchange.place("me", market(Side::Sell, "1"), Some(part), 0).unwrap();
    let order = &exchange.orders[&id];
    assert_eq!((order.status, order.filled.to_string()), (Status::Expired, "0.4".to_owned()));
    assert_eq!(has(&exchange, "BTC"), ("9.6".to_owned(), "0".to_owned()));
}

#[test]
fn a_resting_order_is_filled_by_hand_at_its_limit() {
    let mut exchange = exchange(FeeIn::Received);
    let id = exchange.place("me", limit(Side::Sell, "1", "110"), None, 0).unwrap();
    exchange.fill(id, "0.25".parse().unwrap(), 1).unwrap();
    assert_eq!(has(&exchange, "BTC"), ("9".to_owned(), "0.75".to_owned()));
    exchange.fill(id, "5".parse().unwrap(), 2).unwrap();
    assert_eq!((exchange.orders[&id].status, has(&exchange, "USD").0), (Status::Filled, "1108.9".to_owned()));
}

fn pair(exchange: &mut Exchange) -> [u64; 2] {
    let above = Draft { post_only: true, ..limit(Side::Sell, "4", "110") };
    let id = exchange.place_pair("me", [above, stop(Side::Sell, "4", "90", When::AtOrBelow)], "pair", 0).unwrap();
    exchange.pairs[&id].orders
}

#[test]
fn a_pair_holds_its_money_once_and_one_cancels_the_other() {
    for (at, usd, statuses) in
        [("110", "1435.6", [Status::Filled, Status::Expired]), ("85", "1336.6", [Status::Expired, Status::Filled])]
    {
        let mut exchange = exchange(FeeIn::Received);
        let orders = pair(&mut exchange);
        assert_eq!(has(&exchange, "BTC"), ("6".to_owned(), "4".to_owned()));
        exchange.reprice(MARKET, price(at), 1);
        assert_eq!(orders.map(|id| exchange.orders[&id].status), statuses);
        assert_eq!(
            (has(&exchange, "USD").0, has(&exchange, "BTC")),
            (usd.to_owned(), ("6".to_owned(), "0".to_owned()))
        );
    }
}

#[test]
fn cancelling_one_of_a_pair_cancels_both() {
    let mut exchange = exchange(FeeIn::Received);
    let [above, below] = pair(&mut exchange);
    exchange.cancel("me", below, 1).unwrap();
    assert_eq!(exchange.orders[&above].status, Status::Cancelled);
    assert_eq!(has(&exchange, "BTC"), ("10".to_owned(), "0".to_owned()));
}

#[test]
fn a_pair_lies_on_both_sides_of_the_price() {
    let mut exchange = exchange(FeeIn::Received);
    let drafts = [limit(Side::Sell, "1", "110"), stop(Side::Sell, "1", "105", When::AtOrBelow)];
    assert_eq!(exchange.place_pair("me", drafts, "pair", 0), Err(Refusal::WrongSides));
}

#[test]
fn a_path_goes_its_way_by_time_and_an_order_ends_at_its_own() {
    let mut exchange = exchange(FeeIn::Received);
    let steps = [(10, price("95")), (20, price("89")), (30, price("120"))];
    exchange.markets.get_mut(MARKET).unwrap().path = Path::scripted(1000, &steps);
    let id = exchange.place("me", limit(Side::Buy, "1", "90"), None, 1000).unwrap();
    let ends = Draft { time_in_force: TimeInForce::Until(1015), ..limit(Side::Buy, "1", "91") };
    let ended = exchange.place("me", ends, None, 1000).unwrap();
    exchange.advance(1015);
    assert_eq!((exchange.orders[&id].status, exchange.orders[&ended].status), (Status::New, Status::Expired));
    exchange.advance(5000);
    assert_eq!((exchange.orders[&id].status, exchange.orders[&id].updated_at), (Status::Filled, 1020));
    assert_eq!(exchange.markets[MARKET].last, price("120"));
}

#[test]
fn candles_have_no_gaps_and_know_the_extremes_of_their_time() {
    let mut exchange = exchange(FeeIn::Received);
    for (at, text) in [(60_000, "100"), (70_000, "130"), (80_000, "90"), (240_000, "95")] {
        exchange.reprice(MARKET, price(text), at);
    }
    let seen: Vec<String> = exchange.markets[MARKET]
        .candles(60_000, 60_000, 299_000)
        .iter()
        .map(|c| format!("{}: {} {} {} {}", c.at / 60_000, c.open, c.high, c.low, c.close))
        .collect();
    assert_eq!(seen, ["1: 100 130 90 90", "2: 90 90 90 90", "3: 90 90 90 90", "4: 95 95 95 95"]);
}

#[test]
fn a_new_order_can_be_found_only_after_the_lag() {
    let mut exchange = exchange(FeeIn::Received);
    exchange.read_lag = 100;
    exchange.place("me", market(Side::Sell, "1"), None, 1000).unwrap();
    let seen = |now| (exchange.orders_of("me", now).count(), exchange.trades_of("me", now).count());
    assert_eq!((seen(1099), seen(1100)), ((0, 0), (1, 1)));
}

#[derive(Debug, Clone)]
enum Step {
    Place(Draft, Option<u8>),
    Pair(Draft, Draft),
    Cancel(usize),
    Price(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    let draft = (side, 1..4000_u32, 50..200_u32, 50..200_u32, 0..4_u8, any::<bool>()).prop_map(
        |(side, quantity, at, trigger, kind, above)| {
            let when = if above { When::AtOrAbove } else { When::AtOrBelow };
            let trigger = Trigger { price: price(&trigger.to_string()), when };
            let size = Size::Base(Quantity::new(Decimal::new(quantity.into(), 3)).unwrap());
            let at = price(&at.to_string());
            Draft {
                size,
                price: (kind % 2 == 0).then_some(at),
                trigger: (kind > 1).then_some(trigger),
                ..market(side, "1")
            }
        },
    );
    prop_oneof![
        3 => (draft.clone(), proptest::option::of(0..100_u8)).prop_map(|(draft, part)| Step::Place(draft, part)),
        1 => (draft.clone(), draft).prop_map(|(above, below)| Step::Pair(above, below)),
        1 => (0..20_usize).prop_map(Step::Cancel),
        3 => (50..200_u32).prop_map(Step::Price),
    ]
}

fn take(exchange: &mut Exchange, step: Step, number: usize) {
    let named = |draft: Draft, what: &str| Draft { client_id: format!("{number}{what}"), ..draft };
    // What is refused is as good as what is taken: only the books count here.
    match step {
        Step::Place(draft, part) => {
            let part = part.map(|part| Fraction::from(Decimal::new(part.into(), 2)));
            let _taken = exchange.place("me", named(draft, ""), part, 0);
        }
        Step::Pair(above, below) => {
            let _taken = exchange.place_pair("me", [named(above, "a"), named(below, "b")], "pair", 0);
        }
        Step::Cancel(which) => {
            let id = exchange.orders.keys().nth(which).copied().unwrap_or(0);
            let _cancelled = exchange.cancel("me", id, 0);
        }
        Step::Price(at) => exchange.reprice(MARKET, price(&at.to_string()), 0),
    }
}

/// What the account had, moved by its trades and their fees, is what it has.
fn assert_books(exchange: &Exchange) {
    let mut want = [("BTC", amount("10")), ("USD", amount("1000"))];
    for trade in &exchange.trades {
        let base = Amount::new(trade.quantity.get()).unwrap();
        let (base, quote) = match trade.side {
            Side::Buy => (base, trade.value.negated()),
            Side::Sell => (base.negated(), trade.value),
        };
        want[0].1 = want[0].1.plus(base).unwrap();
        want[1].1 = want[1].1.plus(quote).unwrap();
        let paid = usize::from(trade.fee_asset == "USD");
        want[paid].1 = want[paid].1.minus(trade.fee).unwrap();
    }
    for (asset, want) in want {
        let balance = exchange.accounts["me"].balance(asset);
        assert_eq!(balance.free.plus(balance.locked).unwrap(), want, "{asset}");
        assert!(!balance.free.is_negative() && !balance.locked.is_negative(), "{asset}: {balance:?}");
        let is_held = |order: &&Order| (order.draft.side == Side::Sell) == (asset == "BTC");
        let held = exchange.orders.values().filter(is_held).map(|order| order.locked);
        let held = held.fold(Amount::ZERO, |sum, locked| sum.plus(locked).unwrap());
        assert_eq!(balance.locked, held, "what is locked of {asset} is what orders hold");
    }
}

fn assert_orders(exchange: &Exchange) {
    for order in exchange.orders.values() {
        assert!(order.filled <= order.quantity, "{order:?}");
        assert!(order.is_open() || order.locked == Amount::ZERO, "{order:?}");
        let trades = exchange.trades.iter().filter(|trade| trade.order == order.id);
        for trade in trades {
            let is_kept = order.draft.price.is_none_or(|limit| match order.draft.side {
                Side::Buy => trade.price <= limit,
                Side::Sell => trade.price >= limit,
            });
            assert!(is_kept, "{order:?} {trade:?}");
        }
    }
}

proptest! {
    #[test]
    fn nothing_is_made_or_lost_whatever_happens(in_quote in any::<bool>(), steps in proptest::collection::vec(step(), 1..40)) {
        let mut exchange = exchange(if in_quote { FeeIn::Quote } else { FeeIn::Received });
        for (number, step) in steps.into_iter().enumerate() {
            take(&mut exchange, step, number);
            assert_books(&exchange);
            assert_orders(&exchange);
        }
    }
}
