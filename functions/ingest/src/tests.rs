//! Runs on memory, at a venue by hand.

use super::*;
use app::backfills::{self, Wanted};
use app::ports::{CandlesError, Clock as _, StoreError, VenueError, Wanting, Wish};
use domain::clock::Timestamp;
use domain::ids::{AttemptId, UserId};
use domain::market::{Candle, CandleSpan, Interval, Market, ToldCandle};
use domain::series::{BackfillState, KeptCandle};
use std::cell::{Cell, RefCell};
use store::market;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;
use wire::candle::CandleClosed;
use wire::text::Text;

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

/// What was put on the bus; nothing is taken where the world says that it is down.
#[derive(Default)]
struct Heard {
    told: RefCell<Vec<CandleClosed>>,
    is_down: Cell<bool>,
}

impl TellCandle for Heard {
    async fn tell_candle(&self, closed: &CandleClosed, _: Timestamp) -> Result<(), StoreError> {
        if self.is_down.get() {
            return Err(StoreError::Unavailable("away".to_owned()));
        }
        self.told.borrow_mut().push(closed.clone());
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
        let ingestion = Ingestion { deps: &world, venue: &venue, start: &start, bus: &Heard::default(), waits: false };
        let run = async |todo| ingestion.run(Ingest::new(todo, String::new()), &invocation(&world)).await.unwrap();
        run(Todo::Plan).await;
        assert!(start.0.borrow().is_empty(), "nobody wants anything");
        let by = Wanting::List(UserId::of(&["ann"]));
        market::Market(&world)
            .keep_wish(&Wish { series: series.clone(), by, since: world.now(), until: None })
            .await
            .unwrap();
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
        let ingestion = Ingestion { deps: &world, venue: &venue, start: &start, bus: &Heard::default(), waits: false };
        world.set_down("venue", true);
        let told = wire::ingest::Series::from(&series);
        let work = Ingest::new(Todo::Fetch { series: vec![told], holes: true }, "trace".to_owned());
        let invocation = invocation(&world);
        ingestion.run(work, &invocation).await.unwrap();
        assert_eq!((invocation.trace().as_str(), world.candles(&series).len()), ("trace", 0));
    });
}

#[test]
fn what_somebody_asked_for_is_begun_by_the_planner_and_ends_before_what_is_kept() {
    check(async |world, series| {
        let (venue, start) = (Venue(world.clone()), Begun::default());
        let ingestion = Ingestion { deps: &world, venue: &venue, start: &start, bus: &Heard::default(), waits: false };
        let run = async |todo| ingestion.run(Ingest::new(todo, String::new()), &invocation(&world)).await.unwrap();
        let told = wire::ingest::Series::from(&series);
        run(Todo::Fetch { series: vec![told], holes: false }).await;
        let since = world.now().minus(Millis::seconds(4_000 * 60));
        let wanted = Wanted { series: series.clone(), since, until: since.plus(Millis::seconds(60)) };
        let (ann, attempt) = (UserId::of(&["ann"]), AttemptId::new("a"));
        let begun = backfills::start(&world, wanted, &ann, &attempt, world.now()).await.unwrap();
        run(Todo::Plan).await;
        let work = start.0.borrow_mut().pop().unwrap();
        assert_eq!(work.clone().known().unwrap(), Todo::Backfill { id: Text(begun.id.clone()) });
        ingestion.run(work, &invocation(&world)).await.unwrap();
        let done = backfills::find(&world, &ann, &begun.id).await.unwrap();
        assert_eq!((done.state, done.percent()), (BackfillState::Done, 100));
        let opens: Vec<_> = world.candles(&series).iter().map(KeptCandle::opens_at).collect();
        assert!(opens.len() > 3_990 && opens.windows(2).all(|pair| pair[1].since(pair[0]) == Millis::seconds(60)));
        run(Todo::Plan).await;
        assert!(start.0.borrow().is_empty(), "it has ended");
    });
}

/// Until it is told, and each fifth minute once more.
#[test]
fn a_candle_that_somebody_acts_on_is_told_and_told_again_where_that_failed() {
    check(async |world, series| {
        let (venue, start, bus) = (Venue(world.clone()), Begun::default(), Heard::default());
        let ingestion = Ingestion { deps: &world, venue: &venue, start: &start, bus: &bus, waits: false };
        let run = async |announced, holes| {
            let series = vec![wire::ingest::Series::new(&series, announced)];
            let work = Ingest::new(Todo::Fetch { series, holes }, "trace".to_owned());
            ingestion.run(work, &invocation(&world)).await.unwrap();
            bus.told.borrow().len()
        };
        assert_eq!(run(false, false).await, 0, "nobody acts on it");
        bus.is_down.set(true);
        assert_eq!(run(true, false).await, 0);
        bus.is_down.set(false);
        assert_eq!([run(true, false).await, run(true, false).await, run(true, true).await], [1, 1, 2]);
        let told = bus.told.borrow().last().unwrap().clone();
        let newest = world.candles(&series).last().unwrap().opens_at();
        assert_eq!((told.trace.clone().as_str(), told.known().unwrap()), ("trace", (series.clone(), newest)));
        world.sim().sleep(series.interval.length()).await;
        assert_eq!([run(true, false).await, run(true, false).await], [3, 3], "the next one");
    });
}
