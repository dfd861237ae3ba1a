//! A chain that is orphaned again and again is watched, and the run that watches it is killed at every kind of call: nothing that stands is left out,
//! nothing is there twice, and what was orphaned is revoked.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test")]

use app::ports::{Clock, PublishWhaleAlert, ReadBlocks, StoreError};
use app::whales::{Watched, Watching, watch};
use chain_sim::{Block, Chain, Kind, Move, Transaction, Transfer};
use domain::clock::{Millis, Timestamp};
use domain::ids::SourceId;
use domain::market::{Bar, Candle, Interval, MarketKey};
use domain::money::Price;
use domain::series::{KeptCandle, Series};
use domain::whale::{
    BlockRef, Blockchain, ChainAddress, Counts, FeedFault, Flows, Header, Label, LabelCategory, Listed, Listing,
    ScoreReason, Seen, TransactionType, Units, Watch, WhaleAlert, WhaleStatus,
};
use fastrand::Rng;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::ops::RangeInclusive;
use std::rc::Rc;
use store::whale::Whales;
use testkit::sim::{Invocation, Latency, Op, Passage, Plan, Rates, Sim, Strike, Strikes};
use testkit::world::{Strictness, World};
use wire::whale::WhaleEventDetail;

const START: Timestamp = Timestamp::from_millis(1_700_000_040_000);
const MINUTE: Millis = Millis::seconds(60);
/// How long one run reads on.
const RUN: Millis = Millis::seconds(25);
const BLOCKS_A_MINUTE: usize = 5;
const USDT: &str = "0xdac17f958d2ee523a2206206994597c13d831ec7";
/// Of a token whose units are dollars' millionths.
const MILLION: u128 = 1_000_000_000_000;

const SEEN: &str = "whale.alert.v1";
const HIGH: &str = "whale.alert.high.v1";
const FINAL: &str = "whale.alert.final.v1";
const REVOKED: &str = "whale.alert.revoked.v1";

/// An endpoint of the chain that is so many blocks behind.
#[derive(Clone)]
struct Endpoint {
    sim: Sim,
    chain: Rc<RefCell<Chain>>,
    behind: Rc<Cell<u64>>,
    /// What it answers after so many headers is of another fork.
    torn_after: Rc<Cell<usize>>,
    /// After so many answers about transactions there is none.
    answers: Rc<Cell<usize>>,
    /// The first block, where it is a recording.
    begins_at: Option<u64>,
    /// Headers before this block are refused.
    forgets: u64,
    listing: Rc<Listing>,
}

impl Endpoint {
    async fn asked<T>(&self, op: &'static str, answer: impl FnOnce(&Chain, u64) -> T) -> Result<T, FeedFault> {
        match self.sim.point(Op::venue_read(op)).await {
            Passage::Refused | Passage::ReplyLost => return Err(FeedFault::Unreachable),
            Passage::Go | Passage::Late | Passage::TooLate => {}
        }
        let chain = self.chain.borrow();
        let newest = chain.newest().number - self.behind.get();
        Ok(answer(&chain, newest))
    }

    fn seen(&self, transaction: &Transaction) -> Seen {
        let mut flows = Flows::none(Blockchain::Ethereum);
        let Move::Account { from, value, logs, .. } = &transaction.moves else { unreachable!("accounts alone") };
        for log in logs {
            let address = |word: &str| {
                ChainAddress::parse(
                    Blockchain::Ethereum,
                    &format!("0x{:0>40}", word.trim_start_matches("0x").trim_start_matches('0')),
                )
                .unwrap()
            };
            let (from, to) = (address(&log.topics[1]), address(&log.topics[2]));
            let of = self.listing.by_asset("USDT").unwrap().clone();
            let count = u128::from_str_radix(log.data.trim_start_matches("0x"), 16).unwrap();
            let is_issued =
                |address: &ChainAddress| address.as_str().trim_start_matches("0x").bytes().all(|b| b == b'0');
            let (from, to) = (Some(from).filter(|one| !is_issued(one)), Some(to).filter(|one| !is_issued(one)));
            flows.moves(from.as_ref(), to.as_ref(), &Units { of, count }).unwrap();
        }
        if *value > 0 {
            let address = |text: &str| ChainAddress::parse(Blockchain::Ethereum, text).unwrap();
            // What was sent to a contract of a token would be wrapped.
            let units = Units { of: self.listing.native.clone(), count: *value };
            flows.moves(Some(&address(from)), Some(&address(&account(2))), &units).unwrap();
        }
        Seen { transaction: transaction.hash.clone(), flows, labels: Vec::new() }
    }
}

fn header(block: &Block) -> Header {
    Header {
        block: BlockRef { number: block.number, hash: block.hash.clone() },
        parent: block.parent.clone(),
        at: Timestamp::from_millis(i64::try_from(block.time).unwrap() * 1_000),
    }
}

impl ReadBlocks for Endpoint {
    fn begins_at(&self) -> Option<u64> {
        self.begins_at
    }

