//! A recovery step by step, on tables of memory and at a venue that takes its time or cannot be asked.
#![allow(clippy::unwrap_used, clippy::panic)]

use app::actor::Act;
use app::bots::{self, Permit};
use app::execute::{End, execute};
use app::ports::{
    Address, Balance, Cancelled, Clock, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome, PageRequest, Pause,
    Request, Requests, Said, Tells, Terms, Unprepared, Urgency, Venue, VenueError, VenueOrder,
};
use app::recover::{self, ConfirmError, Looked, RecoverError, Recovery, Word, adopted, recover};
use app::remarks::Remarks;
use app::run::Run;
use domain::audit::Actor;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, AttemptId, ClientOrderId, UserId};
use domain::limits;
use domain::market::{Asset, Exchange, Interval, Leverage, Market, MarketKey};
use domain::money::Price;
use domain::order::Fact;
use domain::recovery::Report;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use store::market;
use store::trading::Trading;
use strategies::Registry;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;
use wire::bot::Asked;

const ONE_CALL: Millis = Millis::seconds(1);

/// Enough to begin one call of the venue and no second one.
const TIME_FOR_ONE: Millis = Millis::new(limits::SUBMIT_TIMEOUT.get() + limits::CALL_MARGIN.get() + 500);

#[test]
fn a_look_without_enough_time_is_gone_on_with_group_by_group() {
    let restored = restored(async |memory| {
        let given = Given::new(memory).await;
        for (body, timeframe) in [("a", "15"), ("b", "60")] {
            given.open(&memory.0, body, Some(timeframe)).await;
        }
        given
    });
    let (world, given) = restored;
    let slow = Slow::at(&world);
    let (begun_at, first) = (world.sim().now(), look(&world, &slow, &given.account, TIME_FOR_ONE));
    assert_eq!(first, Err(RecoverError::OutOfTime));
    assert_eq!(slow.asked().len(), 1, "there was time for one group");
    let part = report(&world, &given.account);
    assert!(part.reached.is_some() && !part.is_settled(), "{part:?}");

    let whole = reported(look(&world, &slow, &given.account, limits::WATCH_TIMEOUT));
    let asked = slow.asked();
    assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), 2, "{asked:?}");
    assert_eq!(asked.len(), 2, "what was asked before is not asked again");
    assert_eq!((whole.reached.clone(), whole.begun_at), (None, part.begun_at));
    assert!(whole.at.since(begun_at) < ONE_CALL, "it is as old as its first part: {whole:?}");

    wait(&world, limits::RECOVERY_SETTLES);
    let again = reported(look(&world, &slow, &given.account, limits::WATCH_TIMEOUT));
    assert_eq!(slow.asked().len(), 4, "another look asks about everything");
    assert!(again.is_settled() && !whole.is_settled());
}

#[test]
fn what_an_unfinished_look_has_found_is_told_with_the_rest() {
    let (world, given) = restored(async |memory| {
        let given = Given::new(memory).await;
        given.open(&memory.0, "a", Some("15")).await;
        given
    });
    let slow = Slow::at(&world);
    slow.strays.borrow_mut().push("mqnobody00000000000".to_owned());
    let time_for_two = TIME_FOR_ONE.plus(ONE_CALL);
    assert_eq!(look(&world, &slow, &given.account, time_for_two), Err(RecoverError::OutOfTime));
    let listed = report(&world, &given.account).strays;
    assert_eq!(listed.len(), 1, "the group was asked about and the market listed: {listed:?}");
    let whole = reported(look(&world, &slow, &given.account, limits::WATCH_TIMEOUT));
    assert_eq!(whole.strays, listed);
}

#[test]
fn no_time_at_all_is_no_look() {
    let (world, given) = restored(async |memory| Given::new(memory).await);
    let slow = Slow::at(&world);
    let looked = look(&world, &slow, &given.account, limits::SUBMIT_TIMEOUT);
    assert_eq!(looked, Err(RecoverError::OutOfTime));
    assert_eq!(load_report(&world, &given.account), None, "nothing that could be taken for a whole look");
}

