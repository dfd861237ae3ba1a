//! What a transaction means: golden cases of what large-transfer detectors have called a whale by mistake (the public issues of Forta's
//! starter kits and agents, `starter-kits` 455, 566, 580 and 583, `Forta-Agents` 426), and of what is one.

use domain::clock::{Millis, Timestamp};
use domain::ids::{SourceId, WhaleAlertId};
use domain::market::Asset;
use domain::money::{Amount, Price};
use domain::whale::{
    BlockRef, Blockchain, ChainAddress, Cursor, FeedFault, Flows, Header, Judged, Known, Label, LabelCategory, Listed,
    Owner, ScoreReason, Sentiment, Silent, Step, TransactionType, Transfer, Units, Watch, WhaleAlert, WhaleEvent,
    WhaleFilter, WhaleStatus, judge, significance,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const BINANCE_HOT: u8 = 0xb1;
const BINANCE_COLD: u8 = 0xb2;
const OKX: u8 = 0xc1;
const POOL: u8 = 0xd1;
/// The contract of a listed token.
const WRAPPER: u8 = 0xe1;
const ANN: u8 = 1;
const BOB: u8 = 2;

fn address(number: u8) -> ChainAddress {
    ChainAddress::parse(Blockchain::Ethereum, &format!("0x{}", format!("{number:02x}").repeat(20))).unwrap()
}

fn listed(asset: &str, decimals: u32) -> Listed {
    Listed { asset: asset.parse().unwrap(), decimals }
}

/// Whole coins.
fn coins(asset: &str, count: u128) -> Units {
    let decimals = if asset == "USDC" { 6 } else { 18 };
    Units { of: listed(asset, decimals), count: count * 10_u128.pow(decimals) }
}

fn label(number: u8, owner: &str, category: LabelCategory) -> (ChainAddress, Label) {
    let label = Label {
        chain: Blockchain::Ethereum,
        address: address(number),
        owner: owner.to_owned(),
        category,
        role: None,
        source: "a test".to_owned(),
        as_of: Timestamp::default(),
        confidence: 100,
    };
    (address(number), label)
}

/// From one to another; none for what creates and destroys.
type Move<'a> = (Option<u8>, Option<u8>, &'a str, u128);

