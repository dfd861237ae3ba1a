//! Events on memory, with the strategies that there are.

use super::*;
use app::actor::Act;
use app::bots::{Permit, create, start};
use app::ports::{Clock as _, PageRequest};
use domain::audit::Actor;
use domain::bot::Run;
use domain::clock::{Millis, Timestamp};
use domain::ids::AttemptId;
use domain::market::{Bar, Candle, Interval};
use domain::notice::Topic;
use domain::series::{KeptCandle, Series};
use store::trading::Trading;
use strategies::Registry;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;
use wire::bot::Asked;
use wire::candle::CandleClosed;

mod kept;

const MINUTE: Interval = Interval::OneMinute;

/// Somebody with a bot that has run for three minutes.
fn check(case: impl AsyncFnOnce(World, Run) + 'static) {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        let attempt = AttemptId::new("begin");
        let act = Act { user: &given.user, attempt: &attempt, now: inner.now(), address: None, actor: Actor::Person };
        let asked = Asked {
            name: Some("minutes".parse().unwrap()),
            account: Some(given.account.clone()),
            symbol: Some(given.market.key.symbol.clone()),
            timeframe: Some(MINUTE),
            strategy: Some("RSI_CROSS".to_owned()),
            ..Asked::default()
        };
        let bot = create(&inner, &Registry, asked, act).await.unwrap();
        let run = start(&inner, &Registry, &bot.id, Permit::default(), act).await.unwrap();
        inner.sim().sleep(Millis::seconds(180)).await;
        case(inner, run).await;
    });
}

/// Its price falls for hours, and rises by half with the newest candle; when that opens.
fn keep_candles(world: &World, series: &Series) -> Timestamp {
    let end = MINUTE.told_to(world.now());
    for back in (0..300_u32).rev() {
        let price = || if back == 0 { "150".parse().unwrap() } else { (100 + back / 5).to_string().parse().unwrap() };
        let closes_at = end.minus(MINUTE.times(back));
        let opens_at = closes_at.minus(MINUTE.length());
        let bar = Bar { opens_at, closes_at, open: price(), high: price(), low: price(), close: price() };
        let candle = Candle { bar, volume: "1".parse().unwrap(), is_closed: true };
        world.put_candle(series, KeptCandle { candle, kept_at: closes_at });
    }
    end.minus(MINUTE.length())
}

fn told(world: &World, series: &Series, opens_at: Timestamp) -> Told {
    Told { detail: CandleClosed::new(series, opens_at, "trace".to_owned(), world.now()) }
}

async fn handled(world: &World, told: Told) -> Result<Invocation, Error> {
    handled_within(world, told, 60).await
}

async fn handled_within(world: &World, told: Told, seconds: i64) -> Result<Invocation, Error> {
    let invocation = Invocation::begin("test", world.now(), world.now().plus(Millis::seconds(seconds))).unwrap();
    handle(world, &Registry, Woken::Told(Box::new(told)), &invocation).await.map(|()| invocation)
}

async fn handled_by_the_clock(world: &World) -> Result<(), Error> {
    let invocation = Invocation::begin("clock", world.now(), world.now().plus(Millis::seconds(60))).unwrap();
    handle(world, &Registry, Woken::Clock(wire::bot_runner::Clock::look()), &invocation).await
}

#[test]
fn a_candle_that_is_told_twice_raises_one_signal() {
    check(async |world, run| {
        let series = run.terms.series.clone();
        let opens_at = keep_candles(&world, &series);
        for _ in 0..2 {
            let invocation = handled(&world, told(&world, &series, opens_at)).await.unwrap();
            assert_eq!(invocation.trace(), "trace");
            let run = Trading(&world).load_run(&run.user, &run.id).await.unwrap().unwrap();
            assert_eq!((run.signals, run.decided_to), (1, opens_at.plus(MINUTE.length())));
        }
    });
}

