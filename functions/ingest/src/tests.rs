//! Runs on memory, at a venue by hand.

use super::*;
use app::ports::{CandlesError, Clock as _, KeepWish, StoreError, VenueError, Wanting, Wish};
use domain::ids::UserId;
use domain::market::{Candle, CandleSpan, Market, ToldCandle};
use std::cell::RefCell;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;

struct Venue(World);

impl ListCandles for Venue {
    async fn list_candles(&self, _: &Market, span: &CandleSpan) -> Result<Vec<Candle>, CandlesError> {
        if self.0.is_down("venue") {
            return Err(VenueError::Unavailable("away".to_owned()).into());
        }
        let price = || "2".parse().unwrap();
        let told = |opens_at| ToldCandle {
            opens_at,
            prices: [price(), price(), price(), price()],
            volume: "1".parse().unwrap(),
        };
        Ok(span.read(span.opens().map(told), self.0.now()).unwrap())
    }
}

#[derive(Default)]
struct Begun(RefCell<Vec<Ingest>>);

impl StartIngest for Begun {
    async fn start_ingest(&self, work: &Ingest, _: Timestamp) -> Result<(), StoreError> {
        self.0.borrow_mut().push(work.clone());
        Ok(())
    }
}

fn check(case: impl AsyncFnOnce(World, Series) + 'static) {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        case(inner, Series { market: given.market.key, interval: Interval::OneMinute }).await;
    });
}

fn invocation(world: &World) -> Invocation {
    Invocation::begin("test", world.now(), world.now().plus(Millis::seconds(60))).unwrap()
}

#[test]
fn what_somebody_wants_is_planned_and_what_is_planned_is_fetched() {
    check(async |world, series| {
        let (venue, start) = (Venue(world.clone()), Begun::default());
        let ingestion = Ingestion { deps: &world, venue: &venue, start: &start, waits: false };
        let run = async |todo| ingestion.run(Ingest::new(todo, String::new()), &invocation(&world)).await.unwrap();
        run(Todo::Plan).await;
        assert!(start.0.borrow().is_empty(), "nobody wants anything");
        let by = Wanting::List(UserId::of(&["ann"]));
        world.keep_wish(&Wish { series: series.clone(), by, since: world.now(), until: None }).await.unwrap();
        run(Todo::Plan).await;
        let begun = start.0.borrow_mut().pop().unwrap();
        assert!(!begun.trace.is_empty());
        ingestion.run(begun, &invocation(&world)).await.unwrap();
        assert_eq!(world.candles(&series).len(), 2_000);
    });
}

#[test]
fn a_venue_that_is_away_fails_no_run_and_a_newer_caller_does() {
    check(async |world, series| {
        let (venue, start) = (Venue(world.clone()), Begun::default());
        let ingestion = Ingestion { deps: &world, venue: &venue, start: &start, waits: false };
        world.set_down("venue", true);
        let told = wire::ingest::Series::from(&series);
        let work = Ingest::new(Todo::Fetch { series: vec![told], holes: true }, "trace".to_owned());
        let invocation = invocation(&world);
        ingestion.run(work, &invocation).await.unwrap();
        assert_eq!((invocation.trace().as_str(), world.candles(&series).len()), ("trace", 0));
    });
}

#[test]
fn a_planner_that_waits_does_so_for_seconds() {
    let wait = |ms: i64| until_told(Timestamp::from_millis(1_699_999_800_000 + ms)).get();
    assert_eq!([0, 1, 4_999, 5_000, 30_000, 59_999].map(wait), [5_000, 4_999, 1, 0, 0, 0]);
}
