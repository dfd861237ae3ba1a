//! Candles of what somebody wants, as they close: a planner each minute, and workers that it begins.

use app::ingest::{FetchCandles, Fetched, Planned, fetch, plan};
use app::ports::{ListCandles, ListWishes, StartIngest};
use domain::clock::{Millis, Timestamp};
use domain::limits::{CALL_MARGIN, CANDLE_TOLD_AFTER, SERIES_DUE_FOR};
use domain::market::Interval;
use domain::series::Series;
use lambda::{Error, Figure, Invocation};
use std::time::Duration;
use wire::ingest::{Ingest, Todo};

/// Where all is.
#[derive(Debug)]
pub struct Ingestion<'a, D, V, S> {
    pub deps: &'a D,
    pub venue: &'a V,
    pub start: &'a S,
    /// Whether the planner waits until candles of its minute may be asked for.
    pub waits: bool,
}

impl<D, V, S> Ingestion<'_, D, V, S>
where
    D: FetchCandles + ListWishes,
    V: ListCandles,
    S: StartIngest,
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
                let series: Vec<_> = series.into_iter().map(Series::from).collect();
                self.fetch(&series, holes, invocation).await;
                Ok(())
            }
        }
    }

    async fn plan(&self, invocation: &Invocation) -> Result<(), Error> {
        if self.waits {
            let wait = u64::try_from(until_told(self.deps.now()).get()).unwrap_or_default();
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        let Planned { wanted, left_out, due, given, workers } =
            plan(self.deps, self.start, &invocation.trace(), self.deps.now()).await?;
        if left_out > 0 {
            tracing::warn!(left_out, "more series are wanted than a deployment fetches");
        }
        invocation.outcome(format!("{given} of {due} due of {wanted} series, {workers} workers, {left_out} left out"));
        Ok(())
    }

    async fn fetch(&self, series: &[Series], holes: bool, invocation: &Invocation) {
        let has_time = |call: Millis| invocation.remaining(self.deps.now()) > call.plus(CALL_MARGIN);
        let fetched = fetch(self.deps, self.venue, series, holes, has_time).await;
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
        let not = failed.len();
        invocation.outcome(format!(
            "{series} series, {candles} candles, {mended} mended, {corrected} corrected, {not} failed, {left} left"
        ));
    }
}

/// How long it is until the candle of a minute may be asked for that has just closed; nothing where it may be already.
fn until_told(now: Timestamp) -> Millis {
    let told_at = Interval::OneMinute.opening(now).plus(CANDLE_TOLD_AFTER);
    told_at.since(now).max(Millis::ZERO)
}

#[cfg(test)]
mod tests;
