//! People change what they tell of themselves, and are forgotten.

use super::identity::{create, person, record};
use super::{Given, Harness};
use app::ports::{Audit, Factor};
use domain::audit::{Chain, Shelf, check};
use domain::identity::{PasswordHash, Profile, QuietHours, Settings, Theme, User, UserSettings};
use domain::ids::{LogId, Sha};
use domain::logs::{Category, Level, Note};
use std::collections::BTreeMap;
use store::audit::Audits;
use store::identity::Identity;

pub async fn a_profile_is_changed_with_address_and_name_or_not_at_all<H: Harness>(harness: &H) {
    let (given, other, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    let (user, second) = (person(&given), person(&other));
    assert!(create(store, &given, &user, None).await);
    assert!(create(store, &other, &second, None).await);
    let profile = Profile { name: "Ann Lee".parse().ok(), preferences: r#"{"theme":"dark"}"#.parse().unwrap() };
    let email = format!("new.{}@example.com", given.unique).parse().unwrap();
    let after = User { email, profile, version: 2, ..user.clone() };
    for taken in [
        User { email: second.email.clone(), ..after.clone() },
        User { username: second.username.clone(), ..after.clone() },
    ] {
        let audit = record(&given, "change profile");
        assert_eq!(Identity(store).change_profile(&user, &taken, &audit).await, Ok(false), "{taken:?}");
    }
    assert_eq!(Identity(store).load_user(&user.id).await, Ok(Some(user.clone())));
    let audit = record(&given, "change profile");
    for _ in 0..2 {
        assert_eq!(Identity(store).change_profile(&user, &after, &audit).await, Ok(true), "its own stamp");
    }
    let late = record(&given, "change profile");
    assert_eq!(Identity(store).change_profile(&user, &after, &late).await, Ok(false), "another change was first");
    assert_eq!(Identity(store).load_user(&user.id).await, Ok(Some(after.clone())));
    assert_eq!(Identity(store).find_email(&user.email).await, Ok(None));
    assert_eq!(Identity(store).find_email(&after.email).await, Ok(Some(user.id.clone())));
    // In other letters they are the same.
    let shouted = after.email.as_str().to_ascii_uppercase().parse().unwrap();
    let plain = User { email: shouted, profile: Profile::default(), version: 3, ..after.clone() };
    assert_eq!(Identity(store).change_profile(&after, &plain, &record(&given, "change profile")).await, Ok(true));
    assert_eq!(Identity(store).load_user(&user.id).await, Ok(Some(plain)));
    assert_eq!(Identity(store).find_email(&after.email).await, Ok(Some(user.id)));
}

fn note(given: &Given) -> Note {
    Note {
        id: LogId::of(&[&given.unique]),
        at: given.now,
        level: Level::Warning,
        category: Category::Security,
        user: Some(given.user.clone()),
        message: "refused".to_owned(),
        details: BTreeMap::new(),
        address: Some("192.0.2.1".to_owned()),
    }
}

pub async fn who_is_erased_leaves_rows_that_name_nobody<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let user = person(&given);
    assert!(create(store, &given, &user, None).await);
    let seen = Audit { address: Some("192.0.2.1".to_owned()), ..record(&given, "change user") };
    assert_eq!(Identity(store).put_on_record(&seen).await, Ok(()));
    let gone = User { active: false, version: 2, ..user.clone() };
    let blank = User {
        email: format!("{}@erased.invalid", user.id).parse().unwrap(),
        password: PasswordHash::nobodys(),
        version: 3,
        ..gone.clone()
    };
    assert_eq!(Identity(store).blank_user(&blank, 1, &record(&given, "erase user")).await, Ok(false), "who is there");
    assert_eq!(Identity(store).load_removed(&user.id).await, Ok(None));
    assert_eq!(Identity(store).remove_user(&user, &gone, None, &record(&given, "remove user")).await, Ok(true));
    assert_eq!(Identity(store).load_removed(&user.id).await, Ok(Some(gone)));
    let audit = record(&given, "erase user");
    for _ in 0..2 {
        assert_eq!(Identity(store).blank_user(&blank, 2, &audit).await, Ok(true), "its own stamp");
    }
    assert_eq!(Identity(store).blank_user(&blank, 2, &record(&given, "erase user")).await, Ok(false), "once");
    assert_eq!(Identity(store).load_removed(&user.id).await, Ok(Some(blank)));
    let chain = Chain { shelf: Shelf::Identity, day: given.now.day(), user: user.id.clone() };
    for _ in 0..2 {
        assert_eq!(Audits(store).forget_addresses(&chain).await, Ok(()));
        let rows = Audits(store).rows(&chain, 0, 99).await.unwrap();
        let said = rows.iter().filter(|row| row.audit.address.is_some()).count();
        assert!(rows.len() >= 4 && said == 0 && rows.iter().all(|row| !row.audit.action.is_empty()), "{rows:?}");
        let head = Audits(store).head(&chain).await.unwrap();
        assert_eq!(check(&chain, head.as_ref(), &rows), [], "the chain holds");
    }
}

pub async fn entries_about_somebody_forget_their_address_and_no_others<H: Harness>(harness: &H) {
    let (given, other, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    let day = given.now.day();
    for given in [&given, &other] {
        assert_eq!(Identity(store).note(&note(given)).await, Ok(()));
    }
    assert_eq!(Identity(store).notes_of(&given.user, day).await, Ok(vec![note(&given)]));
    for _ in 0..2 {
        assert_eq!(Identity(store).forget_noted(&given.user, day).await, Ok(()));
    }
    assert_eq!(Identity(store).notes_of(&given.user, day).await, Ok(vec![Note { address: None, ..note(&given) }]));
    assert_eq!(Identity(store).notes_of(&other.user, day).await, Ok(vec![note(&other)]));
}

pub async fn a_factor_goes_with_its_person<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let user = person(&given);
    assert_eq!(Identity(store).create_user(&user, None, &record(&given, "create user")).await, Ok(true));
    let factor = Factor {
        user: user.id.clone(),
        sealed: "sealed".to_owned(),
        confirmed: true,
        used_step: 0,
        recovery: vec![Sha::of_bytes(b"one")],
        made_at: given.now,
        version: 1,
    };
    let second = User { version: 2, ..user.clone() };
    let audit = record(&given, "second factor");
    assert_eq!(Identity(store).set_factor(&second, 1, Some(&factor), None, &audit).await, Ok(true));
    let gone = User { active: false, version: 3, ..second.clone() };
    assert_eq!(Identity(store).remove_user(&second, &gone, None, &record(&given, "remove user")).await, Ok(true));
    assert_eq!(Identity(store).load_factor(&user.id).await, Ok(None));
}

pub async fn settings_are_kept_on_the_version_that_was_seen_and_go_with_their_user<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let user = person(&given);
    let none = UserSettings::none(user.id.clone());
    let first = UserSettings {
        settings: Settings {
            time_zone: "Europe/Berlin".parse().ok(),
            quote_currency: "EUR".parse().ok(),
            theme: Some(Theme::Dark),
            risk_profile: "aggressive".parse().ok(),
            entry_preset: "grid".parse().ok(),
            quiet_hours: "22:00-07:00".parse().ok(),
        },
        version: 1,
        updated_at: Some(given.now),
        ..none.clone()
    };
    let keep = async |to: &UserSettings, seen: u64, audit: &Audit| Identity(store).keep_settings(to, seen, audit).await;
    let kept = async || Identity(store).load_settings(&user.id).await;
    assert_eq!(keep(&first, 0, &record(&given, "change settings")).await, Ok(false), "of nobody");
    assert!(create(store, &given, &user, None).await);
    assert_eq!(kept().await, Ok(none));
    let audit = record(&given, "change settings");
    for _ in 0..2 {
        assert_eq!(keep(&first, 0, &audit).await, Ok(true), "its own stamp");
    }
    assert_eq!(kept().await, Ok(first.clone()));
    let settings = Settings { quiet_hours: Some(QuietHours::Off), ..Settings::default() };
    let second = UserSettings { settings, version: 2, ..first.clone() };
    for (seen, audit) in [(0, record(&given, "change settings")), (2, record(&given, "change settings"))] {
        assert_eq!(keep(&second, seen, &audit).await, Ok(false), "not at version {seen}");
    }
    assert_eq!(keep(&second, 1, &record(&given, "change settings")).await, Ok(true));
    assert_eq!(kept().await, Ok(second.clone()), "what is said no more is gone");
    let gone = User { active: false, version: 2, ..user.clone() };
    assert_eq!(Identity(store).remove_user(&user, &gone, None, &record(&given, "remove user")).await, Ok(true));
    assert_eq!(kept().await, Ok(UserSettings::none(user.id.clone())), "they go with their user");
    let late = UserSettings { version: 1, ..second };
    assert_eq!(keep(&late, 0, &record(&given, "change settings")).await, Ok(false), "of a removed user");
}
