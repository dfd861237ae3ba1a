//! Tables and queues of the counts' own, made after the template, where nobody else works: no function looks at them,
//! and no minute. What is counted is called here, one case after another.

use super::meter::{Counted, Meter};
use crate::support::tables::{PATIENT, connect_to};
use crate::support::unique::{now, unique};
use crate::support::{Caller, Stack};
use account_watch::handle as watch;
use app::minute::Sent;
use app::ports::{NotSeen, Surroundings, Tick};
use app::receive::RawAlert;
use aws::{Aws, Config, Endpoint, Place, Replay, Secret, Seed, Seeded};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::{limits, shard};
use lambda::Invocation;
use lambda::sqs::Record;
use order_executor::handle as execute;
use serde_json::{Value, json};
use signal_worker::handle as decide;
use std::process::abort;
use std::sync::Mutex;
use ticker::handle as mind;
use venues::{Paper, Prompt, Timed};
use webhook::{Door, Receives};

const TABLES: [(Place, &str); 4] = [
    (Place::Trading, "TradingTable"),
    (Place::Vault, "VaultTable"),
    (Place::Market, "MarketTable"),
    (Place::Identity, "IdentityTable"),
];
const QUEUES: [(Place, &str); 6] = [
    (Place::Signals, "signals.fifo"),
    (Place::Orders, "orders.fifo"),
    (Place::Ticks, "ticks"),
    (Place::DeadSignals, "signals-dlq.fifo"),
    (Place::DeadOrders, "orders-dlq.fifo"),
    (Place::DeadTicks, "ticks-dlq"),
];
const DEPLOYMENT: &str = "counted";
/// A series that is one read unit.
const BARS: usize = 60;

pub(crate) struct Shop {
    meter: Meter,
    /// Through the meter.
    counted: Aws,
    /// Around it: what the world does, the paper venue's own book included.
    direct: Aws,
    tables: Vec<String>,
    /// What the ticker's process remembers.
    sent: Mutex<Sent>,
    config: Vec<(Place, String)>,
}

/// No case looks around.
struct Nowhere;

impl Surroundings for Nowhere {
    fn region(&self) -> String {
        String::new()
    }

    fn version(&self) -> String {
        String::new()
    }

    fn promised_address(&self) -> Option<String> {
        None
    }

    async fn address(&self) -> Result<Option<String>, NotSeen> {
        Ok(None)
    }

    async fn clock_ahead(&self) -> Result<Millis, NotSeen> {
        Ok(Millis::ZERO)
    }
}

