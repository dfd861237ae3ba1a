//! A user's accounts: opened, named, let in and closed.

mod addresses;
mod bots;
mod found;
mod keys;
mod limits;
mod persons;

use crate::given::{account as account_at, ann, played};
use crate::races::{always, before, disturbed};
use app::accounts::*;
use app::actor::Act;
use app::ports::{Audit, KeptAccount, KeptToken, KeptWallet, Standing, StoreError, TokenChange};
use domain::account::{Account, AccountLimits};
use domain::chain::{ChainFault, Unproven};
use domain::clock::Timestamp;
use domain::ids::{AccountId, AttemptId, Sha, TokenId, UserId};
use domain::limits as bounds;
use domain::market::{Asset, Exchange};
use domain::notice::Topic;
use domain::reason::Reason;
use domain::token::{Grant, WebhookToken};
use domain::vault::{AccountState, KeyFault, Mode};
use std::collections::BTreeMap;
use store::trading::Trading;
use store::vault::Vault;
use testkit::world::World;
use wire::wallet::Definition;

const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);

/// A deployment in which nobody has an account yet. Beside what is built in it knows an exchange that is not active, a chain that
/// an admin has made active, one of which nobody has said which it is, and an exchange that asks for signatures and not for keys.
fn fresh() -> World {
    without(&[])
}

/// The same where these definitions were taken away.
fn without(gone: &'static [&'static str]) -> World {
    let built_in = Definition::built_in().unwrap();
    let coinbase = Definition { is_active: false, ..built_in[2].clone() };
    let ethereum = Definition { is_active: true, ..built_in[4].clone() };
    let mut bitcoin = Definition { provider: "bitcoin".to_owned(), ..ethereum.clone() };
    bitcoin.provider_config.chain = None;
    let mut swap = Definition { kind: "DEX".to_owned(), provider: "swap".to_owned(), ..built_in[1].clone() };
    swap.provider_config.auth_type = "web3".to_owned();
    let world = World::calm_at(NOW);
    played(&world, |world| async move {
        for definition in [coinbase, ethereum, bitcoin, swap] {
            let provider = definition.provider().unwrap();
            let deleted = gone.contains(&provider.as_str());
            let wallet = KeptWallet { provider, definition, version: 1, created_at: None, updated_at: None, deleted };
            let record = seeded(&UserId::of(&["admin"]), wallet.id().as_str());
            assert!(Vault(&world).keep_wallet(&wallet, None, &record).await.unwrap());
        }
    });
    world
}

/// On record as the act of whoever has seeded it.
fn seeded(user: &UserId, what: &str) -> Audit {
    let (action, resource, attempt) = ("seed".to_owned(), what.to_owned(), AttemptId::new(format!("seed-{what}")));
    let (reason, before, after, address) = ("a test".to_owned(), None, None, None);
    Audit { user: user.clone(), action, resource, reason, before, after, at: NOW, attempt, address, actor: None }
}

fn act() -> Act<'static> {
    crate::given::act(NOW)
}

fn bob() -> Act<'static> {
    Act { user: Box::leak(Box::new(UserId::of(&["bob"]))), ..act() }
}

fn new(exchange: &str, label: &str, mode: Mode) -> NewAccount {
    let start = start(mode, "5000".parse().ok()).unwrap();
    let limits = usual_limits().unwrap();
    NewAccount { exchange: exchange.parse().unwrap(), label: label.to_owned(), mode, limits, start }
}

fn connected(world: &World, new: NewAccount) -> Result<KeptAccount, AccountError> {
    played(world, |world| async move { connect(&world, new, act()).await })
}

fn paper(world: &World, label: &str) -> KeptAccount {
    connected(world, new("PAPER", label, Mode::Paper)).unwrap()
}

fn live(world: &World, label: &str) -> KeptAccount {
    connected(world, new("BINANCE", label, Mode::Live)).unwrap()
}

