//! How entries are carried out: with all cash, by a ladder that is given, by a bot's plan, or by the ladder that a strategy brings.

use crate::asked::{Asked, Refused, said};
use crate::chosen::Chosen;
use crate::limits::limits;
use crate::market;
use crate::own::Own;
use backtest::{
    BadPlay, BotTerms, Funding, LadderTerms, MarketTerms, Player, Terms, Way, brought, check_ladder, ladder_of,
};
use domain::account::AccountLimits;
use domain::alert::Side;
use domain::bot::Confidence;
use domain::ladder::LadderPlan;
use domain::market::Leverage;
use domain::money::{Amount, Decimal, Rate};
use domain::preset::{AskedPlan, PlanParts};
use strategies::{Built, Given};

/// Bars that an order may need on its way.
const LATENCY_MAX: u32 = 100_000;

/// What was asked for, for one strategy or for many.
#[derive(Debug, Clone)]
pub struct Carried {
    terms: Terms,
    market: MarketTerms,
    /// The plan that is given.
    ladder: Option<LadderPlan>,
    /// A bot's.
    own: Option<Own>,
    confidence_min: Option<Confidence>,
    limits: Option<AccountLimits>,
    leverage: Option<Leverage>,
    /// With the option that says it.
    funding: Option<(&'static str, Funding)>,
}

/// A ladder, and what else is asked of whoever trades it.
struct Planned {
    ladder: LadderPlan,
    bot: BotTerms,
    /// The option that says it.
    by: &'static str,
}

impl Carried {
    /// # Errors
    /// The option that cannot be used.
    pub fn of(asked: &Asked) -> Result<Self, Refused> {
        let ladder = asked.ladder.as_deref().map(|plan| ladder(asked, plan)).transpose()?;
        let (market, tick) = market::market(asked)?;
        let limits = limits(&asked.limits)?;
        let leverage = asked.leverage.as_deref().map(str::parse).transpose();
        let leverage = leverage.map_err(|wrong| Refused::why("leverage", &wrong))?;
        let most = market.filters.most.market;
        let terms = Terms { price_tick: tick, quantity_max: most, limits, ..terms(asked, &market)? };
        Ok(Self {
            terms,
            market,
            own: asked.plan.as_deref().map(|plan| Own::read(plan, ladder.is_some())).transpose()?,
            ladder,
            confidence_min: market::option(asked.confidence_min.as_ref(), "confidence_min")?,
            limits,
            leverage,
            funding: funding(asked)?,
        })
    }

