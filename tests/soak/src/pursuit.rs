//! One wish from its first decision to its end, by the rules of the money path.
//!
//! 1. The intent stands in our book before it is sent, and it is sent once.
//! 2. What nobody knows is asked about until it is found, or absent twice after the fence of time; never sent again.
//! 3. What was not placed, or refused for the clock or the rate, is decided anew: the next epoch, another id.

use crate::book::{Answered, Book};
use crate::desk::{Wall, Wire};
use crate::stand::Broken;
use crate::street::Street;
use crate::wish::Wish;
use app::ports::{Address, Cancelled, Clock, Outcome, Request, Terms, Venue};
use domain::clock::Timestamp;
use domain::ids::AttemptId;
use domain::limits;
use domain::order::{Command, Fact, Order, Status, Submission};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// So often a wish is decided anew at most.
const EPOCHS_MAX: u32 = 20;
/// Before the next decision: what was asked too often is left alone for a while.
const PAUSE: Duration = Duration::from_secs(1);
/// Between two questions about one order; the first ones come sooner.
const QUESTIONS_APART: Duration = Duration::from_secs(3);
const FIRST_QUESTION: Duration = Duration::from_millis(100);
/// Longer no order is in doubt: then something is wrong, and the books will tell.
const PURSUED_FOR: Duration = Duration::from_secs(240);

/// What all pursuits of a run share.
#[derive(Debug)]
pub(crate) struct Pursuit<'a> {
    pub wire: &'a Wire,
    pub book: &'a Book,
    pub street: &'a Street,
}

impl Pursuit<'_> {
    /// # Errors
    /// [`Broken`] where an order does not keep to its table.
    pub(crate) async fn of(&self, wish: &Wish) -> Result<(), Broken> {
        for epoch in 0..EPOCHS_MAX {
            let order = self.sent(wish, epoch).await?;
            let order = self.followed(wish, order).await?;
            if !order.is_worth_another() {
                return Ok(());
            }
            sleep(PAUSE).await;
        }
        Ok(())
    }

    /// The order of this epoch, after the one time that it was sent.
    async fn sent(&self, wish: &Wish, epoch: u32) -> Result<Order, Broken> {
        let planned = wish.plan(epoch, self.street.price(&wish.market.key)?, Wall.now())?;
        self.keep(wish, &planned, None);
        let sent_at = Wall.now();
        let by = AttemptId::new(planned.id.as_str());
        let submitting = planned.command(Command::Submit(Submission { sent_at, by }))?;
        self.keep(wish, &submitting, None);
        let (order, answered) = match self.wire.submit(&request(wish, &submitting, sent_at)).await {
            Outcome::Accepted(fact) => (submitting.merge(&fact), Answered::Accepted),
            Outcome::Rejected(refusal) => {
                let fact = Fact { refusal: Some(refusal), ..Fact::of(Status::Rejected) };
                (submitting.merge(&fact), Answered::Rejected)
            }
            Outcome::Unknown(_) => (submitting.command(Command::LoseTrack)?, Answered::Unknown),
            Outcome::NotSent(_) => (submitting.command(Command::NotSent)?, Answered::NotSent),
        };
        self.keep(wish, &order, Some(answered));
        Ok(order)
    }

    /// The order once everything is known of it; as it is then, where that takes too long.
    async fn followed(&self, wish: &Wish, mut order: Order) -> Result<Order, Broken> {
        let began = Instant::now();
        let mut pause = FIRST_QUESTION;
        while !is_settled(&order)? && began.elapsed() < PURSUED_FOR {
            sleep(pause).await;
            pause = pause.saturating_mul(3).min(QUESTIONS_APART);
            order = self.asked(&address(wish, &order), &order).await?;
            self.keep(wish, &order, None);
            if order.status.is_resting() && began.elapsed() >= wish.patience {
                order = self.cancelled(wish, &order).await?;
            }
        }
        Ok(order)
    }

    /// After one question: what counts is when it was asked.
    async fn asked(&self, address: &Address, order: &Order) -> Result<Order, Broken> {
        let asked_at = Wall.now();
        match self.wire.find_order(address).await {
            Ok(Some(fact)) => Ok(order.merge(&fact)),
            Ok(None) => absent(order, asked_at, self.wire.terms(&address.market.key.exchange)),
            Err(_) => Ok(order.clone()),
        }
    }

    async fn cancelled(&self, wish: &Wish, order: &Order) -> Result<Order, Broken> {
        let order = order.command(Command::Cancel(Wall.now()))?;
        self.keep(wish, &order, None);
        let order = match self.wire.cancel(&address(wish, &order)).await {
            Cancelled::Done(fact) => order.merge(&fact),
            // It is asked about again.
            Cancelled::Gone | Cancelled::Unknown(_) => order,
        };
        self.keep(wish, &order, None);
        Ok(order)
    }

    fn keep(&self, wish: &Wish, order: &Order, answered: Option<Answered>) {
        self.book.commit(&wish.trader, &wish.market, order, answered);
    }
}

/// Not there: before the fence of time that says nothing, after it once is not enough.
fn absent(order: &Order, asked_at: Timestamp, terms: Terms) -> Result<Order, Broken> {
    let sent = order.submission.as_ref().map(|submission| submission.sent_at);
    let (Some(sent), Some(validity), Status::Unknown) = (sent, terms.validity, order.status) else {
        return Ok(order.clone());
    };
    if asked_at < sent.plus(limits::absence_fence(validity, terms.read_lag)) {
        return Ok(order.clone());
    }
    let seen_before = order.absent_at.is_some_and(|at| at.plus(limits::SECOND_SIGHT) <= asked_at);
    Ok(order.command(if seen_before { Command::ProveAbsent } else { Command::SeeAbsent(asked_at) })?)
}

/// Final, and each unit that was executed is known with its fee.
pub(crate) fn is_settled(order: &Order) -> Result<bool, Broken> {
    Ok(order.status.is_final() && order.is_counted()?)
}

fn request(wish: &Wish, order: &Order, sent_at: Timestamp) -> Request {
    Request {
        account: wish.trader.id.clone(),
        market: wish.market.clone(),
        client_id: order.client_id.clone(),
        direction: order.direction,
        kind: order.kind,
        trigger: None,
        quantity: order.quantity,
        reduce_only: false,
        sent_at,
    }
}

fn address(wish: &Wish, order: &Order) -> Address {
    Address {
        account: wish.trader.id.clone(),
        market: wish.market.clone(),
        client_id: order.client_id.clone(),
        venue_id: order.venue_id.clone(),
        known: BTreeMap::new(),
        since: order.submission.as_ref().map_or(order.planned_at, |submission| submission.sent_at),
    }
}
