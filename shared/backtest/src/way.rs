//! How what a strategy says is carried out: with all cash, or as a ladder.

use crate::account::Terms;
use crate::gate::Sure;
use crate::laddered::{BadLadderRun, Fill, LadderRun, LadderTerms, run_ladder};
use crate::plain::{BadRun, Run, run};
use domain::alert::Side;
use domain::bot::Confidence;
use domain::ladder::{BadField, LadderPlan, Size};
use domain::market::{Filters, Leverage, Stops};
use domain::money::{Percent, Rate};
use domain::preset::{AskedPlan, AskedSize, OrderKind, PlanParts};
use domain::profit::TakeProfit;
use domain::rules::Rules;
use strategies::{Candle, Strategy};

/// How entries are carried out.
#[derive(Debug, Clone)]
pub enum Way {
    AllCash(Terms),
    Ladder(Box<LadderPlan>, LadderTerms),
}

/// A strategy and how it trades.
#[derive(Debug, Clone)]
pub struct Player<S> {
    pub strategy: S,
    pub way: Way,
    /// Entries that are less sure are not followed.
    pub confidence_min: Option<Confidence>,
}

/// What became of the cash.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    pub run: Run,
    /// What ladders were filled with.
    pub steps: Option<Steps>,
}

/// Fills of ladders, and what else a ladder's run tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    pub side: Side,
    pub fills: Vec<Fill>,
    pub refused: usize,
    /// As [`LadderRun::funding`].
    pub funding: f64,
}

/// Why nothing was played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPlay {
    #[error(transparent)]
    Plain(#[from] BadRun),
    #[error(transparent)]
    Ladder(#[from] BadLadderRun),
}

impl<S: Strategy + Clone> Player<S> {
    /// Plays the candles to a copy of the strategy.
    ///
    /// # Errors
    /// What [`run`] and [`run_ladder`] say.
    pub fn play(&self, candles: &[Candle]) -> Result<Played, BadPlay> {
        let mut strategy = self.strategy.clone();
        let Some(least) = self.confidence_min else { return self.way.play(candles, &mut strategy) };
        let mut sure = Sure { strategy, least, unsure: 0 };
        let mut played = self.way.play(candles, &mut sure)?;
        played.run.unfollowed = sure.told(played.run.unfollowed);
        Ok(played)
    }
}

impl Way {
    fn play<S: Strategy>(&self, candles: &[Candle], strategy: &mut S) -> Result<Played, BadPlay> {
        match self {
            Self::AllCash(terms) => Ok(Played { run: run(candles, strategy, terms)?, steps: None }),
            Self::Ladder(plan, terms) => {
                let LadderRun { run, fills, refused, funding } = run_ladder(candles, strategy, plan, terms)?;
                let steps = Steps { side: plan.side, fills, refused, funding };
                Ok(Played { run, steps: Some(steps) })
            }
        }
    }
}

/// What a market asks of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarketTerms {
    pub filters: Filters,
    /// Orders that rest at once.
    pub orders_max: Option<u32>,
    pub fee: Rate,
}

/// The ladder that a strategy brings, planned in this market; its entry price is put in its place with each entry.
///
/// # Errors
/// The first field of it that contradicts another.
pub fn brought(parts: &PlanParts, market: MarketTerms) -> Result<LadderPlan, BadField> {
    ladder_of(&parts.over(whatever()), Side::Long, market)
}

/// The same of what a bot's entry is planned by.
///
/// # Errors
/// The first field of it that contradicts another.
pub fn ladder_of(plan: &AskedPlan, side: Side, market: MarketTerms) -> Result<LadderPlan, BadField> {
    let (spacing, sizes) = plan.entries()?;
    let MarketTerms { filters, orders_max, fee } = market;
    Ok(LadderPlan {
        filters,
        orders_max,
        fee,
        fee_in_base: false,
        side,
        margin: None,
        base_at_market: plan.kind == OrderKind::Market,
        entry_price: filters.price_tick,
        sizes,
        spacing,
        active: plan.ladder.as_ref().map(|ladder| ladder.active),
        at_market: plan.ladder.as_ref().is_some_and(|ladder| ladder.at_market),
        take_profit: plan.take_profit.clone(),
        stop_loss: plan.stop_loss,
        stops: Stops::Polled,
        balance: None,
    })
}

/// What is traded where nothing is said: all of the balance, until it has doubled.
fn whatever() -> AskedPlan {
    AskedPlan {
        size: AskedSize::Of(Size::Percent(Percent::HUNDRED)),
        kind: OrderKind::Market,
        ladder: None,
        take_profit: TakeProfit::at(Percent::HUNDRED),
        stop_loss: None,
        time_limit: None,
        rules: Rules::default(),
        pyramids: None,
        leverage: Leverage::ONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::BotTerms;
    use crate::laddered::What;
    use crate::testing::{Scripted, candles, terms};
    use domain::market::Maxima;
    use domain::money::Quantity;
    use strategies::{Action, find};

    fn filters() -> Filters {
        Filters {
            price_tick: "0.01".parse().unwrap(),
            quantity_step: "0.0001".parse().unwrap(),
            quantity_min: Quantity::ZERO,
            notional_min: "5".parse().unwrap(),
            most: Maxima::default(),
        }
    }

    fn plan(name: &str) -> LadderPlan {
        let definition = find(name).unwrap();
        let parts = definition.ladder(&definition.read(&[]).unwrap()).unwrap().unwrap();
        brought(&parts, MarketTerms { filters: filters(), orders_max: None, fee: "0.001".parse().unwrap() }).unwrap()
    }

    fn player(plan: LadderPlan) -> Player<Scripted> {
        let ladder = LadderTerms {
            cash: "1000".parse().unwrap(),
            slippage: Rate::ZERO,
            latency: 0,
            funding: None,
            bot: BotTerms::default(),
        };
        let (strategy, way) = (Scripted::new(&[Action::Enter(Side::Long)]), Way::Ladder(Box::new(plan), ladder));
        Player { strategy, way, confidence_min: None }
    }

    #[test]
    fn a_grid_sells_what_came_back_to_its_line() {
        // Each bar is from its price to one above it.
        let steps = player(plan("grid")).play(&candles(&[100.0, 100.0, 97.0, 98.0, 100.0])).unwrap().steps.unwrap();
        let told: Vec<_> = steps.fills.iter().map(|fill| (fill.bar, fill.what, fill.price)).collect();
        // 15 % each, from 100.1 with its fee: a percent of that below each other, and each sold a percent above its cost.
        let expected = [
            (1, What::Entry(0), 100.0),
            (2, What::Entry(1), 99.09),
            (2, What::Entry(2), 98.09),
            (2, What::Entry(3), 97.09),
            (3, What::TakeProfit(1), 98.26),
            (4, What::TakeProfit(1), 99.27),
            (4, What::TakeProfit(1), 100.29),
        ];
        assert_eq!(told, expected);
        assert_eq!((steps.refused, steps.fills[1].size), (0, 1.5137));
    }

    #[test]
    fn a_player_plays_the_same_again() {
        let candles = candles(&[100.0, 100.0, 97.0, 98.0, 100.0]);
        let ladder = player(plan("dca_ladder"));
        assert_eq!(ladder.play(&candles), ladder.play(&candles));
        let way = Way::AllCash(terms("1000", "0.001", "1e-8"));
        let plain = Player { way, ..ladder }.play(&candles).unwrap();
        assert!(plain.steps.is_none() && plain.run.open_position.is_some());
    }
}