/// One that stands there whatever may be connected today.
fn there(world: &World, exchange: &str, label: &str, state: AccountState) -> KeptAccount {
    let kept = KeptAccount { account: account_at(exchange, label, NOW), state, key: None };
    put(world, &kept);
    kept
}

/// From here on the account stands as this.
fn put(world: &World, kept: &KeptAccount) {
    world.put_account(&kept.account, Standing { enabled: false, validated: false });
    world.put_state(&kept.account.id, &kept.state);
    kept.key.iter().for_each(|key| world.put_credential(&kept.account.id, key));
}

/// All of Ann's.
fn all(world: &World) -> Vec<KeptAccount> {
    played(world, |world| async move { list(&world, act()).await.unwrap() })
}

fn found_by(world: &World, id: &AccountId, act: Act<'static>) -> Result<KeptAccount, AccountError> {
    let id = id.clone();
    played(world, |world| async move { find(&world, &id, act).await })
}

/// Changes an account behind its owner's back, as others who write its rows do.
fn edit(world: &World, id: &AccountId, change: impl FnOnce(&mut KeptAccount)) {
    let mut kept = found_by(world, id, act()).unwrap();
    change(&mut kept);
    put(world, &kept);
}

fn changed_by(
    world: &World,
    id: &AccountId,
    changed: Changed,
    seen: Option<u64>,
    act: Act<'static>,
) -> Result<KeptAccount, AccountError> {
    let id = id.clone();
    played(world, |world| async move { change(&world, &id, &changed, seen, act).await })
}

fn enable(world: &World, id: &AccountId) -> Result<KeptAccount, AccountError> {
    changed_by(world, id, Changed { enabled: Some(true), label: None }, None, act())
}

fn renamed(world: &World, id: &AccountId, label: &str, seen: Option<u64>) -> Result<KeptAccount, AccountError> {
    changed_by(world, id, Changed { label: Some(label.to_owned()), enabled: None }, seen, act())
}

fn switched_by(
    world: &World,
    id: &AccountId,
    mode: Mode,
    seen: Option<u64>,
    act: Act<'static>,
) -> Result<KeptAccount, AccountError> {
    let id = id.clone();
    played(world, |world| async move { set_mode(&world, &id, mode, seen, act).await })
}

fn switched(world: &World, id: &AccountId, mode: Mode) -> Result<KeptAccount, AccountError> {
    switched_by(world, id, mode, None, act())
}

fn removed_by(world: &World, id: &AccountId, seen: Option<u64>, act: Act<'static>) -> Result<(), AccountError> {
    let id = id.clone();
    played(world, |world| async move { remove(&world, &id, seen, act).await })
}

/// What Ann has done, in turn.
fn records(world: &World) -> Vec<String> {
    let table = world.table();
    table.audits().filter(|audit| audit.user == *ann()).map(|audit| audit.action).collect()
}

/// What Ann was told of.
fn notices(world: &World) -> Vec<Topic> {
    world.table().notices().into_iter().map(|notice| notice.topic).collect()
}

fn with_balance(world: &World, id: &AccountId) {
    edit(world, id, |kept| {
        kept.account.balances = BTreeMap::from([("USDT".parse().unwrap(), "900".parse().unwrap())]);
    });
}

/// Nor is one written that was asked for before.
fn knows_no_balance(account: &Account) {
    let nothing = (BTreeMap::new(), Timestamp::default(), Timestamp::default(), NOW);
    let Account { balances, balance_at, balance_told_at, filled_at, .. } = account.clone();
    assert_eq!((balances, balance_at, balance_told_at, filled_at), nothing);
    assert_eq!(account.balance_for_shares(NOW).unwrap_err().reason, Reason::BalanceOld);
}

