//! What people are told of in their inbox.
//!
//! It is told after it has happened and is not in its way: a notice that cannot be put is lost, and nothing else with it.
//! What tells of a way in is read and not taken away: it goes by itself.

use crate::ports::{Credential, KeptAccount, Login, Pause, StoreError};
use domain::account::Account;
use domain::bot;
use domain::clock::Timestamp;
use domain::delivery::{DeliveryRef, Verdict};
use domain::group::Group;
use domain::identity::{Network, ProgramKey, User};
use domain::ids::{NoticeId, Sha, UserId};
use domain::limits::{NOTICES_KEPT, PROGRAM_KEY_ENDS_SOON};
use domain::notice::{Notice, Topic};
use domain::parked::{Parked, deployment};
use domain::risk::{Breach, By, Rule};
use domain::vault::{AccountState, KeyFault};
use std::fmt::Display;
use std::net::IpAddr;
use store::Engine;
use store::trading::Trading;

/// What became of a notice that somebody takes out of their inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    Gone,
    /// It tells of a way in.
    Stays,
    Unknown,
}

/// Nobody is shown it any more. What it is about never changes, so that it is looked at once.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn drop_one<D: Engine>(deps: &D, user: &UserId, notice: &NoticeId) -> Result<Dropped, StoreError> {
    match Trading(deps).find_notice(user, notice).await? {
        None => Ok(Dropped::Unknown),
        Some(found) if found.topic.stays() => Ok(Dropped::Stays),
        Some(_) => Ok(if Trading(deps).drop_notice(user, notice).await? { Dropped::Gone } else { Dropped::Unknown }),
    }
}

/// Somebody has logged in. Where they were never seen is worth a notice, unless they were never seen at all.
pub(crate) async fn logged_in<D: Engine>(deps: &D, user: &User, login: &Login) {
    let address = login.origin.address.as_deref().and_then(|address| address.parse::<IpAddr>().ok());
    let Some(address) = address else { return };
    let origin = Sha::of_parts(&["origin", user.id.as_str(), &Network::around(address).to_string()]);
    let known = Trading(deps).recall_origin(&user.id, &origin, login.created_at.plus(NOTICES_KEPT)).await;
    if known == Ok(false) && user.last_login.is_some() {
        let text = format!(
            "A log-in from the network {}, from an address where you were not seen in the last 90 days. Was it not you? \
             End that session and change your password.",
            Network::coarse(address)
        );
        let notice = Notice::new(&user.id, Topic::NewLogin, login.created_at, &[login.id.as_str()], text);
        tell(deps, &notice.about(&login.id)).await;
    }
}

/// An entry that a rule lets pass and its user wants to know of.
pub(crate) fn risk_rule(user: &UserId, group: &Group, breach: &Breach, now: Timestamp) -> Notice {
    let rule = match &breach.by {
        By::Rule(rule) => rule.to_string(),
        By::Account => "its account".to_owned(),
    };
    let symbol = &group.market.key.symbol;
    let text = format!("An entry of {symbol} breaks the risk rule {rule}, which notifies: {}.", breach.detail);
    Notice::new(user, Topic::RiskRule, now, &[group.id.as_str(), &rule], text).about(&group.id)
}

/// A rule that pauses has stopped entries.
pub(crate) fn paused(rule: &Rule, why: &str, now: Timestamp) -> Notice {
    let until = match rule.pause_for {
        Some(span) => format!("for {} minutes", span.get().div_euclid(60_000)),
        None => "until you resume them".to_owned(),
    };
    let text = format!("The risk rule {} has paused entries {until}: {why}.", rule.id);
    Notice::new(&rule.user, Topic::RiskRule, now, &["paused", rule.id.as_str()], text).about(&rule.id)
}

