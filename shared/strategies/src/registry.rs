//! Which strategies there are.

use crate::crossing::{Both, Crossings};
use crate::language::Ruled;
use crate::parameters::{BadParameter, Below, Given, Parameter, Parameters, Value};
use crate::rules::{self, Lines};
use crate::signal::Signal;
use crate::{Candle, Strategy};
use domain::preset::PlanParts;

/// A strategy that there is.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// As bots name it: `RSI_CROSS`.
    pub name: &'static str,
    /// As the command line names it: `rsi_cross`.
    pub offline_name: &'static str,
    /// When it enters and when it leaves, in one sentence.
    pub doc: &'static str,
    pub parameters: &'static [Parameter],
    /// What of its parameters contradicts others however well each is by itself.
    pub below: &'static [Below],
    pub(crate) build: fn(&Parameters) -> Result<Built, BadParameter>,
    /// The ladder of its entries, where it brings one.
    pub(crate) ladder: Option<Bring>,
}

/// How a strategy's parameters make the ladder that it brings.
pub(crate) type Bring = fn(&Parameters) -> Result<PlanParts, BadParameter>;

/// A strategy that was told its parameters and has seen no bar.
#[derive(Debug, Clone)]
pub struct Built(Logic);

#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "what is asked most lies in place")]
enum Logic {
    Crossings(Lines, Crossings),
    Rules(Box<Ruled>),
}

/// A name that no strategy has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be {}", names())]
pub struct UnknownStrategy;

/// All strategies, in the order in which they are offered.
pub fn all() -> &'static [Definition] {
    rules::ALL
}

/// The strategy of this name, which may be written as bots write it or as the command line does.
///
/// # Errors
/// [`UnknownStrategy`], which lists those that there are.
pub fn find(name: &str) -> Result<&'static Definition, UnknownStrategy> {
    let is_named = |one: &&Definition| one.name == name || one.offline_name == name;
    all().iter().find(is_named).ok_or(UnknownStrategy)
}

fn names() -> String {
    let names: Vec<_> = all().iter().map(|one| one.offline_name).collect();
    names.join(" or ")
}

