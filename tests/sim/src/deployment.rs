//! The deployed whole: the world, the venue at the end of its wire, and what runs the functions.

use crate::functions;
use crate::seed::Terms;
use crate::seen::deliveries;
use app::minute::Sent;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, DeliveryId};
use domain::money::{Amount, Decimal};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use testkit::sim::Invocation;
use testkit::world::{Exchange, Net, Snapshot, World};
use venues::{Paper, Prompt};

/// The venue as the functions see it.
pub(crate) type Market = Prompt<Net<Paper<Exchange>>, World>;

/// The name that client order ids are made of.
pub(crate) const NAME: &str = "sim";

/// A handle to the deployment; all clones are the same one.
#[derive(Debug, Clone)]
pub struct Deployment(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    world: World,
    venue: Market,
    books: Net<Paper<Exchange>>,
    runs: Cell<u64>,
    /// What the ticker's process remembers.
    sent: RefCell<Sent>,
    /// Whether the minute may fail too.
    minute_fails: bool,
    quote_at_begin: Amount,
    answered: RefCell<Vec<DeliveryId>>,
    remembered: RefCell<Option<Snapshot>>,
    /// Base that its owner has brought, below zero where it was taken; none where nobody has touched it.
    moved: Cell<Option<Decimal>>,
}

impl Deployment {
    pub(crate) fn new(world: World, minute_fails: bool, terms: Terms) -> Self {
        let habits = terms.habits;
        let paper = Paper::new(Exchange(world.clone()), (|| ()) as fn()).with_terms(habits.terms());
        let net = Net::new(world.clone(), paper).ways(habits.ways());
        let (books, venue) = (net.clone(), Prompt::new(net, world.clone()));
        let (runs, sent, answered, remembered) =
            (Cell::new(0), RefCell::default(), RefCell::default(), RefCell::default());
        let (quote_at_begin, moved) = (terms.quote_at_venue, Cell::default());
        Self(Rc::new(Inner {
            world,
            venue,
            books,
            runs,
            sent,
            minute_fails,
            quote_at_begin,
            answered,
            remembered,
            moved,
        }))
    }

    pub fn world(&self) -> &World {
        &self.0.world
    }

    pub(crate) fn venue(&self) -> &Market {
        &self.0.venue
    }

    pub(crate) fn books(&self) -> &Net<Paper<Exchange>> {
        &self.0.books
    }

    pub(crate) fn sent(&self) -> &RefCell<Sent> {
        &self.0.sent
    }

    pub(crate) fn quote_at_begin(&self) -> Amount {
        self.0.quote_at_begin
    }

    pub fn now(&self) -> Timestamp {
        self.world().sim().now()
    }

    /// The deliveries that were answered with 2xx.
    pub(crate) fn answered(&self) -> Vec<DeliveryId> {
        self.0.answered.borrow().clone()
    }

    pub(crate) fn answer(&self, delivery: DeliveryId) {
        self.0.answered.borrow_mut().push(delivery);
    }

    /// What its owner has brought and taken of the base asset.
    pub(crate) fn moved_by_hand(&self) -> Option<Decimal> {
        self.0.moved.get()
    }

    pub(crate) fn moved(&self, coins: Decimal) {
        self.0.moved.set(Some(self.0.moved.get().unwrap_or_default() + coins));
    }

    /// Keeps the table as it is now.
    pub(crate) fn remember(&self) {
        *self.0.remembered.borrow_mut() = Some(self.world().snapshot());
    }

    /// Takes the table back to how it was. Alerts that it has not heard of are lost, and that is no fault.
    pub(crate) fn restore(&self) {
        let remembered = self.0.remembered.borrow().clone().expect("a moment to go back to");
        self.world().restore_to(&remembered);
        let known: Vec<DeliveryId> =
            deliveries(&self.world().table()).into_iter().map(|delivery| delivery.at.id).collect();
        self.0.answered.borrow_mut().retain(|delivery| known.contains(delivery));
    }

    pub(crate) fn attempt(&self) -> AttemptId {
        let run = self.0.runs.replace(self.0.runs.get() + 1);
        AttemptId::new(format!("run{run}"))
    }

    /// Starts a function; `ended` hears of its result, or of none.
    pub(crate) fn invoke<T: 'static>(
        &self,
        name: &str,
        limit: Millis,
        future: impl Future<Output = T> + 'static,
        ended: impl FnOnce(Option<T>) + 'static,
    ) {
        let invocation = Invocation { name: name.into(), limit: Some(limit), strikable: true, future };
        self.world().sim().spawn(invocation, ended);
    }

    /// Begins the minutes, each at its full minute.
    pub fn start(&self) {
        let next = Timestamp::from_millis((self.now().millis().div_euclid(MINUTE.get()) + 1) * MINUTE.get());
        let deployment = self.clone();
        self.world().sim().at(next, move || {
            functions::minute(&deployment, deployment.0.minute_fails);
            deployment.start();
        });
    }

    /// Hands out every message that may go out now.
    pub fn pump(&self) {
        functions::serve_signals(self);
        functions::serve_orders(self);
        functions::serve_ticks(self);
        let queues = self.world().queues();
        let next =
            [&queues.signals, &queues.orders, &queues.ticks].into_iter().filter_map(|q| q.next_visible(self.now()));
        if let Some(next) = next.min() {
            self.world().sim().stop_at(next);
        }
    }
}

const MINUTE: Millis = Millis::seconds(60);
