//! What use cases refuse, as the API says it.

use app::backfills::BackfillError;
use app::candles::Untold;
use app::series::SeriesError;
use axum::http::StatusCode;
use lambda::edge::Problem;
use research::BacktestError;
use wire::alert::BadAlert;

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn candles(untold: Untold) -> Problem {
    match &untold {
        Untold::UnknownMarket(_) => Problem::new(StatusCode::NOT_FOUND, untold.code(), untold.to_string()),
        Untold::NotTold(why) => {
            Problem::invalid(untold.code(), ["timeframe", "since", "limit"].map(str::to_owned), why)
        }
        Untold::VenueAway(why) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, untold.code(), why),
        Untold::Store(error) => Problem::of_store(error),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn series(error: SeriesError) -> Problem {
    let problem = |status, code| Problem::new(status, code, error.to_string());
    match &error {
        SeriesError::UnknownMarket(_) => problem(StatusCode::NOT_FOUND, "unknown_market"),
        SeriesError::TooMany | SeriesError::TooManyOfAll => problem(StatusCode::CONFLICT, "too_many_series"),
        SeriesError::Store(error) => Problem::of_store(error),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn backfill(error: BackfillError) -> Problem {
    let problem = |status, code| Problem::new(status, code, error.to_string());
    match &error {
        BackfillError::NoBackfill => problem(StatusCode::NOT_FOUND, "not_found"),
        BackfillError::UnknownMarket(_) => problem(StatusCode::NOT_FOUND, "unknown_market"),
        BackfillError::TooOld(_) => Problem::field("since", format!("since {error}")),
        BackfillError::Empty | BackfillError::TooLong => Problem::field("until", error.to_string()),
        BackfillError::TooMany | BackfillError::TooManyToday | BackfillError::TooManyOfAll => {
            problem(StatusCode::CONFLICT, "too_many_backfills")
        }
        BackfillError::Contended => problem(StatusCode::CONFLICT, "contended"),
        BackfillError::Store(error) => Problem::of_store(error),
    }
}

/// A body that was read by the reader of alerts.
pub(crate) fn body(wrong: &BadAlert) -> Problem {
    if wrong.code == BadAlert::INVALID_JSON {
        return Problem::new(StatusCode::BAD_REQUEST, "invalid_json", &*wrong.detail);
    }
    Problem::invalid("invalid_field", wrong.fields.iter().cloned(), &*wrong.detail)
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn backtest(error: BacktestError) -> Problem {
    let problem = |status, code| Problem::new(status, code, error.to_string());
    let field = |name: &str| Problem::field(name, format!("{name} {error}"));
    match &error {
        BacktestError::NoBacktest => problem(StatusCode::NOT_FOUND, "not_found"),
        BacktestError::UnknownMarket(_) => problem(StatusCode::NOT_FOUND, "unknown_market"),
        BacktestError::Empty => field("until"),
        BacktestError::TooLong => Problem::field("until", error.to_string()),
        BacktestError::NoCandles(_) => Problem::field("candles", error.to_string()),
        BacktestError::Wrong(wrong) => Problem::field(&wrong.field, wrong.to_string()),
        BacktestError::NoMore(_) => problem(StatusCode::CONFLICT, "too_many_backtests"),
        BacktestError::NotDone(_) => problem(StatusCode::CONFLICT, "not_done"),
        BacktestError::Gone => problem(StatusCode::NOT_FOUND, "not_found"),
        BacktestError::TooLarge | BacktestError::TooLargePacked => problem(StatusCode::CONFLICT, "result_too_large"),
        BacktestError::Compared => field("ids"),
        BacktestError::Contended => problem(StatusCode::CONFLICT, "contended"),
        BacktestError::Store(error) => Problem::of_store(error),
    }
}
