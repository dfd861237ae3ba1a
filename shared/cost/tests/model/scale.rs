//! The tables of docs/scale.md are what the model says of 1, 50 and 1,000 accounts.

use super::support::{hold, of, priced, usd};
use cost::{Case, Counts, DAYS, PASSES_PER_REFRESH, SLOTS_PER_HOUR, Usage, list_price, live_hour};
use rust_decimal::Decimal;

const ACCOUNTS: [u32; 3] = [1, 50, 1_000];
const ALERTS_PER_DAY: u32 = 24;
const PEAK: u32 = 10;
const SHARDS: u32 = 16;
const SECONDS_PER_DAY: u32 = 86_400;
const SECONDS_PER_SLOT: u32 = 10;
const SLOTS_PER_MINUTE: u32 = 6;
const TICKS_PER_REQUEST: u32 = 10;
/// In the list of who trades.
const BYTES_PER_ENTRY: u32 = 100;
const BYTES_PER_READ: u32 = 4_096;
const HOURS_PER_DAY: u32 = 24;
const MS_PER_MINUTE: u32 = 60_000;
/// From a block with a large transfer to its alert.
const MS_TO_AN_ALERT: u32 = 75_000;

#[test]
fn the_documented_numbers_are_those_of_the_model() {
    hold("scale.md", &[("ways", ways()), ("accounts", accounts()), ("live", live()), ("block", from_a_block())]);
}

fn ways() -> String {
    let all: Vec<Case> = ["receive_first", "decide_open", "execute_entry"].iter().map(|name| case(name)).collect();
    let mut table =
        "| | calls of AWS | units read / written | time of its own | waits for |\n|---|---|---|---|---|\n".to_owned();
    for (case, what, waits) in [
        (all.first().unwrap(), "an alert, received", "–"),
        (all.get(1).unwrap(), "its decision, opening a group", "its account's other alerts"),
        (all.get(2).unwrap(), "its order and take-profit, sent", "its group's other work"),
        (&case("pass_quiet"), "a pass of one account with one group", "the other accounts of its shard"),
        (&case("minute_idle"), "a minute, nothing due", "–"),
        (&busy_minute(), "a minute, 1,000 accounts in 16 shards", "–"),
    ] {
        let (calls, reads) = (case.database_calls + case.queue_calls, halves(case.half_reads));
        let asks =
            if case.venue_calls > 0 { format!(", {} calls of the exchange", case.venue_calls) } else { String::new() };
        table += &format!("| {what} | {calls} | {reads} / {} | {} ms{asks} | {waits} |\n", case.writes, ms(case));
    }
    let together: Decimal = all.iter().map(ms).sum();
    table + &format!("| the first three, one after another | | | {together} ms | the queues between them |\n")
}

/// What is before an alert, after both endpoints have its block.
fn from_a_block() -> String {
    let [minute, read] = ["minute_idle", "read_whale_alert"].map(|name| ms(&case(name)));
    let most = Decimal::from(MS_PER_MINUTE) + minute + read;
    assert!(most <= MS_TO_AN_ALERT.into(), "{most} ms");
    format!(
        "| from a block to its alert | at most |\n|---|---|\n| until the minute begins | {MS_PER_MINUTE} ms |\n\
         | the minute asks what is due | {minute} ms |\n\
         | `whale-watch` reads the block, stores the alert and publishes it | {read} ms |\n\
         | together | {most} ms |\n| promised | {MS_TO_AN_ALERT} ms |\n",
    )
}

/// Each shard is told of its slots, ten in a request, and the list of who trades is read whole.
fn busy_minute() -> Case {
    let idle = case("minute_idle");
    let requests = (SHARDS * SLOTS_PER_MINUTE).div_ceil(TICKS_PER_REQUEST);
    let list = (1_000 * BYTES_PER_ENTRY).div_ceil(BYTES_PER_READ);
    // The list of nobody is one half already.
    Case { queue_calls: idle.queue_calls + requests, half_reads: idle.half_reads + list - 1, ..idle }
}

