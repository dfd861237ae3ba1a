//! `cargo xtask vault reseal`: every secret under the vault's key as it is now, to the end, by the owner's rights in AWS.
//!
//! 1. Each kind is moved by the function that may open it: nothing is opened here.
//! 2. What was moved stays moved: killed in the middle, it is run anew and finds the rest.

use std::time::Duration;

use anstream::{eprintln, println};
use app::ports::StoreError;
use aws::Function;
use clap::Subcommand;
use domain::ids::AccountId;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::runtime::Builder;
use wire::key_check::{Asked, KeyCheck, KeyChecked};
use wire::own;
use wire::resealed::Resealed;
use wire::text::Text;
use wire::whale::{Todo, WatchWhales};

use crate::chosen::Chosen;
use crate::failure::{Failure, Result, While};
use crate::interrupt::pause;
use crate::place::Place;
use crate::progress::step;
use crate::stage::now;

/// Longer than a function runs.
const PATIENCE: Duration = Duration::from_secs(90);
const TURNS_MAX: u32 = 3;
const REST: Duration = Duration::from_secs(2);
const RUNBOOK: &str = "docs/runbooks/rotate-the-vault.md";
const OK: u16 = 200;

#[derive(Debug, Subcommand)]
pub(crate) enum Vault {
    /// Put every secret under the key that is used now: keys of exchanges, sources of whale alerts, second factors
    #[command(
        after_help = "Example: cargo xtask vault reseal --deployment moniqo --profile owner\nIt may be killed and run again: what was moved stays moved. All of it: docs/runbooks/rotate-the-vault.md"
    )]
    Reseal(Chosen),
}

/// What a function answers where it takes its caller for a gateway.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    #[serde(default)]
    body: String,
}

pub(crate) fn run(place: &Place, vault: &Vault) -> Result<()> {
    let Vault::Reseal(chosen) = vault;
    let stack = chosen.stack(place)?;
    let endpoint = stack.endpoint.for_sdk();
    let [keys, sources, factors] = ["key-check", "whale-watch", "api-identity"]
        .map(|name| Function::at(&endpoint, &format!("{}-{name}", chosen.name())));
    let runtime = Builder::new_current_thread().enable_all().build().while_doing("starting a runtime")?;
    let keys = to_the_end("Keys of exchanges", REST, |after| runtime.block_on(move_keys(&keys, after)))?;
    let sources = to_the_end("Sources of whale alerts", REST, |_| runtime.block_on(move_sources(&sources)))?;
    let factors = to_the_end("Second factors", REST, |after| runtime.block_on(move_factors(&factors, after)))?;
    ended(&[("keys of exchanges", keys), ("sources", sources), ("second factors", factors)])
}

async fn move_keys(function: &Function, after: Option<String>) -> Result<Resealed> {
    let after = after.map(|after| AccountId::parse(&after)).transpose().while_doing("reading where to go on")?;
    let question = KeyCheck::new(String::new(), Asked::Reseal { after: after.map(Text) });
    match function.ask(&question, PATIENCE, now()).await.map_err(unanswered)? {
        KeyChecked::Resealed(resealed) => Ok(resealed),
        KeyChecked::Refused(refused) => Err(Failure::new(format!("key-check: {}: {}", refused.code, refused.detail))),
        _ => Err(Failure::new("key-check answers something else")),
    }
}

async fn move_sources(function: &Function) -> Result<Resealed> {
    let question = WatchWhales::new(Todo::Reseal, String::new());
    function.ask(&question, PATIENCE, now()).await.map_err(unanswered)
}

