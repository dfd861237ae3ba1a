//! A book, a price series and a clock in memory.

use app::ports::{
    Address, Balance, Book, Cancelled, Clock, FeeIn, Outcome, PaperBook, PaperOrder, PaperSettings, PricePath, Request,
    StoreError, Venue,
};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Bar, Candle, CandleSpan, Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::money::Price;
use domain::order::{Direction, Fact};
use domain::preset::OrderKind;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::pin::pin;
use std::str::FromStr;
use std::task::{Context, Poll, Waker};
use venues::Paper;

/// What happens to the next saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Saving {
    Works,
    /// Others change the book first, so often.
    LosesRaces(u32),
    /// It is written, and the answer is lost.
    LosesAnswer,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) now: Cell<Timestamp>,
    pub(crate) book: RefCell<Book>,
    pub(crate) orders: RefCell<BTreeMap<String, PaperOrder>>,
    /// Of BTC/USDT.
    pub(crate) bars: Vec<Bar>,
    /// Of ETH/USDT.
    pub(crate) other_bars: Vec<Bar>,
    /// Of BNB/USDT.
    pub(crate) fee_bars: Vec<Bar>,
    pub(crate) saving: Cell<Saving>,
    pub(crate) unreadable: Cell<bool>,
    pub(crate) aborted: Cell<bool>,
}

impl World {
    /// One flat bar a minute for each price; a book with 1,000 USDT and 1 BTC; the time is that of the first bar.
    pub(crate) fn of_prices(prices: &[&str]) -> Self {
        let bar = |(minute, price): (usize, &&str)| bar(minute.try_into().unwrap(), [price; 4]);
        Self::of_bars(prices.iter().enumerate().map(bar).collect())
    }

    pub(crate) fn of_bars(bars: Vec<Bar>) -> Self {
        let balance = |free| Balance { free: parse(free), locked: parse("0") };
        let book = Book {
            account: account(),
            balances: [(parse("USDT"), balance("1000")), (parse("BTC"), balance("1"))].into(),
            looked_at: minute(0),
            fee_in: FeeIn::Quote,
            fill_max: None,
            fault: None,
            settings: PaperSettings::default(),
            open: Vec::new(),
            contracts: BTreeMap::new(),
            sequence: 0,
            version: 0,
        };
        Self {
            now: Cell::new(minute(0)),
            book: RefCell::new(book),
            orders: RefCell::default(),
            bars,
            other_bars: Vec::new(),
            fee_bars: Vec::new(),
            saving: Cell::new(Saving::Works),
            unreadable: Cell::new(false),
            aborted: Cell::new(false),
        }
    }

    pub(crate) fn with(self, change: impl FnOnce(&mut Book)) -> Self {
        change(&mut self.book.borrow_mut());
        self
    }

    pub(crate) fn venue(&self) -> Paper<&Self, impl Fn()> {
        Paper::new(self, || self.aborted.set(true))
    }

    pub(crate) fn go_to(&self, minutes: i64) {
        self.now.set(minute(minutes));
    }

    pub(crate) fn send(&self, id: &str, direction: Direction, kind: OrderKind, quantity: &str) -> Outcome {
        ready(self.venue().submit(&self.request(id, direction, kind, quantity)))
    }

    pub(crate) fn request(&self, id: &str, direction: Direction, kind: OrderKind, quantity: &str) -> Request {
        let Address { account, market, client_id, .. } = address(id);
        Request {
            account,
            market,
            client_id,
            direction,
            kind,
            trigger: None,
            quantity: parse(quantity),
            reduce_only: false,
            sent_at: self.now.get(),
        }
    }

    pub(crate) fn cancel(&self, id: &str) -> Cancelled {
        ready(self.venue().cancel(&address(id)))
    }

    pub(crate) fn find(&self, id: &str) -> Option<Fact> {
        ready(self.venue().find_order(&address(id))).unwrap()
    }

    /// Free and locked USDT, then free and locked BTC.
    pub(crate) fn balances(&self) -> [String; 4] {
        let balances = ready(self.venue().balances(&account(), &market().key.exchange)).unwrap();
        let (quote, base) = (balances[&parse("USDT")], balances[&parse("BTC")]);
        [quote.free, quote.locked, base.free, base.locked].map(|amount| amount.to_string())
    }
}

impl PaperBook for &World {
    async fn load_book(&self, account: &AccountId) -> Result<Option<Book>, StoreError> {
        if self.unreadable.get() {
            return Err(StoreError::Unavailable("throttled".to_owned()));
        }
        let book = self.book.borrow().clone();
        Ok((book.account == *account).then_some(book))
    }

