//! What the findings mean. Pure: everything that was found comes in.

use super::check::Check;
use super::flight::Flight;
use super::inside::{AccountFacts, Sight};
use super::told::{Reader, Told};
use domain::clock::{Millis, Timestamp};
use domain::market::Exchange;
use domain::{limits, region};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is known when somebody asks.
#[derive(Debug, Clone)]
pub struct Facts {
    pub now: Timestamp,
    /// The last look from inside.
    pub sight: Option<Sight>,
    /// A look before this does not count.
    pub sight_since: Timestamp,
    pub system_halted: bool,
    /// Whether this table is the one that a person, or its first seed, has said to act upon.
    pub adopted: bool,
    /// What is left to a person.
    pub parked: u64,
    pub reader: Reader,
}

/// The checks, in the order in which one would mend what they find.
pub fn diagnose(facts: &Facts) -> Vec<Check> {
    let fresh = facts.sight.as_ref().filter(|sight| sight.at >= facts.sight_since);
    let told = fresh.map(|sight| Told::of(sight, &facts.reader));
    let mut checks = vec![watch(fresh, facts)];
    if let Some(sight) = fresh.filter(|_| facts.reader == Reader::Keeper) {
        checks.push(standing(sight));
        checks.push(address(sight));
        checks.push(clock(sight));
        checks.push(concurrency(sight));
    }
    if let Some(told) = &told {
        checks.push(venues(&told.accounts));
        checks.extend(venue_clocks(&told.accounts));
        checks.push(unknown(&told.flight, facts.now));
        checks.push(passes(&told.flight, told.at));
        checks.push(keys(told));
        checks.push(limits_held(&told.accounts));
    }
    checks.push(epoch(facts));
    checks.push(halts(facts, told.as_ref()));
    checks.push(parked(facts.parked));
    checks
}

fn watch(fresh: Option<&Sight>, facts: &Facts) -> Check {
    const NAME: &str = "watch";
    match (fresh, &facts.sight) {
        (Some(sight), _) => {
            let age = seconds(facts.now.since(sight.at));
            let version = (facts.reader == Reader::Keeper).then(|| format!(", version {}", sight.version));
            Check::ok(NAME, format!("account-watch has looked {age} s ago{}", version.unwrap_or_default()))
        }
        (None, Some(old)) => {
            let age = seconds(facts.now.since(old.at));
            Check::fail(NAME, format!("account-watch has not answered yet; its last look was {age} s ago"), ASK_AGAIN)
        }
        (None, None) => Check::fail(NAME, "account-watch has not answered yet", ASK_AGAIN),
    }
}

const ASK_AGAIN: &str =
    "ask again in some seconds; if it stays so, read account-watch's log and look at the ticks queue";

fn standing(sight: &Sight) -> Check {
    const NAME: &str = "region";
    let of_accounts = sight.accounts.iter().map(|account| &account.exchange);
    let used: BTreeSet<&Exchange> = sight.flight.exchanges.iter().chain(of_accounts).collect();
    let here = &sight.region;
    if let Some((exchange, why)) = used.iter().find_map(|used| Some((used, region::refusal(used, here)?))) {
        return Check::fail(NAME, format!("{exchange} is not served from {here}: {why}"), DEPLOY_ELSEWHERE);
    }
    if region::is_in_the_united_states(here) {
        return Check::warn(NAME, format!("{here}: venues such as Binance refuse its addresses"), DEPLOY_ELSEWHERE);
    }
    Check::ok(NAME, format!("{here}; no venue in use refuses it"))
}

const DEPLOY_ELSEWHERE: &str = "deploy in a region outside the United States: cargo xtask deploy --region eu-central-1";

fn address(sight: &Sight) -> Check {
    const NAME: &str = "address";
    const RESTRICT: &str = "a key with an address list needs --egress nat-instance or nat-gateway";
    match (&sight.address, &sight.promised_address) {
        (Err(error), _) => Check::warn(NAME, format!("could not be found out: {error}"), "look at the door's health"),
        (Ok(None), None) => Check::ok(NAME, "the shared door: no fixed address; none was asked for"),
        (Ok(None), Some(promised)) => Check::ok(NAME, format!("{promised} is promised; what venues see was not asked")),
        (Ok(Some(seen)), None) => Check::ok(NAME, format!("{seen} now, by the shared door, not fixed; {RESTRICT}")),
        (Ok(Some(seen)), Some(promised)) if seen == promised => Check::ok(NAME, format!("{seen}, fixed")),
        (Ok(Some(seen)), Some(promised)) => Check::fail(
            NAME,
            format!("venues see {seen}, and {promised} was promised"),
            "deploy again; until then keys with an address list are refused",
        ),
    }
}

