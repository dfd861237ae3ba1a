//! Addresses, with mathematics by hand.

use super::keys::{refused, synced, validated_by};
use super::*;
use app::ports::RecoverSigner;
use domain::chain::{Challenge, EvmAddress, Signature};
use domain::clock::Millis;

const ADDRESS: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const OTHER: &str = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359";

/// Who has signed which text.
#[derive(Clone)]
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

fn addresses<'a>(deps: &'a World, proofs: &'a Signed) -> Addresses<'a, World, Signed> {
    Addresses { deps, proofs, deployment: "moniqo" }
}

fn connect_by(world: &World, new: NewAccount, address: &str, by: Act<'static>) -> Result<KeptAccount, AccountError> {
    let address = address.parse().unwrap();
    played(world, |world| async move { addresses(&world, &nobody()).connect(new, &address, "nonce1", by).await })
}

fn connect_at(world: &World, exchange: &str, label: &str, address: &str) -> Result<KeptAccount, AccountError> {
    connect_by(world, new(exchange, label, Mode::Live), address, act())
}

fn connected(world: &World) -> KeptAccount {
    connect_at(world, "ETHEREUM", "default", ADDRESS).unwrap()
}

fn challenge(kept: &KeptAccount) -> Option<Challenge> {
    kept.state.address.clone().unwrap().challenge
}

fn prove(world: &World, id: &AccountId, proofs: &Signed, act: Act<'static>) -> Result<KeptAccount, AccountError> {
    let (id, proofs, signature) = (id.clone(), proofs.clone(), Signature { rs: [7; 64], is_odd: false });
    played(world, |world| async move { addresses(&world, &proofs).prove(&id, &signature, act).await })
}

fn renew(world: &World, id: &AccountId, act: Act<'static>) -> Result<KeptAccount, AccountError> {
    let id = id.clone();
    played(world, |world| async move { addresses(&world, &nobody()).renew(&id, "nonce2", act).await })
}

