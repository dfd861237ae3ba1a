//! Where what is counted is called, one case after another, on tables and queues of its own.

mod person;
mod whales;

use super::meter::{Counted, Meter};
use crate::support::own::Own;
use crate::support::tables::PATIENT;
use crate::support::unique::{now, unique};
use crate::support::{Caller, Stack};
use account_watch::{Slow, handle as watch};
use app::minute::Sent;
use app::ports::{
    BeginBacktest, CandlesError, ListCandles, Objects, SpreadBacktest, StartIngest, StoreError, TellCandle, Tick,
};
use app::receive::{self, KnownTokens, RawAlert};
use app::series::{Wanted, look};
use aws::{Aws, Outside, Place, Replay, Secret, Seed, Seeded};
use axum::Router;
use domain::backtests::BacktestState;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, BacktestId, UserId};
use domain::market::{Candle, CandleSpan, Interval, Market, ToldCandle};
use domain::series::{KeptCandle, Series};
use domain::{limits, shard};
use ingest::Ingestion;
use lambda::Invocation;
use lambda::sqs::Record;
use order_executor::handle as execute;
use research::{Worker, submit};
use serde_json::json;
use signal_worker::handle as decide;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::process::abort;
use std::sync::Mutex;
use store::market;
use ticker::handle as mind;
use venues::{Paper, Prompt, Timed};
use wire::backtest::{Asked, Work};
use wire::candle::CandleClosed;
use wire::ingest::{Ingest, Todo};

const DEPLOYMENT: &str = "counted";
/// A series that is one read unit.
const BARS: usize = 60;
/// Candles of a chart.
const LOOKED_AT: u32 = 500;
/// Candles of a backtest.
const PLAYED: u32 = 2_000;

pub(crate) struct Shop {
    meter: Meter,
    /// Through the meter.
    counted: Aws,
    /// Around it: what the world does, the paper venue's own book included.
    direct: Aws,
    own: Own,
    /// What the ticker's process remembers.
    sent: Mutex<Sent>,
    /// The slot it was opened in: ticks count from it, however long the cases before them took.
    slot: i64,
}

/// A user with an account, tokens and a market.
pub(crate) struct Person {
    user: UserId,
    secret: String,
    bearer: String,
    pub(crate) seeded: Seeded,
}