async fn move_factors(function: &Function, after: Option<String>) -> Result<Resealed> {
    let asked = after.map_or_else(|| json!({}), |after| json!({"after": after}));
    let answer =
        function.ask::<Value, _>(&own::event(own::RESEAL, &asked), PATIENCE, now()).await.map_err(unanswered)?;
    let Answer { status_code, body } = answer;
    if status_code != OK {
        return Err(Failure::new(format!("api-identity answers {status_code}: {body}"))
            .next("deploy this release first: cargo xtask deploy"));
    }
    serde_json::from_str(&body).while_doing("reading what api-identity answers")
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn unanswered(error: StoreError) -> Failure {
    Failure::new(error.to_string()).next("the same command again: what was moved stays moved")
}

/// One run after the other, each from where the one before has ended.
fn to_the_end(what: &str, rest: Duration, run: impl Fn(Option<String>) -> Result<Resealed>) -> Result<Resealed> {
    let moving = step(what);
    let mut all = Resealed::default();
    loop {
        let next = patiently(rest, || run(all.after.clone()))?;
        all = all.and(next);
        let told = format!("{} moved, {} stay, {} failed", all.moved, all.stays, all.failed);
        if all.after.is_none() {
            moving.done(told);
            return Ok(all);
        }
        moving.now(&told);
    }
}

/// What is away for a moment is asked again.
fn patiently(rest: Duration, run: impl Fn() -> Result<Resealed>) -> Result<Resealed> {
    let mut turn = 1;
    loop {
        pause(Duration::ZERO)?;
        match run() {
            Err(_) if turn < TURNS_MAX => turn += 1,
            done => return done,
        }
        pause(rest)?;
    }
}

/// # Errors
/// Where a secret is not under the key that is used now, with what to do.
fn ended(kinds: &[(&str, Resealed)]) -> Result<()> {
    println!("{:<18} {:>7} {:>7} {:>7}", "secrets", "moved", "stay", "failed");
    for (what, all) in kinds {
        println!("{what:<18} {:>7} {:>7} {:>7}", all.moved, all.stays, all.failed);
    }
    for failure in kinds.iter().flat_map(|(_, all)| &all.failures) {
        println!("  {} {}", failure.of, failure.code);
    }
    let failed = kinds.iter().fold(0_u32, |sum, (_, all)| sum.saturating_add(all.failed));
    if failed > 0 {
        return Err(Failure::new(format!("{failed} secrets are not under the key that is used now"))
            .next(format!("the same command again; what fails again is answered in {RUNBOOK}, \"What fails\"")));
    }
    eprintln!("All are under the key that is used now. Next: {RUNBOOK}, \"Take the former key away\"");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    fn part(moved: u32, after: Option<&str>) -> Result<Resealed> {
        Ok(Resealed { moved, after: after.map(str::to_owned), ..Resealed::default() })
    }

    fn run(answers: Vec<Result<Resealed>>) -> (Result<Resealed>, Vec<Option<String>>) {
        let (answers, asked) = (RefCell::new(answers.into_iter()), RefCell::new(Vec::new()));
        let done = to_the_end("Secrets", Duration::ZERO, |after| {
            asked.borrow_mut().push(after);
            answers.borrow_mut().next().unwrap_or_else(|| Err(Failure::new("asked too often")))
        });
        (done, asked.into_inner())
    }

    #[test]
    fn it_goes_on_from_where_a_run_ended_until_all_were_looked_at() {
        let away = || Err(Failure::new("away"));
        let (done, asked) = run(vec![part(2, Some("a")), away(), away(), part(3, Some("b")), part(0, None)]);
        assert_eq!(done.map(|all| all.moved).ok(), Some(5));
        let after = |name: &str| Some(name.to_owned());
        assert_eq!(asked, [None, after("a"), after("a"), after("a"), after("b")]);
    }

    #[test]
    fn what_stays_away_ends_it() {
        let (done, asked) = run((0..9).map(|_| Err(Failure::new("away"))).collect());
        assert_eq!((done.is_err(), asked.len()), (true, 3));
    }

    #[test]
    fn it_has_not_ended_well_where_anything_failed() {
        let failed = Resealed { failed: 1, ..Resealed::default() };
        let well = Resealed::default();
        assert!(ended(&[("keys", well.clone()), ("sources", well.clone())]).is_ok());
        for kinds in [[("keys", failed.clone()), ("sources", well.clone())], [("keys", well), ("sources", failed)]] {
            assert!(ended(&kinds).is_err());
        }
    }
}
