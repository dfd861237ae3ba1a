//! A list of transfers without blocks: each is an alert once, however often and however late it is listed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use app::ports::{Clock, PublishWhaleAlert, StoreError};
use app::whales::{Watched, Watching, watch_list};
use domain::clock::{Millis, Timestamp};
use domain::ids::SourceId;
use domain::whale::{
    Blockchain, ChainAddress, FeedFault, Flows, ListPage, Listed, Listing, Seen, Units, Watch, WhaleAlert, WhaleStatus,
};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use store::whale::Whales;
use testkit::sim::{Invocation, Plan, Sim, Strike, Strikes};
use testkit::world::{Strictness, World};
use wire::whale::WhaleEventDetail;

const START: Timestamp = Timestamp::from_millis(1_763_628_660_000);
const PAGE: usize = 2;
const RUN: Millis = Millis::seconds(20);

#[derive(Clone, Default)]
struct Bus(Rc<RefCell<Vec<String>>>);

impl PublishWhaleAlert for Bus {
    async fn publish_whale_alert(&self, event: &WhaleEventDetail, _: Timestamp) -> Result<(), StoreError> {
        self.0.borrow_mut().push(event.kind.clone());
        Ok(())
    }
}

#[derive(Clone)]
struct Story {
    world: World,
    bus: Bus,
    listed: Rc<RefCell<Vec<(Timestamp, Seen)>>>,
    /// Pages that are answered before one is not.
    answers: Rc<Cell<usize>>,
    /// Of the source.
    version: Rc<Cell<u64>>,
}

fn source() -> SourceId {
    SourceId::of(&["list"])
}

fn listing() -> Listing {
    let listed = |asset: &str, decimals| Listed { asset: asset.parse().unwrap(), decimals };
    let token = address(9);
    Listing {
        native: listed("ETH", 18),
        tokens: [(token, listed("USDT", 6))].into(),
        priced_by: BTreeMap::new(),
        pegged: BTreeSet::new(),
    }
}

fn address(end: u8) -> ChainAddress {
    ChainAddress::parse(Blockchain::Ethereum, &format!("0x{end:040x}")).unwrap()
}

impl Story {
    fn new() -> Self {
        Self::struck(Strikes::None)
    }

    fn struck(strikes: Strikes) -> Self {
        let plan = Plan { seed: 1, strikes, ..Plan::calm() };
        let world = World::new(Sim::new(plan, START, false), Strictness::default());
        let answers = Rc::new(Cell::new(usize::MAX));
        Self { world, bus: Bus::default(), listed: Rc::default(), answers, version: Rc::new(Cell::new(1)) }
    }

    /// Two million dollars in a block of this time.
    fn lists(&self, transaction: &str, at: Timestamp) {
        let listing = listing();
        let of = listing.by_asset("USDT").unwrap().clone();
        let mut flows = Flows::none(Blockchain::Ethereum);
        flows.moves(Some(&address(1)), Some(&address(2)), &Units { of, count: 2_000_000_000_000 }).unwrap();
        let seen = Seen { transaction: transaction.to_owned(), flows, labels: Vec::new() };
        self.listed.borrow_mut().push((at, seen));
    }

    async fn page(&self, since: Timestamp, next: Option<&str>) -> Result<ListPage, FeedFault> {
        let left = self.answers.get().checked_sub(1).ok_or(FeedFault::Unreachable)?;
        self.answers.set(left);
        let from: usize = next.map_or(0, |next| next.parse().unwrap());
        let all: Vec<_> = self.listed.borrow().iter().filter(|(at, _)| *at >= since).cloned().collect();
        let next = (all.len() > from + PAGE).then(|| (from + PAGE).to_string());
        Ok(ListPage { seen: all.into_iter().skip(from).take(PAGE).collect(), next })
    }

    async fn run(self) -> Result<Watched, StoreError> {
        let (listing, labels) = (listing(), BTreeMap::new());
        let watching = Watching {
            source: &source(),
            version: self.version.get(),
            name: "list",
            chain: Blockchain::Ethereum,
            listing: &listing,
            labels: &labels,
            minimum: "1000000".parse().unwrap(),
            trace: "trace",
        };
        let page = async |since, next: Option<&str>| self.page(since, next).await;
        let deadline = self.world.sim().sleep(RUN);
        watch_list(&self.world, &self.bus, &watching, page, deadline).await
    }

