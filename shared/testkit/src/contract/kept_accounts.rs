//! An account is opened whole, changed on what was seen, and closed while nothing of it is open.

use super::vault::credential;
use super::{Given, Harness};
use app::ports::{Audit, Credential, Groups, KeptAccount, Standing, Told};
use domain::account::{Account, AccountLimits};
use domain::chain::{Challenge, HeldAddress};
use domain::clock::Millis;
use domain::identity::Quota;
use domain::ids::AccountId;
use domain::market::Asset;
use domain::vault::{AccountState, Mode};
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;

pub(super) fn new(given: &Given, label: &str) -> KeptAccount {
    let account =
        Account { id: AccountId::of(&[&given.unique, label]), label: label.to_owned(), ..given.fresh_account() };
    let state = AccountState { mode: Some(Mode::Paper), version: 1, ..AccountState::default() };
    KeptAccount { account, state, key: None }
}

pub(super) fn audit(given: &Given) -> Audit {
    given.audit("change account", &given.unique)
}

pub(super) fn next(kept: &KeptAccount, enabled: bool) -> KeptAccount {
    let state = AccountState { enabled, validated: true, version: kept.state.version + 1, ..kept.state.clone() };
    KeptAccount { state, ..kept.clone() }
}

async fn listed<D: Engine>(store: &D, given: &Given) -> Vec<KeptAccount> {
    Trading(store).list_kept_accounts(&given.user).await.unwrap()
}

pub async fn an_account_is_opened_once_and_found_by_its_label<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let kept = new(&given, "main");
    let record = audit(&given);
    assert_eq!(listed(store, &given).await, []);
    assert_eq!(Trading(store).open_account(&kept, None, &record).await, Ok(true));
    assert_eq!(Trading(store).open_account(&kept, None, &record).await, Ok(true), "under its own stamp");
    assert_eq!(
        Trading(store).open_account(&new(&given, "main"), None, &audit(&given)).await,
        Ok(false),
        "the label is taken"
    );
    assert_eq!(listed(store, &given).await, std::slice::from_ref(&kept));
    let found = Trading(store).find_account(&given.user, &kept.account.exchange, "main").await;
    assert_eq!(found, Ok(Some(kept.account.clone())));
    let standing = Some(Standing { enabled: false, validated: false });
    assert_eq!(Vault(store).load_standing(&kept.account.id).await, Ok(standing));
}

pub async fn an_account_of_somebody_who_is_limited_is_opened_so<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let quota = |positions, reckoned_at| Quota { user: given.user.clone(), positions, reckoned_at, count: 0 };
    for (label, positions, reckoned_at) in [("main", Some(3), (2, 1)), ("other", None, (3, 0))] {
        Trading(store).keep_quota(&quota(positions, reckoned_at)).await.unwrap();
        let kept = new(&given, label);
        assert_eq!(Trading(store).open_account(&kept, None, &audit(&given)).await, Ok(true));
        let account = Trading(store).load_account(&kept.account.id).await.unwrap().unwrap();
        assert_eq!(account.limited, positions.is_some(), "{label}");
    }
}

pub async fn an_account_changes_on_the_version_that_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let kept = new(&given, "main");
    assert_eq!(Trading(store).open_account(&kept, None, &audit(&given)).await, Ok(true));
    let enabled = next(&kept, true);
    assert_eq!(Trading(store).change_account(&kept, &enabled, Groups::NoneOpen.into(), &audit(&given)).await, Ok(true));
    assert_eq!(
        Trading(store).change_account(&kept, &next(&kept, false), Groups::Any.into(), &audit(&given)).await,
        Ok(false)
    );
    assert_eq!(listed(store, &given).await, std::slice::from_ref(&enabled));
    let account = Account { label: "other".to_owned(), ..kept.account.clone() };
    let renamed = KeptAccount { account, ..next(&enabled, true) };
    assert_eq!(Trading(store).change_account(&enabled, &renamed, Groups::Any.into(), &audit(&given)).await, Ok(true));
    let limits = AccountLimits { open_groups_max: 1, order_quote_max: "7.5".parse().unwrap(), ..kept.account.limits };
    let account = Account { limits, ..renamed.account.clone() };
    let limited = KeptAccount { account, ..next(&renamed, true) };
    assert_eq!(Trading(store).change_account(&renamed, &limited, Groups::Any.into(), &audit(&given)).await, Ok(true));
    assert_eq!(listed(store, &given).await, std::slice::from_ref(&limited));
    let find = async |label: &str| {
        let found = Trading(store).find_account(&given.user, &kept.account.exchange, label).await.unwrap();
        found.map(|account| account.id)
    };
    assert_eq!((find("main").await, find("other").await), (None, Some(kept.account.id.clone())));
    assert_eq!(
        Vault(store).load_standing(&kept.account.id).await,
        Ok(Some(Standing { enabled: true, validated: true }))
    );
}

