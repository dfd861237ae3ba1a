//! Candles of what somebody wants, as they close: a planner each minute, and workers that it begins.

use app::ingest::{Backfilled, Fetched, Planned, backfill, fetch, plan, planned_at, tell};
use app::ports::{ListCandles, StartIngest, TellCandle};
use domain::clock::Millis;
use domain::ids::BackfillId;
use domain::limits::{CALL_MARGIN, FETCH_FOR, SERIES_DUE_FOR};
use domain::series::Series;
use lambda::{Error, Figure, Invocation};
use std::time::Duration;
use store::Engine;
use wire::ingest::{Ingest, Todo};

/// Where all is.
#[derive(Debug)]
pub struct Ingestion<'a, D, V, S, B> {
    pub deps: &'a D,
    pub venue: &'a V,
    pub start: &'a S,
    pub bus: &'a B,
    /// Whether the planner waits until candles of its minute may be asked for.
    pub waits: bool,
}

impl<D, V, S, B> Ingestion<'_, D, V, S, B>
where
    D: Engine,
    V: ListCandles,
    S: StartIngest,
    B: TellCandle,
{
    /// One run.
    ///
    /// # Errors
    /// Where it is a newer caller's, or nothing could be planned. What could not be fetched is told in its line: the next run asks for
    /// it again.
    pub async fn run(&self, run: Ingest, invocation: &Invocation) -> Result<(), Error> {
        if !run.trace.is_empty() {
            invocation.follow(&run.trace);
        }
        match run.known()? {
            Todo::Plan => self.plan(invocation).await,
            Todo::Fetch { series, holes } => {
                let (acted_on, others): (Vec<_>, Vec<_>) = series.into_iter().partition(|series| series.announced);
                let [acted_on, others] = [acted_on, others].map(|part| part.into_iter().map(Series::from).collect());
                self.fetch(acted_on, others, holes, invocation).await;
                Ok(())
            }
            Todo::Backfill { id } => self.backfill(&id.0, invocation).await,
        }
    }

    async fn plan(&self, invocation: &Invocation) -> Result<(), Error> {
        let begun = self.deps.now();
        let planned_at = if self.waits { planned_at(begun) } else { vec![begun] };
        for at in planned_at {
            let wait = at.since(self.deps.now());
            if wait > Millis::ZERO {
                tokio::time::sleep(Duration::from_millis(wait.get().unsigned_abs())).await;
            }
            let planned = plan(self.deps, self.start, &invocation.trace(), self.deps.now()).await?;
            report_plan(planned, invocation);
        }
        Ok(())
    }

    async fn backfill(&self, id: &BackfillId, invocation: &Invocation) -> Result<(), Error> {
        let has_time = |call: Millis| invocation.remaining(self.deps.now()) > call.plus(CALL_MARGIN);
        let Backfilled { pages, candles, failed } = backfill(self.deps, self.venue, id, has_time).await?;
        invocation.touched(id);
        if let Some(error) = failed {
            tracing::warn!(%id, %error, "a backfill stands still");
        }
        invocation.outcome(format!("{pages} pages, {candles} candles"));
        Ok(())
    }

    /// First the series that somebody acts on: each is told as soon as it is kept.
    async fn fetch(&self, acted_on: Vec<Series>, others: Vec<Series>, holes: bool, invocation: &Invocation) {
        let ends = self.deps.now().plus(FETCH_FOR);
        let has_time = |call: Millis| {
            let now = self.deps.now();
            invocation.remaining(now).min(ends.since(now)) > call.plus(CALL_MARGIN)
        };
        let mut told: u32 = 0;
        let tell = async |series: &Series| {
            if acted_on.contains(series) && self.tell(series, holes, invocation).await {
                told = told.saturating_add(1);
            }
        };
        let first = fetch(self.deps, self.venue, &acted_on, holes, has_time, tell).await;
        let fetched = first.and(fetch(self.deps, self.venue, &others, holes, has_time, async |_| {}).await);
        self.report(&fetched, told, invocation);
    }

    /// Whether its newest candle was told. Where holes are looked for, once more: whoever has not heard it then hears it now.
    async fn tell(&self, series: &Series, again: bool, invocation: &Invocation) -> bool {
        let told = tell(self.deps, self.bus, series, again, &invocation.trace()).await;
        told.inspect_err(|error| tracing::warn!(%series, %error, "a candle is kept and not told")).unwrap_or(false)
    }

    fn report(&self, fetched: &Fetched, told: u32, invocation: &Invocation) {
        for (series, error) in &fetched.failed {
            tracing::warn!(%series, %error, "a series is not up to date");
            invocation.touched(series);
        }
        if let Some((series, age)) = fetched.oldest() {
            invocation.tell(Figure::CandleAgeMaxMs, age.get());
            if *age > SERIES_DUE_FOR {
                tracing::warn!(%series, age_ms = age.get(), "the newest candle of a series is late");
            }
        }
        let Fetched { series, candles, mended, corrected, failed, left, .. } = fetched;
        if *candles > 0 || *mended > 0 {
            invocation.tell(Figure::CandlesKeptAtMs, self.deps.now().millis());
        }
        let not = failed.len();
        let told = if told > 0 { format!(", {told} told") } else { String::new() };
        invocation.outcome(format!(
            "{series} series, {candles} candles, {mended} mended, {corrected} corrected, {not} failed, {left} left{told}"
        ));
    }
}

fn report_plan(planned: Planned, invocation: &Invocation) {
    let Planned { wanted, left_out, due, given, workers, backfills } = planned;
    if left_out > 0 {
        tracing::warn!(left_out, "more series are wanted than a deployment fetches");
    }
    let backfills = if backfills > 0 { format!(", {backfills} backfills") } else { String::new() };
    invocation
        .outcome(format!("{given} of {due} due of {wanted} series, {workers} workers, {left_out} left out{backfills}"));
}

#[cfg(test)]
mod tests;
