//! How entries are carried out: with all cash, by a ladder that is given, or by the one that a strategy brings.

use crate::asked::{Asked, Refused, said};
use crate::chosen::Chosen;
use backtest::{BadPlay, Funding, LadderTerms, Player, Terms, Way, brought};
use domain::alert::Side;
use domain::ladder::LadderPlan;
use domain::market::{Filters, Leverage, Maxima};
use domain::money::{Amount, Decimal, Quantity, Rate};
use strategies::{Built, Given};

/// The smallest price that a market has where nothing is said.
const PRICE_TICK: &str = "0.00000001";
/// Bars that an order may need on its way.
const LATENCY_MAX: u32 = 100_000;

/// What was asked for, for one strategy or for many.
#[derive(Debug, Clone)]
pub struct Carried {
    terms: Terms,
    filters: Filters,
    /// The plan that is given.
    ladder: Option<LadderPlan>,
    leverage: Option<Leverage>,
    funding: Option<Funding>,
}

impl Carried {
    /// # Errors
    /// The option that cannot be used.
    pub fn of(asked: &Asked) -> Result<Self, Refused> {
        let terms = terms(asked)?;
        let ladder = asked.ladder.as_deref().map(|plan| ladder(asked, plan)).transpose()?;
        let finest = || PRICE_TICK.parse().map_err(|wrong| Refused::why("price_tick", &wrong));
        let filters = Filters {
            price_tick: terms.price_tick.map_or_else(finest, Ok)?,
            quantity_step: terms.quantity_step,
            quantity_min: Quantity::ZERO,
            notional_min: terms.notional_min,
            most: Maxima::default(),
        };
        let leverage = asked.leverage.as_deref().map(str::parse).transpose();
        let leverage = leverage.map_err(|wrong| Refused::why("leverage", &wrong))?;
        Ok(Self { terms, filters, ladder, leverage, funding: funding(asked)? })
    }

