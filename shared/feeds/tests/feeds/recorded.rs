//! A recording is played as it was, and one that is wrong is refused with its place.

use app::ports::ReadBlocks;
use domain::whale::{BlockRef, Blockchain, FeedFault};
use feeds::Recorded;
use serde_json::{Value, json};
use wire::listed::listing;

fn recording() -> Value {
    let address = |end: u8| format!("0x{end:040x}");
    let moves = json!([{"from": address(1), "to": address(2), "asset": "USDT", "units": "5000000000000"}]);
    json!({"chain": "ethereum", "blocks": [
        {"number": 7, "hash": "0xa", "parent": "0x9", "at": 1_700_000_000_000_i64, "transactions": []},
        {"number": 8, "hash": "0xb", "parent": "0xa", "at": 1_700_000_012_000_i64, "transactions": [{"hash": "0xt", "moves": moves}]},
    ]})
}

fn parse(recording: &Value) -> Result<Recorded, String> {
    let listing = listing(Blockchain::Ethereum);
    Recorded::parse(recording.to_string().as_bytes(), Blockchain::Ethereum, &listing).map_err(|bad| bad.to_string())
}

#[tokio::test]
async fn recording_is_a_chain_that_ends() {
    let recorded = parse(&recording()).unwrap();
    assert_eq!((recorded.begins_at(), recorded.newest().await), (Some(7), Ok(8)));
    let headers = recorded.headers(8..=20).await.unwrap();
    assert_eq!(headers[0].block, BlockRef { number: 8, hash: "0xb".to_owned() });
    let seen = recorded.transactions(&headers, &|_| true).await.unwrap();
    assert_eq!(seen[0][0].transaction, "0xt");
    assert_eq!(recorded.transactions(&headers, &|_| false).await.unwrap()[0], []);
    let mut other = headers;
    other[0].block.hash = "0xc".to_owned();
    assert_eq!(recorded.transactions(&other, &|_| true).await, Err(FeedFault::Changed));
}

#[test]
fn recording_that_is_wrong_is_refused_with_its_place() {
    let changed = |path: &str, value: Value| {
        let mut wrong = recording();
        *wrong.pointer_mut(path).unwrap() = value;
        parse(&wrong).unwrap_err()
    };
    assert_eq!(changed("/chain", json!("bitcoin")), "must be of the chain ethereum");
    assert_eq!(changed("/blocks/1/parent", json!("0xz")), "block 8 must follow on the block before it");
    assert_eq!(changed("/blocks/1/number", json!(9)), "block 9 must follow on the block before it");
    assert_eq!(changed("/blocks/0/number", json!(0)), "block 0 must follow on the block before it");
    let place = "/blocks/1/transactions/0/moves/0";
    assert_eq!(changed(&format!("{place}/asset"), json!("SHIBA")), "block 8: SHIBA is not listed");
    assert_eq!(changed(&format!("{place}/units"), json!("1.5")), "block 8: units must be a whole number, not 1.5");
    assert_eq!(changed(&format!("{place}/from"), json!("me")), "block 8: me must be an address of ethereum");
    assert!(changed("/blocks/0/at", json!("now")).starts_with("must be a recording of blocks: "));
}
