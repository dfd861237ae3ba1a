//! What a person does to their own trading.

mod cancelled;
mod ended;
mod exits;
mod flights;
mod halts;
mod listed;
mod resolved;
mod trades;

use crate::given::{account as account_at, ann, attempt, played};
use crate::races::{always, before, disturbed};
use app::actor::Act;
use app::commit::{Change, Transaction};
use app::ports::Standing;
use app::trading::*;
use domain::account::Account;
use domain::alert::Side;
use domain::audit::Actor;
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryKey, DeliveryRef, Identity};
use domain::group::{ExitReason, Group, GroupStatus, Position};
use domain::ids::{AttemptId, DeliveryId, GroupId, Sha, TokenId, UserId};
use domain::limits;
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::money::{Amount, Rate};
use domain::order::{Direction, Fill, Intent, Order, Purpose, Status, Submission, TradeId};
use domain::preset::{AskedPlan, OrderKind, Preset, TradePlan};
use domain::token::Grant;
use std::collections::BTreeMap;
use store::Span;
use store::trading::Trading;
use testkit::world::World;

const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);

/// A program of Ann's.
fn act() -> Act<'static> {
    Act { actor: Actor::Key, ..crate::given::act(NOW) }
}

fn account() -> Account {
    account_at("PAPER", "default", NOW)
}

fn group() -> GroupId {
    GroupId::of(&["group"])
}

fn entry(status: Status) -> Order {
    Order { valid_until: Some(NOW.plus(Millis::seconds(60))), ..order(Purpose::Entry, status) }
}

fn order(purpose: Purpose, status: Status) -> Order {
    order_of(&group(), (purpose, 0, 0), status)
}

fn order_of(group: &GroupId, (purpose, pyramid, leg): (Purpose, u32, u32), status: Status) -> Order {
    let (direction, kind) = (Direction::Buy, OrderKind::Market);
    let (quantity, reserved) = ("1".parse().unwrap(), Amount::ZERO);
    let intent =
        Intent { purpose, pyramid, leg, epoch: 0, direction, kind, stop: None, quantity, reserved, valid_until: None };
    let submission = (status != Status::Planned).then(|| Submission { sent_at: NOW, by: AttemptId::new("x") });
    Order { status, submission, ..Order::plan("test", group, &intent, NOW) }
}

fn filled(order: Order, price: &str) -> Order {
    let (price, quantity) = (price.parse().unwrap(), order.quantity);
    let fills = BTreeMap::from([(TradeId("1".to_owned()), Fill { fee: None, price, quantity, at: NOW })]);
    Order { fills, ..order }
}

/// An alert of Ann's that is not decided yet.
fn alert_of(name: &str, body: String, first_at: Timestamp) -> Delivery {
    let key = DeliveryKey { identity: Identity::Named, hash: Sha::of_parts(&[name]) };
    Delivery {
        at: Delivery::reference(ann(), &key, first_at),
        identity: key.identity,
        token: TokenId::of(&["token"]),
        account: None,
        exchange: None,
        grant: Grant::default(),
        body_hash: Sha::of_bytes(body.as_bytes()),
        body,
        source_ip: None,
        lane: "lane".to_owned(),
        trace: "trace".to_owned(),
        decisions: 1,
        repeats: 0,
        verdict: None,
        due_at: None,
        expires_at: NOW.plus(limits::AUDIT_RETENTION),
        part: None,
        by_hand: None,
        bot: None,
    }
}

/// As it would be traded at 100.
fn resolved_plan(plan: &AskedPlan) -> TradePlan {
    plan.resolve(&market(), Side::Long, "100".parse().unwrap(), Amount::ZERO).unwrap()
}