pub(crate) async fn role_changed<D: Engine>(deps: &D, before: &User, after: &User, now: Timestamp) {
    if before.role != after.role {
        let text = format!("Your role is {} now, and was {}.", after.role, before.role);
        let version = after.version.to_string();
        tell(deps, &Notice::new(&after.id, Topic::RoleChanged, now, &[&version], text)).await;
    }
}

/// What is told of a key a week before its end stands in the inbox from the beginning, and is shown when its time has come.
pub(crate) async fn key_changed<D: Engine>(
    deps: &D,
    before: Option<&ProgramKey>,
    after: Option<&ProgramKey>,
    now: Timestamp,
) {
    if before.map(|key| (key.expires_at, &key.name)) == after.map(|key| (key.expires_at, &key.name)) {
        return;
    }
    if let Some(key) = before {
        let _lost = Trading(deps).take_back(&key.user, &key_ending(key).id).await;
    }
    if let Some(notice) = after.map(key_ending).filter(|notice| now < notice.at) {
        tell(deps, &notice).await;
    }
}

fn key_ending(key: &ProgramKey) -> Notice {
    let at = key.expires_at.minus(PROGRAM_KEY_ENDS_SOON);
    let text = format!("Your API key \"{}\" ends in a week: make it last longer, or another one.", key.name);
    Notice::new(&key.user, Topic::ApiKeyEnding, at, &[key.id.as_str(), &key.name], text).about(&key.id)
}

/// What lets in without whoever it belongs to, and stays when they choose another password: they are to know of it.
pub(crate) async fn access_made<D: Engine>(deps: &D, user: &UserId, what: &str, id: &impl Display, now: Timestamp) {
    let text =
        format!("{what} lets in from now on. Was it not you? Revoke it, end your sessions and change your password.");
    let notice = Notice::new(user, Topic::AccessMade, now, &[&id.to_string()], text);
    tell(deps, &notice.about(id)).await;
}

/// With whose key an account trades is worth knowing to whoever owns what it holds.
pub(crate) async fn key_saved<D: Engine>(deps: &D, account: &Account, key: &Credential, now: Timestamp) {
    let text = format!(
        "The key {} is that of your account {} {} from now on, which enters nothing until you have enabled it. Was it not \
         you? Revoke the key at the exchange, end your sessions and change your password.",
        key.masked, account.exchange, account.label
    );
    let notice = Notice::new(&account.user, Topic::AccessMade, now, &[key.id.as_str()], text);
    tell(deps, &notice.about(&account.id)).await;
}

/// An account that may lose more than before: whoever was in for a moment is not to have changed that unseen.
pub(crate) async fn account_widened<D: Engine>(deps: &D, before: &KeptAccount, after: &KeptAccount, now: Timestamp) {
    let account = &after.account;
    let what = if after.state.enabled && !before.state.enabled {
        "may enter from now on: it was enabled"
    } else if account.limits.exceed(&before.account.limits) {
        "may hold or lose more from now on: its limits were raised"
    } else {
        return;
    };
    let text = format!(
        "Your account {} {} {what}. Was it not you? Disable it, look at its limits, end your sessions, revoke API keys that \
         are not yours, and change your password.",
        account.exchange, account.label
    );
    let version = after.state.version.to_string();
    let notice = Notice::new(&account.user, Topic::AccessMade, now, &[account.id.as_str(), &version], text);
    tell(deps, &notice.about(&account.id)).await;
}

/// A bot that trades with money from now on: whoever was in for a moment is not to have left it behind unseen.
pub(crate) async fn bot_started<D: Engine>(deps: &D, run: &bot::Run) {
    let text = format!(
        "A bot of yours trades {} by {} with your account {} and the preset {} from now on. Was it not you? Stop it, end your sessions, revoke API \
         keys that are not yours, and change your password.",
        run.terms.series,
        run.terms.strategy.name,
        run.label,
        run.preset()
    );
    tell(deps, &of_run(run, Topic::AccessMade, run.enters_since(), &run.version.to_string(), text)).await;
}

