//! `/whale-alerts`: large transfers on blockchains.

use super::number;
use crate::Api;
use axum::Json;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use domain::clock::{Millis, Timestamp};
use domain::identity::Permission;
use domain::ids::WhaleAlertId;
use domain::market::Asset;
use domain::money::{Amount, Decimal};
use domain::whale::{Blockchain, TransactionType, WhaleFilter, WhaleStatus};
use domain::words::Word;
use lambda::api::{Hearer, Operation, Table};
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::page::{self, Listed, parameter};
use lambda::range::{self, Former, Range};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::PageRequest;
use store::whale::Whales;
use wire::stored::WhaleDay;
use wire::view::{
    self, List, MeasuredWhaleCount, WhaleCount, WhaleImpactMean, WhaleStats, WhaleSummary, WhaleTransactions,
};

const TOPIC: &str = "Large transfers on blockchains, from 1 million USD on. Each is the largest one of its transaction, counted by what its owners \
                     give and get; swaps, change and moves within a wallet are none. An alert is `provisional` until its block is deep \
                     enough, and `orphaned` if its block was orphaned.";
const LISTED: &str = "Of the last seven days, if no time is asked for. What is created, destroyed or moved within an owner, and what was orphaned, \
                      is listed only if `transaction_type` or `status` names it. A page may be short.";
/// Other names of `since` and `until`.
const TIMES: Former = ["start_time", "end_time"];
const DAY_S: i64 = 86_400;
const LISTED_DAYS: i64 = 7;
const SHOWN_MAX: u32 = 100;
const RECENT: u32 = 20;
const STATS_DAYS: u32 = 7;
const STATS_DAYS_MAX: u32 = 90;
const HOURS: u32 = 24;
const HOURS_MAX: u32 = 168;
const SUMMED_MAX: u32 = 5_000;

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("whale-alerts", TOPIC);
    let table = table.get("", list, |of| {
        let of = of.says("listWhaleAlerts", "List whale alerts, newest first").details(LISTED);
        let of = filtered(of.needs(Permission::READ));
        let of = range::query(of, "detected from then on, kept for 90 days", "detected before then");
        range::also(of, TIMES).page::<view::WhaleAlert>()
    });
    let table = table.get("/recent", recent, |of| {
        let of = of.says("listRecentWhaleAlerts", "List whale alerts of the last 24 hours, newest first");
        of.details("A page has 20 of them, if `limit` is not given.").needs(Permission::READ).page::<view::WhaleAlert>()
    });
    let table = table.get("/stats", stats, |of| {
        let of = of.says("getWhaleStats", "Get how many whale alerts there were, and of what").needs(Permission::READ);
        of.query("currency", &json!({"type": "string"}), "an asset, such as `BTC`")
            .query("days", &whole(STATS_DAYS_MAX, STATS_DAYS), "UTC days, today included, by the time of the block")
            .answers::<WhaleStats>(200)
    });
    table.get("/{id}", show, |of| {
        let of = of.says("getWhaleAlert", "Get a whale alert").needs(Permission::READ);
        of.refuses(404, &["not_found"]).answers::<view::WhaleAlert>(200)
    })
}

pub(super) fn onchain<T: Table<Api>>(table: T) -> T {
    let table = table.about("whale-alerts", TOPIC);
    table.get("/whale-transactions", transactions, |of| {
        let of = of.says("listWhaleTransactions", "List large transfers of the last hours with their sums");
        of.needs(Permission::READ)
            .query("symbol", &json!({"type": "string"}), "an asset, such as `BTC`")
            .query("hours", &whole(HOURS_MAX, HOURS), "how many")
            .query("min_amount", &amount(), "worth at least, in USD")
            .query("limit", &whole(SHOWN_MAX, RECENT), "how many are shown")
            .answers::<WhaleTransactions>(200)
    })
}

