//! What is bought and where it is sold: the preset, and what the alert puts in place of it.

mod entries;
mod stop;
mod written;

use super::fields::{Beneath, Fields};
use super::{BadAlert, pyramids};
use domain::clock::Millis;
use domain::limits;
use domain::market::Leverage;
use domain::money::{Percent, Quantity};
use domain::preset::{AskedPlan, PlanParts, Preset};
use domain::profit::{Basis, ProfitStep, TakeProfit};
use domain::rules::Rules;
use entries::entries;
use stop::BREAK_EVEN;

pub(crate) use stop::stop_loss;
pub(crate) use written::{OF_STOP, PARTS, PROFIT, STOP, exits, members};

const BASES: [(&str, Basis); 2] = [("average", Basis::Average), ("base", Basis::Base)];

/// Which legs a take-profit is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Aggregate,
    PerLeg,
    Hybrid,
}

pub(crate) const MODES: [(&str, Mode); 3] =
    [("aggregate", Mode::Aggregate), ("per_leg", Mode::PerLeg), ("hybrid", Mode::Hybrid)];

/// The members over those beneath them, over the built-in preset.
pub(crate) fn read(body: &Fields<'_>) -> Result<AskedPlan, BadAlert> {
    let preset = Preset::built_in().map_err(|why| body.wrong("preset", why))?.plan;
    over(&own(body)?, preset, body)
}

/// Where an alert brings its ladder: what it says of its entries and exits stands over the preset's plan as one, and no member of
/// those is the preset's. Nor is the least profit of a signal: with the preset's stop gone, that may be the only way out at a loss. The
/// rest is read as ever.
pub(super) fn read_brought(body: &Fields<'_>, beneath: Beneath<'_>) -> Result<AskedPlan, BadAlert> {
    let preset = AskedPlan { ladder: None, stop_loss: None, ..read(&Fields::none().over(beneath))? };
    let own = own(body)?;
    let said = [("base_order", own.size.is_some()), ("take_profit", own.take_profit.is_some())];
    if let Some((missing, _)) = said.into_iter().find(|(_, is_said)| !is_said) {
        return Err(body.wrong(missing, "is required beside safety_orders_alone"));
    }
    let plan = over(&own, preset, &body.over(beneath))?;
    let rules = Rules { minimum_profit: body.parsed("minimum_profit_percent")?, ..plan.rules };
    Ok(AskedPlan { rules, ..plan })
}

/// These parts over a preset's plan, with the rest of the body.
fn over(own: &PlanParts, preset: AskedPlan, body: &Fields<'_>) -> Result<AskedPlan, BadAlert> {
    body.renamed("ladder", "is called safety_orders, beside base_order")?;
    let plan = own.over(preset);
    if !body.is_unsettled() || own.says_all_sizes() {
        plan.check().map_err(|wrong| body.wrong(&wrong.field, wrong.allowed))?;
    }
    let last = plan.take_profit.steps();
    if !body.is_unsettled() && plan.stop_loss.and_then(|stop| stop.break_even_after).is_some_and(|step| step >= last) {
        return Err(body.wrong(BREAK_EVEN, "must be a step that is followed by another one"));
    }
    let time_limit = minutes(body, "time_limit_minutes", limits::TIME_LIMIT_MINUTES_MAX)?;
    let (rules, pyramids) = (rules(body)?, pyramids::read(body)?);
    let leverage = leverage(body)?;
    let plan = AskedPlan { time_limit, rules, pyramids, leverage, ..plan };
    if !body.is_unsettled() && plan.follows_apart() {
        return Err(body.wrong("pyramids.close", "must be together where an exit follows the price or waits"));
    }
    Ok(plan)
}

/// What is said of a plan, and nothing else.
pub(super) fn own(body: &Fields<'_>) -> Result<PlanParts, BadAlert> {
    let (size, kind, ladder) = entries(body)?;
    let take_profit = body.find_object("take_profit")?.map(|profit| take_profit(&profit)).transpose()?;
    Ok(PlanParts { size, kind, ladder, take_profit, stop_loss: stop_loss(body)? })
}

fn rules(body: &Fields<'_>) -> Result<Rules, BadAlert> {
    Ok(Rules {
        minimum_profit: body.parsed("minimum_profit_percent")?,
        cooldown: minutes(body, "cooldown_minutes", limits::COOLDOWN_MINUTES_MAX)?,
        open_groups_max: within(body, "open_groups_max", limits::PLAN_OPEN_GROUPS_MAX)?,
        retry_unproven_entry: body.flag("retry_unproven_entry")?.unwrap_or_default(),
    })
}

