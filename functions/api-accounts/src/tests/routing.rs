use super::*;
use crate::desk::{RouteDesk, Routed};
use app::actor::Act;
use app::ports::KeptRoute;
use app::routes::{Put, RouteError};
use domain::ids::AccountId;
use domain::route::{Route, RouteName, RouteRef};
use serde_json::json;

const PATH: &str = "/api/v1/routes";
const WRITES: &str = "trading:read+trading:write";

fn accounts() -> [String; 2] {
    ["a", "b"].map(|of| AccountId::of(&[of]).to_string())
}

fn kept(name: &str, route: Option<&Route>, version: u64) -> KeptRoute {
    let two = ["a", "b"].map(|of| AccountId::of(&[of]));
    let default = Route::new(two.to_vec(), "0.5".parse().unwrap(), false).unwrap();
    KeptRoute {
        user: ann(),
        at: RouteRef { name: name.parse().unwrap(), version },
        route: route.cloned().unwrap_or(default),
        created_at: AT,
        updated_at: AT,
        updated_by: ann(),
        deleted: false,
    }
}

/// Ann keeps `best` at version 3.
impl RouteDesk for Stub {
    async fn routes(&self, _: Act<'_>) -> Routed<Vec<KeptRoute>> {
        Ok(vec![kept("best", None, 3)])
    }
    async fn route(&self, name: &RouteName, _: Act<'_>) -> Routed<KeptRoute> {
        if name.as_str() == "best" { Ok(kept("best", None, 3)) } else { Err(RouteError::Unknown) }
    }
    async fn create_route(&self, name: &RouteName, route: &Route, act: Act<'_>) -> Routed<KeptRoute> {
        assert_eq!(*act.user, ann());
        match name.as_str() {
            "best" => Err(RouteError::Duplicate),
            "foreign" => Err(RouteError::NoAccount(route.accounts()[0].clone())),
            "many" => Err(RouteError::TooMany),
            name => Ok(kept(name, Some(route), 1)),
        }
    }
    async fn put_route(&self, name: &RouteName, route: &Route, seen: Option<u64>, _: Act<'_>) -> Routed<Put> {
        match seen {
            Some(3) | None => Ok(Put::Replaced(kept(name.as_str(), Some(route), 4))),
            Some(_) => Err(RouteError::VersionConflict(3)),
        }
    }
    async fn delete_route(&self, name: &RouteName, _: Option<u64>, _: Act<'_>) -> Routed<()> {
        if name.as_str() == "best" { Ok(()) } else { Err(RouteError::Unknown) }
    }
}

async fn send(method: &str, path: &str, body: Value) -> (u16, HeaderMap, Value) {
    let (status, headers, answer) = ask(&Stub::default(), method, path, WRITES, body.to_string()).await;
    (status.as_u16(), headers, answer)
}

#[tokio::test]
async fn a_route_is_shown_with_its_version() {
    let (status, headers, route) = send("GET", &format!("{PATH}/best"), Value::Null).await;
    assert_eq!((status, headers["etag"].to_str().unwrap()), (200, "\"3\""));
    assert_eq!(
        (&route["accounts"], &route["slippage_max_percent"], &route["split"]),
        (&json!(accounts()), &json!("0.5"), &json!(false))
    );
    assert_eq!(send("GET", &format!("{PATH}/none"), Value::Null).await.0, 404);
    assert_eq!(send("GET", &format!("{PATH}/No%20name"), Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_route_is_kept_as_it_was_asked_for() {
    let body = json!({"name": "fast", "accounts": accounts(), "slippage_max_percent": "0.2", "split": true});
    let (status, headers, route) = send("POST", PATH, body).await;
    assert_eq!((status, headers["etag"].to_str().unwrap()), (201, "\"1\""), "{route}");
    assert_eq!(
        (&route["name"], &route["slippage_max_percent"], &route["split"]),
        (&json!("fast"), &json!("0.2"), &json!(true))
    );
    let (status, _, route) = send("PUT", &format!("{PATH}/best"), json!({"accounts": accounts()})).await;
    assert_eq!((status, &route["version"], &route["split"]), (200, &json!(4), &json!(false)), "{route}");
    assert_eq!(send("DELETE", &format!("{PATH}/best"), Value::Null).await.0, 204);
    assert_eq!(send("DELETE", &format!("{PATH}/none"), Value::Null).await.0, 404);
}

#[tokio::test]
async fn what_is_no_route_names_its_field() {
    let new = |accounts: Value| json!({"name": "fast", "accounts": accounts});
    let [one, other] = accounts();
    for (body, field) in [
        (json!({"accounts": accounts()}), "name"),
        (json!({"name": "No name", "accounts": accounts()}), "name"),
        (json!({"name": "fast"}), "accounts"),
        (new(json!([one])), "accounts"),
        (new(json!(["wlt_1", other])), "accounts"),
        (json!({"name": "fast", "accounts": accounts(), "slippage_max_percent": "6"}), "slippage_max_percent"),
        (json!({"name": "fast", "accounts": accounts(), "split": "yes"}), "split"),
        (json!({"name": "fast", "accounts": accounts(), "splits": true}), "splits"),
        (json!({"name": "foreign", "accounts": accounts()}), "accounts"),
    ] {
        let (status, _, problem) = send("POST", PATH, body.clone()).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{body}: {problem}");
    }
    let refused = async |name: &str| {
        let (status, _, problem) = send("POST", PATH, json!({"name": name, "accounts": accounts()})).await;
        (status, problem["code"].clone())
    };
    assert_eq!(refused("best").await, (400, json!("DUPLICATE_ROUTE")));
    assert_eq!(refused("many").await, (409, json!("too_many_routes")));
}

#[tokio::test]
async fn whoever_may_only_look_keeps_none_and_nobody_keeps_anothers() {
    let body = json!({"name": "fast", "accounts": accounts()}).to_string();
    let (status, ..) = ask(&Stub::default(), "POST", PATH, "trading:read", body.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let eves = format!("{PATH}?user_id={}", UserId::of(&["eve"]));
    let all = "trading:read+trading:write+trading:read-all";
    let (status, _, problem) = ask(&Stub::default(), "POST", &eves, all, body).await;
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("user_id")));
    assert_eq!(ask(&Stub::default(), "GET", &eves, all, "").await.0, StatusCode::OK);
    assert_eq!(ask(&Stub::default(), "GET", &eves, WRITES, "").await.0, StatusCode::NOT_FOUND);
}
