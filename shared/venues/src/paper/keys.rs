//! What the paper venue tells of a key: what stands in the key.
//!
//! A paper account needs no key. One that is given says what it may, so that whatever a real venue would tell can be
//! tried: `paper:read,trade`, `paper:read,trade,withdraw`, with `;from=192.0.2.1` (addresses, by commas) and
//! `;until=1798761600` (seconds since 1970) after it, and `;account=7` (of which account it is). `paper:away` is a venue that cannot be asked. Any other key is
//! unknown here.

use super::Paper;
use app::ports::{Clock, PaperBook, PricePath, ProbeCredential, ProbeError, VenueKey};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::vault::{HolderId, KeyFacts, KeyFault, Mode};

const PREFIX: &str = "paper:";
const AWAY: &str = "away";

impl<D: PaperBook + PricePath + Clock, A> ProbeCredential for Paper<D, A> {
    async fn probe(
        &self,
        account: &Account,
        _: Option<Mode>,
        key: Option<&VenueKey>,
        _: Timestamp,
    ) -> Result<KeyFacts, ProbeError> {
        if !account.exchange.is_paper() {
            return Err(ProbeError::NotTradable(account.exchange.to_string()));
        }
        let facts = key.map_or_else(|| Ok(unlimited()), |key| told(key.api_key.expose()))?;
        let book = self.deps.load_book(&account.id).await.map_err(|error| ProbeError::Away(error.to_string()))?;
        book.map(|_| facts).ok_or_else(|| ProbeError::Away(format!("the account {} has no paper book", account.id)))
    }
}

fn unlimited() -> KeyFacts {
    KeyFacts { reads: Some(true), trades: Some(true), withdraws: Some(false), ..KeyFacts::default() }
}

fn told(key: &str) -> Result<KeyFacts, ProbeError> {
    let unknown = ProbeError::Fault(KeyFault::Unknown);
    let mut parts = key.strip_prefix(PREFIX).ok_or(unknown.clone())?.split(';');
    let words: Vec<&str> = parts.next().unwrap_or_default().split(',').collect();
    if words == [AWAY] {
        return Err(ProbeError::Away("the key says so".to_owned()));
    }
    if words.iter().any(|word| !matches!(*word, "read" | "trade" | "withdraw")) {
        return Err(unknown);
    }
    let may = |what: &str| Some(words.contains(&what));
    let mut facts = KeyFacts {
        reads: may("read"),
        trades: may("trade"),
        withdraws: may("withdraw"),
        addresses: Some(Vec::new()),
        ..KeyFacts::default()
    };
    for part in parts {
        match part.split_once('=') {
            Some(("from", addresses)) => facts.addresses = Some(addresses.split(',').map(str::to_owned).collect()),
            Some(("account", name)) => facts.holder = Some(HolderId::of(&[name])),
            Some(("until", end)) => facts.expires_at = Some(time(end).ok_or(unknown.clone())?),
            _ => return Err(unknown),
        }
    }
    Ok(facts)
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse::<i64>().ok().map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_what_it_may() {
        let check = |key: &str, may: [bool; 3], addresses: &[&str], until: Option<i64>| {
            let facts = told(key).unwrap();
            assert_eq!([facts.reads, facts.trades, facts.withdraws], may.map(Some), "{key}");
            assert_eq!(facts.addresses.unwrap(), addresses, "{key}");
            assert_eq!(facts.expires_at.map(Timestamp::millis), until, "{key}");
        };
        check("paper:read", [true, false, false], &[], None);
        check("paper:read,trade;from=192.0.2.1,192.0.2.2", [true, true, false], &["192.0.2.1", "192.0.2.2"], None);
        check("paper:trade,withdraw;until=7", [false, true, true], &[], Some(7_000));
        assert_eq!(told("paper:read").unwrap().holder, None);
        assert_eq!(told("paper:read;account=7").unwrap().holder, Some(HolderId::of(&["7"])));
    }

    #[test]
    fn any_other_key_is_unknown() {
        for key in ["", "paper", "paper:", "paper:read,lend", "Paper:read", "paper:read;until=soon", "paper:read;x"] {
            assert_eq!(told(key), Err(ProbeError::Fault(KeyFault::Unknown)), "{key}");
        }
        assert!(matches!(told("paper:away"), Err(ProbeError::Away(_))));
    }
}
