//! What becomes of an order by what its submit was answered with, and whether the exchange is left alone for a while.
//!
//! 1. A refusal is what the documentation lists as one, or what was measured to be one. A word that is in no line of the
//!    table says nothing of the order: it is Unknown.
//! 2. `EService:Unavailable` and its like are said of orders that were placed all the same: Unknown.
//! 3. `EService:Deadline elapsed` is said of a time-out "according to the default or specified deadline": of the engine,
//!    which would have refused it, or of the way there. Unknown, and soon proven absent.
//! 4. An id that is open already was sent by us before: the order may be placed.

use super::heard::{No, result};
use crate::native::{Answer, Pause, TOLD_PAUSE_MAX, words};
use app::ports::Outcome;
use domain::clock::{Millis, Timestamp};
use domain::order::{Fact, Refusal, Status};
use domain::reason::Reason;
use domain::vault::KeyFault;
use serde::Deserialize;

/// The counter of a key is full at fifteen to twenty, and falls by one in one to three seconds.
const RATE_PAUSE: Millis = Millis::seconds(10);
/// The engine's own counter, of orders in one pair.
const ORDER_RATE_PAUSE: Millis = Millis::seconds(5);
/// After too many requests with a key that is not known: "a few minutes".
const LOCKOUT_PAUSE: Millis = Millis::seconds(180);
/// Of the counter of questions with a key.
const COUNTER_FULL: &str = "EAPI:Rate limit exceeded";
/// Refused at the door.
const DOOR_PAUSE: Millis = Millis::seconds(60);

/// What a word says of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// It does not exist, for this reason of [`words`].
    No(Reason),
    /// It does not exist, and none will: this is wrong with the key, or with the account that it trades for.
    Key(KeyFault),
    /// It may exist.
    Unsure,
}

use Says::{Key, No as Refused, Unsure};

/// By the beginnings of words; the longest that fits counts.
#[rustfmt::skip]
const TABLE: &[(&str, Says)] = &[
    ("EAPI:Invalid nonce",                              Refused(words::CLOCK)),
    ("EGeneral:Invalid arguments:deadline",             Refused(words::CLOCK)),

    ("EAPI:Invalid key",                                Key(KeyFault::Unknown)),
    ("EAPI:Invalid signature",                          Key(KeyFault::Unknown)),
    ("EAPI:Feature disabled",                           Refused(words::KEY_REFUSED)),
    ("EGeneral:Permission denied",                      Key(KeyFault::CannotTrade)),
    ("EAccount:Invalid permissions",                    Refused(words::KEY_REFUSED)),
    ("EAuth:Account temporary disabled",                Key(KeyFault::CannotTrade)),
    ("EAuth:Account unconfirmed",                       Key(KeyFault::CannotTrade)),
    ("EOrder:Trading agreement required",               Key(KeyFault::CannotTrade)),
    ("ETrade:User Locked",                              Key(KeyFault::CannotTrade)),

    ("EAPI:Rate limit exceeded",                        Refused(words::RATE_LIMITED)),
    ("EAuth:Rate limit exceeded",                       Refused(words::RATE_LIMITED)),
    ("EAuth:Too many requests",                         Refused(words::RATE_LIMITED)),
    ("EGeneral:Too many requests",                      Refused(words::RATE_LIMITED)),
    ("EGeneral:Temporary lockout",                      Refused(words::RATE_LIMITED)),
    ("EOrder:Rate limit exceeded",                      Refused(words::RATE_LIMITED)),
    ("EOrder:Domain rate limit exceeded",               Refused(words::RATE_LIMITED)),
    ("EService:Throttled",                              Refused(words::RATE_LIMITED)),
    ("EService: Throttled",                             Refused(words::RATE_LIMITED)),

    ("EOrder:Insufficient funds",                       Refused(words::INSUFFICIENT_BALANCE)),
    ("EOrder:Insufficient margin",                      Refused(words::INSUFFICIENT_BALANCE)),
    ("EOrder:Order minimum not met",                    Refused(words::BELOW_QUANTITY_MIN)),
    ("EGeneral:Invalid arguments:volume minimum not met", Refused(words::BELOW_QUANTITY_MIN)),
    ("EOrder:Cost minimum not met",                     Refused(words::BELOW_NOTIONAL_MIN)),
    ("EOrder:Tick size check failed",                   Refused(words::OFF_PRICE_TICK)),
    ("EOrder:Invalid price",                            Refused(words::PRECISION)),
    ("EOrder:Orders limit exceeded",                    Refused(words::TOO_MANY_ORDERS)),
    ("EOrder:Scheduled orders limit exceeded",          Refused(words::TOO_MANY_ORDERS)),
    ("EOrder:Positions limit exceeded",                 Refused(words::OUT_OF_BOUNDS)),
    ("EBM:limit exceeded",                              Refused(words::OUT_OF_BOUNDS)),

    ("EService:Market in",                              Refused(words::MARKET_CLOSED)),
    ("EQuery:Unknown asset",                            Refused(words::UNKNOWN_MARKET)),
    ("EQuery:Invalid asset pair",                       Refused(words::UNKNOWN_MARKET)),
    ("EGeneral:Unknown asset pair",                     Refused(words::UNKNOWN_MARKET)),

    ("EAPI:Bad request",                                Refused(words::REFUSED_BY_VENUE)),
    ("EGeneral:Invalid arguments",                      Refused(words::REFUSED_BY_VENUE)),
    ("EGeneral:Unknown method",                         Refused(words::REFUSED_BY_VENUE)),
    ("EGeneral:Unknown Method",                         Refused(words::REFUSED_BY_VENUE)),
    ("EOrder:Invalid order",                            Refused(words::REFUSED_BY_VENUE)),
    ("EOrder:Unknown position",                         Refused(words::REFUSED_BY_VENUE)),
    ("EOrder:Cannot open",                              Refused(words::REFUSED_BY_VENUE)),
    ("EOrder:Margin",                                   Refused(words::REFUSED_BY_VENUE)),
    ("EOrder:Reduce only",                              Refused(words::REFUSED_BY_VENUE)),
    ("EOrder:Post only order",                          Refused(words::REFUSED_BY_VENUE)),
    ("ETrade:Invalid request",                          Refused(words::REFUSED_BY_VENUE)),

    ("EGeneral:Invalid arguments:cl_ord_id not unique", Unsure),
    ("EOrder:Duplicate",                                Unsure),
    ("EGeneral:Internal error",                         Unsure),
    ("EDatabase:Internal error",                        Unsure),
    ("EService:Unavailable",                            Unsure),
    ("EService:Busy",                                   Unsure),
    ("EService:Deadline elapsed",                       Unsure),
];

