//! A plan as a preset and an alert ask for it: sizes may be shares of the balance, or one total. At the decision it
//! becomes a plan of amounts, which does not change any more.

use super::{LegSizes, OrderKind, OrderSize, Plan, SafetyOrders, TradePlan};
use crate::alert::Side;
use crate::ladder::{self, BadField, LadderPlan, Size, Sizes, Spacing, Total};
use crate::market::{Market, Stops};
use crate::money::{Amount, Price, Quantity};
use crate::profit::Basis;

/// A plan before its decision.
pub type AskedPlan = Plan<AskedSize, AskedLadder>;

/// How large the base order is, or how large all entries are together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedSize {
    Of(Size),
    /// One total, split by weights: the base order's first.
    Shared {
        total: Total,
        weights: Vec<Quantity>,
    },
}

/// Entries behind the base order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedLadder {
    pub spacing: Spacing,
    pub sizes: AskedLegs,
    pub active: u32,
    pub at_market: bool,
}

/// How large they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedLegs {
    Scaled {
        first: Size,
        scale: Quantity,
    },
    Each(Vec<Size>),
    /// As the total says that the base order's size is.
    Shared,
}

impl AskedPlan {
    /// The plan of amounts that it is on this side, where the base order is planned at `price` and the account has this
    /// balance of the quote asset.
    ///
    /// # Errors
    /// The first field that contradicts another, or cannot be kept.
    pub fn resolve(&self, market: &Market, side: Side, price: Price, balance: Amount) -> Result<TradePlan, BadField> {
        self.check()?;
        self.is_lent(market)?;
        let (size, sizes) = match (&self.size, self.ladder.as_ref().map(|ladder| &ladder.sizes)) {
            (AskedSize::Shared { .. }, _) => self.shares(market, side, price)?,
            (AskedSize::Of(base), None) => (amount(*base, balance, "base_order")?, LegSizes::Each(Vec::new())),
            (AskedSize::Of(base), Some(legs)) => (amount(*base, balance, "base_order")?, legs.amounts(balance)?),
        };
        let ladder = self.ladder.as_ref().filter(|ladder| ladder.spacing.count() > 0).map(|ladder| SafetyOrders {
            spacing: ladder.spacing.clone(),
            sizes,
            active: ladder.active,
            at_market: ladder.at_market,
        });
        Ok(TradePlan {
            size,
            kind: self.kind,
            ladder,
            take_profit: self.take_profit.clone(),
            stop_loss: self.stop_loss,
            time_limit: self.time_limit,
            rules: self.rules,
            pyramids: self.pyramids,
            leverage: self.leverage,
        })
    }

    /// # Errors
    /// `leverage` where it is more than the market lends.
    fn is_lent(&self, market: &Market) -> Result<(), BadField> {
        let max = market.kind.leverage_max();
        if self.leverage <= max {
            return Ok(());
        }
        let allowed = if market.kind.is_linear() {
            format!("must be at most {max} in this market")
        } else {
            "must be 1 where coins are traded".to_owned()
        };
        Err(BadField::new("leverage", allowed))
    }

    /// # Errors
    /// The first field of its entries that breaks its rule or contradicts another.
    pub fn check(&self) -> Result<(), BadField> {
        let stop = self.stop_loss.filter(|_| self.is_at_risk());
        if stop.is_some_and(|stop| stop.basis != Basis::Base) {
            return Err(BadField::new("stop_loss_basis", "must be base where total.risk is given"));
        }
        ladder::check_entries(&self.sizes()?, &self.spacing(), stop.map(|stop| stop.loss))
    }

    /// Where its orders stand, and how large they are.
    ///
    /// # Errors
    /// The first field that contradicts another.
    pub fn entries(&self) -> Result<(Spacing, Sizes), BadField> {
        Ok((self.spacing(), self.sizes()?))
    }

    /// Whether any of its sizes is a share of the balance.
    pub fn takes_shares(&self) -> bool {
        self.size.is_share() || self.ladder.as_ref().is_some_and(AskedLadder::takes_shares)
    }

    fn is_at_risk(&self) -> bool {
        matches!(self.size, AskedSize::Shared { total: Total::Risk(_), .. })
    }

    fn spacing(&self) -> Spacing {
        self.ladder.as_ref().map_or_else(|| Spacing::Custom(Vec::new()), |ladder| ladder.spacing.clone())
    }

