mod exits;
mod trades;

use super::*;
use crate::commit::{Change, Transaction};
use crate::ports::*;
use domain::account::{Account, AccountLimits, DayLoss, Halt as Stop};
use domain::alert::Side;
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryRef};
use domain::group::{ExitReason, Group, GroupStatus};
use domain::ids::{AttemptId, DeliveryId, OrderId, Sha, UserId};
use domain::limits;
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops, Symbol};
use domain::money::{Amount, Rate};
use domain::order::{Direction, Fee, FeeValue, Fill, Intent, Order, Resolution, Submission, TradeId};
use domain::preset::{AskedPlan, OrderKind, Preset, TradePlan};
use domain::seat::Seat;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);

/// One user's desk: an account, one position, and a count of what was rung.
struct Desk {
    account: RefCell<Account>,
    position: RefCell<Position>,
    bells: RefCell<Vec<Bell>>,
    outbox: RefCell<Vec<Bell>>,
    /// Of each change of the group.
    whys: RefCell<Vec<String>>,
    /// Commits that still lose their race; another writer's change stands behind each.
    races: Cell<u32>,
}

#[test]
fn closing_puts_a_group_on_its_way_out_once() {
    let desk = Desk::with([entry(Status::Filled)]);
    let closing = run(close(&desk, &group(), act())).unwrap();
    assert_eq!((closing.group.status, closing.group.version), (GroupStatus::Closing, 2));
    assert_eq!(closing.group.exit.unwrap().reason, ExitReason::User);
    let again = run(close(&desk, &group(), act())).unwrap();
    assert_eq!(again, closing);
    assert_eq!((desk.bells.borrow().len(), desk.outbox.borrow().len()), (1, 0));
}

#[test]
fn a_closed_group_cannot_be_closed_or_cancelled() {
    let desk = Desk::with([entry(Status::Cancelled)]);
    let settled = desk.position.borrow().settle(NOW).unwrap();
    desk.position.replace(settled);
    assert_eq!(run(close(&desk, &group(), act())), Err(ActError::AlreadyClosed));
    assert_eq!(run(cancel_pending(&desk, &group(), act())), Err(ActError::AlreadyClosed));
}

#[test]
fn what_is_another_users_does_not_exist() {
    let desk = Desk::with([entry(Status::Open)]);
    let (stranger, attempt) = (UserId::of(&["other"]), AttemptId::new("a"));
    let act = Act { user: &stranger, attempt: &attempt, now: NOW, address: None, in_person: false };
    let order = desk.position.borrow().orders[0].id.clone();
    assert_eq!(run(close(&desk, &group(), act)), Err(ActError::NoGroup));
    assert_eq!(run(cancel_pending(&desk, &group(), act)), Err(ActError::NoGroup));
    assert_eq!(run(cancel_order(&desk, &order, act)), Err(ActError::NoOrder));
    assert_eq!(run(halt(&desk, Some("default"), "storm", act)), Err(ActError::UnknownAccount));
    assert_eq!(desk.position.borrow().group.version, 1);
}

#[test]
fn a_lost_race_is_decided_anew_and_not_for_ever() {
    let desk = Desk::with([entry(Status::Filled)]);
    desk.races.set(2);
    assert_eq!(run(close(&desk, &group(), act())).unwrap().group.version, 4);
    let desk = Desk::with([entry(Status::Filled)]);
    desk.races.set(u32::MAX);
    assert_eq!(run(close(&desk, &group(), act())), Err(ActError::Contended));
}

#[test]
fn an_entry_is_cancelled_as_far_as_it_has_come() {
    let check = |before: Status, after: Status, marked: bool| {
        let desk = Desk::with([entry(before)]);
        let id = desk.position.borrow().orders[0].id.clone();
        let order = run(cancel_order(&desk, &id, act())).unwrap();
        assert_eq!((order.status, order.cancel_wanted.is_some()), (after, marked), "{before:?}");
        assert_eq!(desk.bells.borrow().len(), 1);
    };
    check(Status::Planned, Status::NotPlaced, false);
    for status in [Status::Submitting, Status::Unknown, Status::Open, Status::PartiallyFilled] {
        check(status, status, true);
    }
}

