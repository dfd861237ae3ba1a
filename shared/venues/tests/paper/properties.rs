//! What holds after any orders, at any prices, however often the book is looked at.

use crate::world::{World, account, address, bar, market, other_market, parse, ready};
use app::ports::{
    Balance, Book, FeeAsset, FeeIn, OcoRequest, Outcome, PaperOrder, PaperSettings, Request, Trigger, TriggerKind,
    Venue,
};
use domain::clock::Millis;
use domain::ids::ClientOrderId;
use domain::market::{Asset, Bar, Market, Symbol};
use domain::money::{Amount, Decimal, Price, Quantity, Rate};
use domain::order::Direction::{self, Buy, Sell};
use domain::order::{Fee, FeeValue, Fill};
use domain::preset::OrderKind;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Of the asset of the fees: some of it, so that it is used up.
const OWN_FEES: &str = "0.01";
/// Of the smallest unit of an asset, in one.
const UNITS: Decimal = Decimal::from_parts(100_000_000, 0, 0, false, 0);

#[derive(Debug, Clone)]
enum Step {
    Wait(i64),
    Send { id: u8, other: bool, direction: Direction, kind: OrderKind, trigger: Option<Trigger>, quantity: Quantity },
    Pair { id: u8, direction: Direction, limit: Price, stop: Price, stop_limit: Option<Price>, quantity: Quantity },
    Cancel(u8),
}

#[derive(Debug, Clone)]
struct Story {
    bars: Vec<Bar>,
    other_bars: Vec<Bar>,
    fee: Rate,
    fee_in: FeeIn,
    fill_max: Option<Quantity>,
    settings: PaperSettings,
    steps: Vec<Step>,
}

impl Story {
    fn world(&self) -> World {
        // The first price of the other market is one that fees can be paid at, and its bars have gaps as those have.
        let (other_bars, fee_bars) = (self.other_bars.clone(), self.other_bars.clone());
        let world = World { other_bars, fee_bars, ..World::of_bars(self.bars.clone()) };
        world.with(|book| {
            book.settings = self.settings.clone();
            book.balances.insert(parse("BNB"), Balance { free: parse(OWN_FEES), locked: parse("0") });
            book.fee_in = self.fee_in;
            book.fill_max = self.fill_max;
        })
    }

    /// Tells the story, with so many looks inside each wait.
    fn play(&self, world: &World, looks: i64, after_each: impl Fn(&World)) {
        for step in &self.steps {
            match *step {
                Step::Wait(millis) => wait(world, millis, looks),
                Step::Send { id, other, direction, kind, trigger, quantity } => {
                    let before = world.book.borrow().clone();
                    let market = Market { fee: self.fee, ..if other { other_market() } else { market() } };
                    let request = world.request(&name(id), direction, kind, "0");
                    let request = Request { market, trigger, quantity, ..request };
                    answered(world, &before, ready(world.venue().submit(&request)));
                }
                Step::Pair { id, direction, limit, stop, stop_limit, quantity } => {
                    let before = world.book.borrow().clone();
                    let Request { account, market, sent_at, .. } = world.request("", direction, OrderKind::Market, "0");
                    let [limit_id, stop_id] = ["limit", "stop"].map(|half| half_of(id, half));
                    let market = Market { fee: self.fee, ..market };
                    #[rustfmt::skip]
                    let pair = OcoRequest { account, market, direction, quantity, limit_id, limit, stop_id, stop, stop_limit, reduce_only: false, sent_at };
                    answered(world, &before, ready(world.venue().submit_oco(&pair)));
                }
                Step::Cancel(id) => drop((world.cancel(&name(id)), world.cancel(half_of(id, "stop").as_str()))),
            }
            after_each(world);
        }
        ready(world.venue().balances(&account(), &market().key.exchange)).unwrap();
    }
}

fn name(id: u8) -> String {
    format!("m{id}")
}

fn half_of(id: u8, half: &str) -> ClientOrderId {
    ClientOrderId::from_stored(format!("{half}{id}"))
}

/// What is refused, or has an id that is open already, changes nothing.
fn answered<T: std::fmt::Debug>(world: &World, before: &Book, outcome: Outcome<T>) {
    match outcome {
        Outcome::Accepted(_) => {}
        Outcome::Rejected(_) | Outcome::Unknown(_) => assert_eq!(*world.book.borrow(), *before),
        other @ Outcome::NotSent(_) => panic!("{other:?}"),
    }
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
    let told = (fee, fee_in, fill_max, settings());
    (bars(), bars(), told, steps).prop_map(|(bars, other_bars, (fee, fee_in, fill_max, settings), steps)| Story {
        bars,
        other_bars,
        fee: parse(fee),
        fee_in,
        fill_max: fill_max.map(parse),
        settings,
        steps,
    })
}

