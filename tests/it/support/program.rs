//! Keys of programs that may do this or that, put behind the product's back.

use super::signed::Caller;
use super::stack::Stack;
use super::unique::unique;
use domain::ids::{Sha, UserId};
use serde_json::json;

/// One of nobody in particular.
pub(crate) async fn key_of_program(name: &str, scopes: &[&str]) -> String {
    let unique = unique();
    let key = format!("mqs_{name}{unique}");
    let scopes: Vec<_> = scopes.iter().map(|scope| json!({"S": scope})).collect();
    let row = json!({
        "pk": {"S": format!("SES#{}", Sha::of_bytes(key.as_bytes()).as_str())}, "sk": {"S": "S"}, "v": {"N": "1"},
        "user": {"S": UserId::of(&["it", name, &unique]).as_str()}, "scopes": {"L": scopes},
        "expires_at": {"N": "9999999999999"}, "minute": {"N": "0"}, "requests": {"N": "0"},
    });
    let put = json!({"TableName": Stack::get().name("IdentityTable"), "Item": row});
    Caller::root().ask("dynamodb:PutItem", &put).await;
    key
}
