//! What happens in a run, as data: alerts, prices, wishes, and what must come of them.

use crate::alert::AlertText;
use crate::bots::{Says, Trades};
use crate::people::Wish;
use crate::run::BEGIN;
use crate::seed::{Habits, Terms};
use crate::{Deployment, Seen, seed};
use app::accounts::ChangedLimits;
use app::bots::Reach;
use app::ports::{FeeIn, Standing};
use domain::alert::Side;
use domain::clock::{Millis, Timestamp};
use domain::market::{Filters, Market, MarketKey, Maxima, Stops};
use domain::money::{Decimal, Quantity};
use domain::parked::Queue;
use domain::risk::{Action, BoundKind};
use domain::token::Grant;
use testkit::sim::Strike;
use testkit::world::Lags;

/// A short story of the money path. Its times count from its begin, three seconds before a full minute.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) begin: Timestamp,
    pub(crate) terms: Terms,
    pub(crate) tardiness: Millis,
    /// Whether faults strike the minute too.
    pub(crate) minute_fails: bool,
    /// How long each call of the venue takes, where it is slower than usual.
    pub(crate) slow: Option<Millis>,
    pub(crate) strikes: Vec<(&'static str, u32, Strike)>,
    steps: Vec<(Millis, Step)>,
    pub(crate) ends: Vec<End>,
    pub(crate) calm: Option<fn(&Seen)>,
}

