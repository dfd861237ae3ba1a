//! The control calls under `/sim`, for tests and for people: only from this machine.
//!
//! What is wrong with a call is answered with 400 and a sentence. Everything that is asked is answered from the one lock, so
//! that a test sees a state that there was.

mod calls;
mod show;

use crate::faults::Fault;
use crate::http::Reply;
use crate::world::Hub;
use calls::{Balance, Clock, Fill, Lag, LimitsCall, Path, PriceCall, Replay, Trading};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What was asked for, or why not.
type Done = Result<Value, String>;

/// Every call with what it does, for whoever asks for `/sim`.
const CALLS: [(&str, &str); 20] = [
    ("GET /sim", "these calls"),
    ("GET /sim/keys", "the keys with their secrets"),
    ("GET /sim/books?venue=", "markets, balances, orders, trades"),
    ("GET /sim/requests?venue=", "the requests seen, in order"),
    ("DELETE /sim/requests", "forgets them"),
    ("GET /sim/duplicates", "client order ids sent or taken more than once"),
    ("POST /sim/price", r#"{"venue","market","price"}: the price moves here, and what this triggers or fills happens"#),
    ("POST /sim/path", r#"{"venue","market","steps":[[ms,"price"],…]}: prices to come, each so long from now"#),
    ("POST /sim/replay", r#"{"venue","market","file","skip","bars","bar_ms"}: candles of a CSV, each in bar_ms"#),
    ("POST /sim/market", r#"{"venue","market","trading":bool}: opens or closes a market"#),
    ("POST /sim/balance", r#"{"venue","account","asset","free"}"#),
    ("POST /sim/fill", r#"{"venue","order","quantity"}: trades so much of a resting order at its limit"#),
    ("POST /sim/clock", r#"{"offset_ms"}: how far the exchanges are ahead of this machine"#),
    ("POST /sim/read-lag", r#"{"venue","ms"}: how long new orders cannot be found"#),
    ("POST /sim/limits", r#"{"venue","weight","orders","refusals","tier"}: how much may be asked"#),
    (
        "POST /sim/faults",
        r#"{"kind","venue","on","path","query","count","after","percent","seed","ms","share","status","body"}"#,
    ),
    ("GET /sim/faults", "those still to come"),
    ("DELETE /sim/faults", "forgets them"),
    ("GET /sim/orders?venue=&client_order_id=", "the orders with this id"),
    ("GET /sim/clock", "the exchanges' time"),
];

pub(crate) fn answer(hub: &Hub, method: &str, path: &str, query: &str, body: &str) -> Reply {
    match routed(hub, method, path, query, body) {
        Some(Ok(done)) => Reply::ok(&done),
        Some(Err(wrong)) => Reply::json(400, &json!({ "error": wrong })),
        None => Reply::json(404, &json!({ "error": "no such control call", "calls": explained() })),
    }
}

fn routed(hub: &Hub, method: &str, path: &str, query: &str, body: &str) -> Option<Done> {
    let world = &mut *hub.lock();
    Some(match (method, path) {
        ("GET", "/sim") => Ok(explained()),
        ("GET", "/sim/keys") => Ok(show::keys(world)),
        ("GET", "/sim/books") => show::books(world, query),
        ("GET", "/sim/orders") => show::orders(world, query),
        ("GET", "/sim/requests") => show::requests(world, query),
        ("GET", "/sim/duplicates") => Ok(show::duplicates(world)),
        ("GET", "/sim/faults") => Ok(json!(world.faults.pending())),
        ("GET", "/sim/clock") => Ok(json!({ "now_ms": world.now(), "offset_ms": world.clock_offset })),
        ("DELETE", "/sim/requests") => emptied(|| world.journal.clear()),
        ("DELETE", "/sim/faults") => emptied(|| world.faults.clear()),
        ("POST", "/sim/faults") => read(body).map(|fault: Fault| world.faults.add(fault)).and_then(done),
        ("POST", "/sim/price") => read(body).and_then(|call: PriceCall| call.apply(world)).and_then(done),
        ("POST", "/sim/path") => read(body).and_then(|call: Path| call.apply(world)).and_then(done),
        ("POST", "/sim/replay") => read(body).and_then(|call: Replay| call.apply(world)).and_then(done),
        ("POST", "/sim/market") => read(body).and_then(|call: Trading| call.apply(world)).and_then(done),
        ("POST", "/sim/balance") => read(body).and_then(|call: Balance| call.apply(world)).and_then(done),
        ("POST", "/sim/fill") => read(body).and_then(|call: Fill| call.apply(world)).and_then(done),
        ("POST", "/sim/clock") => read(body).map(|call: Clock| call.apply(world)).and_then(done),
        ("POST", "/sim/read-lag") => read(body).and_then(|call: Lag| call.apply(world)).and_then(done),
        ("POST", "/sim/limits") => read(body).and_then(|call: LimitsCall| call.apply(world)).and_then(done),
        _ => return None,
    })
}

fn explained() -> Value {
    CALLS.iter().map(|(call, what)| ((*call).to_owned(), Value::from(*what))).collect::<serde_json::Map<_, _>>().into()
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    serde_json::from_str(body).map_err(|error| error.to_string())
}

fn emptied(empty: impl FnOnce()) -> Done {
    empty();
    done(())
}

#[allow(clippy::unnecessary_wraps, reason = "the end of a chain of what may go wrong")]
fn done((): ()) -> Done {
    Ok(json!({ "done": true }))
}
