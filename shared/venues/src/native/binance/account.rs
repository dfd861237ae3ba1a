//! What an account has there, what it pays, and what its key may.

use super::super::Login;
use super::ask::{Ask, about};
use super::line::{Failed, Line};
use app::ports::Balance;
use domain::clock::Timestamp;
use domain::market::{Asset, Symbol};
use domain::money::{Amount, Rate};
use domain::vault::{HolderId, KeyFacts, Mode};
use serde::Deserialize;
use std::collections::BTreeMap;
use wire::text::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    can_trade: bool,
    can_withdraw: Option<bool>,
    #[serde(default)]
    permissions: Vec<String>,
    balances: Vec<Held>,
    uid: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Held {
    asset: String,
    free: Text<Amount>,
    locked: Text<Amount>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Commission {
    standard_commission: Rates,
    special_commission: Option<Rates>,
    tax_commission: Option<Rates>,
}

#[derive(Debug, Deserialize)]
struct Rates {
    taker: Text<Rate>,
    buyer: Text<Rate>,
    seller: Text<Rate>,
}

/// What is left out is not told.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Restrictions {
    ip_restrict: Option<bool>,
    enable_reading: Option<bool>,
    enable_withdrawals: Option<bool>,
    enable_spot_and_margin_trading: Option<bool>,
    /// When a key that may be used from everywhere loses the right to trade.
    trading_authority_expiration_time: Option<i64>,
}

impl Account {
    fn holder(&self) -> Option<HolderId> {
        self.uid.map(|uid| HolderId::of(&[&uid.to_string()]))
    }
}

fn account() -> Ask {
    Ask::get("/api/v3/account").with("omitZeroBalances", &true)
}

/// An asset whose name is none that we can write is none that we trade.
pub(super) async fn balances(line: &Line, login: &Login) -> Result<BTreeMap<Asset, Balance>, Failed> {
    let account: Account = line.read(login, &account()).await?;
    let balance = |held: Held| {
        let balance = Balance { free: held.free.0, locked: held.locked.0 };
        held.asset.parse().ok().map(|asset| (asset, balance))
    };
    Ok(account.balances.into_iter().filter_map(balance).collect())
}

/// Of a market order on whichever side costs more, without the discount for fees that are paid in a third asset.
pub(super) async fn fee(line: &Line, login: &Login, symbol: &Symbol) -> Result<Rate, Failed> {
    let commission: Commission = line.read(login, &about("/api/v3/account/commission", symbol)).await?;
    let parts = [Some(commission.standard_commission), commission.special_commission, commission.tax_commission];
    let mut whole = Rate::ZERO.get();
    for part in parts.into_iter().flatten() {
        let side = part.buyer.0.max(part.seller.0);
        whole = whole.saturating_add(part.taker.0.get()).saturating_add(side.get());
    }
    Rate::new(whole).map_err(|error| Failed::away(error.to_string()))
}

/// The testnet tells of the account alone: what it may not, the key may not either; that it may withdraw says nothing of
/// the key.
pub(super) async fn probe(line: &Line, login: &Login) -> Result<KeyFacts, Failed> {
    if login.site.mode != Mode::Live {
        let account: Account = line.read(login, &account()).await?;
        let trades = account.can_trade && account.permissions.iter().any(|permission| permission == "SPOT");
        let withdraws = account.can_withdraw.filter(|may| !may);
        let holder = account.holder();
        return Ok(KeyFacts { reads: Some(true), trades: Some(trades), withdraws, holder, ..KeyFacts::default() });
    }
    let told: Restrictions = line.read(login, &Ask::get("/sapi/v1/account/apiRestrictions")).await?;
    // Whose it is, is told with what the account has.
    let holder = match told.enable_reading {
        Some(true) => line.read::<Account>(login, &account()).await?.holder(),
        _ => None,
    };
    Ok(KeyFacts {
        holder,
        reads: told.enable_reading,
        trades: told.enable_spot_and_margin_trading,
        withdraws: told.enable_withdrawals,
        // Which addresses it is bound to is not told.
        addresses: told.ip_restrict.filter(|is_bound| !is_bound).map(|_| Vec::new()),
        expires_at: told.trading_authority_expiration_time.map(Timestamp::from_millis),
        side_by_side: None,
    })
}
