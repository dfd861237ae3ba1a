//! What each account holds of each market, over all open positions.

use super::worth::open_positions;
use crate::trading::listed::Wanted;
use crate::trading::profit::ProfitError;
use crate::trading::scope::all_accounts;
use crate::trading::trades::TradeStatus;
use domain::alert::Side;
use domain::clock::Timestamp;
use domain::group::Position;
use domain::ids::{AccountId, UserId};
use domain::lots::Lots;
use domain::market::MarketKey;
use domain::money::{Fraction, MoneyError};
use domain::order::Order;
use domain::vault::Mode;
use std::collections::BTreeMap;
use store::Engine;
use wire::text::Text;
use wire::view::{CostMethod, NetPosition, profit, time};

/// By account and market.
///
/// # Errors
/// If the store cannot be reached, or a number cannot be kept exactly.
pub async fn net_positions<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &Wanted<TradeStatus>,
    method: CostMethod,
) -> Result<Vec<NetPosition>, ProfitError> {
    let mut accounts = all_accounts(deps, user).await?;
    accounts.retain(|account| wanted.account.as_ref().is_none_or(|wanted| *wanted == account.id));
    let (open, _) = open_positions(deps, &accounts).await?;
    let mut net: BTreeMap<(AccountId, MarketKey, Option<Mode>), Net> = BTreeMap::new();
    for position in open.into_iter().filter(|position| wanted.takes_trade(&position.group)) {
        let (group, held) = (&position.group, position.ledger()?.held()?.fraction());
        if held > Fraction::whole(0) {
            let key = (group.account.clone(), group.market.key.clone(), group.mode);
            net.entry(key).or_default().add(position, held)?;
        }
    }
    let shown = |((account, market, mode), net): ((AccountId, MarketKey, Option<Mode>), Net)| {
        net.shown(account.to_string(), &market, mode, method)
    };
    Ok(net.into_iter().map(shown).collect::<Result<_, MoneyError>>()?)
}

/// Open positions of one account and market together.
#[derive(Default)]
struct Net {
    long: Half,
    short: Half,
    /// Of a position the last price is not known.
    unpriced: bool,
    price_at: Option<Timestamp>,
    fee_unvalued: bool,
    positions: Vec<String>,
}

/// Those of one side.
struct Half {
    held: Fraction,
    /// At the last prices.
    worth: Fraction,
    /// At the average of each position.
    average: Lots,
    orders: Vec<Order>,
}

impl Default for Half {
    fn default() -> Self {
        let none = || Fraction::whole(0);
        Self { held: none(), worth: none(), average: Lots { cost: none(), realised: none() }, orders: Vec::new() }
    }
}

impl Half {
    fn counted(&self, market: &MarketKey, side: Side, method: CostMethod) -> Result<Lots, MoneyError> {
        match method {
            CostMethod::Average => Ok(self.average.clone()),
            CostMethod::Fifo => Lots::of(&market.symbol, side, &self.orders),
        }
    }
}

impl Net {
    fn add(&mut self, position: Position, held: Fraction) -> Result<(), MoneyError> {
        let ledger = position.ledger()?;
        let group = position.group;
        let average = ledger.average().unwrap_or_else(|| Fraction::whole(0)) * held.clone();
        let half = if group.side == Side::Long { &mut self.long } else { &mut self.short };
        match group.mark {
            Some(mark) => half.worth = half.worth.clone() + held.clone() * mark.price.fraction(),
            None => self.unpriced = true,
        }
        half.held = half.held.clone() + held;
        half.average.cost = half.average.cost.clone() + average;
        half.average.realised = half.average.realised.clone() + ledger.realised();
        half.orders.extend(position.orders);
        self.price_at = self.price_at.into_iter().chain(group.mark.map(|mark| mark.at)).min();
        self.fee_unvalued |= !ledger.unvalued.is_empty();
        self.positions.push(group.id.to_string());
        Ok(())
    }

    fn shown(
        self,
        account_id: String,
        market: &MarketKey,
        mode: Option<Mode>,
        method: CostMethod,
    ) -> Result<NetPosition, MoneyError> {
        let none = Fraction::whole(0);
        let Self { long, short, .. } = self;
        let bought = long.counted(market, Side::Long, method)?;
        let sold = short.counted(market, Side::Short, method)?;
        let (cost, realised) = (bought.cost.clone() + sold.cost.clone(), bought.realised + sold.realised);
        let unrealised = (long.worth - bought.cost) + (sold.cost - short.worth);
        let unrealised = (!self.unpriced).then_some(unrealised);
        let is_one_sided = long.held == none || short.held == none;
        let (side, quantity) = match long.held >= short.held {
            true => (Side::Long, long.held - short.held),
            false => (Side::Short, short.held - long.held),
        };
        let average = cost.clone().over(&quantity).filter(|_| is_one_sided);
        Ok(NetPosition {
            account_id,
            mode: mode.map(Text),
            exchange: market.exchange.to_string(),
            symbol: market.symbol.to_string(),
            side: Text(side),
            quantity: quantity.approximate().normalize().to_string(),
            average_price: average.map(|price| price.approximate().normalize().to_string()),
            cost: profit(&cost)?,
            realised_pnl: profit(&realised)?,
            price_at: self.price_at.filter(|_| unrealised.is_some()).map(time),
            unrealised_pnl: unrealised.as_ref().map(profit).transpose()?,
            fee_unvalued: self.fee_unvalued,
            position_ids: self.positions,
        })
    }
}
