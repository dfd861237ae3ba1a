//! A deployment that is seeded again, on tables of its own, and the owner who helps somebody in past the API.

use crate::support::http::ask;
use crate::support::own::Own;
use crate::support::people::{GOOD, admin, enter};
use crate::support::tables::{self, PATIENT};
use crate::support::unique::{now, unique};
use crate::support::{Caller, Stack};
use app::identity::{self, IdentityError, Run};
use app::ports::{Guarded, Secret, Visit};
use aws::{Place, Replay, Secret as Seeding, Seed};
use domain::audit::Actor;
use domain::clock::Millis;
use domain::ids::{AttemptId, Sha, UserId};
use reqwest::Method;
use serde_json::json;
use store::identity::Identity;
use store::trading::Trading;

fn seed(user: &UserId, token: &str) -> Seed {
    Seed {
        user: user.clone(),
        webhook_token: Seeding(format!("whk_{token}")),
        session_token: Seeding(token.to_owned()),
        replay: Replay { started_at: now(), bar: Millis::DAY, bars: vec![["100".parse().unwrap(); 4]] },
        at: now(),
    }
}

#[tokio::test]
async fn seeding_again_brings_back_nothing_that_was_taken_away() {
    let own = Own::make().await;
    let aws = own.connect(PATIENT).await;
    let (user, token) = (UserId::of(&["seeded", &unique()]), unique());
    let seeded = aws::seed(&aws, &seed(&user, &token)).await.unwrap();
    let hash = Sha::of_bytes(token.as_bytes());
    let guard = async || Identity(&aws).guard_session(&hash, Visit::at(now())).await.unwrap();
    assert!(matches!(guard().await, Guarded::Admitted(_)), "the check can fail");
    assert_eq!(aws::seed(&aws, &seed(&user, &token)).await.unwrap(), seeded);
    assert!(matches!(guard().await, Guarded::Admitted(_)), "what lives goes on");
    let take = async |place: Place, pk: String, sk: String| {
        let key = json!({"TableName": own.name(place), "Key": {"pk": {"S": pk}, "sk": {"S": sk}}});
        Caller::root().ask("dynamodb:DeleteItem", &key).await;
    };
    let webhook = Sha::of_bytes(format!("whk_{token}").as_bytes());
    take(Place::Identity, format!("SES#{}", hash.as_str()), "S".to_owned()).await;
    take(Place::Trading, format!("TOK#{user}"), webhook.as_str().to_owned()).await;
    take(Place::Trading, format!("USR#{user}"), "A#PAPER#default".to_owned()).await;
    // Also where another code has taken the place of the one that was revoked.
    for again in [&token, &unique()] {
        aws::seed(&aws, &seed(&user, again)).await.unwrap();
        assert_eq!(guard().await, Guarded::Unknown);
        assert_eq!(Trading(&aws).list_tokens(&user).await.unwrap(), []);
        assert_eq!(Trading(&aws).list_kept_accounts(&user).await.unwrap(), []);
    }
}

/// As `cargo xtask users reset` does it: no function of the deployment is asked.
#[tokio::test]
async fn the_owner_resets_a_password_past_the_api_and_of_the_last_admin_too() {
    let (aws, admin) = (tables::connect().await, admin().await);
    let user = UserId::parse(&admin.id).unwrap();
    let (token, attempt) = (Secret::new(format!("mqr_{}", unique())), AttemptId::new(unique()));
    let run = Run { attempt: &attempt, now: now(), address: None, actor: Actor::Person };
    let found = identity::named(&aws, &admin.email).await.unwrap().unwrap();
    assert_eq!(found.id, user);
    assert_eq!(identity::named(&aws, &admin.id).await.unwrap().map(|found| found.id), Some(user.clone()));
    assert_eq!(identity::named(&aws, "nobody").await, Ok(None));
    let owner = identity::owner_over(&aws, &found).await.unwrap();
    let handed = identity::hand_reset(&aws, &owner, &user, &token, run).await.unwrap();
    assert_eq!((handed.user, handed.hash), (user.clone(), token.hash()));
    let none = identity::take_factor(&aws, &owner, &user, run).await;
    assert_eq!(none, Err(IdentityError::NoFactor));
    let before = json!({"email": admin.email, "password": GOOD}).to_string();
    assert_eq!(ask(Method::POST, "/api/auth/login", None, before).await.status, 401, "the old one is void");
    let body = json!({"token": token.expose(), "new_password": GOOD}).to_string();
    assert_eq!(ask(Method::POST, "/api/auth/reset-password", None, body).await.status, 200);
    let back = enter(&admin.email).await;
    let path = format!("/api/v1/logs/audit/verify?user_id={}", identity::owner());
    let verified = ask(Method::GET, &path, Some(&back.token), "").await.json();
    assert_eq!(verified["whole"], true, "{} {verified}", Stack::get().deployment());
    assert!(verified["rows"].as_u64().unwrap() > 0, "it is on record: {verified}");
}
