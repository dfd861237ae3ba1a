//! What prices do after whale alerts is measured once, whatever becomes of the run that measures it; and what is said of a market each hour.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use app::whales::{Measured, each_hour, measure};
use domain::clock::{Millis, Timestamp};
use domain::market::{Bar, Candle, Interval, MarketKey};
use domain::money::Price;
use domain::series::{KeptCandle, Series};
use domain::whale::{After, Blockchain, SentimentInput, WhaleAlert, WhaleStatus};
use serde_json::{Value, json};
use std::future::pending;
use store::whale::{KeptAlert, Whales};
use testkit::sim::{Invocation, Plan, Sim, Strike, Strikes};
use testkit::world::{Strictness, World};
use wire::stored::{self, SentimentHour, WhaleDay};

/// An hour and a half after midnight.
const START: Timestamp = Timestamp::from_millis(1_763_602_200_000);
const MINUTE: Millis = Millis::seconds(60);
const HOUR: Millis = Millis::seconds(3_600);
const DAY: Millis = Millis::seconds(86_400);

fn hours(count: i64) -> Millis {
    Millis::new(HOUR.get() * count)
}

fn minutes(count: i64) -> Millis {
    Millis::new(MINUTE.get() * count)
}

/// Of ether at 2,000, in a block of this time; with these members.
fn alert(transaction: &str, at: Timestamp, changed: &Value) -> WhaleAlert {
    let mut row: Value = serde_json::from_str(include_str!("../../../../events/stored/whale_alert.v1.json")).unwrap();
    let id = WhaleAlert::id_of(Blockchain::Ethereum, transaction).to_string();
    let at = at.millis();
    let own = json!({"id": id, "transaction": transaction, "asset": "ETH", "decimals": 18, "units": "6000000000000000000000",
        "price": "2000", "impacts": [], "at": at, "detected_at": at + 30_000});
    for (name, value) in [&own, changed].into_iter().flat_map(|members| members.as_object().unwrap()) {
        row[name] = value.clone();
    }
    serde_json::from_value::<stored::WhaleAlert>(row).unwrap().try_into().unwrap()
}

fn ether(interval: Interval) -> Series {
    let market = MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "ETH/USDT".parse().unwrap() };
    Series { market, interval }
}

fn put(world: &World, interval: Interval, opens_at: Timestamp, (open, close): (i64, i64)) {
    let [open, close] = [open, close].map(|price| price.to_string().parse::<Price>().unwrap());
    let closes_at = opens_at.plus(interval.length());
    let bar = Bar { opens_at, closes_at, open, high: open.max(close), low: open.min(close), close };
    let candle = Candle { bar, volume: "1".parse().unwrap(), is_closed: true };
    world.put_candle(&ether(interval), KeptCandle { candle, kept_at: closes_at });
}

/// A minute that has closed then.
fn minute(world: &World, closes_at: Timestamp, close: i64) {
    put(world, Interval::OneMinute, closes_at.minus(MINUTE), (close, close));
}

/// So many days before the hour of the start each hour has begun at 2,000 and ended as many dollars higher as it was days before.
fn month(world: &World, days: i64) {
    let hour = START.minus(Millis::new(START.millis().rem_euclid(HOUR.get())));
    for before in 1..=days * 24 {
        let day = (before + 23).div_euclid(24);
        put(world, Interval::OneHour, hour.minus(hours(before)), (2_000, 2_000 + day));
    }
}

#[derive(Clone)]
struct Story {
    world: World,
}

impl Story {
    fn new(strikes: Strikes) -> Self {
        Self { world: World::new(Sim::new(Plan { strikes, ..Plan::calm() }, START, false), Strictness::default()) }
    }