    async fn newest(&self) -> Result<u64, FeedFault> {
        self.asked("newest_block", |_, newest| newest).await
    }

    async fn headers(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Header>, FeedFault> {
        let last = *numbers.end();
        if *numbers.start() < self.forgets {
            return Err(FeedFault::Refused);
        }
        self.asked("block_headers", |chain, newest| {
            let blocks = (*numbers.start()..=last.min(newest)).filter_map(|number| chain.by_number(number));
            let mut headers: Vec<Header> = blocks.map(header).collect();
            for header in headers.iter_mut().skip(self.torn_after.get()) {
                (header.parent, header.block.hash) = ("0xfork".to_owned(), "0xforked".to_owned());
            }
            headers
        })
        .await
    }

    async fn transactions(
        &self,
        headers: &[Header],
        is_large: &impl Fn(&Flows) -> bool,
    ) -> Result<Vec<Vec<Seen>>, FeedFault> {
        let of = |chain: &Chain, header: &Header| {
            let block = chain.by_number(header.block.number).filter(|block| block.hash == header.block.hash)?;
            Some(block.transactions.iter().map(|one| self.seen(one)).filter(|seen| is_large(&seen.flows)).collect())
        };
        let left = self.answers.get().checked_sub(1);
        self.answers.set(if let Some(left) = left { left } else { pending().await });
        let all = |chain: &Chain, _| headers.iter().map(|header| of(chain, header)).collect::<Option<Vec<Vec<Seen>>>>();
        self.asked("block_transactions", all).await?.ok_or(FeedFault::Changed)
    }
}

/// What was published, in its order: of which alert which event.
#[derive(Clone)]
struct Bus(Sim, Rc<RefCell<Vec<(String, String)>>>);

impl PublishWhaleAlert for Bus {
    async fn publish_whale_alert(&self, event: &WhaleEventDetail, _: Timestamp) -> Result<(), StoreError> {
        let passage = self.0.point(Op::effect("publish_whale_alert")).await;
        let away = || Err(StoreError::Unavailable("publish_whale_alert: no answer".to_owned()));
        if passage == Passage::Refused {
            return away();
        }
        self.1.borrow_mut().push((event.id.0.to_string(), event.kind.clone()));
        if passage == Passage::ReplyLost { away() } else { Ok(()) }
    }
}

/// Everything of one run.
#[derive(Clone)]
struct Story {
    world: World,
    bus: Bus,
    chain: Rc<RefCell<Chain>>,
    behind: Rc<Cell<u64>>,
    torn_after: Rc<Cell<usize>>,
    answers: Rc<Cell<usize>>,
    begins_at: Rc<Cell<Option<u64>>>,
    /// Of each endpoint.
    forgets: Rc<Cell<[u64; 2]>>,
    listing: Rc<Listing>,
    rng: Rc<RefCell<Rng>>,
    labels: Rc<RefCell<BTreeMap<ChainAddress, Label>>>,
    /// What the second endpoint answers from, where that is another fork.
    other: Rc<RefCell<Option<Rc<RefCell<Chain>>>>>,
    /// How many runs have begun, and how many have ended by themselves.
    runs: Rc<Cell<(usize, usize)>>,
}

fn listing() -> Listing {
    let listed = |asset: &str, decimals| Listed { asset: asset.parse().unwrap(), decimals };
    let token = ChainAddress::parse(Blockchain::Ethereum, USDT).unwrap();
    Listing {
        native: listed("ETH", 18),
        tokens: [(token, listed("USDT", 6))].into(),
        priced_by: BTreeMap::new(),
        pegged: BTreeSet::new(),
    }
}

impl Story {
    fn new(plan: Plan) -> Self {
        let seed = plan.seed;
        let world = World::new(Sim::new(plan, START, false), Strictness::default());
        let time = seconds(START) - 12 * 30;
        let mut chain = Chain::new(Kind::Evm(1), (100, time), 12, seed);
        for _ in 0..30 {
            chain.mine(Vec::new());
        }
        let bus = Bus(world.sim().clone(), Rc::default());
        let (chain, rng) = (Rc::new(RefCell::new(chain)), Rc::new(RefCell::new(Rng::with_seed(seed))));
        let (behind, begins_at, forgets, labels, other, runs) = <_>::default();
        let [torn_after, answers] = [usize::MAX; 2].map(|most| Rc::new(Cell::new(most)));
        let listing = Rc::new(listing());
        Self { world, bus, chain, behind, torn_after, answers, begins_at, forgets, listing, rng, labels, other, runs }
    }

