//! What it means that Binance did not say yes: one table of its status codes, error codes and messages.
//!
//! 1. A failure inside Binance (5xx, `-1000`, `-1001`, `-1006`, `-1007`, `-1016`) says nothing about the order.
//! 2. An id that is in use may be in use by this very order: nobody knows.
//! 3. Anything else that has a code of Binance's own is a no: the order does not exist there. So is being told to ask
//!    less, and what its wall (403) or its borders (451) keep out.
//! 4. What cannot be read says nothing.
//! 5. What a wire says in its own words goes before what both say (`Dialect::own`).

use super::super::words::{self, refusal};
use super::super::{Answer, TOLD_PAUSE_MAX};
use super::dialect::Dialect;
use domain::clock::Millis;
use domain::order::Refusal;
use domain::reason::Reason;
use domain::vault::KeyFault;
use serde::Deserialize;

/// What becomes of an order that was not accepted, and what follows for those who ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The order does not exist there; where this is none, nobody knows.
    pub(super) refusal: Option<Refusal>,
    /// Binance's own number.
    pub(super) code: Option<i64>,
    /// For people.
    pub(super) why: String,
    /// What is wrong with the key: it takes its account's right to enter away.
    pub(super) fault: Option<KeyFault>,
    /// How long to ask nothing more.
    pub(super) wait: Option<Millis>,
}

/// What a wire's own words mean for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It does not exist there, for this reason.
    No(Reason),
    /// It may.
    Unknown,
}

#[derive(Debug, Deserialize)]
struct Said {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    msg: String,
}

/// After being told to ask less, where Binance does not say for how long.
const REST: Millis = Millis::seconds(60);
/// The shortest ban of an address, and the longest.
const BAN_MIN: Millis = Millis::seconds(120);
const BAN_MAX: Millis = domain::limits::VENUE_BAN_MAX;
/// After too many orders, or while it is busy.
const BREATH: Millis = Millis::seconds(10);

/// "Too many new orders" of one account, whichever address they come from: said with the status of an address that asks too
/// much, and without how long to wait.
const TOO_MANY_ORDERS: i64 = -1015;
/// The status of a ban.
const BAN: u16 = 418;
/// A failure inside Binance.
const FAILURES: [i64; 5] = [-1000, -1001, -1006, -1007, -1016];

impl Verdict {
    /// Whether what is said with this status is about orders of the account that was asked for, and so about no other. A ban
    /// is one of the address, whatever it is for.
    pub(super) fn is_of_account(&self, status: u16) -> bool {
        self.code == Some(TOO_MANY_ORDERS) && status != BAN
    }

    /// Whether Binance says that it has failed itself.
    pub(super) fn is_failure(&self) -> bool {
        self.code.is_some_and(|code| FAILURES.contains(&code))
    }
}

pub(super) fn verdict(wire: &Dialect, answer: &Answer) -> Verdict {
    let said: Option<Said> = answer.json();
    let code = said.as_ref().map(|said| said.code).filter(|code| *code != 0);
    let message = said.map(|said| said.msg).unwrap_or_default();
    let why = told(answer.status, code, &message);
    let word = match (wire.own)(answer.status, code, &message) {
        Some(Meaning::No(word)) => Some(word),
        Some(Meaning::Unknown) => None,
        None => meaning(answer.status, code, &message),
    };
    Verdict {
        refusal: word.map(|word| refusal(word, why.clone())),
        fault: code.filter(|_| answer.status < 500).and_then(|code| fault(code, &message)),
        wait: wait(answer, code, word),
        code,
        why,
    }
}

fn told(status: u16, code: Option<i64>, message: &str) -> String {
    match code {
        Some(code) => format!("{code}: {message}"),
        None => format!("answered with HTTP status {status}"),
    }
}

/// The word for a refusal; none where the order may have been placed.
fn meaning(status: u16, code: Option<i64>, message: &str) -> Option<Reason> {
    match (status, code) {
        (500.., _) => None,
        (403 | 418 | 429, None) => Some(words::RATE_LIMITED),
        (451, None) => Some(words::REFUSED_BY_VENUE),
        (_, None) => None,
        (_, Some(code)) => of_code(code, message),
    }
}

#[rustfmt::skip]
fn of_code(code: i64, message: &str) -> Option<Reason> {
    Some(match code {
        -1000 | -1001 | -1006 | -1007 | -1016 => return None,
        -1003 | -1004 | -1008 | -1015 | -1034 => words::RATE_LIMITED,
        -1002 | -1022 | -1099 | -2008 | -2014 | -2015 => words::KEY_REFUSED,
        -1021 => words::CLOCK,
        -1108 | -1112 => words::OUT_OF_BOUNDS,
        -1111 => words::PRECISION,
        -1121 | -1220 => words::UNKNOWN_MARKET,
        -2016 => words::MARKET_CLOSED,
        -2018 | -2019 => words::INSUFFICIENT_BALANCE,
        -1158 => words::STOP_NOT_TAKEN,
        -1165 | -1166 | -1168 | -1199..=-1196 => words::OCO_PRICES,
        -1010 | -1013 | -2010 => return of_message(message),
        _ => words::REFUSED_BY_VENUE,
    })
}

