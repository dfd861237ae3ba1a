//! What is asked of AWS, counted at the wire: calls, read and write units, requests to queues.
//!
//! Reads are measured by what comes back; writes by the items as they were and are, which the meter looks up itself
//! behind the caller's back.

use super::units::{self, Index, Item};
use crate::support::Caller;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use testkit::proxy::{Exchange, Proxy};

/// Standard and transactional writes: the latter are prepared and committed.
const ONCE: u32 = 1;
const TWICE: u32 = 2;

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

/// Table, partition key, sort key.
type Place = (String, String, String);

#[derive(Default)]
struct Books {
    counted: Counted,
    indexes: HashMap<String, Vec<Index>>,
    images: HashMap<Place, Item>,
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
                images.insert(place(table, &item), item);
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
        match operation {
            "dynamodb:GetItem" => self.got(&asked, &told["Item"]),
            "dynamodb:BatchGetItem" => self.got_many(&asked, &told),
            "dynamodb:Query" | "dynamodb:Scan" => self.queried(&asked, &told),
            "dynamodb:PutItem" | "dynamodb:UpdateItem" | "dynamodb:DeleteItem" => self.wrote(&asked, ONCE, is_done),
            "dynamodb:TransactWriteItems" => {
                for action in asked["TransactItems"].as_array().unwrap() {
                    let (kind, action) = action.as_object().unwrap().iter().next().unwrap();
                    self.wrote(action, TWICE, is_done && kind != "ConditionCheck");
                }
            }
            other if other.starts_with("sqs:") => self.sent(&asked),
            other => panic!("nobody counts {other} yet"),
        }
    }

    fn got(&mut self, asked: &Value, item: &Value) {
        let bytes = item.as_object().map_or(0, units::size);
        self.counted.half_reads += units::half_reads(bytes, is_consistent(asked));
    }

    /// Each item for itself, as if it were read alone.
    fn got_many(&mut self, asked: &Value, told: &Value) {
        for (table, wanted) in asked["RequestItems"].as_object().unwrap() {
            let items = told["Responses"][table].as_array().map(Vec::as_slice).unwrap_or_default();
            let missing = wanted["Keys"].as_array().unwrap().len() - items.len();
            items.iter().for_each(|item| self.got(wanted, item));
            (0..missing).for_each(|_| self.got(wanted, &Value::Null));
        }
    }

    /// All items together. An index is read as it lags.
    fn queried(&mut self, asked: &Value, told: &Value) {
        assert!(asked["FilterExpression"].is_null(), "what a filter hides is read too, and is not seen here");
        let bytes = told["Items"].as_array().unwrap().iter().map(|item| units::size(item.as_object().unwrap())).sum();
        self.counted.half_reads += units::half_reads(bytes, is_consistent(asked));
    }

    /// A refused write costs what stands there.
    fn wrote(&mut self, action: &Value, times: u32, is_done: bool) {
        let table = action["TableName"].as_str().unwrap().to_owned();
        let key = action.get("Key").or_else(|| action.get("Item")).unwrap().as_object().unwrap();
        let place = place(&table, key);
        let before = self.images.get(&place).cloned();
        let after = if is_done { look(&place) } else { before.clone() };
        let (old, new) = (before.as_ref(), after.as_ref());
        let base = units::writes(old, new) * times;
        let index: u32 = self.indexes[&table].iter().map(|index| index.writes(old, new)).sum();
        let bytes = new.or(old).map_or(0, units::size);
        self.counted.written.push(format!("{base}+{index} {bytes:>5} B {} {}", place.1, place.2));
        self.counted.writes += base;
        self.counted.index_writes += index;
        match after {
            Some(item) => drop(self.images.insert(place, item)),
            None => drop(self.images.remove(&place)),
        }
    }

    fn sent(&mut self, asked: &Value) {
        let queue = asked["QueueUrl"].as_str().unwrap();
        *if queue.ends_with(".fifo") { &mut self.counted.fifo } else { &mut self.counted.standard } += 1;
    }
}

fn is_consistent(asked: &Value) -> bool {
    asked["ConsistentRead"] == true
}

fn place(table: &str, key: &Item) -> Place {
    let part = |name: &str| key[name]["S"].as_str().unwrap().to_owned();
    (table.to_owned(), part("pk"), part("sk"))
}

/// The item as it is now. A thread of its own: the proxy's own one waits for it.
fn look(place: &Place) -> Option<Item> {
    let (table, pk, sk) = place.clone();
    let ask = json!({"TableName": table, "ConsistentRead": true, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}});
    let looking = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { Caller::root().ask("dynamodb:GetItem", &ask).await })
    });
    looking.join().unwrap()["Item"].as_object().cloned()
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
