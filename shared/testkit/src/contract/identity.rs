//! People come in by rows that stand or fall together.

use super::sessions::{counted, whose};
use super::{Given, Harness};
use app::ports::{
    Audit, Bootstrap, Factor, Guarded, Login, Origin, PageRequest, Refresh, Replaced, Reset, Session, TokenKey, Visit,
};
use domain::clock::{Millis, Timestamp};
use domain::identity::{Grant, Guesses, Limits, PasswordHash, PlanName, Profile, Rates, Role, RouteClass, User};
use domain::ids::{SessionId, Sha, UserId};
use store::Engine;
use store::identity::Identity;

pub(super) fn person(given: &Given) -> User {
    User {
        id: given.user.clone(),
        email: format!("Ann.{}@example.com", given.unique).parse().unwrap(),
        username: format!("Ann.{}", given.unique).parse().unwrap(),
        profile: Profile::default(),
        password: PasswordHash::from_stored("$2b$04$x"),
        role: Role::Trader.into(),
        plan: PlanName::default(),
        active: true,
        created_at: given.now,
        password_at: given.now,
        last_login: None,
        version: 1,
    }
}

pub(super) fn record(given: &Given, action: &str) -> Audit {
    given.audit(action, &given.user)
}

pub(super) async fn create<D: Engine>(store: &D, given: &Given, user: &User, code: Option<&Sha>) -> bool {
    let audit = record(given, "create user");
    let created = Identity(store).create_user(user, code, &audit).await.unwrap();
    assert_eq!(Identity(store).create_user(user, code, &audit).await, Ok(created), "once more under its own stamp");
    created
}

pub(super) fn login(given: &Given, name: &str) -> Login {
    Login {
        id: SessionId::of(&[&given.unique, name]),
        user: given.user.clone(),
        grant: Role::Trader.into(),
        origin: Origin { address: Some("192.0.2.1".to_owned()), user_agent: None },
        created_at: given.now,
        expires_at: given.now.plus(Millis::seconds(86_400)),
        seen_at: given.now,
        refresh: None,
        by_factor: true,
        not_renewed: false,
    }
}

/// By the store's own clock each was seen.
async fn listed<D: Engine>(store: &D, given: &Given) -> Vec<Login> {
    let found = Identity(store).list_logins(&given.user, given.now).await.unwrap().into_iter();
    let seen = |login: Login| {
        assert!(login.created_at.since(login.seen_at) < Millis::seconds(60), "{login:?}");
        Login { seen_at: given.now, ..login }
    };
    found.map(seen).collect()
}

fn let_in(login: &Login) -> Guarded {
    let scopes = ["accounts:write", "orders:write", "trading:read", "trading:write"].map(str::to_owned).to_vec();
    let session = Session::new(login.user.clone(), scopes, Some(login.id.clone()));
    Guarded::Admitted(Session { factor_at: login.by_factor.then_some(login.created_at), ..session })
}

pub async fn a_person_is_found_by_address_name_and_id<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let user = person(&given);
    assert_eq!(Identity(store).find_email(&user.email).await, Ok(None));
    assert!(create(store, &given, &user, None).await);
    let shouted = user.email.as_str().to_ascii_uppercase().parse().unwrap();
    assert_eq!(Identity(store).find_email(&shouted).await, Ok(Some(user.id.clone())));
    let whispered = user.username.as_str().to_ascii_lowercase().parse().unwrap();
    assert_eq!(Identity(store).find_username(&whispered).await, Ok(Some(user.id.clone())));
    assert_eq!(Identity(store).load_user(&user.id).await, Ok(Some(user)));
    assert_eq!(Identity(store).load_user(&UserId::of(&["nobody", &given.unique])).await, Ok(None));
}

