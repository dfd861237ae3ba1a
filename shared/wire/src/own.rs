//! Requests that a function is handed past the gateway: by itself, and by the owner of the deployment.
//!
//! One looks like a request of the gateway, which names itself in what the caller does not write; here stands a name that
//! no gateway has. Whoever may invoke the function may make one, and nobody else.

use serde_json::{Value, json};

/// What stands where a gateway names itself.
pub const OWN: &str = "moniqo";
/// Where `api-identity` is asked to put the secrets of second factors under the key that is used now.
pub const RESEAL: &str = "/own/reseal";

/// The event of such a request.
pub fn event(path: &str, body: &Value) -> Value {
    let http = json!({"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": null, "userAgent": null});
    let context = json!({"apiId": OWN, "stage": "$default", "http": http});
    let headers = json!({"content-type": "application/json"});
    let (version, body) = ("2.0", body.to_string());
    json!({
        "version": version, "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": headers,
        "requestContext": context, "body": body, "isBase64Encoded": false,
    })
}
