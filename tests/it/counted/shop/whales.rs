//! A source of whale alerts that is read, beside two nodes of a chain.

use super::{DEPLOYMENT, Shop, begun, lively};
use crate::counted::meter::Counted;
use crate::support::tables::PATIENT;
use crate::support::unique::now;
use app::actor::Act;
use app::ports::{PublishWhaleAlert, Secret, StoreError};
use app::vault::Vault;
use app::whales::labels::LoadedLabels;
use app::whales::sources::{AskedAt, NewSource, Sources, find};
use aws::Aws;
use chain_sim::{Chain, Kind, Move, Server, Transaction, Transfer};
use cost::Counts;
use credentials::AesGcm;
use domain::audit::Actor;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, SourceId, UserId};
use domain::market::{CandleSpan, Interval};
use domain::series::{KeptCandle, Series};
use domain::whale::{Blockchain, SourceKind};
use outbound::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use store::market::Market;
use store::whale::Whales;
use testkit::kms::MemoryKms;
use whale_watch::{LIMITS, Watcher};
use wire::listed::listing;
use wire::stored::WhaleAlert;
use wire::whale::{Todo, WatchWhales, WhaleEventDetail};

/// Worth a dollar: no candle is needed for it, and all are read.
const USDT: &str = "0xdac17f958d2ee523a2206206994597c13d831ec7";
const GIVER: &str = "0x1111111111111111111111111111111111111111";
const RECEIVER: &str = "0x2222222222222222222222222222222222222222";
const TWO_MILLION: u128 = 2_000_000_000_000;
const SECONDS: u64 = 12;
const TIMEOUT: Millis = Millis::seconds(30);
/// As many as a minute brings.
const BLOCKS: u64 = 5;
const CHAINS: [Blockchain; 3] = [Blockchain::Ethereum, Blockchain::Bitcoin, Blockchain::BinanceSmartChain];

/// Eleven minutes past noon of today: rows of candles, and those of a day, are the same ones whenever this is counted, and what is said of
/// markets in this hour waits for no candle any more.
fn past_noon() -> Timestamp {
    static NOON: OnceLock<Timestamp> = OnceLock::new();
    *NOON.get_or_init(|| now().begin_of_day().plus(Millis::seconds(12 * 3_600 + 660)))
}

/// How much was published.
#[derive(Default)]
struct Bus(AtomicU32);

impl PublishWhaleAlert for Bus {
    async fn publish_whale_alert(&self, _: &WhaleEventDetail, _: Timestamp) -> Result<(), StoreError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// A deployment's one source.
struct Source {
    deps: Aws,
    kms: MemoryKms,
    id: SourceId,
    nodes: [Server; 2],
    labels: LoadedLabels,
    bus: Bus,
}

impl Shop {
    pub(crate) async fn whales(&self, counted: &mut BTreeMap<&'static str, Counted>) {
        self.priced().await;
        let source = self.source().await;
        counted.insert("store_sentiment", self.read(&source, "store_sentiment").await);
        source.mine(false);
        counted.insert("read_source", self.read(&source, "read_source").await);
        source.mine(true);
        counted.insert("read_whale_alert", self.read(&source, "read_whale_alert").await);
        assert_eq!(source.bus.0.load(Ordering::Relaxed), 1, "below 10 million");
        self.is_due().await;
        counted.insert("measure_impact", self.read(&source, "measure_impact").await);
    }

    /// An alert of an hour ago.
    async fn is_due(&self) {
        let at = past_noon().minus(Millis::seconds(3_600 + 120)).millis();
        let mut row: Value =
            serde_json::from_str(include_str!("../../../../events/stored/whale_alert.v1.json")).unwrap();
        let own = json!({"asset": "ETH", "price": "2000", "impacts": [], "at": at, "detected_at": at});
        for (name, value) in own.as_object().unwrap() {
            row[name] = value.clone();
        }
        let alert = serde_json::from_value::<WhaleAlert>(row).unwrap().try_into().unwrap();
        assert!(Whales(&self.direct).keep_alert(&alert, None).await.unwrap());
    }