#[test]
fn an_account_that_cannot_be_asked_is_left_out_and_holds_up_nobody_else() {
    let (world, (one, other, group)) = restored(async |memory| {
        let (one, other) = (Given::new(memory).await, Given::new(memory).await);
        let group = other.open(&memory.0, "a", Some("15")).await.group.id;
        (one, other, group)
    });
    let slow = Slow::at(&world);
    slow.shut(&other.account);
    twice(&world, &slow, &one.account);
    assert!(matches!(look(&world, &slow, &other.account, limits::WATCH_TIMEOUT), Err(RecoverError::Venue(_))));

    let alone = |leave_out: &[&AccountId]| confirm(&world, &one.user, leave_out);
    assert_eq!(alone(&[]), Err(ConfirmError::NotReady(vec![other.account.clone()])));
    let recovery = alone(&[&one.account, &other.account]).unwrap();
    let waiting: Vec<_> = recovery.waiting().map(|account| &account.account.id).collect();
    assert_eq!(waiting, [&other.account], "who was looked at does not wait");
    assert_eq!((acts(&world, &one.account), acts(&world, &other.account)), (true, false));
    assert!(audits(&world).contains(&("its keys are gone".to_owned(), Some(format!("without {}", other.account)))));
    let ended = {
        let (world, venue, account) = (world.clone(), slow.clone(), other.account.clone());
        on(&world.clone(), async move {
            execute(&world, &venue, &account, &group, &run(&world, limits::WATCH_TIMEOUT)).await
        })
    };
    assert_eq!(ended.unwrap().end, End::NotRecovered);
    assert_eq!(slow.sent(), 0, "nothing is sent for whom nobody has looked at");

    // Later it can be asked; whoever goes on already is not left out any more.
    assert_eq!(alone(&[&one.account]), Err(ConfirmError::NotWaiting(one.account.clone())));
    assert_eq!(alone(&[]), Err(ConfirmError::NotReady(vec![other.account.clone()])));
    slow.open(&other.account);
    assert_eq!(look(&world, &slow, &one.account, limits::WATCH_TIMEOUT), Ok(Looked::Needless));
    twice(&world, &slow, &other.account);
    assert!(!acts(&world, &other.account), "a person says so, and no look");
    assert_eq!(alone(&[]).unwrap().waiting().count(), 0);
    assert!(acts(&world, &other.account));
}

#[test]
fn a_recovery_asks_for_the_accounts_of_all_users_and_then_for_none() {
    let (world, (one, resting)) = restored(async |memory| (Given::new(memory).await, Given::new(memory).await));
    let slow = Slow::at(&world);
    twice(&world, &slow, &one.account);
    let held_up = confirm(&world, &one.user, &[]);
    assert_eq!(held_up, Err(ConfirmError::NotReady(vec![resting.account.clone()])));
    assert_eq!(asked_for(&world, &one.user), 2);
    twice(&world, &slow, &resting.account);
    confirm(&world, &one.user, &[]).unwrap();
    assert_eq!(asked_for(&world, &one.user), 0);
}

/// What was stopped in the time that was lost runs again, and would close nothing.
#[test]
fn whoever_says_that_it_may_go_on_has_bots_hear_again() {
    let (world, (given, wish)) = restored(async |memory| {
        let (given, world) = (Given::new(memory).await, &memory.0);
        let asked = Asked {
            name: Some("hourly".parse().unwrap()),
            account: Some(given.account.clone()),
            symbol: Some(given.market.key.symbol.clone()),
            timeframe: Some(Interval::OneHour),
            strategy: Some("RSI_CROSS".to_owned()),
            ..Asked::default()
        };
        let (attempt, now) = (stamp(world), world.sim().now());
        let act = Act { user: &given.user, attempt: &attempt, now, address: None, actor: Actor::Person };
        bots::launch(world, &Registry, asked, Permit::default(), act).await.unwrap();
        let wish = market::Market(world).list_wishes().await.unwrap().pop().unwrap();
        market::Market(world).drop_wish(&wish.series, &wish.by).await.unwrap();
        (given, wish)
    });
    confirm(&world, &given.user, &[&given.account]).unwrap();
    let (inner, user) = (world.clone(), given.user);
    let told = on(&world, async move {
        let page = PageRequest { cursor: None, limit: 9 };
        let told = Trading(&inner).list_notices(&user, false, &page, inner.now()).await.unwrap();
        assert_eq!(market::Market(&inner).list_wishes().await, Ok(vec![wish]));
        told.items.into_iter().map(|kept| kept.notice.text).collect::<Vec<_>>()
    });
    assert!(told.iter().any(|text| text.contains("enters nothing more")), "{told:?}");
}

