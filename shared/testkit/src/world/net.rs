//! The wire between us and a venue: requests and answers are lost on it, or come late, and reads lag.
//!
//! What was sent is on its way even when its sender is gone.

use super::numbers::{Number, Numbers};
use super::traffic::Horizon;
use super::{Lags, World};
use crate::sim::{Invocation, Op, Passage};
use app::ports::{
    Address, Balance, Cancelled, KeyRefused, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome, Pause, ReadBooks,
    Request, Requests, Said, Tells, Terms, Trigger, TriggerKind, Unprepared, Urgency, Venue, VenueError, VenueOrder,
};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::limits::{BOOKS_TIMEOUT, CLOCK_SKEW, EXECUTOR_TIMEOUT, SUBMIT_TIMEOUT};
use domain::market::{Asset, Book, Exchange, Leverage, Market, MarketKey};
use domain::money::{Amount, Decimal, Price};
use domain::order::{Direction, Fact, Order, Purpose, Refusal, Status};
use domain::preset::OrderKind;
use domain::reason::Reason;
use domain::vault::KeyFault;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The name of the call that is down while the venue takes no key: [`World::set_down`].
pub const KEY: &str = "key";

/// The same while it asks whoever sends to leave it alone.
pub const PAUSE: &str = "pause";
/// The same while it says so to every question.
pub const PAUSE_READS: &str = "pause_reads";
/// For how long.
const LEFT_ALONE: Millis = Millis::seconds(60);

/// The same while most of what may be asked of it is used.
pub const BUSY: &str = "busy";

/// The same while nobody trades there: its last price is two minutes old. What is on offer costs what it did.
pub const QUIET: &str = "quiet";
/// Of a quiet venue: what is on offer costs half as much again.
pub const DEAR: &str = "dear";
/// Of a quiet venue: nothing is on offer.
pub const EMPTY: &str = "empty";
/// The same while nobody keeps a price of any market, as of those at exchanges: what is on offer there is all that shows one.
pub const UNPRICED: &str = "unpriced";
const QUIET_FOR: Millis = Millis::seconds(120);

/// The same while it forgets orders as soon as they have ended without a trade.
pub const MEMORY: &str = "memory";

/// The same while a venue without client order ids shows no order in its lists, and tells no more than its own id of one that
/// it accepts: asked by that, it tells all.
pub const LISTS: &str = "lists";

/// The same while it tells of what it accepts nothing at all.
pub const NAMES: &str = "names";

/// The same of a venue where what fees are paid in cannot be bought with the quote.
pub const UNLISTED: &str = "unlisted";

/// The same while its balances leave out every asset but what is paid with.
pub const UNNAMED: &str = "unnamed";

/// The same while nothing is traded there.
pub const HALTED: &str = "halted";

/// The same while it says of every sell at the market that it is too little.
pub const TOO_LITTLE: &str = "too_little";

/// What a venue does in its own way, beside its [`Terms`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Ways {
    /// It knows no client order ids: an order is looked for in its lists.
    pub by_list: bool,
    /// It answers an order with its own id for it, and only looks tell what became of it.
    pub tells_later: bool,
    /// A client order id that it has taken once creates nothing more: the first order is answered.
    pub returns_first: bool,
    /// What is bought at the market is told in quote there: its client buys coins with a limit alone.
    pub buys_with_limit: bool,
    /// It lists the orders of all markets with one question.
    pub lists_all: bool,
}

/// A venue at the other end of the wire. It ends every call within the submit time-out, as the port demands.
#[derive(Debug)]
pub struct Net<V> {
    world: World,
    venue: Rc<V>,
    ways: Ways,
    /// Whether somebody was told that the key is not taken. Each process hears it for itself: it is told again and again.
    refused: Rc<Cell<bool>>,
    /// Until when it has asked to be left alone, as every process is told that asks.
    paused_until: Rc<Cell<Timestamp>>,
    /// Of its requests, where it takes them in order alone.
    numbers: Rc<Numbers>,
}

impl<V> Clone for Net<V> {
    fn clone(&self) -> Self {
        let (world, venue) = (self.world.clone(), self.venue.clone());
        let (refused, paused_until, numbers) = (self.refused.clone(), self.paused_until.clone(), self.numbers.clone());
        Self { world, venue, ways: self.ways, refused, paused_until, numbers }
    }
}

