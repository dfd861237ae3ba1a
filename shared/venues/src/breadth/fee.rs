//! What an account pays there as a taker.

use super::Spoken;
use super::failed::Failed;
use super::line;
use super::orders::not_understood;
use super::told::Exact;
use crate::native::Login;
use domain::market::MarketKey;
use domain::money::{Decimal, Rate};
use serde::Deserialize;

#[derive(Deserialize)]
struct Fee {
    taker: Exact<Rate>,
    /// As the exchange told it.
    #[serde(default)]
    info: serde_json::Value,
}

impl Fee {
    /// OKX's of contracts that are settled in USDT, which is less than nothing where it is paid. The library takes that of
    /// the other contracts.
    fn of_usdt_contracts(&self) -> Option<&str> {
        self.info.get("takerU")?.as_str().filter(|told| !told.is_empty())
    }
}

pub(super) async fn read(spoken: &Spoken, login: &Login, market: &MarketKey) -> Result<Rate, Failed> {
    let fee: Fee = spoken.told(login, Some(market), "fetch_trading_fee", vec![line::symbol(market)]).await?;
    match fee.of_usdt_contracts().filter(|_| spoken.ways.contracts.is_some()) {
        Some(told) => {
            let paid = Decimal::from_str_exact(told).map_err(|_| not_understood())?;
            let rate = Decimal::ZERO.checked_sub(paid).ok_or_else(not_understood)?;
            Rate::new(rate).map_err(|_| not_understood())
        }
        None => Ok(fee.taker.0),
    }
}
