//! v1: large transfers by their times, without blocks.

use super::{amount, hash, label, spelled};
use crate::heard;
use domain::chain::EndpointUrl;
use domain::clock::Timestamp;
use domain::whale::{Blockchain, ChainAddress, FeedFault, Flows, ListPage, Listing, Seen};
use outbound::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::value::RawValue;

/// As many as a page has at most.
const PAGE: usize = 100;
const KEY: &str = "X-WA-API-KEY";
const SUCCESS: &str = "success";

/// Whale Alert's first interface.
#[derive(Debug)]
pub struct TransferList<'a> {
    pub client: &'a Client,
    pub url: &'a EndpointUrl,
    pub key: &'a SecretString,
    pub chain: Blockchain,
    pub listing: &'a Listing,
}

#[derive(Deserialize)]
struct PageSaid<'a> {
    result: &'a str,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(borrow, default)]
    transactions: Vec<TransferSaid<'a>>,
}

#[derive(Deserialize)]
struct TransferSaid<'a> {
    blockchain: String,
    symbol: String,
    transaction_type: String,
    hash: String,
    from: SideSaid,
    to: SideSaid,
    timestamp: i64,
    /// A number, read as it is written.
    #[serde(borrow)]
    amount: &'a RawValue,
}

#[derive(Default, Deserialize)]
struct SideSaid {
    #[serde(default)]
    address: String,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    owner_type: Option<String>,
}

