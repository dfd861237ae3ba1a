//! What holds after any orders, at any prices, however often the book is looked at.

use crate::world::{World, account, address, bar, market, other_market, parse, ready};
use app::ports::{Book, FeeIn, Outcome, PaperOrder, Request, Venue};
use domain::clock::Millis;
use domain::market::{Asset, Bar, Market, Symbol};
use domain::money::{Amount, Decimal, Price, Quantity, Rate};
use domain::order::Direction::{self, Buy, Sell};
use domain::preset::OrderKind;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Of the smallest unit of an asset, in one.
const UNITS: Decimal = Decimal::from_parts(100_000_000, 0, 0, false, 0);

#[derive(Debug, Clone)]
enum Step {
    Wait(i64),
    Send { id: u8, other: bool, direction: Direction, kind: OrderKind, quantity: Quantity },
    Cancel(u8),
}

#[derive(Debug, Clone)]
struct Story {
    bars: Vec<Bar>,
    other_bars: Vec<Bar>,
    fee: Rate,
    fee_in: FeeIn,
    fill_max: Option<Quantity>,
    steps: Vec<Step>,
}

impl Story {
    fn world(&self) -> World {
        let world = World { other_bars: self.other_bars.clone(), ..World::of_bars(self.bars.clone()) };
        world.with(|book| {
            book.fee_in = self.fee_in;
            book.fill_max = self.fill_max;
        })
    }

    /// Tells the story, with so many looks inside each wait.
    fn play(&self, world: &World, looks: i64, after_each: impl Fn(&World)) {
        for step in &self.steps {
            match *step {
                Step::Wait(millis) => wait(world, millis, looks),
                Step::Send { id, other, direction, kind, quantity } => {
                    let before = world.book.borrow().clone();
                    let market = Market { fee: self.fee, ..if other { other_market() } else { market() } };
                    let request = world.request(&name(id), direction, kind, "0");
                    let request = Request { market, quantity, ..request };
                    match ready(world.venue().submit(&request)) {
                        Outcome::Accepted(_) => {}
                        // Refused, or an id that is open already.
                        Outcome::Rejected(_) | Outcome::Unknown(_) => assert_eq!(*world.book.borrow(), before),
                        other => panic!("{other:?}"),
                    }
                }
                Step::Cancel(id) => drop(world.cancel(&name(id))),
            }
            after_each(world);
        }
        ready(world.venue().balances(&account())).unwrap();
    }
}

fn name(id: u8) -> String {
    format!("m{id}")
}

fn wait(world: &World, millis: i64, looks: i64) {
    let start = world.now.get();
    for look in 1..=looks {
        world.now.set(start.plus(Millis::new(millis * look / (looks + 1))));
        ready(world.venue().find_order(&address("m0"))).unwrap();
    }
    world.now.set(start.plus(Millis::new(millis)));
}

fn story() -> impl Strategy<Value = Story> {
    let price = || (8_000_i64..12_000).prop_map(|cents| Decimal::new(cents, 2).to_string());
    let bars = || {
        let prices = prop::collection::vec([price(), price(), price(), price()], 1..24);
        prices.prop_map(|prices| (0..).zip(&prices).map(|(minute, prices)| sound_bar(minute, prices)).collect())
    };
    let fee = prop::sample::select(vec!["0", "0.001", "0.00075", "0.0123", "0.5"]);
    let fee_in = prop::sample::select(vec![FeeIn::Quote, FeeIn::Received]);
    let fill_max = prop::option::of(prop::sample::select(vec!["0.00003", "0.12345", "0.7", "0.123456789"]));
    let steps = prop::collection::vec(step(), 1..40);
    (bars(), bars(), fee, fee_in, fill_max, steps).prop_map(|(bars, other_bars, fee, fee_in, fill_max, steps)| Story {
        bars,
        other_bars,
        fee: parse(fee),
        fee_in,
        fill_max: fill_max.map(parse),
        steps,
    })
}

fn sound_bar(minute: i64, [open, a, b, close]: &[String; 4]) -> Bar {
    let mut sorted = [open, a, b, close].map(|text| parse::<Price>(text));
    sorted.sort();
    let (low, high) = (sorted[0].to_string(), sorted[3].to_string());
    bar(minute, [open, &high, &low, close])
}

fn step() -> impl Strategy<Value = Step> {
    let direction = prop::sample::select(vec![Buy, Sell]);
    let limit = (8_000_i64..12_000).prop_map(|cents| OrderKind::Limit(Price::new(Decimal::new(cents, 2)).unwrap()));
    let kind = prop_oneof![Just(OrderKind::Market), limit.clone(), limit];
    let quantity = (1_i64..600_000).prop_map(|steps| Quantity::new(Decimal::new(steps, 5)).unwrap());
    prop_oneof![
        2 => (0_i64..100_000).prop_map(Step::Wait),
        3 => (0_u8..6, any::<bool>(), direction, kind, quantity)
            .prop_map(|(id, other, direction, kind, quantity)| Step::Send { id, other, direction, kind, quantity }),
        1 => (0_u8..6).prop_map(Step::Cancel),
    ]
}

