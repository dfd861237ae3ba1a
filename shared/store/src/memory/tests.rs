use super::*;
use crate::condition::{ABSENT, CALCULATED_BEFORE, COUNT_AS_SEEN, PRESENT, RESERVED_WITHIN, STILL_PERMITS, UNDECIDED};
use crate::item::{number, text};
use crate::value::Name;
use domain::ids::AttemptId;

fn key(sk: &str) -> Key {
    Key::new(Table::Trading, "P", sk)
}

fn row(sk: &str, name: &'static str, value: Value) -> Write {
    Write::update(key(sk)).set(name, value)
}

fn put(memory: &mut Memory, write: Write) {
    assert_eq!(memory.transact(&[write]), Ok(()));
}

/// Whether a write under this condition would be applied to the row `a`.
fn holds(memory: &Memory, write: Write) -> bool {
    memory.would_apply(&[write]).is_ok()
}

#[test]
fn all_writes_are_applied_or_none() {
    let mut memory = Memory::default();
    put(&mut memory, row("a", "count", number(1)));
    let writes = vec![row("b", "x", number(1)), Write::update(key("a")).add("count", number(1)).when(ABSENT)];
    let reasons = match memory.transact(&writes) {
        Err(Refused::Cancelled(reasons)) => reasons,
        _ => Vec::new(),
    };
    assert_eq!((reasons[0].fault.clone(), reasons[1].fault.clone()), (None, Some(Fault::Condition)));
    assert_eq!(reasons[1].old.as_ref(), memory.get(&key("a")));
    let large = vec![row("b", "x", number(1)), row("c", "x", text("x".repeat(400 * 1_024)))];
    assert!(matches!(memory.transact(&large), Err(Refused::Invalid(what)) if what.contains("400 kB")));
    assert_eq!(memory.get(&key("b")), None);
}

#[test]
fn an_update_leaves_what_it_does_not_name_and_a_put_nothing() {
    let mut memory = Memory::default();
    put(&mut memory, row("a", "x", number(1)).set("y", text("2")));
    put(&mut memory, Write::update(key("a")).remove("x").set("z", Value::Bool(true)));
    let names = |memory: &Memory| memory.get(&key("a")).unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&memory), ["pk", "sk", "y", "z"]);
    put(&mut memory, Write::replace(key("a"), Item::from([("x".into(), Value::Null), ("w".into(), number(1))])));
    assert_eq!(
        names(&memory),
        ["pk", "sk", "w"]
            .map(Name::from)
            .into_iter()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    );
    put(&mut memory, Write::delete(key("a")));
    assert_eq!(memory.get(&key("a")), None);
}

#[test]
fn numbers_are_added_exactly_and_answered_without_zeros_at_their_ends() {
    let mut memory = Memory::default();
    let add = |value: Value| Write::update(key("a")).add("sum", value);
    for (added, sum) in [("0.10", "0.1"), ("0.2", "0.3"), ("1.70", "2"), ("-3", "-1"), ("1", "0")] {
        put(&mut memory, add(Value::N(added.to_owned())));
        assert_eq!(memory.get(&key("a")).unwrap()["sum"], Value::N(sum.to_owned()), "after {added}");
    }
    put(&mut memory, row("a", "kept", Value::L(vec![Value::N("1.50".to_owned()), text("1.50")])));
    assert_eq!(memory.get(&key("a")).unwrap()["kept"], Value::L(vec![Value::N("1.5".to_owned()), text("1.50")]));
    put(&mut memory, row("a", "word", text("x")));
    let wrong = memory.transact(&[Write::update(key("a")).add("word", number(1))]);
    assert!(matches!(wrong, Err(Refused::Invalid(what)) if what.contains("word cannot be added to")));
}

