//! Keys, with a vault and a key-check by hand.

use super::*;
use crate::accounts::Keys;
use crate::ports::{AskKeyCheck, Binding, SealSecret, Sealed, Secret, VaultError, VenueKey};
use domain::chain::HeldAddress;
use domain::clock::Timestamp;
use domain::ids::HolderId;
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
pub(super) struct Says {
    answer: KeyChecked,
    standing: Option<KeyChecked>,
    asked: RefCell<Vec<Asked>>,
}

impl AskKeyCheck for Says {
    async fn ask_key_check(&self, question: &KeyCheck, _: Timestamp) -> Result<KeyChecked, StoreError> {
        self.asked.borrow_mut().push(question.asked.clone());
        if let (Asked::Validate { .. }, Some(standing)) = (&question.asked, &self.standing) {
            return Ok(standing.clone());
        }
        Ok(self.answer.clone())
    }

    async fn ask_key_check_later(&self, question: &KeyCheck, _: Timestamp) -> Result<(), StoreError> {
        self.asked.borrow_mut().push(question.asked.clone());
        Err(StoreError::Unavailable("Lambda is away".to_owned()))
    }
}

impl Says {
    pub(super) fn asked(&self) -> usize {
        self.asked.borrow().len()
    }
}

fn says(answer: KeyChecked) -> Says {
    Says { answer, standing: None, asked: RefCell::default() }
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

fn refused(code: &str) -> Says {
    says(KeyChecked::Refused(Refused { code: code.to_owned(), detail: "why".to_owned() }))
}

fn key() -> NewKey {
    let secret = |text: &str| Secret::new(text.to_owned());
    let key = VenueKey { api_key: secret("abcd56789012wxyz"), api_secret: secret("planted"), passphrase: None };
    NewKey { key, insisted: false, same_account: false }
}

fn save(desk: &Desk, says: &Says, new: NewAccount) -> Result<KeySaved, AccountError> {
    done(Keys { deps: desk, vault: &Seals, checks: says, trace: "t" }.save(new, &key(), act()))
}

pub(super) fn save_by(desk: &Desk, says: &Says, exchange: &str, by: Act<'_>) -> Result<KeySaved, AccountError> {
    let mode = if exchange == "PAPER" { Mode::Paper } else { Mode::Live };
    let new = new(exchange, "default", mode);
    done(Keys { deps: desk, vault: &Seals, checks: says, trace: "t" }.save(new, &key(), by))
}

/// An account with a key, as its owner has made it.
pub(super) fn saved(desk: &Desk, exchange: &str) -> KeptAccount {
    save_by(desk, &good(), exchange, act()).unwrap().kept
}

fn fresh() -> NewAccount {
    new("PAPER", "default", Mode::Paper)
}

#[test]
fn a_key_is_looked_at_before_it_is_kept_and_its_account_made_for_it() {
    let (desk, says) = (Desk::default(), good());
    let saved = save(&desk, &says, fresh()).unwrap();
    let kept = saved.kept.key.unwrap();
    assert_eq!((saved.opened, &*kept.masked, kept.insisted), (true, "abcd…wxyz", false));
    assert!(matches!(&says.asked.borrow()[..], [Asked::Probe(asked)] if asked.credential.0 == kept.id));
    assert_eq!(*desk.records.borrow(), ["connect account", "save key"]);
    assert!(!format!("{:?}", desk.kept.borrow()).contains("planted"));
}

#[test]
fn a_key_that_is_not_whole_is_told_so_before_anything_is_asked() {
    let check = |exchange: &str, passphrase: Option<&str>, refusal: Option<fn(Exchange) -> AccountError>| {
        let (desk, says, at) = (Desk::default(), good(), exchange.parse::<Exchange>().unwrap());
        let NewKey { key, insisted, same_account } = key();
        let key = VenueKey { passphrase: passphrase.map(|text| Secret::new(text.to_owned())), ..key };
        let (new, key) = (|| new(exchange, "default", Mode::Live), NewKey { key, insisted, same_account });
        let keys = Keys { deps: &desk, vault: &Seals, checks: &says, trace: "t" };
        for told in [done(keys.save(new(), &key, act())), done(keys.connect(new(), &key, act()))] {
            let Some(refusal) = refusal else {
                told.unwrap();
                return;
            };
            assert_eq!(told, Err(refusal(at.clone())), "{exchange}");
            assert!(says.asked.borrow().is_empty() && desk.kept.borrow().is_empty(), "{exchange}");
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
        let desk = Desk::default();
        assert_eq!(save(&desk, &says, fresh()), Err(refusal.clone()));
        assert!(desk.kept.borrow().is_empty(), "the account was made for it");
        let id = paper(&desk, "default").account.id;
        assert_eq!(save(&desk, &says, fresh()), Err(refusal));
        assert_eq!(done(find(&desk, &id, act())).unwrap().key, None, "and one that was there stays");
    }
}

#[test]
fn a_key_of_an_account_that_is_connected_is_refused_with_the_label_of_ones_own() {
    for (label, told) in [(Some("main"), true), (None, false)] {
        let fault = Some(Text(KeyFault::ConnectedTwice));
        let probed = Probed { fault, connected_as: label.map(str::to_owned), ..Probed::default() };
        let refused = save(&Desk::default(), &says(KeyChecked::Probed(probed)), fresh()).unwrap_err();
        assert_eq!(refused, AccountError::ConnectedTwice(label.map(str::to_owned)));
        assert_eq!(refused.to_string().contains("\"main\""), told, "{refused}");
    }
}

#[test]
fn another_key_keeps_the_account_which_is_to_be_validated_anew() {
    let desk = Desk::default();
    let first = save(&desk, &good(), fresh()).unwrap();
    assert!(first.advice.is_empty() && *desk.notices.borrow() == [Topic::AccessMade], "its owner is told");
    let before = first.kept;
    desk.kept.borrow_mut()[0].state.validated = true;
    desk.kept.borrow_mut()[0].state.enabled = true;
    let saved = save(&desk, &good(), fresh()).unwrap();
    assert_eq!((saved.opened, &saved.kept.account.id), (false, &before.account.id));
    assert_eq!((saved.kept.state.enabled, saved.kept.state.validated), (false, false), "its owner enables it again");
    assert!(saved.advice[0].contains("enable the account again"), "{:?}", saved.advice);
    assert_eq!(saved.kept.state.version, before.state.version + 1);
    assert_eq!(desk.notices.borrow().len(), 2);
}

#[test]
fn another_key_is_another_wallet_but_where_it_is_of_the_same_account_or_on_paper() {
    for (exchange, open_groups, is_cleared) in [("BINANCE", 0, true), ("BINANCE", 2, false), ("PAPER", 0, false)] {
        let desk = Desk::default();
        saved(&desk, exchange);
        with_balance(&desk);
        desk.kept.borrow_mut()[0].account.open_groups = open_groups;
        desk.kept.borrow_mut()[0].state.holder = Some(HolderId::of(&["1"]));
        let says = Says { standing: Some(validated(Some(KeyFault::Expired))), ..good() };
        let kept = save_by(&desk, &says, exchange, act()).unwrap().kept;
        match is_cleared {
            true => knows_no_balance(&kept.account),
            false => assert_eq!(kept.account.balances.len(), 1, "{exchange} with {open_groups} groups"),
        }
    }
}

fn validated(fault: Option<KeyFault>) -> KeyChecked {
    let probed = Some(Probed { fault: fault.map(Text), ..Probed::default() });
    KeyChecked::Validated(Validated { enabled: true, validated: true, failures: 0, version: 1, probed })
}

#[test]
fn a_key_that_works_stays_while_a_group_is_open_and_one_that_does_not_is_replaced() {
    let shut = KeyChecked::Refused(Refused { code: "key_does_not_open".to_owned(), detail: "why".to_owned() });
    let away = KeyChecked::Refused(Refused { code: "venue_unavailable".to_owned(), detail: "why".to_owned() });
    for (standing, is_replaced) in
        [(validated(None), false), (away, false), (validated(Some(KeyFault::Expired)), true), (shut, true)]
    {
        let desk = Desk::default();
        let before = save(&desk, &good(), fresh()).unwrap().kept;
        desk.kept.borrow_mut()[0].account.open_groups = 2;
        let says = Says { standing: Some(standing.clone()), ..good() };
        let saved = save(&desk, &says, fresh());
        let probes = says.asked.borrow().iter().filter(|asked| matches!(asked, Asked::Probe(_))).count();
        if is_replaced {
            assert!(!saved.unwrap().kept.state.enabled, "{standing:?}");
            continue;
        }
        assert_eq!(saved, Err(AccountError::GroupsOpen(2)), "{standing:?}");
        assert_eq!((probes, desk.notices.borrow().len()), (0, 1), "nothing was sealed, nobody is told");
        assert_eq!(done(find(&desk, &before.account.id, act())).unwrap().key, before.key);
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
            let desk = Desk::default();
            let before = save(&desk, &good_of(known), fresh()).unwrap().kept;
            desk.kept.borrow_mut()[0].account.open_groups = 1;
            let says = Says { standing: Some(validated(Some(fault))), ..good_of(told) };
            let new = NewKey { same_account: said, ..key() };
            let keys = Keys { deps: &desk, vault: &Seals, checks: &says, trace: "t" };
            let again = AttemptId::new("again");
            let saved = done(keys.save(fresh(), &new, Act { attempt: &again, ..act() })).map(|saved| saved.kept);
            let case = format!("{known} {told} {said} {fault:?}");
            assert_eq!(saved.as_ref().err(), expected, "{case}");
            let kept = done(find(&desk, &before.account.id, act())).unwrap();
            assert_eq!(kept.key == before.key, expected.is_some(), "{case}");
            let holder = [told, known].into_iter().find(|uid| !uid.is_empty()).map(|uid| HolderId::of(&[uid]));
            assert_eq!(kept.state.holder, if expected.is_some() { before.state.holder } else { holder }, "{case}");
            assert_eq!(
                desk.records.borrow().iter().any(|action| action.contains("said to be")),
                said && expected.is_none()
            );
        }
    }
}

#[test]
fn a_key_of_any_account_is_taken_where_no_group_is_open() {
    let desk = Desk::default();
    save(&desk, &good_of("1"), fresh()).unwrap();
    let holder = |uid: &str| save(&desk, &good_of(uid), fresh()).unwrap().kept.state.holder;
    assert_eq!((holder("2"), holder("")), (Some(HolderId::of(&["2"])), None), "nothing is known of the one before");
}

#[test]
fn an_account_without_a_key_gets_none_while_a_group_is_open() {
    let desk = Desk::default();
    paper(&desk, "default");
    desk.kept.borrow_mut()[0].account.open_groups = 1;
    assert_eq!(save(&desk, &good(), fresh()), Err(AccountError::GroupsOpen(1)));
}

#[test]
fn where_a_definition_was_taken_away_an_exchange_that_is_built_in_alone_takes_keys() {
    for (exchange, provider, refused) in [
        ("COINBASE", "coinbase", None),
        ("ETHEREUM", "ethereum", Some("ETHEREUM")),
        ("BITCOIN", "bitcoin", Some("BITCOIN")),
        ("NOWHERE", "nowhere", Some("NOWHERE")),
    ] {
        let desk = Desk::default();
        desk.gone.borrow_mut().push(provider);
        let fresh = || new(exchange, "default", Mode::Live);
        let state = AccountState { mode: Some(Mode::Live), version: 1, ..AccountState::default() };
        let there = KeptAccount { account: account(fresh(), act()), state, key: None };
        desk.kept.borrow_mut().push(there);
        let away = self::refused("venue_not_tradable");
        let saved = save(&desk, &away, fresh()).map(|saved| saved.kept.key.is_some());
        let refusal = |exchange: &str| Err(AccountError::NoWallet(exchange.parse().unwrap()));
        assert_eq!(saved, refused.map_or(Ok(true), refusal), "{exchange}");
        assert_eq!(away.asked.borrow().is_empty(), refused.is_some(), "{exchange}");
    }
}

#[test]
fn an_account_for_an_address_takes_no_key_whatever_its_chain_is_called_by_now() {
    let (desk, says) = (Desk::default(), good());
    let fresh = || new("KRAKEN", "default", Mode::Live);
    let address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap();
    let held = HeldAddress { address, proven_at: Some(NOW), challenge: None, fault: None };
    let state = AccountState { address: Some(held), version: 1, ..AccountState::default() };
    let there = KeptAccount { account: account(fresh(), act()), state, key: None };
    desk.kept.borrow_mut().push(there.clone());
    assert_eq!(save(&desk, &says, fresh()), Err(AccountError::KeyNotTaken("KRAKEN".parse().unwrap())));
    assert_eq!((&*desk.kept.borrow(), says.asked.borrow().len()), (&vec![there], 0), "nothing was sealed");
}

#[test]
fn a_key_of_an_exchange_without_an_adapter_is_kept_unasked() {
    let desk = Desk::default();
    let saved = save(&desk, &refused("venue_not_tradable"), new("BINANCE", "default", Mode::Live)).unwrap();
    assert!(saved.kept.key.is_some() && saved.advice[0].contains("no adapter"));
    assert!(!saved.kept.state.may_enter());
}

#[test]
fn a_private_key_is_not_sealed_where_no_api_key_is_taken() {
    for exchange in ["ETHEREUM", "BINANCE_SMART_CHAIN", "SWAP"] {
        let (desk, away) = (Desk::default(), refused("venue_not_tradable"));
        let fresh = || new(exchange, "default", Mode::Live);
        let not_taken = Err(AccountError::KeyNotTaken(exchange.parse().unwrap()));
        let keys = Keys { deps: &desk, vault: &Seals, checks: &away, trace: "t" };
        assert_eq!(done(keys.connect(fresh(), &key(), act())), not_taken, "{exchange}");
        assert_eq!(save(&desk, &away, fresh()), not_taken, "{exchange}");
        // One that an earlier release has connected.
        let state = AccountState { mode: Some(Mode::Live), version: 1, ..AccountState::default() };
        let there = KeptAccount { account: account(fresh(), act()), state, key: None };
        desk.kept.borrow_mut().push(there.clone());
        assert_eq!(save(&desk, &away, fresh()), not_taken, "{exchange}");
        assert_eq!((&*desk.kept.borrow(), desk.records.borrow().len()), (&vec![there], 0), "{exchange}");
        assert!(away.asked.borrow().is_empty(), "nothing was sealed that could be asked about");
    }
}

#[test]
fn another_mode_has_other_keys_and_waits_for_open_groups() {
    let desk = Desk::default();
    let away = refused("venue_not_tradable");
    let live = || new("BINANCE", "default", Mode::Live);
    let kept = save(&desk, &away, live()).unwrap().kept;
    let switched = done(set_mode(&desk, &kept.account.id, Mode::Testnet, None, act())).unwrap();
    assert_eq!((switched.key, switched.state.mode), (None, Some(Mode::Testnet)));
    desk.kept.borrow_mut()[0].account.open_groups = 1;
    desk.kept.borrow_mut()[0].state.enabled = true;
    assert_eq!(save(&desk, &away, live()), Err(AccountError::GroupsOpen(1)));
    desk.kept.borrow_mut()[0].account.open_groups = 0;
    away.asked.borrow_mut().clear();
    let state = save(&desk, &away, live()).unwrap().kept.state;
    assert_eq!((state.mode, state.enabled), (Some(Mode::Live), false));
    let asked = away.asked.borrow();
    let modes = asked.iter().map(|asked| match asked {
        Asked::Probe(candidate) => candidate.mode.map(|Text(mode)| mode),
        _ => None,
    });
    assert_eq!(modes.collect::<Vec<_>>(), [Some(Mode::Live)], "the key is probed where it is for");
}

#[test]
fn a_check_that_says_nothing_has_its_word() {
    let desk = Desk::default();
    let id = paper(&desk, "default").account.id;
    for (code, error) in [
        ("not_found", AccountError::Unknown),
        ("venue_not_tradable", AccountError::NotTradable("PAPER".parse().unwrap())),
        ("key_missing", AccountError::NoKey),
        ("key_does_not_open", AccountError::Shut),
        ("version_conflict", AccountError::Contended),
        ("key_unknown", AccountError::Key(KeyFault::Unknown)),
    ] {
        let says = refused(code);
        let keys = Keys { deps: &desk, vault: &Seals, checks: &says, trace: "t" };
        assert_eq!(done(keys.validate(&id, act())), Err(error.clone()), "{code}");
        assert_eq!(done(keys.sync(&id, act())), Err(error), "{code}");
    }
    let bob = UserId::of(&["bob"]);
    let says = good();
    let keys = Keys { deps: &desk, vault: &Seals, checks: &says, trace: "t" };
    assert_eq!(done(keys.validate(&id, Act { user: &bob, ..act() })), Err(AccountError::Unknown));
    assert!(says.asked.borrow().is_empty(), "nobody asks of another's");
}

#[test]
fn what_a_good_key_needs_is_begun_with_and_not_waited_for() {
    let begun = |exchange: &str, validated: bool| {
        let (desk, answer) =
            (Desk::default(), Validated { enabled: false, validated, failures: 0, version: 1, probed: None });
        let id = saved(&desk, exchange).account.id;
        let says = says(KeyChecked::Validated(answer));
        let told = done(Keys { deps: &desk, vault: &Seals, checks: &says, trace: "t" }.validate(&id, act()));
        assert!(told.is_ok(), "whether Lambda takes it or not: {told:?}");
        let asked = says.asked.borrow();
        assert!(matches!(&asked[0], Asked::Validate { .. }));
        matches!(&asked[1..], [Asked::Begin { account }] if account.0 == id)
    };
    assert!(begun("BINANCE", true));
    assert!(!begun("BINANCE", false), "a bad key needs no markets");
    assert!(!begun("PAPER", true), "which has its markets");
}
