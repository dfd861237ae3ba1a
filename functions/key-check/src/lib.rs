//! Keys and balances: what venues and chains tell of them, every five minutes and when somebody asks.

use app::candles::{self, WantedCandles};
use app::markets;
use app::ports::{
    Balance, Binding, ListCandles, ListVenueMarkets, OpenSecret, ProbeCredential, ReadChain, ReadFee, Venue,
};
use app::vault::{CheckError, CheckRun, Checked, Checking, ResealSecret, Round, Standing, Unkept};
use domain::clock::Timestamp;
use domain::ids::{AccountId, LogId};
use domain::logs::{Category, Level, Note};
use domain::vault::{Finding, KeyFacts, KeyFault, SecretKind};
use lambda::{Error, Figure, Invocation};
use store::Engine;
use store::identity::Identity;
use store::trading::Trading;
use wire::key_check::{
    Asked, Balances, Candidate, Counts, KeyCheck, KeyChecked, Probed, Refreshed, Refused, Told, Validated,
};
use wire::stored::DayBalance;
use wire::text::Text;

/// Answers one question. What cannot be found out is an answer as well: only a question of a newer caller fails.
///
/// # Errors
/// Where the question is a newer one than this code knows.
pub async fn handle<D, V, S, C>(
    deps: &D,
    venue: &V,
    vault: &S,
    chain: &C,
    asked: KeyCheck,
    invocation: &Invocation,
) -> Result<KeyChecked, Error>
where
    D: Engine,
    V: Venue + ProbeCredential + ReadFee + ListVenueMarkets + ListCandles,
    S: OpenSecret + ResealSecret,
    C: ReadChain,
{
    if !asked.trace.is_empty() {
        invocation.follow(&asked.trace);
    }
    let run = CheckRun {
        function: "key-check".to_owned(),
        attempt: invocation.attempt().clone(),
        deadline: invocation.deadline(),
    };
    let checking = Checking { deps, venue, vault, chain, run: &run };
    let answer = answer(&checking, asked.known()?, invocation).await;
    Ok(answer.unwrap_or_else(|error| refused(&error, invocation)))
}

async fn answer<D, V, S, C>(
    checking: &Checking<'_, D, V, S, C>,
    asked: Asked,
    invocation: &Invocation,
) -> Result<KeyChecked, CheckError>
where
    D: Engine,
    V: Venue + ProbeCredential + ReadFee + ListVenueMarkets + ListCandles,
    S: OpenSecret + ResealSecret,
    C: ReadChain,
{
    match asked {
        Asked::Check => Ok(KeyChecked::Checked(round(checking, invocation).await?)),
        Asked::Probe(candidate) => {
            invocation.touched(&candidate.account.0);
            let probed = checking.probe(&unkept(candidate)).await?;
            let connected_as = probed.connected_as.clone();
            let told = told(&probed.facts, probed.fault, invocation.now());
            Ok(KeyChecked::Probed(Probed { connected_as, ..told }))
        }
        Asked::Validate { account } => {
            invocation.touched(&account.0);
            let checked = checking.check(&account.0, "validate").await?;
            invocation.outcome(if checked.finding == Finding::Good { "good" } else { "bad" });
            Ok(KeyChecked::Validated(validated(&checked, invocation.now())))
        }
        Asked::Begin { account } => {
            invocation.touched(&account.0);
            let begun = begin(checking, &account.0).await?;
            invocation.outcome(format!("{} markets written, {} away", begun.written, begun.away));
            Ok(KeyChecked::Begun(begun))
        }
        Asked::Balances { account } => {
            invocation.touched(&account.0);
            let had = checking.balances(&account.0).await?;
            let entry = |balance: Balance| DayBalance { free: Text(balance.free), locked: Text(balance.locked) };
            let balances = had.balances.into_iter().map(|(asset, balance)| (Text(asset), entry(balance))).collect();
            Ok(KeyChecked::Balances(Balances { at: had.at.millis(), balances }))
        }
        Asked::Markets => {
            let refreshed = markets::refresh(checking.deps, checking.venue, |call| checking.has_time_for(call)).await?;
            invocation.outcome(format!(
                "{} exchanges, {} markets written, {} removed, {} away, {} left",
                refreshed.exchanges, refreshed.written, refreshed.removed, refreshed.away, refreshed.left
            ));
            Ok(KeyChecked::Refreshed(refreshed))
        }
        Asked::Candles(asked) => Ok(told_candles(checking, &WantedCandles::from(asked), invocation).await),
        Asked::Reseal { after } => {
            let resealed = checking.reseal(after.as_ref().map(|after| &after.0)).await?;
            invocation.outcome(format!("{} resealed, {} failed", resealed.moved, resealed.failed));
            Ok(KeyChecked::Resealed(resealed))
        }
    }
}

