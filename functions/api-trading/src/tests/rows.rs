//! What stands before a request.

use super::*;
use app::ports::Standing;
use domain::account::{Account, Halt};
use domain::alert::Side;
use domain::bot::ByBot;
use domain::delivery::{Delivery, DeliveryKey, DeliveryRef, Identity, Verdict, VerdictKind};
use domain::group::{Exit, ExitReason, Group, GroupStatus, Mark};
use domain::ids::{AccountId, AttemptId, GroupId, ParkedId, Sha};
use domain::lineage::{Evidence, LimitKept, PriceSource, Said, Seen};
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::money::{Amount, Rate};
use domain::order::{Direction, Fee, FeeValue, Fill, Intent, Order, Submission, TradeId};
use domain::parked::{Letter, Parked, Queue, Subject, deployment};
use domain::preset::{OrderKind, Preset};
use domain::reason::Reason;
use domain::token::Grant;
use std::collections::BTreeMap;
use store::trading::{Change, History, Trading, Transaction};

pub(super) const BODY: &str = r#"{"tv":{"exchange":"PAPER","symbol":"BTC/USDT"},"execution_intent":{"type":"entry","strategy":"grid","side":"long"}}"#;

pub(super) fn user() -> UserId {
    UserId::of(&["user"])
}

pub(super) fn manager() -> UserId {
    UserId::of(&["manager"])
}

pub(super) fn eve() -> UserId {
    UserId::of(&["eve"])
}

/// An account with these positions, in whose seats those are that are open.
pub(super) fn put_account(world: &World, account: Account, positions: &[Position]) {
    // Before the account: none of their entries starts on one that is halted.
    positions.iter().for_each(|position| put_position(world, position));
    put_seats(world, account, positions);
}

/// The account alone, in whose seats those of these positions are that are open.
pub(super) fn put_seats(world: &World, account: Account, positions: &[Position]) {
    let open = || positions.iter().map(|position| &position.group).filter(|group| !group.is_settled());
    let live: BTreeMap<_, _> = open().map(|group| (group.seat(), group.id.clone())).collect();
    let open_groups = u32::try_from(live.len()).unwrap();
    let exposure = open().try_fold(Amount::ZERO, |sum, group| sum.plus(group.exposure)).unwrap();
    let standing = Standing { enabled: true, validated: true };
    world.put_market(&market_at(&account));
    world.put_account(&Account { live, open_groups, exposure, ..account }, standing);
}

pub(super) fn put_position(world: &World, position: &Position) {
    let group = &position.group;
    let order = |order: &Order| Change::Order {
        account: group.account.clone(),
        user: group.user.clone(),
        order: Box::new(order.clone()),
        trace: Some(group.trace.clone()),
    };
    let fills = |order: &Order| {
        let (of, fills) = (order.id.clone(), order.fills.clone());
        let (group, market) = (group.id.clone(), group.market.key.clone());
        fills.into_iter().map(move |(trade, fill)| Change::Fill {
            group: group.clone(),
            order: of.clone(),
            market: market.clone(),
            trade,
            fill,
        })
    };
    let mut changes = vec![Change::Group { group: Box::new(group.clone()), expected: None }];
    changes.extend(position.orders.iter().map(order));
    changes.extend(position.orders.iter().flat_map(fills));
    changes.push(Change::History { entry: opened(position), bell: None });
    put(world, changes);
}

pub(super) fn put(world: &World, changes: Vec<Change>) {
    let stamp = AttemptId::new(format!("seed-{}", world.writes()));
    let transaction = Transaction { stamp, at: AT, changes };
    done(world, |world| async move { Trading(&world).commit(&transaction).await.unwrap() });
}

pub(super) fn put_delivery(world: &World) {
    let delivery = delivery();
    done(world, |world| async move { Trading(&world).put_delivery(&delivery, &AttemptId::new("d")).await.unwrap() });
}

/// One of the user's own, and one of nobody's.
pub(super) fn put_parked(world: &World) {
    let rows = [parked(&user()), parked(&deployment())];
    put(world, rows.map(|row| Change::Park(Box::new(row))).to_vec());
}

