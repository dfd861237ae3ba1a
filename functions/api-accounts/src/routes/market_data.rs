//! `/market-data`: candles that are kept, with indicators, and the list of what is fetched.

use crate::reckoned::{Chosen, NAMES, reckon};
use crate::{Desk, problem};
use app::ports::Wish;
use app::series::{Seen, Wanted};
use axum::Json;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use domain::clock::{Millis, Timestamp};
use domain::identity::Permission;
use domain::limits::{
    CANDLE_TOLD_AFTER, CANDLES_DEFAULT, CANDLES_KEPT_MAX, CANDLES_MAX, GROWN_KEPT, INDICATORS_OVER, SERIES_PER_USER_MAX,
};
use domain::market::{Exchange, Interval, MarketKey, Symbol};
use domain::series::Series;
use lambda::api::{Hearer, Operation, Table};
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::page::{self, Listed};
use serde_json::json;
use wire::view::{self, LatestCandle, LatestIndicators, List, ListedSeries, MarketCandle, MarketData};

const WHAT: &str = "Closed candles as this deployment keeps them, oldest first: from `start_time` on, else the newest before `end_time`. \
                    A series is fetched while it stands on somebody's list, and for an hour after somebody has looked at it; what was never \
                    fetched is empty. `limit` says for how many candles of time. Indicators are those of TA-Lib, reckoned over 1,500 candles \
                    before as well.";
const EXCHANGE: &str = "BINANCE";
const INTERVAL: Interval = Interval::OneHour;
/// What `/indicators` answers where nothing is said.
const FEW: [&str; 3] = ["RSI_14", "MACD", "EMA_50"];

pub(super) fn routes<D: Desk, T: Table<D>>(table: T) -> T {
    let table = table.about("market-data", "Candles that are kept, with indicators.");
    table
        .get("", show::<D>, |of| {
            let limit = json!({"type": "integer", "minimum": 1, "maximum": CANDLES_MAX, "default": CANDLES_DEFAULT});
            let time = json!({"type": "string", "format": "date-time"});
            let clamped = format!(
                "for how many candles of time; above {CANDLES_MAX} it is {CANDLES_MAX}, and the answer says so"
            );
            let of = named(of.says("Candles that are kept").details(WHAT).needs(Permission::READ));
            chosen(of, &NAMES)
                .query("start_time", &time, "from the first that opens then or later")
                .query("end_time", &time, "up to the last that closes then or earlier")
                .query("cursor", &time, "`next_cursor` of an earlier answer, in the place of `start_time`")
                .query("limit", &limit, &clamped)
                .answers::<MarketData>(200)
                .refuses(404, &["unknown_market"])
        })
        .get("/latest", latest::<D>, |of| {
            let of = named(of.says("The newest candle that is kept").needs(Permission::READ));
            chosen(of, &NAMES).answers::<LatestCandle>(200).refuses(404, &["unknown_market", "not_fetched"])
        })
        .get("/indicators", indicators::<D>, |of| {
            let of = named(of.says("Indicators at the newest candle that is kept").needs(Permission::READ));
            chosen(of, &FEW).answers::<LatestIndicators>(200).refuses(404, &["unknown_market", "not_fetched"])
        })
        .get("/symbols", list::<D>, |of| {
            let said = "They are fetched for a quarter after this list was last looked at.";
            of.says("Series on one's list")
                .details(said)
                .needs(Permission::READ)
                .page::<ListedSeries>()
                .at_most(SERIES_PER_USER_MAX)
        })
        .put("/symbols", put::<D>, |of| {
            let of = named(of.says("Put a series on one's list").needs(Permission::WRITE));
            of.answers::<ListedSeries>(200).refuses(404, &["unknown_market"]).refuses(409, &["too_many_series"])
        })
        .delete("/symbols", take::<D>, |of| {
            named(of.says("Take a series off one's list").needs(Permission::WRITE)).answers_nothing()
        })
}

fn named<H: Hearer>(of: Operation<H>) -> Operation<H> {
    let timeframes = Interval::ALL.map(Interval::as_str);
    let timeframe = json!({"type": "string", "enum": timeframes, "default": INTERVAL.as_str()});
    of.query("symbol", &json!({"type": "string"}), "required; such as BTC/USDT, BTCUSDT or BTCUSDT.P")
        .query("exchange", &json!({"type": "string", "default": EXCHANGE}), "where it is traded")
        .query("timeframe", &timeframe, "how long each is; all open on the clock, in UTC")
}

