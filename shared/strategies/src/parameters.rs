//! What a strategy can be told, and what it was told.

use std::fmt;

/// One thing that a strategy can be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    pub name: &'static str,
    /// In one sentence.
    pub doc: &'static str,
    pub kind: Kind,
}

/// What a parameter may be, and is where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A whole number of bars.
    Whole {
        least: u32,
        most: u32,
        default: u32,
    },
    Number {
        least: f64,
        most: f64,
        default: f64,
    },
    /// One of these words; the first one where nothing is said.
    Choice(&'static [&'static str]),
}

/// What a parameter is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Whole(u32),
    Number(f64),
    Choice(&'static str),
}

/// A parameter as somebody has written it: its name and its value.
pub type Given<'a> = (&'a str, &'a str);

/// A value for each parameter of a strategy, every one within what is allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters(Vec<(&'static str, Value)>);

/// Two parameters of which the one must be below the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Below {
    pub name: &'static str,
    pub other: &'static str,
}

/// A parameter that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} {allowed}")]
pub struct BadParameter {
    pub name: String,
    /// What it must be, or that it is not known and which are.
    pub allowed: String,
}

impl Parameters {
    /// # Errors
    /// The first parameter that is not known, is given twice or is not what it must be.
    pub(crate) fn read(strategy: &str, known: &[Parameter], given: &[Given<'_>]) -> Result<Self, BadParameter> {
        for (index, (name, _)) in given.iter().enumerate() {
            if !known.iter().any(|parameter| parameter.name == *name) {
                let names: Vec<_> = known.iter().map(|parameter| parameter.name).collect();
                let allowed = format!("is not known to {strategy}: it has {}", names.join(", "));
                return Err(BadParameter { name: (*name).to_owned(), allowed });
            }
            if given.iter().take(index).any(|(other, _)| other == name) {
                return Err(BadParameter { name: (*name).to_owned(), allowed: "must be given once".to_owned() });
            }
        }
        let value = |parameter: &Parameter| {
            let text = given.iter().find(|(name, _)| *name == parameter.name).map(|(_, text)| *text);
            let value = text.map_or_else(|| Some(parameter.kind.default()), |text| parameter.kind.read(text));
            let wrong =
                || BadParameter { name: parameter.name.to_owned(), allowed: format!("must be {}", parameter.kind) };
            value.map(|value| (parameter.name, value)).ok_or_else(wrong)
        };
        known.iter().map(value).collect::<Result<_, _>>().map(Self)
    }

    /// Of values that were looked at.
    pub(crate) fn of(values: Vec<(&'static str, Value)>) -> Self {
        Self(values)
    }

    /// Every name with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Value)> {
        self.0.iter().copied()
    }

    fn get(&self, name: &str) -> Option<Value> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }

    /// A whole number; 0 where the strategy has no such parameter, which no indicator takes.
    pub(crate) fn whole(&self, name: &str) -> u32 {
        match self.get(name) {
            Some(Value::Whole(value)) => value,
            _ => 0,
        }
    }

    /// A number; none that compares where the strategy has no such parameter.
    pub(crate) fn number(&self, name: &str) -> f64 {
        match self.get(name) {
            Some(Value::Number(value)) => value,
            _ => f64::NAN,
        }
    }

    /// Whether this word was chosen.
    pub(crate) fn is(&self, name: &str, word: &str) -> bool {
        self.word(name) == Some(word)
    }

    /// The word that was chosen, where the strategy has such a parameter.
    pub(crate) fn word(&self, name: &str) -> Option<&'static str> {
        match self.get(name) {
            Some(Value::Choice(word)) => Some(word),
            _ => None,
        }
    }
}

impl Below {
    /// # Errors
    /// The one that is not below the other, which may have its default.
    pub(crate) fn check(&self, parameters: &Parameters) -> Result<(), BadParameter> {
        let [value, other] = [self.name, self.other].map(|name| parameters.get(name));
        let numbers = [&value, &other].map(|value| value.and_then(|value| value.number()));
        match (numbers, other) {
            ([Some(one), Some(most)], Some(other)) if one >= most => {
                let allowed = format!("must be below {}, which is {other}", self.other);
                Err(BadParameter { name: self.name.to_owned(), allowed })
            }
            _ => Ok(()),
        }
    }
}

/// As a sentence says it, without its end.
impl fmt::Display for Below {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` must be below `{}`", self.name, self.other)
    }
}

impl Value {
    /// What a number of either kind is.
    fn number(self) -> Option<f64> {
        match self {
            Self::Whole(value) => Some(value.into()),
            Self::Number(value) => Some(value),
            Self::Choice(_) => None,
        }
    }
}

impl Kind {
    /// The value where nothing is said.
    pub fn default(&self) -> Value {
        match self {
            Self::Whole { default, .. } => Value::Whole(*default),
            Self::Number { default, .. } => Value::Number(*default),
            Self::Choice(words) => Value::Choice(words.first().copied().unwrap_or_default()),
        }
    }

    /// The value as somebody has written it; none where that is not allowed.
    pub fn read(&self, text: &str) -> Option<Value> {
        match self {
            Self::Whole { least, most, .. } => {
                text.parse().ok().filter(|value| (least..=most).contains(&value)).map(Value::Whole)
            }
            Self::Number { least, most, .. } => {
                text.parse().ok().filter(|value| (least..=most).contains(&value)).map(Value::Number)
            }
            Self::Choice(words) => words.iter().find(|word| **word == text).map(|word| Value::Choice(word)),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole { least, most, .. } => write!(f, "a whole number from {least} to {most}"),
            Self::Number { least, most, .. } => write!(f, "a number from {least} to {most}"),
            Self::Choice(words) => f.write_str(&words.join(" or ")),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Choice(word) => f.write_str(word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Parameter] = &[
        Parameter { name: "period", doc: "", kind: Kind::Whole { least: 2, most: 100, default: 14 } },
        Parameter { name: "oversold", doc: "", kind: Kind::Number { least: 0.0, most: 100.0, default: 30.0 } },
        Parameter { name: "rsi", doc: "", kind: Kind::Choice(&["wilder", "simple"]) },
    ];

    #[test]
    fn what_is_not_said_has_its_default() {
        let parameters = Parameters::read("rsi_cross", KNOWN, &[("oversold", "25.5")]).unwrap();
        let values =
            [("period", Value::Whole(14)), ("oversold", Value::Number(25.5)), ("rsi", Value::Choice("wilder"))];
        assert_eq!(parameters.iter().collect::<Vec<_>>(), values);
        assert!(parameters.is("rsi", "wilder") && !parameters.is("rsi", "simple"));
    }

    #[test]
    fn what_cannot_be_used_is_named_with_what_is_allowed() {
        let check = |given: &[Given<'_>], expected: &str| {
            assert_eq!(Parameters::read("rsi_cross", KNOWN, given).unwrap_err().to_string(), expected);
        };
        for text in ["1", "101", "-14", "14.5", "", "99999999999999999999", "NaN", "fourteen"] {
            check(&[("period", text)], "period must be a whole number from 2 to 100");
        }
        for text in ["NaN", "inf", "-1", "1e300", "100.1", ""] {
            check(&[("oversold", text)], "oversold must be a number from 0 to 100");
        }
        check(&[("rsi", "Wilder")], "rsi must be wilder or simple");
        check(&[("length", "14")], "length is not known to rsi_cross: it has period, oversold, rsi");
        check(&[("period", "14"), ("period", "14")], "period must be given once");
    }
}