#[test]
fn a_paper_account_has_a_book_and_enters_once_it_is_validated_and_enabled() {
    let world = fresh();
    let kept = paper(&world, "default");
    assert_eq!((kept.state.enabled, kept.state.validated, kept.state.version), (false, false, 1));
    let id = kept.account.id.clone();
    let book = played(&world, |world| async move { Trading(&world).load_book(&id).await.unwrap().unwrap() });
    assert_eq!(book.balances.values().map(|held| held.free).collect::<Vec<_>>(), ["5000".parse().unwrap()]);
    let id = &kept.account.id;
    assert_eq!(enable(&world, id), Err(AccountError::NotValidated));
    // As key-check does.
    edit(&world, id, |kept| kept.state.validated = true);
    let enabled = enable(&world, id).unwrap();
    assert!(enabled.state.may_enter());
    assert_eq!(enabled.state.version, 2);
    assert_eq!(all(&world), [enabled]);
    assert_eq!(records(&world), ["connect account", "change account"]);
}

#[test]
fn a_second_click_makes_no_second_account() {
    let world = fresh();
    paper(&world, "default");
    assert_eq!(connected(&world, new("PAPER", "default", Mode::Paper)), Err(AccountError::Duplicate));
    assert!(connected(&world, new("BINANCE", "default", Mode::Testnet)).is_ok(), "another exchange's");
    for number in 2..bounds::ACCOUNTS_PER_USER_MAX {
        paper(&world, &number.to_string());
    }
    assert_eq!(connected(&world, new("PAPER", "more", Mode::Paper)), Err(AccountError::TooMany));
    assert_eq!(all(&world).len(), bounds::ACCOUNTS_PER_USER_MAX);
}

/// Whichever comes first, the other finds it there.
#[test]
fn of_two_clicks_at_once_one_makes_an_account() {
    for call in 0.. {
        let world = fresh();
        let other = |world: World| async move {
            let made = connect(&world, new("PAPER", "default", Mode::Paper), act()).await;
            assert!(made.is_ok() || made == Err(AccountError::Duplicate));
        };
        let click = |world: World| async move { connect(&world, new("PAPER", "default", Mode::Paper), act()).await };
        let (made, deeds) = disturbed(&world, before(call), other, click);
        assert!(made.is_ok() || made == Err(AccountError::Duplicate), "{made:?} before call {call}");
        assert_eq!(all(&world).len(), 1, "before call {call}");
        if deeds == 0 {
            break;
        }
    }
}

#[test]
fn a_mode_is_of_its_venue() {
    let world = fresh();
    for (exchange, mode) in [("PAPER", Mode::Live), ("PAPER", Mode::Testnet), ("KRAKEN", Mode::Paper)] {
        let refused = connected(&world, new(exchange, "default", mode));
        assert!(matches!(refused, Err(AccountError::Mode { .. })), "{exchange} {mode}");
    }
    assert_eq!(all(&world), []);
}

#[test]
fn another_mode_takes_both_flags_and_waits_for_open_groups() {
    let world = fresh();
    let id = &live(&world, "default").account.id;
    edit(&world, id, |kept| (kept.state.enabled, kept.state.validated, kept.account.open_groups) = (true, true, 2));
    assert_eq!(switched(&world, id, Mode::Testnet), Err(AccountError::GroupsOpen(2)));
    assert_eq!(removed_by(&world, id, None, act()), Err(AccountError::GroupsOpen(2)));
    edit(&world, id, |kept| kept.account.open_groups = 0);
    let same = switched(&world, id, Mode::Live).unwrap();
    assert_eq!((same.state.enabled, same.state.version), (true, 1), "it is on that side already");
    let switched_on = switched_by(&world, id, Mode::Testnet, Some(1), act()).unwrap();
    assert_eq!(all(&world), std::slice::from_ref(&switched_on));
    let AccountState { enabled, validated, mode, version, .. } = switched_on.state;
    assert_eq!((enabled, validated, mode, version), (false, false, Some(Mode::Testnet), 2));
    assert_eq!(switched(&world, id, Mode::Paper).unwrap_err().to_string(), "must be testnet or live at BINANCE");
}

