//! A request as the library would send it, without its being sent.
//!
//! 1. The library is given proxies that exclude each other. It builds and signs its request, notes it, and fails before
//!    it would connect: its own network is never reached.
//! 2. An operation for which it would ask more than one thing is not done here: one request for one order.
//! 3. What is signed is signed with the time that is given.
//! 4. What is about one order names it, by our id or the exchange's, and has nothing in no place where something belongs: else it
//!    does not leave.

use super::cores::Core;
use crate::native::{Call, Method};
use ccxt_base::exchange::take_http_timings;
use ccxt_base::{ExchangeError, Value};
use domain::clock::Timestamp;
use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

/// What is wanted of an exchange, in the library's words.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) kind: Kind,
    /// A method of the library, whose request it is, and the one by which the answer is read: `create_order`.
    pub(super) asked: &'static str,
    pub(super) method: &'static str,
    pub(super) args: Vec<Value>,
    /// The id of the order that it is about, as the request must have it; none where it is about no single one.
    pub(super) names: Option<String>,
    /// For people and records: no key stands in it.
    pub(super) shown: String,
}

/// What a request does there, and so by which verbs it can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Order,
    Cancel,
    Read,
    /// Changes what orders are placed with, and places none.
    Setting,
    /// A list of markets. The library puts some together from several lists: the first is asked for, and is all of it.
    List,
}

impl Wish {
    /// What changes nothing.
    pub(super) fn read(method: &'static str, args: Vec<Value>) -> Self {
        Self { kind: Kind::Read, asked: method, method, args, names: None, shown: method.to_owned() }
    }
}

impl Kind {
    /// The first that the exchange has for a path.
    fn verbs(self) -> &'static [(&'static str, Method)] {
        match self {
            Self::Order | Self::Setting => &[("POST", Method::Post)],
            Self::Cancel => &[("DELETE", Method::Delete), ("POST", Method::Post)],
            Self::Read | Self::List => &[("GET", Method::Get), ("POST", Method::Post)],
        }
    }
}

/// Calls of the library are counted for the whole process: who counts is alone.
static COUNTED: Mutex<()> = Mutex::new(());

/// The library's configuration by which it reaches nothing.
pub(super) const NOWHERE: [(&str, &str); 2] =
    [("httpProxy", "http://127.0.0.1:9"), ("httpsProxy", "http://127.0.0.1:9")];

/// The request for a wish, signed at this moment of the exchange's clock.
///
/// # Errors
/// What the library says against it; nothing has left then.
pub(super) fn asked(core: &mut dyn Core, wish: &Wish, at: Timestamp) -> Result<Call, ExchangeError> {
    sign_at(core, at);
    core.library().last_request_url = Value::Null;
    let (failed, count) = counted(|| core.call(wish.asked, wish.args.clone()));
    let library = core.library();
    let Value::Str(url) = library.last_request_url.clone() else {
        return Err(failed.err().unwrap_or_else(|| not_supported("the library asks nothing for that")));
    };
    if count != 1 {
        return Err(not_supported("the library needs more than one request for that"));
    }
    let headers = texts(&library.last_request_headers);
    let body = library.last_request_body.as_str().unwrap_or_default().to_owned();
    let (verb, method) =
        verb(core, wish.kind, &url).ok_or_else(|| not_supported("the library asks something else first"))?;
    let shown = format!("{verb} {} {}", path(&url), wish.shown);
    let call = Call { method, url: url.into_owned(), headers, body, shown };
    if wish.names.as_ref().is_some_and(|id| !names(&call, id)) {
        return Err(not_supported("the library's request does not name the order"));
    }
    Ok(call)
}

/// Where the library has nothing to put: in a path, a query or form, and JSON.
const NOTHING: [&str; 3] = ["/null", "=null", ":null"];

fn names(call: &Call, id: &str) -> bool {
    let parts = [&call.url, &call.body];
    parts.iter().any(|part| part.contains(id))
        && !parts.iter().any(|part| NOTHING.iter().any(|word| part.contains(word)))
}

/// What the library reads in an answer to the same wish.
///
/// # Errors
/// What it cannot read.
pub(super) fn read(core: &mut dyn Core, wish: &Wish, json: Value) -> Result<Value, ExchangeError> {
    if wish.kind == Kind::List && goes_on(&json) {
        return Err(not_supported("the list has more than one page"));
    }
    core.library().mock_response = json;
    let (read, count) = counted(|| core.call(wish.method, wish.args.clone()));
    core.library().mock_response = Value::Null;
    if count == 1 || wish.kind == Kind::List {
        read
    } else {
        Err(not_supported("the library would ask more than was answered"))
    }
}

/// Whether a list names its next page: given the same one again, the library would ask for ever.
fn goes_on(json: &Value) -> bool {
    let part = |map: &Value, name: &str| map.as_map().and_then(|map| map.get(name)).cloned();
    let next = part(json, "result").and_then(|result| part(&result, "nextPageCursor"));
    next.is_some_and(|next| next.as_str().is_some_and(|next| !next.is_empty()))
}

fn counted<T>(call: impl FnOnce() -> T) -> (T, u64) {
    let _alone = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
    let _before = take_http_timings();
    let called = call();
    (called, take_http_timings().2)
}

/// The library signs with this machine's clock less a difference: the difference that makes it the given moment.
fn sign_at(core: &mut dyn Core, at: Timestamp) {
    let library = core.library();
    let Value::Int(now) = library.milliseconds() else { return };
    let ahead = now.saturating_sub(at.millis());
    if let Value::Dict(options) = &mut library.options {
        std::sync::Arc::make_mut(options).insert("timeDifference".to_owned(), Value::Int(ahead));
    }
}