fn filtered<H: Hearer>(of: Operation<H>) -> Operation<H> {
    let words = |words: &[&str]| json!({"type": "string", "enum": words});
    of.query("currency", &json!({"type": "string"}), "an asset, such as `BTC`")
        .query("blockchain", &words(Blockchain::WORDS), "where it was made")
        .query(
            "transaction_type",
            &words(TransactionType::WORDS),
            "what it is; `large_transfer` is read as `whale_transfer`",
        )
        .query("status", &words(WhaleStatus::WORDS), "whether it may be orphaned")
        .query("min_amount_usd", &amount(), "worth at least, in USD")
        .query("min_significance", &json!({"type": "integer", "minimum": 1, "maximum": 10}), "scored at least")
}

fn amount() -> Value {
    json!({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"})
}

fn whole(most: u32, default: u32) -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": most, "default": default})
}

/// What is asked for, by its names.
struct Asked(Given);

#[derive(Default, Deserialize)]
struct Given {
    currency: Option<String>,
    symbol: Option<String>,
    blockchain: Option<String>,
    transaction_type: Option<String>,
    status: Option<String>,
    min_amount_usd: Option<String>,
    min_amount: Option<String>,
    min_significance: Option<String>,
    since: Option<String>,
    until: Option<String>,
    start_time: Option<String>,
    end_time: Option<String>,
    days: Option<String>,
    hours: Option<String>,
    limit: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<Given>::try_from_uri(&parts.uri);
        query
            .map(|Query(given)| Self(given))
            .map_err(|_| Problem::field("currency", "what is asked for is given once each, as text"))
    }
}

impl Asked {
    fn filter(&self) -> Result<WhaleFilter, Problem> {
        let Given {
            currency,
            symbol,
            blockchain,
            transaction_type,
            status,
            min_amount_usd,
            min_amount,
            min_significance,
            ..
        } = &self.0;
        let kind =
            transaction_type.as_deref().map(|kind| if kind == "large_transfer" { "whale_transfer" } else { kind });
        let asset = match (currency, symbol) {
            (Some(asset), _) => parameter("currency", Some(asset.to_uppercase().as_str()))?,
            (None, symbol) => parameter("symbol", symbol.as_ref().map(|symbol| symbol.to_uppercase()).as_deref())?,
        };
        let worth = |name: &'static str, text: &Option<String>| {
            let worth = parameter::<Amount>(name, text.as_deref())?;
            let is_negative = worth.is_some_and(|worth| worth.get().is_sign_negative());
            if is_negative { Err(Problem::field(name, format!("{name} must be 0 or more"))) } else { Ok(worth) }
        };
        Ok(WhaleFilter {
            asset,
            chain: parameter("blockchain", blockchain.as_deref())?,
            kind: parameter("transaction_type", kind)?,
            status: parameter("status", status.as_deref())?,
            worth_min: worth("min_amount_usd", min_amount_usd)?.or(worth("min_amount", min_amount)?),
            score_min: number("min_significance", min_significance.as_deref(), 10)?
                .and_then(|score| u8::try_from(score).ok()),
        })
    }

    /// Whatever a cursor is good for.
    fn name(&self) -> String {
        let Given { currency, blockchain, transaction_type, status, min_amount_usd, min_significance, .. } = &self.0;
        let Given { since, until, start_time, end_time, .. } = &self.0;
        let filter = [currency, blockchain, transaction_type, status, min_amount_usd, min_significance];
        let all = filter.into_iter().chain([since, until, start_time, end_time]);
        let all: Vec<_> = all.map(|one| one.as_deref().unwrap_or_default()).collect();
        format!("whale-alerts {}", all.join("\n"))
    }

    fn span(&self, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
        let Given { since, until, start_time, end_time, .. } = &self.0;
        let given = |name: &'static str| match name {
            "since" => since.as_deref(),
            "until" => until.as_deref(),
            "start_time" => start_time.as_deref(),
            _ => end_time.as_deref(),
        };
        let (range, end) = (Range::read(given, TIMES)?, now.plus(Millis::new(1)));
        let since = range.since.unwrap_or_else(|| now.minus(Millis::seconds(LISTED_DAYS * DAY_S)));
        Ok((since.max(now.minus(store::whale::KEPT)), range.until.map_or(end, |until| until.min(end))))
    }
}