fn clock(sight: &Sight) -> Check {
    const NAME: &str = "clock";
    let ahead = match &sight.clock_ahead {
        Ok(ahead) => *ahead,
        Err(error) => return Check::warn(NAME, format!("could not be compared: {error}"), "ask again"),
    };
    let told = format!("{} AWS's", apart(ahead));
    if ahead.get().abs() <= limits::CLOCK_SKEW.plus(CLOCK_READING).get() {
        return Check::ok(NAME, told);
    }
    Check::fail(NAME, told, "orders may be refused as too old: wait for a new sandbox, or write to AWS")
}

/// How exact a clock is that is read from an HTTP date.
const CLOCK_READING: Millis = Millis::new(500);

/// All functions of an account of AWS share this number, others' as well.
fn concurrency(sight: &Sight) -> Check {
    const NAME: &str = "concurrency";
    match &sight.concurrency_max {
        Err(error) => Check::warn(NAME, format!("could not be found out: {error}"), "look at Lambda's quotas"),
        Ok(max) if *max < limits::CONCURRENCY_NEEDED => Check::warn(
            NAME,
            format!("{max} functions may run at once in this account; {} are safe", limits::CONCURRENCY_NEEDED),
            "ask AWS for more: quota L-B99A9384 of Lambda",
        ),
        Ok(max) => Check::ok(NAME, format!("{max} functions may run at once in this account")),
    }
}

/// A key that is refused is its owner's; a price that nobody tells leaves stops unwatched.
fn venues(accounts: &[&AccountFacts]) -> Check {
    const NAME: &str = "venues";
    const PAUSED: &str = "see docs/runbooks/venue-paused.md";
    let unread: u32 = accounts.iter().map(|account| account.markets_unread).sum();
    if unread > 0 {
        return Check::fail(NAME, format!("{unread} markets with a live group could not be asked for a price"), PAUSED);
    }
    let shut = accounts.iter().find_map(|account| Some((name(account), account.venue.as_ref().err()?)));
    if let Some((name, error)) = shut {
        return Check::warn(NAME, format!("{name} could not be asked for its balances: {error}"), PAUSED);
    }
    let read: u32 = accounts.iter().map(|account| account.markets_read).sum();
    Check::ok(NAME, format!("accounts that answer: {}; markets with a live group: {read}", accounts.len()))
}

/// Orders bear our time as their venue's clock has it: one that is far off is noticed by a refusal, and read then.
fn venue_clocks(accounts: &[&AccountFacts]) -> Option<Check> {
    const NAME: &str = "venue_clocks";
    let read = accounts.iter().filter_map(|account| Some((&account.exchange, account.clock_ahead?)));
    let mut worst: BTreeMap<&Exchange, Millis> = BTreeMap::new();
    for (exchange, ahead) in read {
        let known = worst.entry(exchange).or_default();
        if ahead.get().abs() > known.get().abs() {
            *known = ahead;
        }
    }
    let told: Vec<_> = worst.iter().map(|(exchange, ahead)| format!("{} {exchange}'s", apart(*ahead))).collect();
    let told = told.join(", ");
    let is_off = worst.values().any(|ahead| ahead.get().abs() > limits::CLOCK_SKEW.get());
    match (worst.is_empty(), is_off) {
        (true, _) => None,
        (false, false) => Some(Check::ok(NAME, told)),
        (false, true) => Some(Check::warn(
            NAME,
            told,
            "an order may be refused for its time once, and is decided anew by their clock; write to AWS if it stays so",
        )),
    }
}

fn apart(ahead: Millis) -> String {
    format!("{} ms {}", ahead.get().abs(), if ahead < Millis::ZERO { "behind" } else { "ahead of" })
}

/// What the product itself allows.
fn limits_held(accounts: &[&AccountFacts]) -> Check {
    const NAME: &str = "limits";
    let full = accounts.iter().find(|account| account.flight.groups >= account.open_groups_max);
    if let Some(full) = full {
        let told = format!("{}: {} of {} groups are open", name(full), full.flight.groups, full.open_groups_max);
        return Check::warn(NAME, told, "no entry opens another group before one closes");
    }
    let most = accounts.iter().map(|account| format!("{} of {}", account.flight.groups, account.open_groups_max));
    Check::ok(NAME, format!("open groups: {}", most.collect::<Vec<_>>().join(", ")))
}

