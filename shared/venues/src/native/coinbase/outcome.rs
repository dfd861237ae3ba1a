//! What becomes of an order that was sent: the one table of answers to a submit.
//!
//! An order is Accepted where it is named and is the one that was asked for; it is Rejected where the exchange says so
//! in words that can be read. Everything else is Unknown.

use super::Coinbase;
use super::ask::{Fault, no, signed, told_unsigned};
use super::order::{self, Configuration};
use super::sign::{Unsigned, Window};
use crate::native::words::{self, refusal};
use crate::native::{Answer, Login, Method, Sent};
use app::ports::{Outcome, Request};
use domain::order::{Fact, Status};
use domain::reason::Reason;
use domain::vault::KeyFault;
use serde::Deserialize;

/// That the id is known there: the order may be placed, under this id or before.
const DUPLICATE: &str = "DUPLICATE_CLIENT_ORDER_ID";

#[derive(Deserialize)]
struct Created {
    success: bool,
    /// Beside the answer, in its older form.
    #[serde(default)]
    order_id: String,
    success_response: Option<Named>,
    error_response: Option<Refused>,
    order_configuration: Option<serde_json::Value>,
}

/// The order as it is known there.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Named {
    order_id: String,
    product_id: String,
    side: String,
    client_order_id: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Refused {
    error: String,
    message: String,
    error_details: String,
    preview_failure_reason: String,
    new_order_failure_reason: String,
}

impl Coinbase {
    /// Sends it, once.
    pub(super) async fn send_order(&self, login: &Login, request: &Request) -> Outcome {
        let body = match order::body(request) {
            Ok(body) => body,
            Err(refusal) => return Outcome::Rejected(refusal),
        };
        let window = Window::of_order(login, request.sent_at);
        let call = match signed(login, Method::Post, "/orders", &[], body, window) {
            Ok(call) => call,
            Err(why @ Unsigned::Key) => return Outcome::Rejected(refusal(words::KEY_REFUSED, told_unsigned(why))),
            Err(why @ Unsigned::Nonce) => return Outcome::NotSent(told_unsigned(why).to_owned()),
        };
        match self.transport.send(&call, self.traffic.asking(&login.site)).await {
            Sent::Not(why) => Outcome::NotSent(why),
            Sent::Lost(why) => Outcome::Unknown(why),
            Sent::Answered(answer) => {
                self.mind(login, &answer, window, KeyFault::CannotTrade);
                if answer.is_success() && answer.json::<Created>().is_none() {
                    self.traffic.failed(&login.site);
                }
                of(&answer, request, window)
            }
        }
    }
}

/// What an answer means for the order that was sent.
fn of(answer: &Answer, request: &Request, window: Window) -> Outcome {
    if answer.is_success() {
        return answer.json().map_or_else(|| unknown("the answer cannot be understood"), |said| created(said, request));
    }
    match answer.status {
        401 => Outcome::Rejected(refusal(unauthorized(answer, window), no(answer))),
        403 => Outcome::Rejected(refusal(words::KEY_REFUSED, no(answer))),
        429 => Outcome::Rejected(refusal(words::RATE_LIMITED, no(answer))),
        400 | 404 | 422 | 451 => explained(answer),
        _ => unknown(&no(answer)),
    }
}

/// A token that is not good by the exchange's own clock is refused for our clock; any other for the key.
pub(super) fn unauthorized(answer: &Answer, window: Window) -> Reason {
    match answer.date() {
        Some(at) if !window.holds(at) => words::CLOCK,
        _ => words::KEY_REFUSED,
    }
}

/// What is wrong with the key by what this answer says; `may_not` is what it lacks where it lacks a right. This takes its
/// account's right to enter away, so that it is said only of a token that was good by the exchange's own clock, and of
/// the exchange's own words: a wall before it says 403 as well.
pub(super) fn fault(answer: &Answer, window: Window, may_not: KeyFault) -> Option<KeyFault> {
    let lacks = |reason: &str| (code(reason) == words::KEY_REFUSED).then_some(may_not);
    match answer.status {
        401 => answer.date().filter(|at| window.holds(*at)).map(|_| KeyFault::Unknown),
        403 => lacks(&answer.json::<Fault>()?.error),
        200..=299 => lacks(answer.json::<Created>().filter(|said| !said.success)?.error_response?.reasons().next()?),
        _ => None,
    }
}