fn chosen<H: Hearer>(of: Operation<H>, default: &[&str]) -> Operation<H> {
    let names = json!({"type": "array", "items": {"type": "string", "enum": NAMES}, "default": default});
    of.query("indicators", &names, "which, each once; several with commas between, or one after another")
}

/// What was asked for, by its names.
#[derive(Debug)]
struct Asked(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let Query(pairs) = query.map_err(|_| Problem::field("symbol", "what is asked is given as text"))?;
        let twice = |at: usize, name: &str| pairs.iter().skip(at.saturating_add(1)).any(|(other, _)| other == name);
        match pairs.iter().enumerate().find(|(at, (name, _))| name != "indicators" && twice(*at, name)) {
            Some((_, (name, _))) => Err(Problem::field(name, format!("{name} is given once"))),
            None => Ok(Self(pairs)),
        }
    }
}

impl Asked {
    fn given(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, text)| text.as_str())
    }

    fn series(&self) -> Result<Series, Problem> {
        let symbol = self.given("symbol").ok_or_else(|| Problem::field("symbol", "symbol is required"))?;
        let symbol: Symbol =
            symbol.parse().map_err(|wrong| Problem::field("symbol", format!("symbol must be {wrong}")))?;
        let exchange = self.given("exchange").unwrap_or(EXCHANGE).parse::<Exchange>();
        let exchange = exchange.map_err(|wrong| Problem::field("exchange", format!("exchange must be {wrong}")))?;
        let interval = self.given("timeframe").map_or(Ok(INTERVAL), str::parse);
        let interval = interval.map_err(|wrong| Problem::field("timeframe", format!("timeframe {wrong}")))?;
        Ok(Series { market: MarketKey::named(exchange, symbol), interval })
    }

    fn time(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let wrong =
            || Problem::field(name, format!("{name} must be a time such as 2026-01-31T12:00:00Z, not before 1970"));
        let time = |text| view::moment(text).filter(|at| at.millis() >= 0).ok_or_else(wrong);
        self.given(name).map(time).transpose()
    }

    /// As it was asked for, however much that is.
    fn limit(&self) -> Result<u32, Problem> {
        let whole = |text: &str| {
            let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            // So many that no number holds it are too many as well.
            is_plain.then(|| text.parse().unwrap_or(u32::MAX)).filter(|limit| *limit >= 1)
        };
        let wrong = || Problem::field("limit", "limit must be a whole number from 1 on");
        self.given("limit").map_or(Ok(CANDLES_DEFAULT), |text| whole(text).ok_or_else(wrong))
    }

    fn chosen(&self, default: &[&'static str]) -> Result<Chosen, Problem> {
        let given: Vec<_> = self.0.iter().filter(|(name, _)| name == "indicators").collect();
        if given.is_empty() {
            return Ok(default.iter().copied().collect());
        }
        let wrong = || Problem::field("indicators", format!("indicators must be among {}", NAMES.join(", ")));
        let known = |name: &str| NAMES.into_iter().find(|known| *known == name.trim()).ok_or_else(wrong);
        given.into_iter().flat_map(|(_, names)| names.split(',')).map(known).collect()
    }

    fn wanted(&self) -> Result<Wanted, Problem> {
        let (since, cursor, until) = (self.time("start_time")?, self.time("cursor")?, self.time("end_time")?);
        if let (Some(since), Some(until)) = (since, until)
            && since >= until
        {
            return Err(Problem::field("end_time", "end_time must be later than start_time"));
        }
        let limit = self.limit()?.min(CANDLES_MAX);
        Ok(Wanted { series: self.series()?, since: cursor.or(since), until, limit })
    }
}

type Kept = [(HeaderName, HeaderValue); 1];

async fn show<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    asked: Asked,
) -> Result<(Kept, Json<MarketData>), Problem> {
    let (wanted, chosen, now) = (asked.wanted()?, asked.chosen(&NAMES)?, caller.invocation.now());
    let seen = desk.look(&wanted, now).await.map_err(problem::series)?;
    let values = reckon(&seen.before, &seen.candles, &chosen);
    let MarketKey { exchange, symbol } = &wanted.series.market;
    let told = MarketData {
        exchange: exchange.to_string(),
        symbol: symbol.to_string(),
        timeframe: wanted.series.interval.to_string(),
        items: seen.candles.iter().zip(values).map(|(kept, values)| MarketCandle::of(kept, values)).collect(),
        next_cursor: seen.next.map(|next| view::time(next).to_string()),
        limit: (asked.limit()? > CANDLES_MAX).then_some(CANDLES_MAX),
    };
    Ok((kept(&seen, now), Json(told)))
}

