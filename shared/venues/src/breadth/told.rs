//! What an exchange has answered, as the library takes it, and numbers as it tells them.

use crate::native::Answer;
use ccxt_base::Value;
use domain::money::Amount;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, de};
use wire::text::AsText;

/// An answer in the library's own values.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) url: Value,
    pub(super) method: Value,
    pub(super) headers: Value,
    pub(super) body: Value,
    pub(super) json: Value,
}

impl Told {
    /// None where its body is no JSON, and so no answer of the exchange's own.
    pub(super) fn of(answer: &Answer, method: &'static str, url: &str) -> Option<Self> {
        let json: serde_json::Value = answer.json()?;
        let headers = answer
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), Value::from(value.to_str().ok()?.to_owned()))));
        Some(Self {
            status: answer.status,
            url: Value::from(url.to_owned()),
            method: Value::from(method),
            headers: Value::Map(headers.collect()),
            body: Value::from(String::from_utf8_lossy(&answer.body).into_owned()),
            json: Value::from(json),
        })
    }
}

/// Digits that a double keeps of any decimal. The library's numbers are doubles: what has more may not be what was told.
const EXACT_DIGITS_MAX: usize = 15;
/// Digits behind the point of what is known but for its last ones.
const ABOUT_SCALE: u32 = 12;

/// A number of the library, as the decimal that was told.
///
/// The shortest decimal that is the same double is the one it was read from, as long as that had no more than fifteen
/// digits (DBL_DIG, ISO C 5.2.4.2.2). One with more is refused, whatever it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exact<T>(pub(super) T);

impl<'de, T: AsText> Deserialize<'de> for Exact<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Number(number) => exactly(&number.to_string()),
            serde_json::Value::String(text) => Some(text),
            _ => None,
        };
        let value = text.and_then(|text| T::of_text(&text).ok());
        value.map(Self).ok_or_else(|| de::Error::custom("a number that cannot be kept exactly"))
    }
}

/// An amount of which the first digits are enough: what an account has of an asset, dust and debts of others beside it. What a
/// double may not keep is cut off, so that it is never more than is there; a debt is less than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct About(pub(super) Amount);

impl<'de> Deserialize<'de> for About {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let about = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Number(number) => about(&number.to_string()),
            _ => None,
        };
        about.map(Self).ok_or_else(|| de::Error::custom("a number that cannot be kept"))
    }
}

/// A fee: exactly where its decimal is sure, else a last digit more, so that no more is taken to be there than is. A product of
/// price, quantity and rate has often more digits than a double keeps; a fill is not to be dropped for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AtMost(pub(super) Amount);

impl<'de> Deserialize<'de> for AtMost {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told = serde_json::Value::deserialize(deserializer)?;
        if let Ok(Exact(exact)) = serde_json::from_value::<Exact<Amount>>(told.clone()) {
            return Ok(Self(exact));
        }
        let most = if let serde_json::Value::Number(number) = told { at_most(&number.to_string()) } else { None };
        most.map(Self).ok_or_else(|| de::Error::custom("a fee that cannot be kept"))
    }
}

fn at_most(told: &str) -> Option<Amount> {
    let value = Decimal::from_str_exact(told).or_else(|_| Decimal::from_scientific(told)).ok()?;
    let digits = u32::try_from(EXACT_DIGITS_MAX).ok()?;
    let most = value.round_sf_with_strategy(digits, RoundingStrategy::ToPositiveInfinity)?;
    let most = most.round_dp_with_strategy(ABOUT_SCALE, RoundingStrategy::ToPositiveInfinity);
    Amount::of_text(&most.normalize().to_string()).ok()
}

fn about(told: &str) -> Option<Amount> {
    let value = Decimal::from_str_exact(told).or_else(|_| Decimal::from_scientific(told)).ok()?;
    let digits = u32::try_from(EXACT_DIGITS_MAX).ok()?;
    let cut = value.round_sf_with_strategy(digits, RoundingStrategy::ToNegativeInfinity)?;
    cut.round_dp_with_strategy(ABOUT_SCALE, RoundingStrategy::ToNegativeInfinity).to_string().parse().ok()
}

/// The shortest text of a double, without exponent; none where it has more digits than are sure.
fn exactly(shortest: &str) -> Option<String> {
    let value = Decimal::from_str_exact(shortest).or_else(|_| Decimal::from_scientific(shortest)).ok()?.normalize();
    let digits = value.mantissa().unsigned_abs().to_string();
    (digits.trim_end_matches('0').len() <= EXACT_DIGITS_MAX).then(|| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::money::Quantity;

    fn check(told: &str, read: Option<&str>) {
        let exact: Option<Exact<Quantity>> = serde_json::from_str(told).ok();
        assert_eq!(exact.map(|Exact(value)| value.to_string()).as_deref(), read, "{told}");
    }

    #[test]
    fn a_fee_is_never_told_as_less_than_it_was() {
        let check = |told: &str, read: &str| {
            let AtMost(fee) = serde_json::from_str(told).unwrap();
            assert_eq!(fee.to_string(), read, "{told}");
        };
        check("0.0008904111111", "0.0008904111111");
        check("0.00089041095123456789", "0.000890410952");
        check("12345678.123456789", "12345678.1234568");
        check("-0.00001", "-0.00001");
        check("\"0.1\"", "0.1");
    }

    #[test]
    fn a_double_is_the_decimal_that_it_was_read_from_or_nothing() {
        check("0.012345", Some("0.012345"));
        check("1e-8", Some("0.00000001"));
        check("1234567.12345678", Some("1234567.12345678"));
        check("123456789012345.0", Some("123456789012345"));
        check("\"12345678.123456789012\"", Some("12345678.123456789012"));
        check("9007199254740993", None);
        check("1234567.123456789", None);
        check("0.30000000000000004", None);
        check("0.0000000000001", Some("0.0000000000001"));
        check("-0.5", None);
        check("null", None);
    }

    #[test]
    fn what_is_free_of_an_account_of_contracts_is_known_but_for_its_last_digits() {
        let about = |told: &str| serde_json::from_str::<About>(told).ok().map(|About(value)| value.to_string());
        assert_eq!(about("4834.317093622894").as_deref(), Some("4834.31709362289"));
        assert_eq!(about("0.12345678901234567").as_deref(), Some("0.123456789012"));
        assert_eq!(about("1000").as_deref(), Some("1000"));
        assert_eq!(about("-12.5").as_deref(), Some("-12.5"));
        assert_eq!(about("1e-8").as_deref(), Some("0.00000001"));
        assert_eq!(about("\"12\""), None);
    }
}
