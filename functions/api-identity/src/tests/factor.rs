//! Second factors.

use super::rows::{Told, done, recorded, refused, told, wrong};
use super::*;
use app::identity::{Run, begin_factor, confirm_factor};
use app::ports::{Factor, Session};
use domain::audit::Actor;
use domain::identity::{FactorSecret, Password};
use domain::ids::AttemptId;
use domain::limits::FACTORS_PER_RUN_MAX;
use serde_json::json;
use std::collections::BTreeSet;
use store::identity::Identity;
use wire::resealed::Resealed;

/// What the secret that these people have shows now, and what next.
const CODE: &str = "488958";
pub(super) const NEXT: &str = "251046";

/// How far somebody has come with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Off,
    Begun,
    On,
}

/// From here on a code is asked of them: that of now is used.
pub(super) fn switch_on(api: &Api, user: &UserId) {
    bring(api, user, Stage::On);
}

fn bring(api: &Api, user: &UserId, stage: Stage) {
    if stage == Stage::Off {
        return;
    }
    let (means, session) = (api.factors.clone(), Session::new(user.clone(), Vec::new(), None));
    done(api, move |world| async move {
        let attempt = AttemptId::new(format!("{} begins", session.user));
        let run = Run { attempt: &attempt, now: AT, address: None, actor: Actor::Person };
        let (password, secret) =
            (Password::given(GOOD.to_owned()), FactorSecret::new(b"12345678901234567890".to_vec()));
        begin_factor(&world, (&Passwords, &means), &session, &password, &secret, run).await.unwrap();
        if stage == Stage::On {
            let recovery = vec![domain::ids::Sha::of_bytes(b"x")];
            let code = CODE.parse().unwrap();
            confirm_factor(&world, &means, &session, &code, recovery, run).await.unwrap();
        }
    });
}

fn kept(api: &Api, user: &UserId) -> Option<Factor> {
    let user = user.clone();
    done(api, |world| async move { Identity(&world).load_factor(&user).await.unwrap() })
}

fn asked(api: &Api, method: &str, path: &str, word: &str, body: &Value) -> (StatusCode, HeaderMap, Value) {
    ask(api, method, &format!("/api/v1/users/{path}"), word, body)
}

#[test]
fn a_factor_is_a_persons_own_and_an_admin_takes_it_away() {
    let (password, code) = (json!({"password": GOOD}), json!({"code": "488 958"}));
    let both = json!({"password": GOOD, "code": NEXT});
    let other = format!("{}/totp", UserId::of(&["eve"]));
    for (method, path, body, stage, persons, admins) in [
        ("GET", "me/totp", &Value::Null, Stage::Off, 200, 200),
        ("POST", "me/totp", &password, Stage::Off, 201, 201),
        ("POST", "me/totp/confirm", &code, Stage::Begun, 200, 200),
        ("POST", "me/totp/disable", &both, Stage::On, 204, 204),
        ("POST", "me/totp/recovery-codes", &both, Stage::On, 200, 200),
        ("DELETE", &*other, &Value::Null, Stage::On, 403, 204),
    ] {
        let api = town(&[Role::Viewer, Role::Admin]);
        known(&api, &person("eve", Role::Trader));
        ["viewer", "admin", "eve"].iter().for_each(|name| bring(&api, &UserId::of(&[name]), stage));
        let before = recorded(&api).len();
        let by_key = if admins == persons { 404 } else { 403 };
        for (word, status) in [("nobody", 401), ("key:viewer", by_key)] {
            assert_eq!(asked(&api, method, path, word, body).0.as_u16(), status, "{method} {path} {word}");
        }
        assert_eq!(recorded(&api).len(), before, "a program's key is not its person");
        for (word, status) in [("viewer", persons), ("admin", admins)] {
            let (told, _, said) = asked(&api, method, path, word, body);
            assert_eq!(told.as_u16(), status, "{method} {path} {word} {said}");
        }
        assert_eq!(kept(&api, &UserId::of(&["eve"])).is_none(), method == "DELETE" || stage == Stage::Off);
    }
}

