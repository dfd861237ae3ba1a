//! What was bought and sold: every fill of every order.

use crate::ports::{Page, PageRequest};
use crate::trading::listed::{Wanted, orders_of_accounts};
use crate::trading::profit::ProfitError;
use domain::ids::{AccountId, UserId};
use domain::money::MoneyError;
use domain::order::{Fill, Order, Status, TradeId};
use store::Engine;
use store::trading::Trading;
use wire::text::Text;
use wire::view::{Transaction, time};

/// The fills of these orders, the newest order first, each order's newest fill first. A page is one of orders.
///
/// # Errors
/// If the store cannot be reached, or a number cannot be kept exactly.
pub async fn transactions<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &Wanted<Status>,
    page: &PageRequest,
) -> Result<Page<Transaction>, ProfitError> {
    let found = orders_of_accounts(deps, user, wanted, page).await?;
    let mut items = Vec::new();
    for (account, order) in &found.items {
        if order.counted().next().is_none() {
            continue;
        }
        let (exchange, symbol) = match &order.market {
            Some(market) => (market.exchange.to_string(), market.symbol.to_string()),
            // An earlier release did not write the market beside its orders.
            None => match Trading(deps).load_group(account, &order.group).await? {
                Some(group) => (group.market.key.exchange.to_string(), group.market.key.symbol.to_string()),
                None => continue,
            },
        };
        let mut fills: Vec<_> = order.counted_by_trade().collect();
        fills.sort_by_key(|(trade, fill)| (fill.at, trade.map(|trade| trade.0.clone())));
        for (trade, fill) in fills.into_iter().rev() {
            items.push(shown(account, order, (&exchange, &symbol), (trade, fill))?);
        }
    }
    Ok(Page { items, next: found.next })
}

fn shown(
    account: &AccountId,
    order: &Order,
    (exchange, symbol): (&str, &str),
    (trade, fill): (Option<&TradeId>, &Fill),
) -> Result<Transaction, MoneyError> {
    let trade = trade.map(|trade| format!("/{}", trade.0)).unwrap_or_default();
    Ok(Transaction {
        id: format!("{}{trade}", order.id),
        at: time(fill.at),
        account_id: account.to_string(),
        mode: order.mode.map(Text),
        exchange: exchange.to_owned(),
        symbol: symbol.to_owned(),
        side: Text(order.direction),
        quantity: fill.quantity.to_string(),
        price: fill.price.to_string(),
        value: fill.price.times(fill.quantity)?.to_string(),
        fee: fill.fee.as_ref().map(|fee| fee.amount.to_string()),
        fee_asset: fill.fee.as_ref().map(|fee| fee.asset.to_string()),
        order_id: order.id.to_string(),
        position_id: order.group.to_string(),
    })
}