pub async fn a_label_that_is_taken_is_given_to_no_other_account<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (main, other) = (new(&given, "main"), new(&given, "other"));
    for kept in [&main, &other] {
        assert_eq!(Trading(store).open_account(kept, None, &audit(&given)).await, Ok(true));
    }
    let account = Account { label: "main".to_owned(), ..other.account.clone() };
    let renamed = KeptAccount { account, ..next(&other, false) };
    assert_eq!(Trading(store).change_account(&other, &renamed, Groups::Any.into(), &audit(&given)).await, Ok(false));
    assert_eq!(listed(store, &given).await, [main, other]);
}

pub async fn an_account_with_an_open_group_is_neither_switched_nor_closed<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let mut busy = new(&given, "main");
    busy.account.open_groups = 1;
    assert_eq!(Trading(store).open_account(&busy, None, &audit(&given)).await, Ok(true));
    let switched = next(&busy, false);
    assert_eq!(
        Trading(store).change_account(&busy, &switched, Groups::NoneOpen.into(), &audit(&given)).await,
        Ok(false)
    );
    assert_eq!(Trading(store).close_account(&busy, 0, &audit(&given)).await, Ok(false));
    assert_eq!(Trading(store).change_account(&busy, &switched, Groups::Any.into(), &audit(&given)).await, Ok(true));
}

pub async fn an_account_with_another_wallet_knows_no_balance_until_one_is_read<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let kept = new(&given, "main");
    assert_eq!(Trading(store).open_account(&kept, None, &audit(&given)).await, Ok(true));
    let (id, asset) = (kept.account.id.clone(), given.account_change().asset);
    let other = "BTC".parse::<Asset>().unwrap();
    let told = |seconds| {
        let at = given.now.plus(Millis::seconds(seconds));
        Told { asked_at: at, told_at: at }
    };
    let balances = |amount: &str| [&asset, &other].map(|asset| (asset.clone(), amount.parse().unwrap())).into();
    let moved = |kept: &KeptAccount| {
        let account = kept.account.clone().with_another_wallet(given.now.plus(Millis::seconds(10)));
        KeptAccount { account, ..next(kept, false) }
    };
    assert_eq!(Trading(store).write_balance(&kept.account, &balances("900"), told(5)).await, Ok(true));
    assert_eq!(
        Trading(store).change_account(&kept, &moved(&kept), Groups::NoneOpen.into(), &audit(&given)).await,
        Ok(false),
        "they were written meanwhile"
    );
    let seen = listed(store, &given).await.pop().unwrap();
    assert_eq!(
        Trading(store).change_account(&seen, &moved(&seen), Groups::NoneOpen.into(), &audit(&given)).await,
        Ok(true)
    );
    let cleared = Trading(store).load_account(&id).await.unwrap().unwrap();
    assert_eq!((&cleared, cleared.balances.len()), (&moved(&seen).account, 0));
    assert_eq!(
        Trading(store).write_balance(&seen.account, &balances("900"), told(15)).await,
        Ok(false),
        "whoever began to read before may have read the wallet before"
    );
    assert_eq!(Trading(store).write_balance(&cleared, &balances("7"), told(20)).await, Ok(true));
    assert_eq!(Trading(store).load_account(&id).await.unwrap().unwrap().balance(&asset), "7".parse().unwrap());
}

