//! People come in, and are kept out: the use cases on strict memory, with proofs that take no time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test")]

#[path = "identity/leaving.rs"]
mod leaving;

use app::identity::{
    self, Credentials, Holder, IdentityError, Invited, Knock, LoggedIn, Prove, Proven, Registered, Registration, Run,
    Sought, Standing,
};
use app::ports::{
    Audit, Bootstrap, Claims, Guarded, HashPassword, KeptToken, KeyClaims, Origin, PageRequest, ProofError,
    REFRESH_SECRET_CHARACTERS, SealFactor, SealRefresh, Secret, Session, SignToken, StoreError, TokenChange, TokenKey,
    Visit,
};
use domain::audit::{Actor, Chain, Shelf};
use domain::clock::{Millis, Timestamp};
use domain::identity::{FactorSecret, Password, PasswordHash, Role, RoleName, Scope, User};
use domain::ids::{AttemptId, KeyId, SessionId, Sha, TokenId, UserId};
use domain::limits;
use domain::token::{Grant, WebhookToken};
use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use store::audit::Audits;
use store::identity::Identity;
use store::trading::Trading;
use testkit::world::World;

#[path = "identity/at_once.rs"]
mod at_once;
#[path = "identity/clients.rs"]
mod clients;
#[path = "identity/failing.rs"]
mod failing;
#[path = "identity/fetched.rs"]
mod fetched;
#[path = "identity/inbox.rs"]
mod inbox;
#[path = "identity/plans.rs"]
mod plans;
#[path = "identity/programs.rs"]
mod programs;
#[path = "identity/ranks.rs"]
mod ranks;
#[path = "identity/roles.rs"]
mod roles;
#[path = "identity/stops.rs"]
mod stops;
#[path = "identity/unchanged.rs"]
mod unchanged;

/// Counts what was compared; a token is its claims in clear.
#[derive(Clone, Default)]
struct Proofs {
    compared: Rc<Cell<u32>>,
    invented: Rc<Cell<u32>>,
}

impl HashPassword for Proofs {
    async fn hash_password(&self, password: &Password) -> Result<PasswordHash, ProofError> {
        Ok(PasswordHash::from_stored(format!("hash of {}", password.expose())))
    }

    async fn is_password(&self, given: &Password, kept: Option<&PasswordHash>) -> Result<bool, ProofError> {
        self.compared.set(self.compared.get() + 1);
        Ok(kept.is_some_and(|kept| kept.as_str() == format!("hash of {}", given.expose())))
    }
}

impl SignToken for Proofs {
    async fn sign_token(&self, claims: &Claims) -> Result<Secret, ProofError> {
        let (user, session, end) = (&claims.user, &claims.session, claims.expires_at.millis());
        Ok(Secret::new(format!("{user}.{session}.{end}")))
    }

    async fn sign_key_token(&self, claims: &KeyClaims) -> Result<Secret, ProofError> {
        let words: Vec<_> = claims.scopes.iter().map(Scope::as_str).collect();
        let (user, key, secret) = (&claims.user, &claims.key, claims.secret.as_str());
        Ok(Secret::new(format!("{user}.{key}.{}.{secret}.{}", claims.expires_at.millis(), words.join("+"))))
    }
}

/// A successor is kept in clear behind the token that it replaces.
impl SealRefresh for Proofs {
    fn invent_secret(&self) -> Result<Secret, ProofError> {
        self.invented.set(self.invented.get() + 1);
        Ok(Secret::new(format!("{:0REFRESH_SECRET_CHARACTERS$}", self.invented.get())))
    }

    fn seal_successor(&self, replaced: &Secret, successor: &Secret) -> Result<String, ProofError> {
        Ok(format!("{}>{}", replaced.expose(), successor.expose()))
    }

    fn open_successor(&self, replaced: &Secret, sealed: &str) -> Result<Secret, ProofError> {
        let opened = sealed.split_once('>').filter(|(under, _)| *under == replaced.expose());
        opened.map(|(_, plain)| Secret::new(plain.to_owned())).ok_or_else(|| ProofError("another token".to_owned()))
    }
}

/// Of a program.
fn of_key(parts: &[&str], now: Timestamp) -> Option<Proven> {
    let [user, key, end, secret, words] = parts else { return None };
    let expires_at = Timestamp::from_millis(end.parse().unwrap());
    let claims = KeyClaims {
        user: UserId::parse(user).unwrap(),
        key: KeyId::parse(key).unwrap(),
        secret: Sha::from_stored(*secret),
        scopes: words.split('+').map(|word| word.parse().unwrap()).collect(),
        issued_at: now,
        expires_at,
    };
    Some(if now < expires_at { Proven::Program(claims) } else { Proven::Bad })
}

/// Nobody here has a second factor.
impl SealFactor for Proofs {
    async fn seal_factor(&self, _: &UserId, _: &FactorSecret, _: Timestamp) -> Result<String, StoreError> {
        Err(StoreError::Unreadable("nobody has one".to_owned()))
    }