/// It is seen by whoever has looked before it was opened.
#[test]
fn a_group_that_opens_in_the_moment_of_a_switch_keeps_the_account_as_it_is() {
    let mut stayed = 0;
    for call in 0.. {
        let world = fresh();
        let kept = live(&world, "default");
        let opens = |world: World| async move {
            // No entry starts behind the switch: the account may not enter.
            let (id, state) = {
                let table = world.table();
                let id = table.accounts().next().unwrap().id.clone();
                (id.clone(), table.account_state(&id).unwrap())
            };
            if state.version == 1 {
                let account = Account { open_groups: 1, ..world.table().account(&id).unwrap().clone() };
                world.put_account(&account, Standing { enabled: false, validated: false });
                world.put_state(&id, &state);
            }
        };
        let id = kept.account.id.clone();
        let switch = |world: World| async move { set_mode(&world, &id, Mode::Testnet, None, act()).await };
        let (told, deeds) = disturbed(&world, before(call), opens, switch);
        let stands = all(&world).remove(0);
        match told {
            Ok(switched) => assert_eq!(stands, switched, "before call {call}"),
            Err(refused) => {
                assert_eq!((refused, stands.state), (AccountError::GroupsOpen(1), kept.state), "before call {call}");
                stayed += 1;
            }
        }
        if deeds == 0 {
            break;
        }
    }
    assert!(stayed > 1, "before it has looked, and before it is committed");
}

#[test]
fn account_that_switches_modes_knows_no_balance() {
    let world = fresh();
    let id = &live(&world, "default").account.id;
    with_balance(&world, id);
    let same = switched(&world, id, Mode::Live).unwrap();
    assert_eq!((same.account.balances.len(), same.account.balance_at), (1, NOW));
    knows_no_balance(&switched(&world, id, Mode::Testnet).unwrap().account);
    knows_no_balance(&all(&world)[0].account);
}

#[test]
fn an_account_of_an_exchange_is_the_named_one_else_default_else_the_only_one() {
    let world = fresh();
    let found = |label: Option<&'static str>| {
        let exchange: Exchange = "PAPER".parse().unwrap();
        let found = played(&world, |world| async move { at(&world, &exchange, label, act()).await });
        found.map(|kept| kept.account.label)
    };
    assert_eq!(found(None), Err(AccountError::Unknown));
    paper(&world, "one");
    assert_eq!((found(None), found(Some("two"))), (Ok("one".to_owned()), Err(AccountError::Unknown)));
    paper(&world, "two");
    assert_eq!((found(None), found(Some("two"))), (Err(AccountError::Ambiguous), Ok("two".to_owned())));
    paper(&world, "default");
    assert_eq!(found(None), Ok("default".to_owned()));
}

/// Another change of Ann's account called `one`, of which nothing but its version is left.
async fn is_changed(world: World) {
    let id = world.table().accounts().find(|account| account.label != "two").unwrap().id.clone();
    let state = world.table().account_state(&id).unwrap();
    world.put_state(&id, &AccountState { version: state.version + 1, ..state });
}

#[test]
fn a_change_is_meant_for_a_version_and_made_anew_after_a_lost_race() {
    let two = || {
        let world = fresh();
        let id = paper(&world, "one").account.id;
        paper(&world, "two");
        (world, id)
    };
    let (world, id) = two();
    assert_eq!(renamed(&world, &id, "other", Some(7)), Err(AccountError::VersionConflict(1)));
    assert_eq!(renamed(&world, &id, "two", None), Err(AccountError::Duplicate));
    assert_eq!(renamed(&world, &id, "other", None).unwrap().account.label, "other");
    assert_eq!(renamed(&world, &id, "other", None).unwrap().state.version, 2, "nothing was to be changed");
    let rename = |id: AccountId| {
        let changed = Changed { label: Some("other".to_owned()), enabled: None };
        |world: World| async move { change(&world, &id, &changed, None, act()).await }
    };
    for call in 0.. {
        let (world, id) = two();
        let (renamed, deeds) = disturbed(&world, before(call), is_changed, rename(id.clone()));
        assert_eq!(renamed.unwrap().account.label, "other", "before call {call}");
        let stands = found_by(&world, &id, act()).unwrap();
        assert_eq!(
            (&*stands.account.label, stands.state.version),
            ("other", 2 + u64::from(deeds)),
            "before call {call}"
        );
        if deeds == 0 {
            break;
        }
    }
    let (world, id) = two();
    assert_eq!(disturbed(&world, always, is_changed, rename(id)).0, Err(AccountError::Contended));
}