impl TransferList<'_> {
    /// Transfers since this time that are worth so many whole USD, or what a cursor names.
    ///
    /// # Errors
    /// Where there is no answer that is understood.
    pub async fn page(&self, since: Timestamp, least: &str, cursor: Option<&str>) -> Result<ListPage, FeedFault> {
        let (start, limit) = (since.millis().div_euclid(1_000).to_string(), PAGE.to_string());
        let mut query = vec![("start", start.as_str()), ("min_value", least), ("limit", &limit)];
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        let header = Some((KEY, self.key.expose_secret()));
        let answer = heard(self.client.get(self.url, "/transactions", &query, header).await)?;
        if answer.status != 200 {
            return Err(FeedFault::Refused);
        }
        self.read(&answer.body)
    }

    fn read(&self, body: &[u8]) -> Result<ListPage, FeedFault> {
        let said: PageSaid<'_> = serde_json::from_slice(body).map_err(|_| FeedFault::Unreadable)?;
        if said.result != SUCCESS {
            return Err(FeedFault::Refused);
        }
        let is_full = said.transactions.len() >= PAGE;
        let here =
            said.transactions.iter().filter(|transfer| transfer.blockchain.eq_ignore_ascii_case(self.chain.as_str()));
        let seen = here.filter_map(|transfer| self.seen(transfer).transpose()).collect::<Result<_, _>>()?;
        Ok(ListPage { seen, next: said.cursor.filter(|_| is_full) })
    }

    /// None of what is no transfer of a listed asset between addresses that it names.
    fn seen(&self, said: &TransferSaid<'_>) -> Result<Option<(Timestamp, Seen)>, FeedFault> {
        let at = said.timestamp.checked_mul(1_000).map(Timestamp::from_millis).ok_or(FeedFault::Unreadable)?;
        let Some(of) = self.listing.by_asset(&said.symbol) else { return Ok(None) };
        let units = amount::units(of, said.amount.get())?;
        let side = |side: &SideSaid| ChainAddress::parse(self.chain, &spelled(self.chain, &side.address)).ok();
        let sides = match (said.transaction_type.as_str(), side(&said.from), side(&said.to)) {
            ("transfer", Some(from), Some(to)) => (Some(from), Some(to)),
            ("mint", _, Some(to)) => (None, Some(to)),
            ("burn", Some(from), _) => (Some(from), None),
            _ => return Ok(None),
        };
        let mut flows = Flows::none(self.chain);
        flows.moves(sides.0.as_ref(), sides.1.as_ref(), &units).map_err(|_| FeedFault::Unreadable)?;
        let named = [(&sides.0, &said.from), (&sides.1, &said.to)];
        let labels = named.into_iter().filter_map(|(address, side)| {
            label(self.chain, address.as_ref()?, (side.owner.as_deref(), side.owner_type.as_deref(), None), at)
        });
        let labels = labels.collect();
        Ok(Some((at, Seen { transaction: spelled(self.chain, &hash(&said.hash)?), flows, labels })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LIMITS;
    use domain::whale::LabelCategory;
    use wire::listed::listing;

    /// As the tests of the PyPI package whale-alert 0.0.4 have it (tests/test_api_transactions.py).
    const SAID: &str = r#"{"result": "success", "cursor": "2712f286-2712f286-5eafc711", "count": 2, "transactions": [{
        "blockchain": "ethereum", "symbol": "usdt", "id": "655552612", "transaction_type": "transfer",
        "hash": "4cdfc57c737b4214fbce384e57f50d8b52f80c2eb470654f9fdc2062c534bf42",
        "from": {"address": "477b8d5ef7c2c42db84deb555419cd817c336b6f", "owner_type": "unknown"},
        "to": {"address": "b3fe1649862d7889ab002e0224a2db54870eafa9", "owner_type": "unknown"},
        "timestamp": 1588578025, "amount": 500000, "amount_usd": 503430.84, "transaction_count": 1
    }, {
        "blockchain": "ethereum", "symbol": "USDT", "id": "655553158", "transaction_type": "transfer",
        "hash": "19a393cb0fe2cd5975a3741e43f05859877b639b1c93dd19acd4abfa08715530",
        "from": {"address": "df38a19aa5db1f15c6df389d86175285d45fa572", "owner_type": "exchange", "owner": "stuart"},
        "to": {"address": "80c6e081ae5813b163357774003d3695faa0f53e", "owner_type": "unknown", "owner": ""},
        "timestamp": 1588578065, "amount": 500000.25, "amount_usd": 509513.7, "transaction_count": 1
    }]}"#;

    fn read(body: &str) -> Result<ListPage, FeedFault> {
        let (client, url) = (Client::new(false, LIMITS), "https://api.whale-alert.io/v1".parse().unwrap());
        let (key, listing) = (SecretString::from("key".to_owned()), listing(Blockchain::Ethereum));
        TransferList { client: &client, url: &url, key: &key, chain: Blockchain::Ethereum, listing: &listing }
            .read(body.as_bytes())
    }

    #[test]
    fn transfers_are_read_with_the_owners_that_it_names() {
        let page = read(SAID).unwrap();
        assert_eq!(page.next, None, "the page is not full");
        let (at, plain) = &page.seen[0];
        assert_eq!(*at, Timestamp::from_millis(1_588_578_025_000));
        assert_eq!(plain.transaction, "0x4cdfc57c737b4214fbce384e57f50d8b52f80c2eb470654f9fdc2062c534bf42");
        assert_eq!(plain.labels, []);
        let labels = &page.seen[1].1.labels;
        let told: Vec<_> =
            labels.iter().map(|label| (label.owner.as_str(), label.category, label.address.as_str())).collect();
        assert_eq!(told, [("stuart", LabelCategory::Exchange, "0xdf38a19aa5db1f15c6df389d86175285d45fa572")]);
    }

    #[test]
    fn answer_that_is_none_is_refused_and_rows_of_others_are_left_out() {
        assert_eq!(read(r#"{"result": "error", "message": "invalid api_key"}"#), Err(FeedFault::Refused));
        assert_eq!(read("<html>"), Err(FeedFault::Unreadable));
        for (from, to) in [("\"ethereum\"", "\"tron\""), ("\"transfer\"", "\"freeze\""), ("\"usdt\"", "\"shiba\"")] {
            let less = read(&SAID.replacen(from, to, 1)).unwrap();
            assert_eq!(less.seen.len(), 1, "{to}");
        }
        assert_eq!(read(&SAID.replacen("500000,", "\"5e5\",", 1)), Err(FeedFault::Unreadable));
    }
}
