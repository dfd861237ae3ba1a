//! Secrets beside their accounts, who has opened them, and what checks said.

use super::{Given, Harness};
use app::ports::{Audit, Balance, Binding, Claim, Credential, DayBalances, Lease, LeaseTaken, PageRequest, Sealed};
use domain::audit::Shelf;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, CredentialId, HolderId};
use domain::market::Exchange;
use domain::vault::{AccountState, Finding, KeyFault, Mode, SecretKind, VenueAnswers};
use std::collections::BTreeMap;
use store::audit::Audits;
use store::vault::Vault;

fn sealed(at: Timestamp) -> Sealed {
    Sealed {
        form: Sealed::FORM,
        wrapped_key: vec![1, 2, 3],
        nonce: vec![0; 12],
        cipher_text: vec![9; 40],
        kms_key: "key/1".to_owned(),
        sealed_at: at,
    }
}

pub(super) fn credential(given: &Given, name: &str) -> Credential {
    Credential {
        id: CredentialId::of(&[&given.unique, name]),
        user: given.user.clone(),
        kind: SecretKind::Exchange,
        masked: "abcd…wxyz".to_owned(),
        insisted: false,
        created_at: given.now,
        sealed: sealed(given.now),
    }
}

fn record(given: &Given, action: &str) -> Audit {
    given.audit(action, &given.account)
}

pub async fn a_state_changes_on_the_version_that_was_seen_and_is_on_record<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let seen = Vault(store).load_account_state(&given.account).await.unwrap().unwrap();
    assert!(seen.may_enter() && seen.version == 0, "as rows of the first release are: {seen:?}");
    let once = seen.after(Finding::Bad(KeyFault::Unknown), given.now);
    assert!(Vault(store).keep_account_state(&given.account, &seen, &once, None).await.unwrap());
    assert_eq!(Vault(store).load_account_state(&given.account).await.unwrap(), Some(once.clone()));
    assert!(!Vault(store).keep_account_state(&given.account, &seen, &once, None).await.unwrap(), "another was first");
    let twice = once.after(Finding::Bad(KeyFault::Expired), given.now);
    let audit = record(&given, "disable_account");
    assert!(Vault(store).keep_account_state(&given.account, &once, &twice, Some(&audit)).await.unwrap());
    let standing = Vault(store).load_standing(&given.account).await.unwrap().unwrap();
    assert!(!standing.enabled && !standing.validated);
    let heads = Audits(store).heads(Shelf::Vault, given.now.day()).await.unwrap();
    assert_eq!(heads.iter().filter(|(chain, head)| chain.user == given.user && head.count == 1).count(), 1);
    let good = twice.after(Finding::Good, given.now);
    assert!(Vault(store).keep_account_state(&given.account, &twice, &good, None).await.unwrap());
    let kept = Vault(store).load_account_state(&given.account).await.unwrap().unwrap();
    assert_eq!((kept.fault, kept.failures, kept), (None, 0, good), "what is over is gone");
}

pub async fn a_claim_and_the_state_of_its_account_change_together_on_what_was_seen_of_both<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let other = Given::new(harness).await;
    let of = HolderId::of(&[&given.unique]);
    assert_eq!(Vault(store).load_claim(&of).await.unwrap(), None);
    let (mine, theirs) = (&given.account, &other.account);
    let claim = |account: &AccountId, version| Claim { of: of.clone(), account: account.clone(), version };
    let seen = Vault(store).load_account_state(mine).await.unwrap().unwrap();
    let state = AccountState { claim: Some(of.clone()), ..seen.after(Finding::Good, given.now) };
    assert!(!Vault(store).keep_claim(&claim(mine, 2), &seen, &state).await.unwrap(), "there was none before");
    assert!(Vault(store).keep_claim(&claim(mine, 1), &seen, &state).await.unwrap());
    assert_eq!(Vault(store).load_claim(&of).await.unwrap(), Some(claim(mine, 1)));
    assert_eq!(Vault(store).load_account_state(mine).await.unwrap(), Some(state.clone()));
    let twin = Vault(store).load_account_state(theirs).await.unwrap().unwrap();
    let good = AccountState { claim: Some(of.clone()), ..twin.after(Finding::Good, given.now) };
    assert!(!Vault(store).keep_claim(&claim(theirs, 1), &twin, &good).await.unwrap(), "another one was first");
    assert_eq!(Vault(store).load_account_state(theirs).await.unwrap(), Some(twin.clone()), "all or nothing");
    assert!(!Vault(store).keep_claim(&claim(mine, 2), &seen, &state).await.unwrap(), "its account has changed since");
    assert_eq!(Vault(store).load_claim(&of).await.unwrap(), Some(claim(mine, 1)), "all or nothing");
    assert!(Vault(store).keep_claim(&claim(theirs, 2), &twin, &good).await.unwrap());
    assert_eq!(Vault(store).load_claim(&of).await.unwrap(), Some(claim(theirs, 2)));
}

