//! Risk rules change on the version that was seen, and of two entries that saw one book one is made.

use super::kept_accounts::new;
use super::{Given, Harness};
use app::commit::{AccountChange, BookChange, Bounds, Change};
use app::ports::CommitError;
use domain::account::Account;
use domain::clock::Millis;
use domain::equity::{Equity, Valuation};
use domain::ids::{GroupId, RuleId};
use domain::market::Asset;
use domain::risk::{AccountBounds, Action, Bound, Cap, Event, EventKind, Overridden, Paused, Place, Rule, RuleScope};
use domain::vault::Mode;
use std::collections::BTreeSet;
use store::Engine;
use store::trading::Trading;

fn rule(given: &Given, name: &str, version: u64) -> Rule {
    let cap = Cap { max: version.to_string().parse().unwrap(), currency: "USDT".parse().unwrap() };
    let assets = ["BTC", "ETH"].map(|asset| asset.parse().unwrap());
    Rule {
        id: RuleId::of(&[&given.unique, name]),
        user: given.user.clone(),
        version,
        label: name.to_owned(),
        scope: RuleScope::Assets(assets.into()),
        bound: Bound::Exposure(cap),
        action: Action::Reduce,
        pause_for: None,
        enabled: version != 2,
        paused: Vec::new(),
        overridden: Vec::new(),
        created_at: given.now,
        updated_at: given.now.plus(Millis::seconds(i64::try_from(version).unwrap())),
        updated_by: given.user.clone(),
    }
}

/// In the place of the version that was seen.
async fn keep<D: Engine>(store: &D, given: &Given, rule: &Rule, seen: Option<u64>) -> bool {
    let seen = seen.map(|version| Rule { version, ..rule.clone() });
    Trading(store).keep_rule(rule, seen.as_ref(), &given.audit("change risk rule", &rule.id)).await.unwrap()
}

pub async fn a_rule_changes_on_the_version_that_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let stranger = Given::nobody(harness);
    let (first, second) = (rule(&given, "a", 1), rule(&given, "a", 2));
    assert_eq!(Trading(store).load_rule(&given.user, &first.id).await, Ok(None));
    assert!(keep(store, &given, &first, None).await);
    assert!(!keep(store, &given, &first, None).await, "it is there already");
    assert!(keep(store, &given, &second, Some(1)).await);
    assert!(!keep(store, &given, &rule(&given, "a", 3), Some(1)).await, "another was first");
    assert_eq!(Trading(store).load_rule(&given.user, &first.id).await, Ok(Some(second.clone())));
    assert_eq!(Trading(store).load_rule(&stranger.user, &first.id).await, Ok(None));
    let other = rule(&given, "b", 1);
    assert!(keep(store, &given, &other, None).await);
    assert_eq!(Trading(store).list_rules(&given.user).await.unwrap().len(), 2);
    let gone = rule(&given, "a", 3);
    let record = || given.audit("delete risk rule", &gone.id);
    assert_eq!(Trading(store).drop_rule(&gone, 1, &record()).await, Ok(false), "another was first");
    assert_eq!(Trading(store).drop_rule(&gone, 2, &record()).await, Ok(true));
    assert_eq!(Trading(store).load_rule(&given.user, &first.id).await, Ok(None));
    assert_eq!(Trading(store).list_rules(&given.user).await, Ok(vec![other]));
    Trading(store).forget_rules(&given.user).await.unwrap();
    assert_eq!(Trading(store).list_rules(&given.user).await, Ok(Vec::new()));
}

pub async fn an_entry_that_did_not_ask_is_refused_once_its_user_has_rules<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let open = async |ruled| {
        let bounds = Some(Bounds::of(&AccountBounds { ruled, ..given.bounds().account }));
        let change = AccountChange { bounds, ..given.account_change() };
        Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(change))])).await
    };
    let lose = async || {
        let change = AccountChange { unruled: true, ..given.account_change() };
        Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(change))])).await
    };
    assert_eq!((open(false).await, lose().await), (Ok(()), Ok(())));
    assert_eq!(Trading(store).load_risk_count(&given.user).await, Ok(None));
    Trading(store).begin_rules(&given.user).await.unwrap();
    assert!(Trading(store).load_account(&given.account).await.unwrap().unwrap().ruled);
    assert_eq!(open(false).await, Err(CommitError::LostRace));
    assert_eq!(lose().await, Err(CommitError::LostRace), "nothing of it would be counted");
    assert_eq!(open(true).await, Ok(()));
    let kept = new(&given, "later");
    let record = given.audit("open account", &kept.account.id);
    assert_eq!(Trading(store).open_account(&kept, None, &record).await, Ok(true));
    assert!(Trading(store).load_account(&kept.account.id).await.unwrap().unwrap().ruled, "it is opened so");
}

pub async fn of_two_entries_that_saw_one_book_one_is_made<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    Trading(store).begin_rules(&given.user).await.unwrap();
    let count = async || Trading(store).load_risk_count(&given.user).await.unwrap().unwrap();
    let commit = async |change| Trading(store).commit(&given.transaction(vec![Change::Book(change)])).await;
    let enter = async |seen| commit(BookChange::Entered { user: given.user.clone(), seen }).await;
    let seen = count().await;
    assert_eq!(enter(seen).await, Ok(()));
    assert_eq!(enter(seen).await, Err(CommitError::LostRace), "it has not seen the first");
    let seen = count().await;
    commit(BookChange::Worse { user: given.user.clone() }).await.unwrap();
    assert_eq!(enter(seen).await, Err(CommitError::LostRace), "a loss was made meanwhile");
    let seen = count().await;
    assert!(keep(store, &given, &rule(&given, "a", 1), None).await);
    assert_eq!(enter(seen).await, Err(CommitError::LostRace), "a rule was made meanwhile");
    assert_eq!(enter(count().await).await, Ok(()));
}

