//! Memory is stricter than the cloud, and says so when it is broken.

#![allow(clippy::unwrap_used, reason = "a test")]

use app::commit::{AccountChange, Change, Transaction};
use app::ports::{Balance, Book, CommitError, FeeIn, History, PaperSettings, StoreError};
use domain::account::{Account, AccountLimits, DayLoss, Halt};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, AttemptId, GroupId, UserId};
use domain::limits::SHARDS;
use domain::lineage::Evidence;
use domain::money::Amount;
use domain::order::{Order, Status};
use domain::risk::AccountBounds;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use store::condition::ABSENT;
use store::item::{number, text};
use store::trading::Trading;
use store::{Engine, Key, Rows, Table, Write};
use testkit::contract::memory::Memory;
use testkit::contract::{Given, Harness};
use testkit::sim::{Invocation, Plan, Sim, Strike};
use testkit::world::{Strictness, World};

fn world(strict: Strictness) -> World {
    let world = World::new(Sim::new(Plan::calm(), Timestamp::from_millis(1_760_000_000_000), false), strict);
    let standing = app::ports::Standing { enabled: true, validated: true };
    world.put_account(&account(), standing);
    world
}

fn account() -> Account {
    let amount = |text: &str| text.parse::<Amount>().unwrap();
    Account {
        id: AccountId::of(&["a"]),
        user: UserId::of(&["u"]),
        exchange: "PAPER".parse().unwrap(),
        label: "default".to_owned(),
        limits: AccountLimits {
            open_groups_max: 1,
            exposure_max: amount("100"),
            order_quote_max: amount("100"),
            day_loss_max: amount("100"),
            leverage_max: domain::market::Leverage::ONE,
        },
        balances: BTreeMap::from([("USDT".parse().unwrap(), amount("1000"))]),
        balance_at: Timestamp::default(),
        balance_told_at: Timestamp::default(),
        filled_at: Timestamp::default(),
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: 0, amount: Amount::ZERO },
        halted: None,
        reducing: None,
        pass_slot: 0,
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        live: BTreeMap::new(),
        exits: BTreeMap::new(),
        cooldowns: BTreeMap::new(),
        venue_paused_until: None,
        limited: false,
        ruled: false,
        worth: Default::default(),
    }
}

fn commit(world: &World, changes: Vec<Change>) -> Result<(), CommitError> {
    let (committing, at) = (world.clone(), world.sim().now());
    let stamp = AttemptId::new(format!("stamp{}", world.sim().up_to(u64::MAX)));
    let transaction = Transaction { stamp, at, changes };
    world.sim().block_on("commit", async move { Trading(&committing).commit(&transaction).await })
}

fn history(version: u64) -> Change {
    let (group, why, after) = (GroupId::of(&["g"]), "why".to_owned(), "after".to_owned());
    let (orders, evidence) = (None, Evidence::default());
    let entry = History { group, version, why, before: None, after, at: Timestamp::default(), orders, evidence };
    Change::History { entry, bell: None }
}

/// So many groups more, without a bound.
fn open(groups: i64) -> Change {
    let nothing = AccountChange::nothing(account().id, "USDT".parse().unwrap());
    Change::Account(Box::new(AccountChange { exposure: "60".parse().unwrap(), open_groups: groups, ..nothing }))
}

#[test]
fn more_than_forty_changes_are_a_violation() {
    let world = world(Strictness::default());
    assert_eq!(commit(&world, (0..40).map(history).collect()), Ok(()));
    assert!(matches!(commit(&world, (100..141).map(history).collect()), Err(CommitError::Store(_))));
    let found = world.sim().violations();
    assert!(matches!(&found[..], [one] if one.contains("a transaction of 41 actions, 40 are allowed")), "{found:?}");
}

fn row(sk: &str) -> Write {
    Write::replace(Key::new(Table::Market, "X", sk), [("v".into(), number(1))].into())
}