#[test]
fn an_order_that_is_over_or_protects_is_not_cancelled() {
    let desk = Desk::with([entry(Status::Filled), order(Purpose::TakeProfit(1), Status::Open)]);
    let ids: Vec<OrderId> = desk.position.borrow().orders.iter().map(|order| order.id.clone()).collect();
    assert_eq!(run(cancel_order(&desk, &ids[0], act())), Err(ActError::AlreadyFinal(Status::Filled)));
    assert_eq!(run(cancel_order(&desk, &ids[1], act())), Err(ActError::ProtectiveOrder(Purpose::TakeProfit(1))));
    let position = run(cancel_pending(&desk, &group(), act())).unwrap();
    assert_eq!(position.orders[1].cancel_wanted, None);
    assert_eq!(desk.bells.borrow().len(), 0);
}

#[test]
fn a_halt_cancels_entries_names_those_in_flight_and_leaves_protection() {
    let check = |status: Status, cancelling: usize, in_flight: usize, marked: bool| {
        let desk = Desk::with([entry(status), order(Purpose::TakeProfit(1), Status::Open)]);
        let halted = run(halt(&desk, None, "storm", act())).unwrap();
        assert_eq!(halted.accounts[0].halted.as_ref().unwrap().reason, "storm");
        assert_eq!((halted.cancelling.len(), halted.in_flight.len()), (cancelling, in_flight), "{status:?}");
        let position = desk.position.borrow();
        assert_eq!(position.orders[0].cancel_wanted.is_some(), marked, "{status:?}");
        assert_eq!(position.orders[1].cancel_wanted, None);
    };
    check(Status::Open, 1, 0, true);
    check(Status::PartiallyFilled, 1, 0, true);
    check(Status::Submitting, 0, 1, true);
    check(Status::Unknown, 0, 1, true);
    check(Status::Planned, 0, 1, false);
    check(Status::Filled, 0, 0, false);
}

#[test]
fn a_halt_stands_even_where_an_entry_cannot_be_cancelled() {
    let desk = Desk::with([entry(Status::Open)]);
    desk.races.set(u32::MAX);
    assert_eq!(run(halt(&desk, Some("default"), "storm", act())), Err(ActError::Contended));
    assert!(desk.account.borrow().halted.is_some());
}

#[test]
fn a_preview_shows_what_a_resume_starts_and_lifts_nothing() {
    let desk = Desk::with([entry(Status::Planned)]);
    run(halt(&desk, None, "storm", act())).unwrap();
    let preview = run(preview(&desk, None, act())).unwrap();
    assert!(preview.accounts[0].halted.is_some());
    assert_eq!((preview.would_start.len(), desk.bells.borrow().len()), (1, 0));
    let resumed = run(resume(&desk, None, "over", act())).unwrap();
    assert!(resumed.accounts[0].halted.is_none());
    assert_eq!((resumed.would_start, desk.bells.borrow().len()), (preview.would_start, 1));
}

#[test]
fn an_entry_whose_time_is_over_does_not_start() {
    let desk = Desk::with([Order { valid_until: Some(NOW), ..entry(Status::Planned) }]);
    let resumed = run(resume(&desk, Some("default"), "over", act())).unwrap();
    assert_eq!((resumed.would_start.len(), desk.bells.borrow().len()), (0, 0));
}

#[test]
fn what_a_person_has_halted_a_person_lifts() {
    let desk = Desk::with([]);
    let person = Act { in_person: true, ..act() };
    run(halt(&desk, None, "odd orders", person)).unwrap();
    assert_eq!(run(resume(&desk, None, "x", act())), Err(ActError::HaltedInPerson));
    run(halt(&desk, None, "x", act())).unwrap();
    let stop = desk.account.borrow().halted.clone().unwrap();
    assert_eq!((&*stop.reason, stop.by_person), ("odd orders", true), "a program takes over no halt of a person's");
    run(resume(&desk, None, "it was mine", person)).unwrap();
    assert_eq!(desk.account.borrow().halted, None);
}

fn act() -> Act<'static> {
    static WHO: std::sync::LazyLock<(UserId, AttemptId)> =
        std::sync::LazyLock::new(|| (UserId::of(&["user"]), AttemptId::new("attempt")));
    Act { user: &WHO.0, attempt: &WHO.1, now: NOW, address: None, in_person: false }
}

fn account() -> AccountId {
    AccountId::of(&["account"])
}

fn group() -> GroupId {
    GroupId::of(&["group"])
}