/// What it has opened stays; whether somebody is there who would close it by its strategy. Once for all that was done of it at a time.
pub(crate) async fn bot_stopped<D: Engine>(deps: &D, run: &bot::Run, now: Timestamp) {
    let by_owner = run.ended.as_ref().or(run.close_only.as_deref()).is_some_and(|ended| ended.by == run.user);
    let who = if by_owner { "A program with your key" } else { "Whoever keeps this deployment" };
    let (what, left) = if run.ended.is_some() {
        (
            "stopped the bot that traded",
            "What it has opened stays, with its take-profit and stop, and without its exit signals.",
        )
    } else {
        (
            "ended the entries of the bot that trades",
            "It still closes what it has opened by its exit signals. Start it, and it enters again; stop it once nothing is open.",
        )
    };
    let text = format!("{who} has {what} {} with your account {}. {left}", run.terms.series, run.label);
    tell(deps, &of_run(run, Topic::BotStopped, now, "stopped", text)).await;
}

/// It enters nothing more, for what stopped it may be lost, and nothing else says so before its first entry is refused.
pub(crate) async fn bot_restored<D: Engine>(deps: &D, run: &bot::Run, recovered_at: Timestamp) {
    let text = format!(
        "Your bot on {} with your account {} enters nothing more: it was started before this deployment's restored table was \
         recovered. It still closes what it has opened. Stop it with close_only and start it, and it enters again.",
        run.terms.series, run.label
    );
    tell(deps, &of_run(run, Topic::BotStopped, recovered_at, "restored", text)).await;
}

/// Once for as long as it decides on nothing; twice where a look ends before that is noted. Nothing else says that no exit is raised: it is an error where it is not kept.
pub(crate) async fn bot_failing<D: Engine>(
    deps: &D,
    run: &bot::Run,
    why: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let text = format!(
        "Your bot on {} with your account {} cannot decide on its candles: {why}. It raises no exit meanwhile; what it has \
         opened stays, with its take-profit and stop. What helps: GET /api/v1/market-data/stats says how its candles come; or \
         change the bot, stop it, and start it again.",
        run.terms.series, run.label
    );
    // Of now: an older time may lie before what its user has read.
    Trading(deps).notify(&of_run(run, Topic::BotFailing, now, "failing", text)).await
}

/// An exit alert that closed nothing.
/// Of the time of its first receipt, so that whoever tells it again tells the same.
pub(crate) fn exit_not_followed(delivery: &DeliveryRef, verdict: &Verdict) -> Notice {
    let why = verdict.detail.as_deref().unwrap_or_default();
    let text = format!(
        "An exit alert of yours has closed nothing: {why}. Open positions keep their take-profit and stop. Close them yourself, \
         or correct the alert and send it again."
    );
    let notice = Notice::new(&delivery.user, Topic::ExitNotFollowed, delivery.first_at, &[delivery.id.as_str()], text);
    notice.about(&delivery.id)
}

/// The same of one run twice is one.
fn of_run(run: &bot::Run, topic: Topic, at: Timestamp, which: &str, text: String) -> Notice {
    Notice::new(&run.user, topic, at, &[run.id.as_str(), which], text).about(&run.id)
}

/// Two hold one refresh token, and only one of them may be its owner's: whichever it was, both are out.
pub(crate) async fn refresh_reused<D: Engine>(deps: &D, login: &Login, now: Timestamp) {
    let text = "A refresh token of yours was used a second time, so its session was ended: another program may have a copy of it. Log \
                in again. If no program of yours sends a token twice, end your other sessions and change your password.";
    let notice = Notice::new(&login.user, Topic::RefreshReused, now, &[login.id.as_str()], text.to_owned());
    tell(deps, &notice.about(&login.id)).await;
}

