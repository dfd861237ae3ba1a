use super::*;
use app::ports::ReadBlocks;
use chain_sim::Server;
use domain::clock::Timestamp;
use domain::money::Amount;
use domain::whale::{Blockchain, ChainAddress, FeedFault, Judged, Known, Listing, TransactionType, judge};
use feeds::Evm;
use std::collections::{BTreeMap, BTreeSet};
use wire::listed::listing;

const USDT: &str = "0xdac17f958d2ee523a2206206994597c13d831ec7";
const USDC: &str = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48";
const UNLISTED: &str = "0x00000000000000000000000000000000000000ee";
const ETH: u128 = 1_000_000_000_000_000_000;

struct World {
    server: Server,
    client: Client,
    url: EndpointUrl,
    listing: Listing,
}

impl World {
    async fn of(chain: Chain) -> Self {
        let server = Server::start(chain).await.unwrap();
        let url = url(&server.url("a"));
        Self { server, client: client(), url, listing: listing(Blockchain::Ethereum) }
    }

    fn feed(&self) -> Evm<'_> {
        Evm {
            client: &self.client,
            url: &self.url,
            chain: Blockchain::Ethereum,
            listing: &self.listing,
            reads_native: true,
        }
    }

    async fn seen(&self, numbers: std::ops::RangeInclusive<u64>) -> Result<Vec<Vec<Seen>>, FeedFault> {
        let headers = self.feed().headers(numbers).await?;
        self.feed().transactions(&headers, &all).await
    }
}

fn chain_of_ethereum() -> Chain {
    chain(Kind::Evm(1))
}

/// With a price of 1 for tokens of a dollar, and of 2,000 for ether.
fn judged(seen: &Seen) -> Judged {
    let prices: BTreeMap<_, _> = [("USDT", "1"), ("USDC", "1"), ("ETH", "2000")]
        .map(|(asset, price)| (asset.parse().unwrap(), price.parse().unwrap()))
        .into();
    let contracts: BTreeSet<_> = listing(Blockchain::Ethereum).tokens.into_keys().collect();
    let minimum: Amount = "1000000".parse().unwrap();
    judge(&seen.flows, &Known { labels: &BTreeMap::new(), told: &[], contracts: &contracts, prices: &prices, minimum })
        .unwrap()
}

#[tokio::test]
async fn headers_follow_on_one_another_and_end_with_the_chain() {
    let mut chain = chain_of_ethereum();
    for _ in 0..120 {
        chain.mine(Vec::new());
    }
    let world = World::of(chain).await;
    assert_eq!(world.feed().newest().await, Ok(220));
    let headers = world.feed().headers(101..=400).await.unwrap();
    assert_eq!(headers.len(), 120);
    assert!(headers.windows(2).all(|two| two[1].parent == two[0].block.hash));
    assert_eq!(headers[0].at, Timestamp::from_millis(1_700_000_012_000));
    assert_eq!(headers[0].block.number, 101);
    assert_eq!(world.feed().headers(221..=230).await, Ok(Vec::new()));
}

#[tokio::test]
async fn coins_and_listed_tokens_are_counted_to_the_last_unit() {
    let mut chain = chain_of_ethereum();
    let ether = sends(&mut chain, 600 * ETH + 1, Vec::new());
    let dollars = sends(&mut chain, 0, vec![token(USDT, 1, 3, 5_000_000_000_001)]);
    chain.mine(vec![ether.clone(), dollars.clone()]);
    let world = World::of(chain).await;
    let seen = world.seen(101..=101).await.unwrap();
    let of = |hash: &str| seen[0].iter().find(|seen| seen.transaction == hash).unwrap();
    let told = |hash: &str| match judged(of(hash)) {
        Judged::Alert(transfer) => (
            transfer.kind,
            transfer.units.to_string(),
            transfer.worth.to_string(),
            transfer.to_address.unwrap().to_string(),
        ),
        other => unreachable!("{other:?}"),
    };
    let ether_told =
        (TransactionType::WhaleTransfer, "600.000000000000000001".to_owned(), "1200000".to_owned(), account(2));
    assert_eq!(told(&ether.hash), ether_told);
    let dollars_told = (TransactionType::WhaleTransfer, "5000000.000001".to_owned(), "5000000".to_owned(), account(3));
    assert_eq!(told(&dollars.hash), dollars_told);
}