fn settings() -> impl Strategy<Value = PaperSettings> {
    let slippage = prop::sample::select(vec!["0", "0.05", "1.3", "10"]);
    let latency = prop::sample::select(vec![0, 250, 15_000, 70_000]);
    let fee_asset = FeeAsset { asset: parse("BNB"), rate: parse("0.00075") };
    (slippage, latency, prop::option::of(Just(fee_asset))).prop_map(|(slippage, latency, fee_asset)| PaperSettings {
        slippage: parse(slippage),
        latency: Millis::new(latency),
        fee_asset,
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
    let price = (8_000_i64..12_000).prop_map(|cents| Price::new(Decimal::new(cents, 2)).unwrap());
    let limit = price.clone().prop_map(OrderKind::Limit);
    let kind = prop_oneof![Just(OrderKind::Market), limit.clone(), limit];
    let triggered = prop::sample::select(vec![TriggerKind::StopLoss, TriggerKind::TakeProfit]);
    let trigger = prop::option::of((triggered, price.clone()).prop_map(|(kind, price)| Trigger { kind, price }));
    let pair = (price.clone(), price.clone(), prop::option::of(price));
    let quantity = (1_i64..600_000).prop_map(|steps| Quantity::new(Decimal::new(steps, 5)).unwrap());
    prop_oneof![
        2 => (0_i64..100_000).prop_map(Step::Wait),
        3 => (0_u8..6, any::<bool>(), direction.clone(), kind, trigger, quantity.clone()).prop_map(
            |(id, other, direction, kind, trigger, quantity)| Step::Send { id, other, direction, kind, trigger, quantity }
        ),
        2 => (0_u8..6, direction, pair, quantity).prop_map(|(id, direction, (limit, stop, stop_limit), quantity)| {
            Step::Pair { id, direction, limit, stop, stop_limit, quantity }
        }),
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

/// A sell needs its rest; a buy its rest at its limit, at its last price or where it waits, with what is missing of the
/// whole fee, as far as that is not taken in a third asset. Of a pair one needs all, and a market order that is not active
/// yet needs nothing.
fn need(order: &PaperOrder, fee_in: FeeIn) -> (Asset, Decimal) {
    let Symbol { base, quote, .. } = order.market.key.symbol.clone();
    let rest = order.quantity.get() - order.trades.values().map(|fill| fill.quantity.get()).sum::<Decimal>();
    let own: Vec<_> = order.trades.values().filter(|fill| fee_of(fill).value == FeeValue::Own).collect();
    let sum = |of: fn(&Fill) -> Decimal| own.iter().map(|fill| of(fill)).sum::<Decimal>();
    let last = order.trades.values().last().map(|fill| fill.price);
    let price = match (&order.pair, order.kind) {
        (Some(pair), _) => pair.locks_at,
        (None, OrderKind::Limit(limit)) => Some(limit),
        (None, OrderKind::Market) => last.or(order.trigger.map(|trigger| trigger.price)),
    };
    let Some(price) = price.map(Price::get) else { return (base, Decimal::ZERO) };
    let whole = sum(|fill| fill.price.get() * fill.quantity.get()) + price * rest;
    let fee = (whole * order.market.fee.get() * UNITS).ceil() / UNITS;
    match (order.direction, fee_in) {
        (Sell, _) => (base, rest),
        (Buy, FeeIn::Received) => (quote, price * rest),
        (Buy, FeeIn::Quote) => (quote, price * rest + fee - sum(|fill| fee_of(fill).amount.get())),
    }
}

fn fee_of(fill: &Fill) -> &Fee {
    fill.fee.as_ref().unwrap()
}

fn locked_is_what_the_open_orders_need(world: &World) {
    let book = world.book.borrow();
    let mut needs = BTreeMap::<Asset, Decimal>::new();
    for order in &book.open {
        assert!(order.status.is_resting(), "{order:?}");
        // Both halves of a pair are open, or neither is.
        let other = order.pair.as_ref().map(|pair| &pair.other);
        assert!(other.is_none_or(|other| book.open.iter().any(|order| order.client_id == *other)), "{order:?}");
        let (asset, needed) = need(order, book.fee_in);
        *needs.entry(asset).or_default() += needed;
    }
    for (asset, balance) in &book.balances {
        assert_eq!(balance.locked.get(), needs.remove(asset).unwrap_or_default(), "{asset}");
    }
    assert!(needs.values().all(Decimal::is_zero), "{needs:?}");
}

fn balances_have_changed_by_trades_and_fees_alone(world: &World) {
    let begun = [(parse("BTC"), Decimal::ONE), (parse("USDT"), Decimal::ONE_THOUSAND), (parse("BNB"), parse(OWN_FEES))];
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
        assert!(order.trades.values().all(|fill| order.active_at <= fill.at), "{order:?}");
        let OrderKind::Limit(limit) = order.kind else { continue };
        for fill in order.trades.values() {
            assert!(if order.direction == Buy { fill.price <= limit } else { fill.price >= limit }, "{order:?}");
        }
    }
}

/// A limit order and the stop that was accepted right after it.
fn of_a_pair_one_trades(world: &World) {
    let orders = world.orders.borrow();
    let orders: Vec<&PaperOrder> = orders.values().collect();
    for halves in orders.windows(2) {
        let [limit, stop] = [halves[0], halves[1]];
        let number = |order: &PaperOrder| order.venue_id.parse::<u64>().unwrap();
        let is_pair = limit.client_id.as_str().starts_with("limit") && number(stop) == number(limit) + 1;
        assert!(!is_pair || limit.trades.is_empty() || stop.trades.is_empty(), "{limit:?} and {stop:?}");
        assert!(!is_pair || limit.status.is_final() || stop.status.is_final() || limit.pair.is_some());
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
            of_a_pair_one_trades(world);
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
