//! Addresses, with mathematics by hand.

use super::*;
use crate::accounts::{Addresses, Keys, tradable};
use crate::ports::{AskKeyCheck, RecoverSigner, SealSecret, Sealed, Secret, VaultError};
use domain::chain::{Challenge, EvmAddress, Signature};
use domain::clock::{Millis, Timestamp};
use wire::key_check::{KeyCheck, KeyChecked, Refused};

const ADDRESS: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const OTHER: &str = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359";

/// Who has signed which text.
struct Signed {
    text: String,
    by: &'static str,
}

impl RecoverSigner for Signed {
    fn spelled(&self, address: &EvmAddress) -> Option<EvmAddress> {
        let known = [ADDRESS, OTHER].map(|known| known.parse::<EvmAddress>().unwrap());
        let spelled = known.into_iter().find(|known| known.lower() == address.lower())?;
        (!address.is_mixed() || spelled == *address).then_some(spelled)
    }

    fn signer(&self, text: &str, _: &Signature) -> Option<EvmAddress> {
        (self.text == text).then(|| self.by.parse().unwrap())
    }
}

fn signed(text: &str, by: &'static str) -> Signed {
    Signed { text: text.to_owned(), by }
}

fn nobody() -> Signed {
    signed("", ADDRESS)
}

fn at(seconds: i64) -> Act<'static> {
    Act { now: NOW.plus(Millis::seconds(seconds)), ..act() }
}

fn connect_at(desk: &Desk, exchange: &str, label: &str, address: &str) -> Result<KeptAccount, AccountError> {
    let proofs = &nobody();
    let addresses = Addresses { deps: desk, proofs, deployment: "moniqo" };
    done(addresses.connect(new(exchange, label, Mode::Live), &address.parse().unwrap(), "nonce1", act()))
}

fn connected(desk: &Desk) -> KeptAccount {
    connect_at(desk, "ETHEREUM", "default", ADDRESS).unwrap()
}

fn challenge(kept: &KeptAccount) -> Option<Challenge> {
    kept.state.address.clone().unwrap().challenge
}

fn prove(desk: &Desk, id: &AccountId, proofs: &Signed, act: Act<'_>) -> Result<KeptAccount, AccountError> {
    let signature = Signature { rs: [7; 64], is_odd: false };
    done(Addresses { deps: desk, proofs, deployment: "moniqo" }.prove(id, &signature, act))
}

fn renew(desk: &Desk, id: &AccountId, act: Act<'_>) -> Result<KeptAccount, AccountError> {
    done(Addresses { deps: desk, proofs: &nobody(), deployment: "moniqo" }.renew(id, "nonce2", act))
}

