//! `/market-data`: candles that are kept, with indicators, and the list of what is fetched.

mod asked;
mod backfill;
mod lines;
mod rows;
mod sheet;
mod state;

pub(super) use backfill::ingested;

use crate::reckoned::{Chosen, NAMES, reckon};
use crate::{Api, problem};
use app::ports::Wish;
use app::series::{self, Seen, Wanted};
use asked::{Asked, Format};
use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LINK};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::identity::Permission;
use domain::limits::{CANDLES_DEFAULT, CANDLES_MAX, INDICATORS_OVER, SERIES_PER_USER_MAX};
use domain::market::{Interval, MarketKey};
use domain::series::Series;
use lambda::api::{Hearer, Operation, Table};
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::page::{self, Listed};
use lambda::range;
use serde_json::json;
use std::sync::Arc;
use wire::view::{
    self, LatestCandle, LatestIndicators, List, ListedSeries, MarketCandle, MarketData, MarketPage, MarketRows,
    SeriesGaps, SeriesStats,
};

const WHAT: &str = "Closed candles as this deployment stores them, oldest first: from `since` on, else the newest before `until`. A series is fetched while it is on a user's list, and for an hour after a user has read it; what \
                    was never fetched is empty. `limit` sets the length of the period, in candles. Indicators are those of TA-Lib, \
                    calculated with 1,500 earlier candles as well.";
const STATE: &str = "Covers the requested time, by default the newest candles. The request itself fetches nothing.";
const FORMAT: &str = "`rows` names each line once, as `columns`, and takes half as much; `csv` is what `moniqo backtest` reads, with the \
                      indicators beside: `Link` names its next page, and `X-Limit` what `limit` was taken for, where more was asked for";
/// Of a sheet, which has no place for it.
const X_LIMIT: HeaderName = HeaderName::from_static("x-limit");
const EXCHANGE: &str = "BINANCE";
const INTERVAL: Interval = Interval::OneHour;
/// What `/indicators` answers where nothing is said.
const FEW: [&str; 3] = ["RSI_14", "MACD", "EMA_50"];

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("market data", "Stored candles, with indicators.");
    backfill::routes(table)
        .get("", show, |of| {
            let of = named(of.says("listCandles", "List stored candles").details(WHAT).needs(Permission::READ));
            chosen(timed(of), &NAMES)
                .query("format", &json!({"type": "string", "enum": ["csv", "json", "rows"], "default": "json"}), FORMAT)
                .answers::<MarketPage>(200)
                .or_as(200, "text/csv")
                .refuses(404, &["unknown_market"])
        })
        .get("/latest", latest, |of| {
            let of = named(of.says("getLatestCandle", "Get the newest stored candle").needs(Permission::READ));
            chosen(of, &NAMES).answers::<LatestCandle>(200).refuses(404, &["unknown_market", "not_fetched"])
        })
        .get("/indicators", indicators, |of| {
            let of = named(
                of.says("getLatestIndicators", "Get indicators at the newest stored candle").needs(Permission::READ),
            );
            chosen(of, &FEW).answers::<LatestIndicators>(200).refuses(404, &["unknown_market", "not_fetched"])
        })
        .get("/gaps", state::gaps, |of| {
            let of =
                named(of.says("listCandleGaps", "List the gaps of a series").details(STATE).needs(Permission::READ));
            timed(of).answers::<SeriesGaps>(200).refuses(404, &["unknown_market"])
        })
        .get("/stats", state::stats, |of| {
            let of = named(
                of.says("getSeriesStats", "Get how complete a series is, and how late its candles arrive")
                    .details(STATE),
            );
            timed(of.needs(Permission::READ)).answers::<SeriesStats>(200).refuses(404, &["unknown_market"])
        })
        .get("/symbols", list, |of| {
            let said = "They are fetched for three months after this list was last read.";
            of.says("listSubscriptions", "List the series that are fetched for you")
                .details(said)
                .needs(Permission::READ)
                .page::<ListedSeries>()
                .at_most(SERIES_PER_USER_MAX)
        })
        .put("/symbols", put, |of| {
            let of = named(
                of.says("createSubscription", "Subscribe to a series")
                    .needs(Permission::WRITE)
                    .or_needs(Permission::RESEARCH),
            );
            of.answers::<ListedSeries>(200).refuses(404, &["unknown_market"]).refuses(409, &["too_many_series"])
        })
        .delete("/symbols", take, |of| {
            let of = of
                .says("deleteSubscription", "Unsubscribe from a series")
                .needs(Permission::WRITE)
                .or_needs(Permission::RESEARCH);
            named(of).answers_nothing()
        })
}

