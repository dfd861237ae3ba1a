//! Builders: only what a test is about needs to be said.

use domain::alert::{Alert, Side};
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryKey, DeliveryRef, Identity};
use domain::group::{self, Opening, Position};
use domain::ids::{AccountId, AttemptId, Sha, TokenId, UserId};
use domain::market::{Filters, Market, MarketKey};
use domain::money::{Amount, Price, Quantity};
use domain::order::{Command, Fact, Fee, Fill, Status, Submission, TradeId};
use domain::preset::{OrderKind, OrderSize, Preset, TradePlan};

pub const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

pub fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub fn market() -> Market {
    Market {
        key: MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() },
        filters: Filters {
            price_tick: price("0.01"),
            quantity_step: quantity("0.00001"),
            quantity_min: quantity("0.00001"),
            notional_min: quantity("5"),
        },
        fee: "0.001".parse().unwrap(),
        can_short: false,
    }
}

pub fn alert() -> Alert {
    Alert {
        id: None,
        exchange: "PAPER".parse().unwrap(),
        symbol: "BTC/USDT".parse().unwrap(),
        timeframe: None,
        account: None,
        intent: None,
        strategy: Some("grid".to_owned()),
        side: None,
        action: None,
        fields: Default::default(),
        price: None,
        close: None,
        sent_at: None,
        max_lag: Millis::seconds(300),
        preset: None,
        plan: plan(),
        own: Default::default(),
        flags: Default::default(),
    }
}

pub fn plan() -> TradePlan {
    TradePlan { size: OrderSize::Base(quantity("1")), kind: OrderKind::Market, ..Preset::built_in().unwrap().plan }
}

pub fn delivery(body: &str) -> Delivery {
    let user = UserId::of(&["user"]);
    let key = DeliveryKey { identity: Identity::Clocked, hash: Sha::of_bytes(body.as_bytes()) };
    let reference: DeliveryRef = Delivery::reference(&user, &key, NOW);
    Delivery {
        at: reference,
        identity: Identity::Clocked,
        token: TokenId::of(&["token"]),
        account: None,
        exchange: None,
        body: String::new(),
        body_hash: Sha::of_bytes(body.as_bytes()),
        source_ip: None,
        lane: "lane".to_owned(),
        trace: "trace".to_owned(),
        decisions: 1,
        repeats: 0,
        verdict: None,
        due_at: None,
        expires_at: NOW.plus(Millis::DAY),
    }
}

pub fn position(plan: TradePlan, at: &str) -> Position {
    let delivery = delivery("body");
    let alert = Alert { plan, ..alert() };
    let opening = Opening {
        deployment: "test",
        account: &AccountId::of(&["account"]),
        delivery: &delivery,
        alert: &alert,
        market: &market(),
        side: Side::Long,
        price: price(at),
        now: NOW,
    };
    group::open(&opening).unwrap().0
}

pub fn fill(at: &str, of: &str, fee: Option<(&str, &str)>) -> Fill {
    let fee = fee.map(|(asset, amount)| Fee::of(&market().key.symbol, asset.parse().unwrap(), amount.parse().unwrap()));
    Fill { price: price(at), quantity: quantity(of), fee, at: NOW }
}

pub fn fact(status: Status, fills: &[(&str, Fill)]) -> Fact {
    let fills = fills.iter().map(|(trade, fill)| (TradeId((*trade).to_owned()), fill.clone())).collect();
    Fact { fills, ..Fact::of(status) }
}

/// The position with its base order filled whole.
pub fn bought(plan: TradePlan, at: &str, of: &str, fee: (&str, &str)) -> Position {
    let position = submitted(position(plan, at));
    let entry = position.orders[0].id.clone();
    position.observe(&entry, &fact(Status::Filled, &[("1", fill(at, of, Some(fee)))]))
}

pub fn submitted(position: Position) -> Position {
    let last = position.orders.last().unwrap().id.clone();
    let submission = Submission { sent_at: NOW, by: AttemptId::new("me") };
    position.command(&last, &Command::Submit(submission)).unwrap()
}