/// Until it is acted upon no stop goes out for anybody.
#[test]
fn a_table_is_acted_upon_though_nobodys_bots_can_be_had_hear() {
    let (world, given) = restored(async |memory| Given::new(memory).await);
    let confirmed = || confirm(&world, &given.user, &[&given.account]);
    world.set_down("query BOT#", true);
    let told = confirmed();
    assert!(matches!(told, Err(ConfirmError::Store(_))), "{told:?}");
    let inner = world.clone();
    let adopted = on(&world, async move { Trading(&inner).load_system().await.unwrap().adopted });
    assert!(adopted.is_some_and(|adoption| adoption.left_out.contains(&given.account)));
    world.set_down("query BOT#", false);
    assert!(confirmed().unwrap().is_recovered(), "the same again does what is left");
}

/// A table that was restored after this was done.
fn restored<T: 'static>(story: impl AsyncFnOnce(&Memory) -> T + 'static) -> (World, T) {
    let world = World::calm();
    let memory = Memory(world.clone());
    let told = on(&world, async move { story(&memory).await });
    world.restore_to(&world.snapshot());
    (world, told)
}

fn on<T: 'static>(world: &World, future: impl Future<Output = T> + 'static) -> T {
    world.sim().block_on("case", future)
}

fn wait(world: &World, span: Millis) {
    let sim = world.sim().clone();
    on(world, async move { sim.sleep(span).await });
}

fn look(world: &World, venue: &Slow, account: &AccountId, time: Millis) -> Result<Looked, RecoverError> {
    let (inner, venue, account) = (world.clone(), venue.clone(), account.clone());
    on(world, async move {
        let (table, run) = (inner.this_table(), run(&inner, time));
        recover(&inner, &venue, &account, &table, &run).await
    })
}

fn twice(world: &World, venue: &Slow, account: &AccountId) {
    reported(look(world, venue, account, limits::WATCH_TIMEOUT));
    wait(world, limits::RECOVERY_SETTLES);
    assert!(reported(look(world, venue, account, limits::WATCH_TIMEOUT)).is_settled());
}

fn reported(looked: Result<Looked, RecoverError>) -> Report {
    match looked {
        Ok(Looked::Reported(report)) => *report,
        other => panic!("{other:?}"),
    }
}

fn load_report(world: &World, account: &AccountId) -> Option<Report> {
    let (inner, account) = (world.clone(), account.clone());
    on(world, async move { Trading(&inner).load_report(&account, &inner.this_table()).await.unwrap() })
}

fn report(world: &World, account: &AccountId) -> Report {
    load_report(world, account).unwrap()
}

fn confirm(world: &World, user: &UserId, leave_out: &[&AccountId]) -> Result<Recovery, ConfirmError> {
    let leave_out = leave_out.iter().map(|account| (*account).clone()).collect();
    let word = Word { reason: "its keys are gone".to_owned(), leave_out };
    let (inner, user) = (world.clone(), user.clone());
    on(world, async move {
        let attempt = stamp(&inner);
        recover::confirm(
            &inner,
            &word,
            Act { user: &user, attempt: &attempt, now: inner.sim().now(), address: None, actor: Actor::Person },
        )
        .await
    })
}

/// How many accounts the watch is asked to look at.
fn asked_for(world: &World, user: &UserId) -> usize {
    let (inner, user) = (world.clone(), user.clone());
    on(world, async move {
        let attempt = stamp(&inner);
        recover::start(
            &inner,
            Act { user: &user, attempt: &attempt, now: inner.sim().now(), address: None, actor: Actor::Key },
        )
        .await
        .unwrap();
    });
    let now = world.sim().now();
    std::iter::from_fn(|| world.queues().ticks.receive(now, |_| 0)).count()
}

fn acts(world: &World, account: &AccountId) -> bool {
    let (inner, account) = (world.clone(), account.clone());
    on(world, async move {
        assert!(Trading(&inner).load_system().await.unwrap().adopted.is_some());
        adopted(&inner).await.unwrap().is_some_and(|adopted| adopted.recovered(&account).is_some())
    })
}

fn audits(world: &World) -> Vec<(String, Option<String>)> {
    let table = world.table();
    table.audits().map(|audit| (audit.reason, audit.after)).collect()
}