    /// Some blocks, after the newest ones were orphaned where dice say so.
    fn grow(&self, may_fork: bool) {
        let (mut chain, mut rng) = (self.chain.borrow_mut(), self.rng.borrow_mut());
        let mut waiting: Vec<Transaction> = Vec::new();
        let mut blocks = BLOCKS_A_MINUTE;
        let began = seconds(self.world.now().minus(MINUTE));
        if may_fork && rng.u8(..6) == 0 {
            let depth = rng.usize(1..=12);
            blocks = blocks.max(depth + 1);
            waiting = chain.orphan(depth).into_iter().flat_map(|block| block.transactions).collect();
            waiting.retain(|_| rng.u8(..10) < 7);
        }
        for left in (0..blocks).rev() {
            let mut transactions: Vec<_> = (0..rng.usize(..2)).map(|_| made(&mut chain, &mut rng)).collect();
            let again = if left == 0 { waiting.len() } else { rng.usize(..=waiting.len()) };
            transactions.extend(waiting.drain(..again));
            let time = chain.newest().time + 12;
            chain.mine_at(time.max(began), transactions);
        }
        self.behind.set(if rng.u8(..4) == 0 { rng.u64(1..=3) } else { 0 });
    }

    fn endpoints(&self) -> [Endpoint; 2] {
        let [forgets, others] = self.forgets.get();
        let of = |chain: &Rc<RefCell<Chain>>, behind, forgets| Endpoint {
            sim: self.world.sim().clone(),
            chain: Rc::clone(chain),
            behind,
            torn_after: Rc::clone(&self.torn_after),
            answers: Rc::clone(&self.answers),
            begins_at: self.begins_at.get(),
            forgets,
            listing: Rc::clone(&self.listing),
        };
        let other = self.other.borrow();
        let second = of(other.as_ref().unwrap_or(&self.chain), Rc::clone(&self.behind), others);
        [of(&self.chain, Rc::default(), forgets), second]
    }

    /// As the function does it once a minute.
    async fn watched(self) -> Result<Watched, StoreError> {
        let labels = self.labels.borrow().clone();
        let watching = Watching {
            source: &source(),
            version: 1,
            name: "node",
            chain: Blockchain::Ethereum,
            listing: &self.listing,
            labels: &labels,
            minimum: "1000000".parse().unwrap(),
            trace: "trace",
        };
        let sim = self.world.sim();
        watch(&self.world, &self.bus, &watching, &self.endpoints(), sim.sleep(RUN)).await
    }

    /// One run, now; what its source says then.
    fn once(&self) -> Watch {
        let sim = self.world.sim().clone();
        sim.block_on("watch", self.clone().watched()).unwrap();
        let world = self.world.clone();
        sim.block_on("look", async move { Whales(&world).load_watch(&source()).await.unwrap().unwrap() })
    }

    /// From one address to another, in a block of its own.
    fn sends(&self, from: u8, to: u8, millions: u128) -> String {
        let time = self.chain.borrow().newest().time + 12;
        self.sends_at(time, (from, to), millions)
    }

    /// In a block that says that it was made then.
    fn sends_at(&self, time: u64, sides: (u8, u8), millions: u128) -> String {
        let mut chain = self.chain.borrow_mut();
        let transaction = sent(&mut chain, sides, MILLION * millions);
        chain.mine_at(time, vec![transaction.clone()]);
        transaction.hash
    }

    /// So much later.
    fn passes(&self, time: Millis) {
        let sim = self.world.sim().clone();
        self.world.sim().block_on("wait", async move { sim.sleep(time).await });
    }

    fn alert(&self, transaction: &str) -> Option<WhaleAlert> {
        let (world, id) = (self.world.clone(), WhaleAlert::id_of(Blockchain::Ethereum, transaction));
        let found = async move { Whales(&world).find_alert(&id).await.unwrap() };
        self.world.sim().block_on("find", found).map(|kept| kept.alert)
    }

    /// A run each minute of so many; then, without faults, as many as it takes until all is final.
    fn play(&self, minutes: usize) {
        let sim = self.world.sim().clone();
        let last = minutes + 96 / BLOCKS_A_MINUTE + 5;
        for minute in 0..last {
            let (story, calm) = (self.clone(), minute >= minutes);
            sim.at(START.plus(Millis::new(MINUTE.get() * i64::try_from(minute).unwrap())), move || {
                let sim = story.world.sim().clone();
                if calm {
                    sim.end_faults();
                }
                // Behind the first run, which looks at nothing before it.
                if minute > 0 {
                    story.grow(!calm);
                }
                if calm {
                    story.behind.set(0);
                }
                let (begun, ended) = story.runs.get();
                story.runs.set((begun + 1, ended));
                let runs = Rc::clone(&story.runs);
                let run = Invocation {
                    name: "watch".into(),
                    limit: Some(Millis::seconds(30)),
                    strikable: minute > 0,
                    future: story.watched(),
                };
                sim.spawn(run, move |ended| {
                    let (begun, before) = runs.get();
                    runs.set((begun, before + usize::from(ended.is_some())));
                });
            });
        }
        let end = START.plus(Millis::new(MINUTE.get() * i64::try_from(last).unwrap()));
        sim.run_until(end, &mut || (), &mut || false);
        assert_eq!(sim.violations(), Vec::<String>::new());
    }

