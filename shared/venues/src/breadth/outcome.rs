//! What it means that the library says no: one table of its errors, for every exchange.
//!
//! 1. Within the exchange (5xx) or on the way nothing is decided, whatever the library calls it.
//! 2. Only what is surely a no is one: its other classes hold whatever nobody has looked at. What is said of an order's size is
//!    looked at first (`sizes`): the library has one class for all of it, or none.
//! 3. An id that is in use may be in use by this very order, and a time-out inside says nothing of what becomes of it: nobody
//!    knows. The library takes what exchanges say of these for any bad order, or for a bad key, so that their own words are
//!    looked at.

use super::{faults, sizes};
use crate::native::words;
use app::ports::Request;
use ccxt_base::ExchangeError;
use domain::reason::Reason;
use domain::vault::KeyFault;

/// The library's classes, the narrower first, and our word; none where the order may have been placed.
#[rustfmt::skip]
const CLASSES: [(&str, Option<Reason>); 16] = [
    ("DuplicateOrderId",         None),
    ("InsufficientFunds",        Some(words::INSUFFICIENT_BALANCE)),
    ("InvalidNonce",             Some(words::CLOCK)),
    ("RateLimitExceeded",        Some(words::RATE_LIMITED)),
    ("DDoSProtection",           Some(words::RATE_LIMITED)),
    ("AuthenticationError",      Some(words::KEY_REFUSED)),
    ("OrderImmediatelyFillable", Some(words::WOULD_TRIGGER_IMMEDIATELY)),
    ("ContractUnavailable",      Some(words::MARKET_CLOSED)),
    ("MarketClosed",             Some(words::MARKET_CLOSED)),
    ("BadSymbol",                Some(words::UNKNOWN_MARKET)),
    ("RestrictedLocation",       Some(words::REFUSED_BY_VENUE)),
    ("OrderNotFound",            None),
    ("InvalidOrder",             Some(words::REFUSED_BY_VENUE)),
    ("ArgumentsRequired",        Some(words::REFUSED_BY_VENUE)),
    ("ManualInteractionNeeded",  Some(words::REFUSED_BY_VENUE)),
    ("NotSupported",             Some(words::REFUSED_BY_VENUE)),
];

/// What exchanges say of an id that is in use, in small letters: "Duplicated client order ID" (OKX 51016), "Duplicate
/// clientOrderId" (Bybit 170141), "OrderLinkedID is duplicate" (Bybit 110072), "clientOid duplicate" (KuCoin 126044),
/// "Duplicate clientOid" (Bitget 40786), and whatever else an exchange may have for it.
const IN_USE: [&str; 5] = ["duplicat", "already exist", "already used", "repeat", "not unique"];

/// What exchanges say where they have waited for themselves, or where the order had an end of its own: "Order creation timeout"
/// (Bybit 170146), "Request timed out" (Bitget 40010), "Order has been finished or canceled" (Bybit 110008).
const NOT_SURE: [&str; 9] = [
    "timeout",
    "timed out",
    "time out",
    "been finished",
    "been filled",
    "been cancel",
    "already cancel",
    "being processed",
    "in process",
];