fn entry(status: Status) -> Order {
    Order { valid_until: Some(NOW.plus(Millis::seconds(60))), ..order(Purpose::Entry, status) }
}

fn order(purpose: Purpose, status: Status) -> Order {
    let (direction, kind) = (Direction::Buy, OrderKind::Market);
    let (quantity, reserved) = ("1".parse().unwrap(), Amount::ZERO);
    let intent = Intent {
        purpose,
        pyramid: 0,
        leg: 0,
        epoch: 0,
        direction,
        kind,
        stop: None,
        quantity,
        reserved,
        valid_until: None,
    };
    let submission = (status != Status::Planned).then(|| Submission { sent_at: NOW, by: AttemptId::new("x") });
    Order { status, submission, ..Order::plan("test", &group(), &intent, NOW) }
}

/// As it would be traded at 100.
fn resolved(plan: &AskedPlan) -> TradePlan {
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

impl Desk {
    fn change_halt(&self, halt: Option<&Stop>, in_person: bool, audit: &Audit) -> bool {
        assert!(!audit.reason.is_empty() && audit.user == *act().user);
        let mut account = self.account.borrow_mut();
        let stays = |halt: &Stop| halt.kept_out.is_some() || (halt.by_person && !in_person);
        if account.halted.as_ref().is_some_and(stays) {
            return false;
        }
        account.halted = halt.cloned();
        true
    }

    fn with(orders: impl IntoIterator<Item = Order>) -> Self {
        let user = act().user.clone();
        let delivery =
            DeliveryRef { user: user.clone(), id: DeliveryId::of(&["d"]), key: Sha::of_bytes(b"k"), first_at: NOW };
        let group = Group {
            id: group(),
            account: account(),
            user,
            market: market(),
            timeframe: None,
            side: Side::Long,
            preset: None,
            plan: resolved(&Preset::built_in().unwrap().plan),
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
        let (bells, outbox, whys, races) = (RefCell::default(), RefCell::default(), RefCell::default(), Cell::new(0));
        let position = Position { group, orders: orders.into_iter().collect() };
        Self { account: RefCell::new(open_account()), position: RefCell::new(position), bells, outbox, whys, races }
    }

    fn apply(&self, change: &Change) {
        let mut position = self.position.borrow_mut();
        match change {
            Change::Group { group, .. } => position.group = (**group).clone(),
            Change::Order { order, .. } => {
                let stored = position.orders.iter_mut().find(|stored| stored.id == order.id).unwrap();
                *stored = (**order).clone();
            }
            Change::History { entry, bell } => {
                self.whys.borrow_mut().push(entry.why.clone());
                self.outbox.borrow_mut().extend(bell.iter().map(|outbox| outbox.bell.clone()));
            }
            _ => {}
        }
    }
}

fn open_account() -> Account {
    let most: Amount = "1000".parse().unwrap();
    let limits = AccountLimits {
        open_groups_max: 10,
        exposure_max: most,
        order_quote_max: most,
        day_loss_max: most,
        leverage_max: domain::market::Leverage::ONE,
    };
    Account {
        id: account(),
        user: act().user.clone(),
        exchange: "PAPER".parse().unwrap(),
        label: "default".to_owned(),
        limits,
        balances: BTreeMap::new(),
        balance_at: NOW,
        balance_told_at: NOW,
        filled_at: Timestamp::default(),
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups: 1,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: NOW.day(), amount: Amount::ZERO },
        halted: None,
        pass_slot: 0,
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        live: BTreeMap::from([(Seat { symbol: market().key.symbol, timeframe: None }, group())]),
        exits: BTreeMap::new(),
        cooldowns: BTreeMap::new(),
        venue_paused_until: None,
        limited: false,
    }
}

pub(crate) fn account_at(exchange: &str) -> Account {
    Account { exchange: exchange.parse().unwrap(), ..open_account() }
}

impl Commit for Desk {
    fn commit_stamp(&self) -> Result<AttemptId, StoreError> {
        Ok(AttemptId::new("stamp"))
    }

    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        let races = self.races.get();
        if races > 0 {
            self.races.set(races - 1);
            self.position.borrow_mut().group.version += 1;
            return Err(CommitError::LostRace);
        }
        transaction.changes.iter().for_each(|change| self.apply(change));
        Ok(())
    }
}

impl LoadPosition for Desk {
    async fn load_position(&self, _: &AccountId, _: &GroupId) -> Result<Option<Position>, StoreError> {
        Ok(Some(self.position.borrow().clone()))
    }
}