impl<V> Net<V> {
    /// What it has asked for, by the clock of whoever was asked.
    fn pause(&self) -> Option<Pause> {
        let left = self.paused_until.get().since(self.world.sim().now());
        let until = self.world.sim().shown().plus(left);
        let pause = Pause { code: Pause::ASKED, until, why: "it has asked for it".to_owned() };
        (left > Millis::ZERO).then_some(pause)
    }

    /// The same, where the account's row does not say it.
    fn new_pause(&self, account: &AccountId) -> Option<Pause> {
        let now = self.world.sim().shown();
        let known = self.world.table().account(account).and_then(|account| account.venue_pauses_until(now));
        self.pause().filter(|pause| known < Some(pause.until))
    }
}

impl<V: Venue + 'static> Net<V> {
    pub fn new(world: World, venue: V) -> Self {
        Self {
            world,
            venue: Rc::new(venue),
            ways: Ways::default(),
            refused: Rc::default(),
            paused_until: Rc::default(),
            numbers: Rc::default(),
        }
    }

    /// A venue that does some things in its own way.
    #[must_use]
    pub fn ways(self, ways: Ways) -> Self {
        Self { ways, ..self }
    }

    /// What its lists show now of these orders.
    fn shown(&self, listed: Vec<VenueOrder>, which: Listed) -> Vec<VenueOrder> {
        let horizon = self.horizon();
        let seen = |order: VenueOrder| {
            let fact = self.world.traffic().as_of(&order.client_id, &order.fact, horizon)?;
            if self.is_forgotten(&fact) {
                return None;
            }
            Some(VenueOrder { fact, ..order })
        };
        let is_meant = |order: &VenueOrder| which != Listed::Open || order.fact.status.is_some_and(Status::is_resting);
        listed.into_iter().filter_map(seen).filter(is_meant).collect()
    }

    /// How late a held-up request may be and still be carried out: within the validity, and so long that all have given
    /// it up.
    fn late(&self, exchange: &Exchange) -> Millis {
        let validity = self.venue.terms(exchange).validity.unwrap_or(SUBMIT_TIMEOUT);
        Millis::new(validity.get() - BEFORE_THE_END.get())
    }

    /// What a request gets that is begun now; nothing where the venue has no use for it.
    fn number(&self, account: &AccountId, exchange: &Exchange) -> Option<Number> {
        (self.venue.terms(exchange).requests == Requests::Serial).then(|| self.numbers.next(account))
    }

    fn is_overtaken(&self, number: Option<Number>) -> bool {
        let is_overtaken = number.is_some_and(|number| !self.numbers.takes(number));
        if is_overtaken {
            self.world.sim().note(|| format!("  {OVERTAKEN}"));
        }
        is_overtaken
    }

    /// Sends something: it arrives or it does not, and if it does the answer comes back or it does not.
    async fn send<T: 'static>(
        &self,
        op: &'static str,
        late: Millis,
        leaves: impl FnOnce(),
        arrives: impl Future<Output = T> + 'static,
    ) -> Option<T> {
        let (sim, since) = (self.world.sim(), self.world.sim().now());
        let passage = sim.point(Op::venue_effect(op)).await;
        leaves();
        match passage {
            Passage::Go => return Some(sim.elsewhere("venue", arrives).await),
            Passage::ReplyLost => self.on_its_way(Millis::ZERO, arrives),
            Passage::Late => self.on_its_way(late, arrives),
            Passage::TooLate => self.on_its_way(TOO_LATE, arrives),
            Passage::Refused => {}
        }
        self.wait_in_vain(since).await;
        None
    }

    /// Stale rows change nothing at a venue.
    fn leaves(&self, account: &AccountId, what: &ClientOrderId) {
        if !self.world.may_act_for(account) {
            self.world.sim().violation(format!("{what} was touched from a table that is not recovered"));
        }
    }

    fn left(&self, request: &Request) {
        let sim = self.world.sim();
        self.leaves(&request.account, &request.client_id);
        let id = &request.client_id;
        if !self.world.0.traffic.borrow_mut().send(request) {
            sim.violation(format!("{id} was sent twice"));
        }
        match self.world.table().find_order(id) {
            None => sim.violation(format!("{id} was sent without a persisted intent")),
            Some(order) if order.status != Status::Submitting => {
                sim.violation(format!("{id} was sent while it was {}", order.status.as_str()));
            }
            Some(order) if self.is_barred(order, request) => {
                sim.violation(format!("{id} buys what has been missing at the venue for long"));
            }
            Some(order) if order.valid_until.is_some_and(|end| request.sent_at >= end) => {
                sim.violation(format!("{id} was sent after its time"));
            }
            Some(_) => {}
        }
    }

    /// An entry, although its account was marked before any executor that sends it can have begun.
    fn is_barred(&self, order: &Order, request: &Request) -> bool {
        let table = self.world.table();
        let drift = table.account(&request.account).map(|account| &account.drift);
        let marked = drift.filter(|drift| drift.of(&request.market.key.symbol.base).is_some());
        let long = |since: Timestamp| request.sent_at.since(since) > EXECUTOR_TIMEOUT;
        order.purpose == Purpose::Entry && marked.is_some_and(|drift| long(drift.at))
    }

    /// Nothing is set at a venue for entries that may not start, unless what stands against them is newer than an executor that
    /// sets it may be.
    fn set(&self, account: &AccountId, market: &Market) {
        let (now, table) = (self.world.sim().now(), self.world.table());
        let Some(account) = table.account(account) else { return };
        let halted = account.halted.as_ref().map(|halt| halt.at);
        let missing = account.drift.of(&market.key.symbol.base).map(|_| account.drift.at);
        if halted.into_iter().chain(missing).any(|since| now.since(since) > EXECUTOR_TIMEOUT) {
            self.world.sim().violation(format!("{} is set at its venue for entries that may not start", market.key));
        }
    }

    /// Both leave in one request, and neither ever again.
    fn pair_left(&self, pair: &OcoRequest) {
        let [limit, stop] = halves(pair);
        self.left(&limit);
        let ours = self.world.table().find_order(&limit.client_id).and_then(Order::stop_id);
        if ours.as_ref() != Some(&stop.client_id) || !self.world.0.traffic.borrow_mut().send(&stop) {
            self.world.sim().violation(format!("{} was sent twice, or not as it was meant", stop.client_id));
        }
    }

    fn pair_answered(&self, pair: &OcoRequest, outcome: &Outcome<OcoFacts>) {
        let sim = self.world.sim();
        sim.note(|| format!("  {:?} {} {} or {}: {outcome:?}", pair.direction, pair.quantity, pair.limit, pair.stop));
        if let Outcome::Accepted(OcoFacts { limit, stop }) = outcome {
            for (request, fact) in halves(pair).iter().zip([limit, stop]) {
                self.answered(request, &Outcome::Accepted(fact.clone()));
            }
        }
    }

    fn answered(&self, request: &Request, outcome: &Outcome) {
        let sim = self.world.sim();
        sim.note(|| {
            format!(
                "  {:?} {:?} {} {}: {outcome:?}",
                request.direction, request.kind, request.quantity, request.client_id
            )
        });
        if !matches!(outcome, Outcome::Accepted(_)) {
            return;
        }
        if !self.world.0.traffic.borrow_mut().accept(&request.client_id, sim.now()) {
            sim.violation(format!("{} was accepted twice", request.client_id));
        }
        let traffic = self.world.0.traffic.borrow();
        let oversold = self.world.table().oversold(&request.account, |id| traffic.rests_by_fault(id));
        oversold.into_iter().for_each(|group| sim.violation(format!("{group} sells more than it holds")));
    }

    /// What it makes of a request. Of an id that it has taken it has one order for all time, where that is its way.
    async fn arrived(&self, request: &Request, number: Option<Number>) -> Outcome {
        if let Some(first) = self.first(request).await {
            self.world.sim().note(|| format!("  {} again: {first:?}", request.client_id));
            self.world.0.traffic.borrow_mut().return_first();
            return Outcome::Accepted(first);
        }
        let outcome = match self.refuses(request) {
            _ if self.is_overtaken(number) => overtaken(),
            Some(refused) => refused,
            None => self.venue.submit(request).await,
        };
        self.answered(request, &outcome);
        outcome
    }

    /// The order that has this id already.
    async fn first(&self, request: &Request) -> Option<Fact> {
        let Request { account, market, client_id, sent_at, .. } = request.clone();
        if !self.ways.returns_first || !self.world.traffic().has_accepted(&client_id) {
            return None;
        }
        let (venue_id, known) = (None, BTreeMap::new());
        let address = Address { account, market, client_id, venue_id, known, since: sent_at };
        self.venue.find_order(&address).await.ok()?
    }

    /// Somebody on the way has sent it once more, at once or later: the second answer, where it is the one that is heard.
    async fn repeated(&self, request: &Request) -> Option<Outcome> {
        let (sim, again) = (self.world.sim(), self.world.strict().repeats);
        if !self.ways.returns_first || !sim.chance(again) {
            return None;
        }
        if sim.up_to(1) == 0 {
            return Some(self.arrived(request, None).await);
        }
        let (net, copy) = (self.clone(), request.clone());
        self.on_its_way(sim.span_up_to(TOO_LATE), async move { net.arrived(&copy, None).await });
        None
    }

    /// Waits out the time in which an answer could still come.
    async fn wait_in_vain(&self, since: Timestamp) {
        let waited = self.world.sim().now().since(since);
        self.world.sim().sleep(Millis::new(SUBMIT_TIMEOUT.get() - waited.get())).await;
    }

    fn on_its_way<T: 'static>(&self, delay: Millis, arrives: impl Future<Output = T> + 'static) {
        let sim = self.world.sim().clone();
        let future = async move {
            sim.sleep(delay).await;
            arrives.await
        };
        let invocation = Invocation { name: "venue".into(), limit: None, strikable: false, future };
        self.world.sim().spawn(invocation, |_unheard| ());
    }

    /// What it tells of what it has accepted.
    fn told(&self, outcome: Outcome) -> Outcome {
        let open = Fact::of(Status::Open);
        match outcome {
            Outcome::Accepted(_) if self.world.is_down(NAMES) => Outcome::Accepted(open),
            Outcome::Accepted(fact) if self.ways.tells_later || self.world.is_down(LISTS) => {
                Outcome::Accepted(Fact { venue_id: fact.venue_id, ..open })
            }
            outcome => outcome,
        }
    }

    /// A question that is signed.
    async fn asked<T: 'static>(
        &self,
        op: &'static str,
        (account, exchange): (&AccountId, &Exchange),
        answer: impl Future<Output = Result<T, VenueError>> + 'static,
    ) -> Result<T, VenueError> {
        let (net, number) = (self.clone(), self.number(account, exchange));
        let in_turn = async move {
            if net.is_overtaken(number) { Err(VenueError::Unavailable(OVERTAKEN.to_owned())) } else { answer.await }
        };
        self.read(op, in_turn).await
    }

    async fn read<T: 'static>(
        &self,
        op: &'static str,
        answer: impl Future<Output = Result<T, VenueError>> + 'static,
    ) -> Result<T, VenueError> {
        let since = self.world.sim().now();
        self.world.0.traffic.borrow_mut().ask(op, since);
        match self.world.sim().point(Op::venue_read(op)).await {
            Passage::Go if self.world.is_down(PAUSE_READS) => {
                self.paused_until.set(self.world.sim().now().plus(LEFT_ALONE));
                Err(VenueError::Unavailable("too many questions".to_owned()))
            }
            Passage::Go if !self.world.is_down(op) => self.world.sim().elsewhere("venue", answer).await,
            _ => {
                self.wait_in_vain(since).await;
                Err(VenueError::Unavailable(NOBODY.to_owned()))
            }
        }
    }

    /// What it says to every order now, whatever the order is, and to a sell at the market.
    fn refuses(&self, request: &Request) -> Option<Outcome> {
        let is_down = |call| self.world.is_down(call);
        let no = is_down(KEY).then(no_key).or_else(|| is_down(PAUSE).then(too_much));
        let no = no.or_else(|| is_down(HALTED).then(closed));
        let off_rules = self.world.is_off_rules(&request.market.key, request.quantity);
        let no = no.or_else(|| off_rules.then(off_step));
        no.or_else(|| (is_down(TOO_LITTLE) && is_sold_at_once(request)).then(too_little))
    }

    /// Whether it tells nothing of such an order any more.
    fn is_forgotten(&self, fact: &Fact) -> bool {
        let is_over = fact.status.is_some_and(Status::is_final) && fact.fills.is_empty();
        is_over && self.world.is_down(MEMORY)
    }

    /// The newest that a read made now can show of orders and of their trades.
    fn horizon(&self) -> Horizon {
        let (of, lags) = (|lag| self.horizon_of(lag), self.world.0.lags.get());
        if lags == Lags::default() {
            return Horizon::at(of(Millis::ZERO));
        }
        Horizon { orders: of(lags.orders), trades: of(lags.trades) }
    }

    fn horizon_of(&self, lag: Millis) -> Timestamp {
        let (strict, sim) = (self.world.strict(), self.world.sim());
        let lag = lag.max(strict.read_lag);
        sim.now().minus(if strict.worst { lag } else { sim.span_up_to(lag) })
    }
}