/// By its revocation, and its end.
fn bound(account: Option<&str>, revoked_at: Option<Timestamp>, expires_at: Option<Timestamp>) -> KeptToken {
    let token = WebhookToken {
        id: TokenId::of(&["chart"]),
        user: ann().clone(),
        hash: Sha::of_bytes(b"secret"),
        account: account.map(str::to_owned),
        exchange: None,
        expires_at,
        grant: Grant::default(),
    };
    let (label, version) = (Some("chart".to_owned()), 1);
    KeptToken { token, label, hint: None, created_at: None, version, replaced: false, revoked_at }
}

/// A deployment in which Ann has an account on paper, and this token.
fn main_beside(token: KeptToken) -> (World, AccountId) {
    let world = fresh();
    let id = paper(&world, "main").account.id;
    played(&world, |world| async move {
        let change = TokenChange { made: Some(token), ..TokenChange::default() };
        assert!(Trading(&world).change_tokens(&change, &seeded(ann(), "token")).await.unwrap());
    });
    (world, id)
}

#[test]
fn no_account_comes_under_a_label_that_a_webhook_token_is_bound_to() {
    let refused = AccountError::LabelOfToken("chart".to_owned());
    let (world, id) = main_beside(bound(Some("practice"), None, None));
    assert_eq!(renamed(&world, &id, "practice", None), Err(refused.clone()));
    assert_eq!(connected(&world, new("PAPER", "practice", Mode::Paper)), Err(refused.clone()));
    let on = renamed(&world, &id, "main", None);
    assert!(on.is_ok(), "its own label is no other: {on:?}");
    let at = |exchange: &str| {
        let kept = bound(Some("practice"), None, None);
        KeptToken { token: WebhookToken { exchange: exchange.parse().ok(), ..kept.token }, ..kept }
    };
    for one_house in ["PAPER", "PAPERUSDM"] {
        let (world, id) = main_beside(at(one_house));
        assert_eq!(renamed(&world, &id, "practice", None), Err(refused.clone()), "{one_house}");
    }
    for harmless in [
        at("BINANCE"),
        bound(None, None, None),
        bound(Some("other"), None, None),
        bound(Some("practice"), Some(NOW), None),
        bound(Some("practice"), None, Some(NOW)),
    ] {
        let (world, id) = main_beside(harmless);
        assert_eq!(renamed(&world, &id, "practice", None).unwrap().account.label, "practice");
    }
}

#[test]
fn a_removed_account_and_anothers_are_not_there() {
    let world = fresh();
    let id = paper(&world, "one").account.id;
    assert_eq!(found_by(&world, &id, bob()), Err(AccountError::Unknown));
    assert_eq!(removed_by(&world, &id, None, bob()), Err(AccountError::Unknown));
    assert_eq!(removed_by(&world, &id, Some(1), act()), Ok(()));
    assert_eq!(found_by(&world, &id, act()), Err(AccountError::Unknown));
}

#[test]
fn an_account_is_connected_where_a_wallet_is_known_and_active() {
    let world = fresh();
    let connect = |exchange: &str| connected(&world, new(exchange, "default", Mode::Live));
    assert!(matches!(connect("NOWHERE"), Err(AccountError::NoWallet(_))));
    assert!(matches!(connect("COINBASE"), Err(AccountError::Inactive(_))));
    assert!(matches!(connect("ETHEREUM"), Err(AccountError::AddressMissing(_))));
    assert!(matches!(connect("BITCOIN"), Err(AccountError::WalletNotSupported(_))), "it does not say which chain");
    assert!(connect("KRAKEN").is_ok());
    assert_eq!(records(&world), ["connect account"]);
}
