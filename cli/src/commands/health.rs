//! `moniqo health`

use super::Api;
use crate::args::Health as Wanted;
use crate::failure::Failure;
use crate::table::{facts, plain, printable, table, time};
use anstream::println;
use comfy_table::{Cell, Color};
use wire::view::{
    DeepHealth, ExchangeHealth, Health, KeysHealth, PartHealth, PartState, PerformanceHealth, Time, TimesHealth,
    VenuesHealth, WorkHealth, WorkState,
};

const PARTS: [&str; 7] = ["part", "state", "answered in", "waiting", "in flight", "oldest", "problem"];
const VENUES: [&str; 10] = [
    "exchange",
    "class",
    "state",
    "accounts",
    "may trade",
    "invalid key",
    "not checked for 2 h",
    "last answered",
    "paused",
    "paused until",
];
const TIMES: [&str; 6] = ["what", "times", "p50 ms", "p95 ms", "p99 ms", "failed"];

pub(super) fn run(api: &Api, wanted: &Wanted) -> Result<(), Failure> {
    if wanted.deep {
        return deep(api);
    }
    let (url, token) = api.target.api()?;
    if wanted.performance {
        let minutes = wanted.minutes.map_or(String::new(), |minutes| format!("?minutes={minutes}"));
        let answer = api.client.get(&format!("{url}/health/performance{minutes}"), token)?;
        println!("{}", api.shown(&answer, performance)?);
        return Ok(());
    }
    if wanted.venues {
        let answer = api.client.get(&format!("{url}/health/venues"), token)?;
        println!("{}", api.shown(&answer, venues)?);
        return Ok(());
    }
    let answer = api.client.get(&format!("{url}/health"), token)?;
    println!("{}", api.shown(&answer, |health: &Health| health.status.to_string())?);
    Ok(())
}

/// What is down is told as well as what is up.
fn deep(api: &Api) -> Result<(), Failure> {
    let (url, token) = api.target.api()?;
    let answer = api.client.get_told(&format!("{url}/health/deep"), token, 503)?;
    let health: DeepHealth = answer.read()?;
    println!("{}", if api.is_json() { answer.text } else { shown(&health) });
    let down = down(&health);
    if down.is_empty() {
        return Ok(());
    }
    Err(Failure::refused(format!("down: {}", down.join(", "))).next("docs/runbooks says what to do"))
}

fn down(health: &DeepHealth) -> Vec<&str> {
    let parts = health.parts.iter().filter(|part| part.state != PartState::Up).map(|part| &*part.name);
    parts.chain((health.work.state == WorkState::Down).then_some("the scheduler")).collect()
}

fn shown(health: &DeepHealth) -> String {
    let parts = table(&PARTS, health.parts.iter().map(part).collect(), "Nothing was checked.");
    format!("{parts}\n{}\n{}{}", work(&health.work), keys(&health.keys), unread(&health.unread))
}

fn unread(functions: &[String]) -> String {
    if functions.is_empty() {
        String::new()
    } else {
        format!("\nNot read in time: the logs of {}.", functions.join(", "))
    }
}

fn part(part: &PartHealth) -> Vec<Cell> {
    let color = if part.state == PartState::Up { Color::Green } else { Color::Red };
    let count = |count: Option<u64>| plain(count.map_or("-".to_owned(), |count| count.to_string()));
    let name = plain(format!("{} {}", part.kind, part.name));
    let detail = plain(part.detail.as_deref().unwrap_or("-"));
    let took = plain(format!("{} ms", part.ms));
    let oldest = plain(part.oldest_s.map_or("-".to_owned(), |oldest| format!("{oldest} s")));
    vec![name, plain(part.state.as_str()).fg(color), took, count(part.waiting), count(part.in_hand), oldest, detail]
}

fn work(work: &WorkHealth) -> String {
    let seconds = |value: Option<i64>| value.map(|value| format!("{value} s"));
    let count = |value: Option<i64>| value.map(|value| value.to_string());
    facts([
        ("scheduler", Some(work.state.to_string())),
        ("scheduler lag", seconds(work.minute_lag_s)),
        ("oldest due work", seconds(work.oldest_due_s)),
        ("pending alerts", count(work.deliveries_without_verdict)),
        ("dead letters", count(work.parked)),
        ("orders in doubt", count(work.unknown_orders)),
        ("in doubt for", seconds(work.unknown_age_max_s)),
        ("drift", count(work.drift)),
        ("problem", work.detail.clone()),
    ])
}

fn keys(keys: &KeysHealth) -> String {
    let count = |value: Option<i64>| value.map(|value| value.to_string());
    facts([
        ("valid keys", count(keys.validated)),
        ("disabled keys", count(keys.disabled)),
        ("unchecked 2 h", count(keys.unchecked)),
        ("left for later", count(keys.left)),
    ])
}

