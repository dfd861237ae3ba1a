//! People, their log-ins, and what is counted and handed out on the way in.

use super::World;
use super::definition::{reckoned_by, taken};
use super::item::{Item, Windows, key};
use super::readback::paged;
use super::session::count;
use super::table::{Action, Refused, Write};
use crate::sim::Op;
use app::ports::{
    Audit, ChangeUser, CountAddress, CreateUser, FindBootstrap, FindUser, GrantLogin, GuardLogin, Guarded, KeepLogin,
    KeepReset, KeepTokenKeys, ListUsers, Login, MindGuesses, Page, PageRequest, Reset, Session, StoreError, TokenKey,
    Visit,
};
use domain::audit::Shelf;
use domain::clock::{Millis, Timestamp};
use domain::identity::{Email, Grant, Guesses, Permission, User, Username};
use domain::ids::{AttemptId, SessionId, Sha, UserId};

impl World {
    /// False where a guard did not hold.
    pub(super) fn all_or_none(&self, actions: Vec<Action<'_>>, stamp: Option<&AttemptId>) -> Result<bool, StoreError> {
        let now = self.sim().now();
        match self.table_mut().transact(actions, stamp, now) {
            Ok(()) => Ok(true),
            Err(Refused::Guard) => Ok(false),
            Err(Refused::Limit(what)) => {
                self.sim().violation(&*what);
                Err(StoreError::Unavailable(what))
            }
        }
    }
}

pub(super) fn on_record(audit: &Audit) -> Action<'_> {
    Action::record(Shelf::Identity, audit)
}

pub(super) fn changed(user: &User, seen: u64) -> Action<'_> {
    let is_seen = move |item: &Item| matches!(item, Item::User(user) if user.version == seen);
    Action::update(key::user(&user.id), is_seen, |item| {
        if let Item::User(kept) = item {
            *kept = User { last_login: kept.last_login, ..user.clone() };
        }
    })
}

impl FindUser for World {
    async fn find_email(&self, email: &Email) -> Result<Option<UserId>, StoreError> {
        self.call(Op::read("find_email"), |world| world.entry(&key::email(email))).await
    }

    async fn find_username(&self, username: &Username) -> Result<Option<UserId>, StoreError> {
        self.call(Op::read("find_username"), |world| world.entry(&key::username(username))).await
    }

    async fn load_user(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        self.try_call(Op::read("load_user"), |world| {
            world.readable(user.as_str())?;
            Ok(world.table().get(&key::user(user)).and_then(user_of))
        })
        .await
    }
}

impl World {
    fn entry(&self, key: &str) -> Option<UserId> {
        if let Some(Item::UserEntry(user)) = self.table().get(key) { Some(user.clone()) } else { None }
    }
}

impl ListUsers for World {
    async fn list_users(&self, page: &PageRequest) -> Result<Page<User>, StoreError> {
        let users =
            self.call(Op::read("list_users"), |world| world.table().items().filter_map(user_of).collect()).await?;
        // What is paged goes backwards, and people stand by their ids.
        Ok(paged(users, page, |user: &User| user.id.to_string().chars().map(mirrored).collect()))
    }
}

/// So that a larger text sorts first.
fn mirrored(letter: char) -> char {
    char::from_u32(0x7f_u32.saturating_sub(u32::from(letter))).unwrap_or(letter)
}

