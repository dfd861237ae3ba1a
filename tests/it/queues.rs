//! What queues promise, held by real ones. They are made like the template's, beside the product's own: no function
//! listens to them.

use crate::support::tables::{PATIENT, connect_to};
use crate::support::unique::{now, unique};
use crate::support::{Caller, Stack};
use app::ports::Queue;
use aws::{Aws, Config, Place};
use domain::clock::Timestamp;
use serde_json::{Map, Value, json};
use testkit::contract::queues::Hears;

const QUEUES: [(Place, Queue, &str); 3] = [
    (Place::Signals, Queue::Signals, "SignalsQueue"),
    (Place::Orders, Queue::Orders, "OrdersQueue"),
    (Place::Ticks, Queue::Ticks, "TicksQueue"),
];
/// Kept as the template has them; what is a number there is a text to the queue.
const ATTRIBUTES: [&str; 3] = ["FifoQueue", "ContentBasedDeduplication", "VisibilityTimeout"];
const PATIENCE_SECONDS: u32 = 1;

struct Listener {
    aws: Aws,
    urls: Vec<(Queue, String)>,
}

impl Listener {
    async fn new() -> Self {
        let (mut config, mut urls) = (Config::new(PATIENT), Vec::new());
        for (place, queue, resource) in QUEUES {
            let url = made(resource).await;
            config = config.with(place, &url);
            urls.push((queue, url));
        }
        Self { aws: connect_to(config).await, urls }
    }
}

async fn made(resource: &str) -> String {
    let template = &Stack::get().template;
    let like = &template["Resources"][resource]["Properties"];
    // What is a parameter is as long as it is where nobody chooses it.
    let value = |name: &str| match like[name]["Ref"].as_str() {
        Some(parameter) => &template["Parameters"][parameter]["Default"],
        None => &like[name],
    };
    let given = ATTRIBUTES.into_iter().filter(|name| !like[*name].is_null() && like[*name] != false);
    let attributes: Map<String, Value> = given.map(|name| (name.to_owned(), value(name).to_string().into())).collect();
    let ending = if like["FifoQueue"] == true { ".fifo" } else { "" };
    let name = format!("{}-contract-{}{ending}", Stack::get().deployment(), unique());
    let made = Caller::root().ask("sqs:CreateQueue", &json!({"QueueName": name, "Attributes": attributes})).await;
    made["QueueUrl"].as_str().unwrap().to_owned()
}

impl Hears for Listener {
    type Sender = Aws;

    fn sender(&self) -> &Aws {
        &self.aws
    }

    fn unique(&self) -> String {
        unique()
    }

    fn now(&self) -> Timestamp {
        now()
    }

    async fn hear(&self, queue: Queue) -> Option<String> {
        let (_, url) = self.urls.iter().find(|(known, _)| *known == queue).unwrap();
        let listen = json!({"QueueUrl": url, "WaitTimeSeconds": PATIENCE_SECONDS});
        let heard = Caller::root().ask("sqs:ReceiveMessage", &listen).await;
        let message = heard["Messages"].as_array()?.first()?.clone();
        let done = json!({"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]});
        Caller::root().ask("sqs:DeleteMessage", &done).await;
        Some(message["Body"].as_str().unwrap().to_owned())
    }
}

impl Drop for Listener {
    /// Nothing is left of them, wherever that is.
    fn drop(&mut self) {
        let urls: Vec<_> = self.urls.drain(..).map(|(_, url)| url).collect();
        let forgetting = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                for url in urls {
                    Caller::root().call("sqs:DeleteQueue", &json!({"QueueUrl": url})).await;
                }
            });
        });
        let _still_there = forgetting.join();
    }
}

macro_rules! in_queues {
    ($case:path) => {{
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { $case(&$crate::queues::Listener::new().await).await });
    }};
}

testkit::queue_cases!(in_queues);