fn named<H: Hearer>(of: Operation<H>) -> Operation<H> {
    let timeframes = Interval::ALL.map(Interval::as_str);
    let timeframe = json!({"type": "string", "enum": timeframes, "default": INTERVAL.as_str()});
    of.query("symbol", &json!({"type": "string"}), "required; such as BTC/USDT, BTCUSDT or BTCUSDT.P")
        .query("exchange", &json!({"type": "string", "default": EXCHANGE}), "where it is traded")
        .query("timeframe", &timeframe, "how long each is; all open on the clock, in UTC")
}

fn timed<H: Hearer>(of: Operation<H>) -> Operation<H> {
    let limit = json!({"type": "integer", "minimum": 1, "default": CANDLES_DEFAULT});
    let time = json!({"type": "string", "format": "date-time"});
    let clamped =
        format!("for how many candles of time; above {CANDLES_MAX} it is {CANDLES_MAX}, and the answer says so");
    let of = range::query(
        of,
        "from the first candle that opens then or later",
        "up to the last that closes then or earlier",
    );
    let of = of
        .query("cursor", &time, "`next_cursor` of an earlier answer, in the place of `since`")
        .query("limit", &limit, &clamped);
    range::also(of, asked::TIMES)
}

fn chosen<H: Hearer>(of: Operation<H>, default: &[&str]) -> Operation<H> {
    let names = json!({"type": "array", "items": {"type": "string", "enum": NAMES}, "default": default});
    of.query("indicators", &names, "which, each once; several with commas between, or one after another")
}

type Kept = [(HeaderName, HeaderValue); 1];