async fn list(
    State(api): State<Api>,
    caller: Caller,
    asked: Asked,
    paged: page::Asked,
) -> Result<Json<List<view::WhaleAlert>>, Problem> {
    let (filter, name) = (asked.filter()?, asked.name());
    let list = Listed { name: &name, user: &caller.session.user };
    let span = asked.span(caller.invocation.now())?;
    let page = Whales(&api.store).list_alerts(&filter, span, &paged.page(list)?).await;
    let page = page.map_err(|error| Problem::of_store(&error))?;
    paged.answer(list, page, |alert| Ok(view::WhaleAlert::of(alert))).map(Json)
}

async fn recent(
    State(api): State<Api>,
    caller: Caller,
    paged: page::Asked,
) -> Result<Json<List<view::WhaleAlert>>, Problem> {
    let list = Listed { name: "recent whale-alerts", user: &caller.session.user };
    let page = paged.page_or(list, RECENT)?;
    let page =
        Whales(&api.store).list_alerts(&WhaleFilter::default(), last(HOURS, caller.invocation.now()), &page).await;
    let page = page.map_err(|error| Problem::of_store(&error))?;
    paged.answer(list, page, |alert| Ok(view::WhaleAlert::of(alert))).map(Json)
}

/// These hours up to now.
fn last(hours: u32, now: Timestamp) -> (Timestamp, Timestamp) {
    (now.minus(Millis::seconds(i64::from(hours) * 3_600)), now.plus(Millis::new(1)))
}

async fn show(State(api): State<Api>, _: Caller, Path(id): Path<String>) -> Result<Json<view::WhaleAlert>, Problem> {
    let unknown = || Problem::not_found("whale alert");
    let id = WhaleAlertId::parse(&id).map_err(|_| unknown())?;
    let found = Whales(&api.store).find_alert(&id).await.map_err(|error| Problem::of_store(&error))?;
    found.map(|kept| Json(view::WhaleAlert::of(&kept.alert))).ok_or_else(unknown)
}

async fn stats(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Json<WhaleStats>, Problem> {
    let days = number("days", asked.0.days.as_deref(), STATS_DAYS_MAX)?.unwrap_or(STATS_DAYS);
    let asset: Option<Asset> =
        parameter("currency", asked.0.currency.as_ref().map(|asset| asset.to_uppercase()).as_deref())?;
    let since = caller.invocation.now().day().saturating_sub(i64::from(days)).saturating_add(1);
    let counted = Whales(&api.store).count_days(since).await.map_err(|error| Problem::of_store(&error))?;
    let is_asked =
        |day: &WhaleDay| day.kind.0.is_published() && asset.as_ref().is_none_or(|asset| *asset == day.asset.0);
    let counted: Vec<_> = counted.into_iter().filter(is_asked).collect();
    let (mut all, mut scores) = (Sum::default(), 0_i64);
    let (mut by_type, mut by_currency) = (BTreeMap::new(), BTreeMap::new());
    let mut impacts = BTreeMap::<_, [Measured; 2]>::new();
    let mut of_currencies = BTreeMap::<_, [Measured; 2]>::new();
    for day in counted {
        let sum = Sum { alerts: day.alerts, cents: day.cents.into() };
        all.add(sum);
        scores = scores.saturating_add(day.scores);
        by_type.entry(day.kind.0.as_str().to_owned()).or_insert_with(Sum::default).add(sum);
        for measured in [
            impacts.entry(day.kind.0.as_str().to_owned()).or_default(),
            of_currencies.entry(day.asset.0.to_string()).or_default(),
        ] {
            measured.iter_mut().zip(Measured::of(&day)).for_each(|(all, more)| all.add(&more));
        }
        by_currency.entry(day.asset.0.to_string()).or_insert_with(Sum::default).add(sum);
    }
    let mean = Decimal::from(scores).checked_div(Decimal::from(all.alerts)).map(|mean| mean.round_dp(2).to_string());
    Ok(Json(WhaleStats {
        since: view::date(since),
        total_alerts: all.count(),
        total_volume_usd: all.usd(),
        mean_significance: mean,
        by_type: counts(by_type).into_iter().map(|count| measured(count, &impacts)).collect(),
        currencies: counts(by_currency).into_iter().map(|count| measured(count, &of_currencies)).collect(),
    }))
}

async fn transactions(
    State(api): State<Api>,
    caller: Caller,
    asked: Asked,
) -> Result<Json<WhaleTransactions>, Problem> {
    let hours = number("hours", asked.0.hours.as_deref(), HOURS_MAX)?.unwrap_or(HOURS);
    let limit = number("limit", asked.0.limit.as_deref(), SHOWN_MAX)?.unwrap_or(RECENT);
    let (span, all) = (last(hours, caller.invocation.now()), PageRequest { limit: SUMMED_MAX, cursor: None });
    let page = Whales(&api.store).list_alerts(&asked.filter()?, span, &all).await;
    let page = page.map_err(|error| Problem::of_store(&error))?;
    let (alerts, is_cut) = (page.items, page.next.is_some());
    let (mut all, mut by_type) = (Sum::default(), BTreeMap::new());
    for alert in &alerts {
        let sum = Sum { alerts: 1, cents: alert.transfer.cents().unwrap_or_default().into() };
        all.add(sum);
        by_type.entry(alert.transfer.kind.as_str().to_owned()).or_insert_with(Sum::default).add(sum);
    }
    let average = all.cents.checked_div(all.alerts.into()).map(usd);
    let largest = alerts.iter().map(|alert| alert.transfer.worth).max().map(|worth| worth.to_string());
    let items = alerts.iter().take(usize::try_from(limit).unwrap_or(usize::MAX)).map(view::WhaleAlert::of).collect();
    let summary = WhaleSummary {
        transactions: all.count(),
        total_volume_usd: all.usd(),
        average_usd: average,
        largest_usd: largest,
        by_type: counts(by_type),
        is_cut,
    };
    Ok(Json(WhaleTransactions { items, summary }))
}

/// How many, and what they were worth in hundredths of a dollar.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    alerts: i64,
    cents: i128,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.alerts = self.alerts.saturating_add(other.alerts);
        self.cents = self.cents.saturating_add(other.cents);
    }

    fn count(self) -> u64 {
        u64::try_from(self.alerts).unwrap_or_default()
    }

    fn usd(self) -> String {
        usd(self.cents)
    }
}