    fn alerts(&self) -> Vec<WhaleAlert> {
        let (world, now) = (self.world.clone(), self.world.now());
        let sim = world.sim().clone();
        sim.block_on("look", async move { Whales(&world).list_detected(START, now).await.unwrap() })
    }

    /// What stands on the chain is an alert, once; everything else is revoked; and the last event of each says which.
    fn assert_true(&self, what: &str) {
        let alerts = self.alerts();
        let by_hash: BTreeMap<&str, &WhaleAlert> =
            alerts.iter().map(|alert| (alert.transaction.as_str(), alert)).collect();
        assert_eq!(by_hash.len(), alerts.len(), "{what}: one is there twice");
        let chain = self.chain.borrow();
        let mut standing = BTreeSet::new();
        for block in chain.blocks() {
            for transaction in block.transactions.iter().filter(|one| is_large(one)) {
                let alert = by_hash
                    .get(transaction.hash.as_str())
                    .unwrap_or_else(|| panic!("{what}: left out: {transaction:?}"));
                assert_eq!(alert.block, Some(header(block).block), "{what}: {alert:?}");
                standing.insert(transaction.hash.as_str());
            }
        }
        let newest = chain.newest().number;
        for alert in &alerts {
            let is_deep = alert.block.as_ref().is_some_and(|block| newest - block.number + 1 >= 96);
            let wanted = match standing.contains(alert.transaction.as_str()) {
                false => WhaleStatus::Orphaned,
                true if is_deep => WhaleStatus::Final,
                true => WhaleStatus::Provisional,
            };
            assert_eq!(alert.status, wanted, "{what}: {alert:?}");
            let events = self.events_of(alert);
            let mut told: Vec<&str> = events.iter().map(String::as_str).filter(|event| *event != HIGH).collect();
            told.dedup();
            assert!(is_a_life(&told), "{what}: {events:?}");
            let last = told.last().copied();
            let event = match wanted {
                WhaleStatus::Orphaned => REVOKED,
                WhaleStatus::Final => FINAL,
                WhaleStatus::Provisional => SEEN,
            };
            assert_eq!(last, Some(event), "{what}: {events:?}");
        }
        assert_eq!(self.counted(), i64::try_from(standing.len()).unwrap(), "{what}: counts of days");
    }

    fn events_of(&self, alert: &WhaleAlert) -> Vec<String> {
        let all = self.bus.1.borrow();
        all.iter().filter(|(id, _)| *id == alert.id.as_str()).map(|(_, event)| event.clone()).collect()
    }

    fn counted(&self) -> i64 {
        let world = self.world.clone();
        let counted = async move { Whales(&world).count_days(START.day()).await.unwrap() };
        self.world.sim().block_on("count", counted).iter().map(|day| day.alerts).sum()
    }
}

fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.millis() / 1_000).unwrap()
}

fn source() -> SourceId {
    SourceId::of(&["node"])
}

/// Seen first, and again after each time that it was revoked; final only while it stands. Nothing of it is left out.
fn is_a_life(events: &[&str]) -> bool {
    let may_follow = |before: Option<&str>, event: &str| match event {
        SEEN => before.is_none_or(|before| before == REVOKED),
        FINAL => before == Some(SEEN),
        REVOKED => before.is_some_and(|before| before != REVOKED),
        _ => false,
    };
    !events.is_empty()
        && (0..events.len()).all(|at| may_follow(at.checked_sub(1).map(|before| events[before]), events[at]))
}

fn account(end: u8) -> String {
    format!("0x{end:040x}")
}

/// Of half a million to twenty million dollars.
fn made(chain: &mut Chain, rng: &mut Rng) -> Transaction {
    let sides = (rng.u8(1..100), rng.u8(100..));
    sent(chain, sides, MILLION / 2 * rng.u128(1..40))
}

fn sent(chain: &mut Chain, (from, to): (u8, u8), count: u128) -> Transaction {
    let (from, to) = (account(from), account(to));
    let log = Transfer { contract: USDT, from: &from, to: &to, count }.into();
    let moves = Move::Account { from, to: Some(USDT.to_owned()), value: 0, logs: vec![log], has_failed: false };
    Transaction { hash: chain.hash(), moves }
}

fn is_large(transaction: &Transaction) -> bool {
    let Move::Account { logs, .. } = &transaction.moves else { return false };
    logs.iter().any(|log| u128::from_str_radix(log.data.trim_start_matches("0x"), 16).unwrap() >= MILLION)
}

fn plan(seed: u64, strikes: Strikes) -> Plan {
    let latency = Latency::Random { store: Millis::new(20), venue: Millis::new(300) };
    Plan { seed, strikes, latency, ..Plan::calm() }
}