fn accounts() -> String {
    let row = |what: &str, of: &dyn Fn(u32) -> String| format!("| {what} | {} |\n", ACCOUNTS.map(of).join(" | "));
    let pass = ms(&case("pass_quiet")) / Decimal::from(1_000);
    let passes = |accounts: u32| Decimal::from(accounts) / Decimal::from(SECONDS_PER_SLOT);
    let per_pass = |of: fn(&Case) -> u32| {
        let (quiet, refreshes) = (Decimal::from(of(&case("pass_quiet"))), Decimal::from(of(&case("pass_refreshes"))));
        (quiet * Decimal::from(PASSES_PER_REFRESH - 1) + refreshes) / Decimal::from(PASSES_PER_REFRESH)
    };
    let alerts =
        |accounts: u32| Decimal::from(accounts) * Decimal::from(ALERTS_PER_DAY * PEAK) / Decimal::from(SECONDS_PER_DAY);
    let busy = |accounts: u32| Decimal::from(accounts.div_ceil(SHARDS)) * pass;
    let (writes, reads, asks) =
        (per_pass(|case| case.writes), per_pass(|case| case.half_reads), per_pass(|case| case.venue_calls));
    let header = format!("| | {} |\n|---|---|---|---|\n", ACCOUNTS.map(|accounts| accounts.to_string()).join(" | "));
    header
        + &row("alerts a second, at ten times the average", &|n| short(alerts(n)))
        + &row("passes a second", &|n| short(passes(n)))
        + &row("passes at once, if nothing else were in the way", &|n| short(passes(n) * pass))
        + &row("accounts of the fullest shard, one after another", &|n| n.div_ceil(SHARDS).to_string())
        + &row("seconds of a shard's passes, of the 10 that a slot has", &|n| marked(busy(n)))
        + &row("write units a second in table `trading`, passes", &|n| short(passes(n) * writes))
        + &row("read units a second, passes", &|n| short(passes(n) * reads / Decimal::TWO))
        + &row("requests to the exchange a second", &|n| short(passes(n) * asks))
}

/// What an account with a group that is not closed costs, alone in its shard and in a full one.
fn live() -> String {
    let month = DAYS * Decimal::from(HOURS_PER_DAY);
    let alone = live_hour(&Counts::read().unwrap()).unwrap() * month;
    let sharers = ACCOUNTS.map(|accounts| accounts.div_ceil(SHARDS)).into_iter().max().unwrap();
    let others = Decimal::from(sharers - 1) / Decimal::from(sharers);
    let shared = alone - tick() * (Decimal::from(SLOTS_PER_HOUR) * month * others);
    let thousand = list_price(shared * Decimal::from(1_000), &super::support::prices());
    format!(
        "| USD a month | |\n|---|---|\n| an account with a live group, alone in its shard | {} |\n\
         | the same, where {} others share its ticks | {} |\n| a thousand of them | {} |\n",
        priced(alone),
        sharers - 1,
        priced(shared),
        usd(thousand).split('.').next().unwrap()
    )
}

/// What comes once for all passes of a shard's slot: the tick's receive and deletion, the invocation, its line.
fn tick() -> Usage {
    let all = of("pass_quiet");
    let once = Usage { standard: all.standard, invocations: all.invocations, log_gb: all.log_gb, ..Usage::default() };
    let minute = of("minute_live") - of("minute_idle");
    once + minute * (Decimal::ONE / Decimal::from(SLOTS_PER_MINUTE))
}

fn case(name: &str) -> Case {
    Counts::read().unwrap().case(name).unwrap().0.clone()
}

fn ms(case: &Case) -> Decimal {
    let counts = Counts::read().unwrap();
    case.milliseconds(counts.function.get(&case.by).unwrap(), &counts.assumed)
}

fn halves(count: u32) -> Decimal {
    (Decimal::from(count) / Decimal::TWO).normalize()
}

/// Two digits that count.
fn short(amount: Decimal) -> String {
    amount.round_sf(2).unwrap().normalize().to_string()
}

/// More than a slot has is bold.
fn marked(seconds: Decimal) -> String {
    let text = short(seconds);
    if seconds > Decimal::from(SECONDS_PER_SLOT) { format!("**{text}**") } else { text }
}