    async fn open_factor(&self, _: &UserId, _: &str, _: Timestamp) -> Result<FactorSecret, StoreError> {
        Err(StoreError::Unreadable("nobody has one".to_owned()))
    }

    async fn reseal_factor(&self, _: &UserId, _: &str, _: Timestamp) -> Result<Option<String>, StoreError> {
        Err(StoreError::Unreadable("nobody has one".to_owned()))
    }
}

impl Prove for Proofs {
    fn prove(&self, token: &Secret, now: Timestamp) -> Option<Proven> {
        let parts: Vec<&str> = token.expose().split('.').collect();
        let [user, session, end] = parts[..] else { return of_key(&parts, now) };
        let expires_at = Timestamp::from_millis(end.parse().unwrap());
        let (user, session) = (UserId::parse(user).unwrap(), SessionId::parse(session).unwrap());
        let claims = Claims { user, session, issued_at: now, expires_at };
        Some(if now < expires_at { Proven::Good(claims) } else { Proven::Bad })
    }

    fn is_stale(&self, _: Timestamp) -> bool {
        false
    }

    fn may_ask(&self, _: Timestamp) -> bool {
        false
    }

    fn learn(&self, _: &[TokenKey], _: Timestamp) {}
}

/// A deployment of its own, and whoever tries something there.
#[derive(Clone)]
struct Town {
    world: World,
    proofs: Proofs,
    runs: Rc<Cell<u32>>,
    now: Rc<Cell<Timestamp>>,
}

const CODE: &str = "mqs_first";
const GOOD: &str = "Tr4ding!";

/// Runs a case on the world's own clock and executor.
fn check(case: impl AsyncFnOnce(Town) + 'static) {
    let world = World::calm();
    let (code, owner) = (Sha::of_bytes(CODE.as_bytes()), UserId::of(&["owner"]));
    let at = Timestamp::from_millis(1_760_000_000_000);
    let session = Session::new(owner.clone(), vec!["trading:read".to_owned()], None);
    world.put_session(&code, &session, at.plus(Millis::seconds(7 * 86_400)));
    world.put_bootstrap(&Bootstrap { code, user: owner, spent: false });
    let now = Rc::new(Cell::new(at));
    let town = Town { world: world.clone(), proofs: Proofs::default(), runs: Rc::default(), now };
    world.sim().block_on("case", async move { case(town).await });
}