/// Everything of the book that is not about when it was written.
fn essence(world: &World) -> (Book, BTreeMap<String, PaperOrder>) {
    let book = Book { looked_at: world.now.get(), version: 0, ..world.book.borrow().clone() };
    (book, world.orders.borrow().clone())
}

fn no_balance_is_negative(world: &World) {
    for (asset, balance) in &world.book.borrow().balances {
        assert!(!balance.free.is_negative() && !balance.locked.is_negative(), "{asset}: {balance:?}");
    }
}

/// A sell needs its rest; a buy its rest at its limit, or at its last price, with what is missing of the whole fee.
fn need(order: &PaperOrder, fee_in: FeeIn) -> (Asset, Decimal) {
    let sum = |of: fn(&domain::order::Fill) -> Decimal| order.trades.values().map(of).sum::<Decimal>();
    let rest = order.quantity.get() - sum(|fill| fill.quantity.get());
    let last = order.trades.values().last().map(|fill| fill.price);
    let price = match order.kind {
        OrderKind::Limit(limit) => limit.get(),
        OrderKind::Market => last.unwrap().get(),
    };
    let whole = sum(|fill| fill.price.get() * fill.quantity.get()) + price * rest;
    let fee = (whole * order.market.fee.get() * UNITS).ceil() / UNITS;
    let Symbol { base, quote, .. } = order.market.key.symbol.clone();
    match (order.direction, fee_in) {
        (Sell, _) => (base, rest),
        (Buy, FeeIn::Received) => (quote, price * rest),
        (Buy, FeeIn::Quote) => (quote, price * rest + fee - sum(|fill| fill.fee.as_ref().unwrap().amount.get())),
    }
}

fn locked_is_what_the_open_orders_need(world: &World) {
    let book = world.book.borrow();
    let mut needs = BTreeMap::<Asset, Decimal>::new();
    for order in &book.open {
        assert!(order.status.is_resting(), "{order:?}");
        let (asset, needed) = need(order, book.fee_in);
        *needs.entry(asset).or_default() += needed;
    }
    for (asset, balance) in &book.balances {
        assert_eq!(balance.locked.get(), needs.remove(asset).unwrap_or_default(), "{asset}");
    }
    assert!(needs.values().all(Decimal::is_zero), "{needs:?}");
}

fn balances_have_changed_by_trades_and_fees_alone(world: &World) {
    let begun = [(parse("BTC"), Decimal::ONE), (parse("USDT"), Decimal::ONE_THOUSAND)];
    let mut expected = BTreeMap::<Asset, Decimal>::from(begun);
    for order in world.orders.borrow().values() {
        let Symbol { base, quote, .. } = &order.market.key.symbol;
        let sign = if order.direction == Buy { Decimal::ONE } else { Decimal::NEGATIVE_ONE };
        for fill in order.trades.values() {
            let fee = fill.fee.as_ref().unwrap();
            *expected.entry(base.clone()).or_default() += sign * fill.quantity.get();
            *expected.entry(quote.clone()).or_default() -= sign * fill.quantity.get() * fill.price.get();
            *expected.entry(fee.asset.clone()).or_default() -= fee.amount.get();
        }
    }
    for (asset, balance) in &world.book.borrow().balances {
        let total = expected.remove(asset).unwrap_or_default();
        assert_eq!(balance.free.plus(balance.locked), Amount::new(total), "{asset}");
    }
    assert!(expected.is_empty(), "{expected:?}");
}

fn fills_keep_to_their_limits(world: &World) {
    for order in world.orders.borrow().values() {
        let filled: Decimal = order.trades.values().map(|fill| fill.quantity.get()).sum();
        assert!(filled <= order.quantity.get(), "{order:?}");
        let OrderKind::Limit(limit) = order.kind else { continue };
        for fill in order.trades.values() {
            assert!(if order.direction == Buy { fill.price <= limit } else { fill.price >= limit }, "{order:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_book_is_sound_after_every_step(story in story()) {
        story.play(&story.world(), 1, |world| {
            no_balance_is_negative(world);
            locked_is_what_the_open_orders_need(world);
            balances_have_changed_by_trades_and_fees_alone(world);
            fills_keep_to_their_limits(world);
        });
    }

    #[test]
    fn looking_more_often_changes_nothing(story in story(), looks in 1_i64..7) {
        let (seldom, often) = (story.world(), story.world());
        story.play(&seldom, 0, |_| {});
        story.play(&often, looks, |_| {});
        prop_assert_eq!(essence(&seldom), essence(&often));
    }
}
