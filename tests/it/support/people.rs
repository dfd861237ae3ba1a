//! People with a password, made beside the routes: nobody has to be first.

use super::http::ask;
use super::tables;
use super::unique::{now, unique};
use app::ports::Audit;
use domain::identity::{PasswordHash, PlanName, Profile, Role, User};
use domain::ids::{AttemptId, UserId};
use reqwest::Method;
use serde_json::json;
use store::identity::Identity;

pub(crate) const GOOD: &str = "Tr4ding-by-night";
/// By bcrypt, of [`GOOD`], with the fewest rounds: each log-in compares with it, and twelve rounds take a quarter of a second.
const HASH: &str = "$2b$04$Ij6bXnOOaFmzS5sJzcvYF.1vKTNx9qPA34n5Nh0SEr31VB1u0Ao5a";

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub(crate) struct Someone {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) token: String,
}

pub(crate) async fn admin() -> Someone {
    known(UserId::of(&["it", "admin", &unique()]), Role::Admin).await
}

/// Whoever has this id, as a person.
pub(crate) async fn known(id: UserId, role: Role) -> Someone {
    let (unique, at) = (unique(), now());
    let user = User {
        id,
        email: format!("{role}{unique}@example.com").parse().unwrap(),
        username: format!("{role}{unique}").parse().unwrap(),
        profile: Profile::default(),
        password: PasswordHash::from_stored(HASH),
        role: role.into(),
        plan: PlanName::default(),
        active: true,
        created_at: at,
        password_at: at,
        last_login: None,
        version: 1,
    };
    let record = Audit {
        user: user.id.clone(),
        action: "create user".to_owned(),
        resource: user.id.to_string(),
        reason: "for a test".to_owned(),
        before: None,
        after: None,
        at,
        attempt: AttemptId::new(unique),
        address: None,
        actor: None,
    };
    assert_eq!(Identity(&tables::connect().await).create_user(&user, None, &record).await, Ok(true));
    enter(user.email.as_str()).await
}

/// Made by an admin.
pub(crate) async fn somebody(admin: &Someone, role: &str) -> Someone {
    let name = format!("{role}{}", unique());
    let email = format!("{name}@example.com");
    let body = json!({"email": email, "username": name, "password": GOOD, "role": role});
    let made = ask(Method::POST, "/api/v1/users", Some(&admin.token), body.to_string()).await;
    assert_eq!(made.status, 201, "{made:?}");
    enter(&email).await
}

/// Once more.
pub(crate) async fn enter(email: &str) -> Someone {
    let body = json!({"email": email, "password": GOOD}).to_string();
    let entered = ask(Method::POST, "/api/auth/login", None, body).await;
    assert_eq!(entered.status, 200, "{entered:?}");
    let told = entered.json();
    let text = |text: &serde_json::Value| text.as_str().unwrap().to_owned();
    Someone { id: text(&told["user"]["id"]), email: email.to_owned(), token: text(&told["token"]) }
}