#[test]
fn what_is_too_much_for_a_transaction_is_a_violation_before_it_is_sent() {
    let world = world(Strictness::default());
    let asking = world.clone();
    world.sim().block_on("write", async move {
        let many = (0..41).map(|number: i32| row(&number.to_string())).collect();
        assert!(Rows(&asking).transact(many, &AttemptId::new("a")).await.is_err());
        let twice = vec![row("1"), row("1")];
        assert!(Rows(&asking).transact(twice, &AttemptId::new("b")).await.is_err());
    });
    assert_eq!(world.sim().violations().len(), 2, "{:?}", world.sim().violations());
}

#[test]
fn a_batch_puts_each_row_once_and_under_no_condition() {
    let key = || Key::new(Table::Market, "X", "1");
    let many = (0..26).map(|number: i32| row(&number.to_string())).collect();
    let batches: [(Vec<Write>, usize); 5] = [
        (vec![row("1"), row("2")], 0),
        (many, 1),
        (vec![row("1"), row("1")], 1),
        (vec![row("1").when(ABSENT)], 1),
        (vec![Write::update(key()).set("v", number(2))], 1),
    ];
    for (batch, violations) in batches {
        let world = world(Strictness::default());
        let asking = world.clone();
        let done = world.sim().block_on("write", async move { Rows(&asking).put_all(batch).await });
        assert_eq!((done.is_err(), world.sim().violations().len()), (violations > 0, violations), "{done:?}");
    }
}

#[test]
fn a_counter_below_zero_is_a_violation() {
    let world = world(Strictness::default());
    let asking = world.clone();
    world.sim().block_on("write", async move {
        let one_less = Write::update(Key::new(Table::Identity, "DEF#role", "watch")).add("holders", number(-1));
        Rows(&asking).send(one_less).await.map(drop).unwrap();
    });
    assert_eq!(world.sim().violations(), ["DEF#role watch: holders below zero"]);
}

#[test]
fn two_actions_for_one_item_are_a_violation() {
    let world = world(Strictness::default());
    let both = vec![Change::RequireNotHalted { account: account().id, day_loss_below: None }, open(1)];
    assert!(matches!(commit(&world, both), Err(CommitError::Store(_))));
    assert_eq!(world.sim().violations().len(), 1);
}

#[test]
fn a_limit_that_is_broken_without_a_bound_is_a_violation() {
    let world = world(Strictness::default());
    commit(&world, vec![open(1)]).unwrap();
    assert_eq!(world.sim().violations(), [""; 0]);
    commit(&world, vec![open(1)]).unwrap();
    let found = world.sim().violations();
    assert!(found[0].ends_with("too many open groups") && found[1].ends_with("too much exposure"), "{found:?}");
}

/// What no use case writes, under no condition that would refuse it.
#[test]
fn an_order_that_falls_back_and_an_entry_on_a_halted_account_are_violations() {
    let world = World::calm();
    let (memory, asking) = (Memory(world.clone()), world.clone());
    world.sim().block_on("case", async move {
        let given = Given::new(&memory).await;
        let (position, _) = given.opened(&given.delivery("body", 0), None);
        Trading(&asking).commit(&given.save(None, &position)).await.unwrap();
        let of = |status| {
            let order = Box::new(Order { status, ..position.orders[0].clone() });
            let (account, user) = (given.account.clone(), given.user.clone());
            given.transaction(vec![Change::Order { account, user, order, trace: None }])
        };
        Trading(&asking).commit(&of(Status::Filled)).await.unwrap();
        assert_eq!(asking.sim().violations(), [""; 0]);
        Trading(&asking).commit(&of(Status::Planned)).await.unwrap();
        let found = asking.sim().violations();
        assert!(matches!(&found[..], [one] if one.ends_with("falls back from filled to planned")), "{found:?}");

        let halt = Halt { at: given.now, reason: "now".to_owned(), kept_out: None, by_person: false };
        let account = Account { halted: Some(halt), ..given.fresh_account() };
        memory.put_account(&account, app::ports::Standing { enabled: true, validated: true }).await;
        Trading(&asking).commit(&of(Status::Submitting)).await.unwrap();
        let found = asking.sim().violations();
        assert!(found[1].starts_with("an entry starts on"), "{found:?}");
    });
}