impl Town {
    async fn run<T>(&self, work: impl AsyncFnOnce(Run<'_>) -> T) -> T {
        self.runs.set(self.runs.get() + 1);
        let attempt = AttemptId::new(format!("run-{}", self.runs.get()));
        work(Run { attempt: &attempt, now: self.now.get(), address: None, actor: Actor::Person }).await
    }

    fn pass(&self, seconds: i64) {
        self.now.set(self.now.get().plus(Millis::seconds(seconds)));
    }

    async fn register(&self, name: &str, role: Option<Role>, invited: Invited<'_>) -> Result<User, IdentityError> {
        let registration = Registration {
            email: format!("{name}@example.com").parse().unwrap(),
            username: name.parse().unwrap(),
            password: password(GOOD),
            role: role.map(RoleName::from),
            origin: from("192.0.2.1"),
        };
        let registered = self
            .run(async |run| identity::register(&self.world, &self.proofs, registration, invited, run).await)
            .await?;
        Ok(match registered {
            Registered::In(logged_in) => logged_in.user,
            Registered::Made(user) => *user,
        })
    }

    /// The first person, and their session.
    async fn admin(&self) -> Session {
        self.register("owner", None, Invited::Code(Secret::new(CODE.to_owned()))).await.unwrap();
        self.enter("owner", GOOD).await
    }

    async fn log_in(&self, name: &str, text: &str, address: &str) -> Result<LoggedIn, IdentityError> {
        let email = format!("{name}@example.com").parse().unwrap();
        let (password, origin) = (password(text), from(address));
        let credentials = Credentials { email, password, code: None, origin, holder: Holder::App };
        self.run(async |run| identity::log_in(&self.world, (&self.proofs, &Proofs::default()), credentials, run).await)
            .await
    }

    async fn enter(&self, name: &str, text: &str) -> Session {
        let logged_in = self.log_in(name, text, "192.0.2.9").await.unwrap();
        self.let_in(&logged_in.token).await.expect("a token that was just handed out")
    }

    async fn let_in(&self, token: &Secret) -> Option<Session> {
        let knock = Knock { token, address: None, visit: Visit::at(self.now.get()) };
        match identity::admit(&self.world, &self.proofs, &knock).await.unwrap() {
            Guarded::Admitted(session) => Some(session),
            _ => None,
        }
    }

    async fn user(&self, id: &UserId) -> User {
        Identity(&self.world).load_user(id).await.unwrap().unwrap()
    }
}

fn password(text: &str) -> Password {
    Password::given(text.to_owned())
}

fn from(address: &str) -> Origin {
    Origin { address: Some(address.to_owned()), user_agent: Some("test".to_owned()) }
}

fn refused<T>(done: Result<T, IdentityError>) -> IdentityError {
    done.err().expect("it is refused")
}

#[test]
fn the_first_person_becomes_admin_by_the_code_and_nobody_after_them() {
    check(async |town| {
        let wrong = Invited::Code(Secret::new("mqs_guess".to_owned()));
        assert_eq!(refused(town.register("eve", None, wrong).await), IdentityError::WrongCode);
        let owner = town.register("owner", Some(Role::Viewer), Invited::Code(Secret::new(CODE.to_owned()))).await;
        let owner = owner.unwrap();
        assert_eq!(
            (&owner.id, owner.role.built_in().unwrap()),
            (&UserId::of(&["owner"]), Role::Admin),
            "whose accounts are there"
        );
        let again = Invited::Code(Secret::new(CODE.to_owned()));
        assert_eq!(refused(town.register("eve", None, again).await), IdentityError::WrongCode);
    });
}

#[test]
fn a_first_token_that_lets_nobody_in_makes_no_admin() {
    check(async |town| {
        town.pass(7 * 86_400);
        let code = Invited::Code(Secret::new(CODE.to_owned()));
        assert_eq!(refused(town.register("eve", None, code).await), IdentityError::WrongCode);
    });
}

#[test]
fn nobody_registers_themselves_where_that_is_closed_and_only_as_viewer_where_it_is_open() {
    check(async |town| {
        let oneself = |is_open| Invited::Oneself { is_open };
        assert_eq!(refused(town.register("eve", None, oneself(false)).await), IdentityError::Closed);
        for role in [Role::Quant, Role::Trader, Role::Operator, Role::Manager, Role::Admin] {
            assert_eq!(refused(town.register("eve", Some(role), oneself(true)).await), IdentityError::RoleNotYours);
        }
        assert_eq!(town.register("eve", None, oneself(true)).await.unwrap().role, Role::Viewer);
        let eve = town.enter("eve", GOOD).await;
        assert_eq!(refused(town.register("eve2", Some(Role::Admin), Invited::By(&eve)).await), IdentityError::Closed);
        let admin = town.admin().await;
        let made = town.register("tom", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        assert_eq!(made.role, Role::Trader);
    });
}

#[test]
fn an_address_and_a_name_are_taken_once_in_large_and_small_letters() {
    check(async |town| {
        let admin = town.admin().await;
        town.register("Ann", None, Invited::By(&admin)).await.unwrap();
        let again = town.register("aNN", None, Invited::By(&admin)).await;
        assert_eq!(refused(again), IdentityError::DuplicateEmail);
    });
}

#[test]
fn whoever_is_unknown_or_kept_out_is_answered_as_whoever_is_wrong_after_as_much_work() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let out = Standing { active: Some(false), ..Standing::default() };
        town.run(async |run| identity::stand(&town.world, &admin, &ann.id, out, None, run).await).await.unwrap();
        let mut told = Vec::new();
        for (name, text) in [("owner", "Wrong123"), ("nobody", GOOD), ("ann", GOOD)] {
            let (compared, mut calls) = (town.proofs.compared.get(), 0);
            // Each call of a port is waited for once.
            let mut trying = pin!(town.log_in(name, text, "192.0.2.2"));
            let tried = poll_fn(|context| {
                calls += 1;
                trying.as_mut().poll(context)
            });
            told.push((refused(tried.await), town.proofs.compared.get() - compared, calls));
        }
        assert_eq!(told[0].0, IdentityError::WrongCredentials);
        assert!(told[0].2 > 4, "{told:?}");
        assert!(told.iter().all(|one| *one == told[0]), "the answer, the comparisons, the calls: {told:?}");
    });
}

#[test]
fn guessing_waits_longer_each_time_and_a_good_password_waits_with_it() {
    check(async |town| {
        town.admin().await;
        for _ in 0..limits::GUESSES_FREE {
            assert_eq!(refused(town.log_in("owner", "Wrong123", "192.0.2.3").await), IdentityError::WrongCredentials);
        }
        let compared = town.proofs.compared.get();
        for address in ["192.0.2.3", "192.0.2.4"] {
            assert_eq!(refused(town.log_in("owner", GOOD, address).await), IdentityError::Wait(limits::GUESS_WAIT));
        }
        assert_eq!(town.proofs.compared.get(), compared, "nothing is compared meanwhile");
        for _ in 0..=limits::GUESSES_FREE {
            let unknown = refused(town.log_in("nobody", GOOD, "192.0.2.5").await);
            assert!(matches!(unknown, IdentityError::WrongCredentials | IdentityError::Wait(_)));
        }
        assert!(matches!(refused(town.log_in("nobody", GOOD, "192.0.2.5").await), IdentityError::Wait(_)));
        town.pass(30);
        assert!(town.log_in("owner", GOOD, "192.0.2.3").await.is_ok());
        assert_eq!(refused(town.log_in("owner", "Wrong123", "192.0.2.3").await), IdentityError::WrongCredentials);
    });
}