/// The first change of a position, with what is kept beside it.
fn opened(position: &Position) -> History {
    let first = position.orders.first().map(|order| order.id.clone());
    let of_first = |first: &_| Evidence {
        cause: None,
        prices: vec![(Clone::clone(first), Seen { price: price("100"), source: PriceSource::Market, at: Some(AT) })],
        limits: vec![LimitKept {
            limit: "exposure_max".to_owned(),
            rule: None,
            comes_to: amount("300"),
            allowed: amount("5000"),
        }],
        said: vec![(
            Clone::clone(first),
            Said { at: AT, asked: "POST /order".to_owned(), answered: "200 {}".to_owned() },
        )],
    };
    History {
        group: position.group.id.clone(),
        version: 1,
        why: "opened by an alert".to_owned(),
        before: None,
        after: "waiting".to_owned(),
        at: AT,
        evidence: first.as_ref().map(of_first).unwrap_or_default(),
        orders: Some(first.into_iter().collect()),
    }
}

pub(super) fn account() -> Account {
    let account = testkit::sample::account(AccountId::of(&["account"]), user(), ("PAPER", "default"), AT);
    let balances = BTreeMap::from([("USDT".parse().unwrap(), account.limits.exposure_max)]);
    let halted = Some(Halt { at: AT, reason: "storm".to_owned(), kept_out: None, by_person: false });
    Account { balances, halted, ..account }
}

/// The user's account at an exchange where there is money to lose.
pub(super) fn binance() -> Account {
    let (id, exchange) = (AccountId::of(&["binance"]), "BINANCE".parse().unwrap());
    Account { id, exchange, label: "real".to_owned(), halted: None, ..account() }
}

/// Out of a position of the user's on paper, one with that account.
pub(super) fn at_binance(mut position: Position) -> Position {
    (position.group.account, position.group.market) = (binance().id, market_at(&binance()));
    position
}

pub(super) fn group_id() -> GroupId {
    GroupId::of(&["group"])
}

/// It is on its way out.
pub(super) fn position() -> Position {
    let id = group_id();
    let limit = OrderKind::Limit(price("101.7"));
    let resting = order(&id, Purpose::TakeProfit(1), Direction::Sell, limit, Status::Open);
    Position { group: group(), orders: vec![bought(&id), resting] }
}

/// An open one of another market, with these orders.
pub(super) fn open(symbol: &str, orders: impl FnOnce(&GroupId) -> Vec<Order>) -> Position {
    let (id, market) = (GroupId::of(&[symbol]), market());
    let key = MarketKey { symbol: symbol.parse().unwrap(), ..market.key };
    let (orders, market) = (orders(&id), Market { key, ..market });
    Position { group: Group { id, market, status: GroupStatus::Live, exit: None, ..group() }, orders }
}

/// 1 of it, bought at 100 with a fee of 0.1.
pub(super) fn bought(group: &GroupId) -> Order {
    let fee = Fee { asset: "USDT".parse().unwrap(), amount: amount("0.1"), value: FeeValue::Own };
    let fill = Fill { fee: Some(fee), price: price("100"), quantity: "1".parse().unwrap(), at: AT };
    Order { fills: BTreeMap::from([(TradeId("1".to_owned()), fill)]), ..entry(group, 0, Status::Filled) }
}

/// Sent now, unless it is planned.
pub(super) fn entry(group: &GroupId, leg: u32, status: Status) -> Order {
    sent(group, (Purpose::Entry, leg), Direction::Buy, OrderKind::Market, status)
}

pub(super) fn order(group: &GroupId, purpose: Purpose, direction: Direction, kind: OrderKind, status: Status) -> Order {
    sent(group, (purpose, 0), direction, kind, status)
}