/// A refusal before the engine: only one that says why is believed.
fn explained(answer: &Answer) -> Outcome {
    match answer.json::<Fault>() {
        Some(fault) if fault.error == DUPLICATE => unknown("the id is known there: it may be placed"),
        Some(fault) if !fault.error.is_empty() => Outcome::Rejected(refusal(code(&fault.error), no(answer))),
        _ => unknown(&no(answer)),
    }
}

fn created(said: Created, request: &Request) -> Outcome {
    match (said.success, &said.success_response, said.error_response) {
        (true, Some(named), _) => accepted(named, &said.order_id, said.order_configuration.as_ref(), request),
        (false, _, Some(refused)) => rejected(&refused),
        (true, None, _) => unknown("an order was accepted, and none is named"),
        (false, _, None) => unknown("an order was refused without a word"),
    }
}

fn accepted(named: &Named, beside: &str, echo: Option<&serde_json::Value>, request: &Request) -> Outcome {
    let is_ours = named.client_order_id == request.client_id.as_str()
        && named.product_id == order::product(&request.market.key.symbol)
        && named.side == order::side(request.direction);
    if named.order_id.is_empty() {
        return unknown("an order was accepted, and has no id");
    }
    if !is_ours || !(beside.is_empty() || beside == named.order_id) || !is_echo(echo, request) {
        return unknown("the answer tells of another order than was asked for");
    }
    Outcome::Accepted(Fact { venue_id: Some(named.order_id.clone()), ..Fact::of(Status::Open) })
}

/// Whether what the exchange says that it carries out is what was asked for. It need not say it.
fn is_echo(echo: Option<&serde_json::Value>, request: &Request) -> bool {
    let Some(echo) = echo.filter(|echo| !echo.is_null()) else { return true };
    let asked = order::configuration(request).ok();
    let told = Configuration::of(echo);
    told.is_some() && told == asked
}

fn rejected(refused: &Refused) -> Outcome {
    if refused.reasons().any(|reason| reason == DUPLICATE) {
        return unknown("the id is known there: it may be placed");
    }
    let Some(reason) = refused.reasons().next() else {
        return unknown("an order was refused for no reason that is known");
    };
    let said = [reason, &refused.message, &refused.error_details];
    let said: Vec<&str> = said.into_iter().filter(|word| !word.is_empty()).collect();
    Outcome::Rejected(refusal(code(reason), said.join(": ")))
}

impl Refused {
    /// Those that say something, the weightiest first.
    fn reasons(&self) -> impl Iterator<Item = &str> {
        let all = [&self.new_order_failure_reason, &self.error, &self.preview_failure_reason];
        all.into_iter().map(String::as_str).filter(|word| !is_silent(word))
    }
}

/// No reason, or one that says that there is none.
fn is_silent(reason: &str) -> bool {
    matches!(reason, "" | "UNKNOWN_FAILURE_REASON" | "UNKNOWN_PREVIEW_FAILURE_REASON")
}