/// Ten thousand blocks, and a kill every few runs.
#[test]
fn whatever_is_orphaned_and_wherever_a_run_ends_each_large_transfer_is_one_alert() {
    let rates = Rates { crash: 4, lose_reply: 2, refuse: 1, late: 1, too_late: 1, spared: None };
    let story = Story::new(plan(1, Strikes::Random(rates)));
    story.play(2_000);
    story.assert_true("10,000 blocks");
    let (begun, ended) = story.runs.get();
    assert!(begun - ended >= 200, "{} runs were killed", begun - ended);
    let alerts = story.alerts();
    let revoked = alerts.iter().filter(|alert| alert.status == WhaleStatus::Orphaned).count();
    assert!(alerts.len() > 4_000 && revoked > 200, "{} alerts, {revoked} of them revoked", alerts.len());
}

/// A short chain: a process that ends, an answer that is lost and one that is refused, at an early and at a later call of each kind.
#[test]
fn a_run_may_end_at_every_kind_of_call() {
    let calm = Story::new(plan(2, Strikes::None));
    calm.play(25);
    calm.assert_true("calm");
    let ops = calm.world.sim().ops();
    let mut places: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (at, op) in ops.iter().enumerate().skip(20) {
        places.entry(op.name()).or_default().insert(at);
    }
    let kinds: Vec<_> = places.keys().copied().collect();
    let wanted = [
        "block_headers",
        "block_transactions",
        "get",
        "newest_block",
        "publish_whale_alert",
        "query",
        "transact",
        "write",
    ];
    assert_eq!(kinds, wanted);
    for (kind, places) in &places {
        let (first, middle) = (places.first().unwrap(), places.iter().nth(places.len() / 2).unwrap());
        for at in [first, middle] {
            for strike in [Strike::Crash, Strike::LoseReply, Strike::Refuse] {
                let story = Story::new(plan(2, Strikes::At(vec![(*at, strike)])));
                story.play(25);
                story.assert_true(&format!("{strike:?} at {kind} {at}"));
            }
        }
    }
}

/// An exchange's address by its label, and what comes to it for the third time within ten minutes.
#[test]
fn alert_says_who_has_got_it_and_what_it_may_mean() {
    let story = Story::new(plan(3, Strikes::None));
    let address = ChainAddress::parse(Blockchain::Ethereum, &account(9)).unwrap();
    let label = Label {
        chain: Blockchain::Ethereum,
        address: address.clone(),
        owner: "Binance".to_owned(),
        category: LabelCategory::Exchange,
        role: None,
        source: "its own list".to_owned(),
        as_of: START,
        confidence: 100,
    };
    story.labels.borrow_mut().insert(address, label);
    story.once();
    let sent = [1, 2, 3].map(|from| story.sends(from, 9, 12));
    let elsewhere = story.sends(9, 4, 60);
    let own = story.sends(0, 5, 60);
    assert_eq!(story.once().counts, Counts { alerts: 5, ..Counts::default() });
    let scores = sent.each_ref().map(|hash| story.alert(hash).unwrap().significance);
    assert_eq!(scores.each_ref().map(|significance| significance.score), [9, 9, 10]);
    assert_eq!(scores[2].reasons, [ScoreReason::Type, ScoreReason::Large, ScoreReason::Repeated]);
    let told = story.alert(&sent[0]).unwrap();
    assert_eq!(
        (told.transfer.kind, told.sources),
        (TransactionType::ExchangeInflow, BTreeSet::from(["node".to_owned()]))
    );
    assert_eq!(story.events_of(&story.alert(&sent[0]).unwrap()), ["whale.alert.v1", "whale.alert.high.v1"]);
    let out = story.alert(&elsewhere).unwrap();
    assert_eq!((out.transfer.kind, out.significance.score), (TransactionType::ExchangeOutflow, 10));
    let minted = story.alert(&own).unwrap();
    assert_eq!((minted.transfer.kind, minted.significance.score), (TransactionType::Mint, 1));
    assert_eq!(story.events_of(&minted), Vec::<String>::new(), "what is created is stored and not published");
}

/// The second endpoint stands on a fork of its own for a while.
#[test]
fn endpoints_that_disagree_are_not_believed_until_they_agree() {
    let story = Story::new(plan(4, Strikes::None));
    story.once();
    let kept = story.sends(1, 2, 5);
    let read = story.once();
    let mut fork = Chain::new(Kind::Evm(1), (100, 0), 12, 99);
    for _ in 0..40 {
        fork.mine(Vec::new());
    }
    *story.other.borrow_mut() = Some(Rc::new(RefCell::new(fork)));
    let waiting = story.sends(1, 2, 6);
    let disagreeing = story.once();
    assert_eq!(disagreeing.fault.unwrap().fault, "disagrees");
    assert_eq!(disagreeing.cursor, read.cursor, "nothing is read");
    assert_eq!(story.alert(&waiting), None);
    // The first endpoint alone is on a fork now: the second one still has what was read.
    *story.other.borrow_mut() = None;
    story.once();
    let same = {
        let chain = story.chain.borrow();
        let mut same = Chain::new(Kind::Evm(1), (100, 0), 12, 99);
        same.become_like(&chain);
        same
    };
    *story.other.borrow_mut() = Some(Rc::new(RefCell::new(same)));
    story.chain.borrow_mut().orphan(2);
    (0..3).for_each(|_| drop(story.chain.borrow_mut().mine(Vec::new())));
    assert_eq!(story.once().fault.unwrap().fault, "disagrees");
    assert_eq!(story.alert(&kept).unwrap().status, WhaleStatus::Provisional, "not revoked by one of two");
    *story.other.borrow_mut() = None;
    assert_eq!(story.once().fault, None);
    assert_eq!(story.alert(&kept).unwrap().status, WhaleStatus::Orphaned);
}