fn market() -> Market {
    let quantity = |text: &str| text.parse().unwrap();
    Market {
        key: MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() },
        filters: Filters {
            price_tick: "0.01".parse().unwrap(),
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

/// Of Ann's account, with these orders, in the order in which they are read.
fn position_of(orders: impl IntoIterator<Item = Order>) -> Position {
    let mut orders: Vec<_> = orders.into_iter().collect();
    orders.sort_by(|one, other| one.id.cmp(&other.id));
    let delivery =
        DeliveryRef { user: ann().clone(), id: DeliveryId::of(&["d"]), key: Sha::of_bytes(b"k"), first_at: NOW };
    let group = Group {
        id: group(),
        account: account().id,
        mode: None,
        user: ann().clone(),
        market: market(),
        timeframe: None,
        side: Side::Long,
        preset: None,
        plan: resolved_plan(&Preset::built_in().unwrap().plan),
        exits_at: None,
        status: GroupStatus::Live,
        attention: None,
        drift: None,
        exit: None,
        settled: None,
        mark: None,
        tracked: Default::default(),
        delivery,
        bot: None,
        event_at: NOW,
        opened_at: NOW,
        trace: "trace".to_owned(),
        exposure: Amount::ZERO,
        waiting: Vec::new(),
        pyramids: Default::default(),
        reductions: Vec::new(),
        stop_at_venue: false,
        version: 1,
    };
    Position { group, orders }
}

/// Ann's account with this position, and nothing to be rung for.
fn holding(position: &Position) -> World {
    let (world, group) = (World::calm_at(NOW), &position.group);
    let live: BTreeMap<_, _> = [(group.seat(), group.id.clone())].into_iter().filter(|_| !group.is_settled()).collect();
    let open_groups = u32::try_from(live.len()).unwrap();
    world.put_account(&Account { live, open_groups, ..account() }, Standing { enabled: true, validated: true });
    put(&world, std::slice::from_ref(position));
    world
}

fn with(orders: impl IntoIterator<Item = Order>) -> World {
    holding(&position_of(orders))
}

/// Positions as they were committed.
fn put(world: &World, positions: &[Position]) {
    let changes = |position: &Position| {
        let Position { group, orders } = position;
        let order = |order: &Order| Change::Order {
            account: group.account.clone(),
            user: group.user.clone(),
            order: Box::new(order.clone()),
            trace: Some(group.trace.clone()),
        };
        let fill = |of: &Order, (trade, fill): (&TradeId, &Fill)| Change::Fill {
            group: group.id.clone(),
            order: of.id.clone(),
            market: group.market.key.clone(),
            trade: trade.clone(),
            fill: fill.clone(),
        };
        let fills = orders.iter().flat_map(|order| order.fills.iter().map(move |one| fill(order, one)));
        let group = Change::Group { group: Box::new(group.clone()), expected: None };
        [group].into_iter().chain(orders.iter().map(order)).chain(fills).collect::<Vec<_>>()
    };
    let changes: Vec<_> = positions.iter().flat_map(changes).collect();
    played(world, |world| async move {
        for changes in changes.chunks(40) {
            commit(&world, changes.to_vec()).await;
        }
    });
}

async fn commit(world: &World, changes: Vec<Change>) {
    let transaction = Transaction { stamp: attempt().clone(), at: NOW, changes };
    Trading(world).commit(&transaction).await.unwrap();
}

/// Another change of the group comes about.
async fn changes_the_group(world: World) {
    let group = world.table().group(&account().id, &group()).unwrap().clone();
    let (expected, version) = (Some(group.version), group.version + 1);
    commit(&world, vec![Change::Group { group: Box::new(Group { version, ..group }), expected }]).await;
}

/// The position as it stands.
fn stands(world: &World) -> Position {
    played(world, |world| async move { Trading(&world).load_position(&account().id, &group()).await.unwrap().unwrap() })
}

/// One of its orders as it stands.
fn stands_of(world: &World, order: &Order) -> Order {
    stands(world).order(&order.id).unwrap().clone()
}

/// Ann's account as it stands.
fn accounts_row(world: &World) -> Account {
    world.table().account(&account().id).unwrap().clone()
}

/// How often the executor was rung.
fn rung(world: &World) -> usize {
    world.queues().orders.len()
}

/// An act of this user.
fn closed_by(world: &World, act: Act<'static>) -> Result<Position, ActError> {
    played(world, |world| async move { close(&world, &group(), act).await })
}

fn pending_cancelled_by(world: &World, act: Act<'static>) -> Result<Position, ActError> {
    played(world, |world| async move { cancel_pending(&world, &group(), act).await })
}

fn cancelled_by(world: &World, order: &Order, act: Act<'static>) -> Result<Order, ActError> {
    let id = order.id.clone();
    played(world, |world| async move { cancel_order(&world, &id, act).await })
}

fn halted_by(
    world: &World,
    named: Option<&'static str>,
    why: &'static str,
    act: Act<'static>,
) -> Result<Halted, ActError> {
    played(world, |world| async move { halt(&world, named, why, act).await })
}

#[test]
fn closing_puts_a_group_on_its_way_out_once() {
    let world = with([entry(Status::Filled)]);
    let closing = closed_by(&world, act()).unwrap();
    assert_eq!((closing.group.status, closing.group.version), (GroupStatus::Closing, 2));
    assert_eq!(closing.group.exit.unwrap().reason, ExitReason::User);
    assert_eq!(closed_by(&world, act()).unwrap(), closing);
    assert_eq!((rung(&world), world.table().bells().count()), (1, 0));
}

#[test]
fn a_closed_group_cannot_be_closed_or_cancelled() {
    let world = holding(&position_of([entry(Status::Cancelled)]).settle(NOW).unwrap());
    assert_eq!(closed_by(&world, act()), Err(ActError::AlreadyClosed));
    assert_eq!(pending_cancelled_by(&world, act()), Err(ActError::AlreadyClosed));
}

#[test]
fn what_is_another_users_does_not_exist() {
    let open = entry(Status::Open);
    let world = with([open.clone()]);
    let stranger: &UserId = Box::leak(Box::new(UserId::of(&["other"])));
    let theirs = || Act { user: stranger, ..act() };
    assert_eq!(closed_by(&world, theirs()), Err(ActError::NoGroup));
    assert_eq!(pending_cancelled_by(&world, theirs()), Err(ActError::NoGroup));
    assert_eq!(cancelled_by(&world, &open, theirs()), Err(ActError::NoOrder));
    assert_eq!(halted_by(&world, Some("default"), "storm", theirs()), Err(ActError::UnknownAccount));
    assert_eq!(stands(&world), position_of([open]));
}

#[test]
fn a_lost_race_is_decided_anew_and_not_for_ever() {
    for call in 0.. {
        let world = with([entry(Status::Filled)]);
        let closing = move |world: World| async move { close(&world, &group(), act()).await };
        let (closing, deeds) = disturbed(&world, before(call), changes_the_group, closing);
        assert_eq!(closing.unwrap().group.status, GroupStatus::Closing, "before call {call}");
        let now = stands(&world).group;
        assert_eq!((now.status, now.version), (GroupStatus::Closing, 2 + u64::from(deeds)), "before call {call}");
        if deeds == 0 {
            break;
        }
    }
    let world = with([entry(Status::Filled)]);
    let closing = |world: World| async move { close(&world, &group(), act()).await };
    assert_eq!(disturbed(&world, always, changes_the_group, closing).0, Err(ActError::Contended));
}