pub async fn an_address_and_a_name_are_one_persons<H: Harness>(harness: &H) {
    let (given, other, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    let (user, second) = (person(&given), person(&other));
    assert!(create(store, &given, &user, None).await);
    for wrong in [
        User { email: user.email.clone(), ..second.clone() },
        User { username: user.username.clone(), ..second.clone() },
        User { id: user.id.clone(), ..second.clone() },
    ] {
        assert!(!create(store, &other, &wrong, None).await, "{wrong:?}");
    }
    assert_eq!(Identity(store).find_email(&second.email).await, Ok(None), "nothing of it was kept");
    assert!(create(store, &other, &second, None).await);
}

pub async fn the_code_makes_one_admin_and_no_second<H: Harness>(harness: &H) {
    let (given, other, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    let code = Sha::of_bytes(given.unique.as_bytes());
    harness.put_bootstrap(&Bootstrap { code: code.clone(), user: given.user.clone(), spent: false }).await;
    let wrong = Sha::of_bytes(b"another");
    assert!(!create(store, &given, &person(&given), Some(&wrong)).await);
    assert!(!create(store, &given, &person(&given), Some(&code)).await, "the token was revoked");
    let scopes = vec!["trading:read".to_owned()];
    let session = Session::new(given.user.clone(), scopes, None);
    harness.put_session(&code, &session, given.now.plus(Millis::seconds(1))).await;
    let late = Audit { at: given.now.plus(Millis::seconds(1)), ..record(&given, "create user") };
    assert_eq!(
        Identity(store).create_user(&person(&given), Some(&code), &late).await,
        Ok(false),
        "the token is too old"
    );
    assert!(create(store, &given, &person(&given), Some(&code)).await);
    assert!(!create(store, &other, &person(&other), Some(&code)).await, "it was spent");
    let found = Identity(store).find_bootstrap().await.unwrap().unwrap();
    assert_eq!((found.user, found.spent), (given.user.clone(), true));
}

pub async fn a_person_is_changed_on_the_version_that_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let user = person(&given);
    assert!(create(store, &given, &user, None).await);
    let viewer = User { role: Role::Viewer.into(), active: false, version: 2, ..user.clone() };
    let audit = record(&given, "change user");
    assert_eq!(Identity(store).change_user(&viewer, 1, None, &audit).await, Ok(true));
    assert_eq!(Identity(store).change_user(&viewer, 1, None, &audit).await, Ok(true), "its own stamp");
    assert_eq!(Identity(store).change_user(&user, 1, None, &record(&given, "change user")).await, Ok(false));
    assert_eq!(Identity(store).load_user(&user.id).await, Ok(Some(viewer)));
}

pub async fn who_is_removed_is_found_by_nobody_and_leaves_address_and_name<H: Harness>(harness: &H) {
    let (given, next, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    let user = person(&given);
    assert!(create(store, &given, &user, None).await);
    let kept = User { active: false, password: PasswordHash::nobodys(), version: 2, ..user.clone() };
    let late = User { version: 7, ..user.clone() };
    assert_eq!(Identity(store).remove_user(&late, &kept, None, &record(&given, "remove user")).await, Ok(false));
    assert_eq!(Identity(store).load_user(&user.id).await, Ok(Some(user.clone())));
    let audit = record(&given, "remove user");
    assert_eq!(Identity(store).remove_user(&user, &kept, None, &audit).await, Ok(true));
    assert_eq!(Identity(store).remove_user(&user, &kept, None, &audit).await, Ok(true), "its own stamp");
    assert_eq!(Identity(store).load_user(&user.id).await, Ok(None));
    assert_eq!(Identity(store).find_email(&user.email).await, Ok(None));
    assert_eq!(Identity(store).find_username(&user.username).await, Ok(None));
    assert_eq!(
        Identity(store).remove_user(&kept, &late, None, &record(&given, "remove user")).await,
        Ok(false),
        "once"
    );
    assert!(!create(store, &given, &user, None).await, "their id stays theirs");
    let heir = User { id: next.user.clone(), ..user.clone() };
    assert!(create(store, &next, &heir, None).await, "somebody else takes address and name");
    assert_eq!(Identity(store).find_email(&user.email).await, Ok(Some(heir.id)));
}

pub async fn an_admin_goes_while_another_one_stays<H: Harness>(harness: &H) {
    let (given, other, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    let (user, witness) = (person(&given), person(&other));
    assert!(create(store, &given, &user, None).await);
    assert!(create(store, &other, &witness, None).await);
    let gone = User { active: false, version: 2, ..user.clone() };
    let by = Some(&witness.id);
    assert_eq!(Identity(store).replace_user(&gone, &user, by, &record(&given, "change user")).await, Ok(false));
    assert_eq!(Identity(store).remove_user(&user, &gone, by, &record(&given, "remove user")).await, Ok(false));
    let admin = User { role: Role::Admin.into(), version: 2, ..witness.clone() };
    assert_eq!(Identity(store).replace_user(&admin, &witness, None, &record(&other, "change user")).await, Ok(true));
    assert_eq!(Identity(store).remove_user(&user, &gone, by, &record(&given, "remove user")).await, Ok(true));
}

pub async fn people_are_listed_page_by_page<H: Harness>(harness: &H) {
    let store = harness.store();
    let mut made = Vec::new();
    for _ in 0..3 {
        let given = Given::nobody(harness);
        assert!(create(store, &given, &person(&given), None).await);
        made.push(person(&given));
    }
    made.sort_by(|one, other| one.id.cmp(&other.id));
    let (mut listed, mut cursor) = (Vec::new(), None);
    loop {
        let page = Identity(store).list_users(&PageRequest { limit: 2, cursor }).await.unwrap();
        assert!(page.items.len() <= 2);
        listed.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert!(listed.is_sorted_by(|one, other| one.id < other.id));
    listed.retain(|user| made.contains(user));
    assert_eq!(listed, made, "beside those of other cases");
}

pub async fn a_login_is_let_in_until_it_ends<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert!(create(store, &given, &person(&given), None).await);
    let (one, other) = (login(&given, "one"), login(&given, "other"));
    let guard = async |login: &Login, now| {
        whose(Identity(store).guard_login(&login.user, &login.id, Visit::at(now)).await.unwrap())
    };
    assert_eq!(guard(&one, given.now).await, Guarded::Unknown);
    for login in [&one, &other] {
        assert_eq!(Identity(store).open_login(login, 1, &record(&given, "log in")).await, Ok(true));
        assert_eq!(guard(login, given.now).await, let_in(login));
        assert_eq!(guard(login, given.now).await, let_in(login));
    }
    assert_eq!(Identity(store).load_user(&given.user).await.unwrap().unwrap().last_login, Some(given.now));
    assert_eq!(guard(&one, one.expires_at).await, Guarded::Unknown, "it is over");
    let stranger = UserId::of(&["stranger", &given.unique]);
    assert_eq!(Identity(store).guard_login(&stranger, &one.id, Visit::at(given.now)).await, Ok(Guarded::Unknown));
    assert_eq!(Identity(store).end_login(&stranger, &one.id).await, Ok(false));
    assert_eq!(Identity(store).end_login(&one.user, &one.id).await, Ok(true));
    assert_eq!(Identity(store).end_login(&one.user, &one.id).await, Ok(false));
    assert_eq!(guard(&one, given.now).await, Guarded::Unknown);
    assert_eq!(guard(&other, given.now).await, let_in(&other));
    assert_eq!(listed(store, &given).await, std::slice::from_ref(&other));
    assert_eq!(Identity(store).list_logins(&given.user, other.expires_at).await, Ok(vec![]));
}

pub async fn a_login_is_opened_and_extended_on_what_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert!(create(store, &given, &person(&given), None).await);
    let one = login(&given, "one");
    assert_eq!(Identity(store).open_login(&one, 2, &record(&given, "log in")).await, Ok(false), "changed since");
    assert_eq!(Identity(store).open_login(&one, 1, &record(&given, "log in")).await, Ok(true));
    let until = one.expires_at.plus(Millis::seconds(9));
    assert_eq!(Identity(store).extend_login(&one, until).await, Ok(true));
    assert_eq!(Identity(store).extend_login(&one, until.plus(Millis::seconds(9))).await, Ok(false), "extended since");
    let end =
        async |now: Timestamp| whose(Identity(store).guard_login(&one.user, &one.id, Visit::at(now)).await.unwrap());
    assert_eq!(end(one.expires_at).await, let_in(&one));
    assert_eq!(end(until).await, Guarded::Unknown);
    assert_eq!(Identity(store).extend_login(&login(&given, "none"), until).await, Ok(false));
}

/// What stands under a name of the row is compared as it was seen.
pub async fn login_is_refreshed_and_ended_on_the_token_that_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert!(create(store, &given, &person(&given), None).await);
    let hash = |text: &str| Sha::of_bytes(text.as_bytes());
    let first = Refresh { family: hash("family"), current: hash("one"), replaced: None };
    let one = Login { refresh: Some(first.clone()), ..login(&given, "one") };
    let (by_token, over) = (one.refreshable_until().unwrap(), one.expires_at);
    assert_eq!(Identity(store).open_login(&one, 1, &record(&given, "log in")).await, Ok(true));
    assert_eq!(listed(store, &given).await, std::slice::from_ref(&one));
    assert_eq!(Identity(store).list_logins(&given.user, over).await.unwrap().len(), 1, "it can be refreshed");
    assert_eq!(Identity(store).list_logins(&given.user, by_token).await, Ok(vec![]));

    let (secret, at, successor) = (hash("one"), given.now, "sealed".to_owned());
    let replaced = Replaced { secret, at, successor, repeated: false };
    let second = Refresh { current: hash("two"), replaced: Some(replaced.clone()), ..first.clone() };
    let until = one.expires_at.plus(Millis::seconds(9));
    let next = Login { expires_at: until, refresh: Some(second.clone()), ..one.clone() };
    assert_eq!(Identity(store).refresh_login(&next, &first).await, Ok(true));
    assert_eq!(listed(store, &given).await, std::slice::from_ref(&next));
    assert_eq!(Identity(store).refresh_login(&next, &first).await, Ok(false), "replaced since");
    let third = Refresh { replaced: Some(Replaced { repeated: true, ..replaced }), ..second.clone() };
    let repeated = Login { refresh: Some(third.clone()), ..next };
    assert_eq!(Identity(store).refresh_login(&repeated, &second).await, Ok(true));
    assert_eq!(Identity(store).refresh_login(&repeated, &second).await, Ok(false), "repeated since");
    assert_eq!(listed(store, &given).await, std::slice::from_ref(&repeated));
    assert_eq!(
        whose(Identity(store).guard_login(&one.user, &one.id, Visit::at(one.expires_at)).await.unwrap()),
        let_in(&one)
    );

    for seen in [&first, &second] {
        assert_eq!(Identity(store).end_reused(&repeated, seen, &record(&given, "end session")).await, Ok(false));
    }
    assert_eq!(Identity(store).end_reused(&repeated, &third, &record(&given, "end session")).await, Ok(true));
    assert_eq!(Identity(store).end_reused(&repeated, &third, &record(&given, "end session")).await, Ok(false));
    assert_eq!(Identity(store).refresh_login(&repeated, &third).await, Ok(false), "it is over");
    assert_eq!(Identity(store).stop_refreshing(&repeated).await, Ok(()));
    assert_eq!(listed(store, &given).await, vec![], "and stays over");

    let other = Login { refresh: Some(first.clone()), ..login(&given, "other") };
    assert_eq!(Identity(store).open_login(&other, 1, &record(&given, "log in")).await, Ok(true));
    assert_eq!(Identity(store).stop_refreshing(&other).await, Ok(()));
    assert_eq!(Identity(store).refresh_login(&other, &first).await, Ok(false), "its token is good no more");
    assert_eq!(listed(store, &given).await, vec![Login { refresh: None, not_renewed: true, ..other }]);
}

pub async fn a_login_that_asks_too_often_waits_for_the_next_minute<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert!(create(store, &given, &person(&given), None).await);
    let one = login(&given, "one");
    assert_eq!(Identity(store).open_login(&one, 1, &record(&given, "log in")).await, Ok(true));
    let minute = Timestamp::from_millis(given.now.millis() / 60_000 * 60_000);
    for _ in 0..RouteClass::Api.requests_max() {
        assert_eq!(
            Identity(store).guard_login(&one.user, &one.id, Visit::at(minute)).await.map(whose),
            Ok(let_in(&one))
        );
    }
    let over = Identity(store).guard_login(&one.user, &one.id, Visit::at(minute.plus(Millis::seconds(20)))).await;
    assert_eq!(over, Ok(Guarded::TooMany { retry_after: Millis::seconds(40), requests_max: 600 }));
    let next = minute.plus(Millis::seconds(60));
    let guarded = Identity(store).guard_login(&one.user, &one.id, Visit::at(next)).await.unwrap();
    assert_eq!(counted(&guarded, RouteClass::Api, next), Some(1), "of this minute alone");
    assert_eq!(whose(guarded), let_in(&one));
}

