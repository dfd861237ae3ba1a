//! Amounts that are written with a point, as whole units.

use domain::whale::{FeedFault, Listed, Units};

/// Of an amount without exponent: digits beyond those that the asset has are left out.
pub(super) fn units(of: &Listed, amount: &str) -> Result<Units, FeedFault> {
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    let places = usize::try_from(of.decimals).map_err(|_| FeedFault::Unreadable)?;
    let is_number =
        !whole.is_empty() && [whole, part].iter().all(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
    if !is_number {
        return Err(FeedFault::Unreadable);
    }
    let part: String = part.chars().chain(std::iter::repeat('0')).take(places).collect();
    let count = format!("{whole}{part}").parse().map_err(|_| FeedFault::Unreadable)?;
    Ok(Units { of: of.clone(), count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_digit_by_digit() {
        let of = Listed { asset: "USDC".parse().unwrap(), decimals: 6 };
        let count = |amount: &str| units(&of, amount).map(|units| units.count);
        assert_eq!(count("499999.8"), Ok(499_999_800_000));
        assert_eq!(count("500000"), Ok(500_000_000_000));
        assert_eq!(count("0.1234567"), Ok(123_456));
        for wrong in ["", ".5", "-1", "1e6", "1.2.3", "٣", &"9".repeat(60)] {
            assert_eq!(count(wrong), Err(FeedFault::Unreadable), "{wrong}");
        }
    }
}
