//! What is missing of a series, and how late its candles come.

use super::asked::Asked;
use crate::{Api, problem};
use app::ports::Failing;
use app::series::{self, Gap, GapKind, State as Standing};
use axum::Json;
use axum::extract::State;
use domain::market::{Interval, MarketKey};
use lambda::edge::Problem;
use lambda::guard::Caller;
use wire::view::{self, SeriesFailing, SeriesFreshness, SeriesGap, SeriesGapKind, SeriesGaps, SeriesStats};

pub(super) async fn gaps(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Json<SeriesGaps>, Problem> {
    let (MarketKey { exchange, symbol }, interval, standing) = standing(&api, &caller, &asked).await?;
    Ok(Json(SeriesGaps {
        exchange: exchange.to_string(),
        symbol: symbol.to_string(),
        timeframe: interval.to_string(),
        fetched: standing.is_fetched,
        items: standing.gaps.iter().map(|gap| shown(gap, interval)).collect(),
        next_cursor: standing.next.map(|next| view::time(next).to_string()),
        limit: asked.cut()?,
    }))
}

pub(super) async fn stats(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Json<SeriesStats>, Problem> {
    let (MarketKey { exchange, symbol }, interval, standing) = standing(&api, &caller, &asked).await?;
    Ok(Json(SeriesStats {
        exchange: exchange.to_string(),
        symbol: symbol.to_string(),
        timeframe: interval.to_string(),
        fetched: standing.is_fetched,
        oldest: standing.oldest.map(view::time),
        newest: standing.newest.map(view::time),
        start_time: view::time(standing.page.first()),
        end_time: view::time(standing.page.end()),
        expected: standing.page.count(),
        candles: standing.kept,
        silent: standing.missing(GapKind::Silent),
        missing: standing.missing(GapKind::Open),
        before: standing.missing(GapKind::Before),
        freshness: standing.freshness.as_ref().map(SeriesFreshness::of),
        caught_up: standing.caught_up,
        failing: standing.failing.map(failing),
        next_cursor: standing.next.map(|next| view::time(next).to_string()),
        limit: asked.cut()?,
    }))
}

async fn standing(api: &Api, caller: &Caller, asked: &Asked) -> Result<(MarketKey, Interval, Standing), Problem> {
    let wanted = asked.wanted(0)?;
    let standing = series::state(&api.store, &wanted, caller.invocation.now()).await.map_err(problem::series)?;
    Ok((wanted.series.market, wanted.series.interval, standing))
}

fn failing(Failing { since, detail }: Failing) -> SeriesFailing {
    SeriesFailing { since: view::time(since), detail }
}

fn shown(gap: &Gap, interval: Interval) -> SeriesGap {
    let kind = match gap.kind {
        GapKind::Before => SeriesGapKind::Before,
        GapKind::Silent => SeriesGapKind::Silent,
        GapKind::Open => SeriesGapKind::Open,
    };
    let (start_time, end_time) = (view::time(gap.hole.first), view::time(gap.hole.end));
    SeriesGap { start_time, end_time, candles: gap.hole.span(interval).count(), kind }
}