    fn sizes(&self) -> Result<Sizes, BadField> {
        match (&self.size, self.ladder.as_ref().map(|ladder| &ladder.sizes)) {
            (AskedSize::Shared { total, weights }, None | Some(AskedLegs::Shared)) => {
                Ok(Sizes::Split { total: *total, weights: weights.clone() })
            }
            (AskedSize::Shared { .. }, Some(_)) => {
                Err(BadField::new("safety_orders", "must have no sizes where total is given"))
            }
            (AskedSize::Of(_), Some(AskedLegs::Shared)) => {
                Err(BadField::new("safety_orders.quote", "or quantity or balance_percent is required"))
            }
            (AskedSize::Of(base), None) => Ok(Sizes::Custom { base: *base, each: Vec::new() }),
            (AskedSize::Of(base), Some(AskedLegs::Each(each))) => Ok(Sizes::Custom { base: *base, each: each.clone() }),
            (AskedSize::Of(base), Some(AskedLegs::Scaled { first, scale })) => {
                Ok(Sizes::Scaled { base: *base, first: *first, scale: *scale })
            }
        }
    }

    fn shares(&self, market: &Market, side: Side, price: Price) -> Result<(OrderSize, LegSizes), BadField> {
        let shares = ladder::shares(&LadderPlan {
            filters: market.filters,
            orders_max: None,
            fee: market.fee,
            fee_in_base: false,
            side,
            margin: None,
            base_at_market: self.kind == OrderKind::Market,
            entry_price: price,
            sizes: self.sizes()?,
            spacing: self.spacing(),
            active: None,
            at_market: false,
            take_profit: self.take_profit.clone(),
            stop_loss: self.stop_loss,
            stops: Stops::Polled,
            balance: None,
        })?;
        let mut shares = shares.into_iter().map(OrderSize::Quote);
        let base = shares.next().ok_or_else(|| BadField::new("total.weights", "is required"))?;
        Ok((base, LegSizes::Each(shares.collect())))
    }
}

impl AskedSize {
    pub(super) fn is_share(&self) -> bool {
        matches!(self, Self::Of(size) if size.is_share())
    }
}

impl AskedLadder {
    pub(super) fn takes_shares(&self) -> bool {
        match &self.sizes {
            AskedLegs::Scaled { first, .. } => first.is_share(),
            AskedLegs::Each(each) => each.iter().any(Size::is_share),
            AskedLegs::Shared => false,
        }
    }
}

impl AskedLegs {
    fn amounts(&self, balance: Amount) -> Result<LegSizes, BadField> {
        match self {
            Self::Scaled { first, scale } => {
                Ok(LegSizes::Scaled { first: amount(*first, balance, "safety_orders")?, scale: *scale })
            }
            Self::Each(each) => {
                let one =
                    |(index, size): (usize, &Size)| amount(*size, balance, &format!("safety_orders.custom[{index}]"));
                each.iter().enumerate().map(one).collect::<Result<_, _>>().map(LegSizes::Each)
            }
            Self::Shared => Ok(LegSizes::Each(Vec::new())),
        }
    }
}

fn amount(size: Size, balance: Amount, order: &str) -> Result<OrderSize, BadField> {
    let balance = Quantity::new(balance.get()).unwrap_or(Quantity::ZERO);
    let part = ladder::share(size, balance);
    part.map_err(|why| BadField::new(format!("{order}.balance_percent"), why.to_string()))
}

impl From<OrderSize> for Size {
    fn from(size: OrderSize) -> Self {
        match size {
            OrderSize::Quote(quote) => Self::Quote(quote),
            OrderSize::Base(quantity) => Self::Base(quantity),
        }
    }
}

impl From<TradePlan> for AskedPlan {
    fn from(plan: TradePlan) -> Self {
        Self {
            size: AskedSize::Of(plan.size.into()),
            kind: plan.kind,
            ladder: plan.ladder.map(AskedLadder::from),
            take_profit: plan.take_profit,
            stop_loss: plan.stop_loss,
            time_limit: plan.time_limit,
            rules: plan.rules,
            pyramids: plan.pyramids,
            leverage: plan.leverage,
        }
    }
}

impl From<SafetyOrders> for AskedLadder {
    fn from(orders: SafetyOrders) -> Self {
        let sizes = match orders.sizes {
            LegSizes::Scaled { first, scale } => AskedLegs::Scaled { first: first.into(), scale },
            LegSizes::Each(each) => AskedLegs::Each(each.into_iter().map(Size::from).collect()),
        };
        Self { spacing: orders.spacing, sizes, active: orders.active, at_market: orders.at_market }
    }
}