fn flows(moves: &[Move<'_>]) -> Flows {
    let mut flows = Flows::none(Blockchain::Ethereum);
    for (from, to, asset, count) in moves {
        let (from, to) = (from.map(address), to.map(address));
        flows.moves(from.as_ref(), to.as_ref(), &coins(asset, *count)).unwrap();
    }
    flows
}

fn judged(flows: &Flows) -> Judged {
    let labels = BTreeMap::from([
        label(BINANCE_HOT, "Binance", LabelCategory::Exchange),
        label(BINANCE_COLD, "Binance", LabelCategory::Exchange),
        label(OKX, "OKX", LabelCategory::Exchange),
        label(POOL, "Aave", LabelCategory::Defi),
    ]);
    let price = |asset: &str, price: &str| -> (Asset, Price) { (asset.parse().unwrap(), price.parse().unwrap()) };
    let prices =
        BTreeMap::from([price("USDC", "1"), price("ETH", "3000"), price("WETH", "3000"), price("BTC", "60000")]);
    let contracts = BTreeSet::from([address(WRAPPER)]);
    let known = Known {
        labels: &labels,
        told: &[],
        contracts: &contracts,
        prices: &prices,
        minimum: "1000000".parse().unwrap(),
    };
    judge(flows, &known).unwrap()
}

fn alert(flows: &Flows) -> Transfer {
    match judged(flows) {
        Judged::Alert(transfer) => *transfer,
        other => panic!("{other:?}"),
    }
}

fn of(moves: &[Move<'_>]) -> Judged {
    judged(&flows(moves))
}

#[test]
fn transfer_is_called_by_who_gives_and_who_gets() {
    let cases = [
        (ANN, BINANCE_HOT, TransactionType::ExchangeInflow, 7, Sentiment::Bearish),
        (BINANCE_HOT, ANN, TransactionType::ExchangeOutflow, 8, Sentiment::Bullish),
        (ANN, BOB, TransactionType::WhaleTransfer, 6, Sentiment::Neutral),
        (BINANCE_HOT, OKX, TransactionType::Unknown, 5, Sentiment::Neutral),
    ];
    for (from, to, kind, score, sentiment) in cases {
        let told = alert(&flows(&[(Some(from), Some(to), "USDC", 2_000_000)]));
        let worth = told.worth;
        assert_eq!((told.kind, told.units.to_string(), worth.to_string()), (kind, "2000000".into(), "2000000".into()));
        assert_eq!((told.from_address, told.to_address), (Some(address(from)), Some(address(to))));
        assert_eq!((significance(kind, worth, 1).score, kind.sentiment()), (score, sentiment));
        assert!(kind.is_published());
    }
}

#[test]
fn mint_burn_and_internal_transfer_are_not_published() {
    let cases = [
        (None, Some(ANN), TransactionType::Mint),
        (Some(ANN), None, TransactionType::Burn),
        (Some(BINANCE_HOT), Some(BINANCE_COLD), TransactionType::Internal),
    ];
    for (from, to, kind) in cases {
        let told = alert(&flows(&[(from, to, "USDC", 90_000_000)]));
        assert_eq!(told.kind, kind);
        let is = significance(kind, told.worth, 9);
        assert_eq!((is.score, kind.is_published(), kind.sentiment()), (1, false, Sentiment::Neutral));
    }
}

#[test]
fn what_is_traded_is_no_transfer() {
    // Starter kits 580 and 583, agents 426: swaps were counted as transfers of the pool and of its user.
    let pool = 0x77;
    let swap = [(Some(ANN), Some(pool), "USDC", 12_000_000), (Some(pool), Some(ANN), "WETH", 4_000)];
    assert_eq!(of(&swap), Judged::Silent(Silent::Swap));
    // By way of a router, which is left with nothing.
    let router = 0x78;
    let routed = [
        (Some(ANN), Some(router), "USDC", 12_000_000),
        (Some(router), Some(pool), "USDC", 12_000_000),
        (Some(pool), Some(router), "WETH", 4_000),
        (Some(router), Some(ANN), "WETH", 4_000),
    ];
    assert_eq!(of(&routed), Judged::Silent(Silent::Swap));
}

#[test]
fn what_is_wrapped_lent_or_repaid_is_no_transfer() {
    assert_eq!(of(&[(Some(ANN), Some(WRAPPER), "ETH", 4_000)]), Judged::Silent(Silent::Wrapping));
    assert_eq!(of(&[(Some(WRAPPER), Some(ANN), "ETH", 4_000)]), Judged::Silent(Silent::Wrapping));
    // Starter kit 580: a deposit for a token of the protocol's own, which is in no list. Its address has no label.
    let mut deposit = flows(&[(Some(ANN), Some(0x79), "WETH", 4_000)]);
    deposit.moves_elsewhere(None, Some(&address(ANN)));
    assert_eq!(judged(&deposit), Judged::Silent(Silent::OtherToken));
    let mut repaid = flows(&[(Some(ANN), Some(0x79), "USDC", 4_000_000)]);
    repaid.moves_elsewhere(Some(&address(ANN)), None);
    assert_eq!(judged(&repaid), Judged::Silent(Silent::OtherToken));
    assert_eq!(of(&[(Some(ANN), Some(POOL), "USDC", 4_000_000)]), Judged::Silent(Silent::Protocol));
}

#[test]
fn what_comes_back_or_goes_round_is_no_transfer() {
    assert_eq!(of(&[(Some(ANN), Some(ANN), "USDC", 9_000_000)]), Judged::Small, "to itself");
    // A flash loan, paid back in the same transaction.
    let loan = [(Some(0x7a), Some(ANN), "USDC", 50_000_000), (Some(ANN), Some(0x7a), "USDC", 50_000_000)];
    assert_eq!(of(&loan), Judged::Small);
}

#[test]
fn transfer_is_counted_by_owners_and_not_by_movements() {
    // Three logs, two of them to the same owner: none is large enough alone.
    let legs = [
        (Some(ANN), Some(BINANCE_HOT), "USDC", 600_000),
        (Some(ANN), Some(BINANCE_COLD), "USDC", 700_000),
        (Some(ANN), Some(BOB), "USDC", 900_000),
    ];
    let told = alert(&flows(&legs));
    assert_eq!((told.kind, told.worth.to_string()), (TransactionType::ExchangeInflow, "1300000".into()));
    assert_eq!((told.to_address, told.others), (Some(address(BINANCE_COLD)), 0));
    // The largest of several is the one alert.
    let many = [(Some(ANN), Some(BOB), "USDC", 2_000_000), (Some(ANN), Some(OKX), "WETH", 1_000)];
    let told = alert(&flows(&many));
    assert_eq!((told.to, told.others), (Owner::Named("OKX".into(), LabelCategory::Exchange), 1));
    // Payouts to many are large together alone.
    let payouts: Vec<Move<'_>> = (1..100).map(|to| (Some(BINANCE_HOT), Some(to), "USDC", 50_000)).collect();
    assert_eq!(of(&payouts), Judged::Small);
}

/// By their addresses; an empty one is of a script that is none.
fn bitcoin(inputs: &[(&str, u128)], outputs: &[(&str, u128)]) -> Judged {
    let parse = |text: &str| ChainAddress::parse(Blockchain::Bitcoin, text).unwrap();
    let whole = |count: &u128| Units { of: listed("BTC", 8), count: *count };
    let mut flows = Flows::none(Blockchain::Bitcoin);
    for (from, count) in inputs {
        flows.pays(Some(*from).filter(|text| !text.is_empty()).map(parse).as_ref(), &whole(count)).unwrap();
    }
    for (to, count) in outputs {
        flows.gets(Some(&parse(to)), &whole(count)).unwrap();
    }
    judged(&flows)
}

#[test]
fn change_and_consolidations_of_bitcoin_are_no_transfers() {
    let [one, two, other] = [
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    ];
    let coin = 100_000_000;
    // Two inputs pay 50; 149.999 come back to one of them.
    let paid = bitcoin(&[(one, 100 * coin), (two, 100 * coin)], &[(other, 50 * coin), (two, 15_000_000_000 - 100_000)]);
    let Judged::Alert(told) = paid else { panic!("{paid:?}") };
    assert_eq!((told.units.to_string(), told.worth.to_string()), ("50".into(), "3000000".into()));
    assert_eq!(told.from_address.map(|address| address.to_string()).as_deref(), Some(one));
    let gathered = bitcoin(&[(one, 100 * coin), (two, 100 * coin)], &[(two, 200 * coin - 5_000)]);
    assert_eq!(gathered, Judged::Silent(Silent::Consolidation));
}

/// Inputs that are spent together have one owner, whoever it is.
#[test]
fn inputs_without_an_address_are_given_by_somebody_and_nothing_is_minted() {
    let [one, other] = ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"];
    let coin = 100_000_000;
    let Judged::Alert(unknown) = bitcoin(&[("", 50 * coin), ("", 50 * coin)], &[(other, 99 * coin)]) else { panic!() };
    assert_eq!(
        (unknown.kind, unknown.from, unknown.from_address),
        (TransactionType::WhaleTransfer, Owner::Unknown, None)
    );
    assert_eq!((unknown.units.to_string(), unknown.to), ("99".into(), Owner::Address(unknown.to_address.unwrap())));
    let Judged::Alert(partly) = bitcoin(&[(one, 30 * coin), ("", 70 * coin)], &[(other, 90 * coin), (one, 9 * coin)])
    else {
        panic!()
    };
    assert_eq!((partly.units.to_string(), partly.from_address.unwrap().to_string()), ("90".into(), one.to_owned()));
    assert_eq!(bitcoin(&[], &[(other, 90 * coin)]), Judged::Small, "what is newly mined is given by nobody");
}

/// A payment that several owners have put together is as large as what one of them has put in.
#[test]
fn transfer_is_never_more_than_its_giver_gave_or_its_receiver_got() {
    let put = [(Some(ANN), Some(OKX), "USDC", 3_000_000), (Some(BOB), Some(OKX), "USDC", 2_000_000)];
    let told = alert(&flows(&put));
    assert_eq!((told.from_address, told.units.to_string()), (Some(address(ANN)), "3000000".into()));
    let small = [(Some(ANN), Some(OKX), "USDC", 900_000), (Some(BOB), Some(OKX), "USDC", 800_000)];
    assert_eq!(of(&small), Judged::Small, "of two owners none of whom gives as much");
    let minted = [(None, Some(ANN), "USDC", 2_000_000), (Some(BOB), Some(ANN), "USDC", 1_500_000)];
    let told = alert(&flows(&minted));
    assert_eq!((told.kind, told.units.to_string()), (TransactionType::Mint, "2000000".into()));
}

#[test]
fn without_a_price_nothing_is_published() {
    assert_eq!(of(&[(Some(ANN), Some(OKX), "LINK", 9_000_000)]), Judged::Unpriced("LINK".parse().unwrap()));
    let beside = [(Some(ANN), Some(OKX), "LINK", 9_000_000), (Some(ANN), Some(OKX), "USDC", 1_000_000)];
    assert_eq!(alert(&flows(&beside)).units.of.asset.as_str(), "USDC", "an asset with a price is judged all the same");
}

#[test]
fn score_rises_with_worth_and_repetition_and_says_why() {
    let of = |kind, worth: &str, number| {
        let is = significance(kind, worth.parse::<Amount>().unwrap(), number);
        (is.score, is.reasons)
    };
    use ScoreReason::{Huge, Large, Repeated, Type};
    use TransactionType::{ExchangeOutflow, WhaleTransfer};
    assert_eq!(of(WhaleTransfer, "10000000", 1), (6, vec![Type]));
    assert_eq!(of(WhaleTransfer, "10000000.01", 1), (8, vec![Type, Large]));
    assert_eq!(of(WhaleTransfer, "50000000", 1), (8, vec![Type, Large]));
    assert_eq!(of(WhaleTransfer, "50000000.01", 1), (10, vec![Huge]));
    assert_eq!(of(WhaleTransfer, "1000000", 2), (6, vec![Type]));
    assert_eq!(of(WhaleTransfer, "1000000", 3), (7, vec![Type, Repeated]));
    assert_eq!(of(ExchangeOutflow, "20000000", 3), (10, vec![Type, Large]));
}

#[test]
fn amounts_are_exact_to_the_last_unit() {
    let of = |count, decimals| Units { of: listed("TOKEN", decimals), count };
    for (count, decimals, shown) in [
        (0, 18, "0"),
        (1, 18, "0.000000000000000001"),
        (1_500_000_000_000_000_000, 18, "1.5"),
        (1_234_567, 6, "1.234567"),
        (42, 0, "42"),
        (u128::MAX, 18, "340282366920938463463.374607431768211455"),
    ] {
        assert_eq!(of(count, decimals).to_string(), shown);
    }
    let worth = of(1_999_999_999_999_999_999, 18).worth("3000.005".parse().unwrap()).unwrap();
    assert_eq!(worth.to_string(), "6000");
    assert!(of(u128::MAX, 0).worth("1".parse().unwrap()).is_err(), "more than any amount is no amount");
    let mut flows = Flows::none(Blockchain::Ethereum);
    flows.moves(None, Some(&address(ANN)), &of(u128::MAX, 0)).unwrap();
    assert!(flows.moves(None, Some(&address(ANN)), &of(1, 0)).is_err());
}

proptest! {
    /// In whatever order a transaction tells of its movements, and into however many they are cut.
    #[test]
    fn meaning_follows_from_sums_alone(
        moves in prop::collection::vec((0_u8..6, 0_u8..6, 0_usize..2, 1_u128..9_000_000), 1..8),
        turn in 0_usize..8,
    ) {
        let who = [Some(ANN), Some(BOB), Some(BINANCE_HOT), Some(BINANCE_COLD), Some(OKX), None];
        let of = |(from, to, asset, count): &(u8, u8, usize, u128)| -> Move<'static> {
            (who[usize::from(*from)], who[usize::from(*to)], ["USDC", "WETH"][*asset], *count)
        };
        let whole: Vec<_> = moves.iter().map(of).collect();
        let mut turned = whole.clone();
        turned.rotate_left(turn % whole.len());
        let halves = turned.iter().flat_map(|(from, to, asset, count)| {
            [count / 2, count - count / 2].map(|part| (*from, *to, *asset, part))
        });
        let halves: Vec<_> = halves.collect();
        prop_assert_eq!(judged(&flows(&whole)), judged(&flows(&halves)));
        if let Judged::Alert(told) = judged(&flows(&whole)) {
            prop_assert!(told.worth >= "1000000".parse().unwrap());
            prop_assert!(told.from != told.to || told.kind == TransactionType::Internal);
            let owner = |side: Option<u8>| match side {
                None => Owner::Issuer,
                Some(BINANCE_HOT | BINANCE_COLD) => Owner::Named("Binance".into(), LabelCategory::Exchange),
                Some(OKX) => Owner::Named("OKX".into(), LabelCategory::Exchange),
                Some(one) => Owner::Address(address(one)),
            };
            let sum = |of: &Owner, side: fn(&Move<'_>) -> Option<u8>| -> u128 {
                let own = whole.iter().filter(|one| one.2 == told.units.of.asset.as_str() && owner(side(one)) == *of);
                own.map(|one| coins(one.2, one.3).count).sum()
            };
            prop_assert!(told.units.count <= sum(&told.from, |one| one.0) && told.units.count <= sum(&told.to, |one| one.1));
        }
    }
}

pub(super) fn block(number: u64, hash: &str) -> BlockRef {
    BlockRef { number, hash: hash.to_owned() }
}

pub(super) fn seen(block: BlockRef, source: &str) -> WhaleAlert {
    let transfer = alert(&flows(&[(Some(ANN), Some(BINANCE_HOT), "USDC", 12_000_000)]));
    let significance = significance(transfer.kind, transfer.worth, 1);
    WhaleAlert {
        id: WhaleAlert::id_of(Blockchain::Ethereum, "0xAB"),
        chain: Blockchain::Ethereum,
        transaction: "0xab".to_owned(),
        block: Some(block),
        at: Timestamp::default(),
        detected_at: Timestamp::default(),
        transfer,
        price: "1".parse().ok(),
        impacts: BTreeMap::new(),
        significance,
        status: WhaleStatus::Provisional,
        confirmations: 1,
        sources: BTreeSet::from([source.to_owned()]),
        revoked_at: None,
    }
}

#[test]
fn alert_of_two_sources_is_one_and_is_revoked_and_mined_again() {
    let (first, later) = (block(7, "a"), Timestamp::from_millis(9));
    let known = seen(first.clone(), "node").after(None).unwrap();
    assert_eq!(known.events(None), [WhaleEvent::Seen, WhaleEvent::SeenHigh]);
    assert_eq!(seen(first.clone(), "node").after(Some(&known)), None, "the same once more");
    let both = seen(first.clone(), "whale_alert").after(Some(&known)).unwrap();
    assert_eq!((both.sources.len(), both.events(Some(&known)).len()), (2, 0), "another source tells nothing new");
    let orphaned = both.revoked(&first, later).unwrap();
    assert_eq!((orphaned.status, orphaned.revoked_at), (WhaleStatus::Orphaned, Some(later)));
    assert_eq!(orphaned.events(Some(&both)), [WhaleEvent::Revoked]);
    assert_eq!((orphaned.revoked(&first, later), orphaned.settled(&first, 1)), (None, None), "once");
    assert_eq!(seen(first.clone(), "node").after(Some(&orphaned)), None, "what was seen before does not bring it back");
    let afterwards = WhaleAlert { detected_at: Timestamp::from_millis(10), ..seen(block(8, "b"), "node") };
    let again = afterwards.after(Some(&orphaned)).unwrap();
    assert_eq!((&again.id, again.status, again.revoked_at), (&known.id, WhaleStatus::Provisional, None));
    assert_eq!((again.events(Some(&orphaned)).len(), again.sources.len()), (2, 2));
    assert_eq!(again.revoked(&first, later), None, "it stands in another block by now");
    let elsewhere = again.settled(&first, 3).unwrap();
    assert_eq!((elsewhere.block.as_ref(), elsewhere.status), (Some(&first), WhaleStatus::Final), "where it stays");
    let last = again.settled(&block(8, "b"), 3).unwrap();
    assert_eq!((last.status, last.events(Some(&again))), (WhaleStatus::Final, vec![WhaleEvent::Final]));
    assert_eq!((last.settled(&block(8, "b"), 4), last.settled(&first, 4), last.confirmations), (None, None, 3), "once");
    let made_up = seen(block(9, "c"), "third").after(Some(&last)).unwrap();
    assert_eq!((&made_up.block, made_up.status, made_up.sources.len()), (&last.block, WhaleStatus::Final, 3));
    assert_eq!(made_up.events(Some(&last)), [], "what is final stays");
    assert_eq!(last.revoked(&block(8, "b"), later).unwrap().events(Some(&last)), [WhaleEvent::Revoked], "however deep");
}

/// A source without blocks vouches for what it lists; a block that is read later is where it stands.
#[test]
fn alert_that_was_listed_gets_its_block_and_its_events_once() {
    let listed = WhaleAlert { block: None, status: WhaleStatus::Final, ..seen(block(7, "a"), "list") };
    assert_eq!(listed.events(None), [WhaleEvent::Seen, WhaleEvent::SeenHigh, WhaleEvent::Final]);
    let read = seen(block(7, "a"), "node").after(Some(&listed)).unwrap();
    assert_eq!(
        (read.block.clone(), read.status, read.events(Some(&listed))),
        (Some(block(7, "a")), WhaleStatus::Final, vec![])
    );
    assert_eq!(read.revoked(&block(7, "a"), Timestamp::default()).unwrap().events(Some(&read)), [WhaleEvent::Revoked]);
    let known = seen(block(7, "a"), "node");
    let both = listed.after(Some(&known)).unwrap();
    assert_eq!((both.block, both.status, both.sources.len()), (Some(block(7, "a")), WhaleStatus::Provisional, 2));
}

#[test]
fn list_does_not_bring_back_what_was_orphaned() {
    let (known, later) = (seen(block(7, "a"), "node"), Timestamp::from_millis(9));
    let orphaned = known.revoked(&block(7, "a"), later).unwrap();
    let listed = WhaleAlert {
        block: None,
        status: WhaleStatus::Final,
        detected_at: Timestamp::from_millis(10),
        ..seen(block(7, "a"), "list")
    };
    let after = listed.after(Some(&orphaned)).unwrap();
    assert_eq!((after.status, after.revoked_at, after.sources.len()), (WhaleStatus::Orphaned, Some(later), 2));
    assert_eq!(after.events(Some(&orphaned)), []);
}

#[test]
fn mint_has_no_event_at_any_time() {
    let minted = Transfer { kind: TransactionType::Mint, ..seen(block(7, "a"), "node").transfer };
    let known = WhaleAlert { transfer: minted, ..seen(block(7, "a"), "node") };
    let orphaned = known.revoked(&block(7, "a"), Timestamp::default()).unwrap();
    let last = known.settled(&block(7, "a"), 2).unwrap();
    assert_eq!(
        [known.events(None), orphaned.events(Some(&known)), last.events(Some(&known))],
        [vec![], vec![], vec![]]
    );
}

/// A chain whose end is orphaned again and again: by how many blocks, and how many come in their place.
fn forks() -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((0_usize..12, 1_usize..20), 1..12)
}