#[test]
fn conflicts_are_repeated_and_their_end_is_not_promised() {
    let some = world(Strictness { conflicts: 400, ..Strictness::default() });
    // Of two writes each: one alone is no transaction.
    let both = |n| vec![history(n), history(1_000 + n)];
    let (met, began) = ((0..50).map(|n| commit(&some, both(n))).collect::<Vec<_>>(), some.sim().now());
    assert!(met.iter().all(Result::is_ok), "a few conflicts are overcome");
    assert!(began.since(Timestamp::from_millis(1_760_000_000_000)) > Millis::seconds(1), "and they take time");
    let endless = world(Strictness { contention: 1_000, ..Strictness::default() });
    assert!(matches!(commit(&endless, both(1)), Err(CommitError::Store(StoreError::Unavailable(_)))));
    assert_eq!(endless.sim().violations(), [""; 0], "nothing was broken");
}

#[test]
fn a_lone_write_meets_others_as_well() {
    for (strict, is_done) in [
        (Strictness { conflicts: 400, ..Strictness::default() }, true),
        (Strictness { contention: 1_000, ..Strictness::default() }, false),
    ] {
        let world = world(strict);
        let asking = world.clone();
        let written = async move { Rows(&asking).write(trading_row("1"), &AttemptId::new("a")).await };
        assert_eq!(world.sim().block_on("write", written).is_ok(), is_done);
        assert_eq!(world.sim().violations(), [""; 0], "nothing was broken");
    }
}

#[test]
fn a_write_that_was_given_up_comes_about_later_under_its_conditions() {
    for (first, stands) in [(None, "late"), (Some("early"), "early")] {
        let plan = Plan { named: vec![("write", 1, Strike::TooLate)], ..Plan::calm() };
        let world = World::new(Sim::new(plan, Timestamp::default(), false), Strictness::default());
        let put = |by: &'static str| {
            let asking = world.clone();
            async move { Rows(&asking).write(trading_row(by).when(ABSENT), &AttemptId::new(by)).await.map(drop) }
        };
        let (told, answer) = (Rc::new(RefCell::new(None)), Rc::new(RefCell::new(None)));
        let kept = told.clone();
        let late = Invocation { name: "late".into(), limit: None, strikable: true, future: put("late") };
        world.sim().spawn(late, move |answer| *kept.borrow_mut() = answer);
        let wait = |seconds| {
            let (waiting, found) = (world.clone(), answer.clone());
            world.sim().block_on("wait", async move {
                waiting.sim().sleep(Millis::seconds(seconds)).await;
                *found.borrow_mut() = Engine::get(&waiting, &trading_row("x").key, false).await.unwrap();
            });
            answer.take().map(|row| row["by"].clone())
        };
        assert_eq!(wait(3), None);
        assert!(matches!(told.take(), Some(Err(StoreError::Unavailable(_)))), "it was given up");
        if let Some(by) = first {
            world.sim().block_on("early", put(by)).unwrap();
        }
        assert_eq!(wait(10), Some(text(stands)));
        assert_eq!(world.sim().violations(), [""; 0]);
    }
}

fn trading_row(by: &str) -> Write {
    Write::update(Key::new(Table::Trading, "X", "1")).set("by", text(by))
}

#[test]
fn a_list_misses_the_newest_writes_for_a_while() {
    let world = world(Strictness { lag_writes: 3, worst: true, ..Strictness::default() });
    let is_listed = || {
        let listing = world.clone();
        let listed = async move {
            for shard in 0..SHARDS {
                if !Trading(&listing).list_active(shard).await.unwrap().is_empty() {
                    return true;
                }
            }
            false
        };
        world.sim().block_on("list", listed)
    };
    commit(&world, vec![open(1)]).unwrap();
    assert!(!is_listed());
    let waiting = world.clone();
    world.sim().block_on("wait", async move { waiting.sim().sleep(Millis::seconds(3)).await });
    assert!(is_listed());
}

