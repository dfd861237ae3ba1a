//! A second factor on strict memory: asked for once it is on, each code good once, and guessing counted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test")]

use app::identity::{self, Credentials, Holder, IdentityError, LoggedIn, Run, Wished};
use app::ports::{
    Audit, Claims, Factor, HashPassword, KeyClaims, Letter, MailError, Origin, ProofError, SealFactor, SealRefresh,
    Secret, SendLetter, Session, SignToken, StoreError,
};
use domain::audit::Actor;
use domain::clock::{Millis, Timestamp};
use domain::identity::{
    FactorSecret, GivenCode, Password, PasswordHash, Permission, Profile, Role, User, recovery_code,
};
use domain::ids::{AttemptId, Sha, UserId};
use domain::limits;
use std::cell::{Cell, RefCell};
use store::identity::Identity;
use testkit::world::World;
use wire::resealed::Resealed;

const GOOD: &str = "Tr4ding!";
/// In the half minute of which the standard's own example has this code.
const AT: Timestamp = Timestamp::from_millis(1_111_111_109_000);
const CODE: &str = "081804";
/// Its example of another day: 279037.
const LATER: Timestamp = Timestamp::from_millis(2_000_000_000_000);

struct Proofs;

impl HashPassword for Proofs {
    async fn hash_password(&self, _: &Password) -> Result<PasswordHash, ProofError> {
        Ok(PasswordHash::from_stored("other"))
    }

    async fn is_password(&self, given: &Password, kept: Option<&PasswordHash>) -> Result<bool, ProofError> {
        Ok(kept.is_some() && given.expose() == GOOD)
    }
}

impl SignToken for Proofs {
    async fn sign_token(&self, claims: &Claims) -> Result<Secret, ProofError> {
        Ok(Secret::new(claims.session.to_string()))
    }

    async fn sign_key_token(&self, _: &KeyClaims) -> Result<Secret, ProofError> {
        unreachable!("people log in")
    }
}

/// A browser's session has no refresh token.
impl SealRefresh for Proofs {
    fn invent_secret(&self) -> Result<Secret, ProofError> {
        Err(ProofError("nobody has one".to_owned()))
    }

    fn seal_successor(&self, _: &Secret, _: &Secret) -> Result<String, ProofError> {
        Err(ProofError("nobody has one".to_owned()))
    }

    fn open_successor(&self, _: &Secret, _: &str) -> Result<Secret, ProofError> {
        Err(ProofError("nobody has one".to_owned()))
    }
}

impl SealFactor for Proofs {
    async fn seal_factor(&self, user: &UserId, _: &FactorSecret, _: Timestamp) -> Result<String, StoreError> {
        Ok(format!("of {user}"))
    }

    async fn open_factor(&self, user: &UserId, sealed: &str, _: Timestamp) -> Result<FactorSecret, StoreError> {
        assert!([format!("of {user}"), anew(user)].contains(&sealed.to_owned()), "{sealed}");
        Ok(secret())
    }

    async fn reseal_factor(&self, user: &UserId, sealed: &str, _: Timestamp) -> Result<Option<String>, StoreError> {
        Ok((sealed != anew(user)).then(|| anew(user)))
    }
}

/// Under another key.
fn anew(user: &UserId) -> String {
    format!("anew of {user}")
}

struct House {
    world: World,
    runs: Cell<u32>,
    now: Cell<Timestamp>,
}

fn check(case: impl AsyncFnOnce(House) + 'static) {
    let world = World::calm();
    let house = House { world: world.clone(), runs: Cell::default(), now: Cell::new(AT) };
    world.sim().block_on("case", async move {
        house.make("ann", Role::Trader).await;
        case(house).await;
    });
}