/// What every run must come to, in words and as a question.
type End = (&'static str, fn(&Seen) -> bool);

#[derive(Debug, Clone)]
enum Step {
    Post(String),
    Price(MarketKey, String),
    Ask(Wish),
    /// A candle is kept of which a strategy says this.
    Candle(u32, Says),
    /// The bus tells of a candle.
    Told(u32),
    /// The whole deployment's stop.
    System(bool),
    /// The venue's reads lag by so much from here on.
    Lags(Lags),
    /// A call that nobody answers, or answers again.
    Down(&'static str, bool),
    /// Nobody answers when asked for the price of this market, or answers again.
    Hang(&'static str, bool),
    WearOutBells,
    /// The owner lets the account trade no more.
    Disable,
    /// The clock of a function is so far ahead from here on.
    Clock(&'static str, Millis),
    Message(Queue, String),
    DeadLetter(Queue, String),
    /// The owner leaves only this much of the base asset at the venue, or brings so much more.
    Leave(Decimal),
    Bring(Decimal),
    /// Positions are as an earlier release has left them: none says its mode.
    WithoutModes,
    /// A rule over the market of most stories has paused what starts on paper.
    PausedMarket,
    /// The venue lists the market no more.
    Delist,
    /// The venue takes other steps, and one unit of them at least; whether its list is known here by then.
    Rules(Quantity, bool),
    /// What was held has lost its margin, and its venue has closed it.
    Liquidated,
    /// The owner holds contracts.
    Hold(Side, Quantity),
    /// The owner cancels every sell at the venue.
    CancelSells,
    /// A sell that was cancelled rests on.
    Revive,
    /// An order of nobody under our prefix.
    Stray,
    /// What left and did not arrive comes through after all.
    LetThrough,
    /// The moment that the table is restored to.
    Remember,
    Restore,
}

pub fn scenario(name: &'static str) -> Scenario {
    Scenario {
        name,
        begin: BEGIN,
        terms: Terms::default(),
        tardiness: Millis::ZERO,
        minute_fails: false,
        slow: None,
        strikes: Vec::new(),
        steps: Vec::new(),
        ends: Vec::new(),
        calm: None,
    }
}

/// Seconds after the begin.
pub const fn s(seconds: i64) -> Millis {
    Millis::seconds(seconds)
}

/// Milliseconds after the begin.
pub const fn ms(milliseconds: i64) -> Millis {
    Millis::new(milliseconds)
}

impl Scenario {
    /// It begins 63 seconds before a midnight in UTC.
    #[must_use]
    pub fn before_midnight(mut self) -> Self {
        let midnight = Timestamp::from_millis(BEGIN.day().saturating_add(1).saturating_mul(Millis::DAY.get()));
        self.begin = midnight.minus(s(63));
        self
    }

    /// TradingView posts the alert.
    #[must_use]
    pub fn post(self, at: Millis, alert: &AlertText) -> Self {
        self.step(at, Step::Post(alert.body()))
    }

    /// The same, of whoever writes what they like.
    #[must_use]
    pub fn post_text(self, at: Millis, body: &str) -> Self {
        self.step(at, Step::Post(body.to_owned()))
    }

    /// From here on the market has this price; it begins at 100.
    #[must_use]
    pub fn price(self, at: Millis, price: &str) -> Self {
        self.step(at, Step::Price(seed::market().key, price.to_owned()))
    }

    /// The same of another market, as `ADA/USDT`.
    #[must_use]
    pub fn price_of(self, at: Millis, symbol: &str, price: &str) -> Self {
        self.step(at, Step::Price(seed::market_of(symbol).key, price.to_owned()))
    }

    /// The price goes up by 2 % after ten seconds, and again every minute: whatever is bought is sold with profit.
    #[must_use]
    pub fn climbs(self) -> Self {
        self.moves(&["102", "104.04", "106.12", "108.24", "110.41", "112.62", "114.87", "117.17", "119.51", "121.90"])
    }

    /// The same from a later time on.
    #[must_use]
    pub fn climbs_from(self, start: Millis) -> Self {
        let prices = ["102", "104.04", "106.12", "108.24", "110.41", "112.62", "114.87", "117.17"];
        let times = (0..).map(|minute| start.plus(s(60 * minute)));
        prices.iter().zip(times).fold(self, |story, (price, at)| story.price(at, price))
    }

    /// The price goes down by 6 % after ten seconds, and again every minute: whatever is bought is stopped out.
    #[must_use]
    pub fn falls(self) -> Self {
        self.moves(&["94", "88.36", "83.06", "78.07", "73.39", "68.99", "64.85", "60.96", "57.30", "53.86"])
    }

    /// Up by 5 % after ten seconds of every minute, and down by 2 % thirty seconds later.
    #[must_use]
    pub fn waves(self) -> Self {
        const TOPS_AND_DIPS: [(&str, &str); 8] = [
            ("105", "102.90"),
            ("108.04", "105.88"),
            ("111.17", "108.95"),
            ("114.40", "112.11"),
            ("117.71", "115.36"),
            ("121.13", "118.71"),
            ("124.64", "122.15"),
            ("128.26", "125.69"),
        ];
        let times = (0..).map(|minute| 60 * minute);
        TOPS_AND_DIPS
            .iter()
            .zip(times)
            .fold(self, |story, ((top, dip), at)| story.price(s(at + 10), top).price(s(at + 40), dip))
    }

    /// Down by 6 % at this time, and again every minute.
    #[must_use]
    pub fn falls_from(self, start: Millis) -> Self {
        let prices = ["94", "88.36", "83.06", "78.07", "73.39", "68.99", "64.85", "60.96", "57.30", "53.86"];
        let times = (0..).map(|minute| start.plus(s(60 * minute)));
        prices.iter().zip(times).fold(self, |story, (price, at)| story.price(at, price))
    }

    fn moves(self, prices: &[&str]) -> Self {
        let times = (0..).map(|minute| s(10 + 60 * minute));
        prices.iter().zip(times).fold(self, |story, (price, at)| story.price(at, price))
    }

    /// The call of this name and number, from 1, meets this, beside whatever else fails.
    #[must_use]
    pub fn struck(mut self, call: &'static str, number: u32, strike: Strike) -> Self {
        self.strikes.push((call, number, strike));
        self
    }

    #[must_use]
    pub fn halt(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::Halt))
    }

    /// An order by hand.
    #[must_use]
    pub fn order(self, at: Millis, order: &'static str) -> Self {
        self.step(at, Step::Ask(Wish::Place(order)))
    }

    /// Everything is sold, and no entry starts from here on.
    #[must_use]
    pub fn flatten(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::Flatten))
    }

    /// No entry starts from here on; those that rest stay.
    #[must_use]
    pub fn reduce(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::Reduce))
    }

    /// The whole deployment is halted, until the other time.
    #[must_use]
    pub fn system_halt(self, from: Millis, to: Millis) -> Self {
        self.step(from, Step::System(true)).step(to, Step::System(false))
    }

    /// The table is lost, and restored to how it was at the first time. A person recovers it and says that it may go on.
    #[must_use]
    pub fn restored(self, to: Millis, at: Millis) -> Self {
        self.step(to, Step::Remember).step(at, Step::Restore).step(at.plus(s(1)), Step::Ask(Wish::Recover))
    }

    /// The owner sells at the venue by hand, until only this much of the base asset is there.
    #[must_use]
    pub fn leaves(self, at: Millis, base: &str) -> Self {
        self.step(at, Step::Leave(base.parse().unwrap()))
    }

    /// The venue lists the market no more, as it does with one that rests for a while.
    #[must_use]
    pub fn delists(self, at: Millis) -> Self {
        self.step(at, Step::Delist)
    }

    /// From the first time on the venue takes no smaller steps than this one, and from the other on that is known here.
    #[must_use]
    pub fn coarser(self, from: Millis, known: Millis, step: &str) -> Self {
        let rules = |is_known| Step::Rules(step.parse().unwrap(), is_known);
        self.step(from, rules(false)).step(known, rules(true))
    }

    /// The price takes what is held its margin: its venue closes it, and something may be missing that nobody has taken.
    #[must_use]
    pub fn liquidated(self, at: Millis, price: &str) -> Self {
        self.price(at, price).step(at, Step::Liquidated)
    }

    /// From here on the owner holds so many contracts of their own.
    #[must_use]
    pub fn holds(self, at: Millis, side: Side, quantity: &str) -> Self {
        self.step(at, Step::Hold(side, quantity.parse().unwrap()))
    }

    /// The owner brings more of the base asset to the venue.
    #[must_use]
    pub fn brings(self, at: Millis, base: &str) -> Self {
        self.step(at, Step::Bring(base.parse().unwrap()))
    }

    /// The owner cancels every sell at the venue by hand.
    #[must_use]
    pub fn cancels_sells(self, at: Millis) -> Self {
        self.step(at, Step::CancelSells)
    }

    /// The newest sell that the venue has cancelled rests there after all: its answer was not so.
    #[must_use]
    pub fn revives_sell(self, at: Millis) -> Self {
        self.step(at, Step::Revive)
    }

    /// The positions say no mode from here on, as an earlier release has left them.
    #[must_use]
    pub fn forgets_modes(self, at: Millis) -> Self {
        self.step(at, Step::WithoutModes)
    }

    /// A rule over the market alone has paused what starts on paper.
    #[must_use]
    pub fn pauses_market(self, at: Millis) -> Self {
        self.step(at, Step::PausedMarket)
    }

    /// The owner lets the account enter nothing any more.
    #[must_use]
    pub fn disables(self, at: Millis) -> Self {
        self.step(at, Step::Disable)
    }

    /// The owner gives the account other limits.
    #[must_use]
    pub fn limits(self, at: Millis, limits: ChangedLimits) -> Self {
        self.step(at, Step::Ask(Wish::Limit(limits)))
    }

    /// For so long the clock of a function (`webhook`, `worker`, `executor`, `watch` or `minute`) is so far ahead, or behind where that
    /// is below zero; then it is put right.
    #[must_use]
    pub fn clock_off(self, function: &'static str, ahead: Millis, from: Millis, until: Millis) -> Self {
        self.step(from, Step::Clock(function, ahead)).step(until, Step::Clock(function, Millis::ZERO))
    }

    /// From here on the venue forgets each order as soon as it has ended without a trade.
    #[must_use]
    pub fn forgetful(self, from: Millis) -> Self {
        self.step(from, Step::Down(testkit::world::MEMORY, true))
    }

    /// For so long no list of the venue shows an order, and what it accepts it names by its own id alone.
    #[must_use]
    pub fn hides_lists(self, from: Millis, until: Millis) -> Self {
        let step = |down| Step::Down(testkit::world::LISTS, down);
        self.step(from, step(true)).step(until, step(false))
    }

    /// In this time the venue's reads lag by up to so much, each kind by itself.
    #[must_use]
    pub fn lags(self, from: Millis, until: Millis, lags: Lags) -> Self {
        self.step(from, Step::Lags(lags)).step(until, Step::Lags(Lags::default()))
    }

    /// It takes fees in a third asset that has no market with the quote there.
    #[must_use]
    pub fn fee_unlisted(self) -> Self {
        self.fee_in_third().step(Millis::ZERO, Step::Down(testkit::world::UNLISTED, true))
    }

    /// From here on it names nothing of what it accepts, not even by its own id.
    #[must_use]
    pub fn nameless(self, from: Millis) -> Self {
        self.step(from, Step::Down(testkit::world::NAMES, true))
    }

    /// Somebody sends an order under our prefix that is of no group.
    #[must_use]
    pub fn stray(self, at: Millis) -> Self {
        self.step(at, Step::Stray)
    }

    /// Whatever left and did not arrive comes through then, behind every time that the venue has promised, and is taken.
    #[must_use]
    pub fn lets_through(self, at: Millis) -> Self {
        self.step(at, Step::LetThrough)
    }

    /// The user asks for a look at the venue.
    #[must_use]
    pub fn wants_look(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::Look))
    }

    /// The venue has the ways of another exchange.
    #[must_use]
    pub(crate) fn habits(mut self, habits: Habits) -> Self {
        self.terms.habits = habits;
        self
    }

    /// The venue has Coinbase's ways: it knows no client order ids, and a request is valid for ten seconds.
    #[must_use]
    pub fn as_coinbase(self) -> Self {
        self.habits(Habits::Coinbase)
    }

    /// The venue has Bybit's ways: whatever it is asked for, it tells in lists.
    #[must_use]
    pub fn as_bybit(self) -> Self {
        self.habits(Habits::Bybit)
    }

    /// The venue has OKX's ways: a request is valid for half a minute, and lists reach back so far and no further.
    #[must_use]
    pub fn as_okx(self) -> Self {
        self.habits(Habits::Okx)
    }

    /// The venue has Kraken's ways: its requests are taken in order alone, and its reads lag for ten seconds.
    #[must_use]
    pub fn as_kraken(self) -> Self {
        self.habits(Habits::Kraken)
    }

    /// The venue has KuCoin's ways: it answers an order with its own id for it alone.
    #[must_use]
    pub fn as_kucoin(self) -> Self {
        self.habits(Habits::Kucoin)
    }

    /// The venue has Bitget's ways: a request is valid for half a minute, and coins are bought with a limit alone.
    #[must_use]
    pub fn as_bitget(self) -> Self {
        self.habits(Habits::Bitget)
    }

    /// The venue promises no bound for what arrives late, and keeps none; the user looks every minute and says what is not there.
    #[must_use]
    pub fn unbounded(self) -> Self {
        self.habits(Habits::Unpromised)
    }

    /// The user looks at the venue and says of every order that is not there what became of it.
    #[must_use]
    pub fn says_what_is_gone(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::ResolveAll))
    }

    #[must_use]
    pub fn resume(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::Resume))
    }

    /// An admin keeps the user out.
    #[must_use]
    pub fn keeps_out(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::Engine))
    }

    /// Whoever keeps the user out closes what they left.
    #[must_use]
    pub fn closes_kept_out(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::CloseKeptOut))
    }

    /// The user closes whatever is open.
    #[must_use]
    pub fn close(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::CloseAll))
    }

    /// The user accepts every repair that is proposed then and can be.
    #[must_use]
    pub fn reconciles(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::Reconcile))
    }

    /// The user says of every order in doubt that all of it was filled at this price.
    #[must_use]
    pub fn declares(self, at: Millis, price: &'static str) -> Self {
        self.step(at, Step::Ask(Wish::DeclareAll(price)))
    }

    /// The user takes back every entry that is not filled.
    #[must_use]
    pub fn cancel(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::CancelAll))
    }

    /// The user keeps a preset.
    #[must_use]
    pub fn keeps(self, at: Millis, name: &'static str, document: &'static str) -> Self {
        self.step(at, Step::Ask(Wish::Preset(name, document)))
    }

    /// The user takes a preset away.
    #[must_use]
    pub fn takes_away(self, at: Millis, name: &'static str) -> Self {
        self.step(at, Step::Ask(Wish::NoPreset(name)))
    }

    /// The user gives whatever is open other exits.
    #[must_use]
    pub fn changes_exits(self, at: Millis, exits: &'static str) -> Self {
        self.step(at, Step::Ask(Wish::Exits(exits)))
    }

    /// Buys pay their fee in the base asset.
    #[must_use]
    pub fn fee_in_base(mut self) -> Self {
        self.terms.fee_in = FeeIn::Received;
        self
    }

    /// Fees are taken in a third asset, of which there is enough for a few trades.
    #[must_use]
    pub fn fee_in_third(mut self) -> Self {
        self.terms.fee_in_third = true;
        self
    }

    /// Orders meet prices late, and worse than they are.
    #[must_use]
    pub fn sluggish(mut self) -> Self {
        self.terms.sluggish = true;
        self
    }

    /// Every call of the venue takes so long.
    #[must_use]
    pub fn slow_venue(mut self, latency: Millis) -> Self {
        self.slow = Some(latency);
        self
    }

    /// Each price point fills at most this much of an order.
    #[must_use]
    pub fn fills_of(mut self, quantity: &str) -> Self {
        self.terms.fill_max = Some(quantity.parse().unwrap());
        self
    }

    /// The venue has only this much quote; the account believes what it believed.
    #[must_use]
    pub fn venue_has(mut self, quote: &str) -> Self {
        self.terms.quote_at_venue = quote.parse().unwrap();
        self
    }

    /// The token permits no more than this.
    #[must_use]
    pub fn token_may(mut self, grant: fn() -> Grant) -> Self {
        self.terms.grant = grant;
        self
    }

    /// The user's plan allows no more open positions than this.
    #[must_use]
    pub fn plan_allows(mut self, positions: u32) -> Self {
        self.terms.positions = Some(positions);
        self
    }

    /// The user has these risk rules, over all accounts.
    #[must_use]
    pub fn ruled(mut self, rules: &'static [(BoundKind, &'static str, Action)]) -> Self {
        self.terms.rules = rules;
        self
    }

    /// The account is at this exchange, not enabled, and so are the markets beside the one of most stories.
    #[must_use]
    pub fn elsewhere(mut self, exchange: &'static str) -> Self {
        self.terms.elsewhere = Some(exchange);
        self
    }

    /// There is another account at the venue, and a route `best` between both.
    #[must_use]
    pub fn routed(mut self, split: bool) -> Self {
        self.terms.routed = Some(split);
        self
    }

    /// The venue has told so long ago that the other account pays this much there.
    #[must_use]
    pub fn other_pays(mut self, rate: &'static str, ago: Millis) -> Self {
        self.terms.other_pays = Some((rate, ago));
        self
    }

    /// Nobody answers calls of this name in between, whoever makes them.
    #[must_use]
    pub fn outage(self, call: &'static str, from: Millis, to: Millis) -> Self {
        self.step(from, Step::Down(call, true)).step(to, Step::Down(call, false))
    }

    /// The venue takes the account's key no more, until the other time.
    #[must_use]
    pub fn refuses_key(mut self, from: Millis, to: Millis) -> Self {
        self.terms.key = true;
        self.outage(testkit::world::KEY, from, to)
    }

    /// Nobody keeps prices here, as of markets at exchanges: who needs one and brings none asks what is on offer.
    #[must_use]
    pub fn unpriced(self) -> Self {
        self.step(Millis::ZERO, Step::Down(testkit::world::UNPRICED, true))
    }

    /// The venue says of every sell at the market that it is too little, until the other time.
    #[must_use]
    pub fn too_little(self, from: Millis, to: Millis) -> Self {
        self.outage(testkit::world::TOO_LITTLE, from, to)
    }

    /// The venue answers every order by asking to be left alone for a minute, until the other time.
    #[must_use]
    pub fn asks_for_pause(self, from: Millis, to: Millis) -> Self {
        self.outage(testkit::world::PAUSE, from, to)
    }

    /// The venue answers every question by asking to be left alone for a minute, until the other time.
    #[must_use]
    pub fn asks_for_pause_when_read(self, from: Millis, to: Millis) -> Self {
        self.outage(testkit::world::PAUSE_READS, from, to)
    }

    /// Between these two moments most of what may be asked of the venue is used.
    #[must_use]
    pub fn busy(self, from: Millis, to: Millis) -> Self {
        self.outage(testkit::world::BUSY, from, to)
    }

    /// There are markets beside the one of most stories, as `ADA/USDT`.
    #[must_use]
    pub fn markets(mut self, beside: &'static [&'static str]) -> Self {
        self.terms.beside = beside;
        self
    }

    /// Nobody answers in between when asked for the price of this market, or for its orders.
    #[must_use]
    pub fn hangs(self, symbol: &'static str, from: Millis, to: Millis) -> Self {
        self.step(from, Step::Hang(symbol, true)).step(to, Step::Hang(symbol, false))
    }

    /// As if the minute had sent every bell in vain for an hour.
    #[must_use]
    pub fn worn_out_bells(self, at: Millis) -> Self {
        self.step(at, Step::WearOutBells)
    }

    /// Somebody sends this, whatever it is.
    #[must_use]
    pub fn message(self, at: Millis, queue: Queue, body: &str) -> Self {
        self.step(at, Step::Message(queue, body.to_owned()))
    }

    /// A message that was received too often.
    #[must_use]
    pub fn dead_letter(self, at: Millis, queue: Queue, body: &str) -> Self {
        self.step(at, Step::DeadLetter(queue, body.to_owned()))
    }

    /// A person carries out again whatever is parked, and drops what is worth nothing.
    #[must_use]
    pub fn retry_parked(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::RetryParked))
    }

    #[must_use]
    pub fn drop_parked(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::DropParked))
    }

    /// Faults strike the minute too.
    #[must_use]
    pub fn minute_fails(mut self) -> Self {
        self.minute_fails = true;
        self
    }

    /// The market lets itself be sold short, as far as it says so.
    #[must_use]
    pub fn can_short(mut self) -> Self {
        self.terms.can_short = true;
        self
    }

    /// The market is one of contracts. Alerts that say long open this side of it.
    #[must_use]
    pub fn contracts(mut self, side: Side, leverage: u32) -> Self {
        self.terms.contracts = Some((side, leverage));
        self
    }

    /// The venue keeps stops, alone and beside a limit.
    #[must_use]
    pub fn stops(mut self) -> Self {
        self.terms.stops = Stops::Paired;
        self
    }

    /// The venue keeps stops, and none beside a limit.
    #[must_use]
    pub fn stops_alone(mut self) -> Self {
        self.terms.stops = Stops::Alone;
        self
    }

    /// One order at the market may be no larger; a limit order may.
    #[must_use]
    pub fn at_market_most(mut self, quantity: &str) -> Self {
        self.terms.most = Maxima { market: quantity.parse().ok(), ..self.terms.most };
        self
    }

    /// One limit order may be no larger, and one at the market neither.
    #[must_use]
    pub fn at_most(mut self, quantity: &str) -> Self {
        self.terms.most = Maxima::told(quantity.parse().ok(), self.terms.most.market, None);
        self
    }

    /// Every other pass comes just before the next one.
    #[must_use]
    pub fn late_passes(mut self) -> Self {
        self.tardiness = Millis::new(9_900);
        self
    }

    #[must_use]
    pub fn open_groups_max(mut self, max: u32) -> Self {
        self.terms.open_groups_max = max;
        self
    }

    /// What one entry may plan in quote, and the account twice.
    #[must_use]
    pub fn order_quote_max(mut self, max: &str) -> Self {
        self.terms.order_quote_max = max.parse().unwrap();
        self
    }

    /// The user has a bot that hears candles of a minute.
    #[must_use]
    pub fn runs_bot(self) -> Self {
        self.runs_bot_at(Millis::ZERO)
    }

    #[must_use]
    pub fn runs_bot_at(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::StartBot(Trades::ByVolume)))
    }

    /// The user has a bot that trades candles of a minute by these.
    #[must_use]
    pub fn runs_bot_by(self, trades: Trades) -> Self {
        self.step(Millis::ZERO, Step::Ask(Wish::StartBot(trades)))
    }

    #[must_use]
    pub fn stops_bot(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::StopBot(Reach::Whole)))
    }

    /// Its entries alone.
    #[must_use]
    pub fn stops_entries(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::StopBot(Reach::Entries)))
    }

    /// Its user starts it once more.
    #[must_use]
    pub fn starts_again(self, at: Millis) -> Self {
        self.step(at, Step::Ask(Wish::StartAgain))
    }

    /// Whoever keeps the deployment switches the bot's strategy off, or on again.
    #[must_use]
    pub fn switches_strategy(self, at: Millis, enabled: bool) -> Self {
        self.step(at, Step::Ask(Wish::Switch(enabled)))
    }

    /// The candle of this number is kept a second after its end, and told a second later. Number 0 closes three seconds after the begin.
    #[must_use]
    pub fn candle(self, number: u32, says: Says) -> Self {
        let closed = Self::after_close(number);
        self.kept_candle(closed.plus(s(1)), number, says).told_candle(closed.plus(s(2)), number)
    }

    /// It is kept then, and not told.
    #[must_use]
    pub fn kept_candle(self, at: Millis, number: u32, says: Says) -> Self {
        self.step(at, Step::Candle(number, says))
    }

    /// It is told then, for the first time or again.
    #[must_use]
    pub fn told_candle(self, at: Millis, number: u32) -> Self {
        self.step(at, Step::Told(number))
    }

    /// How long after the begin it closes.
    pub fn after_close(number: u32) -> Millis {
        s(3 + 60 * i64::from(number))
    }

    /// What every run must come to, whatever fails on the way.
    #[must_use]
    pub fn ends(mut self, with: &'static str, holds: fn(&Seen) -> bool) -> Self {
        self.ends.push((with, holds));
        self
    }

    /// What the run without faults has done, asserted.
    #[must_use]
    pub fn calm(mut self, expect: fn(&Seen)) -> Self {
        self.calm = Some(expect);
        self
    }

    fn step(mut self, at: Millis, step: Step) -> Self {
        self.steps.push((at, step));
        self
    }

    /// Plants the seed and plans every step; gives the time of the last act.
    pub(crate) fn begin(&self, deployment: &Deployment) -> Timestamp {
        let (world, start) = (deployment.world(), deployment.now());
        seed::plant(world, self.terms);
        deployment.start();
        for (after, step) in self.steps.clone() {
            let (at, deployment) = (start.plus(after), deployment.clone());
            match step {
                Step::Price(market, price) => {
                    let meant = if market == seed::market().key { self.terms.market().key } else { market };
                    world.prices().set(&meant, at, price.parse().unwrap());
                }
                Step::Post(body) => {
                    let body = self.terms.said(body);
                    world.sim().at(at, move || deployment.post(&body));
                }
                Step::System(halted) => world.sim().at(at, move || deployment.world().put_system_halt(halted)),
                Step::Leave(base) => world.sim().at(at, move || deployment.leave_by_hand(base)),
                Step::Bring(base) => world.sim().at(at, move || deployment.bring_by_hand(base)),
                Step::WithoutModes => world.sim().at(at, move || deployment.world().take_modes()),
                Step::PausedMarket => world.sim().at(at, move || {
                    deployment.world().put_rules(&seed::user(), &[seed::paused_market(deployment.now())]);
                }),
                Step::Delist => world.sim().at(at, move || deployment.world().take_market(&seed::market().key)),
                Step::Rules(step, is_known) => {
                    let market = self.terms.market();
                    world.sim().at(at, move || rule(&deployment, market, step, is_known));
                }
                Step::Liquidated => world.sim().at(at, move || deployment.moved(Decimal::ZERO)),
                Step::Hold(side, quantity) => {
                    let market = self.terms.market().key;
                    world.sim().at(at, move || deployment.hold_by_hand(market, side, quantity));
                }
                Step::CancelSells => world.sim().at(at, move || deployment.cancel_sells_by_hand()),
                Step::Revive => world.sim().at(at, move || deployment.revive_sell_by_hand()),
                Step::Stray => world.sim().at(at, move || deployment.order_by_hand()),
                Step::LetThrough => world.sim().at(at, move || deployment.let_through()),
                Step::Remember => world.sim().at(at, move || deployment.remember()),
                Step::Restore => world.sim().at(at, move || deployment.restore()),
                Step::Down(call, down) => world.sim().at(at, move || deployment.world().set_down(call, down)),
                Step::Lags(lags) => world.sim().at(at, move || deployment.world().set_lags(lags)),
                Step::Hang(symbol, hung) => {
                    world.sim().at(at, move || deployment.world().set_hung(seed::market_of(symbol).key, hung));
                }
                Step::Disable => world.sim().at(at, move || {
                    deployment.world().put_standing(&seed::account(), Standing { enabled: false, validated: true });
                }),
                Step::Clock(function, ahead) => {
                    world.sim().at(at, move || deployment.world().sim().set_clock(function, ahead));
                }
                Step::WearOutBells => world.sim().at(at, move || deployment.world().wear_out_bells()),
                Step::Message(queue, body) => world.sim().at(at, move || message(&deployment, queue, body)),
                Step::DeadLetter(queue, body) => world.sim().at(at, move || dead_letter(&deployment, queue, body)),
                Step::Candle(number, says) => world.sim().at(at, move || deployment.close_candle(number, says)),
                Step::Told(number) => world.sim().at(at, move || deployment.tell_candle(number)),
                Step::Ask(wish) => world.sim().at(at, move || deployment.ask(wish)),
            }
        }
        let acts = self.steps.iter().filter(|(_, step)| !matches!(step, Step::Price(..)));
        start.plus(acts.map(|(after, _)| *after).max().unwrap_or_default())
    }
}

fn message(deployment: &Deployment, queue: Queue, body: String) {
    deployment.world().queues().of(queue).send_fifo(body, "lane", "name".to_owned(), deployment.now());
}

fn dead_letter(deployment: &Deployment, queue: Queue, body: String) {
    deployment.world().queues().of(queue).put_dead(body, Some("lane".to_owned()), deployment.now());
}

/// The market has other steps from now on; known here, or at the exchange alone.
fn rule(deployment: &Deployment, market: Market, step: Quantity, is_known: bool) {
    let rules = Filters { quantity_step: step, quantity_min: step, ..market.filters };
    if is_known {
        deployment.world().put_market(&Market { filters: rules, ..market });
    } else {
        deployment.world().set_rules(market.key, rules);
    }
}
