//! Keys, with a vault and a key-check by hand.

use super::*;
use app::ports::{AskKeyCheck, Binding, SealSecret, Sealed, Secret, VaultError, VenueKey};
use domain::chain::HeldAddress;
use domain::ids::HolderId;
use std::sync::{Arc, Mutex};
use wire::key_check::{Asked, KeyCheck, KeyChecked, Probed, Refused, Told, Validated};
use wire::text::Text;

/// Seals nothing really.
struct Seals;

impl SealSecret for Seals {
    async fn seal(&self, binding: &Binding, _: &Secret, now: Timestamp) -> Result<Sealed, VaultError> {
        let (wrapped_key, kms_key) = (binding.credential.as_str().as_bytes().to_vec(), "key".to_owned());
        Ok(Sealed { form: 1, wrapped_key, nonce: Vec::new(), cipher_text: Vec::new(), kms_key, sealed_at: now })
    }
}

/// Says one thing to every question, or another of the key that stands, and keeps what it was asked.
#[derive(Clone)]
pub(super) struct Says {
    answer: KeyChecked,
    standing: Option<KeyChecked>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl AskKeyCheck for Says {
    async fn ask_key_check(&self, question: &KeyCheck, _: Timestamp) -> Result<KeyChecked, StoreError> {
        self.asked.lock().unwrap().push(question.asked.clone());
        if let (Asked::Validate { .. }, Some(standing)) = (&question.asked, &self.standing) {
            return Ok(standing.clone());
        }
        Ok(self.answer.clone())
    }

    async fn ask_key_check_later(&self, question: &KeyCheck, _: Timestamp) -> Result<(), StoreError> {
        self.asked.lock().unwrap().push(question.asked.clone());
        Err(StoreError::Unavailable("Lambda is away".to_owned()))
    }
}

impl Says {
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    fn forget(&self) {
        self.asked.lock().unwrap().clear();
    }