#[test]
fn one_address_that_tries_many_accounts_waits_too() {
    check(async |town| {
        for at in 0..limits::ADDRESS_GUESSES_FREE {
            let told = refused(town.log_in(&format!("user{at}"), GOOD, "192.0.2.6").await);
            assert_eq!(told, IdentityError::WrongCredentials);
        }
        town.admin().await;
        let told = refused(town.log_in("another", GOOD, "192.0.2.6").await);
        assert_eq!(told, IdentityError::Wait(limits::GUESS_WAIT));
        for _ in 0..=limits::ADDRESS_GUESSES_FREE {
            town.log_in("owner", GOOD, "192.0.2.8").await.unwrap();
        }
        let elsewhere = refused(town.log_in("another", GOOD, "192.0.2.7").await);
        assert_eq!(elsewhere, IdentityError::WrongCredentials);
    });
}

#[test]
fn logging_out_really_ends_the_token() {
    check(async |town| {
        town.admin().await;
        let (one, other) =
            (town.log_in("owner", GOOD, "a").await.unwrap(), town.log_in("owner", GOOD, "b").await.unwrap());
        let session = town.let_in(&one.token).await.unwrap();
        assert!(session.may(domain::identity::Permission::USERS));
        identity::end(&town.world, &session.user, session.login.as_ref().unwrap()).await.unwrap();
        assert!(town.let_in(&one.token).await.is_none());
        assert!(town.let_in(&other.token).await.is_some());
        let again = identity::end(&town.world, &session.user, session.login.as_ref().unwrap()).await;
        assert_eq!(refused(again), IdentityError::NoSession);
        let stranger = identity::end(&town.world, &UserId::of(&["eve"]), &other.login.id).await;
        assert_eq!(refused(stranger), IdentityError::NoSession, "another's session is not there");
        let left = town.run(async |run| identity::sessions(&town.world, &session.user, run).await).await.unwrap();
        assert!(
            left.iter().any(|login| login.id == other.login.id) && left.iter().all(|login| login.id != one.login.id)
        );
    });
}

#[test]
fn a_session_is_renewed_in_its_last_hour_and_over_after_a_day() {
    check(async |town| {
        town.admin().await;
        let first = town.log_in("owner", GOOD, "a").await.unwrap();
        let refresh = async || {
            town.run(async |run| {
                identity::refresh(&town.world, &town.proofs, &first.user.id, &first.login.id, run).await
            })
            .await
        };
        town.pass(23 * 3_600);
        assert_eq!(refused(refresh().await), IdentityError::TooEarly);
        town.pass(1);
        let second = refresh().await.unwrap();
        assert_eq!(refused(refresh().await), IdentityError::TooEarly, "it was renewed just now");
        assert!(town.let_in(&first.token).await.is_some() && town.let_in(&second.token).await.is_some());
        town.pass(3_600);
        assert!(town.let_in(&first.token).await.is_none() && town.let_in(&second.token).await.is_some());
        town.pass(23 * 3_600);
        assert!(town.let_in(&second.token).await.is_none());
        assert_eq!(refused(refresh().await), IdentityError::NoSession);
    });
}

#[test]
fn a_changed_password_ends_the_other_sessions_and_needs_the_old_one() {
    check(async |town| {
        town.admin().await;
        let (here, there) =
            (town.log_in("owner", GOOD, "a").await.unwrap(), town.log_in("owner", GOOD, "b").await.unwrap());
        let session = town.let_in(&here.token).await.unwrap();
        let change = async |old: &str, new: &str| {
            let (old, new) = (password(old), password(new));
            town.run(async |run| identity::change_password(&town.world, &town.proofs, &session, &old, &new, run).await)
                .await
        };
        assert_eq!(refused(change("Wrong123", "Ch4nged!").await), IdentityError::WrongCredentials);
        change(GOOD, "Ch4nged!").await.unwrap();
        assert!(town.let_in(&here.token).await.is_some() && town.let_in(&there.token).await.is_none());
        assert_eq!(refused(town.log_in("owner", GOOD, "a").await), IdentityError::WrongCredentials);
        assert!(town.log_in("owner", "Ch4nged!", "a").await.is_ok());
    });
}

#[test]
fn whoever_is_in_changes_their_password_however_many_strangers_guess_it() {
    check(async |town| {
        town.admin().await;
        let here = town.log_in("owner", GOOD, "a").await.unwrap();
        let session = town.let_in(&here.token).await.unwrap();
        for _ in 0..=limits::GUESSES_FREE {
            let guessed = refused(town.log_in("owner", "Wrong123", "192.0.2.3").await);
            assert!(matches!(guessed, IdentityError::WrongCredentials | IdentityError::Wait(_)));
        }
        let change = async |old: &str| {
            let (old, new) = (password(old), password("Ch4nged!"));
            town.run(async |run| identity::change_password(&town.world, &town.proofs, &session, &old, &new, run).await)
                .await
        };
        assert_eq!(change(GOOD).await, Ok(()));
        for _ in 0..limits::GUESSES_FREE {
            assert_eq!(refused(change("Wrong123").await), IdentityError::WrongCredentials);
        }
        assert_eq!(refused(change("Ch4nged!").await), IdentityError::Wait(limits::GUESS_WAIT), "guessing from within");
    });
}

