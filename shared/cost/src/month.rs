//! A month of somebody's own: so many alerts, so many accounts that watch a position.

use crate::Broken;
use crate::bill::Standing;
use crate::counts::Counts;
use crate::usage::{Usage, gb};
use rust_decimal::Decimal;

/// What one does with a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habits {
    /// Alerts that arrive for the first time.
    pub alerts_per_day: Decimal,
    /// How often each of them comes again.
    pub duplicates_per_alert: Decimal,
    /// Two for an alert that opens a group which takes its profit; none for one that opens nothing.
    pub orders_per_alert: Decimal,
    /// Alerts of these that close a group; groups that no alert closes take their profit. More than there are groups
    /// to close, and alerts to close them, close nothing.
    pub exits_per_alert: Decimal,
    /// Accounts with a group that is not closed.
    pub live_accounts: Decimal,
    /// Of each day.
    pub hours_live: Decimal,
    /// Series of candles of a minute that somebody wants.
    pub series: Decimal,
    /// Sources of whale alerts that are enabled.
    pub whale_sources: Decimal,
    /// Their alerts, each of which is seen, becomes final, and is measured twice.
    pub whale_alerts_per_day: Decimal,
}

/// An average month: 365.25 days over twelve.
pub const DAYS: Decimal = Decimal::from_parts(304_375, 0, 0, false, 4);
const MINUTES_PER_DAY: u32 = 1_440;
const MINUTES_PER_HOUR: u32 = 60;
pub const SLOTS_PER_HOUR: u32 = 360;
/// Of an idle queue: five pollers that each wait twenty seconds.
const EMPTY_RECEIVES_PER_MINUTE: u32 = 15;
const FIFO_QUEUES: u32 = 2;
/// Passes that also renew the balance and the price for people: one in half a minute.
pub const PASSES_PER_REFRESH: u32 = 3;
/// A deployment keeps groups for ever, alerts and candles of a minute for three months; the model looks at its first year's end.
const MONTHS_KEPT: u32 = 12;
const MONTHS_OF_NINETY_DAYS: u32 = 3;
const ORDERS_PER_GROUP: Decimal = Decimal::TWO;
/// Of the passes that follow it, one or two renew the balance, and one of two would have.
const RENEWALS_PER_FILL: Decimal = Decimal::ONE;

/// What stands there in every month.
pub const STANDING: Standing = Standing { keys: 1, secrets: 1, alarms: 10, metrics: 10 };

impl Habits {
    /// Nothing happens.
    pub const IDLE: Self = Self {
        alerts_per_day: Decimal::ZERO,
        duplicates_per_alert: Decimal::ZERO,
        orders_per_alert: Decimal::ZERO,
        exits_per_alert: Decimal::ZERO,
        live_accounts: Decimal::ZERO,
        hours_live: Decimal::ZERO,
        series: Decimal::ZERO,
        whale_sources: Decimal::ZERO,
        whale_alerts_per_day: Decimal::ZERO,
    };

    /// Nothing happens but that this many accounts watch a position all month.
    pub fn watching(accounts: u32) -> Self {
        Self { live_accounts: accounts.into(), hours_live: 24.into(), ..Self::IDLE }
    }

    /// What all of a month uses.
    ///
    /// # Errors
    /// [`Broken`] where a case that it needs was not counted.
    pub fn month(&self, counts: &Counts) -> Result<Usage, Broken> {
        let alerts = self.alerts_per_day * DAYS;
        let groups = alerts.min(alerts * self.orders_per_alert / ORDERS_PER_GROUP);
        let exits = groups.min(alerts - groups).min(alerts * self.exits_per_alert);
        let of = |case: &str| Usage::of(case, counts);
        let first = of("receive_first")? * alerts;
        let again = of("receive_duplicate")? * (alerts * self.duplicates_per_alert);
        let opened = of("decide_open")? * groups + of("decide_refused")? * (alerts - groups - exits);
        let closed = (of("decide_exit")? + of("execute_exit")? - profit_taken(counts)?) * exits;
        let orders = order(counts)? * (alerts * self.orders_per_alert);
        let watched = live_hour(counts)? * (self.live_accounts * self.hours_live * DAYS);
        let minutes = DAYS * Decimal::from(MINUTES_PER_DAY);
        // As if each were fetched by a run of its own: those of an exchange share one, and its start.
        let of_sources = self.whale_sources * Decimal::from(counts.assumed.series_per_source);
        // By the minute and by the hour.
        let series = self.series + of_sources + of_sources / Decimal::from(MINUTES_PER_HOUR);
        let fetched = of("fetch_candle")? * (minutes * series);
        let hours = minutes / Decimal::from(MINUTES_PER_HOUR);
        let said = of("store_sentiment")? - of("read_source")?;
        let read = of("read_source")? * (minutes * self.whale_sources) + said * (hours * self.whale_sources);
        let kept = kept(alerts, groups, counts) + kept_candles(series, counts);
        let more = |case: &str| Ok::<_, Broken>(of(case)? - of("read_source")?);
        // What an alert is made final by is as much as what it is made by.
        let seen =
            (more("read_whale_alert")? + more("measure_impact")?) * (self.whale_alerts_per_day * DAYS * Decimal::TWO);
        Ok(idle(counts)? + seen + first + again + opened + orders + closed + watched + fetched + read + kept)
    }
}