pub async fn an_account_that_is_not_there_has_no_state<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert_eq!(Vault(store).load_account_state(&given.account).await.unwrap(), None);
    assert_eq!(Vault(store).load_credential(&given.account).await.unwrap(), None);
    let (none, good) = (AccountState::default(), AccountState::default().after(Finding::Good, given.now));
    assert!(!Vault(store).keep_account_state(&given.account, &none, &good, None).await.unwrap());
    assert_eq!(Vault(store).load_account_state(&given.account).await.unwrap(), None, "a check makes no account");
}

pub async fn a_secret_is_kept_replaced_and_taken_away_with_its_accounts_state<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let seen = Vault(store).load_account_state(&given.account).await.unwrap().unwrap();
    let state = AccountState { validated: false, version: seen.version + 1, ..seen.clone() };
    let (first, second) = (credential(&given, "1"), credential(&given, "2"));
    let audit = record(&given, "save_key");
    let keep = async |secret: Option<&Credential>, seen: &AccountState, state: &AccountState, audit: &Audit| {
        Vault(store).keep_credential(&given.account, secret, seen, state, audit).await.unwrap()
    };
    assert!(keep(Some(&first), &seen, &state, &audit).await);
    assert_eq!(Vault(store).load_credential(&given.account).await.unwrap(), Some(first.clone()));
    assert_eq!(Vault(store).load_account_state(&given.account).await.unwrap(), Some(state.clone()));
    assert!(!keep(Some(&second), &seen, &state, &record(&given, "save_key")).await, "on what was seen alone");
    assert_eq!(Vault(store).load_credential(&given.account).await.unwrap(), Some(first), "all or nothing");
    let next = AccountState { version: state.version + 1, ..state.clone() };
    assert!(keep(Some(&second), &state, &next, &record(&given, "save_key")).await);
    assert_eq!(Vault(store).load_credential(&given.account).await.unwrap(), Some(second));
    let last = AccountState { version: next.version + 1, ..next.clone() };
    assert!(keep(None, &next, &last, &record(&given, "remove_key")).await);
    assert_eq!(Vault(store).load_credential(&given.account).await.unwrap(), None);
}

pub async fn a_secret_is_moved_only_where_it_is_the_one_that_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let seen = Vault(store).load_account_state(&given.account).await.unwrap().unwrap();
    let state = AccountState { version: seen.version + 1, ..seen.clone() };
    let kept = credential(&given, "1");
    let audit = record(&given, "save_key");
    assert!(Vault(store).keep_credential(&given.account, Some(&kept), &seen, &state, &audit).await.unwrap());
    let moved = Sealed { kms_key: "key/2".to_owned(), ..sealed(given.now.plus(Millis::new(1))) };
    let other = credential(&given, "2");
    assert!(!Vault(store).move_credential(&given.account, &other, &moved).await.unwrap(), "another secret");
    assert!(Vault(store).move_credential(&given.account, &kept, &moved).await.unwrap());
    assert!(!Vault(store).move_credential(&given.account, &kept, &moved).await.unwrap(), "it was moved before");
    let now = Vault(store).load_credential(&given.account).await.unwrap().unwrap();
    assert_eq!((now.sealed.clone(), now), (moved.clone(), Credential { sealed: moved, ..kept }));
}

fn lease(given: &Given, name: &str, at: Timestamp, attempt: &str) -> LeaseTaken {
    let Credential { id: credential, user, kind, .. } = credential(given, name);
    let lease = Lease {
        function: "key-check".to_owned(),
        why: "check".to_owned(),
        attempt: domain::ids::AttemptId::new(format!("{}-{attempt}", given.unique)),
    };
    LeaseTaken { binding: Binding { user, credential, kind }, lease, at, until: at.plus(Millis::seconds(300)) }
}

