use super::*;
use app::ports::ReadBlocks;
use chain_sim::Server;
use domain::whale::{Blockchain, FeedFault, Judged, Known, Owner, TransactionType, judge};
use feeds::Esplora;
use std::collections::{BTreeMap, BTreeSet};
use wire::listed::listing;

const ALICE: &str = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
const BOB: &str = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2";
const COIN: u64 = 100_000_000;

/// Sixty transactions, so three pages; the last one pays 30 coins and gets 5 back.
fn block(chain: &mut Chain) -> String {
    let mut all: Vec<_> = (0..59).map(|n| coins(chain, &[], &[(ALICE, n + 1)])).collect();
    let paid = coins(chain, &[(ALICE, 20 * COIN), (ALICE, 15 * COIN)], &[(BOB, 30 * COIN + 1), (ALICE, 5 * COIN - 2)]);
    let hash = paid.hash.clone();
    all.push(paid);
    chain.mine(all);
    hash
}

#[tokio::test]
async fn every_transaction_of_a_block_is_read_once_and_change_is_no_payment() {
    let mut chain = chain(Kind::Utxo);
    let paid = block(&mut chain);
    let server = Server::start(chain).await.unwrap();
    let (client, url, listing) = (client(), url(&server.url("a")), listing(Blockchain::Bitcoin));
    let feed = Esplora { client: &client, url: &url, listing: &listing };
    assert_eq!(feed.newest().await, Ok(101));
    let headers = feed.headers(100..=105).await.unwrap();
    assert_eq!(headers.iter().map(|header| header.block.number).collect::<Vec<_>>(), [100, 101]);
    assert_eq!(headers[1].parent, headers[0].block.hash);
    let seen = feed.transactions(&headers, &all).await.unwrap();
    assert_eq!((seen[0].len(), seen[1].len()), (0, 60));
    let large = seen[1].iter().find(|seen| seen.transaction == paid).unwrap();
    let prices = BTreeMap::from([("BTC".parse().unwrap(), "50000".parse().unwrap())]);
    let (labels, contracts) = (BTreeMap::new(), BTreeSet::new());
    let known = Known {
        labels: &labels,
        told: &[],
        contracts: &contracts,
        prices: &prices,
        minimum: "1000000".parse().unwrap(),
    };
    let Ok(Judged::Alert(transfer)) = judge(&large.flows, &known) else { unreachable!("{large:?}") };
    assert_eq!(
        (transfer.units.to_string(), transfer.to_address.unwrap().to_string()),
        ("30.00000001".to_owned(), BOB.to_owned())
    );
}

/// What is spent by a script that is no address has come from an owner; what is newly mined has not.
#[tokio::test]
async fn input_without_an_address_is_given_by_an_unknown_owner() {
    let mut chain = chain(Kind::Utxo);
    let mut paid = coins(&mut chain, &[(ALICE, 40 * COIN)], &[(BOB, 39 * COIN)]);
    if let Move::Coins { inputs, .. } = &mut paid.moves {
        inputs[0].address = None;
    }
    let mined = coins(&mut chain, &[], &[(BOB, 39 * COIN)]);
    chain.mine(vec![mined.clone(), paid.clone()]);
    let server = Server::start(chain).await.unwrap();
    let (client, url, listing) = (client(), url(&server.url("a")), listing(Blockchain::Bitcoin));
    let feed = Esplora { client: &client, url: &url, listing: &listing };
    let seen = feed.transactions(&feed.headers(101..=101).await.unwrap(), &all).await.unwrap();
    let prices = BTreeMap::from([("BTC".parse().unwrap(), "50000".parse().unwrap())]);
    let (labels, contracts) = (BTreeMap::new(), BTreeSet::new());
    let known = Known {
        labels: &labels,
        told: &[],
        contracts: &contracts,
        prices: &prices,
        minimum: "1000000".parse().unwrap(),
    };
    let of = |hash: &str| judge(&seen[0].iter().find(|seen| seen.transaction == hash).unwrap().flows, &known).unwrap();
    let Judged::Alert(told) = of(&paid.hash) else { unreachable!("{seen:?}") };
    assert_eq!(
        (told.from, told.kind, told.units.to_string()),
        (Owner::Unknown, TransactionType::WhaleTransfer, "39".into())
    );
    assert_eq!(of(&mined.hash), Judged::Small);
}

#[tokio::test]
async fn pages_that_overlap_or_a_block_that_is_gone_are_no_answer() {
    let mut chain = chain(Kind::Utxo);
    block(&mut chain);
    let server = Server::start(chain).await.unwrap();
    let (client, url, listing) = (client(), url(&server.url("a")), listing(Blockchain::Bitcoin));
    let feed = Esplora { client: &client, url: &url, listing: &listing };
    let headers = feed.headers(101..=101).await.unwrap();
    server.faults(|faults| faults.pages_overlap = true);
    assert_eq!(feed.transactions(&headers, &all).await, Err(FeedFault::Unreadable));
    server.faults(|faults| {
        faults.pages_overlap = false;
        faults.pages_are_short = true;
    });
    assert_eq!(feed.transactions(&headers, &all).await, Err(FeedFault::Unreadable), "one is missing on each page");
    server.faults(|faults| faults.pages_are_short = false);
    server.faults(|faults| faults.busy = 1);
    assert_eq!(feed.transactions(&headers, &all).await, Err(FeedFault::Busy(None)));
    let mut gone = headers;
    gone[0].block.hash = "0".repeat(64);
    assert_eq!(feed.transactions(&gone, &all).await, Err(FeedFault::Changed));
    server.faults(|faults| faults.cut = 1);
    assert_eq!(feed.headers(101..=101).await, Err(FeedFault::Unreadable), "a hash that is half of one becomes no path");
}
