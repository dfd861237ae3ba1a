//! A run: which series come when, and which are left to the next.

use super::failing::{note_answer, note_failure};
use super::fetched::Fetched;
use super::looked::{Looked, Together};
use super::{Hand, Unfetched};
use crate::ports::ListCandles;
use domain::clock::Millis;
use domain::limits::{BEGINNINGS_PER_RUN, CANDLES_PER_PAGE, FAILING_COME_EVERY, MARKETS_FAILING_MAX, SUBMIT_TIMEOUT};
use domain::market::{Exchange, Market, MarketKey};
use domain::series::Series;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use store::{Engine, market};

/// Fetches what has closed of these series, one after another, as long as this says that there is time for a call that takes so long: first
/// those of which most is missing, since an earlier run has left them out. What was asked for in vain keeps few waiting that were not, and
/// what begins none. Each is told to `done` as soon as this run is done with it, whatever came of it.
pub async fn fetch<D: Engine, V: ListCandles>(
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
    for (together, looked) in in_order(all) {
        run.bring(&together, &looked).await;
        each(&together, &mut done).await;
    }
    run.fetched
}

/// Those that begin come last, and of the others one after some that was asked for in vain.
fn in_order(all: Vec<(Together, Looked)>) -> Vec<(Together, Looked)> {
    let (mut begin, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(_, looked)| looked.work() > CANDLES_PER_PAGE);
    let (mut failing, mut current): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|(_, looked)| looked.mark.failing.is_some());
    begin.sort_by_key(|(_, looked)| looked.work());
    failing.sort_by_key(|(_, looked)| looked.work());
    current.sort_by_key(|(_, looked)| Reverse(looked.work()));
    let (mut failing, mut ordered) = (failing.into_iter(), Vec::new());
    for (place, one) in (1..).zip(current) {
        ordered.push(one);
        if place % FAILING_COME_EVERY == 0 {
            ordered.extend(failing.next());
        }
    }
    ordered.into_iter().chain(failing).chain(begin).collect()
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

impl<D: Engine, V: ListCandles, T: Fn(Millis) -> bool> Run<'_, D, V, T> {
    /// How far a series is kept; none where there is no time for it, or that could not be read.
    async fn look(&mut self, together: &Together) -> Option<Looked> {
        if self.is_away(&together.told) || !(self.has_time)(SUBMIT_TIMEOUT) {
            self.leave(together);
            return None;
        }
        let looked = Looked::at(self.deps, &together.told, self.holes).await;
        match looked {
            Ok(looked) => Some(looked),
            Err(error) => {
                self.fail(together, &error.into()).await;
                None
            }
        }
    }

    /// Brings a series up to date, then those that are made of it.
    async fn bring(&mut self, together: &Together, looked: &Looked) {
        let is_long = looked.work() > CANDLES_PER_PAGE;
        let is_one_too_many = is_long && self.begun >= BEGINNINGS_PER_RUN;
        if is_one_too_many || self.is_away(&together.told) || !(self.has_time)(looked.takes()) {
            return self.leave(together);
        }
        if let Err(error) = self.one(looked).await {
            return self.fail(together, &error).await;
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
            if let Err(error) = done {
                self.fail_one(made, &error).await;
            }
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
        let market = self.market(&series.market).await?;
        let hand = Hand { deps: self.deps, venue: self.venue, market: &market, series };
        let heard = hand.catch_up(looked, &self.has_time, &mut self.fetched, came).await?;
        if self.holes {
            hand.mend(&looked.mark, heard, &self.has_time, &mut self.fetched).await?;
        }
        Ok(note_answer(self.deps, looked).await?)
    }

    /// One that is listed no more as well: exchanges go on telling its candles while it is not traded for some minutes, and a list is read every few
    /// hours. Whoever holds it is to hear when to leave.
    async fn market(&self, key: &MarketKey) -> Result<Market, Unfetched> {
        if let Some(listed) = market::Market(self.deps).load_market(key).await? {
            return Ok(listed);
        }
        market::Market(self.deps).load_former_market(key).await?.ok_or(Unfetched::UnknownMarket)
    }

    /// One market that nobody can tell of any more is not its exchange, in however many series.
    fn is_away(&self, series: &Series) -> bool {
        self.failing.get(&series.market.exchange).is_some_and(|markets| markets.len() >= MARKETS_FAILING_MAX)
    }

    fn leave(&mut self, together: &Together) {
        let left = u32::try_from(together.all().count()).unwrap_or(u32::MAX);
        self.fetched.left = self.fetched.left.saturating_add(left);
    }

    async fn fail(&mut self, together: &Together, error: &Unfetched) {
        if matches!(error, Unfetched::Venue(_)) {
            let MarketKey { exchange, .. } = &together.told.market;
            self.failing.entry(exchange.clone()).or_default().insert(together.told.market.clone());
        }
        for series in together.all() {
            self.fail_one(series, error).await;
        }
    }

    /// Where that cannot be noted now, the next run notes it.
    async fn fail_one(&mut self, series: &Series, error: &Unfetched) {
        drop(note_failure(self.deps, series, error).await);
        self.fetched.failed.push((series.clone(), error.clone()));
    }
}
