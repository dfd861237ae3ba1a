use super::*;
use app::ports::ReadBlocks;
use domain::clock::Timestamp;
use domain::whale::{Blockchain, FeedFault, Judged, Known, LabelCategory, LabelRole, TransactionType, judge};
use feeds::{TransferList, WhaleAlert};
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wire::listed::listing;

/// Answers by the path that is asked for; what was asked is kept.
async fn server(answers: Vec<(&'static str, String)>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0_u8; 16 * 1024];
            let read = stream.read(&mut request).await.unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..read]).into_owned();
            let path = request.split_whitespace().nth(1).unwrap_or_default().to_owned();
            let answer = answers.iter().rev().find(|(begins, _)| path.starts_with(begins));
            let (status, body) = answer.map_or((404, ""), |(_, body)| (200, body.as_str()));
            let length = body.len();
            let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            heard.lock().unwrap().push(request);
            let _sent = stream.write_all(head.as_bytes()).await;
        }
    });
    (url, asked)
}

fn hash(end: u64) -> String {
    format!("0x{end:064x}")
}

/// The transaction of the official examples' README, with a transfer to an exchange behind it.
fn transactions(symbol: &str) -> String {
    format!(
        r#"[{{"height": 9, "index_in_block": 3, "timestamp": 1787735817, "hash": "{}", "fee": "0.000436038733996662",
        "fee_symbol": "ETH", "fee_symbol_price": 81.74165, "sub_transactions": [
        {{"symbol": "{symbol}", "unit_price_usd": 0.999999875, "transaction_type": "transfer",
          "inputs": [{{"amount": "4999999.8", "address": "0xb21d281dedb17ae5b501f6aa8256fe38c4e45757", "balance": "1", "address_type": "coinbase"}}],
          "outputs": [{{"amount": "4999999.8", "address": "0x6b9e773128f453f5c2c60935ee2de2cbc5390a24", "owner": "binance", "owner_type": "exchange", "address_type": "hot_wallet"}}]}},
        {{"symbol": "{symbol}", "transaction_type": "freeze", "inputs": [{{"amount": "9", "address": "0xb21d281dedb17ae5b501f6aa8256fe38c4e45757"}}], "outputs": []}}]}}]"#,
        hash(77)
    )
}

fn block(number: u64, transactions: &str, next: &str) -> String {
    let (hash, time) = (hash(number), 1_787_735_817 + number);
    format!(
        r#"{{"height": {number}, "hash": "{hash}", "timestamp": {time}, "transactions": {transactions}, "next": "{next}"}}"#
    )
}

#[tokio::test]
async fn blocks_come_with_their_owners_page_by_page() {
    let next = "https://elsewhere.example.org/ethereum/block/9?start_index=1";
    let (url, asked) = server(vec![
        ("/ethereum/status", r#"{"start_height": 1, "end_height": 9, "min_plan_height": 1}"#.to_owned()),
        ("/ethereum/block/8", block(8, "[]", "")),
        ("/ethereum/block/9", block(9, "[]", next)),
        ("/ethereum/block/9?start_index=1", block(9, &transactions("USDC"), "")),
    ])
    .await;
    let (client, url, key) = (client(), super::url(&url), SecretString::from("s3cret".to_owned()));
    let listing = listing(Blockchain::Ethereum);
    let feed = WhaleAlert { client: &client, url: &url, key: &key, chain: Blockchain::Ethereum, listing: &listing };
    assert_eq!(feed.newest().await, Ok(9));
    let headers = feed.headers(9..=10).await.unwrap();
    assert_eq!((headers.len(), &headers[0].parent, &headers[0].block.hash), (1, &hash(8), &hash(9)));
    let seen = feed.transactions(&headers, &all).await.unwrap();
    assert_eq!(hashes(&seen), [vec![hash(77)]]);
    let labels: BTreeMap<_, _> = seen[0][0].labels.iter().map(|label| (label.address.clone(), label.clone())).collect();
    let label = labels.values().next().unwrap();
    assert_eq!(
        (label.owner.as_str(), label.category, label.role),
        ("binance", LabelCategory::Exchange, Some(LabelRole::Hot))
    );
    let (prices, contracts) = (BTreeMap::from([("USDC".parse().unwrap(), "1".parse().unwrap())]), BTreeSet::new());
    let known = Known {
        labels: &labels,
        told: &[],
        contracts: &contracts,
        prices: &prices,
        minimum: "1000000".parse().unwrap(),
    };
    let Ok(Judged::Alert(transfer)) = judge(&seen[0][0].flows, &known) else { unreachable!("{seen:?}") };
    assert_eq!((transfer.kind, transfer.units.to_string()), (TransactionType::ExchangeInflow, "4999999.8".to_owned()));
    assert!(asked.lock().unwrap().iter().all(|request| request.contains("api_key=s3cret")), "each has the key");
}

#[tokio::test]
async fn block_that_is_another_one_on_its_second_page_has_changed() {
    let (url, _) = server(vec![
        ("/ethereum/block/9", block(9, "[]", "https://a.example.org/ethereum/block/9?start_index=1")),
        ("/ethereum/block/9?start_index=1", block(10, "[]", "")),
        ("/ethereum/block/8", block(8, "[]", "")),
    ])
    .await;
    let (client, url, key) = (client(), super::url(&url), SecretString::from("s3cret".to_owned()));
    let listing = listing(Blockchain::Ethereum);
    let feed = WhaleAlert { client: &client, url: &url, key: &key, chain: Blockchain::Ethereum, listing: &listing };
    let headers = feed.headers(9..=9).await.unwrap();
    assert_eq!(feed.transactions(&headers, &all).await, Err(FeedFault::Changed));
    assert_eq!(feed.newest().await, Err(FeedFault::Refused), "no status");
}

#[tokio::test]
async fn list_is_asked_for_since_a_time_with_the_key_in_a_header() {
    let (url, asked) = server(vec![(
        "/v1/transactions",
        r#"{"result":"success","cursor":"c","count":0,"transactions":[]}"#.to_owned(),
    )])
    .await;
    let (client, url, key) = (client(), super::url(&format!("{url}/v1")), SecretString::from("s3cret".to_owned()));
    let listing = listing(Blockchain::Bitcoin);
    let list = TransferList { client: &client, url: &url, key: &key, chain: Blockchain::Bitcoin, listing: &listing };
    let page = list.page(Timestamp::from_millis(1_700_000_000_999), "1000000", Some("c-1")).await.unwrap();
    assert_eq!((page.seen.len(), page.next), (0, None));
    let asked = asked.lock().unwrap().join("");
    assert!(
        asked.starts_with("GET /v1/transactions?start=1700000000&min_value=1000000&limit=100&cursor=c-1 "),
        "{asked}"
    );
    assert!(asked.to_lowercase().contains("x-wa-api-key: s3cret"), "{asked}");
    assert!(!asked.split_whitespace().nth(1).unwrap().contains("s3cret"), "{asked}");
}
