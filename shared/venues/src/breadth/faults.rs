//! What exchanges say is wrong with a key, by their own numbers and words: where a key is refused for the address that it is used
//! from, the library has the class of a key that is not known, or of one that lacks a right, and each has another cure. So it has of
//! KuCoin's keys that lack a right, and of Bybit's that have ended.
//!
//! 1. A number is looked at behind the exchange's name alone, as of sizes.
//! 2. Words are looked at only of what the library takes for a refusal of the key: others count requests by address too.

use super::sizes::says;
use ccxt_base::ExchangeError;
use domain::vault::KeyFault;

const ADDRESS: KeyFault = KeyFault::AddressRefused;
const BYBIT: [(&str, KeyFault); 2] = [("10010", ADDRESS), ("33004", KeyFault::Expired)];
const OKX: [(&str, KeyFault); 1] = [("50110", ADDRESS)];
const KUCOIN: [(&str, KeyFault); 2] = [("400006", ADDRESS), ("400007", KeyFault::CannotTrade)];
const BITGET: [(&str, KeyFault); 1] = [("40018", ADDRESS)];

/// Bybit's ban of an address, which the library takes for a bad key: nothing is wrong with any.
const BAN: &str = "10009";

/// In small letters: what those say that have Binance's numbers.
const ANY_OF_THEM: &str = "api-key, ip, or permissions";

/// What is wrong with the key; none where only the library's class tells.
pub(super) fn of(error: &ExchangeError) -> Option<KeyFault> {
    let (exchange, said) = error.message.split_once(' ')?;
    let numbers: &[_] = match exchange {
        "bybit" | "bybiteu" | "bybitid" => &BYBIT,
        "okx" | "myokx" | "okxus" => &OKX,
        "kucoin" => &KUCOIN,
        "bitget" => &BITGET,
        _ => &[],
    };
    let by_number = numbers.iter().find(|(number, _)| says(said, number)).map(|(_, fault)| *fault);
    by_number.or_else(|| by_words(error, &said.to_lowercase()))
}

/// Whether an address is kept out, whoever's key it used.
pub(super) fn is_ban(error: &ExchangeError) -> bool {
    error.message.split_once(' ').is_some_and(|(exchange, said)| exchange.starts_with("bybit") && says(said, BAN))
}

fn by_words(error: &ExchangeError, said: &str) -> Option<KeyFault> {
    if !error.is("PermissionDenied") && !error.is("AuthenticationError") {
        return None;
    }
    if said.contains(ANY_OF_THEM) {
        return Some(KeyFault::KeyOrAddress);
    }
    said.split(|c: char| !c.is_alphanumeric()).any(|word| word == "ip").then_some(ADDRESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_about_an_address_are_whole_and_of_a_key_that_is_refused() {
        let check = |class: &str, message: &str, expected: Option<KeyFault>| {
            assert_eq!(of(&ExchangeError::new(class, message)), expected, "{message}");
        };
        check(
            "AuthenticationError",
            r#"gate {"label":"IP_FORBIDDEN","message":"Request IP not in whitelist"}"#,
            Some(ADDRESS),
        );
        check(
            "PermissionDenied",
            r#"bingx {"code":100419,"msg":"your current request IP does not match"}"#,
            Some(ADDRESS),
        );
        check(
            "AuthenticationError",
            r#"gate {"label":"INVALID_KEY","message":"Invalid key, see the description"}"#,
            None,
        );
        check("RateLimitExceeded", r#"gate {"message":"too many requests of this IP"}"#, None);
        check("PermissionDenied", r#"okx {"code":"50120","msg":"This API key doesn't have permission"}"#, None);
        let any = r#"coinsph {"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}"#;
        check("AuthenticationError", any, Some(KeyFault::KeyOrAddress));
        check("InvalidOrder", any, None);
    }
}