impl Person {
    /// By which requests are let in.
    pub(crate) fn bearer(&self) -> String {
        self.bearer.clone()
    }
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let (own, meter) = (Own::make().await, Meter::before(&Stack::get().endpoint));
        let counted = own.connect_through(meter.url(), PATIENT, now).await;
        let direct = own.connect(PATIENT).await;
        let slot = now().millis().div_euclid(limits::SLOT.get());
        Self { meter, counted, direct, own, sent: Mutex::default(), slot }
    }

    pub(crate) async fn person(&self) -> Person {
        let (user, secret, bearer) = (UserId::of(&["counted", &unique()]), unique(), format!("mqs_{}", unique()));
        let seed = Seed {
            user: user.clone(),
            webhook_token: Secret(secret.clone()),
            session_token: Secret(bearer.clone()),
            replay: replay(["100"; 4]),
            // Old enough for a pass to renew the balance, and fresh enough for an entry on a slow machine.
            at: now().minus(Millis::seconds(31)),
        };
        let seeded = aws::seed(&self.direct, &seed).await.unwrap();
        let person = Person { user, secret, bearer, seeded };
        self.price(&person, ["100"; 4]).await;
        person
    }

    pub(crate) async fn price(&self, person: &Person, bar: [&str; 4]) {
        self.direct.write_replay(&person.seeded.market, &replay(bar)).await.unwrap();
    }

    pub(crate) async fn receive(&self, person: &Person, body: &str) -> Counted {
        self.begin().await;
        let run = invocation(limits::WEBHOOK_TIMEOUT);
        let secret = Some(wire::alert::Secret::new(person.secret.clone()));
        let (source_ip, trace) = (Some("52.89.214.238".to_owned()), run.trace());
        let raw = RawAlert { user: person.user.as_str(), secret, body: body.as_bytes(), source_ip, trace };
        let known = KnownTokens::default();
        receive::receive(&self.counted, &known, raw, run.attempt(), run.now()).await.unwrap();
        self.meter.end()
    }

    /// Takes the newest signal and decides.
    pub(crate) async fn decide(&self) -> Counted {
        let record = self.taken(Place::Signals).await;
        let books = Paper::new(self.direct.clone(), abort);
        self.begin().await;
        let run = invocation(limits::WORKER_TIMEOUT);
        Box::pin(decide(&self.counted, &books, DEPLOYMENT, &record, &run)).await.unwrap();
        self.over(Place::Signals, &record).await
    }

    /// Takes the newest bell and works on its group.
    pub(crate) async fn execute(&self) -> Counted {
        let record = self.taken(Place::Orders).await;
        let venue = Timed::new(Prompt::new(Paper::new(self.direct.clone(), abort), self.direct.clone()));
        self.begin().await;
        let run = invocation(limits::EXECUTOR_TIMEOUT);
        Box::pin(execute(&self.counted, &venue, DEPLOYMENT, &record, &run)).await.unwrap();
        self.over(Place::Orders, &record).await
    }

    /// One tick of this person's shard, so many slots after the one that the shop was opened in.
    pub(crate) async fn tick(&self, person: &Person, later: i64) -> Counted {
        let tick = Tick { slot: self.slot + later, shard: shard::of(person.seeded.account.as_str()) };
        let record = Record { body: tick.message(now()).encode().unwrap(), ..Own::record() };
        let venue = Timed::new(Paper::new(self.direct.clone(), abort));
        let outside = Outside::from_env(self.direct.clone());
        self.begin().await;
        let run = invocation(limits::WATCH_TIMEOUT);
        Box::pin(watch(&self.counted, &venue, &outside, (DEPLOYMENT, &Slow::default()), &record, &run)).await.unwrap();
        self.meter.end()
    }

    /// The last fill is older than any venue's lag: nothing asks for the balance because of it.
    pub(crate) async fn fills_were_shown(&self, person: &Person) {
        let account = format!("ACC#{}", person.seeded.account);
        let asked = json!({
            "TableName": self.own.name(Place::Trading),
            "Key": {"pk": {"S": account}, "sk": {"S": "A"}},
            "UpdateExpression": "SET filled_at = :long_ago",
            "ExpressionAttributeValues": {":long_ago": {"N": "0"}},
        });
        Caller::root().ask("dynamodb:UpdateItem", &asked).await;
    }

    /// A minute that begins so much `later` than now.
    pub(crate) async fn minute(&self, later: Millis) -> Counted {
        self.begin().await;
        let watcher = aws::Later::from_env("none");
        mind(&self.counted, &watcher, &self.sent, &begun(now().plus(later), limits::TICKER_TIMEOUT)).await.unwrap();
        self.meter.end()
    }

    /// A minute of the planner of candles.
    pub(crate) async fn plan(&self) -> Counted {
        self.begin().await;
        self.ingest(Todo::Plan).await;
        self.meter.end()
    }

    /// One candle more of a series that is kept.
    pub(crate) async fn fetch(&self) -> Counted {
        let person = self.person().await;
        let series = Series { market: person.seeded.market.clone(), interval: Interval::OneDay };
        let newest = series.interval.told_to(now());
        let span = CandleSpan::between(series.interval, newest.minus(series.interval.times(4)), newest);
        let mut known: Vec<_> = flat(&span).into_iter().map(|candle| KeptCandle { candle, kept_at: now() }).collect();
        known.pop();
        market::Market(&self.direct).keep_candles(&series, &known).await.unwrap();
        self.begin().await;
        self.ingest(Todo::Fetch { series: vec![wire::ingest::Series::from(&series)], holes: false }).await;
        self.meter.end()
    }

    /// Five hundred candles with their indicators, of a series that has been looked at.
    pub(crate) async fn look(&self) -> Counted {
        let person = self.person().await;
        let series = Series { market: person.seeded.market.clone(), interval: Interval::FifteenMinutes };
        // To a midnight, so that they stand in as many rows whenever this is counted.
        let until = Interval::OneDay.opening(now());
        let span = self.kept(&series, until, LOOKED_AT + limits::INDICATORS_OVER, lively).await;
        let (warm_up, until) = (limits::INDICATORS_OVER, Some(until));
        let wanted = Wanted { series, since: None, until, limit: LOOKED_AT, warm_up };
        self.begin().await;
        let seen = look(&self.counted, &wanted, now()).await.unwrap();
        let counted = self.meter.end();
        assert_eq!(seen.before.len() + seen.candles.len(), span.opens().count());
        counted
    }

    /// So many candles of a series before a time, kept.
    async fn kept(
        &self,
        series: &Series,
        until: Timestamp,
        count: u32,
        told: impl FnOnce(&CandleSpan) -> Vec<Candle>,
    ) -> CandleSpan {
        let span = CandleSpan::between(series.interval, until.minus(series.interval.times(count)), until);
        let known: Vec<_> = told(&span).into_iter().map(|candle| KeptCandle { candle, kept_at: now() }).collect();
        market::Market(&self.direct).keep_candles(series, &known).await.unwrap();
        span
    }

    /// What a strategy would have made of some months of hours, played by one worker.
    pub(crate) async fn backtest(&self) -> Counted {
        let person = self.person().await;
        let series = Series { market: person.seeded.market.clone(), interval: Interval::OneHour };
        let span = self.kept(&series, series.interval.told_to(now()), PLAYED, flat).await;
        let asked = json!({
            "exchange": series.market.exchange.as_str(), "symbol": series.market.symbol.to_string(), "timeframe": "1h",
            "since": wire::view::time(span.first()), "strategy": "ema_cross", "parameters": {"fast": "20", "slow": "50"},
        });
        let asked = Asked::read(&asked.to_string(), now()).unwrap();
        let (begun, attempt) = (Begun::default(), AttemptId::new("counted"));
        let kept =
            submit((&self.direct, &begun), asked, &person.user, (&attempt, ""), usize::MAX, now()).await.unwrap();
        let work = begun.0.lock().unwrap().clone().unwrap();
        let (results, cores, alone_bars) = (Kept::default(), NonZeroUsize::MIN, limits::BACKTEST_ALONE_BARS_MAX);
        self.begin().await;
        let deps = &self.counted;
        let worker = Worker { deps, results: &results, machine: &Nobody, clock: deps, cores, alone_bars };
        worker.work(&work).await.unwrap();
        let counted = self.meter.end();
        let ended = market::Market(&self.direct).load_backtest(&person.user, &kept.backtest.id).await.unwrap().unwrap();
        assert_eq!(ended.state, BacktestState::Done, "{ended:?}");
        counted
    }

    async fn ingest(&self, todo: Todo) {
        let ingestion = Ingestion { deps: &self.counted, venue: &Flat, start: &Nobody, bus: &Nobody, waits: false };
        let run = Ingest::new(todo, String::new());
        ingestion.run(run, &begun(now(), limits::INGEST_TIMEOUT)).await.unwrap();
    }

    pub(crate) async fn begin(&self) {
        self.meter.begin(&self.own.tables()).await;
    }

    pub(crate) fn end(&self) -> Counted {
        self.meter.end()
    }

    /// The functions that answer requests, on tables that are counted. What else they could ask is not asked by reading.
    pub(crate) fn api(&self) -> [Router; 5] {
        let (store, objects) = (|| self.counted.clone(), || aws::Bucket::from_env("none"));
        let (kms, checks) = (|| aws::Kms::from_env("none"), || aws::KeyChecks::from_env("none"));
        let later = || aws::Later::from_env("none");
        let identity = api_identity::Parts {
            secret: aws::DeploymentSecret::from_env(&Stack::get().name("DeploymentSecret")),
            passwords: credentials::Passwords::default(),
            factors: aws::FactorKey::from_env("none", DEPLOYMENT),
            audits: aws::AuditKey::from_env("none", DEPLOYMENT),
            post: api_identity::Post { mailer: None, later: later() },
            sights: api_identity::Sights {
                parts: aws::Parts::from_env(store(), "none"),
                lines: aws::Lines::from_env(DEPLOYMENT),
            },
            objects: objects(),
            deployment: DEPLOYMENT.to_owned(),
            registration: api_identity::Registration::Closed,
            auth_per_minute: std::num::NonZeroU32::MAX,
            verifier: credentials::Verifier::new(DEPLOYMENT),
            signer: Default::default(),
        };
        [
            api_trading::router(api_trading::Api::new(store(), later(), DEPLOYMENT)),
            api_accounts::router(api_accounts::Api::new(store(), kms(), checks(), DEPLOYMENT)),
            api_market::router(api_market::Api::new(store(), checks(), (later(), objects(), 1), DEPLOYMENT)),
            api_flows::router(api_flows::Api::new(store(), kms(), true, DEPLOYMENT)),
            api_identity::router(api_identity::Api::new(store(), identity)),
        ]
        .map(lambda::edge::prepare)
    }

    async fn taken(&self, queue: Place) -> Record {
        self.own.take(queue).await.unwrap_or_else(|| panic!("{queue:?} has no message"))
    }

    async fn over(&self, queue: Place, record: &Record) -> Counted {
        let counted = self.meter.end();
        self.own.done(queue, record).await;
        counted
    }
}