impl House {
    async fn run<T>(&self, work: impl AsyncFnOnce(Run<'_>) -> T) -> T {
        self.runs.set(self.runs.get() + 1);
        let attempt = AttemptId::new(format!("run-{}", self.runs.get()));
        work(Run { attempt: &attempt, now: self.now.get(), address: None, actor: Actor::Person }).await
    }

    fn pass(&self, seconds: i64) {
        self.now.set(self.now.get().plus(Millis::seconds(seconds)));
    }

    async fn make(&self, name: &str, role: Role) {
        let user = User {
            id: UserId::of(&[name]),
            email: format!("{name}@example.com").parse().unwrap(),
            username: name.parse().unwrap(),
            profile: Profile::default(),
            password: PasswordHash::from_stored("hash"),
            role: role.into(),
            plan: domain::identity::PlanName::default(),
            active: true,
            created_at: AT,
            password_at: AT,
            last_login: None,
            version: 1,
        };
        let record = Audit {
            user: user.id.clone(),
            action: "create user".to_owned(),
            resource: user.id.to_string(),
            reason: "test".to_owned(),
            before: None,
            after: None,
            at: AT,
            attempt: AttemptId::new(name.to_owned()),
            address: None,
            actor: None,
        };
        assert_eq!(Identity(&self.world).create_user(&user, None, &record).await, Ok(true));
    }

    async fn log_in(&self, code: Option<&str>) -> Result<LoggedIn, IdentityError> {
        let code = code.map(|code| code.parse().unwrap());
        let (email, origin) = ("ann@example.com".parse().unwrap(), Origin::default());
        let credentials = Credentials { email, password: password(), code, origin, holder: Holder::Browser };
        self.run(async |run| identity::log_in(&self.world, (&Proofs, &Proofs), credentials, run).await).await
    }

    async fn session(&self, code: Option<&str>) -> Session {
        let login = self.log_in(code).await.unwrap().login;
        Session::new(login.user, Vec::new(), Some(login.id))
    }

    async fn switch_on(&self, session: &Session, codes: Vec<Sha>) {
        let code = if self.now.get() == LATER { "279037" } else { CODE };
        let (world, now) = (&self.world, code.parse().unwrap());
        let both = (&Proofs, &Proofs);
        self.run(async |run| identity::begin_factor(world, both, session, &password(), &secret(), run).await)
            .await
            .unwrap();
        self.run(async |run| identity::confirm_factor(world, &Proofs, session, &now, codes, run).await).await.unwrap();
    }

    async fn logins(&self) -> usize {
        Identity(&self.world).list_logins(&UserId::of(&["ann"]), self.now.get()).await.unwrap().len()
    }
}

fn secret() -> FactorSecret {
    FactorSecret::new(b"12345678901234567890".to_vec())
}

fn password() -> Password {
    Password::given(GOOD.to_owned())
}

#[test]
fn a_factor_is_asked_for_once_it_is_on_and_a_code_is_good_once() {
    check(async |house| {
        let (own, _other) = (house.session(None).await, house.session(None).await);
        let began = house
            .run(async |run| {
                identity::begin_factor(&house.world, (&Proofs, &Proofs), &own, &password(), &secret(), run).await
            })
            .await;
        assert!(began.is_ok());
        assert!(house.log_in(None).await.is_ok(), "it is not on yet");
        house.switch_on(&own, Vec::new()).await;
        assert_eq!(house.logins().await, 1, "all other sessions ended");
        assert_eq!(house.log_in(None).await.unwrap_err(), IdentityError::FactorNeeded);
        assert_eq!(
            house.log_in(Some(CODE)).await.unwrap_err(),
            IdentityError::WrongFactor,
            "it was used to switch it on"
        );
        house.pass(30);
        assert_eq!(house.log_in(Some("000000")).await.unwrap_err(), IdentityError::WrongFactor);
        house.now.set(Timestamp::from_millis(1_234_567_890_000));
        assert!(house.log_in(Some("005924")).await.is_ok());
        assert_eq!(house.log_in(Some("005924")).await.unwrap_err(), IdentityError::WrongFactor);
    });
}

#[test]
fn codes_are_counted_and_whoever_is_only_asked_for_one_is_not() {
    check(async |house| {
        let own = house.session(None).await;
        house.switch_on(&own, Vec::new()).await;
        for _ in 0..20 {
            assert_eq!(house.log_in(None).await.unwrap_err(), IdentityError::FactorNeeded);
        }
        for _ in 0..limits::GUESSES_FREE {
            assert_eq!(house.log_in(Some("000000")).await.unwrap_err(), IdentityError::WrongFactor);
        }
        assert!(matches!(house.log_in(Some("000000")).await.unwrap_err(), IdentityError::Wait(_)));
        let guess = house
            .run(async |run| {
                let both = (&password(), &"000000".parse().unwrap());
                identity::drop_factor(&house.world, (&Proofs, &Proofs), &own, both, run).await
            })
            .await;
        assert!(matches!(guess, Err(IdentityError::Wait(_))), "not by another way either");
    });
}

#[test]
fn a_recovery_code_is_good_once_and_others_take_the_place_of_all() {
    check(async |house| {
        let (shown, kept) = recovery_code([1; 10]);
        let (other, other_kept) = recovery_code([2; 10]);
        let text = |shown: &secrecy::SecretString| secrecy::ExposeSecret::expose_secret(shown).to_owned();
        let own = house.session(None).await;
        house.switch_on(&own, vec![kept]).await;
        assert!(house.log_in(Some(&text(&shown))).await.is_ok());
        assert_eq!(house.log_in(Some(&text(&shown))).await.unwrap_err(), IdentityError::WrongFactor);
        house.now.set(Timestamp::from_millis(1_234_567_890_000));
        let renewed = house
            .run(async |run| {
                let both = (&password(), &"005924".parse().unwrap());
                identity::renew_codes(&house.world, (&Proofs, &Proofs), &own, both, vec![other_kept], run).await
            })
            .await;
        assert_eq!(renewed, Ok(()));
        assert!(house.log_in(Some(&text(&other))).await.is_ok());
    });
}

#[test]
fn it_is_switched_off_with_both_and_taken_away_by_another_admin() {
    check(async |house| {
        let own = house.session(None).await;
        house.switch_on(&own, Vec::new()).await;
        let drop = async |password: &str, code: &str| {
            let (password, code) = (Password::given(password.to_owned()), code.parse::<GivenCode>().unwrap());
            house
                .run(async |run| {
                    identity::drop_factor(&house.world, (&Proofs, &Proofs), &own, (&password, &code), run).await
                })
                .await
        };
        house.now.set(Timestamp::from_millis(1_234_567_890_000));
        assert_eq!(drop("wrong", "005924").await, Err(IdentityError::WrongCredentials));
        assert_eq!(drop(GOOD, "000000").await, Err(IdentityError::WrongFactor));
        assert_eq!(drop(GOOD, "005924").await, Ok(()));
        assert_eq!(drop(GOOD, "005924").await, Err(IdentityError::NoFactor));
        assert!(house.log_in(None).await.is_ok());

        house.now.set(LATER);
        let own = house.session(None).await;
        house.switch_on(&own, Vec::new()).await;
        let ann = UserId::of(&["ann"]);
        let of = |name: &str, may: &[Permission]| {
            Session::new(UserId::of(&[name]), may.iter().map(|scope| scope.as_str().to_owned()).collect(), None)
        };
        let (admin, desk) = (of("root", Role::Admin.permissions()), of("desk", &[Permission::USERS]));
        let take =
            async |by: &Session| house.run(async |run| identity::take_factor(&house.world, by, &ann, run).await).await;
        assert!(matches!(take(&desk).await, Err(IdentityError::NotYours(_))), "she may more than they");
        let herself = Session { user: ann.clone(), ..admin.clone() };
        assert_eq!(take(&herself).await, Err(IdentityError::Oneself));
        assert_eq!(take(&admin).await, Ok(()));
        assert_eq!((house.logins().await, Identity(&house.world).load_factor(&ann).await), (0, Ok(None)));
        assert!(house.log_in(None).await.is_ok());
    });
}

/// To whom letters went, and of what.
#[derive(Default)]
struct Postbox(RefCell<Vec<String>>);

impl SendLetter for Postbox {
    async fn send_letter(&self, letter: &Letter, _: Timestamp) -> Result<(), MailError> {
        self.0.borrow_mut().push(format!("{}: {}", letter.to.as_str(), letter.subject));
        Ok(())
    }
}

#[test]
fn another_address_and_being_forgotten_need_both_factors_and_the_address_before_is_told() {
    check(async |house| {
        let (session, post) = (house.session(None).await, Postbox::default());
        house.switch_on(&session, vec![Sha::of_bytes(b"paper"), Sha::of_bytes(b"another")]).await;
        let ann = UserId::of(&["ann"]);
        let moved = async |code: Option<GivenCode>, email: &str| {
            let wished = Wished { email: email.parse().ok(), password: Some(password()), code, ..Wished::default() };
            let means = (&Proofs, &Proofs, &post);
            house
                .run(async |run| {
                    identity::change_profile(&house.world, means, &session, wished, None, run).await.map(drop)
                })
                .await
        };
        assert_eq!(moved(None, "new@example.com").await, Err(IdentityError::FactorNeeded));
        let wrong = GivenCode::Recovery(Sha::of_bytes(b"wrong"));
        assert_eq!(moved(Some(wrong), "new@example.com").await, Err(IdentityError::WrongFactor));
        assert!(
            post.0.borrow().is_empty()
                && Identity(&house.world).load_user(&ann).await.unwrap().unwrap().email.as_str() == "ann@example.com"
        );
        let paper = GivenCode::Recovery(Sha::of_bytes(b"paper"));
        assert_eq!(moved(Some(paper), "new@example.com").await, Ok(()));

        let erase = async |code: Option<GivenCode>| {
            let (password, means) = (password(), (&Proofs, &Proofs, &post));
            let given = (Some(&password), code.as_ref());
            house.run(async |run| identity::erase(&house.world, means, &session, &ann, given, run).await).await
        };
        assert_eq!(erase(None).await, Err(IdentityError::FactorNeeded));
        assert!(Identity(&house.world).load_user(&ann).await.unwrap().is_some());
        assert_eq!(erase(Some(GivenCode::Recovery(Sha::of_bytes(b"another")))).await, Ok(()));
        assert_eq!(Identity(&house.world).load_user(&ann).await, Ok(None));
        let told =
            ["ann@example.com: Another e-mail address at Moniqo", "new@example.com: You were forgotten at Moniqo"];
        assert_eq!(*post.0.borrow(), told);
    });
}

/// As the owner has it done: one run after the other.
async fn resealed(house: &House) -> Resealed {
    let mut all = Resealed::default();
    loop {
        let after = all.after.clone();
        let next = house.run(async |run| identity::reseal_factors(&house.world, &Proofs, after, run).await).await;
        all = all.and(next.unwrap());
        if all.after.is_none() {
            return all;
        }
    }
}

#[test]
fn secrets_go_under_another_key_and_a_log_in_of_that_moment_does_not_put_one_back() {
    check(async |house| {
        for number in 0..2 * limits::FACTORS_PER_RUN_MAX {
            house.make(&format!("user{number}"), Role::Viewer).await;
        }
        let own = house.session(None).await;
        house.switch_on(&own, Vec::new()).await;
        let ann = UserId::of(&["ann"]);
        let before = Identity(&house.world).load_factor(&ann).await.unwrap().unwrap();
        let moved = resealed(&house).await;
        assert_eq!((moved.moved, moved.stays, moved.failed), (1, 0, 0), "nobody else has one");
        assert_eq!(Identity(&house.world).load_factor(&ann).await.unwrap().unwrap().sealed, anew(&ann));
        let spent = Factor { used_step: before.used_step + 1, version: before.version + 1, ..before.clone() };
        assert_eq!(Identity(&house.world).keep_factor(&spent, before.version).await, Ok(false), "it was read before");
        house.now.set(Timestamp::from_millis(1_234_567_890_000));
        assert!(house.log_in(Some("005924")).await.is_ok(), "it still opens");
        let again = resealed(&house).await;
        assert_eq!((again.moved, again.stays, again.failed), (0, 1, 0));
    });
}

#[test]
fn a_secret_that_cannot_be_kept_is_told_and_moved_by_another_run() {
    check(async |house| {
        let own = house.session(None).await;
        house.switch_on(&own, Vec::new()).await;
        house.world.set_down("write USR#", true);
        let failed = resealed(&house).await;
        assert_eq!((failed.failed, &*failed.failures[0].code), (1, "unavailable"));
        house.world.set_down("write USR#", false);
        assert_eq!(resealed(&house).await.moved, 1);
    });
}