#[test]
fn a_session_that_is_over_is_not_renewed_once_the_password_has_changed() {
    check(async |town| {
        town.admin().await;
        let thief = town.log_in("owner", GOOD, "b").await.unwrap().login;
        town.pass(60);
        let here = town.log_in("owner", GOOD, "a").await.unwrap();
        town.now.set(thief.expires_at);
        let session = town.let_in(&here.token).await.unwrap();
        let (old, new) = (password(GOOD), password("Ch4nged!"));
        town.run(async |run| identity::change_password(&town.world, &town.proofs, &session, &old, &new, run).await)
            .await
            .unwrap();
        // As if it had been asked for in its last moment, and were carried out now.
        let until = thief.expires_at.plus(Millis::seconds(86_400));
        assert_eq!(Identity(&town.world).extend_login(&thief, until).await, Ok(false));
    });
}

/// Lets work be asked for so many times, and no more: each call of a port is one. None where it came no further.
pub(crate) async fn cut_off<T>(work: impl Future<Output = T>, polls: u32) -> Option<T> {
    let (mut work, mut left) = (pin!(work), polls);
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

/// Lets something else happen after so many calls of it, and whether it did: it may have been done by then.
pub(crate) async fn interrupted<T>(work: impl Future<Output = T>, polls: u32, meanwhile: impl AsyncFnOnce()) -> bool {
    let mut work = pin!(work);
    if cut_off(work.as_mut(), polls).await.is_some() {
        return false;
    }
    meanwhile().await;
    work.await;
    true
}

/// A password is changed by work that stops after any call: where the new one is good, whoever was in is out.
async fn stops_anywhere(town: &Town, change: impl AsyncFn(&Session, &User, &Secret) -> bool) {
    let admin = town.admin().await;
    let (mut polls, mut changed) = (0, 0);
    loop {
        let name = format!("ann{polls}");
        let user = town.register(&name, None, Invited::By(&admin)).await.unwrap();
        let (own, thief) = (town.log_in(&name, GOOD, "a").await.unwrap(), town.log_in(&name, GOOD, "b").await.unwrap());
        let done = cut_off(change(&admin, &user, &own.token), polls).await;
        if town.user(&user.id).await.password.as_str() != format!("hash of {GOOD}") {
            changed += 1;
            assert!(town.let_in(&thief.token).await.is_none(), "after {polls} calls");
        }
        if done == Some(true) {
            break;
        }
        polls += 1;
    }
    assert!(changed > 1, "some stopped after the change");
}

#[test]
fn a_change_of_password_that_stops_half_way_leaves_nobody_in() {
    check(async |town| {
        stops_anywhere(&town, async |_, _, own| {
            let session = town.let_in(own).await.unwrap();
            let (old, new) = (password(GOOD), password("Ch4nged!"));
            town.run(async |run| identity::change_password(&town.world, &town.proofs, &session, &old, &new, run).await)
                .await
                .is_ok()
        })
        .await;
    });
}

#[test]
fn a_reset_that_stops_half_way_leaves_nobody_in() {
    check(async |town| {
        stops_anywhere(&town, async |admin, user, _| {
            let token = Secret::new(format!("mqr_{}", user.id));
            let handed =
                town.run(async |run| identity::hand_reset(&town.world, admin, &user.id, &token, run).await.map(drop));
            handed.await.unwrap();
            let new = password("N3wpass!");
            town.run(async |run| {
                identity::reset_password(&town.world, &town.proofs, &token, &new, &from("c"), run).await
            })
            .await
            .is_ok()
        })
        .await;
    });
}

#[test]
fn nobody_has_more_sessions_than_can_be_ended_at_once() {
    check(async |town| {
        town.admin().await;
        let mut opened = Vec::new();
        for _ in 0..=limits::SESSIONS_PER_USER_MAX {
            town.pass(1);
            opened.push(town.log_in("owner", GOOD, "192.0.2.9").await.unwrap());
        }
        let owner = opened[0].user.id.clone();
        let left = town.run(async |run| identity::sessions(&town.world, &owner, run).await).await.unwrap();
        assert_eq!(left.len(), limits::SESSIONS_PER_USER_MAX);
        assert!(town.let_in(&opened[0].token).await.is_none(), "the oldest ended");
        assert!(town.let_in(&opened[1].token).await.is_some());
    });
}

#[test]
fn a_session_of_another_role_is_not_renewed_and_ends_with_the_next_try() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        let first = town.log_in("ann", GOOD, "a").await.unwrap();
        town.pass(23 * 3_600 + 1);
        // As by a change that stopped before it ended anything.
        let record = Audit {
            user: admin.user.clone(),
            action: "change user".to_owned(),
            resource: ann.id.to_string(),
            reason: "test".to_owned(),
            before: None,
            after: None,
            at: town.now.get(),
            attempt: AttemptId::new("stopped".to_owned()),
            address: None,
            actor: None,
        };
        let after = User { role: Role::Viewer.into(), version: 2, ..ann.clone() };
        assert_eq!(Identity(&town.world).change_user(&after, 1, None, &record).await, Ok(true));
        let renewed =
            town.run(async |run| identity::refresh(&town.world, &town.proofs, &ann.id, &first.login.id, run).await);
        assert_eq!(refused(renewed.await), IdentityError::NoSession);
        assert!(town.let_in(&first.token).await.is_some());
        let viewer = Standing { role: Some(Role::Viewer.into()), ..Standing::default() };
        let again = town.run(async |run| identity::stand(&town.world, &admin, &ann.id, viewer, Some(1), run).await);
        assert_eq!(refused(again.await), IdentityError::VersionConflict(2));
        assert!(town.let_in(&first.token).await.is_none(), "what stopped has come to its end");
    });
}