fn name(account: &AccountFacts) -> String {
    format!("{} {}", account.exchange, account.label)
}

fn unknown(flight: &Flight, now: Timestamp) -> Check {
    const NAME: &str = "unknown";
    const RESOLVE: &str = "see docs/runbooks/order-unknown.md: moniqo orders resolve";
    let (count, since) = (flight.unknown, flight.unknown_since);
    let age = since.map_or(Millis::ZERO, |since| now.since(since));
    if count == 0 {
        return Check::ok(NAME, "no order whose outcome is not known");
    }
    let told = format!("{count} orders whose outcome is not known, the oldest for {} s", seconds(age));
    if age > limits::UNKNOWN_AGE_ALARM { Check::fail(NAME, told, RESOLVE) } else { Check::warn(NAME, told, RESOLVE) }
}

/// Where nothing is live nothing passes: the minute's own alarm watches over that.
fn passes(flight: &Flight, at: Timestamp) -> Check {
    const NAME: &str = "passes";
    let Some(look) = flight.oldest_look else { return Check::ok(NAME, "no live group to watch") };
    let age = at.since(look);
    let ahead = Millis::ZERO.minus(age);
    if ahead > limits::LOOK_AHEAD_MAX {
        let told = format!("{} live groups; the last look is {} s in the future", flight.groups, seconds(ahead));
        return Check::fail(NAME, told, "a clock was wrong: the next pass puts it right; if it does not, read its log");
    }
    let told = format!("{} live groups; the longest unwatched for {} s", flight.groups, seconds(age));
    if age > limits::LOOK_AGE_MAX {
        return Check::fail(NAME, told, "stops and fills are not watched: read the logs of ticker and account-watch");
    }
    Check::ok(NAME, told)
}

fn keys(told: &Told<'_>) -> Check {
    const NAME: &str = "accounts";
    let (accounts, unseen) = (&told.accounts, told.unseen);
    if unseen > 0 {
        return Check::warn(
            NAME,
            format!("{unseen} of your accounts were not looked at"),
            "ask again in half a minute",
        );
    }
    let off = accounts.iter().filter(|account| !account.enabled || !account.validated);
    let off: Vec<String> = off.map(|account| name(account)).collect();
    if off.is_empty() {
        return Check::ok(NAME, format!("{} accounts, all enabled and validated", accounts.len()));
    }
    Check::warn(NAME, format!("no entries for {}: not enabled or not validated", off.join(", ")), "check their keys")
}

/// A table that was restored or copied starts halted.
fn epoch(facts: &Facts) -> Check {
    const NAME: &str = "epoch";
    if facts.adopted {
        return Check::ok(NAME, "this table is the deployment's own");
    }
    let told = "this table was restored, copied or never adopted: nothing is sent from it";
    Check::fail(NAME, told, "see docs/runbooks/restore.md: moniqo recover")
}

fn halts(facts: &Facts, told: Option<&Told<'_>>) -> Check {
    const NAME: &str = "halt";
    if facts.system_halted {
        return Check::warn(NAME, "the whole deployment is halted: no entry starts", "the operator lifts it");
    }
    let accounts = told.map(|told| told.accounts.as_slice()).unwrap_or_default();
    let halted = accounts.iter().filter(|account| account.halted).count();
    if halted > 0 {
        return Check::warn(NAME, format!("{halted} accounts are halted"), "moniqo resume --reason …");
    }
    let reducing = accounts.iter().filter(|account| account.reducing).count();
    if reducing > 0 {
        let next = "moniqo accounts status says why; moniqo resume --reason …";
        return Check::warn(NAME, format!("nothing starts on {reducing} accounts for a while"), next);
    }
    Check::ok(NAME, "nothing is halted")
}

fn parked(count: u64) -> Check {
    const NAME: &str = "parked";
    if count == 0 {
        return Check::ok(NAME, "nothing is left to a person");
    }
    Check::warn(NAME, format!("{count} messages are left to a person"), "moniqo dead-letters list")
}

fn seconds(span: Millis) -> i64 {
    span.get().max(0).div_euclid(1_000)
}