fn sent(
    group: &GroupId,
    (purpose, leg): (Purpose, u32),
    direction: Direction,
    kind: OrderKind,
    status: Status,
) -> Order {
    let (quantity, reserved) = ("1".parse().unwrap(), Amount::ZERO);
    let intent = Intent {
        purpose,
        pyramid: 0,
        leg,
        epoch: 0,
        direction,
        kind,
        stop: None,
        quantity,
        reserved,
        valid_until: None,
    };
    let submission = (status != Status::Planned).then(|| Submission { sent_at: AT, by: AttemptId::new("x") });
    Order { status, submission, ..Order::plan("test", group, &intent, AT) }
}

/// An entry whose outcome nobody knows, for so long.
pub(super) fn in_doubt(group: &GroupId, since: Millis) -> Order {
    let submission = Some(Submission { sent_at: AT.minus(since), by: AttemptId::new("x") });
    Order { submission, ..entry(group, 0, Status::Unknown) }
}

fn group() -> Group {
    let plan = Preset::built_in().unwrap().plan;
    Group {
        id: group_id(),
        account: account().id,
        mode: None,
        user: user(),
        market: market(),
        timeframe: Some("15".parse().unwrap()),
        side: Side::Long,
        preset: None,
        plan: plan.resolve(&market(), Side::Long, price("100"), Default::default()).unwrap(),
        exits_at: None,
        status: GroupStatus::Closing,
        attention: None,
        drift: None,
        exit: Some(Exit { reason: ExitReason::User, at: AT }),
        settled: None,
        mark: Some(Mark { price: price("103"), at: AT }),
        delivery: delivery_at(),
        bot: Some(Box::new(ByBot { bot: bots::bot().id, run: bots::run().id })),
        event_at: AT,
        opened_at: AT,
        trace: "trace".to_owned(),
        exposure: amount("100"),
        waiting: Vec::new(),
        pyramids: Default::default(),
        reductions: Vec::new(),
        stop_at_venue: false,
        tracked: Default::default(),
        version: 7,
    }
}

fn market_at(account: &Account) -> Market {
    let market = market();
    Market { key: MarketKey { exchange: account.exchange.clone(), ..market.key }, ..market }
}

pub(super) fn market() -> Market {
    let quantity = |text: &str| text.parse().unwrap();
    Market {
        key: MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() },
        filters: Filters {
            price_tick: price("0.01"),
            quantity_step: quantity("0.00001"),
            quantity_min: quantity("0.00001"),
            notional_min: quantity("5"),
            most: Maxima::default(),
        },
        fee: Rate::ZERO,
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Polled,
        orders_max: None,
        at_venue: None,
    }
}

pub(super) fn delivery_at() -> DeliveryRef {
    let key = DeliveryKey { identity: Identity::Clockless, hash: Sha::of_bytes(b"k") };
    Delivery::reference(&user(), &key, AT)
}

/// The alert that all positions were opened by.
fn delivery() -> Delivery {
    Delivery {
        at: delivery_at(),
        identity: Identity::Clockless,
        token: domain::ids::TokenId::of(&["token"]),
        account: None,
        exchange: None,
        grant: Grant::default(),
        body: BODY.to_owned(),
        body_hash: Sha::of_bytes(BODY.as_bytes()),
        source_ip: None,
        lane: String::new(),
        trace: "trace".to_owned(),
        decisions: 0,
        repeats: 0,
        verdict: Some(Verdict::new(VerdictKind::Accepted, AT).because(Reason::Opened, "pending execution")),
        due_at: None,
        expires_at: AT.plus(Millis::DAY),
        part: None,
        by_hand: None,
        bot: None,
    }
}

pub(super) fn parked(owner: &UserId) -> Parked {
    Parked {
        id: ParkedId::at(AT, &["m"]),
        user: owner.clone(),
        subject: Subject::Message,
        letter: Some(Letter::new(Queue::Signals, None, "{".to_owned())),
        why: "not a message".to_owned(),
        times: 20,
        trace: String::new(),
        at: AT,
        end: None,
    }
}

pub(super) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub(super) fn price(text: &str) -> domain::money::Price {
    text.parse().unwrap()
}