impl CreateUser for World {
    async fn create_user(&self, user: &User, code: Option<&Sha>, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("create_user"), |world| {
            let entry = || Item::UserEntry(user.id.clone());
            let mut actions = vec![
                Action::put_on_absence(key::user(&user.id), Item::User(user.clone())),
                Action::put_on_absence(key::email(&user.email), entry()),
                Action::put_on_absence(key::username(&user.username), entry()),
                on_record(audit),
            ];
            actions.extend(taken(user));
            if let Some(code) = code {
                let is_good = |item: &Item| matches!(item, Item::Bootstrap(b) if !b.spent && b.code == *code);
                actions.push(Action::update(key::BOOTSTRAP.to_owned(), is_good, |item| {
                    if let Item::Bootstrap(bootstrap) = item {
                        bootstrap.spent = true;
                    }
                }));
                let lives = |item: &Item| matches!(item, Item::Session { expires_at, .. } if audit.at < *expires_at);
                actions.push(Action::require(key::session(code), lives));
            }
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }
}

impl ChangeUser for World {
    async fn change_user(
        &self,
        user: &User,
        seen: u64,
        reset: Option<&Sha>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("change_user"), |world| {
            let mut actions = vec![changed(user, seen), on_record(audit)];
            if let Some(reset) = reset {
                let guard = Box::new(|row: Option<&Item>| row.is_some());
                actions.push(Action { key: key::reset(reset), guard, write: Write::Delete });
            }
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }
}

impl KeepLogin for World {
    async fn open_login(&self, login: &Login, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("open_login"), |world| {
            let is_seen = move |item: &Item| matches!(item, Item::User(user) if user.version == seen);
            let came = |item: &mut Item| {
                if let Item::User(user) = item {
                    user.last_login = Some(login.created_at);
                }
            };
            let item = Item::Login { login: login.clone(), windows: Windows::default() };
            let mut actions = vec![
                Action::update(key::user(&login.user), is_seen, came),
                Action::put_on_absence(key::login(&login.user, &login.id), item),
                on_record(audit),
            ];
            actions.extend(reckoned_by(&login.grant));
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }

    async fn list_logins(&self, user: &UserId, now: Timestamp) -> Result<Vec<Login>, StoreError> {
        self.call(Op::read("list_logins"), |world| {
            let mut logins: Vec<_> = world.table().prefixed(key::logins(user)).filter_map(login_of).collect();
            logins.retain(|login| now < login.expires_at);
            logins.sort_by_key(|login| login.created_at);
            logins
        })
        .await
    }

    async fn extend_login(&self, login: &Login, until: Timestamp) -> Result<bool, StoreError> {
        self.try_call(Op::effect("extend_login"), |world| {
            let is_seen =
                |item: &Item| matches!(item, Item::Login { login: l, .. } if l.expires_at == login.expires_at);
            let extend = |item: &mut Item| {
                if let Item::Login { login, .. } = item {
                    login.expires_at = until;
                }
            };
            world.all_or_none(vec![Action::update(key::login(&login.user, &login.id), is_seen, extend)], None)
        })
        .await
    }

    async fn end_login(&self, user: &UserId, login: &SessionId) -> Result<bool, StoreError> {
        self.try_call(Op::effect("end_login"), |world| {
            let guard = Box::new(|row: Option<&Item>| row.is_some());
            world.all_or_none(vec![Action { key: key::login(user, login), guard, write: Write::Delete }], None)
        })
        .await
    }
}

impl GrantLogin for World {
    async fn grant_login(&self, seen: &Login, grant: &Grant) -> Result<bool, StoreError> {
        let mark = |grant: &Grant| (grant.role.clone(), grant.role_version, grant.plan.clone(), grant.plan_version);
        self.try_call(Op::effect("grant_login"), |world| {
            let is_seen =
                |item: &Item| matches!(item, Item::Login { login, .. } if mark(&login.grant) == mark(&seen.grant));
            let say = |item: &mut Item| {
                if let Item::Login { login, .. } = item {
                    // Its role is what it was opened with.
                    login.grant = Grant { role: login.grant.role.clone(), ..grant.clone() };
                }
            };
            world.all_or_none(vec![Action::update(key::login(&seen.user, &seen.id), is_seen, say)], None)
        })
        .await
    }
}

impl GuardLogin for World {
    async fn guard_login(&self, user: &UserId, login: &SessionId, visit: Visit) -> Result<Guarded, StoreError> {
        self.call(Op::effect("guard_login"), |world| {
            let key = key::login(user, login);
            let stored = world.table().get(&key).cloned();
            let Some(Item::Login { login, mut windows }) = stored else { return Guarded::Unknown };
            if let Err(refused) = count(login.expires_at, &login.grant.rates, &mut windows, visit) {
                return refused;
            }
            let scopes = login.grant.scopes.iter().map(ToString::to_string).collect();
            let session = Session::new(login.user.clone(), scopes, Some(login.id.clone()));
            let counted = windows.clone().into_iter().collect();
            let session = Session { limits: login.grant.limits, counted, ..session };
            let login = Login { seen_at: visit.now, ..login };
            let put = Action::put(key, Item::Login { login, windows });
            let _always = world.table_mut().transact(vec![put], None, visit.now);
            Guarded::Admitted(session)
        })
        .await
    }
}

impl MindGuesses for World {
    async fn load_guesses(&self, subject: &Sha) -> Result<Option<Guesses>, StoreError> {
        self.call(Op::read("load_guesses"), |world| {
            if let Some(Item::Guesses(guesses)) = world.table().get(&key::guesses(subject)) {
                Some(*guesses)
            } else {
                None
            }
        })
        .await
    }