/// The same by the exchanges' own numbers, whatever text stands beside them: Bybit's time-outs, Bitget's, and its "client_oid
/// check error".
const NOT_SURE_CODES: [&str; 4] =
    [r#""retCode":170146"#, r#""retCode":170147"#, r#""code":"40010""#, r#""code":"40500""#];

/// Whether the order may be there all the same, whatever the library calls what was said.
fn is_unsure(error: &ExchangeError) -> bool {
    let said = error.message.to_lowercase();
    IN_USE.iter().chain(&NOT_SURE).any(|word| said.contains(word))
        || NOT_SURE_CODES.iter().any(|code| error.message.contains(code))
}

/// The word for a refusal with this HTTP status; none where the order may have been placed.
pub(super) fn word(status: u16, error: &ExchangeError) -> Option<Reason> {
    if status >= 500 || is_unsure(error) {
        return None;
    }
    let of_class = || CLASSES.iter().find(|(class, _)| error.is(class)).and_then(|(_, word)| *word);
    sizes::word(error).or_else(of_class)
}

/// What exchanges say where nothing is left that an order may only reduce: Bybit, OKX (nothing, or the other side), KuCoin,
/// Bitget. The library takes some of it for anything that may go wrong.
const NOTHING_LEFT: [&str; 5] =
    [r#""retCode":110017"#, r#""sCode":"51169""#, r#""sCode":"51170""#, r#""code":"300009""#, r#""code":"22002""#];

/// The same for an order of this kind.
pub(super) fn word_for(request: &Request, status: u16, error: &ExchangeError) -> Option<Reason> {
    let says_so = || NOTHING_LEFT.iter().any(|said| error.message.contains(said));
    if request.reduce_only && status < 500 && says_so() {
        return Some(words::REDUCE_ONLY);
    }
    word(status, error)
}

/// Whether the order is not among those that can be ended, or is not known at all.
pub(super) fn is_gone(status: u16, error: &ExchangeError) -> bool {
    status < 500 && error.is("OrderNotFound")
}

/// What is wrong with the key: by the exchange's own words (`faults`), where those say nothing of it by the library's class.
pub(super) fn fault(error: &ExchangeError) -> Option<KeyFault> {
    let of_class = || match error {
        error if error.is("PermissionDenied") => Some(KeyFault::CannotTrade),
        error if error.is("AuthenticationError") => Some(KeyFault::Unknown),
        _ => None,
    };
    if is_unsure(error) || faults::is_ban(error) { None } else { faults::of(error).or_else(of_class) }
}

/// Whether the same may be taken at another time: it says nothing of what was asked.
pub(super) fn may_pass(status: u16, error: &ExchangeError) -> bool {
    status >= 500 || is_too_much(status, error) || error.is("OperationFailed")
}

/// Whether the exchange says, with whatever status, that it has failed itself.
pub(super) fn is_failure(error: &ExchangeError) -> bool {
    error.is("ExchangeNotAvailable") || error.is("RequestTimeout")
}

/// Whether it asks to be asked less.
pub(super) fn is_too_much(status: u16, error: &ExchangeError) -> bool {
    matches!(status, 418 | 429) || error.is("RateLimitExceeded") || error.is("DDoSProtection")
}

/// Whether that is said to an address, and so to everybody here: by its status, or by a wall before the exchange. In an
/// exchange's own words it is about the one account that has asked.
pub(super) fn is_of_address(status: u16, error: &ExchangeError) -> bool {
    matches!(status, 418 | 429) || error.is("DDoSProtection")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_surely_a_no_is_one() {
        let check = |status, kind: &str, expected: Option<Reason>| {
            assert_eq!(word(status, &ExchangeError::new(kind, "why")), expected, "{status} {kind}");
        };
        check(200, "InsufficientFunds", Some(words::INSUFFICIENT_BALANCE));
        check(400, "InvalidNonce", Some(words::CLOCK));
        check(401, "PermissionDenied", Some(words::KEY_REFUSED));
        check(429, "RateLimitExceeded", Some(words::RATE_LIMITED));
        check(400, "OrderNotFillable", Some(words::REFUSED_BY_VENUE));
        check(400, "DuplicateOrderId", None);
        check(400, "ExchangeError", None);
        check(400, "BadRequest", None);
        check(400, "OperationFailed", None);
        check(200, "ExchangeNotAvailable", None);
        check(200, "RequestTimeout", None);
        check(503, "InsufficientFunds", None);
    }

    /// As the library's tables read them: nowhere as a duplicate.
    #[test]
    fn an_id_that_is_in_use_is_no_refusal_whatever_the_library_takes_it_for() {
        let said = [
            r#"okx {"code":"1","data":[{"clOrdId":"x","sCode":"51016","sMsg":"Duplicated client order ID"}],"msg":""}"#,
            r#"bybit {"retCode":170141,"retMsg":"Duplicate clientOrderId.","result":{}}"#,
            r#"bybit {"retCode":110072,"retMsg":"OrderLinkedID is duplicate","result":{}}"#,
            r#"kucoin {"code":"126044","msg":"clientOid duplicate"}"#,
            r#"bitget {"code":"40786","msg":"Duplicate clientOid"}"#,
        ];
        for message in said {
            assert_eq!(word(200, &ExchangeError::new("InvalidOrder", message)), None, "{message}");
        }
    }

    #[test]
    fn an_exchange_that_has_waited_for_itself_has_said_neither_yes_nor_no_and_nothing_of_the_key() {
        let said = [
            ("InvalidOrder", r#"bybit {"retCode":170146,"retMsg":"Order creation timeout.","result":{}}"#),
            ("InvalidOrder", r#"bybit {"retCode":170147,"retMsg":"","result":{}}"#),
            ("InvalidOrder", r#"bybit {"retCode":110008,"retMsg":"Order has been finished or canceled","result":{}}"#),
            ("AuthenticationError", r#"bitget {"code":"40010","msg":"Request timed out","data":null}"#),
            ("InvalidOrder", r#"bitget {"code":"40500","msg":"Client_oid check error","data":null}"#),
        ];
        for (class, message) in said {
            let error = ExchangeError::new(class, message);
            assert_eq!((word(400, &error), fault(&error)), (None, None), "{message}");
        }
        let key = ExchangeError::new(
            "AuthenticationError",
            r#"bitget {"code":"40012","msg":"apikey/password is incorrect"}"#,
        );
        assert_eq!((word(400, &key), fault(&key)), (Some(words::KEY_REFUSED), Some(KeyFault::Unknown)));
    }
}