pub async fn leases_are_listed_newest_first_by_their_secret<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let lease = |name: &str, seconds: i64, attempt: &str| {
        lease(&given, name, given.now.plus(Millis::seconds(seconds)), attempt)
    };
    let (first, second, other) = (lease("1", 0, "a"), lease("1", 5, "b"), lease("2", 3, "c"));
    for taken in [&first, &second, &other, &first] {
        Vault(store).keep_lease(taken).await.unwrap();
    }
    assert_eq!(Vault(store).list_leases(&first.binding.credential).await.unwrap(), [second, first]);
}

pub async fn leases_of_a_day_are_read_in_their_order_and_its_secrets_are_known<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let day = given.now.day();
    let at = |day: i64, ms: i64| Timestamp::from_millis(day * Millis::DAY.get() + ms);
    let last = Millis::DAY.get() - 1;
    let [first, second, third] =
        [("a", 0), ("b", 5_000), ("c", last)].map(|(attempt, ms)| lease(&given, "1", at(day, ms), attempt));
    let around = [lease(&given, "1", at(day - 1, last), "d"), lease(&given, "1", at(day + 1, 0), "e")];
    let other = lease(&given, "2", at(day + 1, 1), "f");
    for taken in [&third, &first, &second].into_iter().chain(&around).chain([&other, &first]) {
        Vault(store).keep_lease(taken).await.unwrap();
    }
    let ours = [&first, &other].map(|taken| taken.binding.credential.clone());
    let opened = async |day: i64| {
        let opened = Vault(store).opened_on(day).await.unwrap();
        assert!(opened.is_sorted(), "by their ids");
        ours.each_ref().map(|ours| opened.iter().filter(|opened| *opened == ours).count())
    };
    let known = [opened(day - 1).await, opened(day).await, opened(day + 1).await, opened(day + 2).await];
    assert_eq!(known, [[1, 0], [1, 0], [1, 1], [0, 0]]);
    let read = async |after: Option<&LeaseTaken>, limit: u32| {
        let after = after.map(LeaseTaken::place);
        Vault(store).leases_on(day, &ours[0], after.as_deref(), limit).await.unwrap()
    };
    let all = [&first, &second, &third].map(Clone::clone);
    assert_eq!(read(None, 10).await, all);
    assert_eq!(read(None, 2).await, all[..2]);
    assert_eq!(read(Some(&second), 2).await, all[2..], "and not the next day's");
    assert_eq!(read(Some(&third), 2).await, []);
}

pub async fn each_day_keeps_its_newest_balances<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let row = |day: i64, seconds: i64, free: &str| {
        let at = Timestamp::from_millis(day * Millis::DAY.get()).plus(Millis::seconds(seconds));
        let balance = Balance { free: free.parse().unwrap(), locked: "0.5".parse().unwrap() };
        let balances = BTreeMap::from([("USDT".parse().unwrap(), balance)]);
        DayBalances { account: given.account.clone(), day, at, balances }
    };
    for balances in [row(20_000, 1, "1"), row(20_000, 9, "2"), row(20_000, 5, "3"), row(20_001, 1, "4")] {
        Vault(store).keep_day_balances(&balances).await.unwrap();
    }
    let page = async |cursor: Option<String>| {
        Vault(store).list_day_balances(&given.account, &PageRequest { limit: 1, cursor }).await.unwrap()
    };
    let first = page(None).await;
    assert_eq!(first.items, [row(20_001, 1, "4")]);
    let second = page(first.next).await;
    assert_eq!(second.items, [row(20_000, 9, "2")], "an older look changes nothing");
}

pub async fn what_rounds_have_found_of_a_side_of_an_exchange_is_kept_over_what_stood_there<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let name: String = harness.unique().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    let exchange: Exchange = format!("X{name}").to_uppercase().parse().unwrap();
    let of = |mode| VenueAnswers::of(exchange.clone(), mode);
    let failed = of(Mode::Live).after(true, given.now).after(false, given.now.plus(Millis::seconds(300)));
    let again = failed.clone().after(true, given.now.plus(Millis::seconds(600)));
    let testnet = of(Mode::Testnet).after(false, given.now);
    for (kept, stands) in
        [(&failed, vec![&failed]), (&testnet, vec![&failed, &testnet]), (&again, vec![&again, &testnet])]
    {
        Vault(store).keep_answers(kept).await.unwrap();
        let known = Vault(store).list_answers().await.unwrap();
        let known: Vec<_> = known.iter().filter(|answers| answers.exchange == exchange).collect();
        assert_eq!(known, stands);
    }
}
