use domain::identity::BadPreferences;
use serde_json::Value;
use serde_json::json;
use wire::view::*;

#[test]
fn preferences_are_a_small_object_of_few_levels() {
    let kept = |given: &Value| preferences(given).map(|kept| kept.to_string());
    assert_eq!(kept(&json!({"columns": [1, 2.5], "theme": "dark"})).unwrap(), r#"{"columns":[1,2.5],"theme":"dark"}"#);
    assert_eq!(kept(&json!({"a": {"b": {"c": {"d": {}}}}})).unwrap(), r#"{"a":{"b":{"c":{"d":{}}}}}"#);
    for wrong in [
        json!([]),
        json!("dark"),
        json!(null),
        json!({"a": {"b": {"c": {"d": {"e": {}}}}}}),
        json!({"a": "x".repeat(4_096)}),
    ] {
        assert_eq!(kept(&wrong), Err(BadPreferences), "{wrong}");
    }
}