impl Definition {
    /// Its parameters as somebody has written them; what is not said has its default.
    ///
    /// # Errors
    /// The first that cannot be used, or that contradicts another.
    pub fn read(&self, given: &[Given<'_>]) -> Result<Parameters, BadParameter> {
        let parameters = Parameters::read(self.offline_name, self.parameters, given)?;
        self.below.iter().try_for_each(|below| below.check(&parameters))?;
        Ok(parameters)
    }

    /// Whether each could be used beside some others: together they may contradict each other.
    ///
    /// # Errors
    /// The first that cannot be used.
    pub fn check_each(&self, given: &[Given<'_>]) -> Result<(), BadParameter> {
        Parameters::read(self.offline_name, self.parameters, given).map(drop)
    }

    /// When it enters and leaves, and which parameters must be below others.
    pub fn description(&self) -> String {
        let sentences = self.below.iter().map(|below| format!(" {below}."));
        std::iter::once(self.doc.to_owned()).chain(sentences).collect()
    }

    /// When it enters and leaves, and what stands in the places of the parameters, which must be of this one.
    pub fn sentences(&self, parameters: &Parameters) -> Vec<String> {
        let value = |(number, (name, value)): (usize, (&str, Value))| {
            let is = if number == 0 { "is " } else { "" };
            format!("`{name}` {is}{value}")
        };
        let values: Vec<String> = parameters.iter().enumerate().map(value).collect();
        let values = (!values.is_empty()).then(|| format!("{}.", values.join(", ")));
        std::iter::once(self.doc.to_owned()).chain(values).collect()
    }

    /// A strategy with these parameters, which must be of this one.
    ///
    /// # Errors
    /// A period that no indicator takes.
    pub fn build(&self, parameters: &Parameters) -> Result<Built, BadParameter> {
        (self.build)(parameters)
    }

    /// What of a plan its entries say themselves, as an alert does, where it brings a ladder: sizes are shares of the balance.
    /// The rest is said by whoever trades.
    ///
    /// # Errors
    /// A number that cannot be kept as a percentage, or sizes of which the least is nothing.
    pub fn ladder(&self, parameters: &Parameters) -> Result<Option<PlanParts>, BadParameter> {
        self.ladder.map(|bring| bring(parameters)).transpose()
    }
}

impl Built {
    pub(crate) fn new(lines: Lines, crossings: Crossings) -> Self {
        Self(Logic::Crossings(lines, crossings))
    }

    pub(crate) fn of_rules(ruled: Ruled) -> Self {
        Self(Logic::Rules(Box::new(ruled)))
    }
}

impl Strategy for Built {
    fn warm_up(&self) -> usize {
        match &self.0 {
            Logic::Crossings(_, crossings) => crossings.warm_up(),
            Logic::Rules(ruled) => ruled.warm_up(),
        }
    }

    #[inline]
    fn update(&mut self, candle: &Candle) -> Signal {
        match &mut self.0 {
            Logic::Crossings(lines, crossings) => {
                let now: Option<Both> = lines.update(candle);
                crossings.next(candle.time_ms, now)
            }
            Logic::Rules(ruled) => ruled.update(candle),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::Kind;

    #[test]
    fn a_strategy_is_found_by_both_of_its_names() {
        for definition in all() {
            assert_eq!(definition.name.to_lowercase(), definition.offline_name);
            assert_eq!(find(definition.name).unwrap().name, definition.name);
            assert_eq!(find(definition.offline_name).unwrap().name, definition.name);
        }
        assert!(find("nothing").unwrap_err().to_string().starts_with("must be rsi_cross or ema_cross"));
    }

    #[test]
    fn every_default_is_allowed_and_builds() {
        for definition in all() {
            for parameter in definition.parameters {
                let text = parameter.kind.default().to_string();
                assert_eq!(parameter.kind.read(&text), Some(parameter.kind.default()), "{parameter:?}");
                assert!(!parameter.doc.is_empty());
            }
            assert!(definition.build(&definition.read(&[]).unwrap()).is_ok(), "{}", definition.name);
        }
    }

    /// What leaves most room to a parameter that must be below another, or above it.
    fn beside(definition: &Definition, name: &str) -> Option<Given<'static>> {
        let room = |below: &Below| match name {
            _ if name == below.name => Some((below.other, "100")),
            _ if name == below.other => Some((below.name, "2")),
            _ => None,
        };
        definition.below.iter().find_map(room)
    }

    #[test]
    fn what_must_be_below_another_is_refused_from_there_on() {
        let check = |name: &str, given: &[Given<'_>], expected: &str| {
            let definition = find(name).unwrap();
            assert_eq!(definition.read(given).unwrap_err().to_string(), expected);
            assert!(definition.check_each(given).is_ok());
        };
        check("ema_cross", &[("fast", "200")], "fast must be below slow, which is 200");
        check("ema_cross", &[("slow", "50")], "fast must be below slow, which is 50");
        check("macd_cross", &[("slow", "12"), ("fast", "26")], "fast must be below slow, which is 12");
        let levels = [("oversold", "70.5"), ("overbought", "29.5")];
        check("rsi_cross", &levels, "oversold must be below overbought, which is 29.5");
        check("dca_ladder", &levels, "oversold must be below overbought, which is 29.5");
        check("dca_ladder", &[("oversold", "100")], "oversold must be below overbought, which is 100");
        for (name, given) in [("ema_cross", [("fast", "199")]), ("rsi_cross", [("oversold", "69.99")])] {
            assert!(find(name).unwrap().read(&given).is_ok(), "{name}");
        }
    }

    #[test]
    fn what_is_compared_is_a_number_that_the_strategy_has() {
        for definition in all() {
            for Below { name, other } in definition.below {
                let is_number = |name: &str| {
                    let known = definition.parameters.iter().find(|parameter| parameter.name == name);
                    known.is_some_and(|parameter| !matches!(parameter.kind, Kind::Choice(_)))
                };
                assert!(is_number(name) && is_number(other), "{}: {name} {other}", definition.name);
            }
        }
    }

    #[test]
    fn every_bound_builds() {
        for definition in all() {
            for parameter in definition.parameters {
                let bounds = match parameter.kind {
                    Kind::Whole { least, most, .. } => [least.to_string(), most.to_string()],
                    Kind::Number { least, most, .. } => [least.to_string(), most.to_string()],
                    Kind::Choice(words) => [words[0].to_owned(), words[words.len() - 1].to_owned()],
                };
                for bound in bounds {
                    let given =
                        std::iter::once((parameter.name, bound.as_str())).chain(beside(definition, parameter.name));
                    match definition.read(&given.collect::<Vec<_>>()) {
                        Ok(parameters) => {
                            assert!(definition.build(&parameters).is_ok(), "{} {parameter:?} {bound}", definition.name);
                        }
                        Err(wrong) => assert!(wrong.allowed.starts_with("must be below"), "{wrong}"),
                    }
                }
            }
        }
    }
}