/// Our word for a reason of theirs; a check before the engine has the same with `PREVIEW_` before it.
fn code(reason: &str) -> Reason {
    match reason.strip_prefix("PREVIEW_").unwrap_or(reason) {
        "INSUFFICIENT_FUND" | "INSUFFICIENT_FUNDS" | "INVALID_LEDGER_BALANCE" | "INSUFFICIENT_LEDGER_BALANCE" => {
            words::INSUFFICIENT_BALANCE
        }
        "INVALID_PRODUCT_ID" | "INELIGIBLE_PAIR" | "NOT_FOUND" => words::UNKNOWN_MARKET,
        "ORDER_ENTRY_DISABLED"
        | "UNTRADABLE_PRODUCT"
        | "PRODUCT_TRADING_HALTED"
        | "TRADING_DISABLED"
        | "NOT_ALLOWED_BY_MARKET_STATE"
        | "MISSING_MARKET_TRADE_DATA"
        | "MISSING_PRODUCT_PRICE_BOOK"
        | "INVALID_NO_LIQUIDITY" => words::MARKET_CLOSED,
        "INVALID_SIZE_PRECISION" => words::OFF_QUANTITY_STEP,
        "INVALID_PRICE_PRECISION" | "INVALID_LIMIT_PRICE_PRECISION" | "INVALID_STOP_PRICE_PRECISION" => {
            words::OFF_PRICE_TICK
        }
        "INVALID_BASE_SIZE_TOO_SMALL" => words::BELOW_QUANTITY_MIN,
        "INVALID_QUOTE_SIZE_TOO_SMALL" => words::BELOW_NOTIONAL_MIN,
        "STOP_PRICE_ABOVE_LAST_TRADE_PRICE"
        | "STOP_PRICE_BELOW_LAST_TRADE_PRICE"
        | "STOP_TRIGGERED"
        | "STOP_ALREADY_TRIGGERED" => words::WOULD_TRIGGER_IMMEDIATELY,
        "INVALID_BASE_SIZE_TOO_LARGE" => words::ABOVE_QUANTITY_MAX,
        "INVALID_QUOTE_SIZE_TOO_LARGE"
        | "INVALID_PRICE_TOO_LARGE"
        | "BREACHED_PRICE_LIMIT"
        | "LIMIT_PRICE_TOO_FAR_FROM_MARKET"
        | "LIMIT_ORDER_PRICE_EXCEEDS_PRICE_BAND_ON_BUY"
        | "LIMIT_ORDER_PRICE_EXCEEDS_PRICE_BAND_ON_SELL"
        | "STOP_TRIGGER_PRICE_OUT_OF_BOUNDS"
        | "BREACHED_RISK_LIMIT" => words::OUT_OF_BOUNDS,
        "PERMISSION_DENIED" | "UNAUTHENTICATED" => words::KEY_REFUSED,
        "RESOURCE_EXHAUSTED" => words::RATE_LIMITED,
        _ => words::REFUSED_BY_VENUE,
    }
}

