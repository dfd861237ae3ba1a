//! Strategies as bots know them.

use crate::parameters::{BadParameter, Given};
use crate::registry::{Definition, find};
use crate::signal::{Action, Signal};
use crate::{Built, Candle, Strategy as _};
use domain::bot::{BadTerm, Confidence, Deed, Said, Strategies, Strategy};
use domain::market;
use indicators::Bar;
use std::collections::BTreeMap;

/// All strategies that there are. A candle whose prices none of them takes is heard by none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Registry;

impl Strategies for Registry {
    fn read(&self, name: &str, given: &BTreeMap<String, String>) -> Result<Strategy, BadTerm> {
        let definition = definition(name)?;
        let given: Vec<Given<'_>> = given.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let parameters = definition.read(&given).map_err(parameter)?;
        definition.build(&parameters).map_err(parameter)?;
        if definition.ladder(&parameters).map_err(parameter)?.is_some() {
            return Err(BadTerm { field: "strategy".to_owned(), allowed: BRINGS_ORDERS.to_owned() });
        }
        let parameters = parameters.iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect();
        Ok(Strategy { name: definition.name.to_owned(), parameters })
    }

    fn warm_up(&self, strategy: &Strategy) -> Result<usize, BadTerm> {
        Ok(built(strategy)?.warm_up())
    }

    fn replay(&self, strategy: &Strategy, candles: &[market::Candle]) -> Result<Vec<Said>, BadTerm> {
        let mut built = built(strategy)?;
        Ok(candles
            .iter()
            .map(|candle| told(candle).map_or_else(unheard, |candle| said(&built.update(&candle))))
            .collect())
    }
}

const BRINGS_ORDERS: &str =
    "brings a ladder of its own, and a bot's is that of its plan: choose one that says when alone";

fn definition(name: &str) -> Result<&'static Definition, BadTerm> {
    find(name).map_err(|unknown| BadTerm { field: "strategy".to_owned(), allowed: unknown.to_string() })
}

fn built(strategy: &Strategy) -> Result<Built, BadTerm> {
    let definition = definition(&strategy.name)?;
    let given: Vec<Given<'_>> =
        strategy.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let parameters = definition.read(&given).map_err(parameter)?;
    definition.build(&parameters).map_err(parameter)
}

fn parameter(wrong: BadParameter) -> BadTerm {
    BadTerm { field: format!("parameters.{}", wrong.name), allowed: wrong.allowed }
}

/// In doubles; none of prices that indicators do not take.
fn told(candle: &market::Candle) -> Option<Candle> {
    let bar = candle.bar;
    let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(|price| number(&price.to_string()));
    let volume = number(&candle.volume.to_string())?;
    Some(Candle { time_ms: bar.opens_at.millis(), bar: Bar::new(open?, high?, low?, close?, volume).ok()? })
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

fn said(signal: &Signal) -> Said {
    let deed = match signal.action {
        Action::Enter(side) => Some(Deed::Enter(side)),
        Action::Exit => Some(Deed::Exit),
        Action::Hold => None,
    };
    Said { deed, confidence: Confidence::of(signal.confidence()), reason: signal.reason() }
}

fn unheard() -> Said {
    let reason = "its prices are beyond what indicators are reckoned of".to_owned();
    Said { deed: None, confidence: Confidence::ZERO, reason }
}