/// Blocks from 1 on, each with the hash of the one before. Fork `n` orphans and appends.
fn forked(chain: &mut Vec<Header>, (back, more): (usize, usize), fork: usize) {
    chain.truncate(chain.len().saturating_sub(back).max(1));
    for _ in 0..more {
        let last = chain.last().unwrap().block.clone();
        let next = block(last.number + 1, &format!("{}.{fork}", last.number + 1));
        chain.push(Header { block: next, parent: last.hash, at: Timestamp::from_millis(0) });
    }
}

/// What has happened to a block.
type Log = Vec<(bool, BlockRef)>;

/// Follows the chain for so many answers; where it stops, it goes on the next time.
fn follow(cursor: &mut Cursor, chain: &[Header], answers: usize, log: &mut Log) {
    for _ in 0..answers {
        let asked = cursor.next().unwrap();
        let of = |number| chain.iter().find(|header| header.block.number == number);
        // Where the chain has become shorter than what was read, nothing says so but its end.
        let header = of(asked).or_else(|| of(asked - 1)).or_else(|| chain.last()).unwrap();
        match cursor.step(header) {
            Step::Read => {
                log.push((true, header.block.clone()));
                *cursor = cursor.clone().read(header.block.clone(), BTreeSet::new());
            }
            Step::Revoke(gone) => {
                log.push((false, gone));
                *cursor = cursor.clone().revoked().0;
            }
            Step::Wait | Step::Ask => return,
            Step::Lost => panic!("{header:?}"),
        }
    }
}

