//! Lists, asked for page by page.

use super::*;
use serde_json::json;

fn lists() -> [String; 7] {
    let own = ["/api/v1/user-wallets", "/api/keys", "/api/v1/keys", "/api/v1/wallets", "/api/v1/webhook-tokens"];
    let [one, two, three, four, five] = own.map(str::to_owned);
    [one, two, three, four, five, "/api/v1/routes".to_owned(), format!("/exchange/keys/{}", ann())]
}

#[test]
fn every_list_takes_a_limit_and_a_cursor_of_its_own() {
    let api = routing::anns();
    tokens::put(&api, &tokens::kept_for(None));
    for list in lists() {
        let get = |query: &str| ask(&api, "GET", &format!("{list}?{query}"), ALL, "");
        for (query, field) in [("limit=0", "limit"), ("limit=x", "limit"), ("cursor=forged", "cursor")] {
            let (status, _, problem) = get(query);
            assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{list}?{query}");
        }
        let (status, _, page) = get("limit=500");
        assert_eq!(
            (status, &page["limit"], &page["next_cursor"]),
            (StatusCode::OK, &json!(200), &Value::Null),
            "{list}"
        );
        assert_eq!(get("limit=1").2["items"].as_array().map(Vec::len), Some(1), "{list}");
    }
}
