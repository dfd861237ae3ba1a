//! A group with all its orders: the unit that is loaded, changed and committed.

use super::{Exit, ExitReason, Group, GroupStatus, Settled};
use crate::clock::{Millis, Timestamp};
use crate::ids::OrderId;
use crate::ledger::Ledger;
use crate::limits;
use crate::money::{Amount, Decimal, MoneyError, Quantity};
use crate::order::{Command, Fact, Intent, Order, Purpose, Refused, Status};
use crate::preset::OrderKind;
use crate::rules;

/// A group and its orders with their fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub group: Group,
    pub orders: Vec<Order>,
}

impl Position {
    pub fn order(&self, id: &OrderId) -> Option<&Order> {
        self.orders.iter().find(|order| order.id == *id)
    }

    /// Orders that are new or not as they were `before`.
    pub fn changed_since(&self, before: &Self) -> usize {
        self.orders.iter().filter(|order| before.order(&order.id) != Some(*order)).count()
    }

    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn ledger(&self) -> Result<Ledger, MoneyError> {
        Ledger::of(&self.group.market.key.symbol, self.group.side, &self.orders)
    }

    /// The same position with one order commanded.
    ///
    /// # Errors
    /// [`Refused`] as the order's table says. An order that is not of this position changes nothing.
    pub fn command(&self, id: &OrderId, command: &Command) -> Result<Self, Refused> {
        let orders = self
            .orders
            .iter()
            .map(|order| if order.id == *id { order.command(command.clone()) } else { Ok(order.clone()) });
        Ok(self.with(orders.collect::<Result<_, _>>()?))
    }

    /// The same position with a fact of the venue known about one order.
    #[must_use]
    pub fn observe(&self, id: &OrderId, fact: &Fact) -> Self {
        let merge = |order: &Order| if order.id == *id { order.merge(fact) } else { order.clone() };
        let mut position = self.with(self.orders.iter().map(merge).collect());
        position.group.attention = self.surprise(id, fact).or(position.group.attention);
        position
    }

    /// The same position with one more order.
    #[must_use]
    pub fn plan(&self, deployment: &str, intent: &Intent, now: Timestamp) -> Self {
        let order = Order {
            mode: self.group.mode,
            market: Some(self.group.market.key.clone()),
            ..Order::plan(deployment, &self.group.id, intent, now)
        };
        self.with(self.orders.iter().cloned().chain([order]).collect())
    }

    /// On the way out for this reason; a later reason joins the running exit.
    #[must_use]
    pub fn leave(&self, reason: ExitReason, now: Timestamp) -> Self {
        let mut position = self.clone();
        position.group.exit = position.group.exit.or(Some(Exit { reason, at: now }));
        position.with(position.orders.clone())
    }

