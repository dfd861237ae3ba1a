//! What was found, as the API says it.

use app::health::{Answering, Deep, Performance, State, Times, Unread, Venue, Venues, Work};
use app::ports::{PartKind, PartSeen};
use domain::clock::Timestamp;
use domain::market::Exchange;
use lambda::{Figure, Metric};
use wire::text::Text;
use wire::view::{
    self, DeepHealth, ExchangeHealth, ExchangeState, HealthStatus, KeysHealth, PartHealth, PartState,
    PerformanceHealth, QueueTimes, RouteHealth, TimesHealth, VenueHealth, VenuesHealth, WorkHealth, WorkState,
};

pub(super) fn deep(found: &Deep, now: Timestamp) -> DeepHealth {
    let kept_at = found.work.newest.get(Figure::CandlesKeptAtMs.as_str());
    DeepHealth {
        status: match found.state() {
            State::Up => HealthStatus::Ok,
            State::Unknown => HealthStatus::Degraded,
            State::Down => HealthStatus::Down,
        },
        checked_at: view::time(now),
        parts: found.parts.iter().map(|seen| part(seen, &found.work)).collect(),
        work: work(&found.work),
        keys: keys(&found.work),
        unread: named(&found.work.unread),
        last_ingestion: kept_at.map(|millis| view::time(Timestamp::from_millis(*millis))),
    }
}

fn part(part: &PartSeen, work: &Work) -> PartHealth {
    let depth = part.state.as_ref().ok().copied().flatten();
    PartHealth {
        kind: match part.kind {
            PartKind::Table => view::PartKind::Table,
            PartKind::Queue => view::PartKind::Queue,
            PartKind::Key => view::PartKind::Key,
        },
        name: part.name.to_owned(),
        state: if part.state.is_ok() { PartState::Up } else { PartState::Down },
        ms: part.took.get(),
        waiting: depth.map(|depth| depth.waiting),
        in_hand: depth.map(|depth| depth.in_hand),
        delayed: depth.map(|depth| depth.delayed),
        oldest_s: oldest(part.name).and_then(|figure| work.newest.get(figure).copied()),
        detail: part.state.as_ref().err().map(ToString::to_string),
    }
}

/// What tells for how long a queue's oldest message waits: the rows that its messages are about.
fn oldest(queue: &str) -> Option<&'static str> {
    match queue {
        "signals" => Some(Figure::UndecidedAgeMaxS.as_str()),
        "orders" => Some(Figure::PlannedAgeMaxS.as_str()),
        "ticks" => Some(Metric::TickLagS.as_str()),
        _ => None,
    }
}

fn keys(work: &Work) -> KeysHealth {
    let newest = |figure: Figure| work.newest.get(figure.as_str()).copied();
    KeysHealth {
        validated: newest(Figure::AccountsValidated),
        disabled: newest(Figure::AccountsDisabled),
        unchecked: newest(Figure::AccountsUnchecked),
        left: newest(Figure::AccountsLeft),
    }
}

fn work(work: &Work) -> WorkHealth {
    let newest = |metric: &str| work.newest.get(metric).copied();
    WorkHealth {
        state: match work.state() {
            State::Up => WorkState::Up,
            State::Down => WorkState::Down,
            State::Unknown => WorkState::Unknown,
        },
        minute_lag_s: newest(Figure::MinuteLagS.as_str()),
        oldest_due_s: newest("outbox_due_age_max_s"),
        deliveries_without_verdict: newest("deliveries_without_verdict"),
        parked: newest("parked"),
        unknown_orders: newest("unknown_orders"),
        unknown_age_max_s: newest("unknown_age_max_s"),
        drift: newest("drift"),
        detail: detail(&work.unread),
    }
}

pub(super) fn performance(found: &Performance, minutes: u32) -> PerformanceHealth {
    let route = |(route, told): (&String, &app::health::RouteTimes)| RouteHealth {
        route: route.clone(),
        errors: told.errors,
        times: times(told.times),
    };
    let queue = |(function, told): (&String, &Times)| QueueTimes { function: function.clone(), times: times(*told) };
    PerformanceHealth {
        minutes,
        routes: found.routes.iter().map(route).collect(),
        alert_to_order: times(found.alert_to_order),
        queues: found.queues.iter().map(queue).collect(),
        venue: VenueHealth { calls: found.venue_calls, errors: found.venue_errors, times: times(found.venue) },
        more: found.more,
        unread: named(&found.unread),
    }
}

pub(super) fn venues(found: &Venues, now: Timestamp) -> VenuesHealth {
    let is_whole = found.left == 0 && found.unlisted.is_none();
    VenuesHealth {
        status: if is_whole { HealthStatus::Ok } else { HealthStatus::Degraded },
        checked_at: view::time(now),
        venues: found.venues.iter().map(venue).collect(),
        left: u64::try_from(found.left).unwrap_or(u64::MAX),
        detail: found.unlisted.as_ref().map(ToString::to_string),
    }
}

fn venue((exchange, venue): (&Exchange, &Venue)) -> ExchangeHealth {
    let state = match venue.answering() {
        Answering::Up => ExchangeState::Up,
        Answering::Paused => ExchangeState::Paused,
        Answering::Failing => ExchangeState::Failing,
        Answering::Unknown => ExchangeState::Unknown,
    };
    ExchangeHealth {
        exchange: exchange.to_string(),
        class: Text(exchange.class()),
        state,
        accounts: venue.accounts,
        may_enter: venue.entering,
        bad: venue.bad,
        unchecked: venue.unchecked,
        answered_at: venue.answered_at.map(view::time),
        failed_at: venue.failed_at.map(view::time),
        paused: venue.paused,
        paused_until: venue.paused_until.map(view::time),
    }
}

fn times(times: Times) -> TimesHealth {
    let Times { count, p50, p95, p99, max } = times;
    TimesHealth { count: u64::try_from(count).unwrap_or(u64::MAX), p50_ms: p50, p95_ms: p95, p99_ms: p99, max_ms: max }
}

fn named(unread: &Unread) -> Vec<String> {
    unread.keys().map(|function| (*function).to_owned()).collect()
}

fn detail(unread: &Unread) -> Option<String> {
    let told: Vec<_> = unread.iter().map(|(function, why)| format!("{function}'s log: {why}")).collect();
    (!told.is_empty()).then(|| told.join("; "))
}
