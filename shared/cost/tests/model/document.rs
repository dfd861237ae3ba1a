//! The tables of docs/cost.md are what the model says. `MONIQO_WRITE_DOCS=1 cargo test -p cost` writes them anew.

use super::support::{hold, of, priced, prices, usd};
use cost::{Arch, Bound, Counts, Habits, Item, PriceList, STANDING, Usage, bill, bounds};
use rust_decimal::Decimal;

const REGIONS: [&str; 3] = ["eu-west-1", "eu-central-1", "us-east-1"];

#[test]
fn the_documented_numbers_are_those_of_the_model() {
    hold(
        "cost.md",
        &[("bounds", promised()), ("cases", cases()), ("assumed", assumed()), ("months", months()), ("pages", pages())],
    );
}

fn promised() -> String {
    let of: Vec<Vec<Bound>> = REGIONS.iter().map(|region| bounds(region, Arch::default()).unwrap()).collect();
    let mut table = format!("| USD | at most | {} |\n|---|---|{}\n", REGIONS.join(" | "), "---|".repeat(REGIONS.len()));
    for (number, bound) in of.first().unwrap().iter().enumerate() {
        let each = of.iter().map(|of| of.get(number).unwrap());
        let each: Vec<_> = each.map(|bound| marked(usd(bound.usd), bound.usd > bound.usd_max)).collect();
        table += &format!("| {} | {} | {} |\n", bound.what, bound.usd_max, each.join(" | "));
    }
    table
}

/// What is above its promise is bold.
fn marked(text: String, is_over: bool) -> String {
    if is_over { format!("**{text}**") } else { text }
}

fn cases() -> String {
    let counts = Counts::read().unwrap();
    let mut table = "| case | by | calls | read units | write units | SQS requests | USD a million |\n|---|---|---|---|---|---|---|\n".to_owned();
    for (name, case) in &counts.cases {
        let usage = of(name);
        let price = priced(usage * Decimal::from(1_000_000));
        let (calls, sqs) = (case.database_calls + case.queue_calls, usage.fifo + usage.standard);
        let reads = usage.reads.normalize();
        table += &format!(
            "| `{name}`: {} | {} | {calls} | {reads} | {} | {sqs} | {price} |\n",
            case.does, case.by, case.writes
        );
    }
    table
}

fn pages() -> String {
    let counts = Counts::read().unwrap();
    let mut table = "| page | requests | calls of tables | read units | write units | USD a thousand |\n|---|---|---|---|---|---|\n".to_owned();
    for (address, page) in &counts.pages {
        let usage = Usage::of_page(page, &counts).unwrap();
        let (reads, price) = (usage.reads.normalize(), priced(usage * Decimal::from(1_000)));
        table += &format!(
            "| `{address}` | {} | {} | {reads} | {} | {price} |\n",
            page.requests, page.database_calls, page.writes
        );
    }
    table
}

fn assumed() -> String {
    let counts = Counts::read().unwrap();
    let assumed = &counts.assumed;
    let mut table = "| assumed | |\n|---|---|\n".to_owned();
    table += &format!("| a call of a table | {} ms |\n", assumed.ms_per_database_call);
    table += &format!("| a call of a queue | {} ms |\n", assumed.ms_per_queue_call);
    table += &format!("| a call of an exchange or of a source's endpoint | {} ms |\n", assumed.ms_per_venue_call);
    table += &format!("| a request to KMS | {} ms |\n", assumed.ms_per_kms_call);
    table += &format!("| an alert, kept 90 days | {} bytes |\n", assumed.bytes_kept_per_alert);
    table += &format!("| a group with its orders and history, kept | {} bytes |\n", assumed.bytes_kept_per_group);
    table += &format!("| a candle, kept 90 days | {} bytes |\n", assumed.bytes_kept_per_candle);
    table += &format!("| series of `1m` for a source of whale alerts, counted | {} |\n", assumed.series_per_source);
    for (name, function) in &counts.function {
        let (memory, own, log) = (function.memory_mb, function.own_ms, function.log_bytes);
        table += &format!("| `{name}` | {memory} MB, {own} ms of its own; counted: {log} bytes of log |\n");
    }
    table + &format!("| a line of API Gateway's log, counted | {} bytes |\n", assumed.access_log_bytes)
}

fn months() -> String {
    let trader = Habits {
        alerts_per_day: 50.into(),
        duplicates_per_alert: "0.1".parse().unwrap(),
        orders_per_alert: "0.5".parse().unwrap(),
        exits_per_alert: Decimal::ZERO,
        live_accounts: 2.into(),
        hours_live: 12.into(),
        ..Habits::IDLE
    };
    let candles = Habits { series: 5.into(), ..Habits::IDLE };
    let source = Habits { whale_sources: 1.into(), whale_alerts_per_day: 500.into(), ..Habits::IDLE };
    let of = [Habits::IDLE, Habits::watching(1), trader, candles, source].map(|habits| bill_of(&habits));
    let mut table =
        "| USD: list price / after what is free | idle | one account live all month | 50 alerts a day | five series of `1m` | a source of whale alerts |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for (number, item) in of.first().unwrap().iter().enumerate() {
        let each: Vec<_> = of.iter().map(|items| both(items.get(number).unwrap())).collect();
        table += &format!("| {} | {} |\n", item.what, each.join(" | "));
    }
    let sum = |items: &Vec<Item>| {
        let (all, after): (Decimal, Decimal) =
            (items.iter().map(|i| i.usd).sum(), items.iter().map(|i| i.usd_after_free).sum());
        format!("**{} / {}**", usd(all), usd(after))
    };
    table + &format!("| **together** | {} |\n", of.iter().map(sum).collect::<Vec<_>>().join(" | "))
}

fn bill_of(habits: &Habits) -> Vec<Item> {
    let (counts, list) = (Counts::read().unwrap(), PriceList::read().unwrap());
    bill(habits.month(&counts).unwrap(), STANDING, &prices(), &list.free)
}

fn both(item: &Item) -> String {
    if item.usd.round_dp(2).is_zero() {
        "–".to_owned()
    } else {
        format!("{} / {}", usd(item.usd), usd(item.usd_after_free))
    }
}