const NOBODY: &str = "nobody answers";
const OVERTAKEN: &str = "the number of the request is behind another's";
const NOTHING: Balance = Balance { free: Amount::ZERO, locked: Amount::ZERO };
const BEFORE_THE_END: Millis = Millis::new(400);
const TOO_LATE: Millis = Millis::seconds(40);

fn too_much() -> Outcome {
    Outcome::Rejected(Refusal { code: Reason::RateLimited.into(), detail: "too much was asked".to_owned() })
}

/// Decided anew, under another id.
fn overtaken<T>() -> Outcome<T> {
    Outcome::Rejected(Refusal { code: Reason::Clock.into(), detail: OVERTAKEN.to_owned() })
}

fn closed() -> Outcome {
    Outcome::Rejected(Refusal { code: Reason::MarketClosed.into(), detail: "it is halted".to_owned() })
}

fn off_step() -> Outcome {
    Outcome::Rejected(Refusal { code: Reason::OffQuantityStep.into(), detail: "LOT_SIZE".to_owned() })
}

fn too_little() -> Outcome {
    Outcome::Rejected(Refusal { code: Reason::BelowNotionalMin.into(), detail: "it is too little".to_owned() })
}

fn is_coins_at_the_market(request: &Request) -> bool {
    let buys = request.direction == Direction::Buy && request.kind == OrderKind::Market;
    buys && !request.market.kind.is_linear()
}