/// Waits for the next window of its own class alone, by the limit that its row says.
pub async fn each_class_of_routes_has_a_window_of_its_own<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert!(create(store, &given, &person(&given), None).await);
    let rates = Rates::default().limit(RouteClass::Wallets, 2).unwrap().limit(RouteClass::Api, 3).unwrap();
    let limits = Limits { positions: Some(4), ..Limits::default() };
    let grant = Grant { rates: rates.clone(), limits, plan: "small".parse().unwrap(), ..Grant::from(Role::Trader) };
    let one = Login { grant, ..login(&given, "one") };
    assert_eq!(Identity(store).open_login(&one, 1, &record(&given, "log in")).await, Ok(true));
    assert_eq!(listed(store, &given).await, std::slice::from_ref(&one));
    let hour = Timestamp::from_millis(given.now.millis() / 3_600_000 * 3_600_000);
    let guard = async |class: RouteClass, now: Timestamp| match Identity(store)
        .guard_login(&one.user, &one.id, Visit { class, now })
        .await
        .unwrap()
    {
        Guarded::Admitted(session) => {
            assert_eq!((session.limits, session.requests_max), (limits, rates.of(class)));
            None
        }
        Guarded::TooMany { retry_after, requests_max } => {
            assert_eq!(requests_max, rates.of(class));
            Some(retry_after)
        }
        Guarded::Unknown => panic!("it is known"),
    };
    for (class, most) in
        [(RouteClass::Wallets, 2), (RouteClass::Api, 3), (RouteClass::Ingest, 10), (RouteClass::Ai, 100)]
    {
        for _ in 0..most {
            assert_eq!(guard(class, hour).await, None, "{class}");
        }
        assert_eq!(guard(class, hour).await, Some(class.window()), "{class}");
    }
    let next = hour.plus(Millis::seconds(60));
    assert_eq!(guard(RouteClass::Wallets, next).await, None);
    assert_eq!(guard(RouteClass::Ai, next).await, Some(Millis::seconds(3_540)));
    assert_eq!(guard(RouteClass::Ai, hour.plus(Millis::seconds(3_600))).await, None);
}