    fn done<T: 'static>(&self, work: impl AsyncFnOnce(&World) -> T + 'static) -> T {
        let world = self.world.clone();
        self.world.sim().block_on("work", async move { work(&world).await })
    }

    fn keep(&self, alert: &WhaleAlert) {
        let (alert, kept) = (alert.clone(), self.find(alert));
        self.done(async move |world| assert!(Whales(world).keep_alert(&alert, kept.as_ref()).await.unwrap()));
    }

    fn find(&self, alert: &WhaleAlert) -> Option<KeptAlert> {
        let id = alert.id.clone();
        self.done(async move |world| Whales(world).find_alert(&id).await.unwrap())
    }

    /// A run after so long.
    fn run_at(&self, at: Timestamp) -> Measured {
        let sim = self.world.sim().clone();
        self.done(async move |world| {
            sim.sleep(at.since(sim.now())).await;
            measure(world, pending()).await.unwrap()
        })
    }

    fn day(&self) -> Vec<WhaleDay> {
        self.done(async |world| Whales(world).count_days(START.day() - 2).await.unwrap())
    }

    /// What is due at any time.
    fn due(&self) -> usize {
        self.done(async |world| Whales(world).list_due(START.plus(hours(1_000)), None).await.unwrap().len())
    }
}

/// Two alerts, and runs of three minutes after an hour and after a day, one of which is struck somewhere.
fn measured(strikes: Strikes) -> Story {
    let story = Story::new(strikes);
    month(&story.world, 31);
    let alerts = [alert("0xa", START, &json!({})), alert("0xb", START.plus(MINUTE), &json!({}))];
    for one in &alerts {
        let (alert, after) = (one.clone(), minutes(60));
        minute(&story.world, alert.at.plus(after), 2_020);
        minute(&story.world, alert.at.plus(DAY), 1_960);
    }
    let sim = story.world.sim().clone();
    for one in alerts {
        let world = story.world.clone();
        let kept = async move {
            let seen = Whales(&world).find_alert(&one.id).await.unwrap();
            assert!(Whales(&world).keep_alert(&one, seen.as_ref()).await.unwrap());
        };
        let run = Invocation { name: "keep".into(), limit: None, strikable: false, future: kept };
        sim.at(START, {
            let sim = sim.clone();
            move || sim.spawn(run, |_| ())
        });
    }
    for after in [HOUR, DAY] {
        for minute in 2..6 {
            let (world, inner) = (story.world.clone(), sim.clone());
            sim.at(START.plus(after).plus(minutes(minute)), move || {
                let future = async move { measure(&world, pending()).await };
                let run = Invocation { name: "measure".into(), limit: Some(MINUTE), strikable: true, future };
                inner.spawn(run, |_| ());
            });
        }
    }
    sim.run_until(START.plus(DAY).plus(minutes(10)), &mut || (), &mut || false);
    sim.end_faults();
    assert_eq!(sim.violations(), Vec::<String>::new());
    story
}

fn assert_measured(story: &Story, what: &str) {
    for transaction in ["0xa", "0xb"] {
        let kept = story.find(&alert(transaction, START, &json!({}))).unwrap().alert;
        let told = |after| {
            let impact = &kept.impacts[&after];
            let base = impact.base.unwrap();
            let percents = [impact.change, base.mean, base.low, base.high].map(|percent| percent.to_string());
            (impact.price.to_string(), percents.join(" "), base.count, impact.is_unusual())
        };
        assert_eq!(told(After::Hour), ("2020".into(), "1 0.775 0.15 1.35".into(), 30, Some(false)), "{what}");
        assert_eq!(told(After::Day), ("1960".into(), "-2 0.775 0.15 1.35".into(), 30, Some(true)), "{what}");
    }
    let days = story.day();
    assert_eq!((days.len(), story.due()), (1, 0), "{what}");
    let WhaleDay { alerts, measured_1h, change_1h, base_1h, unusual_1h, .. } = days[0];
    assert_eq!((alerts, measured_1h, change_1h, base_1h, unusual_1h), (2, 2, 20_000, 15_500, 0), "{what}");
    let WhaleDay { measured_24h, change_24h, base_24h, unusual_24h, .. } = days[0];
    assert_eq!((measured_24h, change_24h, base_24h, unusual_24h), (2, -40_000, 15_500, 2), "{what}");
}