proptest! {
    /// However often its end is orphaned, and wherever reading stops: what was read and not revoked is the chain, each block once.
    #[test]
    fn chain_is_read_without_a_gap_and_without_a_duplicate(forks in forks(), stops in prop::collection::vec(0_usize..25, 12)) {
        let genesis = Header { block: block(1, "1"), parent: "0".to_owned(), at: Timestamp::from_millis(0) };
        let mut chain = vec![genesis.clone()];
        let (mut cursor, mut log) = (Cursor::behind([genesis.block], 256), Log::new());
        for (number, fork) in forks.iter().enumerate() {
            forked(&mut chain, *fork, number);
            follow(&mut cursor, &chain, stops[number], &mut log);
        }
        // A removed end cannot be distinguished from an endpoint that is behind until the chain has grown again.
        forked(&mut chain, (0, 300), forks.len());
        follow(&mut cursor, &chain, 1_000, &mut log);
        let mut standing: Vec<BlockRef> = Vec::new();
        for (is_read, block) in log {
            if is_read {
                prop_assert!(!standing.contains(&block), "{block:?} is read twice");
                standing.push(block);
            } else {
                prop_assert_eq!(standing.pop(), Some(block), "the newest is revoked first");
            }
        }
        let expected: Vec<_> = chain.iter().skip(1).map(|header| header.block.clone()).collect();
        prop_assert_eq!(standing, expected);
    }
}