/// Somebody with an account, a token and a market.
pub(crate) struct Person {
    user: UserId,
    secret: String,
    pub(crate) seeded: Seeded,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let run = unique();
        let mut config = Vec::new();
        for (place, resource) in TABLES {
            config.push((place, table(&run, resource).await));
        }
        let tables = config.iter().map(|(_, table)| table.clone()).collect();
        for (place, name) in QUEUES {
            config.push((place, queue(&format!("{run}-{name}")).await));
        }
        let named = || config.iter().fold(Config::new(PATIENT), |named, (place, name)| named.with(*place, name));
        let Stack { endpoint, region, .. } = Stack::get();
        let meter = Meter::before(endpoint);
        let metered = Endpoint { url: meter.url(), region: region.clone(), keys: None };
        let counted = Aws::connect_to(metered, named(), now).await;
        let direct = connect_to(named()).await;
        Self { meter, counted, direct, tables, sent: Mutex::default(), config }
    }

    pub(crate) async fn person(&self) -> Person {
        let (user, secret) = (UserId::of(&["counted", &unique()]), unique());
        let seed = Seed {
            user: user.clone(),
            webhook_token: Secret(secret.clone()),
            session_token: Secret(unique()),
            replay: replay(["100"; 4]),
            // Old enough for a pass to renew the balance, and fresh enough for an entry.
            at: now().minus(Millis::seconds(40)),
        };
        let seeded = aws::seed(&self.direct, &seed).await.unwrap();
        let person = Person { user, secret, seeded };
        self.price(&person, ["100"; 4]).await;
        person
    }

    pub(crate) async fn price(&self, person: &Person, bar: [&str; 4]) {
        self.direct.write_replay(&person.seeded.market, &replay(bar)).await.unwrap();
    }

    pub(crate) async fn receive(&self, person: &Person, body: &str) -> Counted {
        self.begin().await;
        let run = invocation(limits::WEBHOOK_TIMEOUT);
        let secret = Some(wire::alert::Secret::new(person.secret.clone()));
        let (source_ip, trace) = (Some("52.89.214.238".to_owned()), run.trace());
        let raw = RawAlert { user: person.user.as_str(), secret, body: body.as_bytes(), source_ip, trace };
        Door::new(self.counted.clone()).receive(raw, run.attempt(), run.now()).await.unwrap();
        self.meter.end()
    }

    /// Takes the newest signal and decides.
    pub(crate) async fn decide(&self) -> Counted {
        let record = self.taken(Place::Signals).await;
        self.begin().await;
        decide(&self.counted, DEPLOYMENT, &record, &invocation(limits::WORKER_TIMEOUT)).await.unwrap();
        self.over(Place::Signals, &record).await
    }

    /// Takes the newest bell and works on its group.
    pub(crate) async fn execute(&self) -> Counted {
        let record = self.taken(Place::Orders).await;
        let venue = Timed::new(Prompt::new(Paper::new(self.direct.clone(), abort), self.direct.clone()));
        self.begin().await;
        let run = invocation(limits::EXECUTOR_TIMEOUT);
        Box::pin(execute(&self.counted, &venue, DEPLOYMENT, &record, &run)).await.unwrap();
        self.over(Place::Orders, &record).await
    }

    /// One tick of this person's shard, in a slot `later` than now.
    pub(crate) async fn tick(&self, person: &Person, later: i64) -> Counted {
        let slot = now().millis().div_euclid(limits::SLOT.get()) + later;
        let tick = Tick { slot, shard: shard::of(person.seeded.account.as_str()) };
        let record = record(tick.message(now()).encode().unwrap(), "none");
        let venue = Timed::new(Paper::new(self.direct.clone(), abort));
        self.begin().await;
        let run = invocation(limits::WATCH_TIMEOUT);
        Box::pin(watch(&self.counted, &venue, &Nowhere, DEPLOYMENT, &record, &run)).await.unwrap();
        self.meter.end()
    }

    /// A minute that begins so much `later` than now.
    pub(crate) async fn minute(&self, later: Millis) -> Counted {
        self.begin().await;
        mind(&self.counted, &self.sent, &begun(now().plus(later), limits::TICKER_TIMEOUT)).await.unwrap();
        self.meter.end()
    }

    async fn begin(&self) {
        self.meter.begin(&self.tables).await;
    }

    fn name(&self, place: Place) -> &str {
        &self.config.iter().find(|(named, _)| *named == place).unwrap().1
    }

    async fn taken(&self, queue: Place) -> Record {
        let ask = json!({"QueueUrl": self.name(queue), "WaitTimeSeconds": 5});
        let told = Caller::root().ask("sqs:ReceiveMessage", &ask).await;
        let message = &told["Messages"][0];
        record(text(&message["Body"]), &text(&message["ReceiptHandle"]))
    }

    async fn over(&self, queue: Place, record: &Record) -> Counted {
        let counted = self.meter.end();
        let done = json!({"QueueUrl": self.name(queue), "ReceiptHandle": record.receipt_handle});
        Caller::root().ask("sqs:DeleteMessage", &done).await;
        counted
    }
}

fn replay(bar: [&str; 4]) -> Replay {
    let bars = vec![bar.map(|price| price.parse().unwrap()); BARS];
    Replay { started_at: now().minus(Millis::seconds(10)), bar: Millis::seconds(2), bars }
}

fn invocation(timeout: Millis) -> Invocation {
    begun(now(), timeout)
}

fn begun(at: Timestamp, timeout: Millis) -> Invocation {
    Invocation::begin("00000000-0000-4000-8000-000000000000", at, at.plus(timeout)).unwrap()
}

fn record(body: String, receipt: &str) -> Record {
    let (message_id, receipt_handle) = ("message".to_owned(), receipt.to_owned());
    Record { body, message_id, receipt_handle, receive_count: 1, group_id: None, trace: String::new() }
}

async fn table(run: &str, resource: &str) -> String {
    let name = format!("counted-{run}-{resource}");
    let mut table = json!({"TableName": name});
    let like = &Stack::get().template["Resources"][resource]["Properties"];
    for part in ["AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes"] {
        if let Some(like) = like.get(part) {
            table[part] = like.clone();
        }
    }
    Caller::root().ask("dynamodb:CreateTable", &table).await;
    name
}

async fn queue(name: &str) -> String {
    let attributes = if name.ends_with(".fifo") { json!({"FifoQueue": "true"}) } else { json!({}) };
    let made = Caller::root().ask("sqs:CreateQueue", &json!({"QueueName": name, "Attributes": attributes})).await;
    text(&made["QueueUrl"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text but {value}")).to_owned()
}