/// All accounts; then what can wait: the markets of exchanges without any, and fees.
async fn round<D, V, S, C>(checking: &Checking<'_, D, V, S, C>, invocation: &Invocation) -> Result<Counts, CheckError>
where
    D: Engine,
    V: Venue + ProbeCredential + ReadFee + ListVenueMarkets,
    S: OpenSecret + ResealSecret,
    C: ReadChain,
{
    let Round { counts, standing, exchanges, paying, .. } = checking.round().await?;
    // What cannot be listed now is listed in five minutes; the checks stand.
    let _begun = markets::begin(checking.deps, checking.venue, &exchanges, |call| checking.has_time_for(call)).await;
    let fees = checking.fees(&paying).await;
    tell(counts, standing, invocation);
    if counts.disabled > 0
        && let Err(error) = Identity(checking.deps).note(&disabled(counts.disabled, invocation)).await
    {
        tracing::warn!(%error, "an entry of the system log was not written");
    }
    invocation.outcome(format!(
        "{} good, {} bad, {} disabled, {} away, {} balances, {fees} fees, {} left",
        counts.good, counts.bad, counts.disabled, counts.away, counts.balances, counts.left
    ));
    Ok(counts)
}

/// Nobody's key is opened for it.
async fn told_candles<D, V, S, C>(
    checking: &Checking<'_, D, V, S, C>,
    wanted: &WantedCandles,
    invocation: &Invocation,
) -> KeyChecked
where
    D: Engine,
    V: ListCandles,
{
    match candles::list(checking.deps, checking.venue, wanted, invocation.now()).await {
        Ok(told) => {
            invocation.outcome(format!("{} candles", told.len()));
            KeyChecked::Candles(candles::shown(wanted, &told))
        }
        Err(untold) => {
            invocation.outcome(format!("refused: {}", untold.code()));
            KeyChecked::Refused(Refused { code: untold.code().to_owned(), detail: untold.to_string() })
        }
    }
}

/// What an account at an exchange needs before its first alert: what it has, and the markets there, which are many. What cannot
/// be read the second time either is read by the schedule.
async fn begin<D, V, S, C>(checking: &Checking<'_, D, V, S, C>, account: &AccountId) -> Result<Refreshed, CheckError>
where
    D: Engine,
    V: Venue + ProbeCredential + ListVenueMarkets,
    S: OpenSecret + ResealSecret,
    C: ReadChain,
{
    let known = Trading(checking.deps).load_account(account).await?.ok_or(CheckError::NoAccount)?;
    let had = checking.balances(account).await;
    let begun = markets::begin_at(checking.deps, checking.venue, &known, |call| checking.has_time_for(call)).await;
    if let Err(error) = had {
        tracing::warn!(%account, %error, "balances are asked for once more");
        let _balances = checking.balances(account).await;
    }
    Ok(begun?)
}

/// For whoever looks how the deployment does.
fn tell(counts: Counts, standing: Standing, invocation: &Invocation) {
    let figures = [
        (Figure::AccountsValidated, standing.validated),
        (Figure::AccountsDisabled, standing.disabled),
        (Figure::AccountsUnchecked, standing.unchecked),
        (Figure::AccountsLeft, counts.left),
    ];
    figures.into_iter().for_each(|(figure, count)| invocation.tell(figure, count.into()));
}

/// The accounts stand on record: an operator is told to look.
fn disabled(accounts: u32, invocation: &Invocation) -> Note {
    let details = [("accounts", accounts.to_string()), ("trace", invocation.trace())];
    Note {
        id: LogId::of(&["disabled", invocation.attempt().as_str()]),
        at: invocation.now(),
        level: Level::Warning,
        category: Category::Risk,
        user: None,
        message: "accounts were disabled: their keys failed twice in a row".to_owned(),
        details: details.map(|(name, text)| (name.to_owned(), text)).into(),
        address: None,
    }
}

fn unkept(candidate: Candidate) -> Unkept {
    let (user, credential) = (candidate.user.0, candidate.credential.0);
    Unkept {
        account: candidate.account.0,
        mode: candidate.mode.map(|mode| mode.0),
        binding: Binding { user, credential, kind: SecretKind::Exchange },
        sealed: candidate.sealed.into(),
        insisted: candidate.insisted,
    }
}

fn validated(checked: &Checked, now: Timestamp) -> Validated {
    let fault = if let Finding::Bad(fault) = checked.finding { Some(fault) } else { None };
    let state = &checked.state;
    Validated {
        enabled: state.enabled,
        validated: state.validated,
        failures: state.failures,
        version: state.version,
        probed: Some(told(&checked.facts.clone().unwrap_or_default(), fault, now)),
    }
}

fn told(facts: &KeyFacts, fault: Option<KeyFault>, now: Timestamp) -> Probed {
    // Of a key that is not taken nothing more is said than why.
    let advice = if fault.is_none() { facts.advice(now) } else { Vec::new() };
    let advice = advice.into_iter().map(str::to_owned).collect();
    Probed { told: Told::from(facts), fault: fault.map(Text), advice, connected_as: None }
}

fn refused(error: &CheckError, invocation: &Invocation) -> KeyChecked {
    invocation.outcome(format!("refused: {}", error.code()));
    KeyChecked::Refused(Refused { code: error.code().to_owned(), detail: error.to_string() })
}
