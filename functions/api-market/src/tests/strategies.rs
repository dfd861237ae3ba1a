//! Which strategies there are.

use super::*;
use domain::audit::Audit;
use domain::bot::Switch;
use domain::ids::AttemptId;
use serde_json::json;
use store::trading::Trading;

const READS: &str = "trading:read";

/// One is off, and one was.
fn switched() -> Api {
    let api = fresh();
    for (strategy, enabled) in [("GRID", false), ("RSI_CROSS", true)] {
        let (name, reason) = (strategy.to_owned(), "it bought into every fall".to_owned());
        let switch = Switch { strategy: name, enabled, reason, at: AT, by: ann() };
        let record = on_record(&ann(), strategy);
        done(&api, |world| async move {
            Trading(&world).switch_off(&Switch { enabled: false, ..switch.clone() }, &record).await.unwrap();
            if switch.enabled {
                let seen = Trading(&world).load_switch(&switch.strategy).await.unwrap();
                let record = Audit { attempt: AttemptId::new("on"), ..record };
                assert!(Trading(&world).switch_on(&switch, seen.as_ref(), &record).await.unwrap());
            }
        });
    }
    api
}

#[test]
fn strategies_are_listed_by_both_paths_in_the_order_in_which_they_are_offered() {
    let (api, told) = (switched(), ::strategies::told());
    for path in ["/strategies/list", "/api/v1/strategies/list"] {
        let (status, _, list) = ask(&api, "GET", path, READS, "");
        assert_eq!((status, &list["next_cursor"]), (StatusCode::OK, &Value::Null), "{path}");
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), told.len());
        for (item, told) in items.iter().zip(&told) {
            let is_on = told.name != "GRID";
            let mut expected = json!({
                "name": told.name, "offline_name": told.offline_name, "description": told.description,
                "parameters": told.parameters, "enabled": is_on,
            });
            if !is_on {
                expected["disabled_because"] = json!("it bought into every fall");
            }
            assert_eq!(item, &expected);
        }
        assert_eq!(ask(&api, "GET", path, "", "").0, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[test]
fn they_go_on_where_a_page_has_ended() {
    let api = switched();
    let (_, _, first) = ask(&api, "GET", "/strategies/list?limit=3", READS, "");
    let next = format!("/strategies/list?cursor={}", first["next_cursor"].as_str().unwrap());
    let (_, _, rest) = ask(&api, "GET", &next, READS, "");
    let names = |list: &Value| -> Vec<String> {
        list["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let all: Vec<String> = ::strategies::told().into_iter().map(|one| one.name).collect();
    assert_eq!([names(&first), names(&rest)].concat(), all);
}

#[test]
fn the_list_takes_a_limit_and_a_cursor_of_its_own() {
    let api = switched();
    for (query, field) in [("limit=0", "limit"), ("limit=x", "limit"), ("cursor=forged", "cursor")] {
        let (status, _, problem) = ask(&api, "GET", &format!("/strategies/list?{query}"), READS, "");
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{query}");
    }
    let (status, _, page) = ask(&api, "GET", "/strategies/list?limit=500", READS, "");
    assert_eq!((status, &page["limit"], &page["next_cursor"]), (StatusCode::OK, &json!(200), &Value::Null));
    let (_, _, page) = ask(&api, "GET", "/strategies/list?limit=1", READS, "");
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
}