    /// Whoever plays what was chosen, with what was given by this option.
    ///
    /// # Errors
    /// The option that cannot be used.
    pub fn player(&self, chosen: &Chosen, given: &[Given<'_>], by: &'static str) -> Result<Player<Built>, Refused> {
        let strategy = chosen.build(given, by)?;
        let plan = match &self.ladder {
            Some(plan) => Some(plan.clone()),
            None => {
                let plan = |parts| brought(&parts, self.filters, self.terms.fee);
                chosen.ladder(given, by)?.map(plan).transpose().map_err(|wrong| Refused::why(by, &wrong))?
            }
        };
        let way = match plan {
            Some(plan) => self.laddered(plan, chosen.side(given, by)?)?,
            None => self.all_cash(chosen, given, by)?,
        };
        Ok(Player { strategy, way })
    }

    fn laddered(&self, plan: LadderPlan, entered: Side) -> Result<Way, Refused> {
        if plan.side != entered {
            let side = entered.as_str();
            let said = format!(": side must be {side}, which is the side that is entered");
            return Err(Refused { option: "ladder", said });
        }
        if plan.side == Side::Short && self.leverage.is_none() {
            return Err(Refused::rule("leverage", "must stand beside a ladder that is short: coins cannot be"));
        }
        let Terms { cash, slippage, latency, .. } = self.terms;
        let terms = LadderTerms { cash, slippage, latency, funding: self.funding.clone() };
        Ok(Way::Ladder(Box::new(LadderPlan { margin: self.leverage, ..plan }), terms))
    }

    fn all_cash(&self, chosen: &Chosen, given: &[Given<'_>], by: &'static str) -> Result<Way, Refused> {
        if self.leverage.is_some() {
            return Err(Refused::rule("leverage", "must stand beside --ladder, or a strategy that brings one"));
        }
        match chosen.side(given, by)? {
            Side::Long => Ok(Way::AllCash(self.terms)),
            Side::Short => {
                let rule = "must stand beside rules that are short, and --leverage: coins cannot be";
                Err(Refused::rule("ladder", rule))
            }
        }
    }
}

fn terms(asked: &Asked) -> Result<Terms, Refused> {
    let tick = asked.price_tick.as_deref().map(str::parse);
    let fee = said(asked.fee_rate.as_ref(), "0.001");
    let step = said(asked.quantity_step.as_ref(), "0.00000001");
    let least = said(asked.notional_min.as_ref(), "0");
    let terms = Terms {
        cash: said(asked.cash.as_ref(), "10000").parse().map_err(|wrong| Refused::why("cash", &wrong))?,
        fee: fee.parse().map_err(|wrong| Refused::why("fee_rate", &wrong))?,
        quantity_step: step.parse().map_err(|wrong| Refused::why("quantity_step", &wrong))?,
        price_tick: tick.transpose().map_err(|wrong| Refused::why("price_tick", &wrong))?,
        notional_min: least.parse().map_err(|wrong| Refused::why("notional_min", &wrong))?,
        slippage: slippage(said(asked.slippage_bps.as_ref(), "0"))?,
        latency: latency(said(asked.latency.as_ref(), "0"))?,
    };
    terms.check().map(|()| terms).map_err(|wrong| match wrong {
        backtest::BadTerms::Cash => Refused::rule("cash", "must be an amount above 0"),
        backtest::BadTerms::QuantityStep => Refused::rule("quantity_step", "must be above 0"),
    })
}

fn slippage(text: &str) -> Result<Rate, Refused> {
    let wrong = || Refused::rule("slippage_bps", "must be a number from 0 to below 10000, with 8 decimals at most");
    let share = text.parse::<Amount>().ok().and_then(|bps| bps.get().checked_div(Decimal::from(10_000)));
    share.filter(|share| share.scale() <= 12).and_then(|share| Rate::new(share).ok()).ok_or_else(wrong)
}

fn latency(text: &str) -> Result<u32, Refused> {
    let bars = text.parse().ok().filter(|bars| *bars <= LATENCY_MAX);
    bars.ok_or_else(|| Refused::rule("latency", format!("must be a whole number from 0 to {LATENCY_MAX}")))
}

/// A plan says itself what else is said beside it.
fn ladder(asked: &Asked, plan: &[u8]) -> Result<LadderPlan, Refused> {
    let said = [
        ("fee_rate", &asked.fee_rate),
        ("quantity_step", &asked.quantity_step),
        ("price_tick", &asked.price_tick),
        ("notional_min", &asked.notional_min),
    ];
    if let Some((name, _)) = said.into_iter().find(|(_, given)| given.is_some()) {
        return Err(Refused::rule(name, "must not stand beside --ladder: the plan says it"));
    }
    wire::ladder::asked(plan).map_err(|wrong| Refused::why("ladder", &wrong))
}

/// One rate, or those that there were.
fn funding(asked: &Asked) -> Result<Option<Funding>, Refused> {
    let (name, funding) = match (&asked.funding, &asked.funding_rate) {
        (None, None) => return Ok(None),
        (Some(recorded), _) => ("funding", recorded.clone()),
        (None, Some(rate)) => {
            let rate = rate.parse().map_err(|wrong| Refused::why("funding_rate", &wrong))?;
            ("funding_rate", Funding::same(rate).map_err(|wrong| Refused::rule("funding_rate", wrong))?)
        }
    };
    if asked.leverage.is_none() {
        return Err(Refused::rule(name, "must stand beside --leverage: it is paid for contracts"));
    }
    Ok(Some(funding))
}

/// What of what was asked for a run was refused for.
pub fn refused_by(wrong: &BadPlay) -> Refused {
    use backtest::BadLadderRun as Bad;
    match wrong {
        BadPlay::Plain(_) | BadPlay::Ladder(Bad::Bar { .. }) => Refused::why("candles", wrong),
        BadPlay::Ladder(Bad::Cash | Bad::Field(_) | Bad::NotPlayed(_)) => Refused::why("ladder", wrong),
    }
}
