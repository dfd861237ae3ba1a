//! All functions of one trader, called here as Lambda would call them, with a proxy before their tables and queues.

use crate::support::own::Own;
use crate::support::tables::PATIENT;
use crate::support::unique::now;
use crate::support::watching::Slots;
use crate::support::{Alert, Setting, Stack, Trader, until};
use app::ports::Tick;
use app::receive::{self, KnownTokens, RawAlert, Receipt, ReceiveError};
use aws::{Aws, Outside, Patience, Place};
use domain::clock::Millis;
use domain::{limits, shard};
use lambda::Invocation;
use lambda::sqs::{Record, Retry};
use std::cell::RefCell;
use std::process::abort;
use std::time::Duration;
use testkit::proxy::Proxy;
use tokio::time::timeout;
use venues::{Paper, Prompt, Timed};
use wire::alert::Secret;

const DEPLOYMENT: &str = "failing";
/// Half of them, so that a test is not long; still most passes have none.
const SLOTS_PER_MINUTE: i64 = 3;

pub(super) struct Works {
    pub(super) trader: Trader,
    pub(super) proxy: Proxy,
    own: Own,
    /// As impatient as the webhook is, and what its process knows.
    door: (Aws, KnownTokens),
    /// Through the proxy, as patient as a function is.
    aws: Aws,
    slots: RefCell<Slots>,
}

impl Works {
    pub(super) async fn open() -> Self {
        let own = Own::make().await;
        let proxy = Proxy::before(&Stack::get().endpoint);
        let through = async |patience| own.connect_through(proxy.url(), patience, now).await;
        let (door, aws) = ((through(Patience::WEBHOOK).await, KnownTokens::default()), through(Patience::WORKER).await);
        let trader = Trader::at(own.connect(PATIENT).await, Setting::default()).await;
        Self { trader, proxy, own, door, aws, slots: RefCell::default() }
    }

    /// Posts an alert until it is taken, and gives its delivery.
    pub(super) async fn send(&self, alert: &Alert) -> String {
        until("the alert to be taken", async || match self.receive(alert).await? {
            Ok(Receipt::Accepted(id) | Receipt::Duplicate { id, .. }) => Some(id.to_string()),
            Err(ReceiveError::NotKept(_)) => None,
            Err(other) => panic!("{other}"),
        })
        .await
    }

    /// Nothing where the webhook would have answered 503 for want of time.
    async fn receive(&self, alert: &Alert) -> Option<Result<Receipt, ReceiveError>> {
        let (run, body) = (invocation(limits::WEBHOOK_TIMEOUT), alert.to_string());
        let raw = RawAlert {
            user: self.trader.user.as_str(),
            secret: Some(Secret::new(self.trader.webhook_token.clone())),
            body: body.as_bytes(),
            source_ip: None,
            trace: run.trace(),
        };
        let answer = Duration::from_millis(limits::WEBHOOK_ANSWER.get().unsigned_abs());
        let (aws, known) = &self.door;
        timeout(answer, receive::receive(aws, known, raw, run.attempt(), run.now())).await.ok()
    }

    /// What comes about in the end, with all functions at work.
    pub(super) async fn run_until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        until(what, async || {
            let found = look().await;
            if found.is_none() {
                // Boxed: the futures of all functions together are more than a test lays out in one piece.
                Box::pin(self.turn()).await;
            }
            found
        })
        .await
    }

    /// One message of each queue, where there is one; a new slot brings its pass, and some a minute.
    async fn turn(&self) {
        let (signal, bell) = tokio::join!(self.own.take(Place::Signals), self.own.take(Place::Orders));
        if let Some(record) = signal {
            let run = invocation(limits::WORKER_TIMEOUT);
            let decided =
                Box::pin(signal_worker::handle(&self.aws, &testkit::world::NoBooks, DEPLOYMENT, &record, &run));
            self.over(Place::Signals, &record, within(&run, decided).await).await;
        }
        if let Some(record) = bell {
            let venue = Timed::new(Prompt::new(Paper::new(self.aws.clone(), abort), self.aws.clone()));
            let run = invocation(limits::EXECUTOR_TIMEOUT);
            let worked = Box::pin(order_executor::handle(&self.aws, &venue, DEPLOYMENT, &record, &run));
            self.over(Place::Orders, &record, within(&run, worked).await).await;
        }
        let slot = self.slots.borrow_mut().next();
        if let Some(slot) = slot {
            self.pass(slot).await;
            if slot % SLOTS_PER_MINUTE == 0 {
                let (sent, run) = (std::sync::Mutex::default(), invocation(limits::TICKER_TIMEOUT));
                let watcher = aws::Later::from_env("none");
                let _next_minute = ticker::handle(&self.aws, &watcher, &sent, &run).await;
            }
        }
    }

    async fn pass(&self, slot: i64) {
        let tick = Tick { slot, shard: shard::of(self.trader.account.as_str()) };
        let record = Record { body: tick.message(now()).encode().unwrap(), ..Own::record() };
        let venue = Timed::new(Paper::new(self.aws.clone(), abort));
        let run = invocation(limits::WATCH_TIMEOUT);
        let outside = Outside::from_env(self.aws.clone());
        let slow = account_watch::Slow::default();
        let watched = Box::pin(account_watch::handle(&self.aws, &venue, &outside, (DEPLOYMENT, &slow), &record, &run));
        let _next_slot = within(&run, watched).await;
    }

    /// A message that was not worked off is shown again, when its function or its queue says so.
    async fn over(&self, queue: Place, record: &Record, worked: Result<(), Retry>) {
        if worked.is_ok() {
            self.own.done(queue, record).await;
        }
    }
}

/// Lambda ends what takes too long.
async fn within(run: &Invocation, work: impl Future<Output = Result<(), Retry>>) -> Result<(), Retry> {
    let left = Duration::from_millis(run.remaining(now()).get().unsigned_abs());
    timeout(left, work).await.unwrap_or_else(|_| Err(Retry::because("out of time")))
}

fn invocation(limit: Millis) -> Invocation {
    Invocation::begin("failing", now(), now().plus(limit)).unwrap()
}
