//! What the owner does at the venue without telling anybody here.

use crate::deployment::NAME;
use crate::{Deployment, seed};
use app::ports::{OpenContracts, Request};
use domain::alert::Side;
use domain::contracts::Contracts;
use domain::ids::ClientOrderId;
use domain::market::{Leverage, MarketKey};
use domain::money::{Amount, Decimal, Quantity};
use domain::order::Direction;
use domain::preset::OrderKind;
use testkit::sim::Invocation;

/// An order that bears our prefix and is of no group.
pub(crate) const STRAY: &str = "bynobody000000";

impl Deployment {
    /// Sells or withdraws until the venue has only this much of the base asset.
    pub(crate) fn leave_by_hand(&self, whole: Decimal) {
        let deployment = self.clone();
        self.by_hand(async move {
            let base = seed::market().key.symbol.base;
            let moved = deployment.world().leave_by_hand(&seed::account(), &base, whole).await;
            deployment.moved(moved);
        });
    }

    /// Buys or deposits so much of the base asset.
    pub(crate) fn bring_by_hand(&self, coins: Decimal) {
        let deployment = self.clone();
        self.by_hand(async move {
            let base = seed::market().key.symbol.base;
            deployment.world().bring_by_hand(&seed::account(), &base, coins).await;
            deployment.moved(coins);
        });
    }

    /// Cancels every sell that is open at the venue.
    pub(crate) fn cancel_sells_by_hand(&self) {
        let deployment = self.clone();
        self.by_hand(async move { deployment.world().cancel_sells_by_hand(&seed::account()).await });
    }

    /// The newest sell that was cancelled rests at the venue after all.
    pub(crate) fn revive_sell_by_hand(&self) {
        let deployment = self.clone();
        self.by_hand(async move { deployment.world().revive_sell_by_hand(&seed::account()).await });
    }

    /// Sells some of the owner's own coins, far away, under an id of ours.
    pub(crate) fn order_by_hand(&self) {
        let deployment = self.clone();
        self.by_hand(async move {
            let request = Request {
                account: seed::account(),
                market: seed::market(),
                client_id: stray(),
                direction: Direction::Sell,
                kind: OrderKind::Limit("100000".parse().unwrap()),
                trigger: None,
                quantity: "1".parse().unwrap(),
                reduce_only: false,
                sent_at: deployment.now(),
            };
            deployment.world().order_by_hand(&request).await;
        });
    }

    /// Whatever left and did not arrive comes through now, and the venue takes it, however late that is.
    pub(crate) fn let_through(&self) {
        let deployment = self.clone();
        self.by_hand(async move {
            let lost: Vec<Request> = deployment.world().traffic().lost().cloned().collect();
            for request in lost {
                deployment.world().order_by_hand(&Request { sent_at: deployment.now(), ..request }).await;
            }
        });
    }

    /// Holds so many contracts of the owner's own, bought or sold at 100.
    pub(crate) fn hold_by_hand(&self, market: MarketKey, side: Side, quantity: Quantity) {
        let deployment = self.clone();
        self.by_hand(async move {
            let cost = Amount::new(quantity.get() * Decimal::ONE_HUNDRED).unwrap();
            let contracts = OpenContracts { held: Contracts { side, quantity, cost }, leverage: Leverage::ONE };
            deployment.world().hold_by_hand(&seed::account(), &market, contracts).await;
        });
    }

    fn by_hand(&self, future: impl Future<Output = ()> + 'static) {
        let invocation = Invocation { name: "hand".into(), limit: None, strikable: false, future };
        self.world().sim().spawn(invocation, |_unheard| ());
    }
}

pub(crate) fn stray() -> ClientOrderId {
    ClientOrderId::from_stored(format!("{}{STRAY}", ClientOrderId::deployment_prefix(NAME)))
}
