//! How entries are carried out: with all cash, by a ladder of a file, or by the one that a strategy brings.

use super::{Chosen, funding, refused, terms};
use crate::args::Played;
use crate::failure::Failure;
use backtest::{BadPlay, Funding, LadderTerms, Player, Terms, Way, brought};
use domain::alert::Side;
use domain::ladder::LadderPlan;
use domain::market::{Filters, Leverage, Maxima};
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
    leverage: Option<Leverage>,
    funding: Option<Funding>,
}

impl Carried {
    pub(in crate::commands) fn of(wanted: &Played) -> Result<Self, Failure> {
        let terms = terms(wanted)?;
        let ladder = wanted.ladder.as_deref().map(|file| ladder(wanted, file)).transpose()?;
        let finest = || PRICE_TICK.parse().map_err(|wrong| refused("--price-tick", &wrong));
        let filters = Filters {
            price_tick: terms.price_tick.map_or_else(finest, Ok)?,
            quantity_step: terms.quantity_step,
            quantity_min: Quantity::ZERO,
            notional_min: terms.notional_min,
            most: Maxima::default(),
        };
        let leverage = wanted.leverage.as_deref().map(str::parse).transpose();
        let leverage = leverage.map_err(|wrong| refused("--leverage", &wrong))?;
        Ok(Self { terms, filters, ladder, leverage, funding: funding::of(wanted)? })
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
        let way = match plan {
            Some(plan) => self.laddered(plan, chosen.side(given, by)?)?,
            None => self.all_cash(chosen, given, by)?,
        };
        Ok(Player { strategy, way })
    }

    fn laddered(&self, plan: LadderPlan, entered: Side) -> Result<Way, Failure> {
        if plan.side != entered {
            let side = entered.as_str();
            return Err(Failure::input(format!("--ladder: side must be {side}, which is the side that is entered")));
        }
        if plan.side == Side::Short && self.leverage.is_none() {
            return Err(Failure::input("--leverage must stand beside a ladder that is short: coins cannot be"));
        }
        let Terms { cash, slippage, latency, .. } = self.terms;
        let terms = LadderTerms { cash, slippage, latency, funding: self.funding.clone() };
        Ok(Way::Ladder(Box::new(LadderPlan { margin: self.leverage, ..plan }), terms))
    }

    fn all_cash(&self, chosen: &Chosen, given: &[Given<'_>], by: &str) -> Result<Way, Failure> {
        if self.leverage.is_some() {
            return Err(Failure::input("--leverage must stand beside --ladder, or a strategy that brings one"));
        }
        match chosen.side(given, by)? {
            Side::Long => Ok(Way::AllCash(self.terms)),
            Side::Short => {
                Err(Failure::input("--ladder must stand beside rules that are short, and --leverage: coins cannot be"))
            }
        }
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