#[derive(Deserialize)]
struct Added {
    #[serde(default)]
    txid: Vec<String>,
    descr: Option<Described>,
}

#[derive(Deserialize)]
struct Described {
    order: Option<String>,
}

/// What became of an order that was submitted and answered. The answer need not describe the order.
pub(super) fn submitted(answer: &Answer, is_described: impl FnOnce(&str) -> bool) -> Outcome {
    match result::<Added>(answer) {
        Ok(Added { descr: Some(Described { order: Some(told) }), .. }) if !is_described(&told) => {
            Outcome::Unknown("the answer tells of another order than was asked for".to_owned())
        }
        Ok(added) => added.txid.into_iter().find(|id| !id.is_empty()).map_or_else(
            || Outcome::Unknown("the exchange has taken the order and named no id".to_owned()),
            |id| Outcome::Accepted(Fact { venue_id: Some(id), ..Fact::of(Status::Open) }),
        ),
        Err(no) => refused(&no).map_or_else(|| Outcome::Unknown(no.to_string()), Outcome::Rejected),
    }
}

/// A refusal, where every word of the answer is one.
fn refused(no: &No) -> Option<Refusal> {
    let code = match no {
        No::Said(words) => {
            let codes: Option<Vec<Reason>> = words.iter().map(|word| code(word)).collect();
            codes?.first().copied()?
        }
        // Refused at the door, for too many requests or for where they come from.
        No::Status(429) => words::RATE_LIMITED,
        No::Status(403) => words::KEY_REFUSED,
        No::Status(_) | No::Unreadable => return None,
    };
    Some(words::refusal(code, no.to_string()))
}

/// Why an order does not exist of which this is said; none where it may exist.
fn code(word: &str) -> Option<Reason> {
    match says(word)? {
        Refused(code) => Some(code),
        Key(_) => Some(words::KEY_REFUSED),
        Unsure => None,
    }
}

/// What is wrong with the key, where every word is about that: it takes its account's right to enter away. A right that
/// is missing is one to read where nothing but reading was asked for.
pub(super) fn fault(no: &No, only_reads: bool) -> Option<KeyFault> {
    let of_key = |word: &String| if let Some(Key(fault)) = says(word) { Some(fault) } else { None };
    let faults: Option<Vec<KeyFault>> = no.words().iter().map(of_key).collect();
    match faults?.first().copied()? {
        KeyFault::CannotTrade if only_reads => Some(KeyFault::CannotRead),
        fault => Some(fault),
    }
}