fn replay(bar: [&str; 4]) -> Replay {
    let bars = vec![bar.map(|price| price.parse().unwrap()); BARS];
    Replay { started_at: now().minus(Millis::seconds(10)), bar: Millis::seconds(2), bars }
}

fn invocation(timeout: Millis) -> Invocation {
    begun(now(), timeout)
}

fn begun(at: Timestamp, timeout: Millis) -> Invocation {
    Invocation::begin("00000000-0000-4000-8000-000000000000", at, at.plus(timeout)).unwrap()
}

/// An exchange whose price stays.
struct Flat;

impl ListCandles for Flat {
    async fn list_candles(&self, _: &Market, span: &CandleSpan) -> Result<Vec<Candle>, CandlesError> {
        Ok(flat(span))
    }
}

fn flat(span: &CandleSpan) -> Vec<Candle> {
    let price = "100".parse().unwrap();
    let told = |opens_at| ToldCandle { opens_at, prices: [price; 4], volume: "1".parse().unwrap() };
    span.read(span.opens().map(told), now()).unwrap()
}

/// Prices and volumes with as many digits as those of a market that is traded.
fn lively(span: &CandleSpan) -> Vec<Candle> {
    let told = |(number, opens_at): (u32, Timestamp)| {
        let price = |cents| format!("64{:03}.{cents}", number * 37 % 900).parse().unwrap();
        let volume = format!("1234.{:05}", 10_000 + number * 7_919 % 90_000).parse().unwrap();
        ToldCandle { opens_at, prices: [price(31), price(91), price(11), price(55)], volume }
    };
    span.read((0..).zip(span.opens()).map(told), span.end()).unwrap()
}