#[test]
fn conditions_compare_by_type_and_what_is_not_there_is_not_less() {
    let mut memory = Memory::default();
    put(&mut memory, row("a", "reserved#USDT", Value::N("9.5".to_owned())).set("version", text("7")));
    let within = |max: &str| {
        let write = Write::check(key("a")).when(RESERVED_WITHIN).naming("reserved", "reserved#USDT".to_owned());
        write.given("reserved_max", Value::N(max.to_owned()))
    };
    assert!(holds(&memory, within("9.5")) && holds(&memory, within("10")) && !holds(&memory, within("9.49")));
    let count = |value: Value| Write::check(key("a")).when(COUNT_AS_SEEN).given("seen_count", value);
    assert!(!holds(&memory, count(number(1))), "there is none");
    put(&mut memory, row("a", "count", text("1")));
    assert!(!holds(&memory, count(number(1))) && holds(&memory, count(text("1"))));

    let undecided = || Write::check(key("a")).when(UNDECIDED).given("queued", text("queued"));
    assert!(holds(&memory, undecided()));
    let verdict = |kind: &str| Value::M(Item::from([("kind".into(), text(kind))]));
    put(&mut memory, row("a", "verdict", verdict("parked")));
    assert!(!holds(&memory, undecided()));
    put(&mut memory, row("a", "verdict", verdict("queued")));
    assert!(holds(&memory, undecided()));

    let permits = |scope: &str| Write::check(key("a")).when(STILL_PERMITS).given("scope", text(scope));
    assert!(holds(&memory, permits("read")));
    put(&mut memory, row("a", "scopes", Value::L(vec![text("trade")])));
    assert!(!holds(&memory, permits("read")) && holds(&memory, permits("trade")));

    let calculated = |user: i64, plan: i64| {
        Write::check(key("a")).when(CALCULATED_BEFORE).given("by_user", number(user)).given("by_plan", number(plan))
    };
    put(&mut memory, row("a", "by_user", number(3)).set("by_plan", number(5)));
    assert!(holds(&memory, calculated(4, 1)) && holds(&memory, calculated(3, 5)) && !holds(&memory, calculated(3, 4)));
}

#[test]
fn what_adds_is_not_applied_twice_under_one_stamp() {
    let mut memory = Memory::default();
    let stamp = AttemptId::new("mine");
    let write = || Write::update(key("a")).add("count", number(1)).stamped(&stamp);
    put(&mut memory, write());
    assert!(matches!(memory.transact(&[write()]), Err(Refused::Cancelled(_))));
    assert_eq!(memory.get(&key("a")).unwrap()["count"], number(1));
}

#[test]
fn what_the_service_would_not_look_at_is_invalid() {
    let told = |writes: Vec<Write>, expected: &str| {
        let refused = Memory::default().transact(&writes);
        assert!(matches!(&refused, Err(Refused::Invalid(what)) if what.contains(expected)), "{expected}: {refused:?}");
    };
    let check = || Write::check(key("a"));
    told((0..41).map(|at| row(&at.to_string(), "x", number(1))).collect(), "41 actions");
    told(vec![row("a", "x", number(1)), check().when(PRESENT)], "two actions for one row: P a, P a");
    told(vec![row("", "x", number(1))], "an empty key");
    told(vec![check()], "a check of nothing");
    told(vec![check().when(COUNT_AS_SEEN)], "nothing is given for :seen_count");
    told(vec![check().when(PRESENT).given("more", number(1))], "no condition asks for :more");
    told(vec![check().when(PRESENT).naming("more", "x".to_owned())], "no condition names #more");
    let update = || Write::update(key("a")).set("x", number(1));
    told(vec![update().add("x", number(1))], "two things are done with x");
    told(vec![update().remove("x")], "two things are done with x");
    told(vec![update().set("y#1", number(1)).add("y_1", number(1))], "y#1 and y_1 have one placeholder");
    told(
        vec![
            update()
                .when(COUNT_AS_SEEN)
                .given("seen_count", number(1))
                .naming("count", "x".to_owned())
                .add("count", number(1)),
        ],
        "x and count have one placeholder",
    );
    told(vec![Write::replace(key("a"), Item::new()).add("y", number(1))], "only an update adds");
    told(vec![Write::replace(Key::new(Table::Trading, "P", "s".repeat(1_025)), Item::new())], "a key that is too long");
    let many = (0..400).fold(Write::update(key("a")), |write, at| write.set(format!("balance#COIN{at}"), number(1)));
    told(vec![many], "an expression of");
    told(vec![row("a", "due_at", text("1"))], "an index's key of another type");
    told(vec![row("a", "gu_sk", number(1))], "an index's key of another type");
    told(vec![row("a", "pk", text("Q"))], "a key cannot be changed");
    told(vec![row("a", "x", Value::N("1".repeat(39)))], "more than 38 digits");
    told(vec![row("a", "gu_pk", text(""))], "gu_pk is an index's key and empty");
    let large = |at: usize| row(&at.to_string(), "x", text("x".repeat(399 * 1_024)));
    told((0..11).map(large).collect(), "a transaction of");
}