/// Of a block that both have, one endpoint makes up a transfer, or hides one.
#[test]
fn transfer_that_one_endpoint_alone_tells_of_is_not_believed() {
    for is_made_up in [true, false] {
        let story = Story::new(plan(11, Strikes::None));
        let read = story.once();
        let transaction = story.sends(1, 2, 5);
        let mut honest = Chain::new(Kind::Evm(1), (100, 0), 12, 99);
        honest.become_like(&story.chain.borrow());
        let told = honest.newest().transactions.clone();
        if is_made_up {
            honest.lie(Vec::new());
        } else {
            story.chain.borrow_mut().lie(Vec::new());
        }
        *story.other.borrow_mut() = Some(Rc::new(RefCell::new(honest)));
        let disagreeing = story.once();
        assert_eq!((disagreeing.fault.unwrap().fault.as_str(), disagreeing.cursor), ("disagrees", read.cursor));
        assert_eq!(story.alert(&transaction), None, "{is_made_up}");
        story.chain.borrow_mut().lie(told);
        *story.other.borrow_mut() = None;
        assert_eq!(story.once().fault, None);
        assert!(story.alert(&transaction).is_some(), "{is_made_up}");
    }
}

/// One above what is kept of a block, so that its smallest transfer is left out.
#[test]
fn of_a_block_with_very_many_transfers_the_largest_are_alerts() {
    let story = Story::new(plan(12, Strikes::None));
    story.once();
    let hashes: Vec<String> = {
        let mut chain = story.chain.borrow_mut();
        let sizes = (0..201).map(|number: u128| (2 + number * 7 % 201) * MILLION);
        let sent: Vec<_> = sizes.map(|size| sent(&mut chain, (1, 2), size)).collect();
        chain.mine(sent.clone());
        sent.into_iter().map(|transaction| transaction.hash).collect()
    };
    let read = story.once();
    assert_eq!((read.counts.alerts, read.counts.left_out, read.fault), (200, 1, None));
    assert_eq!(story.alert(&hashes[0]), None, "the smallest one");
    assert!(hashes[1..].iter().all(|hash| story.alert(hash).is_some()));
}

#[test]
fn source_that_was_left_for_more_than_a_day_begins_anew() {
    let story = Story::new(plan(13, Strikes::None));
    story.once();
    let long_ago = story.sends(1, 2, 5);
    let empty = || drop(story.chain.borrow_mut().mine(Vec::new()));
    (0..7_199).for_each(|_| empty());
    story.passes(Millis::seconds(7_200 * 12));
    let waiting = story.once();
    assert_eq!(waiting.counts.lost, 0, "a day is caught up with");
    assert!(story.alert(&long_ago).is_some());
    (0..7_300).for_each(|_| empty());
    story.passes(Millis::seconds(7_300 * 12));
    let behind = waiting.cursor.unwrap().newest().unwrap().number + 7_200;
    assert!(story.chain.borrow().newest().number > behind);
    let anew = story.once();
    assert_eq!(
        (anew.counts.lost, anew.cursor.unwrap().newest().unwrap().number),
        (1, story.chain.borrow().newest().number)
    );
    let sent = story.sends(1, 2, 6);
    assert_eq!(story.once().fault, None);
    assert!(story.alert(&sent).is_some());
}

/// Alerts that were not final before a source was left for long, one of them in a block that was orphaned meanwhile.
fn left_for_long(seed: u64) -> (Story, [Option<WhaleStatus>; 2]) {
    let story = Story::new(plan(seed, Strikes::None));
    story.once();
    let hashes = [story.sends(1, 2, 5), story.sends(3, 4, 6)];
    assert_eq!(story.once().counts.alerts, 2);
    drop(story.chain.borrow_mut().orphan(1));
    (0..7_300).for_each(|_| drop(story.chain.borrow_mut().mine(Vec::new())));
    story.passes(Millis::seconds(7_300 * 12));
    let statuses = hashes.map(|hash| story.alert(&hash).map(|alert| alert.status));
    (story, statuses)
}