/// Objects, which are not counted here.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<String, Vec<u8>>>);

impl Objects for Kept {
    async fn get_object(&self, key: &str, _: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.lock().unwrap().get(key).cloned())
    }

    async fn put_object(&self, key: &str, body: &[u8], _: Timestamp) -> Result<(), StoreError> {
        self.0.lock().unwrap().insert(key.to_owned(), body.to_vec());
        Ok(())
    }
}

/// Remembers what a worker was begun for.
#[derive(Default)]
struct Begun(Mutex<Option<Work>>);

impl BeginBacktest for Begun {
    async fn begin_backtest(&self, work: &Work, _: Timestamp) -> Result<(), StoreError> {
        *self.0.lock().unwrap() = Some(work.clone());
        Ok(())
    }
}

/// Where no worker is begun.
struct Nobody;

impl SpreadBacktest for Nobody {
    async fn spread_backtest(&self, _: &BacktestId, work: &Work, _: Timestamp) -> Result<(), StoreError> {
        panic!("one worker plays it: {work:?}")
    }
}

impl TellCandle for Nobody {
    async fn tell_candle(&self, closed: &CandleClosed, _: Timestamp) -> Result<(), StoreError> {
        panic!("nobody acts on it: {closed:?}")
    }
}

impl StartIngest for Nobody {
    async fn start_ingest(&self, work: &Ingest, _: Timestamp) -> Result<(), StoreError> {
        panic!("nobody wants anything: {work:?}")
    }
}