pub async fn attempts_are_counted_one_after_another<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let subject = Sha::of_bytes(given.unique.as_bytes());
    let guesses = |attempts| Guesses { attempts, last_at: given.now };
    let count = async |seen, attempts| {
        let forgotten = given.now.plus(Millis::seconds(3_600));
        Identity(store).count_guess(&subject, seen, guesses(attempts), forgotten).await.unwrap()
    };
    assert_eq!(Identity(store).load_guesses(&subject).await, Ok(None));
    assert!(count(None, 1).await);
    assert!(!count(None, 1).await, "another was first");
    assert!(count(Some(guesses(1)), 2).await);
    assert!(!count(Some(guesses(1)), 2).await);
    assert_eq!(Identity(store).load_guesses(&subject).await, Ok(Some(guesses(2))));
    Identity(store).forget_guesses(&subject).await.unwrap();
    Identity(store).forget_guesses(&subject).await.unwrap();
    assert_eq!(Identity(store).load_guesses(&subject).await, Ok(None));
}

pub async fn an_address_that_asks_too_often_waits_for_the_next_minute<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let minute = Timestamp::from_millis(given.now.millis() / 60_000 * 60_000);
    let count = async |name: &str, seconds| {
        let subject = Sha::of_parts(&[&given.unique, name]);
        Identity(store).count_address(&subject, 3, minute.plus(Millis::seconds(seconds))).await.unwrap()
    };
    for seconds in 0..3 {
        assert_eq!(count("one", seconds).await, None);
    }
    assert_eq!(count("one", 20).await, Some(Millis::seconds(40)));
    assert_eq!(count("one", 59).await, Some(Millis::seconds(1)));
    assert_eq!(count("other", 59).await, None, "another address");
    for seconds in 60..63 {
        assert_eq!(count("one", seconds).await, None);
    }
    assert_eq!(count("one", 63).await, Some(Millis::seconds(57)));
}