/// What was measured of some alerts after some time: how many, the sums of their changes and of their base rates in ten thousandths of a
/// percent, and how many changes were unusual.
#[derive(Debug, Clone, Copy, Default)]
struct Measured([i64; 4]);

impl Measured {
    fn of(day: &WhaleDay) -> [Self; 2] {
        [
            Self([day.measured_1h, day.change_1h, day.base_1h, day.unusual_1h]),
            Self([day.measured_24h, day.change_24h, day.base_24h, day.unusual_24h]),
        ]
    }

    fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, more)| *sum = sum.saturating_add(more));
    }

    fn mean(self) -> Option<WhaleImpactMean> {
        let Self([count, change, base, unusual]) = self;
        let mean = |sum: i64| {
            let mean = Decimal::new(sum, 4).checked_div(Decimal::from(count))?;
            Some(mean.round_dp(4).normalize().to_string())
        };
        Some(WhaleImpactMean {
            alerts: u64::try_from(count).ok().filter(|count| *count > 0)?,
            mean_change_percent: mean(change)?,
            mean_base_percent: mean(base)?,
            unusual: u64::try_from(unusual).unwrap_or_default(),
        })
    }
}

fn measured(
    WhaleCount { name, alerts, volume_usd }: WhaleCount,
    impacts: &BTreeMap<String, [Measured; 2]>,
) -> MeasuredWhaleCount {
    let [hour, day] = impacts.get(&name).copied().unwrap_or_default();
    MeasuredWhaleCount { name, alerts, volume_usd, after_1h: hour.mean(), after_24h: day.mean() }
}

fn usd(cents: i128) -> String {
    Decimal::try_from_i128_with_scale(cents, 2).map(|usd| usd.normalize().to_string()).unwrap_or_default()
}

/// That with the most first.
fn counts(sums: BTreeMap<String, Sum>) -> Vec<WhaleCount> {
    let mut sums: Vec<_> = sums.into_iter().filter(|(_, sum)| sum.alerts > 0).collect();
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.alerts));
    sums.into_iter().map(|(name, sum)| WhaleCount { name, alerts: sum.count(), volume_usd: sum.usd() }).collect()
}