/// Whether a word is about the number or the deadline of a request, which are made of our clock. One that has come too late may
/// have been on its way for long, or signed behind the exchange's time.
pub(super) fn is_for_its_time(no: &No) -> bool {
    no.words().iter().any(|word| code(word) == Some(words::CLOCK)) || no.says("EService:Deadline elapsed")
}

/// The line of the table that fits; none where nothing is known of the word.
fn says(word: &str) -> Option<Says> {
    let fitting = TABLE.iter().filter(|(beginning, _)| word.starts_with(beginning));
    fitting.max_by_key(|(beginning, _)| beginning.len()).map(|(_, says)| *says)
}

/// Words for a failure of the exchange itself, which says them with a status of success.
const FAILURES: [&str; 4] =
    ["EGeneral:Internal error", "EDatabase:Internal error", "EService:Unavailable", "EService:Busy"];

/// Whether the exchange has failed, or has said what cannot be read: both are said of no key.
pub(super) fn is_failure(no: &No) -> bool {
    match no {
        No::Said(_) => FAILURES.iter().any(|word| no.says(word)),
        No::Status(status) => *status >= 500,
        No::Unreadable => true,
    }
}

/// Whether the counter of the key has no room for another question.
pub(super) fn is_counter_full(no: &No) -> bool {
    no.says(COUNTER_FULL)
}

/// Whether nothing else is said than that too many questions were asked with the key.
pub(super) fn is_of_questions(no: &No) -> bool {
    matches!(no, No::Said(words) if words.iter().all(|word| word.starts_with(COUNTER_FULL)))
}

/// Whether it is said at the door, and so to an address. Words are about the key that has asked: its counter, and its lock-out.
pub(super) fn is_of_door(no: &No) -> bool {
    matches!(no, No::Status(_))
}

/// Until when the exchange wants to be left alone, by our time. `offset` is how far its clock is before ours.
pub(super) fn pause(no: &No, now: Timestamp, offset: Millis) -> Option<Pause> {
    let until = match no {
        No::Said(words) => words.iter().filter_map(|word| pause_of(word, now, offset)).max()?,
        No::Status(403 | 429) => now.plus(DOOR_PAUSE),
        No::Status(_) | No::Unreadable => return None,
    };
    Some(Pause { until, why: no.to_string() })
}

fn pause_of(word: &str, now: Timestamp, offset: Millis) -> Option<Timestamp> {
    if word.starts_with("EGeneral:Temporary lockout") {
        return Some(now.plus(LOCKOUT_PAUSE));
    }
    if code(word) != Some(words::RATE_LIMITED) {
        return None;
    }
    if word.starts_with("EOrder:") {
        return Some(now.plus(ORDER_RATE_PAUSE));
    }
    let told = told_moment(word).map(|theirs| Timestamp::from_millis(theirs.millis().saturating_sub(offset.get())));
    Some(told.unwrap_or(now.plus(RATE_PAUSE)).clamp(now, now.plus(TOLD_PAUSE_MAX)))
}

