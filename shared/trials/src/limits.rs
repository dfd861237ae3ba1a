//! What an account lets in: its limits by their names, of which none is where nothing is said.

use crate::asked::Refused;
use domain::account::AccountLimits;
use domain::limits::OPEN_GROUPS_MAX;
use domain::market::Leverage;
use domain::money::{Amount, Decimal};

const NAMES: [&str; 5] = ["open_groups_max", "exposure_max", "order_quote_max", "day_loss_max", "leverage_max"];

/// # Errors
/// `limits`, with the name of the one that is not known, or is none.
pub(crate) fn limits(given: &[(String, String)]) -> Result<Option<AccountLimits>, Refused> {
    if given.is_empty() {
        return Ok(None);
    }
    let most = Leverage::new(Leverage::MAX).map_err(|wrong| Refused::why("limits", &wrong))?;
    let much = Amount::new(Decimal::MAX).map_err(|wrong| Refused::why("limits", &wrong))?;
    let mut limits = AccountLimits {
        open_groups_max: OPEN_GROUPS_MAX,
        exposure_max: much,
        order_quote_max: much,
        day_loss_max: much,
        leverage_max: most,
    };
    for (name, text) in given {
        match name.as_str() {
            "open_groups_max" => limits.open_groups_max = groups(text)?,
            "exposure_max" => limits.exposure_max = amount(name, text)?,
            "order_quote_max" => limits.order_quote_max = amount(name, text)?,
            "day_loss_max" => limits.day_loss_max = amount(name, text)?,
            "leverage_max" => limits.leverage_max = leverage(text)?,
            unknown => return Err(wrong(unknown, format!("is not known here: {} are", NAMES.join(", ")))),
        }
    }
    Ok(Some(limits))
}

fn wrong(name: &str, rule: impl std::fmt::Display) -> Refused {
    Refused::why("limits", &format!("{name} {rule}"))
}

fn groups(text: &str) -> Result<u32, Refused> {
    let groups = text.parse().ok().filter(|groups| *groups <= OPEN_GROUPS_MAX);
    groups.ok_or_else(|| wrong("open_groups_max", format!("must be a whole number from 0 to {OPEN_GROUPS_MAX}")))
}

/// Nothing at all is a limit too.
fn amount(name: &str, text: &str) -> Result<Amount, Refused> {
    let amount = text.parse::<Amount>().ok().filter(|amount| !amount.is_negative());
    amount.ok_or_else(|| wrong(name, "must be a decimal of 0 or more"))
}

fn leverage(text: &str) -> Result<Leverage, Refused> {
    let leverage = text.parse().ok().and_then(|times| Leverage::new(times).ok());
    leverage.ok_or_else(|| wrong("leverage_max", format!("must be a whole number from 1 to {}", Leverage::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &[(&str, &str)]) -> Result<Option<AccountLimits>, String> {
        let given: Vec<_> = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        limits(&given).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn what_is_not_said_limits_nothing() {
        assert_eq!(read(&[]), Ok(None));
        let limits = read(&[("day_loss_max", "50"), ("open_groups_max", "0")]).unwrap().unwrap();
        assert_eq!((limits.day_loss_max, limits.open_groups_max), ("50".parse().unwrap(), 0));
        assert!(limits.exposure_max > "999999999999999".parse().unwrap());
        assert_eq!(limits.leverage_max.get(), Leverage::MAX);
    }

    #[test]
    fn what_is_none_is_named() {
        for (name, value, begin) in [
            ("trades_per_day_max", "5", "limits: trades_per_day_max is not known here"),
            ("day_loss_max", "-1", "limits: day_loss_max must be"),
            ("leverage_max", "0", "limits: leverage_max must be"),
            ("open_groups_max", "1001", "limits: open_groups_max must be"),
        ] {
            let wrong = read(&[(name, value)]).unwrap_err();
            assert!(wrong.starts_with(begin), "{wrong}");
        }
    }
}