#[test]
fn header_that_was_not_asked_for_moves_nothing_and_a_reorganisation_beyond_what_is_kept_is_published() {
    let header = |number, hash: &str, parent: &str| Header {
        block: block(number, hash),
        parent: parent.to_owned(),
        at: Timestamp::from_millis(0),
    };
    let none = BTreeSet::new;
    let cursor = Cursor::behind([block(5, "e")], 2).read(block(6, "f"), none()).read(block(7, "g"), none());
    assert_eq!(cursor.blocks().map(|read| read.block.number).collect::<Vec<_>>(), [6, 7]);
    assert_eq!(cursor.step(&header(7, "g", "f")), Step::Wait);
    assert_eq!(cursor.step(&header(7, "x", "f")), Step::Revoke(block(7, "g")));
    assert_eq!(cursor.step(&header(6, "f", "e")), Step::Ask, "an endpoint that is behind");
    assert_eq!(cursor.step(&header(9, "i", "g")), Step::Ask);
    assert_eq!(cursor.step(&header(8, "h", "g")), Step::Read);
    assert_eq!(cursor.step(&header(8, "h", "other")), Step::Revoke(block(7, "g")));
    let cursor = cursor.revoked().0.revoked().0;
    assert_eq!((cursor.next(), cursor.step(&header(6, "x", "y"))), (None, Step::Lost));
}

