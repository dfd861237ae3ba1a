//! Sessions that go on by refresh tokens.

use super::auth::{asked_at, log_in, me};
use super::rows::{done, recorded};
use super::*;
use app::identity::{Run, refresh_by_token};
use app::ports::{Login, Origin, Secret};
use credentials::Signer;
use domain::audit::Actor;
use domain::identity::Grant;
use domain::ids::AttemptId;
use domain::limits;
use serde_json::json;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use store::identity::Identity;

const REFRESH: (&str, &str) = ("POST", "/api/v1/auth/refresh");

fn after(seconds: i64) -> Timestamp {
    AT.plus(Millis::seconds(seconds))
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The access token and the refresh token of a new session.
fn entered(api: &Api, name: &str, now: Timestamp) -> (String, String) {
    let (_, _, told) = log_in(api, name, GOOD, now);
    (text(&told["token"]), text(&told["refresh_token"]))
}

fn refresh(api: &Api, token: &str, now: Timestamp) -> (u16, Value) {
    let (status, _, told) = asked_at(now, api, REFRESH, "", &json!({"refresh_token": token}));
    (status.as_u16(), told)
}

/// The successor of a token that is good.
fn refreshed(api: &Api, token: &str, now: Timestamp) -> String {
    let (status, told) = refresh(api, token, now);
    assert_eq!(status, 200, "{told}");
    text(&told["refresh_token"])
}

fn is_refused(api: &Api, token: &str, now: Timestamp) {
    let (status, told) = refresh(api, token, now);
    assert_eq!((status, &told["code"], &told["field"]), (401, &json!("wrong_token"), &json!("refresh_token")));
}

fn logins(api: &Api, name: &'static str) -> Vec<Login> {
    done(api, move |world| async move { Identity(&world).list_logins(&UserId::of(&[name]), AT).await.unwrap() })
}

/// What the trader's inbox tells of reuse, and the record of it.
fn told_of_reuse(api: &Api, now: Timestamp) -> (usize, usize) {
    let (_, _, inbox) = asked_at(now, api, ("GET", "/api/v1/notifications"), "trader", &Value::Null);
    let notices =
        inbox["items"].as_array().unwrap().iter().filter(|notice| notice["topic"] == "refresh_reused").count();
    (notices, recorded(api).iter().filter(|(action, _)| action == "end session").count())
}

#[test]
fn refresh_token_goes_on_with_a_session_for_thirty_days() {
    let api = town(&[Role::Trader]);
    let (_, _, told) = log_in(&api, "trader", GOOD, AT);
    assert_eq!(told["refresh_expires_at"], "2025-12-20T08:51:00Z");
    let (mut access, mut token) = (text(&told["token"]), text(&told["refresh_token"]));
    assert!(token.starts_with("mqf_usr_"), "{token}");
    for day in [2, 15, 29] {
        let now = after(day * 86_400 + 82_800);
        assert_eq!(me(&api, &access, now).0, 401, "its access token is over");
        let (status, told) = refresh(&api, &token, now);
        assert_eq!((status, &told["refresh_expires_at"]), (200, &json!("2025-12-20T08:51:00Z")), "{told}");
        assert_ne!(told["refresh_token"], json!(token));
        (access, token) = (text(&told["new_token"]), text(&told["refresh_token"]));
        assert_eq!(me(&api, &access, now).0, 200);
        let until = wire::view::moment(told["expires_at"].as_str().unwrap()).unwrap();
        assert_eq!(until, now.plus(Millis::DAY).min(after(30 * 86_400)), "day {day}");
    }
    is_refused(&api, &token, after(30 * 86_400));
    assert_eq!(logins(&api, "trader").len(), 1, "the session of all of them");
}

#[test]
fn replaced_token_answers_its_successor_once_more_within_thirty_seconds() {
    let api = town(&[Role::Trader]);
    let (_, first) = entered(&api, "trader", AT);
    let second = refreshed(&api, &first, after(10));
    let (status, told) = refresh(&api, &first, after(39));
    assert_eq!((status, text(&told["refresh_token"])), (200, second.clone()), "the answer was lost");
    assert_eq!(me(&api, &text(&told["new_token"]), after(39)).0, 200);
    let third = refreshed(&api, &second, after(60));
    assert_eq!((logins(&api, "trader").len(), told_of_reuse(&api, after(60))), (1, (0, 0)));
    assert_eq!(text(&refresh(&api, &second, after(61)).1["refresh_token"]), third, "each of them once");
}

#[test]
fn reused_token_ends_its_session_and_no_other() {
    // Once more than once, too late, and one before the one before.
    for (again, late) in [(vec![10, 20], 21), (vec![10], 40), (vec![10, 3_600], 3_601)] {
        let api = town(&[Role::Trader]);
        let (other, _) = entered(&api, "trader", AT);
        let (access, first) = entered(&api, "trader", after(1));
        let mut newest = first.clone();
        for at in again {
            newest = if at == 20 { refreshed(&api, &first, after(at)) } else { refreshed(&api, &newest, after(at)) };
        }
        is_refused(&api, &first, after(late));
        assert_eq!([me(&api, &access, after(late)).0, me(&api, &other, after(late)).0], [401, 200]);
        is_refused(&api, &newest, after(late));
        assert_eq!(told_of_reuse(&api, after(late)), (1, 1), "told and recorded once");
    }
}

#[test]
fn secret_of_a_known_family_ends_the_session_and_of_an_unknown_one_nothing() {
    let api = town(&[Role::Trader]);
    let (access, token) = entered(&api, "trader", AT);
    let (head, tail) = token.split_at(token.len() - 86);
    let (family, secret) = tail.split_at(43);
    let none = "A".repeat(43);
    let nobody = format!("mqf_{}.{}.{none}{none}", UserId::of(&["nobody"]), "ses_1");
    for wrong in [format!("{head}{none}{secret}"), format!("{head}{none}{none}"), nobody, token.replace('.', "")] {
        is_refused(&api, &wrong, AT);
        assert_eq!(me(&api, &access, AT).0, 200, "a stranger ends nothing: {wrong}");
    }
    assert_eq!(told_of_reuse(&api, AT), (0, 0));
    is_refused(&api, &format!("{head}{family}{none}"), AT);
    assert_eq!((me(&api, &access, AT).0, told_of_reuse(&api, AT)), (401, (1, 1)));
}

#[test]
fn whose_session_it_is_is_read_anew_at_each_refresh() {
    let trader = || person("trader", Role::Trader);
    for changed in [User { active: false, ..trader() }, User { role: Role::Viewer.into(), ..trader() }] {
        let api = town(&[Role::Trader]);
        let (_, first) = entered(&api, "trader", AT);
        let second = refreshed(&api, &first, AT);
        known(&api, &changed);
        is_refused(&api, &first, AT);
        is_refused(&api, &second, AT);
    }
}

#[test]
fn refresh_gives_a_session_what_its_role_says_by_now() {
    let api = town(&[Role::Trader]);
    let (_, token) = entered(&api, "trader", AT);
    done(&api, |world| async move {
        let seen = Identity(&world).list_logins(&UserId::of(&["trader"]), AT).await.unwrap().remove(0);
        let outdated = Grant { scopes: Default::default(), ..seen.grant.clone() };
        assert_eq!(Identity(&world).grant_login(&seen, &outdated).await, Ok(true));
    });
    refreshed(&api, &token, AT);
    assert_eq!(logins(&api, "trader")[0].grant, Grant::from(Role::Trader));
}

#[test]
fn other_password_leaves_no_refresh_token() {
    let api = town(&[Role::Trader]);
    let (mine, token) = entered(&api, "trader", AT);
    let ((_, other), now) = (entered(&api, "trader", after(1)), after(2));
    let body = json!({"old_password": GOOD, "new_password": "N3wpass!"});
    assert_eq!(asked_at(now, &api, ("POST", "/api/v1/users/me/password"), &mine, &body).0, StatusCode::NO_CONTENT);
    is_refused(&api, &token, now);
    is_refused(&api, &other, now);
    assert_eq!(me(&api, &mine, now).0, 200, "whoever changed it is in until the access token ends");
    // A thief who has refreshed that session has such a token as well.
    let body = json!({"token": mine});
    let (status, _, told) = asked_at(after(86_000), &api, ("POST", "/api/v1/auth/refresh"), &mine, &body);
    assert_eq!((status.as_u16(), &told["code"]), (409, &json!("too_old")), "{told}");
}

#[test]
fn session_that_was_ended_is_not_refreshed() {
    let api = town(&[Role::Trader]);
    let (access, token) = entered(&api, "trader", AT);
    assert_eq!(asked_at(AT, &api, ("POST", "/api/v1/auth/logout"), &access, &Value::Null).0, StatusCode::OK);
    is_refused(&api, &token, AT);
    let (_, token) = entered(&api, "trader", after(1));
    let id = logins(&api, "trader")[0].id.clone();
    let (mine, _) = entered(&api, "trader", after(3_600));
    let path = format!("/api/v1/sessions/{id}");
    // Its access token is over, and it is in the list for as long as it can be refreshed.
    let now = after(86_401);
    let (_, _, list) = asked_at(now, &api, ("GET", "/api/v1/sessions"), &mine, &Value::Null);
    assert_eq!(list["items"][1]["refresh_expires_at"], "2025-12-20T08:51:01Z", "{list}");
    assert_eq!(asked_at(now, &api, ("DELETE", &path), &mine, &Value::Null).0, StatusCode::NO_CONTENT);
    is_refused(&api, &token, now);
}

/// The slow one is overtaken wherever it is in its work.
#[test]
fn two_refreshes_at_once_have_one_successor() {
    let signer = || Signer::of(&Secret::new(testkit::world::SECRET.to_owned()), DEPLOYMENT).unwrap();
    for polls in 0_u32.. {
        let api = town(&[Role::Trader]);
        let (_, token) = entered(&api, "trader", AT);
        let (successors, is_over) = done(&api, move |world| async move {
            let (one, other) = (AttemptId::new("one".to_owned()), AttemptId::new("other".to_owned()));
            let (signer, origin) = (signer(), Origin::default());
            let run = |attempt| Run { attempt, now: AT, address: None, actor: Actor::Person };
            let ask = |attempt| {
                let token = Secret::new(token.clone());
                let refreshed = refresh_by_token(&world, &signer, token, &origin, run(attempt));
                async { refreshed.await.unwrap().refresh_token.unwrap().expose().to_owned() }
            };
            let (mut slow, mut left) = (pin!(ask(&one)), polls);
            let early = poll_fn(|context| {
                if left == 0 {
                    return Poll::Ready(None);
                }
                left -= 1;
                slow.as_mut().poll(context).map(Some)
            })
            .await;
            let fast = ask(&other).await;
            let is_over = early.is_some();
            let slow = match early {
                Some(early) => early,
                None => slow.await,
            };
            ([slow, fast], is_over)
        });
        assert_eq!(successors[0], successors[1], "{polls}");
        assert_eq!((logins(&api, "trader").len(), told_of_reuse(&api, AT)), (1, (0, 0)), "{polls}");
        if is_over {
            assert!(polls > 3, "it was never overtaken");
            return;
        }
    }
}

#[test]
fn one_token_refreshes_a_session_and_no_two() {
    let api = town(&[Role::Trader]);
    let (access, token) = entered(&api, "trader", AT);
    let ask = |word: &str, body: &Value| {
        let (status, _, told) = asked_at(AT, &api, REFRESH, word, body);
        (status.as_u16(), told["code"].clone(), told["field"].clone())
    };
    let two = (422, json!("invalid_field"), json!("refresh_token"));
    assert_eq!(ask("", &json!({"token": access, "refresh_token": token})), two);
    assert_eq!(ask(&access, &json!({"refresh_token": token})), two);
    assert_eq!(
        ask(&access, &json!({"tokem": 1})).1,
        json!("too_early"),
        "beside a bearer token the body means nothing"
    );
    assert_eq!(ask("", &json!({"refresh_token": 7})), two);
    for none in [Value::Null, json!({}), json!({"token": null, "refresh_token": null})] {
        assert_eq!(ask("", &none), (401, json!("unauthorized"), Value::Null), "{none}");
    }
    assert_eq!(ask("", &json!({"token": access})).1, json!("too_early"));
    assert_eq!(asked_at(AT, &api, ("POST", "/api/v1/auth/refresh?a=1"), "", &json!({"refresh_token": token})).0, 422);
    refreshed(&api, &token, AT);
}

#[test]
fn refresh_token_counts_for_its_address_and_a_wrong_one_as_a_guess() {
    let api =
        Api::new(World::calm_at(AT), Parts { auth_per_minute: 2.try_into().unwrap(), ..parts(Registration::Open) });
    known(&api, &person("trader", Role::Trader));
    let (access, token) = entered(&api, "trader", AT);
    let token = refreshed(&api, &token, AT);
    let (status, told) = refresh(&api, &token, AT);
    assert_eq!((status, &told["rate_class"]), (429, &json!("auth")));
    let by_access = asked_at(AT, &api, REFRESH, &access, &Value::Null);
    assert_eq!(by_access.2["code"], "too_early", "a bearer token counts for its session");

    let api = town(&[Role::Trader]);
    let (_, token) = entered(&api, "trader", AT);
    for _ in 0..limits::ADDRESS_GUESSES_FREE {
        is_refused(&api, "mqf_guess", AT);
    }
    assert_eq!(refresh(&api, &token, AT).0, 429);
    let mut token = refreshed(&api, &token, after(3_601));
    for second in 0..=i64::from(limits::ADDRESS_GUESSES_FREE) {
        token = refreshed(&api, &token, after(3_602 + second));
    }
}

#[test]
fn full_list_of_sessions_loses_those_first_whose_access_token_is_over() {
    let api = town(&[Role::Trader]);
    let (_, app) = entered(&api, "trader", AT);
    for number in 1..limits::SESSIONS_PER_USER_MAX {
        entered(&api, "trader", after(i64::try_from(number).unwrap()));
    }
    let now = after(2 * 86_400);
    let (_, told) = refresh(&api, &app, now);
    entered(&api, "trader", now);
    assert_eq!(me(&api, &text(&told["new_token"]), now).0, 200, "the oldest is in use");
    assert_eq!(logins(&api, "trader").len(), limits::SESSIONS_PER_USER_MAX);
}

#[test]
fn nothing_that_is_answered_has_what_is_kept_of_a_refresh_token() {
    let api = town(&[Role::Trader]);
    let (access, token) = entered(&api, "trader", AT);
    refreshed(&api, &token, AT);
    let kept = logins(&api, "trader").remove(0).refresh.unwrap();
    let replaced = kept.replaced.unwrap();
    for path in ["/api/v1/users/me/export", "/api/v1/sessions", "/api/v1/users/me"] {
        let (status, _, told) = asked_at(AT, &api, ("GET", path), &access, &Value::Null);
        assert_eq!(status, StatusCode::OK, "{told}");
        for secret in [kept.family.as_str(), kept.current.as_str(), replaced.secret.as_str(), &replaced.successor] {
            assert!(!told.to_string().contains(secret), "{path}");
        }
    }
}