fn performance(told: &PerformanceHealth) -> String {
    let routes = told.routes.iter().map(|route| row(&route.route, route.times, Some(route.errors)));
    let queues = told.queues.iter().map(|queue| row(&format!("waiting for {}", queue.function), queue.times, None));
    let alert = row("alert to first order", told.alert_to_order, None);
    let venue = row("exchange request", told.venue.times, Some(told.venue.errors));
    let rows = routes.chain(queues).chain([alert, venue]).collect();
    let more = if told.more { "\nThere are more log lines than one request reads: use fewer --minutes." } else { "" };
    format!("{}{more}{}", table(&TIMES, rows, "There were no requests."), unread(&told.unread))
}

fn row(what: &str, times: TimesHealth, failed: Option<u64>) -> Vec<Cell> {
    let ms = |ms: Option<i64>| plain(ms.map_or("-".to_owned(), |ms| ms.to_string()));
    let failed = plain(failed.map_or("-".to_owned(), |failed| failed.to_string()));
    vec![plain(what), plain(times.count.to_string()), ms(times.p50_ms), ms(times.p95_ms), ms(times.p99_ms), failed]
}

fn venues(told: &VenuesHealth) -> String {
    let venues = table(&VENUES, told.venues.iter().map(venue).collect(), "There are no accounts at exchanges.");
    let left = if told.left == 0 { String::new() } else { format!("\nNot checked: {} accounts.", told.left) };
    let detail =
        told.detail.as_ref().map_or(String::new(), |why| format!("\nNo account could be checked: {}", printable(why)));
    format!("{venues}{left}{detail}")
}

fn venue(venue: &ExchangeHealth) -> Vec<Cell> {
    let color = match venue.state.as_str() {
        "up" => Color::Green,
        "unknown" => Color::Yellow,
        _ => Color::Red,
    };
    let count = |count: u32| plain(count.to_string());
    let at = |at: Option<Time>| plain(at.map_or("-".to_owned(), time));
    vec![
        plain(&*venue.exchange),
        plain(venue.class.as_str().replace('_', " ")),
        plain(venue.state.as_str()).fg(color),
        count(venue.accounts),
        count(venue.may_enter),
        count(venue.bad),
        count(venue.unchecked),
        at(venue.answered_at),
        count(venue.paused),
        at(venue.paused_until),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::Timestamp;
    use domain::market::VenueClass;
    use wire::text::Text;
    use wire::view::{self, ExchangeState, HealthStatus, PartKind};

    #[test]
    fn what_is_down_is_named() {
        let part = |name: &str, state: PartState| PartHealth {
            kind: PartKind::Table,
            name: name.to_owned(),
            state,
            ms: 3,
            waiting: None,
            in_hand: None,
            delayed: None,
            oldest_s: None,
            detail: None,
        };
        let work = WorkHealth {
            state: WorkState::Down,
            minute_lag_s: None,
            oldest_due_s: None,
            deliveries_without_verdict: None,
            parked: Some(2),
            unknown_orders: None,
            unknown_age_max_s: None,
            drift: None,
            detail: None,
        };
        let health = DeepHealth {
            status: HealthStatus::Down,
            checked_at: view::time(Timestamp::default()),
            parts: vec![part("trading", PartState::Up), part("vault", PartState::Down)],
            work,
            keys: KeysHealth { validated: Some(1), disabled: None, unchecked: None, left: None },
            unread: vec!["key-check".to_owned()],
            last_ingestion: None,
        };
        assert_eq!(down(&health), ["vault", "the scheduler"]);
        let told = shown(&health);
        assert!(told.contains("table vault") && told.contains("the logs of key-check."), "{told}");
        let unknown = DeepHealth { work: WorkHealth { state: WorkState::Unknown, ..health.work.clone() }, ..health };
        assert_eq!(down(&unknown), ["vault"], "a log that cannot be read is not a minute that is silent");
    }

    #[test]
    fn what_was_not_looked_at_is_told_beside_what_was() {
        let paused = ExchangeHealth {
            exchange: "BINANCE".to_owned(),
            class: Text(VenueClass::Native),
            state: ExchangeState::Paused,
            accounts: 2,
            may_enter: 1,
            bad: 1,
            unchecked: 0,
            answered_at: Some(view::time(Timestamp::default())),
            failed_at: None,
            paused: 2,
            paused_until: None,
        };
        let health = VenuesHealth {
            status: HealthStatus::Degraded,
            checked_at: view::time(Timestamp::default()),
            venues: vec![paused],
            left: 3,
            detail: None,
        };
        let told = venues(&health);
        assert!(told.contains("BINANCE") && told.ends_with("Not checked: 3 accounts."), "{told}");
        let none = VenuesHealth { venues: Vec::new(), left: 0, detail: Some("throttled".to_owned()), ..health };
        assert!(venues(&none).ends_with("throttled"), "{}", venues(&none));
    }
}