impl Ring for Desk {
    async fn ring(&self, bell: &Bell, _: Timestamp) -> Result<(), StoreError> {
        self.bells.borrow_mut().push(bell.clone());
        Ok(())
    }
}

impl ClearOutbox for Desk {
    async fn clear_outbox(&self, bell: &Bell) -> Result<(), StoreError> {
        self.outbox.borrow_mut().retain(|kept| kept != bell);
        Ok(())
    }
}

impl LoadAccount for Desk {
    async fn load_account(&self, _: &AccountId) -> Result<Option<Account>, StoreError> {
        Ok(Some(self.account.borrow().clone()))
    }
}

impl LoadDelivery for Desk {
    async fn load_delivery(&self, _: &DeliveryRef) -> Result<Option<Delivery>, StoreError> {
        Ok(None)
    }
}

impl WakeDelivery for Desk {
    async fn wake_delivery(&self, _: &DeliveryRef, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
}

impl ListAccounts for Desk {
    async fn list_accounts(&self, user: &UserId) -> Result<Vec<AccountId>, StoreError> {
        Ok(if user == act().user { vec![account()] } else { Vec::new() })
    }
}

impl SetHalt for Desk {
    async fn set_halt(&self, _: &AccountId, halt: &Stop, in_person: bool, audit: &Audit) -> Result<bool, StoreError> {
        Ok(self.change_halt(Some(halt), in_person, audit))
    }