    /// Whoever plays what was chosen, with what was given by this option.
    ///
    /// # Errors
    /// The option that cannot be used.
    pub fn player(&self, chosen: &Chosen, given: &[Given<'_>], by: &'static str) -> Result<Player<Built>, Refused> {
        let strategy = chosen.build(given, by)?;
        let brings = chosen.ladder(given, by)?;
        let side = chosen.side(given, by)?;
        let way = match self.planned(brings.as_ref(), side, by)? {
            Some(planned) => self.laddered(planned, side)?,
            None => self.all_cash(side)?,
        };
        Ok(Player { strategy, way, confidence_min: self.confidence_min })
    }

    /// Where a ladder is given, that one; else a bot's plan, over which its strategy's ladder stands.
    fn planned(&self, brings: Option<&PlanParts>, side: Side, by: &'static str) -> Result<Option<Planned>, Refused> {
        let brings = brings.filter(|_| self.ladder.is_none());
        let own = self.own.as_ref().map(|own| own.plan(brings)).transpose()?;
        let (ladder, by) = match (&self.ladder, &own, brings) {
            (Some(ladder), _, _) => (ladder.clone(), "ladder"),
            (None, Some(plan), _) => {
                (ladder_of(plan, side, self.market).map_err(|wrong| Refused::why("plan", &wrong))?, "plan")
            }
            (None, None, Some(parts)) => (brought(parts, self.market).map_err(|wrong| Refused::why(by, &wrong))?, by),
            (None, None, None) => return Ok(None),
        };
        let margin = self.margin(own.as_ref())?;
        let rules = own.as_ref().map(|plan| plan.rules).unwrap_or_default();
        let bot = BotTerms { time_limit: own.and_then(|plan| plan.time_limit), rules, limits: self.limits };
        Ok(Some(Planned { ladder: LadderPlan { margin, ..ladder }, bot, by }))
    }

    /// What is lent for contracts, which a plan may say as well.
    fn margin(&self, own: Option<&AskedPlan>) -> Result<Option<Leverage>, Refused> {
        let own = own.map(|plan| plan.leverage).filter(|leverage| *leverage > Leverage::ONE);
        match (self.leverage, own) {
            (Some(leverage), Some(own)) if leverage != own => {
                Err(Refused::rule("leverage", format!("must be {own}, as the plan says, or be left out")))
            }
            (leverage, own) => Ok(leverage.or(own)),
        }
    }

    fn laddered(&self, Planned { ladder, bot, by }: Planned, entered: Side) -> Result<Way, Refused> {
        if ladder.side != entered {
            let side = entered.as_str();
            let said = format!(": side must be {side}, which is the side that is entered");
            return Err(Refused { option: "ladder", said });
        }
        if ladder.side == Side::Short && ladder.margin.is_none() {
            return Err(Refused::rule("leverage", "must stand beside a ladder that is short: coins cannot be"));
        }
        if let Some((option, _)) = self.funding.as_ref().filter(|_| ladder.margin.is_none()) {
            return Err(of_contracts(option));
        }
        let Terms { cash, slippage, latency, .. } = self.terms;
        let funding = self.funding.as_ref().map(|(_, funding)| funding.clone());
        let terms = LadderTerms { cash, slippage, latency, funding, bot };
        check_ladder(&ladder, &terms).map_err(|wrong| Refused::why(by, &wrong))?;
        Ok(Way::Ladder(Box::new(ladder), terms))
    }

    fn all_cash(&self, side: Side) -> Result<Way, Refused> {
        if self.leverage.is_some() {
            return Err(Refused::rule(
                "leverage",
                "must stand beside --ladder or --plan, or a strategy that brings one",
            ));
        }
        if let Some((option, _)) = &self.funding {
            return Err(of_contracts(option));
        }
        match side {
            Side::Long => Ok(Way::AllCash(self.terms)),
            Side::Short => {
                let rule = "must stand beside rules that are short, and --leverage: coins cannot be";
                Err(Refused::rule("ladder", rule))
            }
        }
    }
}

fn of_contracts(option: &'static str) -> Refused {
    Refused::rule(option, "must stand beside --leverage: it is paid for contracts")
}

/// Without what only the market and the account say.
fn terms(asked: &Asked, market: &MarketTerms) -> Result<Terms, Refused> {
    let MarketTerms { filters, fee, .. } = market;
    let terms = Terms {
        cash: said(asked.cash.as_ref(), "10000").parse().map_err(|wrong| Refused::why("cash", &wrong))?,
        fee: *fee,
        quantity_step: filters.quantity_step,
        price_tick: None,
        quantity_min: filters.quantity_min,
        quantity_max: None,
        notional_min: filters.notional_min,
        slippage: slippage(said(asked.slippage_bps.as_ref(), "0"))?,
        latency: latency(said(asked.latency.as_ref(), "0"))?,
        limits: None,
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
    if let Some(name) = market::is_said_beside_a_ladder(asked) {
        return Err(Refused::rule(name, "must not stand beside --ladder: the plan says it"));
    }
    wire::ladder::asked(plan).map_err(|wrong| Refused::why("ladder", &wrong))
}

/// One rate, or those that there were, by the option's name.
fn funding(asked: &Asked) -> Result<Option<(&'static str, Funding)>, Refused> {
    match (&asked.funding, &asked.funding_rate) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(Refused::rule("funding", "must not stand beside --funding-rate")),
        (Some(recorded), None) => Ok(Some(("funding", recorded.clone()))),
        (None, Some(rate)) => {
            let rate = rate.parse().map_err(|wrong| Refused::why("funding_rate", &wrong))?;
            let same = Funding::same(rate).map_err(|wrong| Refused::rule("funding_rate", wrong))?;
            Ok(Some(("funding_rate", same)))
        }
    }
}

/// What of what was asked for a run was refused for.
pub fn refused_by(wrong: &BadPlay) -> Refused {
    use backtest::BadLadderRun as Bad;
    match wrong {
        BadPlay::Plain(_) | BadPlay::Ladder(Bad::Bar { .. }) => Refused::why("candles", wrong),
        BadPlay::Ladder(Bad::Cash | Bad::Field(_) | Bad::NotPlayed(_)) => Refused::why("ladder", wrong),
    }
}
