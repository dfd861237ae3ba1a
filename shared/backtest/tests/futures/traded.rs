//! What was drawn, played.

use crate::drawn::{BEGINS_MS, Drawn, Exits, HOUR_MS, Trader, parsed};
use backtest::{Candle, Funding, LadderTerms, MarketTerms, Played, Player, Terms, Way, brought};
use domain::alert::Side;
use domain::ladder::{Dialect, LadderPlan, Size, Sizes, Spacing};
use domain::market::{Filters, Leverage, Maxima, Stops};
use domain::money::{Decimal, Rate};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use strategies::{Built, Given, RuleText, find};

/// Hours of the longest walk, at the most.
const HOURS_MAX: i64 = 900;

/// Rates of every hour that may be played; behind that time another future's.
fn funding(rates: &[i64], others_behind_ms: Option<i64>) -> Funding {
    let rate = |(number, rate): (i64, &i64)| {
        let time_ms = BEGINS_MS + number * HOUR_MS;
        let is_other = others_behind_ms.is_some_and(|behind_ms| time_ms > behind_ms);
        let rate = if is_other { rate + 77 } else { *rate };
        (time_ms, parsed(Decimal::new(rate, 4)))
    };
    Funding::recorded((0..HOURS_MAX).zip(rates.iter().cycle()).map(rate).collect()).unwrap()
}

fn filters() -> Filters {
    Filters {
        price_tick: parsed("0.01"),
        quantity_step: parsed("0.00001"),
        quantity_min: parsed("0.00001"),
        notional_min: parsed("5"),
        most: Maxima::default(),
    }
}

/// 20 to begin with and four orders behind it, 2 % apart and more.
fn plan((loss, profit, stop_trails, profit_trails): Exits, side: Side, margin: Option<Leverage>) -> LadderPlan {
    let quote = |quote: u32| Size::Quote(parsed(quote));
    let step = |percent: u32| ProfitStep { profit: parsed(percent), amount: parsed(50) };
    let steps = vec![step(profit), step(profit * 2)];
    let take_profit =
        TakeProfit::Aggregate { basis: Basis::Average, steps, trailing: profit_trails.then(|| parsed(1)) };
    LadderPlan {
        filters: filters(),
        orders_max: None,
        fee: parsed("0.001"),
        fee_in_base: false,
        side,
        margin,
        base_at_market: true,
        entry_price: parsed("100"),
        sizes: Sizes::Scaled { base: quote(20), first: quote(20), scale: parsed("1.5") },
        spacing: Spacing::Scaled { count: 4, deviation: parsed(2), scale: parsed("1.2"), dialect: Dialect::Additive },
        active: None,
        at_market: false,
        take_profit,
        stop_loss: Some(StopLoss { trailing: stop_trails, ..StopLoss::fixed(parsed(loss), Basis::Base) }),
        stops: Stops::Polled,
        balance: None,
    }
}

fn named(name: &str, given: &[Given<'_>]) -> Built {
    let definition = find(name).unwrap();
    definition.build(&definition.read(given).unwrap()).unwrap()
}

/// Averages of two and four bars, one across the other.
fn averages(side: Side) -> Built {
    let (word, enters, leaves) = match side {
        Side::Long => ("long", "crosses_above", "crosses_below"),
        Side::Short => ("short", "crosses_below", "crosses_above"),
    };
    let ema = |period: u32| format!(r#"{{"indicator": "ema", "period": {period}}}"#);
    let is = |op: &str| format!(r#"{{"left": {}, "op": "{op}", "right": {}}}"#, ema(2), ema(4));
    let rules = format!(r#"{{"side": "{word}", "entry": {}, "exit": {}}}"#, is(enters), is(leaves));
    RuleText::parse(rules.as_bytes()).unwrap().read(&[]).unwrap().build()
}

fn brings(name: &'static str) -> (Built, LadderPlan) {
    let given: &[Given<'_>] = match name {
        "grid" => &[("period", "4"), ("leave", "6")],
        _ => &[("period", "2"), ("oversold", "45"), ("overbought", "65"), ("stop_loss", "12")],
    };
    let definition = find(name).unwrap();
    let parts = definition.ladder(&definition.read(given).unwrap()).unwrap().unwrap();
    let market = MarketTerms { filters: filters(), orders_max: None, fee: parsed("0.001") };
    (named(name, given), brought(&parts, market).unwrap())
}

impl Drawn {
    pub(crate) fn play(&self, candles: &[Candle], others_behind_ms: Option<i64>) -> Played {
        let (strategy, way) = match &self.trader {
            Trader::AllCash => (averages(Side::Long), Way::AllCash(self.all_cash())),
            Trader::Brought(name) => self.ladder(brings(name), None),
            Trader::Coins(exits) => self.ladder((averages(Side::Long), plan(*exits, Side::Long, None)), None),
            Trader::Contracts(exits, side, leverage, rates) => {
                let margin = Some(Leverage::new(*leverage).unwrap());
                self.ladder((averages(*side), plan(*exits, *side, margin)), Some(funding(rates, others_behind_ms)))
            }
        };
        Player { strategy, way, confidence_min: self.confidence_min }.play(candles).unwrap()
    }

    fn slippage(&self) -> Rate {
        parsed(Decimal::new(self.slippage.into(), 4))
    }

    fn all_cash(&self) -> Terms {
        let Filters { price_tick, quantity_step, quantity_min, notional_min, .. } = filters();
        Terms {
            cash: parsed(1_000),
            fee: parsed("0.001"),
            quantity_step,
            price_tick: Some(price_tick),
            quantity_min,
            quantity_max: None,
            notional_min,
            slippage: self.slippage(),
            latency: self.latency,
            limits: self.bot.limits,
        }
    }

    fn ladder(&self, (strategy, plan): (Built, LadderPlan), funding: Option<Funding>) -> (Built, Way) {
        let terms = LadderTerms {
            cash: parsed(1_000),
            slippage: self.slippage(),
            latency: self.latency,
            funding,
            bot: self.bot,
        };
        (strategy, Way::Ladder(Box::new(plan), terms))
    }
}