/// Refused before anything leaves.
fn buys_with_limit() -> Outcome {
    let detail = "what is bought at the market there is told in quote: buy with a limit";
    Outcome::Rejected(Refusal { code: Reason::RefusedByVenue.into(), detail: detail.to_owned() })
}

fn is_sold_at_once(request: &Request) -> bool {
    request.direction == Direction::Sell && request.kind == OrderKind::Market && request.trigger.is_none()
}

fn no_key() -> Outcome {
    Outcome::Rejected(Refusal { code: Reason::KeyRefused.into(), detail: "the key is not taken".to_owned() })
}

/// What has ended within the lag is still shown as open.
fn ended_too(which: Listed) -> Listed {
    match which {
        Listed::Open => Listed::Since(Timestamp::default()),
        Listed::Since(_) => which,
    }
}

/// What a client of such a venue does.
async fn found_in_list<V: Venue>(venue: &V, asked: &Address) -> Result<Option<Fact>, VenueError> {
    let (id, since) = (&asked.client_id, asked.since.minus(CLOCK_SKEW));
    let listed = venue.list_orders(&asked.account, &asked.market, id.as_str(), Listed::Since(since)).await?;
    Ok(listed.into_iter().rev().find(|order| order.client_id == *id).map(|order| order.fact))
}