#[test]
fn a_halt_is_seen_by_a_bound_that_was_computed_before_it() {
    let world = world(Strictness::default());
    let (asset, reserve, exposure) = ("USDT".parse().unwrap(), Amount::ZERO, Amount::ZERO);
    let need = domain::account::Need {
        asset,
        reserve,
        exposure,
        leverage: domain::market::Leverage::ONE,
        groups: 1,
        open_groups_max: None,
    };
    let bounds = Some(app::commit::Bounds::of(&AccountBounds::of(&account(), &need).unwrap()));
    let Change::Account(change) = open(1) else { unreachable!() };
    let bound = Change::Account(Box::new(AccountChange { bounds, ..*change }));
    let halt = Halt { at: world.sim().now(), reason: "now".to_owned(), kept_out: None, by_person: false };
    world.put_account(
        &Account { halted: Some(halt), ..account() },
        app::ports::Standing { enabled: true, validated: true },
    );
    assert_eq!(commit(&world, vec![bound]), Err(CommitError::LostRace));
}

#[test]
fn a_row_that_the_service_would_refuse_is_a_violation() {
    let world = world(Strictness::default());
    let writing = world.clone();
    let key = Key::new(Table::Catalog, "USR#u", "P#grid");
    let large = Write::update(key).set("document", text("x".repeat(400 * 1_024)));
    let written = world.sim().block_on("write", async move { Rows(&writing).send(large).await });
    assert!(matches!(written, Err(StoreError::Unavailable(_))));
    assert_eq!(world.sim().violations(), ["USR#u P#grid: above 400 kB"]);
}

#[test]
fn a_restore_takes_the_trading_table_back_and_no_other() {
    let world = world(Strictness::default());
    let write = |table, value: i64| {
        let (writing, write) = (world.clone(), Write::update(Key::new(table, "A", "B")).set("x", number(value)));
        world.sim().block_on("write", async move { Rows(&writing).send(write).await }).unwrap();
    };
    let tables = [Table::Trading, Table::Vault, Table::Catalog, Table::Market, Table::Identity];
    tables.iter().for_each(|table| write(*table, 1));
    let snapshot = world.snapshot();
    tables.iter().for_each(|table| write(*table, 2));
    world.restore_to(&snapshot);
    let read = |table| {
        let reading = world.clone();
        let get = async move { Rows(&reading).get(&Key::new(table, "A", "B")).await };
        world.sim().block_on("read", get).unwrap().map(|row| row["x"].clone())
    };
    assert_eq!(tables.map(read), [1, 2, 2, 2, 2].map(|value| Some(number(value))));
}

/// A venue's book goes on: what was traded there meanwhile was traded.
#[test]
fn a_restore_leaves_the_venue_its_book() {
    let world = world(Strictness::default());
    let account = AccountId::of(&["a"]);
    let coins = |free: &str| Balance { free: free.parse().unwrap(), locked: Amount::ZERO };
    let book = |free: &str| Book {
        account: account.clone(),
        balances: BTreeMap::from([("USDT".parse().unwrap(), coins(free))]),
        looked_at: Timestamp::default(),
        fee_in: FeeIn::Quote,
        fill_max: None,
        fault: None,
        settings: PaperSettings::default(),
        open: Vec::new(),
        contracts: BTreeMap::new(),
        sequence: 0,
        version: 1,
    };
    world.put_book(&book("1"));
    let snapshot = world.snapshot();
    world.put_book(&book("2"));
    world.restore_to(&snapshot);
    assert_eq!(world.table().book(&account).unwrap().balances, book("2").balances);
}