#[test]
fn what_is_secret_is_handed_out_once_and_in_a_form_that_apps_take() {
    let (api, ann) = (fresh(), person("ann", Role::Viewer));
    known(&api, &User { email: "ann+b@example.com".parse().unwrap(), ..ann.clone() });
    let (mine, other) = (api.store.log_in_as(&ann.id, Role::Viewer), api.store.log_in(&ann.id, &[]));
    let state = || asked(&api, "GET", "me/totp", &mine, &Value::Null);
    let off = json!({"enabled": false, "recovery_codes_left": 0});
    assert_eq!(state().2, off);
    let (_, _, made) = asked(&api, "POST", "me/totp", &mine, &json!({"password": GOOD}));
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 32);
    let uri = format!(
        "otpauth://totp/Moniqo:ann%2Bb%40example.com?secret={secret}&issuer=Moniqo&algorithm=SHA1&digits=6&period=30"
    );
    assert_eq!(made["otpauth_uri"], uri.as_str());
    assert_eq!((kept(&api, &ann.id).unwrap().sealed, state().2), (format!("0/{}/{secret}", ann.id), off));
    let is_in = |token: &str| asked(&api, "GET", "me", token, &Value::Null).0 == StatusCode::OK;
    assert!(is_in(&other));
    // Begun anew, by a secret whose codes are known.
    bring(&api, &ann.id, Stage::Begun);
    let (_, _, on) = asked(&api, "POST", "me/totp/confirm", &mine, &json!({"code": CODE}));
    let codes: BTreeSet<_> =
        on["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    assert_eq!((codes.len(), state().2), (10, json!({"enabled": true, "recovery_codes_left": 10})));
    assert!(is_in(&mine) && !is_in(&other), "all other sessions end");
    let log_in = |code: Option<&str>| {
        let body = json!({"email": "ann+b@example.com", "password": GOOD, "totp": code});
        told(ask(&api, "POST", "/api/v1/auth/login", "", &body)).0
    };
    let paper = codes.first().copied();
    assert_eq!([None, paper, paper].map(log_in), [401, 200, 401], "a code on paper is good once");
    assert_eq!(state().2["recovery_codes_left"], 9);
    let sessions = done(&api, |world| async move { Identity(&world).list_logins(&ann.id, AT).await.unwrap() });
    let mut by_factor: Vec<_> = sessions.iter().map(|session| session.by_factor).collect();
    by_factor.sort_unstable();
    assert_eq!(by_factor, [false, true], "a session says how it began");
}

#[test]
fn each_refusal_and_each_bad_field_has_its_answer() {
    let begun = |stage| {
        let api = town(&[Role::Viewer]);
        bring(&api, &UserId::of(&["viewer"]), stage);
        api
    };
    let (off, half, on) = (begun(Stage::Off), begun(Stage::Begun), begun(Stage::On));
    let post = |api: &Api, path: &str, body: &Value| told(asked(api, "POST", path, "viewer", body));
    let (code, password) = (json!({"code": CODE}), json!({"password": GOOD}));
    let both = |password: &str, code: &str| json!({"password": password, "code": code});
    for (api, path, body, expected) in [
        (&off, "me/totp", &json!({"password": "Wr0ng!"}), refused(401, "wrong_credentials")),
        (&off, "me/totp/confirm", &code, refused(404, "not_found")),
        (&off, "me/totp/disable", &both(GOOD, CODE), refused(404, "not_found")),
        (&half, "me/totp/recovery-codes", &both(GOOD, CODE), refused(404, "not_found")),
        (&half, "me/totp/confirm", &json!({"code": "123456"}), refused(401, "wrong_totp")),
        (&on, "me/totp", &password, refused(409, "totp_on")),
        (&on, "me/totp/confirm", &code, refused(409, "totp_on")),
        (&on, "me/totp/disable", &both("Wr0ng!", NEXT), refused(401, "wrong_credentials")),
        (&on, "me/totp/disable", &both(GOOD, "123456"), refused(401, "wrong_totp")),
        (&on, "me/totp/disable", &both(GOOD, CODE), refused(401, "wrong_totp")),
    ] {
        assert_eq!(post(api, path, body), expected, "{path} {body}");
    }
    for (path, body, field) in [
        ("me/totp", json!({}), "password"),
        ("me/totp", json!({"password": "x", "secret": "y"}), "secret"),
        ("me/totp/confirm", json!({"code": "12345"}), "code"),
        ("me/totp/confirm", json!({"code": 123_456}), "code"),
        ("me/totp/disable", json!({"password": "x"}), "code"),
        ("me/totp/recovery-codes", json!({"code": "287082"}), "password"),
    ] {
        assert_eq!(post(&half, path, &body), wrong(field), "{path} {body}");
    }
    let guessed: Vec<_> = (0..5).map(|_| post(&half, "me/totp/confirm", &json!({"code": "123456"})).0).collect();
    assert_eq!(guessed, [401, 401, 401, 401, 429], "whoever guesses waits");
}