    /// Profit of what was sold so far, after fees, rounded down to eight digits.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn realised(&self) -> Result<Amount, MoneyError> {
        realised(&self.ledger()?)
    }

    /// The same without sales of which the venue has told how much was sold, and not yet for what.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn realised_so_far(&self) -> Result<Amount, MoneyError> {
        let mut told = Vec::new();
        for order in &self.orders {
            if order.purpose == Purpose::Entry || order.is_counted()? {
                told.push(order);
            }
        }
        realised(&Ledger::of(&self.group.market.key.symbol, self.group.side, told)?)
    }

    /// Over: counted, with what is left as dust and what the venue does not have as missing. A group that sold more
    /// after it was settled keeps its time. One that has sold nothing of what it holds was not stopped out and has taken no
    /// profit, whatever it was left for.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn settle(&self, now: Timestamp) -> Result<Self, MoneyError> {
        let ledger = self.ledger()?;
        let realised = self.realised()?;
        let mut position = self.clone();
        let at = self.group.settled.map_or(now, |settled| settled.at);
        let (held, missing) = (ledger.held()?, self.missing().min(ledger.held()?));
        let (dust, fee_unvalued) = (held.minus(missing)?, !ledger.unvalued.is_empty());
        let still_held = self.still_held(&ledger, dust)?;
        let settled = Settled { at, realised, dust, still_held, missing, fee_unvalued };
        if !settled.has_sold() {
            position.group.exit = self.group.exit.map(|exit| Exit { reason: ExitReason::Dust, ..exit });
        }
        position.group.settled = Some(settled);
        Ok(position.with(position.orders.clone()))
    }

    /// Whether the group was open for as long as its plan allows.
    pub fn is_over_time(&self, now: Timestamp) -> bool {
        rules::is_over_time(self.group.plan.time_limit, self.group.opened_at, now)
    }

    /// The number of the next decision about the same thing.
    pub fn next_epoch(&self, leg: u32, purpose: Purpose) -> u32 {
        self.next_epoch_in(self.pyramid(), leg, purpose)
    }

    /// The same of any part.
    pub(super) fn next_epoch_in(&self, pyramid: u32, leg: u32, purpose: Purpose) -> u32 {
        let last = self.latest_in(pyramid, leg, purpose).map(|order| order.epoch);
        last.map_or(0, |epoch| epoch.saturating_add(1))
    }

    /// The orders that buy into the position.
    pub fn entries(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| order.purpose == Purpose::Entry)
    }

    /// Whether anything was bought, as far as the venue has told.
    pub fn has_bought(&self) -> bool {
        self.entries().any(Order::has_bought)
    }

    pub(super) fn with(&self, orders: Vec<Order>) -> Self {
        let mut position = Self { group: self.group.clone(), orders };
        position.group.status = position.status();
        position.group.stop_at_venue = position.is_stopped_at_venue();
        position
    }

    fn status(&self) -> GroupStatus {
        let bought = self.has_bought();
        let buying = self.entries().any(|order| !order.status.is_final());
        match (self.group.settled, self.group.exit, bought, buying) {
            (Some(_), _, false, _) => GroupStatus::Failed,
            (Some(_), _, true, _) => GroupStatus::Closed,
            (None, Some(_), _, _) => GroupStatus::Closing,
            (None, None, false, _) => GroupStatus::Waiting,
            (None, None, true, true) => GroupStatus::PartiallyFilled,
            (None, None, true, false) => GroupStatus::Live,
        }
    }

    /// What a person should know of a fact: an order we believed over was filled, or one that protects was refused.
    fn surprise(&self, id: &OrderId, fact: &Fact) -> Option<String> {
        let before = self.order(id)?;
        let after = before.merge(fact);
        let status = before.status.as_str();
        // Where a stop is refused its limit rests without it, and the price is looked at: nothing is worse than it was.
        let is_told = before.purpose != Purpose::Entry && !after.is_refused_for_its_stop();
        if is_told && after.status == Status::Rejected && before.status != Status::Rejected {
            let why = after.refusal.map_or_else(String::new, |refusal| refusal.detail);
            return Some(format!("the venue refused {} {id}: {why}", before.purpose));
        }
        let before_unvalued: Vec<_> = before.unvalued_assets().collect();
        if let Some(asset) = after.unvalued_assets().find(|asset| !before_unvalued.contains(asset)) {
            return Some(format!("a fee in {asset} has found no value within a day: profit is told without it"));
        }
        if after.is_reckoned() && !before.is_reckoned() {
            return Some("the fee of a trade is not told: what the market takes is reckoned".to_owned());
        }
        let filled_more = after.fills.len() > before.fills.len();
        if let Some(declared) = before.believed().filter(|_| after.believed().is_none()) {
            let told =
                format!("what the venue tells of order {id} is not what was declared of it, and takes its place");
            return (!after.is_as_declared(declared)).then_some(told);
        }
        let over = before.status.is_final() && before.status != Status::Filled;
        (filled_more && (over || self.group.is_settled()))
            .then(|| format!("order {id} was {status} and was filled later"))
    }

    /// Since when the order is to be ended, in vain as long as it is open: it is wished, or its group or part is being left.
    pub fn ended_in_vain_since(&self, order: &Order) -> Option<Timestamp> {
        let group = self.group.exit.into_iter();
        let left = group.chain(self.group.pyramids.left.get(&order.pyramid).copied()).map(|exit| exit.at);
        let wished = left.chain(order.cancel_wanted).min().filter(|_| order.status.is_resting())?;
        Some(order.submission.as_ref().map_or(wished, |submission| submission.sent_at.max(wished)))
    }

    /// The newest decision about one leg and purpose: of the opening, and of a part its own.
    pub fn latest_of(&self, leg: u32, purpose: Purpose) -> Option<&Order> {
        self.latest_in(self.pyramid(), leg, purpose)
    }

    /// The same of any part.
    pub fn latest_in(&self, pyramid: u32, leg: u32, purpose: Purpose) -> Option<&Order> {
        let meant = |order: &&Order| order.pyramid == pyramid && order.leg == leg && order.purpose == purpose;
        self.orders.iter().filter(meant).max_by_key(|order| order.epoch)
    }

    /// Whether an order was refused so lately that the next decision about it should wait: 10 s, doubling to 320 with each
    /// refusal that came right before it, and of an exit to 60 where nothing is wrong with the order.
    pub fn backs_off(&self, order: &Order, now: Timestamp) -> bool {
        let sent = order.submission.as_ref().map(|submission| submission.sent_at);
        is_refused(order) && sent.is_some_and(|sent| now.since(sent) < replan_after(order, self.refused_before(order)))
    }

    /// How many epochs of the same were refused one after another, up to this one. One that asked for more was another
    /// order: its refusal says nothing of this one.
    fn refused_before(&self, order: &Order) -> u32 {
        let is_one = |before: &Order| is_refused(before) && before.quantity <= order.quantity;
        let refused = self.before(order).take_while(|before| before.is_none_or(is_one));
        u32::try_from(refused.count()).unwrap_or(u32::MAX)
    }

    /// Itself and those of the same that were refused right before it.
    pub(super) fn refused_in_a_row<'a>(&'a self, order: &'a Order) -> impl Iterator<Item = &'a Order> {
        [order].into_iter().chain(self.before(order).map_while(|before| before).take_while(|before| is_refused(before)))
    }

    /// The earlier epochs of the same, newest first; none where one is not known.
    pub fn before(&self, order: &Order) -> impl Iterator<Item = Option<&Order>> {
        let of = (order.pyramid, order.leg, order.purpose);
        let same = move |other: &&Order| (other.pyramid, other.leg, other.purpose) == of;
        (0..order.epoch).rev().map(move |epoch| self.orders.iter().filter(same).find(|other| other.epoch == epoch))
    }

    /// The market order that sells so much of what is left.
    pub(super) fn exit_intent(&self, quantity: Quantity) -> Intent {
        Intent {
            purpose: Purpose::Exit,
            pyramid: self.pyramid(),
            leg: 0,
            epoch: self.next_epoch(0, Purpose::Exit),
            direction: self.group.side.leaves(),
            kind: OrderKind::Market,
            stop: None,
            quantity,
            reserved: Amount::ZERO,
            valid_until: None,
        }
    }
}

/// Over without a fill, and nobody has wished for that.
fn is_refused(order: &Order) -> bool {
    order.status.is_final() && order.cancel_wanted.is_none() && order.counted().next().is_none()
}

/// How long after its send a refused order is decided anew. An exit that its venue could not take does not wait long for one
/// that trades again; one order a minute is far below what any venue counts, and each of them is loaded with its group: what
/// goes on for hours is asked for more rarely.
fn replan_after(order: &Order, refused_before: u32) -> Millis {
    const DOUBLINGS_MAX: u32 = 5;
    let doubled = Millis::new(limits::SLOT.get().saturating_mul(1_i64 << refused_before.min(DOUBLINGS_MAX)));
    let passes = order.purpose == Purpose::Exit && order.is_refused_for_the_moment();
    let soon = passes && refused_before < limits::EXIT_SOON_TRIES;
    if soon && doubled > limits::EXIT_SOON { limits::EXIT_SOON } else { doubled }
}

fn realised(ledger: &Ledger) -> Result<Amount, MoneyError> {
    Amount::new(ledger.realised().floor_to(Decimal::new(1, 8))?)
}