/// A swap pays one token and gets another in one transaction; its receipt has both, whichever was looked for.
#[tokio::test]
async fn of_what_is_large_the_whole_transaction_is_asked_for() {
    let mut chain = chain_of_ethereum();
    let swap = sends(&mut chain, 600 * ETH, vec![token(USDC, 9, 1, 1_200_000_000_000)]);
    let other = sends(&mut chain, 0, vec![token(USDT, 1, 3, 2_000_000_000_000), token(UNLISTED, 3, 1, 77)]);
    let small = sends(&mut chain, 1, Vec::new());
    chain.mine(vec![swap.clone(), other.clone(), small]);
    let world = World::of(chain).await;
    let headers = world.feed().headers(101..=101).await.unwrap();
    let minimum: Amount = "1000000".parse().unwrap();
    let prices = BTreeMap::from([
        ("USDT".parse().unwrap(), "1".parse().unwrap()),
        ("ETH".parse().unwrap(), "2000".parse().unwrap()),
    ]);
    let seen = world.feed().transactions(&headers, &|flows| flows.are_worth(minimum, &prices)).await.unwrap();
    let mut large = vec![swap.hash, other.hash];
    large.sort();
    assert_eq!(hashes(&seen), [large], "small ones are left out");
    assert!(seen[0].iter().all(|seen| matches!(judged(seen), Judged::Silent(_))), "{seen:?}");
}

#[tokio::test]
async fn what_has_failed_or_creates_a_contract_or_is_nonsense_moves_nothing() {
    let mut chain = chain_of_ethereum();
    let failed = Transaction {
        hash: chain.hash(),
        moves: Move::Account {
            from: account(1),
            to: Some(account(2)),
            value: 900 * ETH,
            logs: Vec::new(),
            has_failed: true,
        },
    };
    let creates = Transaction {
        hash: chain.hash(),
        moves: Move::Account { from: account(1), to: None, value: 900 * ETH, logs: Vec::new(), has_failed: false },
    };
    let nonsense = Log { data: format!("0x{}", "f".repeat(64)), ..token(USDT, 1, 2, 0) };
    let nonsense = sends(&mut chain, 0, vec![nonsense]);
    let plain = token(USDT, 1, 2, 5_000_000_000_000);
    let collectible = Log { topics: [plain.topics.clone(), vec![format!("0x{:064x}", 9)]].concat(), ..plain };
    let collectible = sends(&mut chain, 0, vec![collectible]);
    chain.mine(vec![failed, creates, nonsense, collectible]);
    let world = World::of(chain).await;
    let seen = world.seen(101..=101).await.unwrap();
    assert!(seen[0].iter().all(|seen| judged(seen) == Judged::Small), "{seen:?}");
}

#[tokio::test]
async fn what_has_no_giver_is_minted_and_what_has_no_receiver_is_burned() {
    let mut chain = chain_of_ethereum();
    let minted = sends(&mut chain, 0, vec![token(USDC, 0, 5, 2_000_000_000_000)]);
    let burned = sends(&mut chain, 0, vec![token(USDC, 5, 0, 3_000_000_000_000)]);
    chain.mine(vec![minted.clone(), burned.clone()]);
    let world = World::of(chain).await;
    let seen = world.seen(101..=101).await.unwrap();
    let kind = |hash: &str| match judged(seen[0].iter().find(|seen| seen.transaction == hash).unwrap()) {
        Judged::Alert(transfer) => Some(transfer.kind),
        _ => None,
    };
    assert_eq!(kind(&minted.hash), Some(TransactionType::Mint));
    assert_eq!(kind(&burned.hash), Some(TransactionType::Burn));
}

/// So many blocks with a transaction each.
fn blocks(count: usize) -> (Chain, Vec<Vec<String>>) {
    let (mut chain, mut hashes_of) = (chain_of_ethereum(), Vec::new());
    for _ in 0..count {
        let sent = sends(&mut chain, ETH, vec![token(USDT, 1, 2, 2_000_000_000_000)]);
        hashes_of.push(vec![sent.hash.clone()]);
        chain.mine(vec![sent]);
    }
    (chain, hashes_of)
}

/// Ten blocks where the provider gives three at once, in each of its words; the same is found.
#[tokio::test]
async fn a_range_that_is_too_large_is_halved_until_it_fits() {
    let (chain, hashes_of) = blocks(10);
    let world = World::of(chain).await;
    for words in ["Max range: 3", "query exceeds max results 20000", "limited to a 3 block range"] {
        world.server.faults(|faults| {
            faults.range_max = 3;
            words.clone_into(&mut faults.range_words);
        });
        assert_eq!(hashes(&world.seen(101..=110).await.unwrap()), hashes_of, "{words}");
    }
    world.server.faults(|faults| "your key is wrong".clone_into(&mut faults.range_words));
    assert_eq!(world.seen(101..=110).await, Err(FeedFault::Refused), "other errors are not asked away");
}