#[test]
fn what_a_price_has_done_is_measured_once_wherever_a_run_ends() {
    let calm = measured(Strikes::None);
    assert_measured(&calm, "calm");
    let ops = calm.world.sim().ops().len();
    for at in 0..ops {
        for strike in [Strike::Crash, Strike::LoseReply, Strike::Refuse] {
            let story = measured(Strikes::At(vec![(at, strike)]));
            assert_measured(&story, &format!("{strike:?} at {at}"));
        }
    }
}

#[test]
fn nothing_is_due_of_what_has_no_price_or_is_not_published() {
    let story = Story::new(Strikes::None);
    for changed in [
        json!({"asset": "USDT", "price": null}),
        json!({"kind": "mint", "score": 1}),
        json!({"kind": "internal", "score": 1}),
        json!({"status": "orphaned", "revoked_at": START.millis()}),
    ] {
        let transaction = format!("0x{}", changed.to_string().len());
        story.keep(&alert(&transaction, START, &changed));
    }
    assert_eq!(story.due(), 0);
    story.keep(&alert("0xa", START, &json!({})));
    assert_eq!(story.due(), 2);
}

#[test]
fn orphaned_alert_is_not_measured_and_one_that_is_mined_again_is_measured_from_its_new_block_on() {
    let story = Story::new(Strikes::None);
    let (first, later) = (alert("0xa", START, &json!({})), START.plus(minutes(7)));
    for (closes_at, close) in [(START.plus(HOUR), 2_100), (later.plus(HOUR), 2_200)] {
        minute(&story.world, closes_at, close);
    }
    story.keep(&first);
    story.keep(&WhaleAlert { status: WhaleStatus::Orphaned, revoked_at: Some(START.plus(MINUTE)), ..first.clone() });
    let again = alert("0xa", later, &json!({"block": {"number": 21_000_009, "hash": "0xee"}}));
    let again = again.after(story.find(&first).map(|kept| kept.alert).as_ref()).unwrap();
    story.keep(&again);
    assert_eq!(story.due(), 4);
    let done = story.run_at(START.plus(HOUR).plus(minutes(3)));
    assert_eq!((done.measured, done.dropped), (0, 1), "what was due of the block that was orphaned");
    let done = story.run_at(later.plus(HOUR).plus(minutes(3)));
    assert_eq!((done.measured, done.dropped), (1, 0));
    let kept = story.find(&first).unwrap().alert;
    assert_eq!(kept.impacts[&After::Hour].change.to_string(), "10");
    assert_eq!((kept.impacts[&After::Hour].base, story.day()[0].measured_1h), (None, 0), "without a base rate");
    let gone = WhaleAlert { status: WhaleStatus::Orphaned, revoked_at: Some(later), ..kept };
    story.keep(&gone);
    assert_eq!(story.run_at(later.plus(DAY).plus(minutes(3))).dropped, 2);
    assert_eq!((story.due(), story.day()[0].alerts), (0, 0));
}

#[test]
fn price_that_is_missing_is_waited_for_and_given_up_after_a_day() {
    let story = Story::new(Strikes::None);
    let (known, missing) = (START, START.plus(minutes(30)));
    story.keep(&alert("0xa", known, &json!({})));
    story.keep(&alert("0xb", missing, &json!({})));
    // The last minute of its block, which was fetched after it was read; six minutes before it is due, and then five.
    minute(&story.world, known, 2_100);
    minute(&story.world, known.plus(minutes(54)), 2_500);
    let at = known.plus(HOUR).plus(minutes(2));
    assert_eq!(story.run_at(at.minus(MINUTE)), Measured::default(), "not before its minute is fetched");
    assert_eq!(story.run_at(at).waiting, 1);
    minute(&story.world, known.plus(minutes(55)), 2_205);
    assert_eq!(story.run_at(at.plus(MINUTE)).waiting, 1, "the very last minute may come yet");
    assert_eq!(story.run_at(known.plus(HOUR).plus(minutes(10))).measured, 1);
    let kept = story.find(&alert("0xa", known, &json!({}))).unwrap().alert;
    let impact = &kept.impacts[&After::Hour];
    assert_eq!((impact.price.to_string(), impact.change.to_string()), ("2205".to_owned(), "5".to_owned()));
    assert_eq!(kept.price.unwrap().to_string(), "2100");
    let given_up = missing.plus(HOUR).plus(DAY).plus(MINUTE);
    assert_eq!(story.run_at(given_up.minus(minutes(2))).dropped, 0);
    assert_eq!(story.run_at(given_up).dropped, 1);
    assert!(story.find(&alert("0xb", missing, &json!({}))).unwrap().alert.impacts.is_empty());
    // A candle that comes half a day late.
    minute(&story.world, known.plus(DAY), 2_310);
    assert_eq!(story.run_at(known.plus(DAY).plus(hours(12))).measured, 1);
}