/// The moment of `EService: Throttled: 1700000000`.
fn told_moment(word: &str) -> Option<Timestamp> {
    let (_, seconds) = word.rsplit_once(':')?;
    Some(Timestamp::from_millis(seconds.trim().parse::<i64>().ok()?.checked_mul(1_000)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::reason::StoredReason;

    /// What a submit that is answered so becomes.
    fn outcome(status: u16, body: &str) -> Outcome {
        submitted(&Answer { status, headers: Default::default(), body: body.as_bytes().to_vec() }, |_| true)
    }

    /// The stable word of the refusal; none where the order may exist.
    fn check(word: &str, expected: Option<Reason>) {
        let body = format!(r#"{{"error":["{word}"]}}"#);
        let told = match outcome(200, &body) {
            Outcome::Rejected(refusal) => (Some(refusal.code), refusal.detail),
            Outcome::Unknown(why) => (None, why),
            other => (None, format!("{other:?}")),
        };
        assert_eq!(told, (expected.map(StoredReason::from), word.to_owned()));
    }

    #[test]
    fn every_word_of_the_exchange_has_its_outcome() {
        let refused = |code: Reason, words: &[&str]| words.iter().for_each(|word| check(word, Some(code)));
        refused(words::CLOCK, &["EAPI:Invalid nonce"]);
        refused(words::KEY_REFUSED, &["EAPI:Invalid key", "EAPI:Invalid signature", "EGeneral:Permission denied"]);
        refused(words::KEY_REFUSED, &["EAccount:Invalid permissions", "EAuth:Account temporary disabled"]);
        refused(words::KEY_REFUSED, &["EAuth:Account unconfirmed", "EOrder:Trading agreement required"]);
        refused(words::KEY_REFUSED, &["EAPI:Feature disabled", "ETrade:User Locked"]);
        refused(words::RATE_LIMITED, &["EAPI:Rate limit exceeded", "EOrder:Rate limit exceeded"]);
        refused(words::RATE_LIMITED, &["EOrder:Domain rate limit exceeded", "EAuth:Rate limit exceeded"]);
        refused(words::RATE_LIMITED, &["EAuth:Too many requests", "EGeneral:Too many requests"]);
        refused(words::RATE_LIMITED, &["EGeneral:Temporary lockout", "EService: Throttled: 1700000000"]);
        refused(words::INSUFFICIENT_BALANCE, &["EOrder:Insufficient funds", "EOrder:Insufficient margin"]);
        refused(words::BELOW_QUANTITY_MIN, &["EOrder:Order minimum not met"]);
        refused(words::BELOW_QUANTITY_MIN, &["EGeneral:Invalid arguments:volume minimum not met"]);
        refused(words::BELOW_NOTIONAL_MIN, &["EOrder:Cost minimum not met"]);
        refused(words::OFF_PRICE_TICK, &["EOrder:Tick size check failed"]);
        refused(words::PRECISION, &["EOrder:Invalid price"]);
        refused(words::PRECISION, &["EOrder:Invalid price:XBTUSD price can only be specified up to 1 decimals."]);
        refused(words::TOO_MANY_ORDERS, &["EOrder:Orders limit exceeded", "EOrder:Scheduled orders limit exceeded"]);
        refused(words::OUT_OF_BOUNDS, &["EOrder:Positions limit exceeded", "EBM:limit exceeded:CAL"]);
        refused(words::MARKET_CLOSED, &["EService:Market in cancel_only mode", "EService:Market in post_only mode"]);
        refused(words::MARKET_CLOSED, &["EService:Market in limit_only mode", "EService:Market in maintenance"]);
        refused(words::UNKNOWN_MARKET, &["EQuery:Unknown asset pair", "EGeneral:Unknown asset pair"]);
        refused(words::UNKNOWN_MARKET, &["EQuery:Invalid asset pair", "EQuery:Unknown asset"]);
        refused(words::REFUSED_BY_VENUE, &["EGeneral:Invalid arguments", "EGeneral:Invalid arguments:volume"]);
        refused(words::REFUSED_BY_VENUE, &["EGeneral:Invalid arguments:price", "EGeneral:Unknown method"]);
        refused(words::REFUSED_BY_VENUE, &["EGeneral:Invalid arguments:Index unavailable", "EOrder:Invalid order"]);
        refused(words::REFUSED_BY_VENUE, &["EOrder:Cannot open position", "EOrder:Cannot open opposing position"]);
        refused(words::REFUSED_BY_VENUE, &["EOrder:Margin allowance exceeded", "EOrder:Margin level too low"]);
        refused(words::REFUSED_BY_VENUE, &["EOrder:Margin position size exceeded", "EOrder:Unknown position"]);
        refused(words::REFUSED_BY_VENUE, &["EOrder:Reduce only:No position exists", "ETrade:Invalid request"]);
        refused(words::REFUSED_BY_VENUE, &["EOrder:Post only order", "EAPI:Bad request"]);
    }

    #[test]
    fn a_word_about_the_key_takes_its_accounts_right_to_enter_away_and_no_other_does() {
        let told = |words: &[&str], only_reads| {
            fault(&No::Said(words.iter().map(|word| (*word).to_owned()).collect()), only_reads)
        };
        let check = |word: &str, trading, reading| {
            assert_eq!((told(&[word], false), told(&[word], true)), (trading, reading), "{word}");
        };
        use KeyFault::{CannotRead, CannotTrade, Unknown};
        for word in ["EAPI:Invalid key", "EAPI:Invalid signature"] {
            check(word, Some(Unknown), Some(Unknown));
        }
        for word in ["EGeneral:Permission denied", "EAuth:Account temporary disabled", "ETrade:User Locked"] {
            check(word, Some(CannotTrade), Some(CannotRead));
        }
        for word in ["EAPI:Invalid nonce", "EAPI:Rate limit exceeded", "EService:Busy", "ENew:Something new"] {
            check(word, None, None);
        }
        // Of one asset for who lives somewhere, and of what the interface offers.
        for word in ["EAccount:Invalid permissions:XYZ trading restricted for US:NY.", "EAPI:Feature disabled"] {
            check(word, None, None);
        }
        assert_eq!(told(&["EAPI:Invalid nonce", "EAPI:Invalid key"], false), None, "a clock that is wrong");
        for no in [No::Status(403), No::Status(500), No::Unreadable] {
            assert_eq!(fault(&no, false), None, "{no}");
        }
    }

    #[test]
    fn a_word_that_does_not_say_that_the_order_is_not_there_leaves_it_unknown() {
        for word in [
            "EGeneral:Invalid arguments:cl_ord_id not unique",
            "EOrder:Duplicate cl_ord_id",
            "EGeneral:Internal error",
            "EGeneral:Internal error:E27",
            "EDatabase:Internal error",
            "EService:Unavailable",
            "EService:Busy",
            "EService:Deadline elapsed",
            "EService:Timeout",
            "EOrder:Unknown order",
            "EOrder:Something new",
            "ENew:Something new",
            "words without a letter",
        ] {
            check(word, None);
        }
    }

    #[test]
    fn one_word_of_doubt_is_enough() {
        let both = |words: &str| outcome(200, &format!(r#"{{"error":[{words}],"result":{{"txid":["O1"]}}}}"#));
        assert!(matches!(both(r#""EOrder:Insufficient funds","EService:Busy""#), Outcome::Unknown(_)));
        assert!(matches!(both(r#""EService:Busy","EOrder:Insufficient funds""#), Outcome::Unknown(_)));
        assert!(matches!(both(r#""EOrder:Insufficient funds","EOrder:Invalid price""#), Outcome::Rejected(_)));
        assert!(matches!(both(r#""WOrder:Something""#), Outcome::Accepted(_)));
    }

    #[test]
    fn an_order_is_accepted_only_with_an_id() {
        let accepted =
            outcome(200, r#"{"error":[],"result":{"descr":{"order":"buy"},"txid":["OUF4EM-FRGI2-MQMWZD"]}}"#);
        let fact = Fact { venue_id: Some("OUF4EM-FRGI2-MQMWZD".to_owned()), ..Fact::of(Status::Open) };
        assert_eq!(accepted, Outcome::Accepted(fact));
        for body in [
            r#"{"error":[],"result":{"descr":{"order":"buy"}}}"#,
            r#"{"error":[],"result":{"txid":[]}}"#,
            r#"{"error":[],"result":{"txid":[""]}}"#,
            r#"{"error":[],"result":{"txid":"OUF4EM"}}"#,
            r#"{"error":[],"result":null}"#,
            r#"{"error":[]}"#,
            r#"{"result":{"txid":["OUF4EM"]}}"#,
            "{}",
            "",
            "<html></html>",
        ] {
            assert!(matches!(outcome(200, body), Outcome::Unknown(_)), "{body}");
        }
    }

    #[test]
    fn a_status_alone_refuses_only_at_the_door() {
        for status in [500, 502, 503, 504, 520, 522, 301, 400, 404, 408] {
            assert!(matches!(outcome(status, "<html></html>"), Outcome::Unknown(_)), "{status}");
        }
        assert!(matches!(outcome(503, r#"{"error":["EOrder:Insufficient funds"]}"#), Outcome::Unknown(_)));
        let code = |status| if let Outcome::Rejected(no) = outcome(status, "") { Some(no.code) } else { None };
        assert_eq!((code(429), code(403)), (Some(words::RATE_LIMITED.into()), Some(words::KEY_REFUSED.into())));
    }

    #[test]
    fn limits_and_lockouts_pause_and_nothing_else_does() {
        let (now, offset) = (Timestamp::from_millis(1_700_000_000_000), Millis::new(2_000));
        let check = |no: &No, seconds: Option<i64>| {
            let until = pause(no, now, offset).map(|pause| pause.until.since(now));
            assert_eq!(until, seconds.map(Millis::seconds), "{no}");
        };
        let said = |word: &str| No::Said(vec![word.to_owned()]);
        check(&said("EAPI:Rate limit exceeded"), Some(10));
        check(&said("EGeneral:Too many requests"), Some(10));
        check(&said("EOrder:Rate limit exceeded"), Some(5));
        check(&said("EGeneral:Temporary lockout"), Some(180));
        check(&said("EService: Throttled: 1700000022"), Some(20));
        check(&said("EService:Throttled: 1800000000"), Some(300));
        check(&said("EService:Throttled: 1600000000"), Some(0));
        check(&said("EService:Throttled"), Some(10));
        check(&said("EService:Unavailable"), None);
        check(&said("EOrder:Insufficient funds"), None);
        check(&No::Status(429), Some(60));
        check(&No::Status(403), Some(60));
        check(&No::Status(503), None);
        check(&No::Unreadable, None);
    }
}