#[test]
fn each_refusal_to_take_it_away_has_its_answer() {
    let api = town(&[Role::Viewer, Role::Admin]);
    let [viewer, admin] = ["viewer", "admin"].map(|name| UserId::of(&[name]));
    switch_on(&api, &admin);
    let lesser = api.store.log_in(&UserId::of(&["lesser"]), &["users:write"]);
    let take =
        |user: &str, word: &str| -> Told { told(asked(&api, "DELETE", &format!("{user}/totp"), word, &Value::Null)) };
    assert_eq!(take("nobody", "admin"), refused(404, "not_found"));
    assert_eq!(take(UserId::of(&["unknown"]).as_str(), "admin"), refused(404, "not_found"));
    assert_eq!(take(viewer.as_str(), "admin"), refused(404, "not_found"), "none is on");
    assert_eq!(take(admin.as_str(), "admin"), refused(409, "oneself"));
    assert_eq!(take(admin.as_str(), &lesser), refused(403, "permission_not_yours"));
    assert!(kept(&api, &admin).is_some());
}

#[test]
fn nobody_but_the_owner_has_secrets_put_under_another_key() {
    let api = town(&[Role::Admin]);
    let people: Vec<_> =
        (0..FACTORS_PER_RUN_MAX).map(|number| person(&format!("user-{number}"), Role::Viewer)).collect();
    for user in &people {
        known(&api, user);
        bring(&api, &user.id, Stage::Begun);
    }
    *api.factors.keys.lock().unwrap() = 1;
    for word in ["", "nobody", "admin"] {
        assert_eq!(ask(&api, "POST", wire::own::RESEAL, word, &json!({})).0, StatusCode::NOT_FOUND, "{word}");
    }
    assert!(people.iter().all(|user| kept(&api, &user.id).unwrap().sealed.starts_with("0/")));
    let reseal = |asked: Value| -> Resealed {
        let event = wire::own::event(wire::own::RESEAL, &asked);
        let (status, _, said) = answered(&api, lambda::own::request(&event.to_string()).unwrap());
        assert_eq!(status, StatusCode::OK);
        serde_json::from_slice(&said).unwrap()
    };
    // One of them has none, and one more than a run looks at is left to the next.
    let first = reseal(json!({}));
    let after = first.after.clone().unwrap();
    let second = reseal(json!({"after": after}));
    assert_eq!((first.moved + second.moved, first.failed + second.failed), (FACTORS_PER_RUN_MAX, 0));
    assert!(second.moved <= 1 && second.after.is_none(), "{second:?}");
    assert!(people.iter().all(|user| kept(&api, &user.id).unwrap().sealed.starts_with("1/")));
    assert_eq!((reseal(json!({})).moved, reseal(json!({})).stays), (0, first.moved), "what is under it stays");
}