    async fn find_paper_orders(&self, _: &AccountId, id: &ClientOrderId) -> Result<Vec<PaperOrder>, StoreError> {
        Ok(self.orders.borrow().values().filter(|order| order.client_id == *id).cloned().collect())
    }

    async fn list_paper_orders(
        &self,
        _: &AccountId,
        prefix: &str,
        since: Timestamp,
    ) -> Result<Vec<PaperOrder>, StoreError> {
        let meant = |order: &&PaperOrder| order.client_id.as_str().starts_with(prefix) && since <= order.accepted_at;
        Ok(self.orders.borrow().values().filter(meant).cloned().collect())
    }

    async fn save_book(&self, book: &Book, changed: &[PaperOrder]) -> Result<bool, StoreError> {
        let mut stored = self.book.borrow_mut();
        if let Saving::LosesRaces(races) = self.saving.get() {
            stored.version += 1;
            self.saving.set(if races > 1 { Saving::LosesRaces(races - 1) } else { Saving::Works });
        }
        if stored.version != book.version {
            return Ok(false);
        }
        *stored = Book { version: book.version + 1, ..book.clone() };
        self.orders.borrow_mut().extend(changed.iter().map(|order| (order.venue_id.clone(), order.clone())));
        if self.saving.replace(Saving::Works) == Saving::LosesAnswer {
            return Err(StoreError::Unavailable("the answer was lost".to_owned()));
        }
        Ok(true)
    }
}

impl PricePath for &World {
    async fn bars(&self, market: &MarketKey, from: Timestamp, to: Timestamp) -> Result<Vec<Bar>, StoreError> {
        let bars = match &*market.symbol.to_string() {
            "ETH/USDT" => &self.other_bars,
            "BNB/USDT" => &self.fee_bars,
            "BTC/USDT" | "BTC/USDT:USDT" | "BTC/BNB" => &self.bars,
            _ => return Ok(Vec::new()),
        };
        Ok(bars.iter().filter(|bar| bar.opens_at <= to && from < bar.closes_at).copied().collect())
    }

    async fn candles(
        &self,
        market: &MarketKey,
        span: &CandleSpan,
        until: Timestamp,
    ) -> Result<Vec<Candle>, StoreError> {
        let bars = self.bars(market, Timestamp::from_millis(0), until).await?;
        let path = || bars.iter().flat_map(Bar::path);
        Ok(span.opens().filter_map(|at| Candle::of_path(span.interval(), at, path(), until)).collect())
    }
}

impl Clock for &World {
    fn now(&self) -> Timestamp {
        self.now.get()
    }
}

/// What a future answers that never waits.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    match poll(future) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("the venue waits for something"),
    }
}

pub(crate) fn poll<T>(future: impl Future<Output = T>) -> Poll<T> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

pub(crate) fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_600_000_000_000).plus(Millis::seconds(60 * minutes))
}

/// Open, high, low and close of one minute.
pub(crate) fn bar(opens: i64, [open, high, low, close]: [&str; 4]) -> Bar {
    let [open, high, low, close] = [open, high, low, close].map(parse::<Price>);
    Bar { opens_at: minute(opens), closes_at: minute(opens + 1), open, high, low, close }
}

pub(crate) fn account() -> AccountId {
    AccountId::of(&["paper"])
}

pub(crate) fn address(id: &str) -> Address {
    Address {
        account: account(),
        market: market(),
        client_id: ClientOrderId::from_stored(id),
        venue_id: None,
        known: BTreeMap::new(),
        since: Timestamp::default(),
    }
}

pub(crate) fn market() -> Market {
    Market {
        key: MarketKey { exchange: parse("PAPER"), symbol: parse("BTC/USDT") },
        filters: Filters {
            price_tick: parse("0.01"),
            quantity_step: parse("0.00001"),
            quantity_min: parse("0.00001"),
            notional_min: parse("5"),
            most: Maxima::default(),
        },
        fee: parse("0.001"),
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Polled,
        orders_max: None,
        at_venue: None,
    }
}

pub(crate) fn other_market() -> Market {
    Market { key: MarketKey { exchange: parse("PAPER"), symbol: parse("ETH/USDT") }, ..market() }
}

pub(crate) fn limit(price: &str) -> OrderKind {
    OrderKind::Limit(parse(price))
}

pub(crate) fn parse<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

/// Status, then each fill as `quantity@price-fee`.
pub(crate) fn told(fact: &Fact) -> String {
    let status = fact.status.unwrap().as_str().to_owned();
    let fills = fact.fills.values().map(|fill| {
        let fee = fill.fee.as_ref().unwrap();
        format!(" {}@{}-{}{}", fill.quantity, fill.price, fee.amount, fee.asset)
    });
    std::iter::once(status).chain(fills).collect()
}