fn unknown(why: &str) -> Outcome {
    Outcome::Unknown(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, login, request, sec1};
    use super::*;
    use domain::clock::{Millis, Timestamp};
    use serde_json::{Value, json};

    fn window() -> Window {
        Window::of_order(&login(&sec1()), request().sent_at)
    }

    /// The beginning of an outcome: its word, and the code of a refusal.
    fn word(answer: &Answer) -> String {
        match of(answer, &request(), window()) {
            Outcome::Accepted(fact) => format!("accepted {}", fact.venue_id.unwrap_or_default()),
            Outcome::Rejected(refusal) => format!("rejected {}", refusal.code),
            Outcome::Unknown(_) => "unknown".to_owned(),
            Outcome::NotSent(_) => "not sent".to_owned(),
        }
    }

    fn accepted() -> Value {
        json!({
            "success": true,
            "failure_reason": "UNKNOWN_FAILURE_REASON",
            "order_id": "52cfe5e2",
            "success_response": {
                "order_id": "52cfe5e2", "product_id": "BTC-USD", "side": "BUY", "client_order_id": "mabcdefghijklmnopq"
            },
            "order_configuration": {
                "limit_limit_gtc": { "base_size": "0.01230000", "limit_price": "64250.30", "post_only": false }
            }
        })
    }

    fn with(pointer: &str, value: Value) -> Value {
        let mut said = accepted();
        *said.pointer_mut(pointer).unwrap() = value;
        said
    }

    #[test]
    fn an_order_is_accepted_where_it_is_named_and_ours() {
        let check =
            |said: &Value, expected: &str| assert_eq!(word(&answer(200, &said.to_string())), expected, "{said}");
        check(&accepted(), "accepted 52cfe5e2");
        check(&with("/order_configuration", Value::Null), "accepted 52cfe5e2");
        check(&with("/order_configuration/limit_limit_gtc/post_only", json!(true)), "unknown");
        check(&with("/order_id", json!("")), "accepted 52cfe5e2");
        check(&with("/order_id", json!("another")), "unknown");
        check(&with("/success_response", Value::Null), "unknown");
        check(&with("/success_response/order_id", json!("")), "unknown");
        check(&with("/success_response/product_id", json!("ETH-USD")), "unknown");
        check(&with("/success_response/side", json!("SELL")), "unknown");
        check(&with("/success_response/client_order_id", json!("another")), "unknown");
        check(&with("/order_configuration/limit_limit_gtc/base_size", json!("0.0124")), "unknown");
        check(&with("/order_configuration/limit_limit_gtc/limit_price", json!("64250.31")), "unknown");
        check(&with("/order_configuration", json!({ "market_market_ioc": { "base_size": "0.0123" } })), "unknown");
        check(&with("/order_configuration", json!({ "twap_limit_gtd": {} })), "unknown");
    }

    #[test]
    fn a_refusal_has_a_reason_that_is_known_or_is_none() {
        let check = |refused: Value, expected: &str| {
            let said = json!({ "success": false, "order_id": "", "error_response": refused });
            assert_eq!(word(&answer(200, &said.to_string())), expected, "{said}");
        };
        let error = |word: &str| json!({ "error": word, "message": "m", "new_order_failure_reason": word });
        let preview =
            |word: &str| json!({ "error": "UNKNOWN_FAILURE_REASON", "message": "", "preview_failure_reason": word });
        check(error("INSUFFICIENT_FUND"), "rejected insufficient_balance");
        check(error("INVALID_LIMIT_PRICE_POST_ONLY"), "rejected refused_by_venue");
        check(error("UNSUPPORTED_ORDER_CONFIGURATION"), "rejected refused_by_venue");
        check(error("ORDER_ENTRY_DISABLED"), "rejected market_closed");
        check(error("INVALID_PRODUCT_ID"), "rejected unknown_market");
        check(error("A_WORD_OF_TOMORROW"), "rejected refused_by_venue");
        check(error("DUPLICATE_CLIENT_ORDER_ID"), "unknown");
        check(error("UNKNOWN_FAILURE_REASON"), "unknown");
        check(error(""), "unknown");
        check(Value::Null, "unknown");
        check(preview("PREVIEW_INSUFFICIENT_FUND"), "rejected insufficient_balance");
        check(preview("PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE"), "rejected would_trigger_immediately");
        check(preview("PREVIEW_INVALID_SIZE_PRECISION"), "rejected off_quantity_step");
        check(preview("PREVIEW_INVALID_PRICE_PRECISION"), "rejected off_price_tick");
        check(preview("PREVIEW_INVALID_BASE_SIZE_TOO_SMALL"), "rejected below_quantity_min");
        check(preview("PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL"), "rejected below_notional_min");
        check(preview("PREVIEW_INVALID_BASE_SIZE_TOO_LARGE"), "rejected above_quantity_max");
        check(preview("UNKNOWN_PREVIEW_FAILURE_REASON"), "unknown");
    }

    #[test]
    fn every_other_answer_is_a_refusal_only_where_nothing_can_have_been_placed() {
        let check = |status: u16, body: &str, expected: &str| {
            assert_eq!(word(&answer(status, body)), expected, "{status} {body}");
        };
        let fault = |word: &str| format!(r#"{{"error":"{word}","error_details":"d","message":"m"}}"#);
        check(200, "", "unknown");
        check(200, "{}", "unknown");
        check(200, "<html>", "unknown");
        check(202, &accepted().to_string(), "accepted 52cfe5e2");
        check(302, "", "unknown");
        check(400, &fault("INVALID_ARGUMENT"), "rejected refused_by_venue");
        check(400, &fault("INSUFFICIENT_FUND"), "rejected insufficient_balance");
        check(400, &fault("DUPLICATE_CLIENT_ORDER_ID"), "unknown");
        check(400, "<html>", "unknown");
        check(400, r#"{"error":""}"#, "unknown");
        check(401, "Unauthorized\n", "rejected key_refused");
        check(
            403,
            r#"{"error":"PERMISSION_DENIED","error_details":"Missing required scopes"}"#,
            "rejected key_refused",
        );
        check(404, &fault("NOT_FOUND"), "rejected unknown_market");
        check(404, "<html>", "unknown");
        check(408, "", "unknown");
        check(409, &fault("CONFLICT"), "unknown");
        check(429, "", "rejected rate_limited");
        check(500, &fault("INTERNAL"), "unknown");
        check(502, "<html>", "unknown");
        check(503, "", "unknown");
        check(504, "", "unknown");
    }

    #[test]
    fn a_token_that_is_not_good_by_their_clock_is_refused_for_our_clock() {
        let check = |date: &str, expected: &str| {
            let mut unauthorized = answer(401, "Unauthorized");
            unauthorized.headers.insert("date", date.parse().unwrap());
            assert_eq!(word(&unauthorized), expected, "{date}");
        };
        // The token is good from 22:13:21 up to 22:13:31.
        check("Tue, 14 Nov 2023 22:13:20 GMT", "rejected clock");
        check("Tue, 14 Nov 2023 22:13:21 GMT", "rejected key_refused");
        check("Tue, 14 Nov 2023 22:13:30 GMT", "rejected key_refused");
        check("Tue, 14 Nov 2023 22:13:31 GMT", "rejected clock");
        check("yesterday", "rejected key_refused");
        assert!(!window().holds(Timestamp::from_millis(1_700_000_001_000).minus(Millis::new(1))));
    }

    #[test]
    fn the_key_is_at_fault_where_the_exchange_says_so_in_its_own_words_and_by_its_own_clock() {
        let check = |status, body: &str, date: Option<&str>, expected: Option<KeyFault>| {
            let mut answer = answer(status, body);
            if let Some(date) = date {
                answer.headers.insert("date", date.parse().unwrap());
            }
            assert_eq!(fault(&answer, window(), KeyFault::CannotTrade), expected, "{status} {body} {date:?}");
        };
        // The token of the order is good from second 21 to second 31.
        check(401, "Unauthorized", Some("Tue, 14 Nov 2023 22:13:22 GMT"), Some(KeyFault::Unknown));
        check(401, "Unauthorized", Some("Tue, 14 Nov 2023 22:13:20 GMT"), None);
        check(401, "Unauthorized", Some("Tue, 14 Nov 2023 22:13:31 GMT"), None);
        check(401, "Unauthorized", None, None);
        check(403, r#"{"error":"PERMISSION_DENIED"}"#, None, Some(KeyFault::CannotTrade));
        check(403, "<html>a wall</html>", None, None);
        check(403, r#"{"error":"SOMETHING_NEW"}"#, None, None);
        let refused = |reason: &str| json!({ "success": false, "error_response": { "error": reason } }).to_string();
        check(200, &refused("PERMISSION_DENIED"), None, Some(KeyFault::CannotTrade));
        check(200, &refused("INSUFFICIENT_FUND"), None, None);
        check(200, &accepted().to_string(), None, None);
        check(503, &refused("PERMISSION_DENIED"), None, None);
        check(429, "", None, None);
    }

    #[test]
    fn a_refusal_tells_what_the_exchange_said() {
        let body = r#"{"error":"INVALID_ARGUMENT","error_details":"no such product","message":"no such product"}"#;
        let expected = refusal(words::REFUSED_BY_VENUE, "400 INVALID_ARGUMENT: no such product");
        assert_eq!(of(&answer(400, body), &request(), window()), Outcome::Rejected(expected));
    }
}