#[test]
fn a_partition_is_read_in_its_order_within_bounds_and_by_pages() {
    let mut memory = Memory::default();
    for sk in ["b2", "a1", "b1", "c", "b3"] {
        put(&mut memory, row(sk, "by", text(sk.get(1..).unwrap_or_default())));
    }
    put(&mut memory, Write::update(Key::new(Table::Vault, "P", "b0")).set("x", number(1)));
    let read = |query: Query| {
        let found = memory.query(&query);
        let sks = found.items.iter().map(|row| row["sk"].as_text().unwrap().to_owned()).collect::<Vec<_>>();
        (sks.join(" "), found.next)
    };
    let query = || Query::of(Table::Trading, "P");
    assert_eq!(read(query()), ("a1 b1 b2 b3 c".to_owned(), None));
    assert_eq!(read(Query::of(Table::Trading, "Q")).0, "");
    assert_eq!(read(query().within(Within::prefix("b"))).0, "b1 b2 b3");
    assert_eq!(read(query().within(Within::Between("b1".to_owned(), "b2".to_owned()))).0, "b1 b2");
    assert_eq!(read(query().within(Within::After("b2".to_owned()))).0, "b3 c");
    assert_eq!(read(query().within(Within::Before("b2".to_owned())).newest_first()).0, "b1 a1");
    let (first, next) = read(query().within(Within::prefix("b")).newest_first().limit(2));
    assert_eq!((first.as_str(), next.as_ref()), ("b3 b2", Some(&key("b2").item())));
    assert_eq!(read(query().within(Within::prefix("b")).newest_first().start(next)), ("b1".to_owned(), None));
    let (only, next) = read(query().only("by", text("3")).limit(3));
    assert_eq!((only.as_str(), next.is_some()), ("", true), "what is left out counts towards the limit");
    assert_eq!(memory.query(&query().keys_only()).items[0], key("a1").item());
}

#[test]
fn a_query_that_the_service_would_not_look_at_is_invalid() {
    let query = || Query::of(Table::Trading, "P");
    let between = |first: &str, last: &str| Within::Between(first.to_owned(), last.to_owned());
    for fine in [query(), query().within(between("a", "a")).limit(1), query().within(Within::prefix(""))] {
        assert_eq!(check_query(&fine), Ok(()));
    }
    let told = |query: Query, expected: &str| {
        let refused = check_query(&query).unwrap_err();
        assert!(refused.contains(expected), "{refused}");
    };
    told(query().within(between("b", "a")), "the wrong way round");
    told(query().within(between("", "a")), "an empty key");
    told(query().within(Within::Prefix(String::new())), "an empty key");
    told(Query::of(Table::Trading, ""), "an empty key");
    told(query().limit(0), "a page of Some(0) rows");
}

#[test]
fn a_page_ends_at_a_megabyte() {
    let mut memory = Memory::default();
    for at in 0..4 {
        put(&mut memory, row(&at.to_string(), "x", text("x".repeat(390 * 1_024))));
    }
    let found = memory.query(&Query::of(Table::Trading, "P"));
    assert_eq!((found.items.len(), found.next), (2, Some(key("1").item())));
}

#[test]
fn an_index_holds_the_rows_that_have_its_keys_and_of_them_keys_alone() {
    let mut memory = Memory::default();
    for (sk, at) in [("a", 30), ("b", 4), ("c", 100)] {
        put(&mut memory, row(sk, "due_pk", text("U#1")).set("due_at", number(at)).set("x", text("y")));
    }
    put(&mut memory, row("d", "due_pk", text("U#1")));
    let due = Query::index(Index::Due, "U#1").within(Within::UpTo(number(30)));
    let found = memory.query(&due).items;
    let expected = |sk: &str, at: i64| {
        let mut item = key(sk).item();
        item.extend([("due_pk".into(), text("U#1")), ("due_at".into(), number(at))]);
        item
    };
    assert_eq!(found, [expected("b", 4), expected("a", 30)]);
}