#[test]
fn what_cannot_be_decided_yet_comes_again() {
    check(async |world, run| {
        let series = run.terms.series.clone();
        let opens_at = MINUTE.told_to(world.now()).minus(MINUTE.length());
        handled(&world, told(&world, &series, opens_at)).await.unwrap_err();
        let after = Trading(&world).load_run(&run.user, &run.id).await.unwrap().unwrap();
        assert_eq!(after, run, "the candle is not read yet");
        let newer = include_str!("../../../events/candle/closed.v1.json").replace("\"v\": 1", "\"v\": 2");
        let newer: Told = serde_json::from_str(&format!("{{\"detail\": {newer}}}")).unwrap();
        handled(&world, newer).await.unwrap_err();
    });
}

#[test]
fn a_run_for_which_no_time_is_left_decides_when_the_event_comes_again() {
    check(async |world, run| {
        let series = run.terms.series.clone();
        let opens_at = keep_candles(&world, &series);
        handled_within(&world, told(&world, &series, opens_at), 9).await.unwrap_err();
        assert_eq!(Trading(&world).load_run(&run.user, &run.id).await.unwrap().unwrap(), run);
        handled_within(&world, told(&world, &series, opens_at), 11).await.unwrap();
        assert_eq!(Trading(&world).load_run(&run.user, &run.id).await.unwrap().unwrap().signals, 1);
    });
}

/// The newest candle is told again and again where nothing newer is kept, and no exit is raised meanwhile.
#[test]
fn a_run_that_has_heard_nothing_for_an_hour_says_so_once() {
    check(async |world, run| {
        let series = run.terms.series.clone();
        let failing = async || Trading(&world).load_run(&run.user, &run.id).await.unwrap().unwrap().failing;
        let notices = async |unread_alone| {
            let page = PageRequest { cursor: None, limit: 10 };
            let notices = Trading(&world).list_notices(&run.user, unread_alone, &page, world.now()).await.unwrap();
            notices.items.iter().filter(|kept| kept.notice.topic == Topic::BotFailing).count()
        };
        let opens_at = keep_candles(&world, &series);
        handled(&world, told(&world, &series, opens_at)).await.unwrap();
        world.sim().sleep(Millis::seconds(60 * 60)).await;
        handled(&world, told(&world, &series, opens_at)).await.unwrap();
        assert_eq!(
            (failing().await, notices(false).await),
            (None, 0),
            "an hour and two of its candles have not passed"
        );
        Trading(&world).read_all_notices(&run.user, world.now()).await.unwrap();
        world.sim().sleep(Millis::seconds(60 * 5)).await;
        for _ in 0..2 {
            handled(&world, told(&world, &series, opens_at)).await.unwrap();
            assert!(failing().await.unwrap().starts_with("no candle has come for 65 minutes"));
            assert_eq!(notices(false).await, 1);
            assert_eq!(notices(true).await, 1, "it is news to whoever has read all that was there before");
        }
        let opens_at = keep_candles(&world, &series);
        handled(&world, told(&world, &series, opens_at)).await.unwrap();
        assert_eq!(failing().await, None, "it hears again");
    });
}

/// No event comes at all: the planner of candles does not run.
#[test]
fn a_run_that_nothing_wakes_is_found_by_the_clock() {
    check(async |world, run| {
        let look = async || handled_by_the_clock(&world).await.unwrap();
        let failing = async || Trading(&world).load_run(&run.user, &run.id).await.unwrap().unwrap().failing;
        look().await;
        assert_eq!(failing().await, None);
        world.sim().sleep(Millis::seconds(65 * 60)).await;
        for _ in 0..2 {
            look().await;
        }
        assert!(failing().await.unwrap().starts_with("no candle has come for 68 minutes"), "{:?}", failing().await);
        let page = PageRequest { cursor: None, limit: 10 };
        let notices = Trading(&world).list_notices(&run.user, false, &page, world.now()).await.unwrap();
        assert_eq!(notices.items.iter().filter(|kept| kept.notice.topic == Topic::BotFailing).count(), 1);
    });
}