    fn of_what_stands(self, standing: KeyChecked) -> Self {
        Self { standing: Some(standing), ..self }
    }
}

fn says(answer: KeyChecked) -> Says {
    Says { answer, standing: None, asked: Arc::default() }
}

pub(super) fn good() -> Says {
    good_of("1")
}

/// A good key of this account at the exchange; of nobody's where that is not told.
fn good_of(uid: &str) -> Says {
    let holder = (!uid.is_empty()).then(|| Text(HolderId::of(&[uid])));
    says(KeyChecked::Probed(Probed { told: Told { holder, ..Told::default() }, ..Probed::default() }))
}

fn bad(fault: KeyFault) -> Says {
    says(KeyChecked::Probed(Probed { fault: Some(Text(fault)), ..Probed::default() }))
}

pub(super) fn refused(code: &str) -> Says {
    says(not_said(code))
}

fn not_said(code: &str) -> KeyChecked {
    KeyChecked::Refused(Refused { code: code.to_owned(), detail: "why".to_owned() })
}

fn key() -> NewKey {
    let secret = |text: &str| Secret::new(text.to_owned());
    let key = VenueKey { api_key: secret("abcd56789012wxyz"), api_secret: secret("planted"), passphrase: None };
    NewKey { key, insisted: false, same_account: false }
}

fn keys<'a>(deps: &'a World, checks: &'a Says) -> Keys<'a, World, Seals, Says> {
    Keys { deps, vault: &Seals, checks, trace: "t" }
}

fn save_key(
    world: &World,
    says: &Says,
    new: NewAccount,
    key: NewKey,
    by: Act<'static>,
) -> Result<KeySaved, AccountError> {
    let says = says.clone();
    played(world, |world| async move { keys(&world, &says).save(new, &key, by).await })
}

fn connect_key(world: &World, says: &Says, new: NewAccount, key: NewKey) -> Result<KeySaved, AccountError> {
    let says = says.clone();
    played(world, |world| async move { keys(&world, &says).connect(new, &key, act()).await })
}

pub(super) fn validated_by(
    world: &World,
    says: &Says,
    id: &AccountId,
    by: Act<'static>,
) -> Result<KeptAccount, AccountError> {
    let (says, id) = (says.clone(), id.clone());
    played(world, |world| async move { keys(&world, &says).validate(&id, by).await })
}

pub(super) fn synced(world: &World, says: &Says, id: &AccountId) -> Result<KeptAccount, AccountError> {
    let (says, id) = (says.clone(), id.clone());
    played(world, |world| async move { keys(&world, &says).sync(&id, act()).await })
}

fn save(world: &World, says: &Says, new: NewAccount) -> Result<KeySaved, AccountError> {
    save_key(world, says, new, key(), act())
}

pub(super) fn save_by(world: &World, says: &Says, exchange: &str, by: Act<'static>) -> Result<KeySaved, AccountError> {
    let mode = if exchange == "PAPER" { Mode::Paper } else { Mode::Live };
    save_key(world, says, new(exchange, "default", mode), key(), by)
}

/// An account with a key, as its owner has made it.
pub(super) fn saved(world: &World, exchange: &str) -> KeptAccount {
    save_by(world, &good(), exchange, act()).unwrap().kept
}

fn on_paper() -> NewAccount {
    new("PAPER", "default", Mode::Paper)
}

fn is_open(world: &World, kept: &KeptAccount, groups: u32) {
    edit(world, &kept.account.id, |kept| kept.account.open_groups = groups);
}

#[test]
fn a_key_is_looked_at_before_it_is_kept_and_its_account_made_for_it() {
    let (world, says) = (fresh(), good());
    let saved = save(&world, &says, on_paper()).unwrap();
    let kept = saved.kept.key.unwrap();
    assert_eq!((saved.opened, &*kept.masked, kept.insisted), (true, "abcd…wxyz", false));
    assert!(matches!(&says.asked()[..], [Asked::Probe(asked)] if asked.credential.0 == kept.id));
    assert_eq!(records(&world), ["connect account", "save key"]);
    assert_eq!(all(&world)[0].key, Some(kept));
    assert!(!format!("{:?}", world.table()).contains("planted"));
}

#[test]
fn a_key_that_is_not_whole_is_told_so_before_anything_is_asked() {
    let check = |exchange: &str, passphrase: Option<&str>, refusal: Option<fn(Exchange) -> AccountError>| {
        let (world, says, at) = (fresh(), good(), exchange.parse::<Exchange>().unwrap());
        let mut key = key();
        key.key.passphrase = passphrase.map(|text| Secret::new(text.to_owned()));
        let other = new(exchange, "other", Mode::Live);
        let by_label = save_key(&world, &says, new(exchange, "default", Mode::Live), key.clone(), act());
        for told in [by_label, connect_key(&world, &says, other, key)] {
            let Some(refusal) = refusal else {
                assert!(told.unwrap().kept.key.is_some());
                continue;
            };
            assert_eq!(told, Err(refusal(at.clone())), "{exchange}");
            assert!(says.asked().is_empty() && all(&world).is_empty(), "{exchange}");
        }
    };
    for exchange in ["OKX", "OKXUSDM", "KUCOIN", "BITGET"] {
        check(exchange, None, Some(AccountError::PassphraseMissing));
        check(exchange, Some("planted"), None);
    }
    for exchange in ["BINANCE", "BYBIT", "KRAKEN"] {
        check(exchange, Some("planted"), Some(AccountError::NoPassphrase));
        check(exchange, None, None);
    }
}

#[test]
fn a_key_that_is_refused_leaves_nothing() {
    for (says, refusal) in [
        (bad(KeyFault::CanWithdraw), AccountError::Key(KeyFault::CanWithdraw)),
        (bad(KeyFault::Unknown), AccountError::Key(KeyFault::Unknown)),
        (refused("venue_unavailable"), AccountError::VenueAway("why".to_owned())),
        (refused("unavailable"), StoreError::Unavailable("why".to_owned()).into()),
    ] {
        let world = fresh();
        assert_eq!(save(&world, &says, on_paper()), Err(refusal.clone()));
        assert!(all(&world).is_empty(), "the account was made for it");
        let id = paper(&world, "default").account.id;
        assert_eq!(save(&world, &says, on_paper()), Err(refusal));
        assert_eq!(found_by(&world, &id, act()).unwrap().key, None, "and one that was there stays");
    }
}

#[test]
fn a_key_of_an_account_that_is_connected_is_refused_with_the_label_of_ones_own() {
    for (label, told) in [(Some("main"), true), (None, false)] {
        let fault = Some(Text(KeyFault::ConnectedTwice));
        let probed = Probed { fault, connected_as: label.map(str::to_owned), ..Probed::default() };
        let refused = save(&fresh(), &says(KeyChecked::Probed(probed)), on_paper()).unwrap_err();
        assert_eq!(refused, AccountError::ConnectedTwice(label.map(str::to_owned)));
        assert_eq!(refused.to_string().contains("\"main\""), told, "{refused}");
    }
}

#[test]
fn another_key_keeps_the_account_which_is_to_be_validated_anew() {
    let world = fresh();
    let first = save(&world, &good(), on_paper()).unwrap();
    assert!(first.advice.is_empty() && notices(&world) == [Topic::AccessMade], "its owner is told");
    let before = first.kept;
    edit(&world, &before.account.id, |kept| (kept.state.validated, kept.state.enabled) = (true, true));
    let saved = save(&world, &good(), on_paper()).unwrap();
    assert_eq!((saved.opened, &saved.kept.account.id), (false, &before.account.id));
    assert_eq!((saved.kept.state.enabled, saved.kept.state.validated), (false, false), "its owner enables it again");
    assert!(saved.advice[0].contains("enable the account again"), "{:?}", saved.advice);
    assert_eq!(saved.kept.state.version, before.state.version + 1);
    assert_eq!((notices(&world).len(), all(&world)), (2, vec![saved.kept]));
}

#[test]
fn another_key_is_another_wallet_but_where_it_is_of_the_same_account_or_on_paper() {
    for (exchange, open_groups, is_cleared) in [("BINANCE", 0, true), ("BINANCE", 2, false), ("PAPER", 0, false)] {
        let world = fresh();
        let before = saved(&world, exchange);
        with_balance(&world, &before.account.id);
        is_open(&world, &before, open_groups);
        let says = good().of_what_stands(validated(Some(KeyFault::Expired)));
        let kept = save_by(&world, &says, exchange, act()).unwrap().kept;
        match is_cleared {
            true => knows_no_balance(&kept.account),
            false => assert_eq!(kept.account.balances.len(), 1, "{exchange} with {open_groups} groups"),
        }
        let stands = all(&world).remove(0);
        let forgotten = |kept: &KeptAccount| (kept.account.balances.clone(), kept.account.balance_at);
        assert_eq!((forgotten(&stands), stands.key), (forgotten(&kept), kept.key));
    }
}

fn validated(fault: Option<KeyFault>) -> KeyChecked {
    let probed = Some(Probed { fault: fault.map(Text), ..Probed::default() });
    KeyChecked::Validated(Validated { enabled: true, validated: true, failures: 0, version: 1, probed })
}

#[test]
fn a_key_that_works_stays_while_a_group_is_open_and_one_that_does_not_is_replaced() {
    let [shut, away] = ["key_does_not_open", "venue_unavailable"].map(not_said);
    for (standing, is_replaced) in
        [(validated(None), false), (away, false), (validated(Some(KeyFault::Expired)), true), (shut, true)]
    {
        let world = fresh();
        let before = save(&world, &good(), on_paper()).unwrap().kept;
        is_open(&world, &before, 2);
        let says = good().of_what_stands(standing.clone());
        let saved = save(&world, &says, on_paper());
        let probes = says.asked().iter().filter(|asked| matches!(asked, Asked::Probe(_))).count();
        if is_replaced {
            assert!(!saved.unwrap().kept.state.enabled, "{standing:?}");
            continue;
        }
        assert_eq!(saved, Err(AccountError::GroupsOpen(2)), "{standing:?}");
        assert_eq!((probes, notices(&world).len()), (0, 1), "nothing was sealed, nobody is told");
        assert_eq!(found_by(&world, &before.account.id, act()).unwrap().key, before.key);
    }
}

#[test]
fn a_key_is_followed_by_one_of_the_same_account_alone_while_a_group_is_open() {
    let other = AccountError::OtherAccount("PAPER".parse().unwrap());
    let untold = AccountError::AccountUntold("PAPER".parse().unwrap());
    for (known, told, said, expected) in [
        ("1", "1", false, None),
        ("1", "2", false, Some(&other)),
        ("1", "2", true, Some(&other)),
        ("1", "", false, Some(&untold)),
        ("", "1", false, Some(&untold)),
        ("", "", false, Some(&untold)),
        ("1", "", true, None),
        ("", "1", true, None),
    ] {
        // Whatever is wrong with the key before: it may trade again, or does.
        for fault in KeyFault::ALL {
            let world = fresh();
            let before = save(&world, &good_of(known), on_paper()).unwrap().kept;
            is_open(&world, &before, 1);
            let says = good_of(told).of_what_stands(validated(Some(fault)));
            let new = NewKey { same_account: said, ..key() };
            let saved = save_key(&world, &says, on_paper(), new, act()).map(|saved| saved.kept);
            let case = format!("{known} {told} {said} {fault:?}");
            assert_eq!(saved.as_ref().err(), expected, "{case}");
            let kept = found_by(&world, &before.account.id, act()).unwrap();
            assert_eq!(kept.key == before.key, expected.is_some(), "{case}");
            let holder = [told, known].into_iter().find(|uid| !uid.is_empty()).map(|uid| HolderId::of(&[uid]));
            assert_eq!(kept.state.holder, if expected.is_some() { before.state.holder } else { holder }, "{case}");
            assert_eq!(records(&world).iter().any(|action| action.contains("said to be")), said && expected.is_none());
        }
    }
}

#[test]
fn a_key_of_any_account_is_taken_where_no_group_is_open() {
    let world = fresh();
    save(&world, &good_of("1"), on_paper()).unwrap();
    let holder = |uid: &str| save(&world, &good_of(uid), on_paper()).unwrap().kept.state.holder;
    assert_eq!((holder("2"), holder("")), (Some(HolderId::of(&["2"])), None), "nothing is known of the one before");
}

#[test]
fn an_account_without_a_key_gets_none_while_a_group_is_open() {
    let world = fresh();
    let kept = paper(&world, "default");
    is_open(&world, &kept, 1);
    assert_eq!(save(&world, &good(), on_paper()), Err(AccountError::GroupsOpen(1)));
}

fn connected_live() -> AccountState {
    AccountState { mode: Some(Mode::Live), version: 1, ..AccountState::default() }
}

#[test]
fn where_a_definition_was_taken_away_an_exchange_that_is_built_in_alone_takes_keys() {
    for (exchange, gone, refused) in [
        ("COINBASE", &["coinbase"], None),
        ("ETHEREUM", &["ethereum"], Some("ETHEREUM")),
        ("BITCOIN", &["bitcoin"], Some("BITCOIN")),
        ("NOWHERE", &["nowhere"], Some("NOWHERE")),
    ] {
        let world = without(gone);
        there(&world, exchange, "default", connected_live());
        let away = self::refused("venue_not_tradable");
        let saved = save(&world, &away, new(exchange, "default", Mode::Live)).map(|saved| saved.kept.key.is_some());
        let refusal = |exchange: &str| Err(AccountError::NoWallet(exchange.parse().unwrap()));
        assert_eq!(saved, refused.map_or(Ok(true), refusal), "{exchange}");
        assert_eq!(
            (away.asked().is_empty(), all(&world)[0].key.is_none()),
            (refused.is_some(), refused.is_some()),
            "{exchange}"
        );
    }
}

#[test]
fn an_account_for_an_address_takes_no_key_whatever_its_chain_is_called_by_now() {
    let (world, says) = (fresh(), good());
    let address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap();
    let held = HeldAddress { address, proven_at: Some(NOW), challenge: None, fault: None };
    let state = AccountState { address: Some(held), version: 1, ..AccountState::default() };
    let there = there(&world, "KRAKEN", "default", state);
    let told = save(&world, &says, new("KRAKEN", "default", Mode::Live));
    assert_eq!(told, Err(AccountError::KeyNotTaken("KRAKEN".parse().unwrap())));
    assert_eq!((all(&world), says.asked().len()), (vec![there], 0), "nothing was sealed");
}

#[test]
fn a_key_of_an_exchange_without_an_adapter_is_kept_unasked() {
    let world = fresh();
    let saved = save(&world, &refused("venue_not_tradable"), new("BINANCE", "default", Mode::Live)).unwrap();
    assert!(saved.kept.key.is_some() && saved.advice[0].contains("no adapter"));
    assert!(!saved.kept.state.may_enter());
}

#[test]
fn a_private_key_is_not_sealed_where_no_api_key_is_taken() {
    for exchange in ["ETHEREUM", "BINANCE_SMART_CHAIN", "SWAP"] {
        let (world, away) = (fresh(), refused("venue_not_tradable"));
        let live = || new(exchange, "default", Mode::Live);
        let not_taken = Err(AccountError::KeyNotTaken(exchange.parse().unwrap()));
        assert_eq!(connect_key(&world, &away, live(), key()), not_taken, "{exchange}");
        assert_eq!(save(&world, &away, live()), not_taken, "{exchange}");
        // One that an earlier release has connected.
        let there = there(&world, exchange, "default", connected_live());
        assert_eq!(save(&world, &away, live()), not_taken, "{exchange}");
        assert_eq!((all(&world), records(&world).len()), (vec![there], 0), "{exchange}");
        assert!(away.asked().is_empty(), "nothing was sealed that could be asked about");
    }
}

#[test]
fn another_mode_has_other_keys_and_waits_for_open_groups() {
    let world = fresh();
    let away = refused("venue_not_tradable");
    let live = || new("BINANCE", "default", Mode::Live);
    let id = &save(&world, &away, live()).unwrap().kept.account.id;
    let switched = switched(&world, id, Mode::Testnet).unwrap();
    assert_eq!((&switched.key, switched.state.mode), (&None, Some(Mode::Testnet)));
    assert_eq!(world.table().credential(id), None, "nothing is left of the key before");
    edit(&world, id, |kept| (kept.account.open_groups, kept.state.enabled) = (1, true));
    assert_eq!(save(&world, &away, live()), Err(AccountError::GroupsOpen(1)));
    edit(&world, id, |kept| kept.account.open_groups = 0);
    away.forget();
    let state = save(&world, &away, live()).unwrap().kept.state;
    assert_eq!((state.mode, state.enabled), (Some(Mode::Live), false));
    let asked = away.asked();
    let modes = asked.iter().map(|asked| match asked {
        Asked::Probe(candidate) => candidate.mode.map(|Text(mode)| mode),
        _ => None,
    });
    assert_eq!(modes.collect::<Vec<_>>(), [Some(Mode::Live)], "the key is probed where it is for");
}

#[test]
fn a_check_that_says_nothing_has_its_word() {
    let world = fresh();
    let id = paper(&world, "default").account.id;
    for (code, error) in [
        ("not_found", AccountError::Unknown),
        ("venue_not_tradable", AccountError::NotTradable("PAPER".parse().unwrap())),
        ("key_missing", AccountError::NoKey),
        ("key_does_not_open", AccountError::Shut),
        ("version_conflict", AccountError::Contended),
        ("key_unknown", AccountError::Key(KeyFault::Unknown)),
    ] {
        let says = refused(code);
        assert_eq!(validated_by(&world, &says, &id, act()), Err(error.clone()), "{code}");
        assert_eq!(synced(&world, &says, &id), Err(error), "{code}");
    }
    let says = good();
    assert_eq!(validated_by(&world, &says, &id, bob()), Err(AccountError::Unknown));
    assert!(says.asked().is_empty(), "nobody asks of another's");
}

#[test]
fn what_a_good_key_needs_is_begun_with_and_not_waited_for() {
    let begun = |exchange: &str, validated: bool| {
        let (world, answer) = (fresh(), Validated { enabled: false, validated, failures: 0, version: 1, probed: None });
        let id = saved(&world, exchange).account.id;
        let says = says(KeyChecked::Validated(answer));
        let told = validated_by(&world, &says, &id, act());
        assert!(told.is_ok(), "whether Lambda takes it or not: {told:?}");
        let asked = says.asked();
        assert!(matches!(&asked[0], Asked::Validate { .. }));
        matches!(&asked[1..], [Asked::Begin { account }] if account.0 == id)
    };
    assert!(begun("BINANCE", true));
    assert!(!begun("BINANCE", false), "a bad key needs no markets");
    assert!(!begun("PAPER", true), "which has its markets");
}