/// By the library's own table of what an exchange offers: path, and verbs that it has there.
fn verb(core: &mut dyn Core, kind: Kind, url: &str) -> Option<(&'static str, Method)> {
    let library = core.library();
    if library.internals.implicit_api.is_empty() {
        library.build_implicit_api();
    }
    let path = path(url);
    let fitting = library.internals.implicit_api.values().filter(|(leaf, ..)| fits(leaf, path));
    let longest = fitting.clone().map(|(leaf, ..)| leaf.len()).max()?;
    let offered: Vec<String> =
        fitting.filter(|(leaf, ..)| leaf.len() == longest).map(|(_, _, verb, _)| verb.to_ascii_uppercase()).collect();
    kind.verbs().iter().find(|(verb, _)| offered.iter().any(|offered| offered == verb)).copied()
}

/// Whether a path ends with what is offered, where `{name}` is any one part.
fn fits(leaf: &str, path: &str) -> bool {
    let (leaf, path): (Vec<&str>, Vec<&str>) = (parts(leaf), parts(path));
    let tail = path.len().checked_sub(leaf.len()).and_then(|from| path.get(from..));
    tail.is_some_and(|tail| leaf.iter().zip(tail).all(|(offered, asked)| offered == asked || offered.contains('{')))
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// Without server and query.
fn path(url: &str) -> &str {
    let (_, behind) = url.split_once("://").unwrap_or(("", url));
    let path = behind.find('/').and_then(|from| behind.get(from..)).unwrap_or("/");
    path.split('?').next().unwrap_or(path)
}

fn texts(map: &Value) -> Vec<(Cow<'static, str>, String)> {
    let map = map.as_map().map(|map| map.iter());
    map.into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone().into(), value.as_str()?.to_owned())))
        .collect()
}

fn not_supported(why: &str) -> ExchangeError {
    ExchangeError::new("NotSupported", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn core(id: &str) -> Box<dyn Core> {
        let config = serde_json::json!({
            "apiKey": "key", "secret": "secret", "password": "phrase", "httpProxy": NOWHERE[0].1, "httpsProxy": NOWHERE[1].1,
        });
        super::super::cores::make(id, &Value::from(config)).unwrap()
    }

    /// Spot markets of Bitget are put together from two lists.
    #[cfg(feature = "bitget")]
    #[test]
    fn an_answer_is_read_once_but_for_a_list_that_is_put_together_of_several() {
        let answer = || Value::from(serde_json::json!({"code": "00000", "data": []}));
        let wish = Wish::read("fetch_markets", Vec::new());
        let error = read(&mut *core("bitget"), &wish, answer()).err().unwrap();
        assert!(error.message.contains("more than was answered"), "{error}");
        read(&mut *core("bitget"), &Wish { kind: Kind::List, ..wish }, answer()).unwrap();
    }

    /// As the library asks where nobody has told it what it would find out for itself.
    #[cfg(all(feature = "bybit", feature = "bitget"))]
    #[test]
    fn an_order_for_which_anything_else_is_asked_does_not_leave() {
        let market = serde_json::json!({
            "id": "BTCUSDT", "symbol": "BTC/USDT", "base": "BTC", "quote": "USDT", "type": "spot", "spot": true,
            "precision": {"price": 0.01, "amount": 0.000_01}, "limits": {}, "info": {},
        });
        let texts = ["BTC/USDT", "limit", "buy", "0.01", "64000"];
        let wish = Wish {
            kind: Kind::Order,
            asked: "create_order",
            method: "create_order",
            args: texts.into_iter().map(Value::from).collect(),
            names: None,
            shown: String::new(),
        };
        for id in ["bybit", "bitget"] {
            let mut core = core(id);
            core.call("set_markets", vec![Value::from(serde_json::json!([market]))]).unwrap();
            let error = asked(&mut *core, &wish, Timestamp::from_millis(0)).err().unwrap();
            assert!(error.message.contains("something else first"), "{id}: {error}");
        }
    }

    #[test]
    fn a_request_names_its_order_and_has_nothing_in_no_place() {
        let check = |url: &str, body: &str, expected: bool| {
            let (url, body) = (url.to_owned(), body.to_owned());
            let call = Call { method: Method::Post, url, headers: Vec::new(), body, shown: String::new() };
            assert_eq!(names(&call, "mabc"), expected, "{call:?}");
        };
        check("https://a.example/orders", r#"{"text":"t-mabc"}"#, true);
        check("https://a.example/orders/mabc", "", true);
        check("https://a.example/orders", r#"{"text":"t-other"}"#, false);
        check("https://a.example/orders/null?clientOrderId=mabc", "", false);
        check("https://a.example/order?uuid=null&clientOrderId=mabc", "", false);
        check("https://a.example/order", r#"{"id":null,"clientOrderId":"mabc"}"#, false);
    }

    #[test]
    fn a_path_is_known_by_its_end() {
        assert!(fits("v5/order/create", "/v5/order/create"));
        assert!(fits("hf/orders/client-order/{clientOid}", "/api/v1/hf/orders/client-order/mabc"));
        assert!(!fits("hf/orders/{orderId}/x", "/api/v1/hf/orders/1"));
        assert!(!fits("a/b/c", "/b/c"));
        assert_eq!(path("https://api.example.org/v5/time?a=b/c"), "/v5/time");
        assert_eq!(path("https://api.example.org"), "/");
    }
}