/// Each order from commit #1 to settled: a group that takes its profit has two, passes ask for the balance after its
/// entry's fill, and one settles it.
///
/// # Errors
/// [`Broken`], as above.
pub fn order(counts: &Counts) -> Result<Usage, Broken> {
    let renews = Usage::of("pass_refreshes", counts)? - Usage::of("pass_quiet", counts)?;
    let both = Usage::of("execute_entry", counts)? + renews * RENEWALS_PER_FILL + profit_taken(counts)?;
    Ok(both * (Decimal::ONE / ORDERS_PER_GROUP))
}

/// What a pass does more where it finds the take-profit filled.
fn profit_taken(counts: &Counts) -> Result<Usage, Broken> {
    Ok(Usage::of("pass_settles", counts)? - Usage::of("pass_quiet", counts)?)
}

/// An account with one group that is not closed, alone in its shard: a pass in each slot.
///
/// # Errors
/// [`Broken`], as above.
pub fn live_hour(counts: &Counts) -> Result<Usage, Broken> {
    let of = |case: &str| Usage::of(case, counts);
    let slots = Decimal::from(SLOTS_PER_HOUR);
    let refreshed = slots / Decimal::from(PASSES_PER_REFRESH);
    let sent = of("minute_live")? - of("minute_idle")?;
    let passes = of("pass_quiet")? * (slots - refreshed) + of("pass_refreshes")? * refreshed;
    Ok(passes + sent * Decimal::from(60))
}

/// An enabled source of whale alerts with the candles that it is priced by, as if no other source and no chart had them fetched.
///
/// # Errors
/// [`Broken`], as above.
pub(crate) fn source_month(counts: &Counts) -> Result<Usage, Broken> {
    let with = Habits { whale_sources: Decimal::ONE, ..Habits::IDLE };
    Ok(with.month(counts)? - Habits::IDLE.month(counts)?)
}

/// A deployment that nobody uses: its queues are asked, and every minute looks around.
fn idle(counts: &Counts) -> Result<Usage, Broken> {
    let minutes = DAYS * Decimal::from(MINUTES_PER_DAY);
    let asked = minutes * Decimal::from(EMPTY_RECEIVES_PER_MINUTE);
    let polled = Usage { fifo: asked * Decimal::from(FIFO_QUEUES), standard: asked, ..Usage::default() };
    let around = Usage::of("minute_idle", counts)? + Usage::of("plan_idle", counts)?;
    Ok(polled + around * minutes)
}

/// Those of a minute go after ninety days.
fn kept_candles(series: Decimal, counts: &Counts) -> Usage {
    let months = Decimal::from(MONTHS_OF_NINETY_DAYS);
    let candles = DAYS * Decimal::from(MINUTES_PER_DAY) * months * series;
    Usage { storage_gb: gb(candles * Decimal::from(counts.assumed.bytes_kept_per_candle)), ..Usage::default() }
}

fn kept(alerts: Decimal, groups: Decimal, counts: &Counts) -> Usage {
    let of_alerts = alerts * Decimal::from(MONTHS_OF_NINETY_DAYS) * Decimal::from(counts.assumed.bytes_kept_per_alert);
    let of_groups = groups * Decimal::from(MONTHS_KEPT) * Decimal::from(counts.assumed.bytes_kept_per_group);
    Usage { storage_gb: gb(of_alerts + of_groups), ..Usage::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(orders: u32, exits: &str) -> Usage {
        let habits = Habits {
            alerts_per_day: 100.into(),
            orders_per_alert: orders.into(),
            exits_per_alert: exits.parse().unwrap(),
            ..Habits::IDLE
        };
        habits.month(&Counts::read().unwrap()).unwrap()
    }

    #[test]
    fn an_exit_is_decided_and_executed_in_the_place_of_a_refused_alert_and_a_taken_profit() {
        let counts = Counts::read().unwrap();
        let of = |case: &str| Usage::of(case, &counts).unwrap();
        let exits = Decimal::from(50) * DAYS;
        let instead =
            of("decide_exit") + of("execute_exit") - of("decide_refused") - of("pass_settles") + of("pass_quiet");
        assert_eq!(month(1, "0.5"), month(1, "0") + instead * exits);
    }

    #[test]
    fn there_are_no_more_exits_than_groups_or_alerts_that_are_left() {
        assert_eq!(month(1, "0.9"), month(1, "0.5"));
        assert_eq!(month(2, "0.5"), month(2, "0"));
        assert_eq!(month(0, "1"), month(0, "0"));
    }
}