/// Every request where the endpoint answers one call at a time: it says that several are too many, its answer to several never comes, or is
/// too long.
#[tokio::test]
async fn calls_that_are_too_many_at_once_are_halved_down_to_one() {
    let (chain, hashes_of) = blocks(3);
    let mut world = World::of(chain).await;
    let expected = world.seen(101..=103).await;
    assert_eq!(hashes(expected.as_ref().unwrap()), hashes_of);
    world.server.faults(|faults| "batch too large".clone_into(&mut faults.batch_words));
    for (what, batch_max, answered_max, millis, bytes) in [
        ("too many calls", 1, usize::MAX, 5_000, LIMITS.bytes),
        ("no answer", usize::MAX, 1, 200, LIMITS.bytes),
        ("a long answer", usize::MAX, usize::MAX, 5_000, 2_100),
    ] {
        world.client = Client::new(true, Limits { within: Duration::from_millis(millis), bytes });
        world.server.faults(|faults| (faults.batch_max, faults.answered_max) = (batch_max, answered_max));
        for reads_native in [true, false] {
            let (feed, before) = (Evm { reads_native, ..world.feed() }, world.server.asked());
            assert_eq!(feed.newest().await, Ok(103), "{what}");
            let headers = feed.headers(101..=103).await.unwrap();
            assert_eq!(feed.transactions(&headers, &all).await, expected, "{what}");
            // Five requests for what would be fifteen, but that two short answers fit where one long one does.
            let least = match (what, reads_native) {
                ("a long answer", true) => 14,
                ("a long answer", false) => 11,
                _ => 15,
            };
            assert!(world.server.asked() - before >= least, "{what}: {}", world.server.asked() - before);
        }
    }
    world.client = Client::new(true, Limits { bytes: 100, ..LIMITS });
    assert_eq!(world.feed().headers(101..=101).await, Err(FeedFault::Unreadable), "one that is too long is none");
    world.server.faults(|faults| faults.answered_max = 0);
    world.client = Client::new(true, Limits { within: Duration::from_millis(100), ..LIMITS });
    assert_eq!(world.feed().headers(101..=101).await, Err(FeedFault::TimedOut));
}

/// Between the headers and their transactions the chain is another one.
#[tokio::test]
async fn blocks_of_another_fork_are_not_taken_for_those_that_were_asked_for() {
    let mut chain = chain_of_ethereum();
    let sent = sends(&mut chain, 0, vec![token(USDT, 1, 2, 2_000_000_000_000)]);
    chain.mine(vec![sent.clone()]);
    chain.mine(Vec::new());
    let world = World::of(chain).await;
    let feed = world.feed();
    let headers = feed.headers(101..=102).await.unwrap();
    world.server.chain(|chain| {
        chain.orphan(2);
        chain.mine(Vec::new());
        // Mined again, one block later.
        chain.mine(vec![sent.clone()]);
    });
    assert_eq!(feed.transactions(&headers, &all).await, Err(FeedFault::Changed), "several");
    assert_eq!(feed.transactions(&headers[..1], &all).await, Err(FeedFault::Changed), "one: its receipt is of another");
}

#[tokio::test]
async fn answer_that_is_none_is_a_fault_of_its_kind() {
    let mut chain = chain_of_ethereum();
    let sent = sends(&mut chain, 600 * ETH, Vec::new());
    chain.mine(vec![sent]);
    let world = World::of(chain).await;
    world.server.faults(|faults| faults.busy = 1);
    assert_eq!(world.feed().newest().await, Err(FeedFault::Busy(None)));
    world.server.faults(|faults| faults.cut = 1);
    assert_eq!(world.feed().newest().await, Err(FeedFault::Unreadable));
    world.server.faults(|faults| faults.broken = 1);
    assert_eq!(world.feed().newest().await, Err(FeedFault::Refused));
    world.server.faults(|faults| faults.batch_max = 1);
    assert_eq!(world.feed().newest().await, Err(FeedFault::Refused), "one that takes no batches");
    world.server.faults(|faults| faults.batch_max = 99);
    let other = Evm { chain: Blockchain::BinanceSmartChain, ..world.feed() };
    assert_eq!(other.newest().await, Err(FeedFault::OtherChain));
    let nowhere = url("http://127.0.0.1:9/");
    assert_eq!(Evm { url: &nowhere, ..world.feed() }.newest().await, Err(FeedFault::Unreachable));
}

/// Where its own coin is not watched, no block is read with its transactions, and what a large one sends of it is asked for.
#[tokio::test]
async fn logs_alone_are_read_where_the_coin_of_the_chain_is_not_watched() {
    let mut chain = chain_of_ethereum();
    let coins_alone = sends(&mut chain, 900 * ETH, Vec::new());
    let both = sends(&mut chain, 600 * ETH, vec![token(USDT, 9, 1, 1_200_000_000_000)]);
    chain.mine(vec![coins_alone, both.clone()]);
    let world = World::of(chain).await;
    let feed = Evm { reads_native: false, ..world.feed() };
    let headers = feed.headers(101..=101).await.unwrap();
    let before = world.server.asked();
    let seen = feed.transactions(&headers, &all).await.unwrap();
    assert_eq!(hashes(&seen), [vec![both.hash]]);
    assert!(matches!(judged(&seen[0][0]), Judged::Silent(_)), "it has paid ether for dollars: {seen:?}");
    assert_eq!(world.server.asked() - before, 3, "logs, receipts, transactions");
}

#[tokio::test]
async fn address_of_a_contract_is_compared_in_any_case() {
    let capitals: ChainAddress =
        ChainAddress::parse(Blockchain::Ethereum, &USDT.to_uppercase().replace("0X", "0x")).unwrap();
    assert!(listing(Blockchain::Ethereum).tokens.contains_key(&capitals));
}