/// The two orders that the venue has of a pair.
fn halves(pair: &OcoRequest) -> [Request; 2] {
    let of = |id: &ClientOrderId, kind, trigger| Request {
        account: pair.account.clone(),
        market: pair.market.clone(),
        client_id: id.clone(),
        direction: pair.direction,
        kind,
        trigger,
        quantity: pair.quantity,
        reduce_only: pair.reduce_only,
        sent_at: pair.sent_at,
    };
    let waits = Trigger { kind: TriggerKind::StopLoss, price: pair.stop };
    let then = pair.stop_limit.map_or(OrderKind::Market, OrderKind::Limit);
    [of(&pair.limit_id, OrderKind::Limit(pair.limit), None), of(&pair.stop_id, then, Some(waits))]
}

impl<V: Venue + 'static> Venue for Net<V> {
    fn terms(&self, exchange: &Exchange) -> Terms {
        Terms { lists_all: self.ways.lists_all, ..self.venue.terms(exchange) }
    }

    async fn paused(&self, account: &AccountId, exchange: &Exchange, urgency: Urgency) -> Option<Pause> {
        let busy = || Pause {
            code: Pause::BUSY,
            until: self.world.sim().now(),
            why: "most of what may be asked is used".to_owned(),
        };
        match self.pause() {
            Some(pause) => Some(pause),
            None if self.world.is_down(BUSY) && urgency == Urgency::Look => Some(busy()),
            None => self.venue.paused(account, exchange, urgency).await,
        }
    }

    fn newly_paused(&self, account: &AccountId) -> Option<Pause> {
        self.new_pause(account)
    }

    async fn prepare(&self, account: &AccountId, market: &Market, leverage: Leverage) -> Result<(), Unprepared> {
        let (venue, to, of) = (self.venue.clone(), account.clone(), market.clone());
        let arrives = async move { venue.prepare(&to, &of, leverage).await };
        let leaves = || self.set(account, market);
        let heard = self.send("prepare", self.late(&market.key.exchange), leaves, arrives).await;
        heard.unwrap_or_else(|| Err(Unprepared::Away(NOBODY.to_owned())))
    }

    async fn positions(&self, account: &AccountId, exchange: &Exchange) -> Result<Vec<OpenPosition>, VenueError> {
        let (venue, asked, there) = (self.venue.clone(), account.clone(), exchange.clone());
        let answer = async move { venue.positions(&asked, &there).await };
        self.asked("positions", (account, exchange), answer).await
    }

    async fn submit(&self, request: &Request) -> Outcome {
        if self.ways.buys_with_limit && is_coins_at_the_market(request) {
            return buys_with_limit();
        }
        let (net, sent) = (self.clone(), request.clone());
        let number = self.number(&request.account, &request.market.key.exchange);
        let arrives = async move {
            let outcome = net.arrived(&sent, number).await;
            let outcome = net.repeated(&sent).await.unwrap_or(outcome);
            net.told(outcome)
        };
        let heard = self.send("submit", self.late(&request.market.key.exchange), || self.left(request), arrives).await;
        match &heard {
            Some(outcome) if *outcome == no_key() => self.refused.set(true),
            Some(outcome) if *outcome == too_much() => self.paused_until.set(self.world.sim().now().plus(LEFT_ALONE)),
            _ => {}
        }
        heard.unwrap_or_else(|| Outcome::Unknown(NOBODY.to_owned()))
    }

    async fn submit_oco(&self, request: &OcoRequest) -> Outcome<OcoFacts> {
        let (net, sent) = (self.clone(), request.clone());
        let number = self.number(&request.account, &request.market.key.exchange);
        let arrives = async move {
            let outcome = if net.is_overtaken(number) { overtaken() } else { net.venue.submit_oco(&sent).await };
            net.pair_answered(&sent, &outcome);
            outcome
        };
        let heard =
            self.send("submit_oco", self.late(&request.market.key.exchange), || self.pair_left(request), arrives).await;
        heard.unwrap_or_else(|| Outcome::Unknown(NOBODY.to_owned()))
    }

    async fn cancel(&self, address: &Address) -> Cancelled {
        let (net, address, cancelled) = (self.clone(), address.clone(), address.clone());
        let number = self.number(&address.account, &address.market.key.exchange);
        let arrives = async move {
            if net.is_overtaken(number) {
                return Cancelled::Unknown(OVERTAKEN.to_owned());
            }
            let cancelled = net.venue.cancel(&address).await;
            if let Cancelled::Done(_) = cancelled {
                net.world.0.traffic.borrow_mut().cancel(&address.client_id, net.world.sim().now());
            }
            cancelled
        };
        let late = self.late(&cancelled.market.key.exchange);
        let heard = self.send("cancel", late, || self.leaves(&cancelled.account, &cancelled.client_id), arrives).await;
        heard.unwrap_or_else(|| Cancelled::Unknown(NOBODY.to_owned()))
    }

    async fn find_order(&self, address: &Address) -> Result<Option<Fact>, VenueError> {
        let (venue, asked, lists_are_down) = (self.venue.clone(), address.clone(), self.world.is_down(LISTS));
        let tells = self.venue.terms(&address.market.key.exchange).tells;
        let by_list = self.ways.by_list && (address.venue_id.is_none() || tells == Tells::InLists);
        let answer = async move {
            match by_list {
                true if lists_are_down => Ok(None),
                true => found_in_list(&*venue, &asked).await,
                false => venue.find_order(&asked).await,
            }
        };
        let found = self.asked("find_order", (&address.account, &address.market.key.exchange), answer).await?;
        let shown = found.and_then(|fact| self.world.traffic().as_of(&address.client_id, &fact, self.horizon()));
        let kept = shown.filter(|fact| !self.is_forgotten(fact));
        // What is known whole is not told again.
        Ok(kept.map(|mut fact| {
            fact.fills.retain(|trade, _| !address.known.contains_key(trade));
            fact
        }))
    }

    /// Of whom it knows by its own ids it tells all; else it lists what is open.
    async fn find_many(&self, addresses: &[Address]) -> Result<BTreeMap<ClientOrderId, Fact>, VenueError> {
        let Some(Address { account, market, .. }) = addresses.first() else { return Ok(BTreeMap::new()) };
        let (net, asked) = (self.clone(), addresses.to_vec());
        let answer = async move {
            let mut found = BTreeMap::new();
            for address in asked.iter().filter(|address| !net.ways.by_list || address.venue_id.is_some()) {
                found.extend(net.venue.find_order(address).await?.map(|fact| (address.client_id.clone(), fact)));
            }
            Ok(found)
        };
        let found = self.asked("find_many", (account, &market.key.exchange), answer).await?;
        let horizon = self.horizon();
        let shown = |(id, fact)| Some((self.world.traffic().as_of(&id, &fact, horizon)?, id));
        let is_told = |fact: &Fact| {
            !self.is_forgotten(fact) && (self.ways.by_list || fact.status.is_some_and(Status::is_resting))
        };
        let told = found.into_iter().filter_map(shown).filter(|(fact, _)| is_told(fact));
        let known = |id: &ClientOrderId| addresses.iter().find(|address| address.client_id == *id);
        // What is known whole is not told again.
        Ok(told
            .map(|(mut fact, id)| {
                fact.fills.retain(|trade, _| known(&id).is_none_or(|address| !address.known.contains_key(trade)));
                (id, fact)
            })
            .collect())
    }

    async fn list_orders(
        &self,
        account: &AccountId,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        let (venue, of, at, begins) = (self.venue.clone(), account.clone(), market.clone(), prefix.to_owned());
        let hung = self.world.is_hung(&market.key);
        let answer = async move {
            if hung {
                Err(VenueError::Unavailable(NOBODY.to_owned()))
            } else {
                venue.list_orders(&of, &at, &begins, ended_too(which)).await
            }
        };
        let listed = self.asked("list_orders", (account, &market.key.exchange), answer).await?;
        Ok(self.shown(listed, which))
    }

    async fn list_many(
        &self,
        account: &AccountId,
        markets: &[Market],
        prefix: &str,
        which: Listed,
    ) -> Result<BTreeMap<MarketKey, Vec<VenueOrder>>, VenueError> {
        let exchange = markets.first().filter(|_| self.ways.lists_all).map(|market| &market.key.exchange);
        let Some(exchange) = exchange else { return Ok(BTreeMap::new()) };
        let (venue, of, all, begins) = (self.venue.clone(), account.clone(), markets.to_vec(), prefix.to_owned());
        let answer = async move {
            let mut listed = Vec::new();
            for market in all {
                let orders = venue.list_orders(&of, &market, &begins, ended_too(which)).await?;
                listed.push((market.key, orders));
            }
            Ok(listed)
        };
        let listed = self.asked("list_many", (account, exchange), answer).await?;
        Ok(listed.into_iter().map(|(key, orders)| (key, self.shown(orders, which))).collect())
    }

    async fn balances(&self, account: &AccountId, exchange: &Exchange) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        let (venue, asked, there) = (self.venue.clone(), account.clone(), exchange.clone());
        let answer = async move { venue.balances(&asked, &there).await };
        let mut balances = self.asked("balances", (account, exchange), answer).await?;
        let before = self.world.traffic().balances_as_of(account, self.horizon_of(self.world.0.lags.get().balances));
        // What is paid with is shown as it is; what is held lags as orders do.
        let table = self.world.table();
        for (asset, balance) in balances.iter_mut().filter(|(asset, _)| !table.is_quote(asset)) {
            *balance = before.get(asset).copied().unwrap_or(NOTHING);
        }
        if self.world.is_down(UNNAMED) {
            balances.retain(|asset, _| table.is_quote(asset));
        }
        Ok(balances)
    }

    async fn ticker(&self, account: &AccountId, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        let (venue, account, market) = (self.venue.clone(), account.clone(), market.clone());
        if self.world.is_hung(&market) {
            self.wait_in_vain(self.world.sim().now()).await;
            return Err(VenueError::Unavailable(NOBODY.to_owned()));
        }
        let age = if self.world.is_down(QUIET) { QUIET_FOR } else { Millis::ZERO };
        let last = self.read("ticker", async move { venue.ticker(&account, &market).await }).await?;
        Ok(last.map(|(price, at)| (price, at.minus(age))))
    }

    async fn offered(
        &self,
        account: &AccountId,
        market: &MarketKey,
        _: Direction,
    ) -> Result<Option<Price>, VenueError> {
        if self.world.is_down(EMPTY) {
            return Ok(None);
        }
        let (venue, account, market) = (self.venue.clone(), account.clone(), market.clone());
        let last = self.read("offered", async move { venue.ticker(&account, &market).await }).await?;
        let times: Decimal = if self.world.is_down(DEAR) { Decimal::new(15, 1) } else { Decimal::ONE };
        Ok(last.and_then(|(price, _)| Price::new(price.get() * times).ok()))
    }

    async fn price_at(
        &self,
        account: &AccountId,
        market: &MarketKey,
        at: Timestamp,
    ) -> Result<Option<Price>, VenueError> {
        if self.world.is_down(UNLISTED) {
            return Err(VenueError::NoMarket(market.clone()));
        }
        let (venue, account, market) = (self.venue.clone(), account.clone(), market.clone());
        self.read("price_at", async move { venue.price_at(&account, &market, at).await }).await
    }

    fn said(&self) -> Vec<Said> {
        self.venue.said()
    }

    fn key_refused(&self, account: &AccountId) -> Option<KeyRefused> {
        let table = self.world.table();
        let credential = table.credential(account).filter(|_| self.refused.get())?;
        Some(KeyRefused { credential: credential.id, fault: KeyFault::Unknown })
    }
}

