//! What exchanges say of an order that is too large or too little for them, by their own numbers: what is too large is sold in
//! several, what is too little is dust, so that neither may be a no of many.
//!
//! 1. A number is looked at behind the exchange's name alone: another may have the same for something else.
//! 2. Numbers are those that the exchanges publish, and that the library has in its tables. Where one number holds whatever is
//!    wrong with a request (Bybit's 10001, KuCoin's 400100), the text beside it is looked at.

use crate::native::words;
use ccxt_base::ExchangeError;
use domain::reason::Reason;

const TOO_MUCH: Reason = words::ABOVE_QUANTITY_MAX;
const WORTH_TOO_MUCH: Reason = words::ABOVE_NOTIONAL_MAX;
const TOO_LITTLE: Reason = words::BELOW_QUANTITY_MIN;
const WORTH_TOO_LITTLE: Reason = words::BELOW_NOTIONAL_MIN;
const OFF_STEP: Reason = words::OFF_QUANTITY_STEP;

const BYBIT: [(&str, Reason); 15] = [
    ("170124", WORTH_TOO_MUCH),
    ("170135", TOO_MUCH),
    ("170341", TOO_MUCH),
    ("170381", TOO_MUCH),
    ("170382", TOO_MUCH),
    // Too large for what stands in the book, bought and sold; then the same of leveraged tokens.
    ("170197", TOO_MUCH),
    ("170198", TOO_MUCH),
    ("170199", TOO_MUCH),
    ("170200", TOO_MUCH),
    ("170229", TOO_MUCH),
    ("170136", TOO_LITTLE),
    ("170140", WORTH_TOO_LITTLE),
    ("110094", WORTH_TOO_LITTLE),
    ("170137", OFF_STEP),
    ("170148", OFF_STEP),
];
const OKX: [(&str, Reason); 12] = [
    ("51005", TOO_MUCH),
    ("51101", TOO_MUCH),
    ("51108", TOO_MUCH),
    ("51202", TOO_MUCH),
    ("51203", TOO_MUCH),
    ("51207", TOO_MUCH),
    ("51185", WORTH_TOO_MUCH),
    ("51201", WORTH_TOO_MUCH),
    ("51007", TOO_LITTLE),
    ("51020", TOO_LITTLE),
    ("51120", TOO_LITTLE),
    ("51121", OFF_STEP),
];
const KUCOIN: [(&str, Reason); 2] = [("126003", WORTH_TOO_LITTLE), ("600101", WORTH_TOO_LITTLE)];
const BITGET: [(&str, Reason); 11] = [
    ("43007", TOO_MUCH),
    ("45103", TOO_MUCH),
    ("45104", TOO_MUCH),
    ("45112", TOO_MUCH),
    ("45113", WORTH_TOO_MUCH),
    ("43006", TOO_LITTLE),
    ("45111", TOO_LITTLE),
    ("45114", TOO_LITTLE),
    ("43010", WORTH_TOO_LITTLE),
    ("43027", WORTH_TOO_LITTLE),
    ("45110", WORTH_TOO_LITTLE),
];

/// In small letters, of contracts: their numbers say no more than that something is wrong.
const BYBIT_SAYS: [(&str, Reason); 2] =
    [("exceeds maximum limit allowed", TOO_MUCH), ("exceeds minimum limit allowed", TOO_LITTLE)];
/// Of a maximum nothing is published: it would be said in the words of a minimum.
const KUCOIN_SAYS: [(&str, Reason); 6] = [
    ("size below the minimum", TOO_LITTLE),
    ("quantity is below the minimum", TOO_LITTLE),
    ("funds below the minimum", WORTH_TOO_LITTLE),
    ("size above the maximum", TOO_MUCH),
    ("quantity is above the maximum", TOO_MUCH),
    ("size increment invalid", OFF_STEP),
];

/// Before the number, the narrower first: OKX has one for the order in the answer to the request.
const NUMBERS: [&str; 3] = [r#""sCode":""#, r#""retCode":"#, r#""code":""#];

/// The word for what is wrong with an order's size; none where nothing is said of it.
pub(super) fn word(error: &ExchangeError) -> Option<Reason> {
    let (exchange, said) = error.message.split_once(' ')?;
    let (numbers, texts): (&[_], &[_]) = match exchange {
        "bybit" => (&BYBIT, &BYBIT_SAYS),
        "okx" => (&OKX, &[]),
        "kucoin" => (&KUCOIN, &KUCOIN_SAYS),
        "bitget" => (&BITGET, &[]),
        _ => return None,
    };
    let by_number = || numbers.iter().find(|(number, _)| says(said, number));
    let in_small = said.to_lowercase();
    let by_text = || texts.iter().find(|(text, _)| in_small.contains(text));
    by_number().or_else(by_text).map(|(_, word)| *word)
}

/// Whether an exchange has said this number of its own.
pub(super) fn says(said: &str, number: &str) -> bool {
    NUMBERS.iter().any(|before| has(said, before, number))
}

/// Whether this number, and no longer one, stands behind these words.
fn has(said: &str, before: &str, number: &str) -> bool {
    let behind = said.split(before).skip(1);
    behind.filter_map(|behind| behind.strip_prefix(number)).any(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_an_exchanges_own_and_whole() {
        let check = |message: &str, expected: Option<Reason>| {
            assert_eq!(word(&ExchangeError::new("InvalidOrder", message)), expected, "{message}");
        };
        check(r#"bybit {"retCode":170136,"retMsg":""}"#, Some(TOO_LITTLE));
        check(r#"okx {"retCode":170136,"retMsg":""}"#, None);
        check(r#"bybit {"retCode":1701360,"retMsg":""}"#, None);
        check(r#"okx {"code":"1","data":[{"sCode":"51020"}]}"#, Some(TOO_LITTLE));
        check(r#"okx {"code":"1","data":[{"sCode":"51008","sMsg":"51020"}]}"#, None);
        check(r#"gate {"code":"45110"}"#, None);
        check("nothing", None);
    }
}
