use super::*;
use serde_json::json;

fn item(value: &Value) -> Item {
    value.as_object().unwrap().clone()
}

#[test]
fn an_item_is_as_large_as_its_names_and_values() {
    let check = |value: Value, expected: usize| assert_eq!(size(&item(&value)), expected, "{value}");
    check(json!({"pk": {"S": "abc"}}), 5);
    check(json!({"n": {"N": "1234"}}), 4);
    check(json!({"n": {"N": "-12345"}}), 6);
    check(json!({"b": {"BOOL": true}}), 2);
    check(json!({"l": {"L": [{"S": "ab"}, {"S": "c"}]}}), 9);
    check(json!({"m": {"M": {"k": {"S": "ab"}}}}), 8);
}

#[test]
fn units_are_whole_blocks_and_nothing_is_one() {
    assert_eq!((half_reads(0, true), half_reads(4_096, true), half_reads(4_097, false)), (2, 2, 2));
    let large = item(&json!({"pk": {"S": "x".repeat(1_023)}}));
    assert_eq!((writes(None, None), writes(Some(&large), None)), (1, 2));
}

#[test]
fn an_index_is_written_only_where_its_entry_changes() {
    let described = json!({"IndexName": "due", "Projection": {"ProjectionType": "KEYS_ONLY"},
        "KeySchema": [{"AttributeName": "due_pk"}, {"AttributeName": "due_at"}]});
    let index = Index::of(&described);
    let row = |due: Option<&str>, more: &str| {
        let mut row = item(&json!({"pk": {"S": "p"}, "sk": {"S": "s"}, "more": {"S": more}, "due_pk": {"S": "X"}}));
        row.extend(due.map(|due| ("due_at".to_owned(), json!({"N": due}))));
        row
    };
    let check = |before: Option<Item>, after: Option<Item>, expected: u32| {
        assert_eq!(index.writes(before.as_ref(), after.as_ref()), expected);
    };
    check(None, Some(row(Some("1"), "")), 1);
    check(Some(row(Some("1"), "a")), Some(row(Some("1"), "b")), 0);
    check(Some(row(Some("1"), "")), Some(row(Some("2"), "")), 2);
    check(Some(row(Some("1"), "")), Some(row(None, "")), 1);
    check(Some(row(None, "a")), Some(row(None, "b")), 0);
}

#[test]
fn a_call_reads_what_its_answer_holds_and_each_missing_item_too() {
    let check = |operation: &str, asked: Value, told: Value, expected: u32| {
        assert_eq!(read_by(operation, &asked, &told), expected, "{operation} {asked}");
    };
    let large = json!({"pk": {"S": "x".repeat(5_000)}});
    check("GetItem", json!({"ConsistentRead": true}), json!({"Item": large}), 4);
    check("GetItem", json!({}), json!({}), 1);
    check("Query", json!({}), json!({"Items": [large, large]}), 3);
    let (keys, found) = (json!([{"pk": 1}, {"pk": 2}]), json!({"Responses": {"t": [large]}}));
    check("BatchGetItem", json!({"RequestItems": {"t": {"Keys": keys, "ConsistentRead": true}}}), found, 6);
    check("PutItem", json!({}), json!({}), 0);
}

#[test]
fn every_action_of_a_transaction_is_billed_twice_and_a_check_changes_nothing() {
    let key = json!({"pk": {"S": "p"}, "sk": {"S": "s"}});
    let asked = json!({"TransactItems": [
        {"Put": {"TableName": "t", "Item": key}}, {"ConditionCheck": {"TableName": "t", "Key": key}}
    ]});
    let spot = Spot { table: "t".to_owned(), pk: "p".to_owned(), sk: "s".to_owned() };
    let of = |times, is_check| Action { spot: spot.clone(), times, is_check };
    assert_eq!(written_by("TransactWriteItems", &asked), [of(2, false), of(2, true)]);
    assert_eq!(written_by("UpdateItem", &json!({"TableName": "t", "Key": key})), [of(1, false)]);
    assert_eq!(written_by("Query", &json!({"TableName": "t"})), []);
}
