//! What an account has for its contracts, what it pays, and what its key may.

use super::super::ask::{Ask, about};
use super::super::line::{Failed, Line};
use super::super::{Login, Site};
use app::ports::Balance;
use domain::clock::Timestamp;
use domain::market::{Asset, Symbol};
use domain::money::{Amount, MoneyError, Rate};
use domain::vault::{HolderId, KeyFacts, Mode};
use serde::Deserialize;
use std::collections::BTreeMap;
use wire::text::Text;

/// An asset of the futures wallet.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Held {
    /// Of the account, in every row. The house's own description of its API calls it unique
    /// (`binance/binance-connector-js` at 6b4eaa0d, `futures-account-balance-v2-response-inner.ts`, looked at on 2026-11-26).
    account_alias: Option<String>,
    asset: String,
    /// Without what stands behind positions with a margin of their own.
    cross_wallet_balance: Text<Amount>,
    /// What the other positions have gained; below zero what they have lost.
    cross_un_pnl: Text<Amount>,
    /// For new orders.
    available_balance: Text<Amount>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Commission {
    taker_commission_rate: Text<Rate>,
}

/// How the account is set.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Config {
    can_trade: bool,
    can_withdraw: Option<bool>,
    pub(super) dual_side_position: bool,
}

/// What is left out is not told.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Restrictions {
    ip_restrict: Option<bool>,
    enable_reading: Option<bool>,
    enable_withdrawals: Option<bool>,
    enable_futures: Option<bool>,
    trading_authority_expiration_time: Option<i64>,
}

impl Held {
    /// What stands behind open orders is locked. A loss that is not yet realised leaves less than nothing free, which is nothing.
    /// Where several assets stand for one margin each is told with what all of them lend: of none more is free than it has.
    fn balance(&self) -> Result<Balance, MoneyError> {
        let own = self.cross_wallet_balance.0.plus(self.cross_un_pnl.0)?;
        let free = self.available_balance.0.min(own).max(Amount::ZERO);
        let locked = self.cross_wallet_balance.0.minus(free)?.max(Amount::ZERO);
        Ok(Balance { free, locked })
    }
}

async fn held(line: &Line, login: &Login) -> Result<Vec<Held>, Failed> {
    line.read(login, &Ask::get("/fapi/v3/balance")).await
}

/// Whose it is; not told of an account without any asset.
async fn holder(line: &Line, login: &Login) -> Result<Option<HolderId>, Failed> {
    let alias = held(line, login).await?.into_iter().find_map(|held| held.account_alias);
    Ok(alias.filter(|alias| !alias.is_empty()).map(|alias| HolderId::of(&[&alias])))
}

pub(in super::super) async fn balances(line: &Line, login: &Login) -> Result<BTreeMap<Asset, Balance>, Failed> {
    let held = held(line, login).await?;
    let named = held.iter().filter_map(|held| Some((held.asset.parse().ok()?, held)));
    let all: Result<_, MoneyError> = named.map(|(asset, held)| Ok((asset, held.balance()?))).collect();
    all.map_err(|error| Failed::away(error.to_string()))
}

pub(in super::super) async fn fee(line: &Line, login: &Login, symbol: &Symbol) -> Result<Rate, Failed> {
    let commission: Commission = line.read(login, &about("/fapi/v1/commissionRate", symbol)).await?;
    Ok(commission.taker_commission_rate.0)
}

pub(super) async fn config(line: &Line, login: &Login) -> Result<Config, Failed> {
    line.read(login, &Ask::get("/fapi/v1/accountConfig")).await
}

/// What a live key may is told by the house's wallet, on a host of its own. The testnet has none: it tells of the account alone.
/// Whose it is, is told with what the account has, to whoever may read that.
pub(in super::super) async fn probe(line: &Line, login: &Login) -> Result<KeyFacts, Failed> {
    if login.site.mode != Mode::Live {
        let account = config(line, login).await?;
        let withdraws = account.can_withdraw.filter(|may| !may);
        let (reads, trades, holder) = (Some(true), Some(account.can_trade), holder(line, login).await?);
        return Ok(KeyFacts { reads, trades, withdraws, holder, ..KeyFacts::default() });
    }
    let wallet = Login { site: wallet(&login.site), ..login.clone() };
    let told: Restrictions = line.read(&wallet, &Ask::get("/sapi/v1/account/apiRestrictions")).await?;
    let holder = match (told.enable_reading, told.enable_futures) {
        (Some(true), Some(true)) => holder(line, login).await?,
        _ => None,
    };
    Ok(KeyFacts {
        holder,
        reads: told.enable_reading,
        trades: told.enable_futures,
        withdraws: told.enable_withdrawals,
        // Which addresses it is bound to is not told.
        addresses: told.ip_restrict.filter(|is_bound| !is_bound).map(|_| Vec::new()),
        expires_at: told.trading_authority_expiration_time.map(Timestamp::from_millis),
        side_by_side: None,
    })
}

/// What stands in for futures on this machine stands in for the wallet as well.
fn wallet(site: &Site) -> Site {
    Site { mode: site.mode, url: site.url.replace("https://fapi.binance.com", "https://api.binance.com") }
}