pub async fn a_reset_goes_with_the_password_that_it_changes<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let user = person(&given);
    assert!(create(store, &given, &user, None).await);
    let hash = Sha::of_bytes(given.unique.as_bytes());
    let expires_at = given.now.plus(Millis::seconds(1_800));
    let reset = Reset { hash: hash.clone(), user: user.id.clone(), password_at: user.password_at, expires_at };
    let void = User { password: PasswordHash::nobodys(), version: 2, ..user.clone() };
    let changed = User { password: PasswordHash::from_stored("$2b$04$y"), version: 3, ..user.clone() };
    let change = async |to: &User, seen| {
        Identity(store).change_user(to, seen, Some(&hash), &record(&given, "reset password")).await.unwrap()
    };
    assert!(!change(&changed, 1).await, "it was never handed out");
    let hand = record(&given, "hand out reset");
    assert_eq!(Identity(store).keep_reset(&reset, &void, 7, &hand).await, Ok(false), "the person was changed");
    assert_eq!(Identity(store).find_reset(&hash).await, Ok(None));
    for _ in 0..2 {
        assert_eq!(Identity(store).keep_reset(&reset, &void, 1, &hand).await, Ok(true), "its own stamp");
    }
    assert_eq!(Identity(store).find_reset(&hash).await, Ok(Some(reset)));
    assert_eq!(Identity(store).load_user(&user.id).await, Ok(Some(void)));
    assert!(!change(&changed, 7).await, "the person was changed");
    assert!(change(&changed, 2).await);
    assert_eq!(Identity(store).find_reset(&hash).await, Ok(None));
    let again = User { version: 4, ..changed.clone() };
    assert!(!change(&again, 3).await, "it was used");
    assert_eq!(Identity(store).load_user(&user.id).await, Ok(Some(changed)));
}

