//! Somebody is removed.

use super::rows::{ask_at, done, keeper, put_account, recorded, refused, said, told};
use super::*;
use app::identity::IdentityError;
use store::identity::Identity;

/// Where Eve trades, and others look after her.
fn village() -> (Api, UserId) {
    let api = town(&[Role::Viewer, Role::Manager, Role::Admin]);
    let eve = person("eve", Role::Trader);
    known(&api, &eve);
    (api, eve.id)
}

fn remove(api: &Api, id: &str, word: &str) -> (StatusCode, HeaderMap, Value) {
    ask_at(api, 3, ("DELETE", &format!("/api/v1/users/{id}")), word, &Value::Null)
}

#[test]
fn an_admin_removes_somebody_and_nobody_else_does() {
    let (api, eve) = village();
    let (hers, account) = (api.store.log_in_as(&eve, Role::Trader), put_account(&api, &eve, 0));
    for (word, status) in [("nobody", 401), ("viewer", 403), ("manager", 403)] {
        assert_eq!(remove(&api, eve.as_str(), word).0, status, "{word}");
    }
    assert_eq!(told(remove(&api, "eve", "admin")), refused(404, "not_found"));
    assert_eq!((recorded(&api), ask(&api, "GET", "/api/v1/users/me", &hers, &Value::Null).0.as_u16()), (vec![], 200));
    assert_eq!(remove(&api, eve.as_str(), "admin").0, StatusCode::NO_CONTENT);
    assert!(recorded(&api).contains(&("remove user".to_owned(), eve.to_string())));
    assert_eq!(ask(&api, "GET", "/api/v1/users/me", &hers, &Value::Null).0, StatusCode::UNAUTHORIZED);
    assert_eq!(told(remove(&api, eve.as_str(), "admin")), refused(404, "not_found"));
    let email = "eve@example.com".parse().unwrap();
    let named = done(&api, |world| async move { Identity(&world).find_email(&email).await.unwrap() });
    assert_eq!((named, api.store.table().credential(&account)), (None, None), "her address is free");
}

#[test]
fn each_refusal_of_a_removal_has_its_answer() {
    let (api, eve) = village();
    let admin = UserId::of(&["admin"]);
    assert_eq!(told(remove(&api, admin.as_str(), "admin")), refused(409, "oneself"));
    assert_eq!(told(remove(&api, UserId::of(&["unknown"]).as_str(), "admin")), refused(404, "not_found"));
    let of_old = ask_at(&api, 2, ("DELETE", &format!("/api/v1/users/{eve}")), "admin", &Value::Null);
    assert_eq!(told(of_old), refused(409, "version_conflict"));
    let keeper = keeper(&api);
    assert_eq!(told(remove(&api, admin.as_str(), &keeper)), refused(409, "last_admin"));
    let lesser = api.store.log_in(&UserId::of(&["lesser"]), &["users:write"]);
    assert_eq!(told(remove(&api, admin.as_str(), &lesser)), refused(403, "permission_not_yours"));
    put_account(&api, &eve, 2);
    let (status, _, problem) = remove(&api, eve.as_str(), "admin");
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &"groups_open".into()));
    assert!(problem["detail"].as_str().unwrap().starts_with("2 position groups"), "{problem}");
    // An alert would have to open one in the middle of it.
    assert_eq!(said(IdentityError::GroupsOpenStill(2)), refused(409, "groups_open"));
}