fn run(world: &World, time: Millis) -> Run {
    let (attempt, deadline) = (stamp(world), world.sim().now().plus(time));
    Run { deployment: "contract".to_owned(), attempt, deadline, remarks: Remarks::default() }
}

fn stamp(world: &World) -> AttemptId {
    AttemptId::new(format!("recover{}", world.sim().up_to(u64::MAX)))
}

/// A venue whose every answer takes a second, and which knows no order but these.
#[derive(Clone)]
struct Slow {
    world: World,
    asked: Rc<RefCell<Vec<ClientOrderId>>>,
    sent: Rc<RefCell<u32>>,
    shut: Rc<RefCell<BTreeSet<AccountId>>>,
    strays: Rc<RefCell<Vec<String>>>,
}

impl Slow {
    fn at(world: &World) -> Self {
        let (asked, sent, shut, strays) = Default::default();
        Self { world: world.clone(), asked, sent, shut, strays }
    }

    fn asked(&self) -> Vec<ClientOrderId> {
        self.asked.borrow().clone()
    }

    fn sent(&self) -> u32 {
        *self.sent.borrow()
    }

    fn shut(&self, account: &AccountId) {
        self.shut.borrow_mut().insert(account.clone());
    }

    fn open(&self, account: &AccountId) {
        self.shut.borrow_mut().remove(account);
    }

    async fn answer<T>(&self, account: &AccountId, answer: T) -> Result<T, VenueError> {
        self.world.sim().sleep(ONE_CALL).await;
        let shut = self.shut.borrow().contains(account);
        if shut { Err(VenueError::Unavailable("the key is gone".to_owned())) } else { Ok(answer) }
    }
}

impl Venue for Slow {
    fn terms(&self, _: &Exchange) -> Terms {
        Terms {
            validity: None,
            read_lag: Millis::ZERO,
            lists_reach: None,
            tells: Tells::ByOurId,
            requests: Requests::Parallel,
            lists_all: false,
            names_all_assets: true,
        }
    }

    async fn paused(&self, _: &AccountId, _: &Exchange, _: Urgency) -> Option<Pause> {
        None
    }

    async fn prepare(&self, _: &AccountId, _: &Market, _: Leverage) -> Result<(), Unprepared> {
        Ok(())
    }

    async fn positions(&self, account: &AccountId, _: &Exchange) -> Result<Vec<OpenPosition>, VenueError> {
        self.answer(account, Vec::new()).await
    }

    async fn submit(&self, _: &Request) -> Outcome {
        *self.sent.borrow_mut() += 1;
        Outcome::Unknown("sent".to_owned())
    }

    async fn submit_oco(&self, _: &OcoRequest) -> Outcome<OcoFacts> {
        *self.sent.borrow_mut() += 1;
        Outcome::Unknown("sent".to_owned())
    }

    async fn cancel(&self, _: &Address) -> Cancelled {
        *self.sent.borrow_mut() += 1;
        Cancelled::Unknown("sent".to_owned())
    }

    async fn find_order(&self, address: &Address) -> Result<Option<Fact>, VenueError> {
        self.asked.borrow_mut().push(address.client_id.clone());
        self.answer(&address.account, None).await
    }

    async fn list_orders(
        &self,
        account: &AccountId,
        _: &Market,
        _: &str,
        _: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        let order = |id: &String| VenueOrder {
            client_id: ClientOrderId::from_stored(&**id),
            venue_id: id.clone(),
            direction: domain::order::Direction::Buy,
            kind: domain::preset::OrderKind::Market,
            stop: None,
            quantity: "1".parse().unwrap(),
            fact: Fact::default(),
            accepted_at: self.world.sim().now(),
        };
        let orders = self.strays.borrow().iter().map(order).collect();
        self.answer(account, orders).await
    }

    async fn balances(&self, account: &AccountId, _: &Exchange) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        self.answer(account, BTreeMap::new()).await
    }

    async fn ticker(&self, _: &AccountId, _: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        Ok(None)
    }

    async fn price_at(&self, _: &AccountId, _: &MarketKey, _: Timestamp) -> Result<Option<Price>, VenueError> {
        Ok(None)
    }

    fn said(&self) -> Vec<Said> {
        Vec::new()
    }
}
