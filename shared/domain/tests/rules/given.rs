//! Builders: only what a test is about needs to be said.

use domain::account::Funds;
use domain::alert::{Alert, Side};
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryKey, DeliveryRef, Identity};
use domain::group::{self, Observer, Opening, OpeningRefused, Position, Step};
use domain::ids::{AccountId, AttemptId, Sha, TokenId, UserId};
use domain::ladder::{Dialect, Size, Spacing};
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::money::{Amount, Price, Quantity};
use domain::order::{Command, Fact, Fee, Fill, Purpose, Status, Submission, TradeId};
use domain::preset::{AskedPlan, AskedSize, LegSizes, OrderKind, OrderSize, Preset, SafetyOrders, TradePlan};
use domain::rules::Rules;
use domain::vault::Mode;
use std::collections::BTreeSet;

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

pub fn alert() -> Alert {
    Alert {
        id: None,
        exchange: "PAPER".parse().unwrap(),
        symbol: "BTC/USDT".parse().unwrap(),
        other_symbols: Vec::new(),
        timeframe: None,
        timeframe_unread: false,
        account: None,
        route: None,
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
        plan: plan().into(),
        own: Default::default(),
        flags: Default::default(),
    }
}

pub fn plan() -> TradePlan {
    let plan = AskedPlan { size: AskedSize::Of(Size::Base(quantity("1"))), ..Preset::built_in().unwrap().plan };
    plan.resolve(&market(), Side::Long, price("100"), Amount::ZERO).unwrap()
}

/// The same, and an entry whose outcome nobody knows is sent once more.
pub fn once_more() -> TradePlan {
    let plan = plan();
    TradePlan { rules: Rules { retry_unproven_entry: true, ..plan.rules }, ..plan }
}

/// As much as any plan here needs.
pub fn rich() -> Funds {
    Funds { balance: amount("1000000"), reserved: Amount::ZERO }
}

/// Safety orders of one size, so many percent apart.
pub fn ladder(count: u32, quote: &str, percent: &str, active: u32) -> SafetyOrders {
    let (deviation, scale, dialect) = (percent.parse().unwrap(), quantity("1"), Dialect::Additive);
    SafetyOrders {
        spacing: Spacing::Scaled { count, deviation, scale, dialect },
        sizes: LegSizes::Scaled { first: OrderSize::Quote(amount(quote)), scale },
        active,
        at_market: false,
    }
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
        grant: domain::token::Grant::default(),
        source_ip: None,
        lane: "lane".to_owned(),
        trace: "trace".to_owned(),
        decisions: 1,
        repeats: 0,
        verdict: None,
        due_at: None,
        expires_at: NOW.plus(Millis::DAY),
        part: None,
        by_hand: None,
        bot: None,
    }
}

pub fn position(plan: TradePlan, at: &str) -> Position {
    opened(plan, at, &market(), rich()).unwrap()
}

pub fn opened(plan: TradePlan, at: &str, market: &Market, funds: Funds) -> Result<Position, OpeningRefused> {
    let delivery = delivery("body");
    let alert = Alert { plan: plan.into(), ..alert() };
    let opening = Opening {
        deployment: "test",
        account: &AccountId::of(&["account"]),
        mode: Some(Mode::Live),
        delivery: &delivery,
        alert: &alert,
        market,
        side: Side::Long,
        price: price(at),
        funds,
        share: None,
        now: NOW,
    };
    group::open(&opening).map(|(position, _)| position)
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

/// As it stands once everything decided now was done at the venue, which fills nothing.
pub fn at_rest(mut position: Position) -> Position {
    let (attempt, tried) = (AttemptId::new("me"), BTreeSet::new());
    for _ in 0..60 {
        let observer = Observer::Executor { attempt: &attempt, tried: &tried };
        position = match group::next(&position, "test", observer, NOW).unwrap() {
            Step::Decide { position, .. } => *position,
            Step::Submit(id) => position.observe(&id, &fact(Status::Open, &[])),
            Step::Cancel(id) => position.observe(&id, &fact(Status::Cancelled, &[])),
            Step::Wait | Step::Settled => return position,
        };
    }
    panic!("it comes to no rest")
}

/// With the leg that rests filled whole at its own price, the market's fee taken in quote.
#[allow(clippy::needless_pass_by_value, reason = "stories are written as chains")]
pub fn with_leg(position: Position, level: u32) -> Position {
    let order = position.latest_of(level, Purpose::Entry).unwrap();
    let OrderKind::Limit(at) = order.kind else { panic!("{order:?}") };
    let fee = at.get() * order.quantity.get() * market().fee.get();
    let fill = fill(&at.to_string(), &order.quantity.to_string(), Some(("USDT", &fee.normalize().to_string())));
    position.observe(&order.id, &fact(Status::Filled, &[(&format!("leg {level}"), fill)]))
}

#[allow(clippy::needless_pass_by_value, reason = "stories are written as chains")]
pub fn submitted(position: Position) -> Position {
    let last = position.orders.last().unwrap().id.clone();
    let submission = Submission { sent_at: NOW, by: AttemptId::new("me") };
    position.command(&last, &Command::Submit(submission)).unwrap()
}