pub async fn a_factor_is_set_on_what_was_seen_and_a_code_spent_once<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let user = person(&given);
    assert!(create(store, &given, &user, None).await);
    let factor = Factor {
        user: user.id.clone(),
        sealed: "sealed".to_owned(),
        confirmed: false,
        used_step: 0,
        recovery: vec![Sha::of_bytes(b"one"), Sha::of_bytes(b"two")],
        made_at: given.now,
        version: 1,
    };
    let second = User { version: 2, ..user.clone() };
    let set = async |user: &User, seen_user, factor: Option<&Factor>, seen| {
        let audit = record(&given, "second factor");
        let set = Identity(store).set_factor(user, seen_user, factor, seen, &audit).await.unwrap();
        assert_eq!(
            Identity(store).set_factor(user, seen_user, factor, seen, &audit).await,
            Ok(set),
            "under its own stamp"
        );
        set
    };
    assert_eq!(Identity(store).load_factor(&user.id).await, Ok(None));
    assert!(!set(&second, 7, Some(&factor), None).await, "the person was changed");
    assert!(!set(&second, 1, Some(&factor), Some(1)).await, "there is none yet");
    assert!(set(&second, 1, Some(&factor), None).await);
    assert!(!set(&User { version: 3, ..user.clone() }, 2, Some(&factor), None).await, "there is one");
    let spent = Factor { used_step: 9, recovery: vec![Sha::of_bytes(b"two")], version: 2, ..factor.clone() };
    assert_eq!(Identity(store).keep_factor(&spent, 1).await, Ok(true));
    assert_eq!(Identity(store).keep_factor(&spent, 1).await, Ok(false), "another was first");
    assert_eq!(Identity(store).load_factor(&user.id).await, Ok(Some(spent)));
    assert!(!set(&User { version: 3, ..user.clone() }, 2, None, Some(1)).await, "it was changed");
    assert!(set(&User { version: 3, ..user.clone() }, 2, None, Some(2)).await);
    assert_eq!(Identity(store).load_factor(&user.id).await, Ok(None));
    assert_eq!(Identity(store).load_user(&user.id).await.unwrap().unwrap().version, 3);
}

pub async fn keys_are_published_over_those_that_were_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let key = |id: &str, until| TokenKey { id: id.to_owned(), public: format!("{id}_"), until };
    let (first, second) = (vec![key("a", None)], vec![key("a", Some(given.now)), key("b", None)]);
    assert_eq!(Identity(store).load_token_keys().await, Ok(vec![]));
    assert_eq!(Identity(store).publish_token_keys(&[], &first).await, Ok(true));
    assert_eq!(Identity(store).publish_token_keys(&[], &second).await, Ok(false), "others stand there");
    assert_eq!(Identity(store).publish_token_keys(&first, &second).await, Ok(true));
    assert_eq!(Identity(store).load_token_keys().await, Ok(second));
}