    /// One run, now; what its source says then.
    fn once(&self) -> Watch {
        let (story, sim) = (self.clone(), self.world.sim().clone());
        let run = async move {
            story.clone().run().await.unwrap();
            Whales(&story.world).load_watch(&source()).await.unwrap().unwrap()
        };
        sim.block_on("watch", run)
    }

    /// A run in each of these minutes; what is listed in each of the first ones.
    fn play(&self, listed: usize, minutes: usize) {
        let sim = self.world.sim().clone();
        for minute in 0..minutes {
            let (story, inner) = (self.clone(), sim.clone());
            let at = START.plus(Millis::seconds(60 * i64::try_from(minute).unwrap()));
            sim.at(at, move || {
                if minute < listed {
                    for part in 0..3 {
                        story.lists(&format!("0x{minute}{part}"), at.minus(Millis::seconds(30 - part)));
                    }
                }
                let run = Invocation {
                    name: "list".into(),
                    limit: Some(Millis::seconds(30)),
                    strikable: true,
                    future: story.run(),
                };
                inner.spawn(run, |_| ());
            });
        }
        sim.run_until(START.plus(Millis::seconds(60 * i64::try_from(minutes).unwrap())), &mut || (), &mut || false);
        sim.end_faults();
        assert_eq!(sim.violations(), Vec::<String>::new());
    }

    /// Each is an alert once, and was published.
    fn assert_all(&self, count: usize, what: &str) {
        let world = self.world.clone();
        let look = async move {
            let alerts = Whales(&world).list_detected(START, world.now()).await.unwrap();
            (alerts, Whales(&world).count_days(START.day() - 1).await.unwrap())
        };
        let (alerts, days) = self.world.sim().block_on("look", look);
        assert_eq!(alerts.len(), count, "{what}");
        assert!(alerts.iter().all(|alert| alert.status == WhaleStatus::Final), "{what}");
        assert_eq!(days.iter().map(|day| day.alerts).sum::<i64>(), i64::try_from(count).unwrap(), "{what}: days");
        assert!(self.published() >= 2 * count, "{what}: {} events", self.published());
    }

    fn passes(&self, time: Millis) {
        let sim = self.world.sim().clone();
        self.world.sim().block_on("wait", async move { sim.sleep(time).await });
    }

    fn alert(&self, transaction: &str) -> Option<WhaleAlert> {
        let (world, id) = (self.world.clone(), WhaleAlert::id_of(Blockchain::Ethereum, transaction));
        let found = async move { Whales(&world).find_alert(&id).await.unwrap() };
        self.world.sim().block_on("find", found).map(|kept| kept.alert)
    }

    fn published(&self) -> usize {
        self.bus.0.borrow().len()
    }
}

#[test]
fn transfer_is_final_and_told_once_however_often_it_is_listed() {
    let story = Story::new();
    let now = story.world.now();
    for (name, minutes) in [("0xa", 3), ("0xb", 2), ("0xc", 1)] {
        story.lists(name, now.minus(Millis::seconds(60 * minutes)));
    }
    let read = story.once();
    assert_eq!((read.fault, read.counts.alerts), (None, 3), "of two pages");
    let alert = story.alert("0xc").unwrap();
    assert_eq!((alert.status, alert.block, alert.confirmations), (WhaleStatus::Final, None, 0));
    assert_eq!(story.published(), 6, "each is seen, and final");
    for _ in 0..3 {
        story.passes(Millis::seconds(60));
        story.lists(&format!("0x{}", story.world.now().millis()), story.world.now());
        story.once();
    }
    assert_eq!((story.once().counts.alerts, story.published()), (6, 12));
}

#[test]
fn transfer_that_is_listed_late_is_told_all_the_same() {
    let story = Story::new();
    story.lists("0xa", story.world.now());
    story.once();
    story.passes(Millis::seconds(120));
    story.lists("0xb", story.world.now().minus(Millis::seconds(400)));
    story.once();
    assert!(story.alert("0xb").is_some());
}

