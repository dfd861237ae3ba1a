//! The values of a parameter that are tried.

use crate::asked::Refused;
use crate::chosen::Chosen;
use rust_decimal::Decimal;
use strategies::Given;

/// Values of one parameter, at most.
const VALUES_MAX: usize = 10_000;

/// A parameter with all its values, each of which is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    pub name: String,
    pub values: Vec<String>,
}

impl Values {
    /// `FROM:TO:STEP`, or `A,B`, beside what is fixed.
    ///
    /// # Errors
    /// `try`, which is named as `shown`.
    pub fn read(chosen: &Chosen, fixed: &[Given<'_>], name: &str, text: &str, shown: &str) -> Result<Self, Refused> {
        let wrong = || {
            let allowed = "must be NAME=FROM:TO:STEP, with a step above 0 and at most 10000 values, or NAME=A,B";
            Refused::rule("try", format!("{} {allowed}", shown.escape_debug()))
        };
        let values = match text.split(':').collect::<Vec<_>>()[..] {
            [list] => list.split(',').map(str::to_owned).collect(),
            [from, to, step] => span(from, to, step).ok_or_else(wrong)?,
            _ => return Err(wrong()),
        };
        if values.len() > VALUES_MAX {
            return Err(wrong());
        }
        for value in &values {
            let given = [fixed, &[(name, value.as_str())]].concat();
            chosen.check_each(&given, "try")?;
        }
        Ok(Self { name: name.to_owned(), values })
    }
}

/// From one to the other, both included where the steps end there; exact, so that 0.1 three times is 0.3.
fn span(from: &str, to: &str, step: &str) -> Option<Vec<String>> {
    let number = |text: &str| text.parse::<Decimal>().ok();
    let (from, to, step) = (number(from)?, number(to)?, number(step)?);
    if step <= Decimal::ZERO || to < from {
        return None;
    }
    let next = |value: &Decimal| value.checked_add(step).filter(|next| *next <= to);
    let values = std::iter::successors(Some(from), next).take(VALUES_MAX.saturating_add(1));
    Some(values.map(|value| value.normalize().to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_holds_its_ends_where_the_steps_meet_them() {
        let check = |[from, to, step]: [&str; 3], expected: Option<&[&str]>| {
            let expected = expected.map(|values| values.iter().map(|value| (*value).to_owned()).collect());
            assert_eq!(span(from, to, step), expected);
        };
        check(["5", "9", "2"], Some(&["5", "7", "9"]));
        check(["0.1", "0.35", "0.1"], Some(&["0.1", "0.2", "0.3"]));
        check(["5", "5", "1"], Some(&["5"]));
        check(["5", "4", "1"], None);
        check(["5", "9", "0"], None);
        check(["5", "9", "NaN"], None);
        assert_eq!(span("0", "1000000", "1").unwrap().len(), VALUES_MAX + 1);
    }
}
