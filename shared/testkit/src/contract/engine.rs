//! What every engine of the store does alike: conditions, numbers, transactions, pages.

use super::{Given, Harness, eventually};
use store::condition::{ABSENT, CALCULATED_BEFORE, COUNT_AS_SEEN, PRESENT, RESERVED_WITHIN, STILL_PERMITS, UNDECIDED};
use store::item::{number, text};
use store::{Engine, Fault, Index, Item, Key, Query, Rows, Table, Unapplied, Unwritten, Value, Within, Write, Written};

fn key(given: &Given, sk: &str) -> Key {
    Key::new(Table::Trading, format!("ENGINE#{}", given.unique), sk)
}

fn decimal(digits: &str) -> Value {
    Value::N(digits.to_owned())
}

async fn done<E: Engine>(engine: &E, write: Write) -> Item {
    match engine.write(&write).await {
        Ok(Written::Done(item)) => item,
        other => panic!("{other:?}"),
    }
}

async fn row<E: Engine>(engine: &E, key: &Key) -> Item {
    engine.get(key, false).await.unwrap().expect("a row")
}

/// Whether a write under the condition was applied; a refusal brings the row as it stands there.
async fn holds<E: Engine>(engine: &E, write: Write) -> bool {
    let key = write.key.clone();
    match engine.write(&write.set("tried", number(1))).await.unwrap() {
        Written::Done(_) => true,
        Written::Refused(old) => {
            assert_eq!(old, engine.get(&key, false).await.unwrap());
            false
        }
    }
}

pub async fn a_condition_holds_for_what_stands_there<H: Harness>(harness: &H) {
    let (given, engine) = (Given::nobody(harness), harness.store());
    let at = || Write::update(key(&given, "a"));
    assert!(!holds(engine, at().when(PRESENT)).await, "no row");
    assert!(holds(engine, at().when(ABSENT)).await);
    assert!(!holds(engine, at().when(ABSENT)).await && holds(engine, at().when(PRESENT)).await);

    let within = |max: &str| {
        at().when(RESERVED_WITHIN).naming("reserved", "reserved#USDT".to_owned()).given("reserved_max", decimal(max))
    };
    assert!(holds(engine, within("-1")).await, "nothing is reserved");
    done(engine, at().set("reserved#USDT", decimal("9.5"))).await;
    assert!(holds(engine, within("9.50")).await && holds(engine, within("10")).await, "by value and not by text");
    assert!(!holds(engine, within("9.49")).await);

    let count = |value: Value| at().when(COUNT_AS_SEEN).given("seen_count", value);
    assert!(!holds(engine, count(number(1))).await, "what is not there is equal to nothing");
    done(engine, at().set("count", text("1"))).await;
    assert!(!holds(engine, count(number(1))).await && holds(engine, count(text("1"))).await, "types differ");

    let undecided = || at().when(UNDECIDED).given("queued", text("queued"));
    let verdict = |kind: &str| Value::M(Item::from([("kind".into(), text(kind))]));
    assert!(holds(engine, undecided()).await);
    done(engine, at().set("verdict", verdict("parked"))).await;
    assert!(!holds(engine, undecided()).await);
    done(engine, at().set("verdict", verdict("queued"))).await;
    assert!(holds(engine, undecided()).await);

    let permits = |scope: &str| at().when(STILL_PERMITS).given("scope", text(scope));
    assert!(holds(engine, permits("read")).await);
    done(engine, at().set("scopes", Value::L(vec![text("trade")]))).await;
    assert!(!holds(engine, permits("read")).await && holds(engine, permits("trade")).await);

    let calculated = |user: i64, plan: i64| {
        at().when(CALCULATED_BEFORE).given("by_user", number(user)).given("by_plan", number(plan))
    };
    assert!(holds(engine, calculated(0, 0)).await);
    done(engine, at().set("by_user", number(3)).set("by_plan", number(5))).await;
    assert!(holds(engine, calculated(4, 1)).await && holds(engine, calculated(3, 5)).await);
    assert!(!holds(engine, calculated(3, 4)).await && !holds(engine, calculated(2, 9)).await);
}

pub async fn what_adds_is_not_added_twice_under_one_stamp<H: Harness>(harness: &H) {
    let (given, engine) = (Given::nobody(harness), harness.store());
    let (mine, another) = (given.stamp(), given.stamp());
    let add = |stamp| Write::update(key(&given, "a")).add("count", number(1)).stamped(stamp);
    assert_eq!(done(engine, add(&mine)).await["count"], number(1));
    assert!(!holds(engine, add(&mine)).await);
    assert_eq!(done(engine, add(&another)).await["count"], number(2));
}