async fn latest<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    asked: Asked,
) -> Result<(Kept, Json<LatestCandle>), Problem> {
    let (series, candle, kept) = newest(&desk, &caller, &asked, &asked.chosen(&NAMES)?).await?;
    let MarketKey { exchange, symbol } = series.market;
    let (exchange, symbol, timeframe) = (exchange.to_string(), symbol.to_string(), series.interval.to_string());
    Ok((kept, Json(LatestCandle { exchange, symbol, timeframe, candle })))
}

async fn indicators<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    asked: Asked,
) -> Result<(Kept, Json<LatestIndicators>), Problem> {
    let (series, MarketCandle { timestamp, indicators, .. }, kept) =
        newest(&desk, &caller, &asked, &asked.chosen(&FEW)?).await?;
    let MarketKey { exchange, symbol } = series.market;
    let (exchange, symbol, timeframe) = (exchange.to_string(), symbol.to_string(), series.interval.to_string());
    Ok((kept, Json(LatestIndicators { exchange, symbol, timeframe, timestamp, indicators })))
}

/// The newest candle within the time over which indicators are reckoned.
async fn newest<D: Desk>(
    desk: &D,
    caller: &Caller,
    asked: &Asked,
    chosen: &Chosen,
) -> Result<(Series, MarketCandle, Kept), Problem> {
    let now = caller.invocation.now();
    let wanted = Wanted { series: asked.series()?, since: None, until: None, limit: INDICATORS_OVER };
    let seen = desk.look(&wanted, now).await.map_err(problem::series)?;
    let not_fetched = "nothing is kept of it yet: it is fetched from the next minute on";
    let not_fetched = || Problem::new(StatusCode::NOT_FOUND, "not_fetched", not_fetched);
    let (last, before) = seen.candles.split_last().ok_or_else(not_fetched)?;
    let before: Vec<_> = seen.before.iter().chain(before).copied().collect();
    let before = before.get(before.len().saturating_sub(OVER)..).unwrap_or_default();
    let values = reckon(before, &[*last], chosen).into_iter().next().unwrap_or_default();
    Ok((wanted.series, MarketCandle::of(last, values), kept(&seen, now)))
}

const OVER: usize = 1_500;

/// By whoever has asked and nobody else: until the next candle is fetched, where that belongs to it; else for long.
fn kept(seen: &Seen, now: Timestamp) -> Kept {
    let minute = Interval::OneMinute;
    let next = minute.told_to(now).plus(minute.length()).plus(CANDLE_TOLD_AFTER).since(now);
    let kept = if seen.grows || seen.candles.is_empty() { next.min(CANDLES_KEPT_MAX) } else { GROWN_KEPT };
    let kept = format!("private, max-age={}", kept.max(Millis::ZERO).get().div_euclid(1_000));
    [(CACHE_CONTROL, HeaderValue::try_from(kept).unwrap_or(HeaderValue::from_static("no-store")))]
}

async fn list<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    asked: page::Asked,
) -> Result<Json<List<ListedSeries>>, Problem> {
    let list = desk.list(&caller.session.user, caller.invocation.now()).await.map_err(problem::series)?;
    let of = Listed { name: "market-data-symbols", user: &caller.session.user };
    asked.part(of, list, |wish| wish.series.to_string(), |wish| Ok(shown(wish))).map(Json)
}

async fn put<D: Desk>(State(desk): State<D>, caller: Caller, asked: Asked) -> Result<Json<ListedSeries>, Problem> {
    let (series, now) = (asked.series()?, caller.invocation.now());
    let wish = desk.put_on_list(&caller.session.user, &series, now).await.map_err(problem::series)?;
    Ok(Json(shown(&wish)))
}

async fn take<D: Desk>(State(desk): State<D>, caller: Caller, asked: Asked) -> Result<StatusCode, Problem> {
    desk.take_off_list(&caller.session.user, &asked.series()?).await.map_err(problem::series)?;
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