#[test]
fn alerts_are_final_once_their_block_has_so_many_confirmations() {
    let alert = |name: &str| BTreeSet::from([WhaleAlertId::of(&[name])]);
    let cursor = Cursor::behind([block(1, "a")], 9).read(block(2, "b"), alert("x")).read(block(3, "c"), alert("y"));
    let (cursor, early) = cursor.settled(3);
    assert_eq!(early, []);
    let (cursor, settled) = cursor.read(block(4, "d"), BTreeSet::new()).settled(3);
    assert_eq!(settled, [(WhaleAlertId::of(&["x"]), block(2, "b"))]);
    let (cursor, again) = cursor.settled(3);
    assert_eq!(again, [], "once");
    let (cursor, none) = cursor.revoked();
    let (_, revoked) = cursor.revoked();
    assert_eq!((none, revoked), (BTreeSet::new(), alert("y")));
}

/// The next minute tries again after the first failure; then it is left alone for longer each time, an hour at most.
#[test]
fn source_that_fails_is_left_alone_for_longer_each_time() {
    let at = |minute: i64| Timestamp::from_millis(minute * 60_000);
    let mut watch = Watch::new(SourceId::of(&["node"]), Blockchain::Ethereum);
    let mut waited = Vec::new();
    for _ in 0..9 {
        watch = watch.failed(FeedFault::Unreachable, at(0));
        waited.push(watch.fault.as_ref().unwrap().again_at.since(at(0)).get() / 60_000);
    }
    assert_eq!(waited, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
    assert!(watch.is_left_alone(at(59)) && !watch.is_left_alone(at(60)));
    let failing = watch.fault.clone().unwrap();
    assert_eq!((failing.fault.as_str(), failing.since, failing.times), ("unreachable", at(0), 9));
    let well = watch.well(at(61));
    assert_eq!((well.fault.clone(), well.read_at), (None, Some(at(61))));
    let busy = well.clone().failed(FeedFault::Busy(Some(Millis::seconds(90))), at(61));
    assert_eq!(busy.fault.unwrap().again_at, at(61).plus(Millis::seconds(90)), "as long as it asks for");
    let forever = well.clone().failed(FeedFault::Busy(Some(Millis::new(i64::MAX))), at(61));
    assert_eq!(forever.fault.unwrap().again_at, at(121), "and an hour at most");
    for fault in [FeedFault::Changed, FeedFault::Disagrees, FeedFault::Stale] {
        let again = (0..9).fold(well.clone(), |watch, _| watch.failed(fault, at(61)));
        assert!(!again.is_left_alone(at(61)), "it may be over in the next minute: {fault}");
    }
}

/// Two hours ahead of our own clock are too much on every chain; before its parent a block may be made on Bitcoin alone.
#[test]
fn block_time_that_its_chain_does_not_permit_is_refused() {
    let now = Timestamp::from_millis(1_700_000_000_000);
    let header =
        |seconds: i64| Header { block: block(7, "g"), parent: "f".to_owned(), at: now.plus(Millis::seconds(seconds)) };
    use Blockchain::{BinanceSmartChain, Bitcoin, Ethereum};
    let hours = |hours: i64| hours * 3_600;
    for (chain, times, is_permitted) in [
        (Bitcoin, vec![hours(2)], true),
        (Bitcoin, vec![hours(2) + 1], false),
        (Ethereum, vec![hours(2) + 1], false),
        (BinanceSmartChain, vec![-9, hours(2) + 1], false),
        (Ethereum, vec![-12, 0], true),
        (Ethereum, vec![-12, -12], false),
        (Ethereum, vec![-36, -24, -25], false),
        (BinanceSmartChain, vec![-12, -12], true),
        (BinanceSmartChain, vec![-12, -13], false),
        (Bitcoin, vec![hours(2), hours(-4)], true),
        (Bitcoin, vec![hours(2), hours(-4) - 1], false),
        (Bitcoin, vec![], true),
    ] {
        let headers: Vec<Header> = times.iter().copied().map(header).collect();
        assert_eq!(chain.permits_times(&headers, now), is_permitted, "{chain:?} {times:?}");
    }
}

#[test]
fn chain_without_a_block_for_long_is_stale() {
    let now = Timestamp::from_millis(1_700_000_000_000);
    for (chain, minutes) in
        [(Blockchain::Ethereum, 10), (Blockchain::BinanceSmartChain, 10), (Blockchain::Bitcoin, 240)]
    {
        let last = now.minus(Millis::seconds(minutes * 60));
        assert!(!chain.is_stale(last, now) && !chain.is_stale(now.plus(Millis::seconds(60)), now), "{chain:?}");
        assert!(chain.is_stale(last.minus(Millis::new(1)), now), "{chain:?}");
    }
}

#[test]
fn filter_has_to_name_what_is_created_moved_within_an_owner_or_taken_back() {
    let known = seen(block(7, "a"), "node");
    let mint = Transfer { kind: TransactionType::Mint, ..known.transfer.clone() };
    let minted = WhaleAlert { transfer: mint, ..known.clone() };
    let orphaned = known.revoked(&block(7, "a"), Timestamp::default()).unwrap();
    let all = [&known, &minted, &orphaned];
    let has = |filter: WhaleFilter| all.map(|alert| filter.has(alert));
    let none = WhaleFilter::default;
    assert_eq!(has(none()), [true, false, false]);
    assert_eq!(has(WhaleFilter { kind: Some(TransactionType::Mint), ..none() }), [false, true, false]);
    assert_eq!(has(WhaleFilter { status: Some(WhaleStatus::Orphaned), ..none() }), [false, false, true]);
    for (filter, kept) in [
        (WhaleFilter { asset: Some("USDC".parse().unwrap()), ..none() }, true),
        (WhaleFilter { asset: Some("USDT".parse().unwrap()), ..none() }, false),
        (WhaleFilter { chain: Some(Blockchain::Bitcoin), ..none() }, false),
        (WhaleFilter { worth_min: Some("12000000".parse().unwrap()), ..none() }, true),
        (WhaleFilter { worth_min: Some("12000000.01".parse().unwrap()), ..none() }, false),
        (WhaleFilter { score_min: Some(9), ..none() }, true),
        (WhaleFilter { score_min: Some(10), ..none() }, false),
    ] {
        assert_eq!(filter.has(&known), kept, "{filter:?}");
    }
}

/// A payout beside a larger move between addresses of the same exchange; and units without a meaning.
#[test]
fn what_moves_within_an_owner_hides_no_transfer_and_nonsense_is_none() {
    let payout = flows(&[
        (Some(BINANCE_HOT), Some(ANN), "USDC", 10_000_000),
        (Some(BINANCE_HOT), Some(BINANCE_COLD), "USDC", 90_000_000),
    ]);
    let told = alert(&payout);
    assert_eq!((told.kind, told.others), (TransactionType::ExchangeOutflow, 1));
    assert_eq!(judged(&flows(&[(Some(ANN), Some(BOB), "USDC", 10_000_000_000_001)])), Judged::Small);
}

/// Three inputs to two addresses of an exchange, none of which is large by itself.
#[test]
fn what_is_large_together_is_looked_at() {
    let prices = BTreeMap::from([("USDC".parse().unwrap(), "1".parse().unwrap())]);
    let is_large = |flows: &Flows| flows.are_worth("1000000".parse().unwrap(), &prices);
    let parts = [(Some(ANN), Some(BINANCE_HOT), "USDC", 600_000), (Some(BOB), Some(BINANCE_COLD), "USDC", 400_000)];
    assert!(is_large(&flows(&parts)));
    assert!(!is_large(&flows(&[(Some(ANN), Some(BINANCE_HOT), "USDC", 999_999)])));
    assert!(
        !is_large(&flows(&[(Some(ANN), Some(BOB), "USDC", 1_000_000), (Some(BOB), Some(ANN), "USDC", 1_000_000)])),
        "it comes back"
    );
}
