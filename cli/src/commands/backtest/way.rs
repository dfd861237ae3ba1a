//! How entries are carried out: with all cash, by a ladder of a file, or by the one that a strategy brings.

use super::{Chosen, refused, terms};
use crate::args::Played;
use crate::failure::Failure;
use backtest::{BadPlay, LadderTerms, Player, Terms, Way, brought};
use domain::ladder::LadderPlan;
use domain::market::{Filters, Maxima};
use domain::money::Quantity;
use std::fs;
use std::path::Path;
use strategies::{Built, Given};

/// The smallest price that a market has where nothing is said.
const PRICE_TICK: &str = "0.00000001";

/// What was asked for on the command line, for one strategy or for many.
pub(in crate::commands) struct Carried {
    terms: Terms,
    filters: Filters,
    /// The plan of a file.
    ladder: Option<LadderPlan>,
}

impl Carried {
    pub(in crate::commands) fn of(wanted: &Played) -> Result<Self, Failure> {
        let terms = terms(wanted)?;
        let ladder = wanted.ladder.as_deref().map(|file| ladder(wanted, file)).transpose()?;
        let tick = wanted.price_tick.as_deref().unwrap_or(PRICE_TICK);
        let least = wanted.notional_min.as_deref().unwrap_or("0");
        let filters = Filters {
            price_tick: tick.parse().map_err(|wrong| refused("--price-tick", &wrong))?,
            quantity_step: terms.quantity_step,
            quantity_min: Quantity::ZERO,
            notional_min: least.parse().map_err(|wrong| refused("--notional-min", &wrong))?,
            most: Maxima::default(),
        };
        Ok(Self { terms, filters, ladder })
    }

    /// Whoever plays what was chosen, with what was given by this option.
    pub(in crate::commands) fn player(
        &self,
        chosen: &Chosen,
        given: &[Given<'_>],
        by: &str,
    ) -> Result<Player<Built>, Failure> {
        let strategy = chosen.build(given, by)?;
        let plan = match &self.ladder {
            Some(plan) => Some(plan.clone()),
            None => {
                let plan = |parts| brought(&parts, self.filters, self.terms.fee);
                chosen.ladder(given, by)?.map(plan).transpose().map_err(|wrong| refused(by, &wrong))?
            }
        };
        let Terms { cash, slippage, latency, .. } = self.terms;
        let way = |plan| Way::Ladder(Box::new(plan), LadderTerms { cash, slippage, latency });
        Ok(Player { strategy, way: plan.map_or(Way::AllCash(self.terms), way) })
    }
}

/// The plan of a file, which says itself what else is said here.
fn ladder(wanted: &Played, file: &Path) -> Result<LadderPlan, Failure> {
    let said = [
        ("--fee-rate", &wanted.fee_rate),
        ("--quantity-step", &wanted.quantity_step),
        ("--price-tick", &wanted.price_tick),
        ("--notional-min", &wanted.notional_min),
    ];
    if let Some((name, _)) = said.into_iter().find(|(_, given)| given.is_some()) {
        return Err(Failure::input(format!("{name} must not stand beside --ladder: the plan says it")));
    }
    let name = format!("--ladder {}", file.display());
    let body = fs::read(file).map_err(|error| refused(&name, &error))?;
    wire::ladder::asked(&body).map_err(|wrong| refused(&name, &wrong))
}

/// What of the command line a run was refused for.
pub(in crate::commands) fn refused_by(wrong: &BadPlay) -> Failure {
    use backtest::BadLadderRun as Bad;
    match wrong {
        BadPlay::Plain(_) | BadPlay::Ladder(Bad::Bar { .. }) => refused("--candles", wrong),
        BadPlay::Ladder(Bad::Cash | Bad::Field(_) | Bad::NotPlayed(_)) => refused("--ladder", wrong),
    }
}
