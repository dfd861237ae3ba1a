//! Which strategies there are.

use super::*;
use crate::desk::StrategyDesk;
use app::ports::StoreError;
use domain::bot::Switch;
use serde_json::json;

impl StrategyDesk for Stub {
    /// One is off, and one was.
    async fn switches(&self) -> Result<Vec<Switch>, StoreError> {
        let switch = |strategy: &str, enabled| {
            let (strategy, reason) = (strategy.to_owned(), "it bought into every fall".to_owned());
            Switch { strategy, enabled, reason, at: AT, by: ann() }
        };
        Ok(vec![switch("GRID", false), switch("RSI_CROSS", true)])
    }
}

#[tokio::test]
async fn strategies_are_listed_by_both_paths_in_the_order_in_which_they_are_offered() {
    let told = ::strategies::told();
    for path in ["/strategies/list", "/api/v1/strategies/list"] {
        let (status, _, list) = ask(&Stub::default(), "GET", path, ALL, "").await;
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
        assert_eq!(ask(&Stub::default(), "GET", path, "", "").await.0, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn they_go_on_where_a_page_has_ended() {
    let (_, _, first) = ask(&Stub::default(), "GET", "/strategies/list?limit=3", ALL, "").await;
    let next = format!("/strategies/list?cursor={}", first["next_cursor"].as_str().unwrap());
    let (_, _, rest) = ask(&Stub::default(), "GET", &next, ALL, "").await;
    let names = |list: &Value| -> Vec<String> {
        list["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let all: Vec<String> = ::strategies::told().into_iter().map(|one| one.name).collect();
    assert_eq!([names(&first), names(&rest)].concat(), all);
}