    async fn lift_halt(
        &self,
        _: &AccountId,
        _: Option<&Stop>,
        in_person: bool,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        Ok(self.change_halt(None, in_person, audit))
    }
}

/// Gives what another user's index would: nothing, for all but the owner.
impl ReadBack for Desk {
    async fn list_deliveries(&self, _: &UserId, _: &PageRequest) -> Result<Page<Delivery>, StoreError> {
        Ok(Page { items: Vec::new(), next: None })
    }
    async fn list_groups(&self, _: &UserId, _: &PageRequest) -> Result<Page<Group>, StoreError> {
        Ok(Page { items: Vec::new(), next: None })
    }
    async fn find_group(&self, user: &UserId, _: &GroupId) -> Result<Option<Group>, StoreError> {
        Ok((user == act().user).then(|| self.position.borrow().group.clone()))
    }
    async fn list_orders(&self, _: &UserId, _: &PageRequest) -> Result<Page<Order>, StoreError> {
        Ok(Page { items: Vec::new(), next: None })
    }
    async fn find_order(&self, user: &UserId, id: &OrderId) -> Result<Option<(AccountId, Order)>, StoreError> {
        let found = self.position.borrow().order(id).cloned();
        Ok(found.filter(|_| user == act().user).map(|order| (account(), order)))
    }
    async fn list_history(&self, _: &GroupId) -> Result<Vec<History>, StoreError> {
        Ok(Vec::new())
    }
}

impl KeepLooks for Desk {
    async fn mark_late(&self, _: &AccountId, market: &Symbol, at: Timestamp) -> Result<(), StoreError> {
        self.account.borrow_mut().looks.late.insert(market.clone(), at);
        Ok(())
    }
    async fn end_late(&self, _: &AccountId, _: &Symbol, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
    async fn keep_wanted(&self, _: &AccountId, _: &domain::looks::Wanted) -> Result<(), StoreError> {
        Ok(())
    }
    async fn end_wanted(&self, _: &AccountId, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Runs a future whose ports answer at once.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the desk answers at once"),
    }
}

#[test]
fn what_its_user_says_was_not_placed_may_come_after_all() {
    let desk = Desk::with([entry(Status::Unknown)]);
    let order = desk.position.borrow().orders[0].id.clone();
    let later = Act { now: NOW.plus(Millis::seconds(60)), ..act() };
    let resolved = run(resolve(&desk, &order, &Resolution::NotPlaced, "not in its list", later)).unwrap();
    assert_eq!(resolved.status, Status::NotPlaced);
    assert_eq!(desk.account.borrow().looks.late, BTreeMap::from([(market().key.symbol, later.now)]));
}

#[test]
fn a_declared_fee_in_a_third_asset_is_refused_since_nobody_knows_what_it_was_worth() {
    let desk = Desk::with([entry(Status::Unknown)]);
    let order = desk.position.borrow().orders[0].id.clone();
    let later = Act { now: NOW.plus(Millis::seconds(60)), ..act() };
    let declare = |asset: &str| {
        let fee = Fee { asset: asset.parse().unwrap(), amount: "0.1".parse().unwrap(), value: FeeValue::Own };
        let (price, quantity) = ("100".parse().unwrap(), "1".parse().unwrap());
        let filled = Resolution::Filled(Fill { fee: Some(fee), price, quantity, at: NOW });
        run(resolve(&desk, &order, &filled, "seen at the venue", later)).map(|order| order.status)
    };
    let refused = declare("BNB").unwrap_err();
    assert!(refused.to_string().contains("must be BTC or USDT"), "{refused}");
    assert_eq!(desk.position.borrow().orders[0].status, Status::Unknown);
    assert_eq!(declare("USDT"), Ok(Status::Filled));
}

/// What is answered to this word on an order of this state, whose group was left so long before.
fn said_of(order: Order, left: Option<i64>, resolution: &Resolution) -> Result<Status, ActError> {
    let desk = Desk::with([entry(Status::Filled), order]);
    let id = desk.position.borrow().orders[1].id.clone();
    if left.is_some() {
        run(close(&desk, &group(), act())).unwrap();
    }
    let now = NOW.plus(Millis::seconds(left.unwrap_or(86_400)));
    let say =
        || run(resolve(&desk, &id, resolution, "not in its list", Act { now, ..act() })).map(|order| order.status);
    let said = say();
    assert!(said.is_err() || say() == said, "said again it changes nothing");
    said
}

#[test]
fn an_accepted_order_is_its_users_to_end_where_that_was_tried_in_vain() {
    let over = Resolution::Cancelled(NOW);
    let open = || order(Purpose::TakeProfit(1), Status::Open);
    assert_eq!(said_of(open(), None, &over), Err(ActError::NotInDoubt(Status::Open)));
    assert_eq!(said_of(open(), Some(299), &over), Err(ActError::TooEarly));
    assert_eq!(said_of(open(), Some(300), &over), Ok(Status::Cancelled));
    let wished = Order { cancel_wanted: Some(NOW), ..open() };
    assert_eq!(said_of(wished, None, &over), Ok(Status::Cancelled));
    let filled = |quantity: &str| {
        let (price, quantity) = ("100".parse().unwrap(), quantity.parse().unwrap());
        Resolution::Filled(Fill { fee: None, price, quantity, at: NOW })
    };
    assert_eq!(said_of(open(), Some(300), &filled("1")), Ok(Status::Filled));
    let counted = Order { cumulative: "0.5".parse().unwrap(), ..open() };
    let less = ActError::LessThanFilled("0.5".parse().unwrap());
    assert_eq!(said_of(counted, Some(300), &filled("0.4")), Err(less));
    let fill = Fill { fee: None, price: "100".parse().unwrap(), quantity: "0.5".parse().unwrap(), at: NOW };
    let traded = Order { fills: [(TradeId("1".to_owned()), fill)].into(), ..open() };
    assert_eq!(said_of(traded.clone(), Some(300), &over), Ok(Status::Cancelled));
    for (order, word) in [(open(), Resolution::NotPlaced), (traded, filled("1"))] {
        assert!(matches!(said_of(order, Some(300), &word), Err(ActError::OtherOutcome(_))), "{word:?}");
    }
    let unknown = order(Purpose::TakeProfit(1), Status::Unknown);
    assert!(matches!(said_of(unknown, Some(300), &over), Err(ActError::OtherOutcome(_))));
}

#[test]
fn accepted_order_that_is_not_shown_is_its_users_to_end_after_a_minute() {
    let over = Resolution::Cancelled(NOW);
    let (day, minute) = (Millis::seconds(86_400), limits::UNSHOWN_TOLD);
    let missed = |before: Millis| {
        let absent_at = Some(NOW.plus(day).minus(before));
        Order { absent_at, ..order(Purpose::TakeProfit(1), Status::Open) }
    };
    assert_eq!(said_of(missed(minute.plus(Millis::new(-1))), None, &over), Err(ActError::TooEarly));
    assert_eq!(said_of(missed(minute), None, &over), Ok(Status::Cancelled));
}

pub(crate) fn position_of_an_entry() -> Position {
    Desk::with([entry(Status::Filled)]).position.into_inner()
}
