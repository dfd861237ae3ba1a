//! What a case begins with: a user, an account, a market, deliveries and positions that nobody else has.

use super::Harness;
use crate::sample;
use app::commit::{self, AccountChange, Bounds, Change, Replaces, Transaction};
use app::ports::{History, Outbox, Standing};
use domain::account::{Account, AccountLimits, Funds, Need};
use domain::alert::{Alert, IntentType, Side, Stance, StrategyFields};
use domain::audit::Audit;
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryKey, Verdict, VerdictKind};
use domain::group::{self, Opening, Position};
use domain::ids::{AccountId, AttemptId, Sha, TokenId, UserId};
use domain::limits;
use domain::lineage::Evidence;
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops, Timeframe};
use domain::money::Amount;
use domain::preset::Preset;
use domain::reason::Reason;
use domain::risk::AccountBounds;
use domain::vault::Mode;
use std::cell::Cell;
use std::collections::BTreeMap;
use store::Engine;
use store::trading::Trading;

/// One case's own corner of the store.
#[derive(Debug)]
pub struct Given {
    pub unique: String,
    pub user: UserId,
    pub account: AccountId,
    pub market: Market,
    pub now: Timestamp,
    stamps: Cell<u32>,
}

impl Given {
    /// An account as the seed makes it: in standing, 10,000 USDT, nothing open.
    pub async fn new<H: Harness>(harness: &H) -> Self {
        let given = Self::nobody(harness);
        harness.put_market(&given.market).await;
        harness.put_account(&given.fresh_account(), Standing { enabled: true, validated: true }).await;
        given
    }

    /// The same without anything written.
    pub fn nobody<H: Harness>(harness: &H) -> Self {
        let unique = harness.unique();
        let (user, account) = (UserId::of(&[&unique]), AccountId::of(&[&unique]));
        Self { user, account, market: market(), now: harness.now(), unique, stamps: Cell::new(0) }
    }

    pub fn fresh_account(&self) -> Account {
        let at = (self.market.key.exchange.as_str(), "default");
        let account = sample::account(self.account.clone(), self.user.clone(), at, self.now);
        let limits = AccountLimits { exposure_max: amount("5000"), day_loss_max: amount("500"), ..account.limits };
        let balances = BTreeMap::from([(self.market.key.symbol.quote.clone(), amount("10000"))]);
        Account { limits, balances, ..account }
    }

    /// A stamp that no other write has.
    pub fn stamp(&self) -> AttemptId {
        let number = self.stamps.replace(self.stamps.get() + 1);
        AttemptId::new(format!("{}#{number}", self.unique))
    }

    /// A clockless delivery of this body, received at `now` plus `seconds`.
    pub fn delivery(&self, body: &str, seconds: i64) -> Delivery {
        let token = TokenId::of(&[&self.unique]);
        let first_at = self.now.plus(Millis::seconds(seconds));
        let hash = Sha::of_bytes(body.as_bytes());
        let key = DeliveryKey::of(&self.user, &token, None, &hash);
        Delivery {
            at: Delivery::reference(&self.user, &key, first_at),
            identity: key.identity,
            token,
            account: Some("default".to_owned()),
            exchange: None,
            body: body.to_owned(),
            body_hash: hash,
            grant: domain::token::Grant::default(),
            source_ip: Some("192.0.2.1".to_owned()),
            lane: self.unique.clone(),
            trace: format!("trace-{body}"),
            decisions: 0,
            repeats: 0,
            verdict: None,
            due_at: Some(first_at.plus(limits::DELIVERY_DUE)),
            expires_at: first_at.plus(limits::AUDIT_RETENTION),
            part: None,
            by_hand: None,
            bot: None,
        }
    }

    /// A position that this delivery opens, not written yet.
    pub fn opened(&self, delivery: &Delivery, timeframe: Option<&str>) -> (Position, Need) {
        let alert = self.alert(timeframe);
        let opening = Opening {
            deployment: "contract",
            account: &self.account,
            mode: Some(Mode::Testnet),
            delivery,
            alert: &alert,
            market: &self.market,
            side: Side::Long,
            price: "100".parse().unwrap(),
            funds: Funds::default(),
            share: None,
            now: self.now,
        };
        group::open(&opening).unwrap()
    }