#[test]
fn an_address_is_proven_by_the_text_that_was_asked_for_and_once() {
    let desk = Desk::default();
    let kept = connected(&desk);
    let (id, text) = (kept.account.id.clone(), challenge(&kept).unwrap().text);
    assert!(!kept.state.validated && kept.account.balances.is_empty());
    for part in ["moniqo wants", ADDRESS, act().user.as_str(), id.as_str(), "Chain ID: 1\n", "Nonce: nonce1\n"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let theirs = signed(&text, ADDRESS);
    for (proofs, why) in
        [(signed(&text, OTHER), "another's"), (signed(&text.replace('\n', "\r\n"), ADDRESS), "another")]
    {
        assert_eq!(prove(&desk, &id, &proofs, at(1)), Err(AccountError::Unproven(Unproven::Foreign)), "{why}");
    }
    assert_eq!(prove(&desk, &id, &theirs, at(600)), Err(AccountError::Unproven(Unproven::Expired)));
    let proven = prove(&desk, &id, &theirs, at(599)).unwrap();
    assert!(proven.state.validated && !proven.state.may_enter() && challenge(&proven).is_none());
    assert_eq!(prove(&desk, &id, &theirs, at(599)), Err(AccountError::Unproven(Unproven::NoChallenge)), "once");
    assert_eq!(*desk.records.borrow(), ["connect address", "prove address"]);
}

#[test]
fn another_challenge_takes_the_place_of_the_one_before() {
    let desk = Desk::default();
    let kept = connected(&desk);
    let (id, before) = (kept.account.id.clone(), challenge(&kept).unwrap().text);
    let renewed = challenge(&renew(&desk, &id, at(700)).unwrap()).unwrap();
    assert_eq!(renewed.expires_at, at(1_300).now);
    let late = prove(&desk, &id, &signed(&before, ADDRESS), at(701));
    assert_eq!(late, Err(AccountError::Unproven(Unproven::Foreign)));
    assert!(prove(&desk, &id, &signed(&renewed.text, ADDRESS), at(701)).is_ok());
    let paper = paper(&desk, "default").account.id;
    assert_eq!(renew(&desk, &paper, act()), Err(AccountError::NoAddress));
    assert_eq!(prove(&desk, &paper, &nobody(), act()), Err(AccountError::NoAddress));
}

#[test]
fn an_address_is_connected_once_and_by_its_own_capitals() {
    let desk = Desk::default();
    connected(&desk);
    let connect = |exchange: &str, address: &str| connect_at(&desk, exchange, "more", address).map(drop);
    let wrong = ADDRESS.replace("0x5aA", "0x5AA");
    assert_eq!(connect("ETHEREUM", &ADDRESS.to_lowercase()), Err(AccountError::AddressConnected));
    assert_eq!(connect("ETHEREUM", &wrong), Err(AccountError::Checksum));
    assert!(matches!(connect("BINANCE", OTHER), Err(AccountError::NoAddressThere(_))));
    assert!(matches!(connect("BITCOIN", OTHER), Err(AccountError::WalletNotSupported(_))));
    assert!(matches!(connect("NOWHERE", OTHER), Err(AccountError::NoWallet(_))));
    assert!(matches!(connect("BINANCE_SMART_CHAIN", OTHER), Err(AccountError::Inactive(_))));
    assert_eq!(connect("ETHEREUM", OTHER), Ok(()));
    assert_eq!(connect_at(&desk, "ETHEREUM", "more", OTHER).map(drop), Err(AccountError::Duplicate));
    let bob = UserId::of(&["bob"]);
    let proofs = nobody();
    let addresses = Addresses { deps: &desk, proofs: &proofs, deployment: "moniqo" };
    let theirs = Act { user: &bob, ..act() };
    let address = ADDRESS.parse().unwrap();
    let too = addresses.connect(new("ETHEREUM", "default", Mode::Live), &address, "n", theirs);
    assert!(done(too).is_ok(), "both can only look");
}

#[test]
fn of_two_that_were_connected_at_once_one_is_proven() {
    let desk = Desk::default();
    let first = connected(&desk);
    let mut second = first.clone();
    second.account.id = AccountId::of(&["second"]);
    desk.kept.borrow_mut().push(second.clone());
    let theirs = signed(&challenge(&first).unwrap().text, ADDRESS);
    assert!(prove(&desk, &first.account.id, &theirs, act()).is_ok());
    assert_eq!(prove(&desk, &second.account.id, &theirs, act()), Err(AccountError::AddressConnected));
}

#[test]
fn an_address_is_never_traded_nor_switched() {
    let desk = Desk::default();
    let kept = connected(&desk);
    let id = kept.account.id.clone();
    let text = challenge(&kept).unwrap().text;
    for _ in 0..2 {
        assert!(matches!(enable(&desk, &id), Err(AccountError::NeverTraded(_))));
        let testnet = done(set_mode(&desk, &id, Mode::Testnet, None, act()));
        assert!(matches!(testnet, Err(AccountError::Mode { allowed: "live", .. })));
        let held = done(set_mode(&desk, &id, Mode::Live, None, act())).unwrap().state.address;
        assert!(held.is_some(), "it keeps its address");
        let _proven_by_now = prove(&desk, &id, &signed(&text, ADDRESS), act());
    }
    let paper_mode = Addresses { deps: &desk, proofs: &nobody(), deployment: "moniqo" };
    let other = done(paper_mode.connect(new("ETHEREUM", "x", Mode::Paper), &OTHER.parse().unwrap(), "n", act()));
    assert!(matches!(other, Err(AccountError::Mode { .. })));
}

#[test]
fn no_token_is_made_for_what_is_never_traded() {
    let desk = Desk::default();
    connected(&desk);
    paper(&desk, "default");
    paper(&desk, "chart");
    let ethereum: Exchange = "ETHEREUM".parse().unwrap();
    let refused = Err(AccountError::NeverTraded(ethereum.clone()));
    let ask = |exchange, label| done(tradable(&desk, exchange, label, act()));
    assert_eq!(ask(Some(&ethereum), None), refused);
    assert_eq!(ask(Some(&ethereum), Some("default")), refused);
    assert_eq!(ask(None, Some("default")), Ok(()), "the paper account has this label too");
    assert_eq!(ask(None, None), Ok(()));
    assert_eq!(ask(Some(&ethereum), Some("nobody")), Ok(()), "that is no account");
}

#[test]
fn a_token_for_a_label_that_several_exchanges_know_names_one_of_them() {
    let desk = Desk::default();
    paper(&desk, "default");
    let mut there = desk.kept.borrow()[0].clone();
    there.account.exchange = "BINANCE".parse().unwrap();
    desk.kept.borrow_mut().push(there.clone());
    let ask = |exchange, label| done(tradable(&desk, exchange, label, act()));
    assert_eq!(ask(None, Some("default")), Err(AccountError::AtSeveral("default".to_owned())));
    assert_eq!(ask(Some(&there.account.exchange), Some("default")), Ok(()));
    assert_eq!(ask(None, None), Ok(()), "it is for whatever its alerts name");
}

/// Seals nothing, and says one thing of every chain.
struct Says(&'static str);

impl SealSecret for Says {
    async fn seal(&self, _: &crate::ports::Binding, _: &Secret, _: Timestamp) -> Result<Sealed, VaultError> {
        Err(VaultError::Refused("nothing is sealed".to_owned()))
    }
}

impl AskKeyCheck for Says {
    async fn ask_key_check(&self, _: &KeyCheck, _: Timestamp) -> Result<KeyChecked, StoreError> {
        Ok(KeyChecked::Refused(Refused { code: self.0.to_owned(), detail: "why".to_owned() }))
    }

    async fn ask_key_check_later(&self, _: &KeyCheck, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("an address has no markets")
    }
}

#[test]
fn an_unproven_address_is_not_asked_about_and_why_one_is_not_read_is_told() {
    let (desk, says) = (Desk::default(), Says("rpc_unreachable"));
    let kept = connected(&desk);
    let id = &kept.account.id;
    let keys = Keys { deps: &desk, vault: &says, checks: &says, trace: "t" };
    assert_eq!(done(keys.sync(id, act())), Err(AccountError::NotProven));
    assert_eq!(done(keys.validate(id, act())), Err(AccountError::NotProven));
    prove(&desk, id, &signed(&challenge(&kept).unwrap().text, ADDRESS), act()).unwrap();
    assert_eq!(done(keys.sync(id, act())), Err(AccountError::Unread(ChainFault::Unreachable)));
    assert_eq!(done(keys.validate(id, act())).unwrap().account.id, *id, "the account says so itself");
}