/// How many times its margin a position of contracts may be worth; the market, and the account, may allow less.
fn leverage(body: &Fields<'_>) -> Result<Leverage, BadAlert> {
    let Some(times) = within(body, "leverage", Leverage::MAX)? else { return Ok(Leverage::ONE) };
    Leverage::new(times).map_err(|why| body.wrong("leverage", why))
}

fn minutes(fields: &Fields<'_>, name: &str, max: u32) -> Result<Option<Millis>, BadAlert> {
    Ok(within(fields, name, max)?.map(|minutes| Millis::seconds(i64::from(minutes).saturating_mul(60))))
}

/// A whole number from 1.
pub(super) fn within(fields: &Fields<'_>, name: &str, max: u32) -> Result<Option<u32>, BadAlert> {
    let number: Option<u32> = match fields.text(name)? {
        None => return Ok(None),
        Some(text) => text.parse().ok(),
    };
    let fits = number.filter(|number| (1..=max).contains(number));
    fits.map(Some).ok_or_else(|| fields.wrong(name, format!("must be a whole number from 1 to {max}")))
}

/// Above 0 and at most 10; 1 where nothing is said.
pub(super) fn scale(fields: &Fields<'_>, name: &str) -> Result<Quantity, BadAlert> {
    let one = || "1".parse().map_err(|why| fields.wrong(name, why));
    let scale: Quantity = fields.parsed(name)?.map_or_else(one, Ok)?;
    let fits = !scale.is_zero() && scale.get() <= rust_decimal::Decimal::TEN;
    if fits { Ok(scale) } else { Err(fields.wrong(name, "must be above 0 and at most 10")) }
}

pub(crate) fn take_profit(profit: &Fields<'_>) -> Result<TakeProfit, BadAlert> {
    let mode = profit.word("mode", &MODES)?.unwrap_or(Mode::Aggregate);
    let basis = profit.word("basis", &BASES)?;
    let all = profit.parsed::<Percent>("all_profit_percent")?;
    if mode != Mode::Hybrid && all.is_some() {
        return Err(profit.wrong("all_profit_percent", "needs mode hybrid"));
    }
    let trailing = trailing(profit, mode)?;
    let steps = profit.items("steps")?.iter().map(step).collect::<Result<Vec<_>, _>>()?;
    if mode == Mode::Aggregate {
        let steps = TakeProfit::aggregate(basis.unwrap_or(Basis::Average), steps);
        let whole = steps.map_err(|why| profit.wrong("steps", why))?;
        return Ok(match trailing {
            Some(percent) => whole.trailing_by(percent),
            None => whole,
        });
    }
    let [ProfitStep { profit: each, amount }] = steps[..] else {
        return Err(one_step(profit));
    };
    if amount != Percent::HUNDRED {
        return Err(one_step(profit));
    }
    if basis == Some(Basis::Base) {
        return Err(profit.wrong("basis", "needs mode aggregate"));
    }
    match (mode, all) {
        (Mode::Hybrid, Some(all)) => Ok(TakeProfit::Hybrid { profit: each, all }),
        (Mode::Hybrid, None) => Err(profit.required("all_profit_percent")),
        _ => Ok(TakeProfit::PerLeg { profit: each }),
    }
}

/// How far the last step trails.
pub(crate) fn trailing(profit: &Fields<'_>, mode: Mode) -> Result<Option<Percent>, BadAlert> {
    const NAME: &str = "trailing_percent";
    let Some(percent) = profit.parsed::<Percent>(NAME)? else { return Ok(None) };
    if mode != Mode::Aggregate {
        return Err(profit.wrong(NAME, "needs mode aggregate"));
    }
    share(profit, NAME, percent).map(Some)
}

/// What a price can fall by.
fn share(fields: &Fields<'_>, name: &str, percent: Percent) -> Result<Percent, BadAlert> {
    let is_share = !percent.get().is_zero() && percent < Percent::HUNDRED;
    if is_share { Ok(percent) } else { Err(fields.wrong(name, "must be above 0 and below 100")) }
}

fn one_step(profit: &Fields<'_>) -> BadAlert {
    profit.wrong("steps", "must be one step of amount_percent 100: each leg is sold by itself")
}

fn step(step: &Fields<'_>) -> Result<ProfitStep, BadAlert> {
    Ok(ProfitStep { profit: step.needed("profit_percent")?, amount: step.needed("amount_percent")? })
}