    /// What its user has done, to be put on record.
    pub fn audit(&self, action: &str, resource: &dyn ToString) -> Audit {
        Audit {
            user: self.user.clone(),
            action: action.to_owned(),
            resource: resource.to_string(),
            reason: "contract".to_owned(),
            before: None,
            after: None,
            at: self.now,
            attempt: self.stamp(),
            address: None,
            actor: None,
        }
    }

    pub fn transaction(&self, changes: Vec<Change>) -> Transaction {
        Transaction { stamp: self.stamp(), at: self.now, changes }
    }

    /// The whole commit that makes `after` of `before`.
    pub fn save(&self, before: Option<&Position>, after: &Position) -> Transaction {
        self.transaction(commit::position(before, after, "contract", self.now).unwrap())
    }

    /// Opens a position and gives it back as it is stored.
    pub async fn open<D: Engine>(&self, store: &D, body: &str, timeframe: Option<&str>) -> Position {
        let (position, _) = self.opened(&self.delivery(body, 0), timeframe);
        Trading(store).commit(&self.save(None, &position)).await.unwrap();
        self.stored(store, &position).await
    }

    pub async fn stored<D: Engine>(&self, store: &D, position: &Position) -> Position {
        Trading(store).load_position(&self.account, &position.group.id).await.unwrap().unwrap()
    }

    /// An account change that adds nothing yet.
    pub fn account_change(&self) -> AccountChange {
        AccountChange::nothing(self.account.clone(), self.market.key.symbol.quote.clone())
    }

    /// Bounds that a fresh account is well within.
    pub fn bounds(&self) -> Bounds {
        let asset = self.market.key.symbol.quote.clone();
        let (reserve, exposure) = (amount("100"), amount("100"));
        let need = Need {
            asset,
            reserve,
            exposure,
            leverage: domain::market::Leverage::ONE,
            groups: 1,
            open_groups_max: None,
        };
        Bounds::of(&AccountBounds::of(&self.fresh_account(), &need).unwrap())
    }

    /// A bell as it is written: with the history of its version, or by itself where it is rung again.
    pub fn rung(&self, outbox: &Outbox) -> Change {
        if outbox.bell.again.is_some() {
            return Change::Outbox(outbox.clone());
        }
        let (group, version) = (outbox.bell.group.clone(), outbox.bell.version);
        let (why, after) = ("contract".to_owned(), "waiting".to_owned());
        let (orders, evidence) = (None, Evidence::default());
        let entry = History { group, version, why, before: None, after, at: self.now, orders, evidence };
        Change::History { entry, bell: Some(outbox.clone()) }
    }

    pub fn verdict(&self, kind: VerdictKind) -> Verdict {
        Verdict::new(kind, self.now).because(Reason::Retried, "for a case of the contract")
    }

    pub fn judge(&self, delivery: &Delivery, kind: VerdictKind, replaces: Replaces) -> Change {
        let due_at = (kind == VerdictKind::Queued).then(|| self.now.plus(limits::QUEUED_DUE));
        Change::Verdict { delivery: Box::new(delivery.clone()), verdict: self.verdict(kind), due_at, replaces }
    }

    fn alert(&self, timeframe: Option<&str>) -> Alert {
        Alert {
            id: None,
            exchange: self.market.key.exchange.clone(),
            symbol: self.market.key.symbol.clone(),
            other_symbols: Vec::new(),
            timeframe: timeframe.map(|timeframe| timeframe.parse::<Timeframe>().unwrap()),
            timeframe_unread: false,
            account: None,
            route: None,
            intent: Some(IntentType::Entry),
            strategy: Some("grid".to_owned()),
            side: Some(Stance::In(Side::Long)),
            action: None,
            fields: StrategyFields::default(),
            price: None,
            close: None,
            sent_at: None,
            max_lag: limits::LAG_DEFAULT,
            preset: None,
            plan: Preset::built_in().unwrap().plan,
            own: Default::default(),
            flags: Default::default(),
        }
    }
}

pub(super) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

/// BTC/USDT of the paper venue, as the seed has it.
pub(super) fn market() -> Market {
    Market {
        key: MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() },
        filters: Filters {
            price_tick: "0.01".parse().unwrap(),
            quantity_step: "0.00001".parse().unwrap(),
            quantity_min: "0.00001".parse().unwrap(),
            notional_min: "5".parse().unwrap(),
            most: Maxima::default(),
        },
        fee: "0.001".parse().unwrap(),
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Polled,
        orders_max: None,
        at_venue: None,
    }
}
