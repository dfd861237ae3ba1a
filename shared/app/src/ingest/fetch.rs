//! A run: which series come when, and which are left to the next.

use super::fetched::Fetched;
use super::looked::{Looked, Together};
use super::{FetchCandles, Hand, Unfetched};
use crate::ports::ListCandles;
use domain::clock::Millis;
use domain::limits::{BEGINNINGS_PER_RUN, CANDLES_PER_PAGE, MARKETS_FAILING_MAX, SUBMIT_TIMEOUT};
use domain::market::{Exchange, MarketKey};
use domain::series::Series;
use std::collections::{BTreeMap, BTreeSet};

/// Fetches what has closed of these series, one after another, as long as this says that there is time for a call that takes so long: first
/// those of which least is missing. What fails has more to ask for each time, and so keeps none waiting that does not. Each is told to
/// `done` as soon as this run is done with it, whatever came of it.
pub async fn fetch<D: FetchCandles, V: ListCandles>(
    deps: &D,
    venue: &V,
    series: &[Series],
    holes: bool,
    has_time: impl Fn(Millis) -> bool,
    mut done: impl AsyncFnMut(&Series),
) -> Fetched {
    let mut run = Run { deps, venue, holes, has_time, failing: BTreeMap::new(), begun: 0, fetched: Fetched::default() };
    let mut all = Vec::new();
    for together in Together::of(venue, series) {
        match run.look(&together).await {
            Some(looked) => all.push((together, looked)),
            None => each(&together, &mut done).await,
        }
    }
    // Whoever is current comes before whoever begins, and before whoever was asked about in vain.
    all.sort_by_key(|(_, looked)| looked.work());
    for (together, looked) in all {
        run.bring(&together, &looked).await;
        each(&together, &mut done).await;
    }
    run.fetched
}

async fn each(together: &Together, done: &mut impl AsyncFnMut(&Series)) {
    for series in together.all() {
        done(series).await;
    }
}

struct Run<'a, D, V, T> {
    deps: &'a D,
    venue: &'a V,
    holes: bool,
    has_time: T,
    /// Markets in a row of which an exchange has told nothing.
    failing: BTreeMap<Exchange, BTreeSet<MarketKey>>,
    /// Series with more than a page to ask for that were brought on.
    begun: usize,
    fetched: Fetched,
}

impl<D: FetchCandles, V: ListCandles, T: Fn(Millis) -> bool> Run<'_, D, V, T> {
    /// How far a series is kept; none where there is no time for it, or that could not be read.
    async fn look(&mut self, together: &Together) -> Option<Looked> {
        if self.is_away(&together.told) || !(self.has_time)(SUBMIT_TIMEOUT) {
            self.leave(together);
            return None;
        }
        let looked = Looked::at(self.deps, &together.told, self.holes).await;
        looked.map_err(|error| self.fail(together, &Unfetched::from(error))).ok()
    }

    /// Brings a series up to date, then those that are made of it.
    async fn bring(&mut self, together: &Together, looked: &Looked) {
        let is_long = looked.work() > CANDLES_PER_PAGE;
        let is_one_too_many = is_long && self.begun >= BEGINNINGS_PER_RUN;
        if is_one_too_many || self.is_away(&together.told) || !(self.has_time)(looked.takes()) {
            return self.leave(together);
        }
        if let Err(error) = self.one(looked).await {
            return self.fail(together, &error);
        }
        self.begun = self.begun.saturating_add(usize::from(is_long));
        if looked.span.is_some() {
            self.failing.remove(&together.told.market.exchange);
        }
        for made in &together.made {
            let done = match Looked::at(self.deps, made, self.holes).await {
                Ok(looked) => self.one(&looked).await,
                Err(error) => Err(error.into()),
            };
            self.fetched.failed.extend(done.err().map(|error| (made.clone(), error)));
        }
    }

    async fn one(&mut self, looked: &Looked) -> Result<(), Unfetched> {
        let mut came = None;
        let done = self.ask_and_mend(looked, &mut came).await;
        let age = looked.age(came, self.deps.now()).filter(|_| done != Err(Unfetched::UnknownMarket));
        self.fetched.ages.extend(age.map(|age| (looked.series.clone(), age)));
        self.fetched.series = self.fetched.series.saturating_add(u32::from(done.is_ok()));
        done
    }

    async fn ask_and_mend(&mut self, looked: &Looked, came: &mut Option<Millis>) -> Result<(), Unfetched> {
        if looked.span.is_none() && !self.holes {
            return Ok(());
        }
        let series = &looked.series;
        let market = self.deps.load_market(&series.market).await?.ok_or(Unfetched::UnknownMarket)?;
        let hand = Hand { deps: self.deps, venue: self.venue, market: &market, series };
        let heard = hand.catch_up(looked, &self.has_time, &mut self.fetched, came).await?;
        if self.holes { hand.mend(&looked.mark, heard, &self.has_time, &mut self.fetched).await } else { Ok(()) }
    }

    /// One market that nobody can tell of any more is not its exchange, in however many series.
    fn is_away(&self, series: &Series) -> bool {
        self.failing.get(&series.market.exchange).is_some_and(|markets| markets.len() >= MARKETS_FAILING_MAX)
    }

    fn leave(&mut self, together: &Together) {
        let left = u32::try_from(together.all().count()).unwrap_or(u32::MAX);
        self.fetched.left = self.fetched.left.saturating_add(left);
    }

    fn fail(&mut self, together: &Together, error: &Unfetched) {
        if matches!(error, Unfetched::Venue(_)) {
            let MarketKey { exchange, .. } = &together.told.market;
            self.failing.entry(exchange.clone()).or_default().insert(together.told.market.clone());
        }
        self.fetched.failed.extend(together.all().map(|series| (series.clone(), error.clone())));
    }
}