/// More than are read in one request, none of which has a price.
#[test]
fn what_waits_holds_nothing_else_up() {
    let story = Story::new(Strikes::None);
    for number in 0..510 {
        story.keep(&alert(&format!("0x{number}"), START, &json!({})));
    }
    let last = alert("0xlast", START.plus(minutes(10)), &json!({}));
    story.keep(&last);
    minute(&story.world, last.at.plus(HOUR), 2_020);
    let done = story.run_at(last.at.plus(HOUR).plus(minutes(2)));
    assert_eq!((done.measured, done.waiting), (1, 510));
}

fn sentiment(story: &Story, at: Timestamp) -> (bool, Vec<SentimentHour>) {
    let sim = story.world.sim().clone();
    story.done(async move |world| {
        sim.sleep(at.since(sim.now())).await;
        let done = each_hour(world, &[Blockchain::Ethereum].into()).await.unwrap();
        (done, Whales(world).list_sentiment(START.minus(DAY)).await.unwrap())
    })
}

#[test]
fn what_is_said_of_a_market_is_stored_once_an_hour() {
    let story = Story::new(Strikes::None);
    // The hour for which it is stored begins half an hour after the start.
    let hour = START.plus(minutes(30));
    for before in 2..=32 * 24 {
        // Over a day it usually gains 1 to 30 dollars; over the last one it has gained 9.
        let day = (before + 23_i64).div_euclid(24);
        let close = if day == 1 { 2_010 } else { 2_000 + day - 1 };
        put(&story.world, Interval::OneHour, hour.minus(hours(before)), (2_000, close));
    }
    let out = json!({"kind": "exchange_outflow", "worth": "30000000"});
    story.keep(&alert("0xa", hour, &out));
    story.keep(&alert("0xb", hour.minus(DAY).minus(MINUTE), &out));
    story.keep(&alert("0xc", hour, &json!({"status": "orphaned", "revoked_at": hour.millis()})));
    assert_eq!(sentiment(&story, hour.plus(MINUTE)), (false, vec![]), "not before its candle is fetched");
    assert_eq!(sentiment(&story, hour.plus(minutes(3))), (false, vec![]), "it is waited for");
    put(&story.world, Interval::OneHour, hour.minus(HOUR), (2_000, 2_010));
    // Other markets have no candles at all.
    let (done, stored) = sentiment(&story, hour.plus(minutes(4)));
    assert!(done);
    let told = stored[0].clone().read().collect::<Vec<_>>();
    assert_eq!((stored.len(), told.len(), told[0].symbol.to_string(), told[0].at), (1, 1, "ETH/USDT".into(), hour));
    let inputs: Vec<_> = told[0].inputs.iter().map(|one| (one.input, one.score.to_string())).collect();
    // 30 of 40 million; 0.4498 of the 1.35 percent that nine days of ten are below.
    let wanted = [(SentimentInput::WhaleFlow, "0.75"), (SentimentInput::PriceMomentum, "0.3332")];
    assert_eq!(inputs, wanted.map(|(input, score)| (input, score.to_owned())));
    assert_eq!(told[0].score.to_string(), "0.4848");
    assert_eq!(sentiment(&story, hour.plus(minutes(11))), (false, stored), "once");
    assert!(!sentiment(&story, hour.plus(minutes(69))).0);
    let (done, next) = sentiment(&story, hour.plus(minutes(70)));
    assert_eq!((done, next.len()), (true, 2), "with what is there by then");
    assert_eq!(next[0].markets[0].inputs.len(), 1, "its last hour has no candle");
}
