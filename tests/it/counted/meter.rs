//! What is asked of AWS, counted at the wire: calls, read and write units, requests to queues.
//!
//! Reads are measured by what comes back; writes by the items as they were and are, which the meter looks up itself
//! behind the caller's back.

use crate::support::Caller;
use cost::units::{self, Action, Index, Item, Spot};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use testkit::proxy::{Exchange, Proxy};

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) calls: BTreeMap<String, u32>,
    pub(crate) half_reads: u32,
    /// In tables; those of a transaction count twice.
    pub(crate) writes: u32,
    /// In indexes.
    pub(crate) index_writes: u32,
    pub(crate) fifo: u32,
    pub(crate) standard: u32,
    /// Every item that was written, with its size: what to look at when a number is too large.
    pub(crate) written: Vec<String>,
}

/// Stands between a caller and the endpoint.
pub(crate) struct Meter {
    proxy: Proxy,
    books: Arc<Mutex<Books>>,
}

#[derive(Default)]
struct Books {
    counted: Counted,
    indexes: HashMap<String, Vec<Index>>,
    images: HashMap<Spot, Item>,
}

impl Meter {
    pub(crate) fn before(endpoint: &str) -> Self {
        let books = Arc::new(Mutex::new(Books::default()));
        let kept = Arc::clone(&books);
        Self { proxy: Proxy::watched(endpoint, move |exchange| kept.lock().unwrap().enter(exchange)), books }
    }

    pub(crate) fn url(&self) -> String {
        self.proxy.url()
    }

    /// Begins to count anew, from the tables as they are now.
    pub(crate) async fn begin(&self, tables: &[String]) {
        let (mut images, mut indexes) = (HashMap::new(), HashMap::new());
        for table in tables {
            indexes.insert(table.clone(), described(table).await);
            for item in scanned(table).await {
                images.insert(Spot::of(table, &item).unwrap(), item);
            }
        }
        *self.books.lock().unwrap() = Books { counted: Counted::default(), indexes, images };
    }

    pub(crate) fn end(&self) -> Counted {
        self.books.lock().unwrap().counted.clone()
    }
}

impl Books {
    fn enter(&mut self, exchange: &Exchange<'_>) {
        let operation = exchange.call.operation.as_str();
        // Asked once in the life of a process, and free.
        if operation == "dynamodb:DescribeTable" {
            return;
        }
        let asked: Value = serde_json::from_slice(&exchange.call.body).unwrap();
        let (status, body) = exchange.answer.unwrap();
        let told: Value = serde_json::from_slice(body).unwrap_or_default();
        *self.counted.calls.entry(operation.to_owned()).or_default() += 1;
        let is_done = status == 200;
        if operation.starts_with("sqs:") {
            return self.sent(&asked);
        }
        // What a filter hides is read too.
        let told = if asked["FilterExpression"].is_null() { told } else { unfiltered(operation, &asked) };
        let operation = operation.strip_prefix("dynamodb:").unwrap();
        let (reads, writes) = (units::read_by(operation, &asked, &told), units::written_by(operation, &asked));
        assert!(reads > 0 || !writes.is_empty(), "nobody counts {operation} yet");
        self.counted.half_reads += reads;
        writes.into_iter().for_each(|action| self.wrote(action, is_done));
    }

    /// A refused write costs what stands there.
    fn wrote(&mut self, Action { spot, times, is_check }: Action, is_done: bool) {
        let before = self.images.get(&spot).cloned();
        let after = if is_done && !is_check { look(&spot) } else { before.clone() };
        let (old, new) = (before.as_ref(), after.as_ref());
        let base = units::writes(old, new) * times;
        let index: u32 = self.indexes[&spot.table].iter().map(|index| index.writes(old, new)).sum();
        let bytes = new.or(old).map_or(0, units::size);
        self.counted.written.push(format!("{base}+{index} {bytes:>5} B {} {}", spot.pk, spot.sk));
        self.counted.writes += base;
        self.counted.index_writes += index;
        match after {
            Some(item) => drop(self.images.insert(spot, item)),
            None => drop(self.images.remove(&spot)),
        }
    }

    fn sent(&mut self, asked: &Value) {
        let queue = asked["QueueUrl"].as_str().unwrap();
        *if queue.ends_with(".fifo") { &mut self.counted.fifo } else { &mut self.counted.standard } += 1;
    }
}

/// The item as it is now.
fn look(spot: &Spot) -> Option<Item> {
    let Spot { table, pk, sk } = spot.clone();
    let key = json!({"pk": {"S": pk}, "sk": {"S": sk}});
    asked_aside("dynamodb:GetItem", json!({"TableName": table, "ConsistentRead": true, "Key": key}))["Item"]
        .as_object()
        .cloned()
}

/// All that a query reads before its filter; what only the filter names may not be sent without it.
fn unfiltered(operation: &str, asked: &Value) -> Value {
    let mut whole = asked.as_object().unwrap().clone();
    whole.remove("FilterExpression");
    let used = ["KeyConditionExpression", "ProjectionExpression"].map(|part| asked[part].as_str().unwrap_or_default());
    for names in ["ExpressionAttributeNames", "ExpressionAttributeValues"] {
        if let Some(Value::Object(known)) = whole.get_mut(names) {
            known.retain(|name, _| {
                used.iter().any(|part| part.split(|c: char| !is_of_name(c)).any(|word| word == name))
            });
            if known.is_empty() {
                whole.remove(names);
            }
        }
    }
    asked_aside(operation, whole.into())
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || ['#', ':', '_'].contains(&c)
}

/// Behind the caller's back. A thread of its own: the proxy's own one waits for it.
fn asked_aside(action: &str, ask: Value) -> Value {
    let action = action.to_owned();
    let asking = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { Caller::root().ask(&action, &ask).await })
    });
    asking.join().unwrap()
}

async fn described(table: &str) -> Vec<Index> {
    let told = Caller::root().ask("dynamodb:DescribeTable", &json!({"TableName": table})).await;
    let indexes = told["Table"]["GlobalSecondaryIndexes"].as_array().map(Vec::as_slice).unwrap_or_default();
    indexes.iter().map(Index::of).collect()
}

async fn scanned(table: &str) -> Vec<Item> {
    let found = Caller::root().ask("dynamodb:Scan", &json!({"TableName": table})).await;
    assert!(found["LastEvaluatedKey"].is_null(), "more rows than a count makes");
    found["Items"].as_array().unwrap().iter().map(|item| item.as_object().unwrap().clone()).collect()
}
