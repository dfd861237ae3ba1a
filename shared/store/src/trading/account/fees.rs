//! Rates of an account: attributes by market, of which a write changes those that differ from what was seen.

use crate::condition::PRESENT;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{text, time, to_value};
use crate::rows::Rows;
use crate::trading::Trading;
use crate::trading::keys;
use crate::write::Write;
use domain::fees::Fees;
use domain::ids::AccountId;
use domain::market::Symbol;
use wire::stored::TakerFee;

impl<E: Engine> Trading<'_, E> {
    /// Writes what differs from what was seen, and leaves what others have written since; nothing where the account has gone.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_fees(&self, account: &AccountId, seen: &Fees, next: &Fees) -> Result<(), StoreError> {
        if seen == next {
            return Ok(());
        }
        let write = changes(Write::update(keys::account(account)).when(PRESENT), seen, next)?;
        Rows(self.0).send(write).await.map(drop)
    }
}

fn changes(mut write: Write, seen: &Fees, next: &Fees) -> Result<Write, StoreError> {
    for market in seen.wanted.keys().filter(|market| !next.wanted.contains_key(*market)) {
        write = write.remove(wish(market));
    }
    for market in seen.known.keys().filter(|market| !next.known.contains_key(*market)) {
        write = write.remove(fee(market));
    }
    for (market, at) in next.wanted.iter().filter(|(market, at)| seen.wanted.get(*market) != Some(*at)) {
        write = write.set(wish(market), time(*at));
    }
    for (market, known) in next.known.iter().filter(|(market, known)| seen.known.get(*market) != Some(*known)) {
        write = write.set(fee(market), to_value(&TakerFee::from(known))?);
    }
    Ok(match &next.of {
        of if *of == seen.of => write,
        Some(of) => write.set("fees_of", text(of.as_str())),
        None => write.remove("fees_of"),
    })
}

fn wish(market: &Symbol) -> String {
    format!("wish#{market}")
}

fn fee(market: &Symbol) -> String {
    format!("fee#{market}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::Timestamp;
    use domain::fees::KnownFee;
    use domain::ids::HolderId;
    use std::collections::BTreeMap;

    fn written(seen: &Fees, next: &Fees) -> Option<String> {
        changes(Write::update(keys::account(&AccountId::of(&["a"]))), seen, next).unwrap().parts().update
    }

    #[test]
    fn what_differs_is_written_and_nothing_else() {
        let at = Timestamp::from_millis;
        let [one, other]: [Symbol; 2] = ["BTC/USDT", "ETH/USDT"].map(|text| text.parse().unwrap());
        let wanted = Fees::default().wanting(&one, at(1)).unwrap();
        assert_eq!(written(&Fees::default(), &wanted).as_deref(), Some("SET #wish_BTC_USDT = :set_wish_BTC_USDT"));
        let fee = KnownFee { taker: "0.0004".parse().unwrap(), read_at: at(2) };
        let (of, read) = (HolderId::of(&["mine"]), BTreeMap::from([(one.clone(), fee)]));
        let told = wanted.told(Some(&of), read, at(2)).wanting(&other, at(3)).unwrap();
        let update = "SET #fee_BTC_USDT = :set_fee_BTC_USDT, #fees_of = :set_fees_of, \
                      #wish_ETH_USDT = :set_wish_ETH_USDT";
        assert_eq!(written(&wanted, &told).as_deref(), Some(update));
        let again = told.wanting(&one, at(1).plus(domain::limits::FEE_READ_EVERY)).unwrap();
        assert_eq!(written(&told, &again).as_deref(), Some("SET #wish_BTC_USDT = :set_wish_BTC_USDT"));
        let update = "REMOVE #fee_BTC_USDT, #fees_of, #wish_BTC_USDT, #wish_ETH_USDT";
        assert_eq!(written(&told, &Fees::default()).as_deref(), Some(update));
    }
}