pub async fn numbers_are_exact_and_have_no_zeros_at_their_ends<H: Harness>(harness: &H) {
    let (given, engine) = (Given::nobody(harness), harness.store());
    let at = || Write::update(key(&given, "a"));
    for (added, sum) in [("0.10", "0.1"), ("0.2", "0.3"), ("1.70", "2"), ("-3", "-1"), ("1", "0"), ("1e3", "1000")] {
        let row = done(engine, at().add("sum", decimal(added))).await;
        assert_eq!(row["sum"], decimal(sum), "after {added}");
    }
    let list = Value::L(vec![decimal("1.50"), text("1.50"), decimal("-0.0"), decimal("100")]);
    done(engine, at().set("list", list)).await;
    let kept = Value::L(vec![decimal("1.5"), text("1.50"), decimal("0"), decimal("100")]);
    assert_eq!(row(engine, &key(&given, "a")).await["list"], kept);
}

pub async fn an_update_leaves_what_it_does_not_name_and_a_put_nothing<H: Harness>(harness: &H) {
    let (given, engine) = (Given::nobody(harness), harness.store());
    let at = key(&given, "a");
    let with = |attributes: &[(&'static str, Value)]| {
        let mut item = at.item();
        item.extend(attributes.iter().map(|(name, value)| ((*name).into(), value.clone())));
        item
    };
    done(engine, Write::update(at.clone()).set("x", number(1)).set("y", text(""))).await;
    let changed = done(engine, Write::update(at.clone()).remove("x").remove("never").set("z", Value::Bool(true))).await;
    assert_eq!(changed, with(&[("y", text("")), ("z", Value::Bool(true))]));
    let nested = Value::M(Item::from([("none".into(), Value::Null), ("bytes".into(), Value::B(vec![0, 255]))]));
    let put = Item::from([("left_out".into(), Value::Null), ("map".into(), nested.clone())]);
    assert_eq!(done(engine, Write::replace(at.clone(), put)).await, Item::new(), "a put tells nothing");
    assert_eq!(row(engine, &at).await, with(&[("map", nested)]));
    assert_eq!(done(engine, Write::delete(at.clone())).await, Item::new());
    assert_eq!(engine.get(&at, false).await, Ok(None));
    assert_eq!(done(engine, Write::delete(at.clone())).await, Item::new(), "what is gone may go");
}

pub async fn a_transaction_is_applied_whole_or_says_what_each_write_has_to_do_with_it<H: Harness>(harness: &H) {
    let (given, engine) = (Given::nobody(harness), harness.store());
    let (first, second) = (key(&given, "a"), Key::new(Table::Catalog, format!("ENGINE#{}", given.unique), "b"));
    let both = || {
        let check = Write::update(second.clone()).set("y", number(2)).when(ABSENT);
        [Write::update(first.clone()).add("x", number(1)), check]
    };
    assert_eq!(engine.transact(&both()).await, Ok(()));
    let Err(Unapplied::Cancelled(reasons)) = engine.transact(&both()).await else { panic!("b was there") };
    assert_eq!(reasons.iter().map(|reason| reason.fault.clone()).collect::<Vec<_>>(), [None, Some(Fault::Condition)]);
    assert_eq!(reasons[1].old, Some(row(engine, &second).await), "over two tables");
    assert_eq!(row(engine, &first).await["x"], number(1), "the other was not applied");
    let guarded = [Write::delete(first.clone()), Write::check(second.clone()).when(PRESENT)];
    assert_eq!(engine.transact(&guarded).await, Ok(()));
    assert_eq!(engine.get(&first, false).await, Ok(None));
}

pub async fn a_partition_is_read_in_its_order_within_bounds_and_by_pages<H: Harness>(harness: &H) {
    let (given, engine) = (Given::nobody(harness), harness.store());
    for sk in ["b2", "a1", "b1", "c", "b3"] {
        done(engine, Write::update(key(&given, sk)).set("by", text(sk.get(1..).unwrap_or_default()))).await;
    }
    let query = || Query::of(Table::Trading, format!("ENGINE#{}", given.unique));
    let read = async |query: Query| {
        let found = engine.query(&query).await.unwrap();
        let sks = found.items.iter().map(|row| row["sk"].as_text().unwrap().to_owned()).collect::<Vec<_>>();
        (sks.join(" "), found.next)
    };
    assert_eq!(read(query()).await, ("a1 b1 b2 b3 c".to_owned(), None));
    assert_eq!(read(query().within(Within::prefix("b"))).await.0, "b1 b2 b3");
    assert_eq!(read(query().within(Within::Between("b1".to_owned(), "b2".to_owned()))).await.0, "b1 b2");
    assert_eq!(read(query().within(Within::After("b2".to_owned()))).await.0, "b3 c");
    assert_eq!(read(query().within(Within::Before("b2".to_owned())).newest_first()).await.0, "b1 a1");
    let pages = || query().within(Within::prefix("b")).newest_first();
    let (first, next) = read(pages().limit(2)).await;
    assert_eq!((first.as_str(), next.as_ref()), ("b3 b2", Some(&key(&given, "b2").item())));
    assert_eq!(read(pages().start(next)).await, ("b1".to_owned(), None));
    let (only, next) = read(query().only("by", text("3")).limit(3)).await;
    assert_eq!((only.as_str(), next.is_some()), ("", true), "what is left out counts towards the limit");
    assert_eq!(read(query().only("by", text("3"))).await.0, "b3");
    assert_eq!(engine.query(&query().keys_only()).await.unwrap().items[0], key(&given, "a1").item());
    let turned = query().within(Within::Between("b2".to_owned(), "b1".to_owned()));
    assert_eq!(Rows(engine).page(&turned).await.unwrap().items, Vec::<Item>::new(), "it is not asked");
}

pub async fn a_page_ends_at_a_megabyte<H: Harness>(harness: &H) {
    let (given, engine) = (Given::nobody(harness), harness.store());
    for at in 0..4 {
        done(engine, Write::update(key(&given, &at.to_string())).set("x", text("x".repeat(390 * 1_024)))).await;
    }
    let found = engine.query(&Query::of(Table::Trading, format!("ENGINE#{}", given.unique))).await.unwrap();
    assert_eq!((found.items.len(), found.next), (2, Some(key(&given, "1").item())));
}

pub async fn many_rows_are_read_by_their_keys<H: Harness>(harness: &H) {
    let (given, engine) = (Given::nobody(harness), harness.store());
    for at in (0..120).step_by(10) {
        done(engine, Write::update(key(&given, &format!("{at:03}"))).set("x", number(at))).await;
    }
    let keys: Vec<_> = (0..120).map(|at| key(&given, &format!("{at:03}"))).collect();
    let mut found = engine.batch_get(&keys).await.unwrap();
    found.sort_by_key(|row| row["sk"].as_text().map(str::to_owned));
    assert_eq!(
        found.iter().map(|row| row["x"].clone()).collect::<Vec<_>>(),
        (0..12).map(|at| number(at * 10)).collect::<Vec<_>>()
    );
}

pub async fn an_index_holds_the_rows_that_have_its_keys_and_of_them_keys_alone<H: Harness>(harness: &H) {
    let (given, engine) = (Given::nobody(harness), harness.store());
    let partition = format!("ENGINE#{}", given.unique);
    for (sk, at) in [("a", 30), ("b", 4), ("c", 100)] {
        let row = Write::update(key(&given, sk)).set("due_pk", text(&partition)).set("due_at", number(at));
        done(engine, row.set("x", text("y"))).await;
    }
    done(engine, Write::update(key(&given, "d")).set("due_pk", text(&partition))).await;
    let due = || Query::index(Index::Due, &partition).within(Within::UpTo(number(30)));
    let expected = |sk: &str, at: i64| {
        let mut item = key(&given, sk).item();
        item.extend([("due_pk".into(), text(&partition)), ("due_at".into(), number(at))]);
        item
    };
    let all = [expected("b", 4), expected("a", 30)];
    eventually(harness, "what is due", async || engine.query(&due()).await.unwrap().items == all).await;
    let next = engine.query(&due().limit(1)).await.unwrap().next;
    assert_eq!(engine.query(&due().start(next)).await.unwrap().items, [expected("a", 30)]);
}

pub async fn what_cannot_stand_there_is_refused<H: Harness>(harness: &H) {
    let (given, engine) = (Given::nobody(harness), harness.store());
    let at = || Write::update(key(&given, "a"));
    done(engine, at().set("word", text("x"))).await;
    for wrong in [
        Write::update(key(&given, "")).set("x", number(1)),
        at().set("x", text("x".repeat(401 * 1_024))),
        at().add("word", number(1)),
        at().set("sk", text("b")),
        at().set("x", decimal(&"1".repeat(39))),
        at().when(COUNT_AS_SEEN),
        at().set("gu_pk", text("")).set("gu_sk", text("x")),
    ] {
        let refused = engine.write(&wrong).await;
        assert!(matches!(refused, Err(Unwritten::Store(_))), "{wrong:?}: {refused:?}");
    }
    let twice = [at().set("x", number(1)), Write::check(key(&given, "a")).when(PRESENT)];
    assert!(matches!(engine.transact(&twice).await, Err(Unapplied::Store(_))));
    assert_eq!(row(engine, &key(&given, "a")).await["word"], text("x"));
}
