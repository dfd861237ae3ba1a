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
            net.entry(key).or_default().add(&position, held, method)?;
        }
    }
    let shown = |((account, market, mode), net): ((AccountId, MarketKey, Option<Mode>), Net)| {
        net.shown(account.to_string(), &market, mode)
    };
    Ok(net.into_iter().map(shown).collect::<Result<_, MoneyError>>()?)
}

/// Open positions of one account and market together.
struct Net {
    long: Fraction,
    short: Fraction,
    cost: Fraction,
    realised: Fraction,
    /// None once a position has no price.
    unrealised: Option<Fraction>,
    price_at: Option<Timestamp>,
    fee_unvalued: bool,
    positions: Vec<String>,
}

impl Default for Net {
    fn default() -> Self {
        let none = || Fraction::whole(0);
        Self {
            long: none(),
            short: none(),
            cost: none(),
            realised: none(),
            unrealised: Some(none()),
            price_at: None,
            fee_unvalued: false,
            positions: Vec::new(),
        }
    }
}

impl Net {
    fn add(&mut self, position: &Position, held: Fraction, method: CostMethod) -> Result<(), MoneyError> {
        let (group, ledger) = (&position.group, position.ledger()?);
        let average = ledger.average().unwrap_or_else(|| Fraction::whole(0)) * held.clone();
        let counted = match method {
            CostMethod::Average => Lots { cost: average, realised: ledger.realised() },
            CostMethod::Fifo => Lots::of(&group.market.key.symbol, group.side, &position.orders)?,
        };
        let open = group.mark.map(|mark| {
            let worth = held.clone() * mark.price.fraction();
            match group.side {
                Side::Long => worth - counted.cost.clone(),
                Side::Short => counted.cost.clone() - worth,
            }
        });
        self.unrealised = self.unrealised.take().zip(open).map(|(sum, one)| sum + one);
        self.price_at = self.price_at.into_iter().chain(group.mark.map(|mark| mark.at)).min();
        let side = if group.side == Side::Long { &mut self.long } else { &mut self.short };
        *side = side.clone() + held;
        self.cost = self.cost.clone() + counted.cost;
        self.realised = self.realised.clone() + counted.realised;
        self.fee_unvalued |= !ledger.unvalued.is_empty();
        self.positions.push(group.id.to_string());
        Ok(())
    }

    fn shown(self, account_id: String, market: &MarketKey, mode: Option<Mode>) -> Result<NetPosition, MoneyError> {
        let none = Fraction::whole(0);
        let is_one_sided = self.long == none || self.short == none;
        let (side, quantity) = match self.long >= self.short {
            true => (Side::Long, self.long - self.short),
            false => (Side::Short, self.short - self.long),
        };
        let average = self.cost.clone().over(&quantity).filter(|_| is_one_sided);
        Ok(NetPosition {
            account_id,
            mode: mode.map(Text),
            exchange: market.exchange.to_string(),
            symbol: market.symbol.to_string(),
            side: Text(side),
            quantity: quantity.approximate().normalize().to_string(),
            average_price: average.map(|price| price.approximate().normalize().to_string()),
            cost: profit(&self.cost)?,
            realised_pnl: profit(&self.realised)?,
            price_at: self.price_at.filter(|_| self.unrealised.is_some()).map(time),
            unrealised_pnl: self.unrealised.as_ref().map(profit).transpose()?,
            fee_unvalued: self.fee_unvalued,
            position_ids: self.positions,
        })
    }
}