#[test]
fn an_admin_puts_somebodys_preferences_on_record_and_ends_no_session() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        let hers = town.log_in("ann", GOOD, "a").await.unwrap();
        let seen = town.user(&ann.id).await;
        let dark = || Standing { preferences: r#"{"theme":"dark"}"#.parse().ok(), ..Standing::default() };
        let put = async |by: &Session, seen: u64| {
            town.run(async |run| identity::stand(&town.world, by, &ann.id, dark(), Some(seen), run).await).await
        };
        let herself = town.let_in(&hers.token).await.unwrap();
        assert_eq!(refused(put(&herself, seen.version).await), IdentityError::Oneself);
        let kept = put(&admin, seen.version).await.unwrap();
        assert_eq!((&kept.role, kept.active, kept.version), (&seen.role, true, seen.version + 1));
        assert_eq!(
            (kept.profile.preferences.as_str(), &kept.profile.name),
            (r#"{"theme":"dark"}"#, &seen.profile.name)
        );
        assert_eq!(town.user(&ann.id).await, kept);
        assert!(town.let_in(&hers.token).await.is_some(), "she may what she might");
        assert_eq!(refused(put(&admin, seen.version).await), IdentityError::VersionConflict(kept.version));
        let chain = Chain { shelf: Shelf::Identity, day: town.now.get().day(), user: admin.user.clone() };
        let rows = Audits(&town.world).rows(&chain, 0, 99).await.unwrap();
        let last = &rows.last().unwrap().audit;
        assert!(last.action == "change user" && last.reason.contains("preferences"), "{last:?}");
        assert!(!format!("{last:?}").contains("dark"), "neither from what nor to what");
    });
}

#[test]
fn a_reset_is_handed_out_by_an_admin_and_good_once_for_half_an_hour() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let before = town.log_in("ann", GOOD, "a").await.unwrap();
        let hand = async |by: &Session, token: &Secret| {
            town.run(async |run| identity::hand_reset(&town.world, by, &ann.id, token, run).await).await
        };
        let reset = async |token: &Secret, new: &str| {
            let new = password(new);
            town.run(async |run| {
                identity::reset_password(&town.world, &town.proofs, token, &new, &from("c"), run).await
            })
            .await
        };
        let (late, first, second) = ("mqr_late", "mqr_first", "mqr_second");
        let [late, first, second] = [late, first, second].map(|text| Secret::new(text.to_owned()));
        let herself = town.let_in(&before.token).await.unwrap();
        assert_eq!(refused(hand(&herself, &first).await), IdentityError::NoUser, "she is no admin");
        assert_eq!(refused(reset(&first, "N3wpass!").await), IdentityError::WrongReset);
        let oneself = town.run(async |run| identity::hand_reset(&town.world, &admin, &admin.user, &first, run).await);
        assert_eq!(refused(oneself.await), IdentityError::Oneself, "nobody goes past their own password");
        assert!(town.let_in(&before.token).await.is_some());
        hand(&admin, &late).await.unwrap();
        assert!(town.let_in(&before.token).await.is_none(), "all sessions ended");
        assert_eq!(refused(town.log_in("ann", GOOD, "a").await), IdentityError::WrongCredentials, "it is void");
        town.pass(30 * 60);
        assert_eq!(refused(reset(&late, "N3wpass!").await), IdentityError::WrongReset, "too late");
        hand(&admin, &first).await.unwrap();
        town.pass(1);
        hand(&admin, &second).await.unwrap();
        town.pass(1);
        assert_eq!(refused(reset(&first, "0ther!Pw").await), IdentityError::WrongReset, "for a password that is gone");
        reset(&second, "N3wpass!").await.unwrap();
        assert_eq!(refused(reset(&second, "0ther!Pw").await), IdentityError::WrongReset, "used");
        assert!(town.log_in("ann", "N3wpass!", "a").await.is_ok());
    });
}