#[test]
fn alerts_are_settled_before_reading_begins_anew() {
    let (story, before) = left_for_long(17);
    assert_eq!(before, [Some(WhaleStatus::Provisional); 2]);
    let watch = story.once();
    let found = story.alerts();
    let statuses: BTreeSet<_> = found.iter().map(|alert| (alert.status, alert.confirmations)).collect();
    assert_eq!(statuses, [(WhaleStatus::Final, 7_301), (WhaleStatus::Orphaned, 0)].into(), "{found:?}");
    assert_eq!((watch.counts.lost, watch.fault), (1, None));
}

/// Whichever of them it is. It may be the refusal of a minute, and is asked for some.
#[test]
fn endpoint_that_keeps_no_old_blocks_is_read_all_the_same() {
    for endpoint in 0..2 {
        let (story, before) = left_for_long(18);
        let forgets = |number: u64| {
            let mut both = [0, 0];
            both[endpoint] = number;
            story.forgets.set(both);
        };
        forgets(story.chain.borrow().newest().number - 1_000);
        for _ in 0..5 {
            let watch = story.once();
            assert_eq!((watch.counts.lost, watch.fault.unwrap().fault.as_str()), (0, "refused"));
            story.passes(Millis::seconds(600));
            (0..50).for_each(|_| drop(story.chain.borrow_mut().mine(Vec::new())));
        }
        let watch = story.once();
        assert_eq!((watch.counts.lost, watch.fault), (1, None));
        assert_eq!(story.alerts().iter().map(|alert| Some(alert.status)).collect::<Vec<_>>(), before);
        let (story, _) = left_for_long(19);
        story.forgets.set([u64::MAX; 2]);
        story.once();
        story.forgets.set([0; 2]);
        story.passes(Millis::seconds(60));
        assert_eq!(story.once().counts.lost, 1);
        assert!(story.alerts().iter().all(|alert| alert.status != WhaleStatus::Provisional), "a refusal ends");
    }
}

/// A chain that forks while its headers are read.
#[test]
fn headers_that_do_not_follow_on_one_another_are_read_again() {
    let story = Story::new(plan(6, Strikes::None));
    let read = story.once();
    let sent = [1, 2, 3].map(|from| story.sends(from, 9, 5));
    story.torn_after.set(1);
    let torn = story.once();
    assert_eq!((torn.cursor, torn.fault.unwrap().fault.as_str()), (read.cursor, "changed"));
    story.torn_after.set(2);
    let (world, first) = (story.world.clone(), story.chain.borrow().newest().number - 2);
    let run = story.clone().watched();
    let watched = world.sim().block_on("watch", run).unwrap();
    assert_eq!(watched.blocks, 3, "one after the other");
    assert!(sent.iter().all(|hash| story.alert(hash).is_some()));
    assert_eq!(story.alert(&sent[0]).unwrap().block.unwrap().number, first);
}

/// A second run that begins beside the first finds its step made.
#[test]
fn of_two_runs_at_once_one_moves_on() {
    let story = Story::new(plan(7, Strikes::None));
    story.once();
    let sent = story.sends(1, 2, 5);
    let ended: Rc<RefCell<Vec<Watched>>> = Rc::default();
    for _ in 0..2 {
        let (ended, future) = (Rc::clone(&ended), story.clone().watched());
        let run = Invocation { name: "watch".into(), limit: None, strikable: false, future };
        story.world.sim().spawn(run, move |told| ended.borrow_mut().push(told.unwrap().unwrap()));
    }
    let end = story.world.now().plus(MINUTE);
    story.world.sim().run_until(end, &mut || (), &mut || false);
    let elsewhere = ended.borrow().iter().filter(|watched| watched.is_elsewhere).count();
    assert_eq!((ended.borrow().len(), elsewhere), (2, 1));
    assert_eq!(story.events_of(&story.alert(&sent).unwrap()), [SEEN]);
}

/// An endpoint that stops to answer about transactions: in the first step of a run, or once something was read.
#[test]
fn step_ends_at_the_deadline_and_is_made_anew() {
    let story = Story::new(plan(8, Strikes::None));
    let read = story.once();
    let first = story.sends(1, 2, 5);
    story.answers.set(0);
    let began = story.world.now();
    let ended = story.once();
    assert_eq!((ended.cursor, ended.fault.unwrap().fault.as_str()), (read.cursor, "timed_out"));
    assert_eq!((story.alert(&first), story.world.now().since(began) < RUN.plus(Millis::seconds(2))), (None, true));
    for _ in 0..20 {
        story.chain.borrow_mut().mine(Vec::new());
    }
    // Both endpoints are asked in each step.
    story.answers.set(2);
    assert_eq!(story.once().fault, None, "it has moved on");
    assert!(story.alert(&first).is_some());
    let last = story.sends(1, 2, 6);
    story.answers.set(usize::MAX);
    story.once();
    assert!(story.alert(&last).is_some());
}