#[test]
fn run_that_ends_between_two_pages_is_made_anew() {
    let story = Story::new();
    let now = story.world.now();
    (0..5).for_each(|number| story.lists(&format!("0x{number}"), now.minus(Millis::seconds(60 * number))));
    story.answers.set(1);
    let ended = story.once();
    assert_eq!((ended.fault.unwrap().fault.as_str(), ended.listed_to, story.published()), ("unreachable", None, 4));
    story.answers.set(usize::MAX);
    let read = story.once();
    assert_eq!((read.fault, read.counts.alerts, read.listed_to >= Some(now)), (None, 5, true));
    assert_eq!(story.published(), 10);
}

#[test]
fn transfer_of_a_time_that_cannot_be_is_not_believed() {
    let story = Story::new();
    story.lists("0xa", story.world.now().plus(Millis::seconds(3 * 3_600)));
    let read = story.once();
    assert_eq!((read.fault.unwrap().fault.as_str(), story.alert("0xa")), ("wrong_time", None));
}

#[test]
fn source_that_was_changed_is_not_left_alone_any_more() {
    let story = Story::new();
    story.lists("0xa", story.world.now());
    story.answers.set(0);
    for _ in 0..4 {
        let failing = story.once().fault.unwrap();
        story.passes(failing.again_at.since(story.world.now()));
    }
    let failing = story.once().fault.unwrap();
    assert!(failing.again_at.since(story.world.now()) > Millis::seconds(200), "{failing:?}");
    story.answers.set(usize::MAX);
    assert!(story.once().fault.is_some(), "it is left alone");
    story.version.set(2);
    assert_eq!(story.once().fault, None);
    assert!(story.alert("0xa").is_some());
}

/// Longer than the list goes back.
#[test]
fn list_that_was_not_read_for_hours_goes_on_and_says_that_some_are_left_out() {
    let story = Story::new();
    story.once();
    story.passes(Millis::seconds(3 * 3_600));
    story.lists("0xa", story.world.now());
    story.answers.set(0);
    assert_eq!(story.once().counts.lost, 0, "not for each run that fails");
    story.answers.set(usize::MAX);
    let read = story.once();
    assert_eq!((read.fault, read.counts.lost, read.counts.alerts), (None, 1, 1));
    // A quiet list stays within reach.
    for _ in 0..3 {
        story.passes(Millis::seconds(2_400));
        assert_eq!(story.once().counts.lost, 1);
    }
}

#[test]
fn list_without_an_end_is_left_after_some_pages() {
    let story = Story::new();
    let now = story.world.now();
    (0..40).for_each(|number| story.lists(&format!("0x{number}"), now.minus(Millis::seconds(300 - number))));
    story.answers.set(9);
    let read = story.once();
    assert_eq!((read.fault, read.counts.alerts, story.answers.get()), (None, 16, 1), "eight pages of two");
    assert_eq!(read.counts.lost, 1, "it would be read no further");
}

#[test]
fn what_a_run_has_no_pages_for_is_read_by_the_next_ones() {
    let story = Story::new();
    story.once();
    let begun = story.world.now();
    (0..30).for_each(|number| story.lists(&format!("0x{number}"), begun.plus(Millis::seconds(60 + 100 * number))));
    story.passes(Millis::seconds(3_200));
    let read: Vec<_> = (0..4).map(|_| story.once()).collect();
    let alerts: Vec<_> = read.iter().map(|watch| watch.counts.alerts).collect();
    assert_eq!((alerts, read[3].counts.lost), (vec![16, 25, 30, 30], 0));
}

#[test]
fn run_over_a_list_may_end_at_every_call() {
    let calm = Story::new();
    calm.play(3, 6);
    calm.assert_all(9, "calm");
    for at in 0..calm.world.sim().ops().len() {
        for strike in [Strike::Crash, Strike::LoseReply, Strike::Refuse] {
            let story = Story::struck(Strikes::At(vec![(at, strike)]));
            story.play(3, 6);
            story.assert_all(9, &format!("{strike:?} at {at}"));
        }
    }
}