    async fn count_guess(
        &self,
        subject: &Sha,
        seen: Option<Guesses>,
        counted: Guesses,
        _forgotten_at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("count_guess"), |world| {
            let guard = Box::new(move |row: Option<&Item>| {
                let kept = if let Some(Item::Guesses(kept)) = row { Some(*kept) } else { None };
                kept == seen
            });
            let write = Write::Put(Item::Guesses(counted));
            world.all_or_none(vec![Action { key: key::guesses(subject), guard, write }], None)
        })
        .await
    }

    async fn forget_guesses(&self, subject: &Sha) -> Result<(), StoreError> {
        self.try_call(Op::effect("forget_guesses"), |world| {
            let guard = Box::new(|_: Option<&Item>| true);
            world.all_or_none(vec![Action { key: key::guesses(subject), guard, write: Write::Delete }], None).map(drop)
        })
        .await
    }
}

impl CountAddress for World {
    async fn count_address(&self, subject: &Sha, most: u32, now: Timestamp) -> Result<Option<Millis>, StoreError> {
        self.call(Op::effect("count_address"), |world| {
            let (minute, passed) = (now.millis().div_euclid(60_000), now.millis().rem_euclid(60_000));
            let before = match world.table().get(&key::door(subject)) {
                Some(Item::Door { minute: of, requests }) if *of == minute => *requests,
                _ => 0,
            };
            if before >= most {
                return Some(Millis::new(60_000 - passed));
            }
            let put = Action::put(key::door(subject), Item::Door { minute, requests: before + 1 });
            let _always = world.table_mut().transact(vec![put], None, now);
            None
        })
        .await
    }
}

impl KeepReset for World {
    async fn keep_reset(&self, reset: &Reset, user: &User, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("keep_reset"), |world| {
            let put = Action::put_on_absence(key::reset(&reset.hash), Item::Reset(reset.clone()));
            world.all_or_none(vec![changed(user, seen), put, on_record(audit)], Some(&audit.attempt))
        })
        .await
    }

    async fn find_reset(&self, hash: &Sha) -> Result<Option<Reset>, StoreError> {
        self.call(Op::read("find_reset"), |world| {
            if let Some(Item::Reset(reset)) = world.table().get(&key::reset(hash)) { Some(reset.clone()) } else { None }
        })
        .await
    }
}

impl FindBootstrap for World {
    async fn find_bootstrap(&self) -> Result<Option<app::ports::Bootstrap>, StoreError> {
        self.call(Op::read("find_bootstrap"), |world| {
            if let Some(Item::Bootstrap(found)) = world.table().get(key::BOOTSTRAP) {
                Some(found.clone())
            } else {
                None
            }
        })
        .await
    }
}

impl KeepTokenKeys for World {
    async fn load_token_keys(&self) -> Result<Vec<TokenKey>, StoreError> {
        self.call(Op::read("load_token_keys"), |world| keys_of(world.table().get(key::TOKEN_KEYS))).await
    }

    async fn publish_token_keys(&self, seen: &[TokenKey], keys: &[TokenKey]) -> Result<bool, StoreError> {
        self.try_call(Op::effect("publish_token_keys"), |world| {
            let guard = Box::new(|row: Option<&Item>| keys_of(row) == seen);
            let write = Write::Put(Item::TokenKeys(keys.to_vec()));
            world.all_or_none(vec![Action { key: key::TOKEN_KEYS.to_owned(), guard, write }], None)
        })
        .await
    }
}

fn keys_of(row: Option<&Item>) -> Vec<TokenKey> {
    if let Some(Item::TokenKeys(keys)) = row { keys.clone() } else { Vec::new() }
}

fn user_of(item: &Item) -> Option<User> {
    if let Item::User(user) = item { Some(user.clone()) } else { None }
}

fn login_of(item: &Item) -> Option<Login> {
    if let Item::Login { login, .. } = item { Some(login.clone()) } else { None }
}

/// In a transaction: this log-in is not over, and permits it.
pub(super) fn may_still<'a>(user: &UserId, login: &SessionId, what: Permission, now: Timestamp) -> Action<'a> {
    Action::require(key::login(user, login), move |item| {
        login_of(item).is_some_and(|login| {
            now < login.expires_at && login.grant.scopes.iter().any(|scope| scope.as_str() == what.as_str())
        })
    })
}