#[test]
fn an_address_is_proven_by_the_text_that_was_asked_for_and_once() {
    let world = fresh();
    let kept = connected(&world);
    let (id, text) = (kept.account.id.clone(), challenge(&kept).unwrap().text);
    assert!(!kept.state.validated && kept.account.balances.is_empty());
    for part in ["moniqo wants", ADDRESS, act().user.as_str(), id.as_str(), "Chain ID: 1\n", "Nonce: nonce1\n"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let theirs = signed(&text, ADDRESS);
    for (proofs, why) in
        [(signed(&text, OTHER), "another's"), (signed(&text.replace('\n', "\r\n"), ADDRESS), "another")]
    {
        assert_eq!(prove(&world, &id, &proofs, at(1)), Err(AccountError::Unproven(Unproven::Foreign)), "{why}");
    }
    assert_eq!(prove(&world, &id, &theirs, at(600)), Err(AccountError::Unproven(Unproven::Expired)));
    let proven = prove(&world, &id, &theirs, at(599)).unwrap();
    assert!(proven.state.validated && !proven.state.may_enter() && challenge(&proven).is_none());
    assert_eq!(prove(&world, &id, &theirs, at(599)), Err(AccountError::Unproven(Unproven::NoChallenge)), "once");
    assert_eq!(records(&world), ["connect address", "prove address"]);
}

#[test]
fn another_challenge_takes_the_place_of_the_one_before() {
    let world = fresh();
    let kept = connected(&world);
    let (id, before) = (kept.account.id.clone(), challenge(&kept).unwrap().text);
    let renewed = challenge(&renew(&world, &id, at(700)).unwrap()).unwrap();
    assert_eq!(renewed.expires_at, at(1_300).now);
    let late = prove(&world, &id, &signed(&before, ADDRESS), at(701));
    assert_eq!(late, Err(AccountError::Unproven(Unproven::Foreign)));
    assert!(prove(&world, &id, &signed(&renewed.text, ADDRESS), at(701)).is_ok());
    let paper = paper(&world, "default").account.id;
    assert_eq!(renew(&world, &paper, act()), Err(AccountError::NoAddress));
    assert_eq!(prove(&world, &paper, &nobody(), act()), Err(AccountError::NoAddress));
}

#[test]
fn an_address_is_connected_once_and_by_its_own_capitals() {
    let world = fresh();
    connected(&world);
    let connect = |exchange: &str, address: &str| connect_at(&world, exchange, "more", address).map(drop);
    let wrong = ADDRESS.replace("0x5aA", "0x5AA");
    assert_eq!(connect("ETHEREUM", &ADDRESS.to_lowercase()), Err(AccountError::AddressConnected));
    assert_eq!(connect("ETHEREUM", &wrong), Err(AccountError::Checksum));
    assert!(matches!(connect("BINANCE", OTHER), Err(AccountError::NoAddressThere(_))));
    assert!(matches!(connect("BITCOIN", OTHER), Err(AccountError::WalletNotSupported(_))));
    assert!(matches!(connect("NOWHERE", OTHER), Err(AccountError::NoWallet(_))));
    assert!(matches!(connect("BINANCE_SMART_CHAIN", OTHER), Err(AccountError::Inactive(_))));
    assert_eq!(connect("ETHEREUM", OTHER), Ok(()));
    assert_eq!(connect_at(&world, "ETHEREUM", "more", OTHER).map(drop), Err(AccountError::Duplicate));
    let too = connect_by(&world, new("ETHEREUM", "default", Mode::Live), ADDRESS, bob());
    assert!(too.is_ok(), "both can only look");
}

#[test]
fn of_two_that_were_connected_at_once_one_is_proven() {
    let world = fresh();
    let first = connected(&world);
    let second = there(&world, "ETHEREUM", "second", first.state.clone());
    let theirs = signed(&challenge(&first).unwrap().text, ADDRESS);
    assert!(prove(&world, &first.account.id, &theirs, act()).is_ok());
    assert_eq!(prove(&world, &second.account.id, &theirs, act()), Err(AccountError::AddressConnected));
    assert_eq!(found_by(&world, &second.account.id, act()), Ok(second));
}

#[test]
fn an_address_is_never_traded_nor_switched() {
    let world = fresh();
    let kept = connected(&world);
    let id = kept.account.id.clone();
    let text = challenge(&kept).unwrap().text;
    for _ in 0..2 {
        assert!(matches!(enable(&world, &id), Err(AccountError::NeverTraded(_))));
        let testnet = switched(&world, &id, Mode::Testnet);
        assert!(matches!(testnet, Err(AccountError::Mode { allowed: "live", .. })));
        let held = switched(&world, &id, Mode::Live).unwrap().state.address;
        assert!(held.is_some(), "it keeps its address");
        let _proven_by_now = prove(&world, &id, &signed(&text, ADDRESS), act());
    }
    let other = connect_by(&world, new("ETHEREUM", "x", Mode::Paper), OTHER, act());
    assert!(matches!(other, Err(AccountError::Mode { .. })));
}

fn may_be_traded(world: &World, exchange: Option<&Exchange>, label: Option<&'static str>) -> Result<(), AccountError> {
    let exchange = exchange.cloned();
    played(world, |world| async move { tradable(&world, exchange.as_ref(), label, act()).await })
}

#[test]
fn no_token_is_made_for_what_is_never_traded() {
    let world = fresh();
    connected(&world);
    paper(&world, "default");
    paper(&world, "chart");
    let ethereum: Exchange = "ETHEREUM".parse().unwrap();
    let refused = Err(AccountError::NeverTraded(ethereum.clone()));
    let ask = |exchange, label| may_be_traded(&world, exchange, label);
    assert_eq!(ask(Some(&ethereum), None), refused);
    assert_eq!(ask(Some(&ethereum), Some("default")), refused);
    assert_eq!(ask(None, Some("default")), Ok(()), "the paper account has this label too");
    assert_eq!(ask(None, None), Ok(()));
    assert_eq!(ask(Some(&ethereum), Some("nobody")), Ok(()), "that is no account");
}

#[test]
fn a_token_for_a_label_that_several_exchanges_know_names_one_of_them() {
    let world = fresh();
    paper(&world, "default");
    let there = live(&world, "default");
    let ask = |exchange, label| may_be_traded(&world, exchange, label);
    assert_eq!(ask(None, Some("default")), Err(AccountError::AtSeveral("default".to_owned())));
    assert_eq!(ask(Some(&there.account.exchange), Some("default")), Ok(()));
    assert_eq!(ask(None, None), Ok(()), "it is for whatever its alerts name");
}

#[test]
fn an_unproven_address_is_not_asked_about_and_why_one_is_not_read_is_told() {
    let (world, says) = (fresh(), refused("rpc_unreachable"));
    let kept = connected(&world);
    let id = &kept.account.id;
    assert_eq!(synced(&world, &says, id), Err(AccountError::NotProven));
    assert_eq!(validated_by(&world, &says, id, act()), Err(AccountError::NotProven));
    assert!(says.asked().is_empty());
    let proven = prove(&world, id, &signed(&challenge(&kept).unwrap().text, ADDRESS), act()).unwrap();
    assert_eq!(synced(&world, &says, id), Err(AccountError::Unread(ChainFault::Unreachable)));
    assert_eq!(validated_by(&world, &says, id, act()), Ok(proven), "the account says so itself");
}
