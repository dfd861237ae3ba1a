//! The use case with what one process remembers.

use crate::memory::Memory;
use app::ports::{FindToken, KeepDelivery, Kept, Notify, SendSignal, Signal, StoreError};
use app::receive::{LimitRate, RawAlert, Receipt, ReceiveError, receive};
use aws::Aws;
use domain::clock::Timestamp;
use domain::delivery::{Delivery, DeliveryRef};
use domain::ids::{AttemptId, NoticeId, Sha, TokenId, UserId};
use domain::notice::Notice;
use domain::token::WebhookToken;

/// What the routes ask for. Ports do not promise that their futures may move between threads; axum wants them to, so
/// the use case is named here once and promised for the one deployed implementation.
pub trait Receives: Send + Sync + 'static {
    fn receive(
        &self,
        raw: RawAlert<'_>,
        attempt: &AttemptId,
        now: Timestamp,
    ) -> impl Future<Output = Result<Receipt, ReceiveError>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

/// Tables and queues, with what one process remembers between its requests.
#[derive(Debug)]
pub struct Door<D> {
    pub(crate) deps: D,
    memory: Memory,
}

impl<D> Door<D> {
    pub fn new(deps: D) -> Self {
        Self { deps, memory: Memory::default() }
    }

    pub(crate) fn at(&self, now: Timestamp) -> At<'_, D> {
        At { door: self, now }
    }
}

impl Receives for Door<Aws> {
    async fn receive(&self, raw: RawAlert<'_>, attempt: &AttemptId, now: Timestamp) -> Result<Receipt, ReceiveError> {
        receive(&self.at(now), raw, attempt, now).await
    }

    fn calls(&self) -> u32 {
        self.deps.calls_taken()
    }
}

/// The door at the time of one request.
#[derive(Debug)]
pub(crate) struct At<'a, D> {
    door: &'a Door<D>,
    now: Timestamp,
}

impl<D: FindToken> FindToken for At<'_, D> {
    async fn find_token(&self, user: &UserId, hash: &Sha) -> Result<Option<WebhookToken>, StoreError> {
        if let Some(known) = self.door.memory.token(user, hash, self.now) {
            return Ok(Some(known));
        }
        let found = self.door.deps.find_token(user, hash).await?;
        if let Some(token) = &found {
            self.door.memory.keep(token.clone(), self.now);
        }
        Ok(found)
    }
}

impl<D> LimitRate for At<'_, D> {
    fn admit(&self, token: &TokenId, now: Timestamp) -> bool {
        self.door.memory.admit(token, now)
    }
}

impl<D: KeepDelivery> KeepDelivery for At<'_, D> {
    async fn put_delivery(&self, delivery: &Delivery, attempt: &AttemptId) -> Result<Kept, StoreError> {
        self.door.deps.put_delivery(delivery, attempt).await
    }

    async fn replace_delivery(&self, new: &Delivery, old: &Delivery, attempt: &AttemptId) -> Result<Kept, StoreError> {
        self.door.deps.replace_delivery(new, old, attempt).await
    }

    async fn count_repeat(&self, delivery: &DeliveryRef) -> Result<(), StoreError> {
        self.door.deps.count_repeat(delivery).await
    }
}

impl<D: SendSignal> SendSignal for At<'_, D> {
    async fn send_signal(&self, signal: &Signal, now: Timestamp) -> Result<(), StoreError> {
        self.door.deps.send_signal(signal, now).await
    }
}

impl<D: Notify> Notify for At<'_, D> {
    async fn notify(&self, notice: &Notice) -> Result<(), StoreError> {
        self.door.deps.notify(notice).await
    }

    async fn take_back(&self, user: &UserId, notice: &NoticeId) -> Result<(), StoreError> {
        self.door.deps.take_back(user, notice).await
    }
}