#[test]
fn what_an_admin_takes_away_is_gone_with_the_next_request() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        let stand = async |by: &Session, who: &UserId, standing: Standing, seen: Option<u64>| {
            town.run(async |run| identity::stand(&town.world, by, who, standing, seen, run).await).await
        };
        let viewer = Standing { role: Some(Role::Viewer.into()), ..Standing::default() };
        let trading = town.log_in("ann", GOOD, "a").await.unwrap();
        assert_eq!(refused(stand(&admin, &ann.id, viewer.clone(), Some(7)).await), IdentityError::VersionConflict(1));
        assert!(town.let_in(&trading.token).await.is_some());
        assert_eq!(stand(&admin, &ann.id, viewer.clone(), Some(1)).await.unwrap().version, 2);
        assert!(town.let_in(&trading.token).await.is_none());
        let looking = town.log_in("ann", GOOD, "a").await.unwrap();
        let herself = town.let_in(&looking.token).await.unwrap();
        assert!(!herself.may(domain::identity::Permission::WRITE));
        let greedy = Standing { role: Some(Role::Admin.into()), ..Standing::default() };
        assert_eq!(refused(stand(&herself, &ann.id, greedy.clone(), None).await), IdentityError::Oneself);
        assert_eq!(refused(stand(&herself, &admin.user, greedy, None).await), IdentityError::NoUser);
        assert_eq!(refused(stand(&admin, &admin.user, viewer, None).await), IdentityError::Oneself, "one stays");
        let out = Standing { active: Some(false), ..Standing::default() };
        stand(&admin, &ann.id, out, None).await.unwrap();
        assert!(town.let_in(&looking.token).await.is_none());
        assert_eq!(refused(town.log_in("ann", GOOD, "b").await), IdentityError::WrongCredentials);
        assert_eq!(town.user(&ann.id).await.role, Role::Viewer);
    });
}

#[test]
fn people_are_seen_by_themselves_and_by_admins() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let herself = town.enter("ann", GOOD).await;
        assert_eq!(identity::find(&town.world, &admin, &ann.id).await.unwrap().id, ann.id);
        assert_eq!(identity::find(&town.world, &herself, &ann.id).await.unwrap().id, ann.id);
        assert_eq!(refused(identity::find(&town.world, &herself, &admin.user).await), IdentityError::NoUser);
        let all =
            identity::list(&town.world, &PageRequest { limit: 9, cursor: None }, &Sought::default()).await.unwrap();
        assert_eq!(all.items.len(), 2);
    });
}

#[test]
fn a_session_is_renewed_for_a_month_and_no_longer() {
    check(async |town| {
        town.admin().await;
        let first = town.log_in("owner", GOOD, "a").await.unwrap();
        let (user, login) = (first.user.id.clone(), first.login.id.clone());
        let refresh =
            async || town.run(async |run| identity::refresh(&town.world, &town.proofs, &user, &login, run).await).await;
        let mut renewals = 0;
        let told = loop {
            town.pass(24 * 3_600 - 1_800);
            match refresh().await {
                Ok(renewed) => {
                    assert!(renewed.login.expires_at <= renewed.login.created_at.plus(limits::SESSION_AGE_MAX));
                }
                Err(told) => break told,
            }
            renewals += 1;
        };
        assert!((29..=31).contains(&renewals), "{renewals}");
        assert!(matches!(told, IdentityError::TooOld | IdentityError::NoSession | IdentityError::TooEarly), "{told:?}");
        town.pass(24 * 3_600);
        assert_eq!(refused(refresh().await), IdentityError::NoSession);
    });
}

#[test]
fn of_two_admins_who_take_each_others_role_one_stays() {
    check(async |town| {
        let first = town.admin().await;
        let second = town.register("second", Some(Role::Admin), Invited::By(&first)).await.unwrap();
        let her = town.enter("second", GOOD).await;
        let stand = async |by: &Session, who: &UserId| {
            let viewer = Standing { role: Some(Role::Viewer.into()), ..Standing::default() };
            town.run(async |run| identity::stand(&town.world, by, who, viewer, None, run).await).await
        };
        assert!(stand(&first, &second.id).await.is_ok());
        // She was let in before that, and comes to it only now.
        assert_eq!(refused(stand(&her, &first.user).await), IdentityError::LastAdmin);
        // As if she had looked before as well: the transaction finds out.
        let owner = town.user(&first.user).await;
        let viewer = User { role: Role::Viewer.into(), version: owner.version + 1, ..owner.clone() };
        let record = Audit {
            user: her.user.clone(),
            action: "change user".to_owned(),
            resource: owner.id.to_string(),
            reason: "test".to_owned(),
            before: None,
            after: None,
            at: town.now.get(),
            attempt: AttemptId::new("at-once".to_owned()),
            address: None,
            actor: None,
        };
        let replaced = Identity(&town.world).replace_user(&viewer, &owner, Some(&second.id), &record).await;
        assert_eq!(replaced, Ok(false));
        assert_eq!(town.user(&first.user).await.role, Role::Admin);
    });
}