/// By what its message holds; the first that fits.
#[rustfmt::skip]
const MESSAGES: [(&str, Option<Reason>); 23] = [
    ("Duplicate order sent", None),
    ("insufficient balance", Some(words::INSUFFICIENT_BALANCE)),
    ("would trigger immediately", Some(words::WOULD_TRIGGER_IMMEDIATELY)),
    ("relationship of the prices", Some(words::OCO_PRICES)),
    ("immediately match and take", Some(words::OCO_PRICES)),
    ("Stop loss orders are not supported", Some(words::STOP_NOT_TAKEN)),
    ("Stop loss limit orders are not supported", Some(words::STOP_NOT_TAKEN)),
    ("OCO orders are not supported", Some(words::STOP_NOT_TAKEN)),
    ("Market is closed", Some(words::MARKET_CLOSED)),
    ("trading is not enabled", Some(words::MARKET_CLOSED)),
    ("Price * QTY is zero or less", Some(words::BELOW_NOTIONAL_MIN)),
    ("liquidity is less than", Some(words::OUT_OF_BOUNDS)),
    ("liquidity is too low", Some(words::OUT_OF_BOUNDS)),
    ("disabled on this account", Some(words::KEY_REFUSED)),
    ("may not place or cancel orders", Some(words::KEY_REFUSED)),
    ("not permitted for this account", Some(words::UNKNOWN_MARKET)),
    ("restricted for this account", Some(words::UNKNOWN_MARKET)),
    ("Invalid symbol", Some(words::UNKNOWN_MARKET)),
    ("Invalid price", Some(words::OFF_PRICE_TICK)),
    ("Invalid stopPrice", Some(words::OFF_PRICE_TICK)),
    ("Invalid quantity", Some(words::OFF_QUANTITY_STEP)),
    ("too much precision", Some(words::PRECISION)),
    ("Too many new orders", Some(words::RATE_LIMITED)),
];

fn of_message(message: &str) -> Option<Reason> {
    if let Some((_, filter)) = message.split_once("Filter failure: ") {
        return Some(of_filter(filter.trim()));
    }
    let fits = MESSAGES.iter().find(|(part, _)| message.contains(part));
    fits.map_or(Some(words::REFUSED_BY_VENUE), |(_, word)| *word)
}

#[rustfmt::skip]
fn of_filter(filter: &str) -> Reason {
    match filter {
        "PRICE_FILTER" => words::OFF_PRICE_TICK,
        "LOT_SIZE" => words::OFF_QUANTITY_STEP,
        "MIN_NOTIONAL" | "NOTIONAL" => words::BELOW_NOTIONAL_MIN,
        // Its minimum and its step are kept to.
        "MARKET_LOT_SIZE" => words::ABOVE_QUANTITY_MAX,
        "PERCENT_PRICE" | "PERCENT_PRICE_BY_SIDE" | "MAX_POSITION" | "MAX_ASSET" => words::OUT_OF_BOUNDS,
        stops if stops.contains("MAX_NUM_ALGO_ORDERS") || stops.contains("MAX_NUM_ORDER_LISTS") => words::STOP_NOT_TAKEN,
        many if many.contains("MAX_NUM_") => words::TOO_MANY_ORDERS,
        _ => words::REFUSED_BY_VENUE,
    }
}

/// Where its number may mean several things, its words are looked at: `-2015` names them all, "Invalid API-key, IP, or
/// permissions for action", and the other two name none, or the address alone.
fn fault(code: i64, message: &str) -> Option<KeyFault> {
    let names = |part: &str| message.contains(part);
    match code {
        -1002 | -1099 | -2015 if names("IP") && !names("API-key") => Some(KeyFault::AddressRefused),
        -1002 | -1099 | -2015 => Some(KeyFault::KeyOrAddress),
        -1022 | -2008 | -2014 => Some(KeyFault::Unknown),
        -2010 | -2011 if of_message(message) == Some(words::KEY_REFUSED) => Some(KeyFault::CannotTrade),
        _ => None,
    }
}

fn wait(answer: &Answer, code: Option<i64>, word: Option<Reason>) -> Option<Millis> {
    let (least, most) = match (answer.status, code) {
        (BAN, _) => (BAN_MIN, BAN_MAX),
        (_, Some(-1004 | -1008 | -1015)) => (BREATH, TOLD_PAUSE_MAX),
        (503, _) if word == Some(words::RATE_LIMITED) => (BREATH, TOLD_PAUSE_MAX),
        (403 | 429, _) | (_, Some(-1003)) => (REST, TOLD_PAUSE_MAX),
        _ => return None,
    };
    Some(answer.retry_after(most).unwrap_or(least))
}
