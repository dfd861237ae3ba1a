//! What is put around every venue: late requests stay, and no call is waited for too long.

use crate::pairs::pair;
use crate::world::{World, account, address, limit, market, ready};
use app::ports::{
    Address, Balance, Cancelled, CandlesError, ListCandles, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome, Pause,
    Request, Requests, Said, Tells, Terms, Unprepared, Urgency, Venue, VenueError, VenueOrder,
};
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
use domain::market::{Asset, Candle, CandleSpan, Exchange, Interval, Leverage, Market, MarketKey};
use domain::money::Price;
use domain::order::Direction::{Buy, Sell};
use domain::order::Fact;
use std::collections::BTreeMap;
use std::future::pending;
use std::time::Duration;
use tokio::time::{Instant, advance};
use venues::{Prompt, Timed};

/// A venue that answers nothing.
struct Silent;

impl Venue for Silent {
    fn terms(&self, _: &Exchange) -> Terms {
        Terms {
            validity: Some(Millis::ZERO),
            read_lag: Millis::ZERO,
            lists_reach: None,
            tells: Tells::ByOurId,
            requests: Requests::Parallel,
            lists_all: false,
            names_all_assets: true,
        }
    }
    async fn paused(&self, _: &AccountId, _: &Exchange, _: Urgency) -> Option<Pause> {
        pending().await
    }
    async fn prepare(&self, _: &AccountId, _: &Market, _: Leverage) -> Result<(), Unprepared> {
        pending().await
    }

    async fn positions(&self, _: &AccountId, _: &Exchange) -> Result<Vec<OpenPosition>, VenueError> {
        pending().await
    }

    async fn submit(&self, _: &Request) -> Outcome {
        pending().await
    }
    async fn submit_oco(&self, _: &OcoRequest) -> Outcome<OcoFacts> {
        pending().await
    }
    async fn cancel(&self, _: &Address) -> Cancelled {
        pending().await
    }
    async fn find_order(&self, _: &Address) -> Result<Option<Fact>, VenueError> {
        pending().await
    }
    async fn list_orders(&self, _: &AccountId, _: &Market, _: &str, _: Listed) -> Result<Vec<VenueOrder>, VenueError> {
        pending().await
    }
    async fn balances(&self, _: &AccountId, _: &Exchange) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        pending().await
    }
    async fn ticker(&self, _: &AccountId, _: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        pending().await
    }
    async fn price_at(&self, _: &AccountId, _: &MarketKey, _: Timestamp) -> Result<Option<Price>, VenueError> {
        pending().await
    }

    fn said(&self) -> Vec<Said> {
        Vec::new()
    }
}

#[tokio::test(start_paused = true)]
async fn a_venue_that_does_not_answer_is_unknown_after_the_submit_timeout() {
    let (venue, world, began) = (Timed::new(Silent), World::of_prices(&["100"]), Instant::now());
    let request = world.request("a", Buy, limit("90"), "0.5");
    assert!(matches!(venue.submit(&request).await, Outcome::Unknown(_)));
    assert_eq!(began.elapsed().as_secs(), 5);
    assert!(matches!(venue.cancel(&address("a")).await, Cancelled::Unknown(_)));
    assert!(venue.find_order(&address("a")).await.is_err());
    assert!(venue.list_orders(&account(), &market(), "m", Listed::Open).await.is_err());
    assert!(venue.balances(&account(), &market().key.exchange).await.is_err());
    assert!(venue.ticker(&account(), &market().key).await.is_err());
    assert!(venue.price_at(&account(), &market().key, Timestamp::default()).await.is_err());
    assert_eq!(venue.paused(&account(), &market().key.exchange, Urgency::Entry).await, None);
    assert_eq!(began.elapsed().as_secs(), 40);
}

impl ListCandles for Silent {
    async fn list_candles(&self, _: &Market, _: &CandleSpan) -> Result<Vec<Candle>, CandlesError> {
        pending().await
    }

    fn told_in(&self, _: &Exchange, _: Interval) -> Interval {
        Interval::OneMinute
    }
}

#[tokio::test(start_paused = true)]
async fn many_candles_are_waited_for_by_whoever_has_nobody_waiting() {
    let asked = async |venue: Timed<Silent>, count: u32| {
        let (began, end) = (Instant::now(), Timestamp::from_millis(1_700_000_040_000));
        let span = CandleSpan::between(Interval::OneMinute, end.minus(Interval::OneMinute.times(count)), end);
        let told = venue.list_candles(&market(), &span).await.unwrap_err();
        assert_eq!(venue.told_in(&market().key.exchange, Interval::OneDay), Interval::OneMinute);
        assert_eq!(venue.calls_taken().0, 1);
        (began.elapsed().as_secs(), told.to_string())
    };
    let told =
        |seconds: u64| (seconds, format!("the venue cannot be read now: no answer within {} ms", seconds * 1_000));
    assert_eq!(asked(Timed::new(Silent), 1_000).await, told(5));
    assert_eq!(asked(Timed::new(Silent).patient(), 18).await, told(5));
    assert_eq!(asked(Timed::new(Silent).patient(), 1_000).await, told(25));
}

#[tokio::test(start_paused = true)]
async fn a_venue_that_answers_in_time_is_heard() {
    let world = World::of_prices(&["100"]);
    let venue = Timed::new(Prompt::new(world.venue(), &world));
    let request = world.request("a", Buy, limit("90"), "0.5");
    advance(Duration::from_secs(1)).await;
    assert!(matches!(venue.submit(&request).await, Outcome::Accepted(_)));
    assert!(matches!(venue.cancel(&address("a")).await, Cancelled::Done(_)));
    assert!(venue.find_order(&address("a")).await.unwrap().is_some());
    let paper = &market().key.exchange;
    assert_eq!(venue.terms(paper), world.venue().terms(paper));
}

#[test]
fn a_request_leaves_within_two_seconds_of_its_signing_or_not_at_all() {
    for (late, leaves) in [(0, true), (2_000, true), (2_001, false)] {
        let world = World::of_prices(&["100"]);
        let request = world.request("a", Buy, limit("90"), "0.5");
        world.now.set(request.sent_at.plus(Millis::new(late)));
        let outcome = ready(Prompt::new(world.venue(), &world).submit(&request));
        assert_eq!(matches!(outcome, Outcome::Accepted(_)), leaves, "{late}: {outcome:?}");
        assert_eq!(matches!(outcome, Outcome::NotSent(_)), !leaves);
        assert_eq!(world.orders.borrow().is_empty(), !leaves);
    }
}

#[test]
fn a_pair_leaves_within_two_seconds_of_its_signing_or_not_at_all() {
    for (late, leaves) in [(0, true), (2_000, true), (2_001, false)] {
        let world = World::of_prices(&["100"]);
        let request = pair(&world, Sell);
        world.now.set(request.sent_at.plus(Millis::new(late)));
        let outcome = ready(Prompt::new(world.venue(), &world).submit_oco(&request));
        assert_eq!(matches!(outcome, Outcome::Accepted(_)), leaves, "{late}: {outcome:?}");
        assert_eq!(matches!(outcome, Outcome::NotSent(_)), !leaves);
        assert_eq!(world.orders.borrow().is_empty(), !leaves);
    }
}