pub async fn events_of_a_book_are_listed_from_a_time_on<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let event = |seconds: i64, kind| {
        let place = Place {
            account: given.account.clone(),
            exchange: given.market.key.exchange.clone(),
            symbol: given.market.key.symbol.clone(),
            bot: None,
            strategy: None,
            mode: Some(Mode::Testnet),
        };
        let at = given.now.plus(Millis::seconds(seconds));
        Event { at, group: GroupId::of(&[&given.unique]), place, kind }
    };
    let loss = "1.5".parse().unwrap();
    let events = [event(0, EventKind::Entry), event(5, EventKind::Loss(loss)), event(5, EventKind::Close(loss))];
    for (version, event) in (1..).zip(&events) {
        let change = BookChange::Event { user: given.user.clone(), event: Box::new(event.clone()), version };
        Trading(store).commit(&given.transaction(vec![Change::Book(change)])).await.unwrap();
    }
    let since = async |seconds| {
        let since = given.now.plus(Millis::seconds(seconds));
        Trading(store).list_risk_events(&given.user, since).await.unwrap()
    };
    assert_eq!(since(0).await, events);
    assert_eq!(since(1).await, events[1..]);
    assert_eq!(since(6).await, []);
}

pub async fn what_an_account_is_worth_is_written_over_what_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let usdt: Asset = "USDT".parse().unwrap();
    let valued = |worth: &str| {
        let (worth, profit) = (worth.parse().unwrap(), "-1.5".parse().unwrap());
        let found = Valuation { mode: Some(Mode::Live), at: given.now, worth, profit };
        Equity::valued(None, &found, given.now).unwrap()
    };
    let known = async || Trading(store).load_account(&given.account).await.unwrap().unwrap();
    let unvalued = known().await;
    let keep = async |seen: &Account, found| Trading(store).keep_equity(seen, &usdt, &found).await.unwrap();
    assert!(keep(&unvalued, valued("1000")).await);
    assert!(!keep(&unvalued, valued("1001")).await, "another was first");
    let first = known().await;
    assert_eq!(first.worth.equity.get(&usdt), Some(&valued("1000")));
    assert!(keep(&first, valued("1002")).await);
    assert!(!keep(&first, valued("1003")).await, "another was first");
    for (realised, sum) in [("-2.5", "-2.5"), ("10", "7.5")] {
        let change = AccountChange { realised: realised.parse().unwrap(), ..given.account_change() };
        Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(change))])).await.unwrap();
        assert_eq!(known().await.realised(&usdt), sum.parse().unwrap(), "it is counted and not written over");
    }
    assert_eq!(known().await.worth.equity.get(&usdt), Some(&valued("1002")));
}

/// A pause of one mode ends none of another, and a shorter one none that is longer.
pub async fn a_rule_pauses_each_mode_by_itself<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let rule = Rule { action: Action::Pause, enabled: true, ..rule(&given, "a", 1) };
    assert!(keep(store, &given, &rule, None).await);
    let pause = async |mode, seconds: Option<i64>| {
        let until = seconds.map(|seconds| given.now.plus(Millis::seconds(seconds)));
        let paused = Paused { mode: Some(mode), at: given.now, until };
        Trading(store).pause_rule(&rule, paused, &given.audit("pause entries", &rule.id)).await.unwrap()
    };
    let known = async || Trading(store).load_rule(&given.user, &rule.id).await.unwrap().unwrap();
    assert!(pause(Mode::Live, None).await && pause(Mode::Paper, Some(60)).await);
    assert!(
        !pause(Mode::Paper, Some(30)).await && pause(Mode::Paper, Some(90)).await && !pause(Mode::Live, Some(90)).await
    );
    let modes: Vec<_> = known().await.pauses(given.now).map(|paused| (paused.mode, paused.until.is_none())).collect();
    assert_eq!(modes, [(Some(Mode::Live), true), (Some(Mode::Paper), false)]);
    let renamed = Rule { version: 2, label: "other".to_owned(), ..rule.clone() };
    assert!(keep(store, &given, &renamed, Some(1)).await);
    assert_eq!(known().await.paused.len(), 2, "it is about the same");
    let other = Rule { version: 3, scope: RuleScope::User, ..renamed.clone() };
    assert!(
        Trading(store).keep_rule(&other, Some(&renamed), &given.audit("change risk rule", &rule.id)).await.unwrap()
    );
    assert_eq!(known().await.paused, [], "it is about something else");
    let (paper, until) = (BTreeSet::from([Some(Mode::Paper)]), given.now.plus(Millis::seconds(9)));
    let record = given.audit("resume", &rule.id);
    assert_eq!(Trading(store).override_rule(&given.user, &rule.id, (&paper, until), &record).await, Ok(true));
    let overridden = [Overridden { mode: Some(Mode::Paper), until }];
    assert_eq!(known().await.overridden, overridden, "of no other mode");
    let change = || given.audit("change risk rule", &rule.id);
    let same = Rule { version: 4, label: "again".to_owned(), ..other.clone() };
    assert!(Trading(store).keep_rule(&same, Some(&other), &change()).await.unwrap());
    assert_eq!(known().await.overridden, overridden, "it does the same");
    let refuses = Rule { version: 5, action: Action::Refuse, ..same.clone() };
    assert!(Trading(store).keep_rule(&refuses, Some(&same), &change()).await.unwrap());
    assert_eq!(known().await.overridden, [], "it does something else");
}