async fn show(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Response, Problem> {
    let (wanted, chosen, format) = (asked.wanted(INDICATORS_OVER)?, asked.chosen(&NAMES)?, asked.format()?);
    let (seen, fetched, kept) = looked(&api, &caller, &wanted).await?;
    let values = reckon(&seen.before, &seen.candles, &chosen);
    let (next_cursor, limit) = (seen.next.map(|next| view::time(next).to_string()), asked.cut()?);
    let MarketKey { exchange, symbol } = &wanted.series.market;
    let (exchange, symbol, timeframe) = (exchange.to_string(), symbol.to_string(), wanted.series.interval.to_string());
    let told = match format {
        Format::Csv => {
            let beside = beside(&asked, next_cursor.as_deref(), limit);
            return Ok((kept, beside, sheet::sheet(&seen.candles, &values, &chosen)).into_response());
        }
        Format::Rows => {
            let (columns, rows) = (rows::columns(&chosen), rows::rows(&seen.candles, &values, &chosen));
            MarketPage::Rows(MarketRows { exchange, symbol, timeframe, fetched, columns, rows, next_cursor, limit })
        }
        Format::Json => {
            let items = seen.candles.iter().zip(values).map(|(kept, values)| MarketCandle::of(kept, values)).collect();
            MarketPage::Items(MarketData { exchange, symbol, timeframe, fetched, items, next_cursor, limit })
        }
    };
    Ok((kept, Json(told)).into_response())
}

/// What a sheet's headers say: what it is, where it goes on, and whether it was cut.
fn beside(asked: &Asked, next: Option<&str>, limit: Option<u32>) -> HeaderMap {
    let mut beside = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"))]);
    let link = next.map(|next| format!("<?{}>; rel=\"next\"", asked.from(next)));
    beside.extend(link.and_then(|link| HeaderValue::try_from(link).ok()).map(|link| (LINK, link)));
    beside.extend(limit.map(|limit| (X_LIMIT, limit.into())));
    beside
}

async fn latest(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<(Kept, Json<LatestCandle>), Problem> {
    let Newest { series, candle, fetched, kept } = newest(&api, &caller, &asked, &asked.chosen(&NAMES)?).await?;
    let MarketKey { exchange, symbol } = series.market;
    let (exchange, symbol, timeframe) = (exchange.to_string(), symbol.to_string(), series.interval.to_string());
    Ok((kept, Json(LatestCandle { exchange, symbol, timeframe, fetched, candle })))
}

async fn indicators(
    State(api): State<Api>,
    caller: Caller,
    asked: Asked,
) -> Result<(Kept, Json<LatestIndicators>), Problem> {
    let Newest { series, candle, fetched, kept } = newest(&api, &caller, &asked, &asked.chosen(&FEW)?).await?;
    let MarketCandle { timestamp, indicators, .. } = candle;
    let MarketKey { exchange, symbol } = series.market;
    let (exchange, symbol, timeframe) = (exchange.to_string(), symbol.to_string(), series.interval.to_string());
    Ok((kept, Json(LatestIndicators { exchange, symbol, timeframe, fetched, timestamp, indicators })))
}

/// The newest candle that is kept, whether its series is fetched, and for how long whoever has asked keeps the answer.
struct Newest {
    series: Series,
    candle: MarketCandle,
    fetched: bool,
    kept: Kept,
}

/// Without so many candles a series has paused. Of a few that are missing no indicator changes, and where nobody trades for minutes nothing is
/// read twice.
const PAUSED: u32 = 60;

/// The newest candle of the time over which indicators are reckoned.
async fn newest(api: &Api, caller: &Caller, asked: &Asked, chosen: &Chosen) -> Result<Newest, Problem> {
    let limit = INDICATORS_OVER.saturating_add(1);
    let wanted = Wanted { series: asked.series()?, since: None, until: None, limit, warm_up: 0 };
    let (mut seen, fetched, kept) = looked(api, caller, &wanted).await?;
    // What has paused is reckoned over as many candles as what goes on.
    let paused = caller.invocation.now().minus(wanted.series.interval.times(PAUSED));
    let ended = seen.candles.last().map(|last| last.candle.bar.closes_at).filter(|ended| *ended < paused);
    if let Some(ended) = ended {
        (seen, _, _) = looked(api, caller, &Wanted { until: Some(ended), ..wanted.clone() }).await?;
    }
    let (last, before) = seen.candles.split_last().ok_or_else(|| not_fetched(fetched))?;
    let values = reckon(before, &[*last], chosen).into_iter().next().unwrap_or_default();
    Ok(Newest { series: wanted.series, candle: MarketCandle::of(last, values), fetched, kept })
}

/// Where it is not fetched either, there are too many of those that charts want, or of all.
fn not_fetched(fetched: bool) -> Problem {
    let from_now = "nothing is kept of it yet: it is fetched from the next minute on";
    let never = "nothing is kept of it, and too many others are looked at: put it on your list, where there is room";
    Problem::new(StatusCode::NOT_FOUND, "not_fetched", if fetched { from_now } else { never })
}

/// What is kept, whether it is fetched, and for how long whoever has asked keeps the answer, and nobody else.
async fn looked(api: &Api, caller: &Caller, wanted: &Wanted) -> Result<(Arc<Seen>, bool, Kept), Problem> {
    let now = caller.invocation.now();
    let (seen, fetched) = api.look(&caller.session.user, wanted, now).await.map_err(problem::series)?;
    let kept = format!("private, max-age={}", seen.good_for(now).get().div_euclid(1_000));
    let kept = HeaderValue::try_from(kept).unwrap_or(HeaderValue::from_static("no-store"));
    Ok((seen, fetched, [(CACHE_CONTROL, kept)]))
}

async fn list(State(api): State<Api>, caller: Caller, asked: page::Asked) -> Result<Json<List<ListedSeries>>, Problem> {
    let list =
        series::list(&api.store, &caller.session.user, caller.invocation.now()).await.map_err(problem::series)?;
    let of = Listed { name: "market-data-symbols", user: &caller.session.user };
    asked.part(of, list, |wish| wish.series.to_string(), |wish| Ok(shown(wish))).map(Json)
}

async fn put(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Json<ListedSeries>, Problem> {
    let (series, now) = (asked.series()?, caller.invocation.now());
    let wish = series::put_on_list(&api.store, &caller.session.user, &series, now).await.map_err(problem::series)?;
    Ok(Json(shown(&wish)))
}

async fn take(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<StatusCode, Problem> {
    series::take_off_list(&api.store, &caller.session.user, &asked.series()?).await.map_err(problem::series)?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(wish: &Wish) -> ListedSeries {
    let Series { market: MarketKey { exchange, symbol }, interval } = &wish.series;
    ListedSeries {
        exchange: exchange.to_string(),
        symbol: symbol.to_string(),
        timeframe: interval.to_string(),
        since: view::time(wish.since),
        until: wish.until.map(view::time),
    }
}