/// A webhook token of somebody's, with its secret before.
async fn give_tokens(town: &Town, user: &UserId) {
    let secret = |of: &str, replaced| KeptToken {
        token: WebhookToken {
            id: TokenId::of(&["chart"]),
            user: user.clone(),
            hash: Sha::of_bytes(of.as_bytes()),
            account: None,
            exchange: None,
            expires_at: None,
            grant: Grant::default(),
        },
        label: Some("chart".to_owned()),
        hint: None,
        created_at: Some(town.now.get()),
        version: 1,
        replaced,
        revoked_at: None,
    };
    for (of, replaced) in [("before", true), ("now", false)] {
        let change = TokenChange { made: Some(secret(of, replaced)), ..TokenChange::default() };
        let record = on_record(town, user, &format!("{of} of {user}"));
        assert_eq!(Trading(&town.world).change_tokens(&change, &record).await, Ok(true));
    }
}

fn on_record(town: &Town, user: &UserId, attempt: &str) -> Audit {
    Audit {
        user: user.clone(),
        action: "test".to_owned(),
        resource: user.to_string(),
        reason: "test".to_owned(),
        before: None,
        after: None,
        at: town.now.get(),
        attempt: AttemptId::new(attempt.to_owned()),
        address: None,
        actor: None,
    }
}

/// Whether any of their webhook tokens, the log-in, or a new one lets in.
async fn comes_in(town: &Town, name: &str, user: &UserId, token: &Secret) -> (bool, bool, bool) {
    let tokens = Trading(&town.world).list_tokens(user).await.unwrap();
    assert_eq!(tokens.len(), 2);
    let by_token = tokens.iter().any(|kept| kept.revoked_at.is_none() || kept.token.is_live(town.now.get()));
    (by_token, town.let_in(token).await.is_some(), town.log_in(name, GOOD, "c").await.is_ok())
}

#[test]
fn who_may_not_come_in_does_by_no_session_and_no_webhook_token() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        give_tokens(&town, &ann.id).await;
        let inside = town.log_in("ann", GOOD, "a").await.unwrap();
        assert_eq!(comes_in(&town, "ann", &ann.id, &inside.token).await, (true, true, true));
        let out = Standing { active: Some(false), ..Standing::default() };
        town.run(async |run| identity::stand(&town.world, &admin, &ann.id, out, None, run).await).await.unwrap();
        assert_eq!(comes_in(&town, "ann", &ann.id, &inside.token).await, (false, false, false));
    });
}

#[test]
fn who_is_removed_is_gone_and_leaves_their_address_to_others() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        give_tokens(&town, &ann.id).await;
        let inside = town.log_in("ann", GOOD, "a").await.unwrap();
        let remove = async |by: &Session, who: &UserId, seen| {
            town.run(async |run| identity::remove(&town.world, by, who, seen, run).await).await
        };
        assert_eq!(refused(remove(&admin, &ann.id, Some(9)).await), IdentityError::VersionConflict(1));
        assert_eq!(refused(remove(&admin, &admin.user, None).await), IdentityError::Oneself);
        assert_eq!(comes_in(&town, "ann", &ann.id, &inside.token).await, (true, true, true));
        remove(&admin, &ann.id, Some(1)).await.unwrap();
        assert_eq!(comes_in(&town, "ann", &ann.id, &inside.token).await, (false, false, false));
        assert_eq!(refused(remove(&admin, &ann.id, None).await), IdentityError::NoUser);
        let heir = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        assert_ne!(heir.id, ann.id);
    });
}

#[test]
fn people_are_looked_for_by_what_is_known_of_them() {
    check(async |town| {
        let admin = town.admin().await;
        for (name, role) in [("ann", Role::Trader), ("anna", Role::Viewer), ("bob", Role::Trader)] {
            town.register(name, Some(role), Invited::By(&admin)).await.unwrap();
        }
        let find = async |sought: Sought| {
            let (mut names, mut cursor) = (Vec::new(), None);
            loop {
                let page = identity::list(&town.world, &PageRequest { limit: 1, cursor }, &sought).await.unwrap();
                assert!(page.items.len() <= 1);
                names.extend(page.items.into_iter().map(|user| user.username.to_string()));
                cursor = page.next;
                if cursor.is_none() {
                    names.sort();
                    return names.join(" ");
                }
            }
        };
        let ann = || Sought { text: Some("ANN".to_owned()), ..Sought::default() };
        assert_eq!(find(Sought::default()).await, "ann anna bob owner");
        assert_eq!(find(ann()).await, "ann anna");
        assert_eq!(find(Sought { role: Some(Role::Trader.into()), ..ann() }).await, "ann");
        assert_eq!(find(Sought { active: Some(false), ..Sought::default() }).await, "");
    });
}