pub async fn a_closed_account_is_found_no_more_and_its_label_is_free<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let kept = new(&given, "main");
    assert_eq!(Trading(store).open_account(&kept, None, &audit(&given)).await, Ok(true));
    let enabled = next(&kept, true);
    assert_eq!(Trading(store).change_account(&kept, &enabled, Groups::Any.into(), &audit(&given)).await, Ok(true));
    assert_eq!(Trading(store).close_account(&kept, 0, &audit(&given)).await, Ok(false), "another change was first");
    assert_eq!(Trading(store).close_account(&enabled, 0, &audit(&given)).await, Ok(true));
    assert_eq!(listed(store, &given).await, []);
    let standing = Some(Standing { enabled: false, validated: false });
    assert_eq!(Vault(store).load_standing(&kept.account.id).await, Ok(standing));
    let account = Account { id: AccountId::of(&[&given.unique, "again"]), ..kept.account.clone() };
    assert_eq!(Trading(store).open_account(&KeptAccount { account, ..kept }, None, &audit(&given)).await, Ok(true));
}

pub async fn an_address_changes_as_its_account_does_and_goes_with_it<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let held = |proven_at, challenge| {
        let address = format!("0x{}", "a".repeat(40)).parse().unwrap();
        Some(HeldAddress { address, proven_at, challenge, fault: None })
    };
    let challenge = Challenge { text: "sign\nthis".to_owned(), expires_at: given.now };
    let mut kept = new(&given, "main");
    kept.state.address = held(None, Some(challenge));
    assert_eq!(Trading(store).open_account(&kept, None, &audit(&given)).await, Ok(true));
    assert_eq!(listed(store, &given).await, std::slice::from_ref(&kept));
    let mut proven = next(&kept, false);
    proven.state.address = held(Some(given.now), None);
    assert_eq!(Trading(store).change_account(&kept, &proven, Groups::Any.into(), &audit(&given)).await, Ok(true));
    assert_eq!(listed(store, &given).await, std::slice::from_ref(&proven));
    assert_eq!(Trading(store).close_account(&proven, 0, &audit(&given)).await, Ok(true));
    let left = Vault(store).load_account_state(&kept.account.id).await.unwrap().unwrap();
    assert_eq!(left.address, None, "it is somebody's, and nobody's account any more");
}

pub async fn an_account_of_a_seed_is_changed_as_others_are<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    harness.put_account(&given.fresh_account(), Standing { enabled: true, validated: true }).await;
    let seeded = listed(store, &given).await.pop().unwrap();
    assert_eq!((seeded.state.version, seeded.state.mode, seeded.state.enabled), (0, None, true));
    let disabled = next(&seeded, false);
    assert_eq!(Trading(store).change_account(&seeded, &disabled, Groups::Any.into(), &audit(&given)).await, Ok(true));
    assert_eq!(Trading(store).change_account(&seeded, &disabled, Groups::Any.into(), &audit(&given)).await, Ok(false));
    assert_eq!(listed(store, &given).await, [disabled]);
}

pub async fn nothing_that_was_said_of_a_key_is_said_of_the_next_one<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let kept = new(&given, "main");
    assert_eq!(Trading(store).open_account(&kept, None, &audit(&given)).await, Ok(true));
    let insisted = Credential { insisted: true, ..credential(&given, "first") };
    let mut before = kept;
    for key in [Some(insisted), Some(credential(&given, "second")), None] {
        let with = KeptAccount { key, ..next(&before, false) };
        assert_eq!(Trading(store).change_account(&before, &with, Groups::Any.into(), &audit(&given)).await, Ok(true));
        assert_eq!(Vault(store).load_credential(&with.account.id).await, Ok(with.key.clone()));
        assert_eq!(listed(store, &given).await, std::slice::from_ref(&with));
        before = with;
    }
}