    /// Minutes of all that is watched, for as long as a poll reads them, and hours of a month.
    async fn priced(&self) {
        let wanted = CHAINS.map(|chain| app::whales::needed(&listing(chain)));
        let most = wanted.iter().map(std::collections::BTreeSet::len).max().unwrap();
        assert_eq!(u32::try_from(most).unwrap(), Counts::read().unwrap().assumed.series_per_source);
        for series in wanted.into_iter().flatten() {
            for (interval, seconds) in [(Interval::OneMinute, 7_200), (Interval::OneHour, 32 * 86_400)] {
                let span = CandleSpan::between(interval, past_noon().minus(Millis::seconds(seconds)), past_noon());
                let known = |candle| KeptCandle { candle, kept_at: past_noon() };
                let known: Vec<_> = lively(&span).into_iter().map(known).collect();
                Market(&self.direct).keep_candles(&Series { interval, ..series.clone() }, &known).await.unwrap();
            }
        }
    }

    async fn source(&self) -> Source {
        let deps = self.own.connect_through(self.meter.url(), PATIENT, past_noon).await;
        let kms = MemoryKms::new(true);
        let begins_at = past_noon().minus(Millis::seconds(110 * 12)).millis().div_euclid(1_000).unsigned_abs();
        let chain = || {
            let mut chain = Chain::new(Kind::Evm(1), (1_000, begins_at), SECONDS, 7);
            (0..97).for_each(|_| drop(chain.mine(Vec::new())));
            chain
        };
        let nodes = [Server::start(chain()).await.unwrap(), Server::start(chain()).await.unwrap()];
        let endpoints = nodes.each_ref().map(|node| node.url("a").parse().unwrap()).to_vec();
        let vault = Vault::new(kms.clone(), self.direct.clone(), AesGcm, DEPLOYMENT);
        let (user, attempt) = (UserId::of(&["counted"]), AttemptId::new("source"));
        let act = Act { user: &user, attempt: &attempt, now: past_noon(), address: None, actor: Actor::Person };
        let new = NewSource {
            name: "counted".to_owned(),
            kind: SourceKind::JsonRpc,
            chain: Blockchain::Ethereum,
            enabled: true,
            reads_native: true,
            asked_at: AskedAt { endpoints, api_key: None::<Secret> },
        };
        let sources = Sources { deps: &self.direct, vault: &vault, is_local: true };
        let id = sources.create(&new, act).await.unwrap().source.id.0;
        Source { deps, kms, id, nodes, labels: LoadedLabels::default(), bus: Bus::default() }
    }

    /// A minute of it, held to what is written down of calls that do not go through the meter.
    async fn read(&self, source: &Source, case: &str) -> Counted {
        let vault = Vault::new(source.kms.clone(), source.deps.clone(), AesGcm, DEPLOYMENT);
        let client = Client::new(true, LIMITS);
        let minimum = whale_watch::MINIMUM_USD.parse().unwrap();
        let watcher = Watcher {
            deps: &source.deps,
            vault: &vault,
            bus: &source.bus,
            minimum,
            labels: &source.labels,
            client: &client,
        };
        let asked = || source.nodes.iter().map(Server::asked).sum::<usize>();
        let (before, opened) = (asked(), source.kms.opened.get());
        self.begin().await;
        let minute = WatchWhales::new(Todo::Minute, String::new());
        Box::pin(watcher.run(minute, &begun(past_noon(), TIMEOUT))).await.unwrap();
        let counted = self.meter.end();
        let known = find(&self.direct, &source.id).await.unwrap();
        assert_eq!(known.watch.as_ref().and_then(|watch| watch.fault.clone()), None);
        assert_eq!(known.requests, u64::try_from(asked()).unwrap(), "all are counted");
        if let Some(case) = Counts::read().unwrap().cases.get(case) {
            let now = (u32::try_from(asked() - before).unwrap(), source.kms.opened.get() - opened);
            assert_eq!(now, (case.venue_calls, case.kms_calls), "venue_calls and kms_calls of {case:?}: {counted:?}");
        }
        counted
    }
}

impl Source {
    /// A minute's blocks at both nodes, the last one with a large transfer.
    fn mine(&self, has_transfer: bool) {
        let [one, other] = &self.nodes;
        one.chain(|chain| {
            (1..BLOCKS).for_each(|_| drop(chain.mine(Vec::new())));
            let hash = chain.hash();
            let transfer = Transfer { contract: USDT, from: GIVER, to: RECEIVER, count: TWO_MILLION };
            let (from, to, logs) = (GIVER.to_owned(), Some(USDT.to_owned()), vec![transfer.into()]);
            let moves = Move::Account { from, to, value: 0, logs, has_failed: false };
            let large = Transaction { hash, moves };
            drop(chain.mine(if has_transfer { vec![large] } else { Vec::new() }));
            other.chain(|other| other.become_like(chain));
        });
    }
}