#[test]
fn block_of_a_time_that_cannot_be_is_not_read() {
    let story = Story::new(plan(9, Strikes::None));
    let read = story.once();
    let newest = story.chain.borrow().newest().time;
    for time in [seconds(story.world.now()) + 2 * 3_600 + 60, newest, newest - 12] {
        let sent = story.sends_at(time, (1, 2), 5);
        let refused = story.once();
        assert_eq!((refused.cursor, refused.fault.unwrap().fault.as_str()), (read.cursor.clone(), "wrong_time"));
        assert_eq!(story.alert(&sent), None);
        story.chain.borrow_mut().orphan(1);
        story.passes(Millis::seconds(240));
    }
    let sent = story.sends_at(newest + 12, (1, 2), 5);
    story.once();
    assert!(story.alert(&sent).is_some());
    let young = Story::new(plan(9, Strikes::None));
    young.sends_at(seconds(START) + 2 * 3_600 + 60, (1, 2), 5);
    let refused = young.once();
    assert_eq!((refused.cursor, refused.fault.unwrap().fault.as_str()), (None, "wrong_time"), "of a first run as well");
}

/// What it has is read; that it is old is said until it is young again.
#[test]
fn chain_that_stands_still_is_no_healthy_source() {
    let story = Story::new(plan(10, Strikes::None));
    assert_eq!(story.once().fault, None);
    story.passes(Millis::seconds(601));
    let first = story.once().fault.unwrap();
    assert_eq!(first.fault, "stale");
    let late = story.sends(1, 2, 5);
    story.passes(MINUTE);
    let again = story.once().fault.unwrap();
    assert_eq!((again.fault.as_str(), again.since), ("stale", first.since));
    assert!(story.alert(&late).is_some(), "it is read all the same");
    let young = story.sends_at(seconds(story.world.now()), (1, 2), 6);
    assert_eq!(story.once().fault, None);
    assert!(story.alert(&young).is_some());
    let begun = Story::new(plan(10, Strikes::None));
    begun.passes(Millis::seconds(601));
    assert_eq!(begun.once().fault.unwrap().fault, "stale", "of a first run as well");
}

/// From its first block to its last one, a year later.
#[test]
fn recording_is_read_from_its_first_block_and_may_be_old() {
    let story = Story::new(plan(11, Strikes::None));
    *story.chain.borrow_mut() = Chain::new(Kind::Evm(1), (100, seconds(START)), 12, 11);
    let sent = [4, 5].map(|millions| story.sends(1, 2, millions));
    story.begins_at.set(Some(100));
    story.passes(Millis::new(Millis::DAY.get() * 365));
    let watched = story.world.sim().block_on("watch", story.clone().watched()).unwrap();
    assert_eq!((watched.blocks, watched.changes, watched.has_failed), (3, 2, false), "the first one as well");
    assert!(sent.iter().all(|hash| story.alert(hash).is_some()));
    assert_eq!(story.once().fault, None, "it has ended");
}

/// Of ether, whose price is the last minute that had closed when its block was made; five minutes later it is none.
#[test]
fn without_a_price_of_its_time_there_is_no_alert() {
    let story = Story::new(plan(5, Strikes::None));
    story.once();
    let ether = || {
        let mut chain = story.chain.borrow_mut();
        let transaction = sent(&mut chain, (1, 2), 0);
        let Move::Account { to, logs, .. } = transaction.moves.clone() else { unreachable!() };
        let value = 600 * 1_000_000_000_000_000_000;
        let moves = Move::Account { from: account(1), to, value, logs, has_failed: false };
        chain.mine(vec![Transaction { moves, ..transaction.clone() }]);
        transaction.hash
    };
    // The newest block was made at the start, each one 12 seconds after the one before.
    put_ether(&story.world, START, "2000");
    let priced = ether();
    story.once();
    assert_eq!(story.alert(&priced).unwrap().transfer.worth.to_string(), "1200000");
    for _ in 0..30 {
        story.chain.borrow_mut().mine(Vec::new());
    }
    let unpriced = ether();
    let watch = story.once();
    assert_eq!((story.alert(&unpriced), watch.counts.unpriced, watch.counts.alerts), (None, 1, 1));
    story.passes(Millis::seconds(7_200));
    story.chain.borrow_mut().mine_at(seconds(story.world.now()) - 12, Vec::new());
    let later = ether();
    let watch = story.once();
    assert_eq!((story.alert(&later), watch.counts.unpriced), (None, 2), "counted, however old the newest price is");
}

/// A candle of one minute, which closes then.
fn put_ether(world: &World, closes_at: Timestamp, close: &str) {
    let price: Price = close.parse().unwrap();
    let bar = Bar { opens_at: closes_at.minus(MINUTE), closes_at, open: price, high: price, low: price, close: price };
    let candle = Candle { bar, volume: "1".parse().unwrap(), is_closed: true };
    let market = MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "ETH/USDT".parse().unwrap() };
    let series = Series { market, interval: Interval::OneMinute };
    world.put_candle(&series, KeptCandle { candle, kept_at: closes_at });
}