impl<V: ReadBooks + 'static> ReadBooks for Net<V> {
    /// Whose market hangs does not answer in time; of the others all do, or none.
    async fn read_books(&self, asked: &[(AccountId, Market)], urgency: Urgency) -> Vec<Result<Book, VenueError>> {
        let nobody = || Err(VenueError::Unavailable(NOBODY.to_owned()));
        let (venue, all) = (self.venue.clone(), asked.to_vec());
        let answers = match self.world.sim().point(Op::venue_read("read_books")).await {
            Passage::Go if self.world.is_down(PAUSE_READS) => {
                self.paused_until.set(self.world.sim().now().plus(LEFT_ALONE));
                return asked.iter().map(|_| Err(VenueError::Unavailable("too many questions".to_owned()))).collect();
            }
            Passage::Go if !self.world.is_down("read_books") => {
                self.world.sim().elsewhere("venue", async move { venue.read_books(&all, urgency).await }).await
            }
            _ => asked.iter().map(|_| nobody()).collect(),
        };
        let hung = |(_, market): &(AccountId, Market)| self.world.is_hung(&market.key);
        let answers: Vec<_> =
            asked.iter().zip(answers).map(|(asked, book)| if hung(asked) { nobody() } else { book }).collect();
        if answers.iter().any(Result::is_err) {
            self.world.sim().sleep(BOOKS_TIMEOUT).await;
        }
        answers
    }

    fn newly_paused(&self, account: &AccountId) -> Option<Pause> {
        self.new_pause(account)
    }
}