/// With how much of what trades without a password goes on: so many keys, webhook tokens and bots.
pub(crate) async fn password_chosen<D: Engine>(
    deps: &D,
    user: &UserId,
    topic: Topic,
    (keys, tokens, bots): (usize, usize, u32),
    now: Timestamp,
) {
    let what = if topic == Topic::PasswordReset {
        "Your password was reset, and all sessions ended."
    } else {
        "Your password was changed by somebody who knew the old one, and all other sessions ended."
    };
    let text = format!(
        "{what} {keys} API keys, {tokens} webhook tokens and {bots} bots of yours go on: look at them, and revoke or stop what is \
         not yours."
    );
    tell(deps, &Notice::new(user, topic, now, &[], text)).await;
}

pub(crate) async fn account_disabled<D: Engine>(deps: &D, account: &Account, state: &AccountState, now: Timestamp) {
    let fault = state.fault.map_or("key_unknown", KeyFault::as_str);
    let text = format!(
        "Your account {} {} enters no more: {} checks of its key failed in a row ({fault}). Exits go on. Give it a good key, \
         and enable it.",
        account.exchange, account.label, state.failures
    );
    of_key(deps, account, state, now, text).await;
}

/// It was refused in the middle of work.
pub(crate) async fn key_refused<D: Engine>(deps: &D, account: &Account, state: &AccountState, now: Timestamp) {
    let fault = state.fault.unwrap_or(KeyFault::Unknown);
    let text = format!(
        "Your account {} {} enters no more: its exchange has refused the key ({}). Exits are tried on. What helps: {}. Then \
         enable it.",
        account.exchange,
        account.label,
        fault.as_str(),
        fault.detail()
    );
    of_key(deps, account, state, now, text).await;
}

/// Of an account that enters nothing anyway: what it holds is left without a key.
pub(crate) async fn key_lost<D: Engine>(deps: &D, account: &Account, state: &AccountState, now: Timestamp) {
    let fault = state.fault.unwrap_or(KeyFault::Unknown);
    let text = format!(
        "Your account {} {} holds what its key can no longer sell: the key has failed ({}), so that exits and stops there are \
         refused. What helps: {}. Or give it another key of the same account.",
        account.exchange,
        account.label,
        fault.as_str(),
        fault.detail()
    );
    of_key(deps, account, state, now, text).await;
}

/// Once for each state of its key.
async fn of_key<D: Engine>(deps: &D, account: &Account, state: &AccountState, now: Timestamp, text: String) {
    let version = state.version.to_string();
    let notice = Notice::new(&account.user, Topic::AccountDisabled, now, &[account.id.as_str(), &version], text);
    tell(deps, &notice.about(&account.id)).await;
}

pub(crate) async fn parked<D: Engine>(deps: &D, parked: &Parked) {
    if let Some(notice) = of_parked(parked) {
        tell(deps, &notice).await;
    }
}

/// Notices of the deployment itself have no inbox.
pub(crate) fn of_parked(parked: &Parked) -> Option<Notice> {
    let text = format!("Something of yours could not be carried out and waits for you: {}", parked.why);
    let notice = Notice::new(&parked.user, Topic::Parked, parked.at, &[parked.id.as_str()], text).about(&parked.id);
    (parked.user != deployment()).then_some(notice)
}

/// Each account of the exchange is told of for itself.
pub(crate) async fn venue_paused<D: Engine>(deps: &D, account: &Account, pause: &Pause, now: Timestamp) {
    let text = format!(
        "{} has asked to be left alone for {} s: until then nothing is sent for your account {}, neither entries nor exits, \
         and its stops are not watched. It says: {}",
        account.exchange,
        pause.until.since(now).get() / 1_000,
        account.label,
        pause.why
    );
    let cause = [account.id.as_str(), &pause.until.millis().to_string()];
    let notice = Notice::new(&account.user, Topic::VenuePaused, now, &cause, text);
    tell(deps, &notice.about(&account.id)).await;
}

pub(crate) async fn tell<D: Engine>(deps: &D, notice: &Notice) {
    let _lost = Trading(deps).notify(notice).await;
}
