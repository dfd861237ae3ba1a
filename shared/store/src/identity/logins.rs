//! Log-ins of people.

use super::Identity;
use super::keys;
use super::refresh::Refresh;
use crate::audit;
use crate::condition::{
    EXPIRY_AS_SEEN, NO_PLAN, NO_ROLE_VERSION, PLAN_AS_SEEN, PRESENT, ROLE_AS_SEEN, ROLE_VERSION_AS_SEEN, STILL_PERMITS,
    UNEXPIRED, VERSION_AS_SEEN,
};
use crate::engine::Engine;
use crate::engine::Written;
use crate::error::StoreError;
use crate::item::{from_item, number, number_of, text, time, to_item, ttl};
use crate::key::Table;
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::identity::{DefinitionName, Grant, Limits, Permission, Rates, Scope};
use domain::ids::{SessionId, UserId};
use domain::limits::SESSION_AGE_MAX;
use std::collections::BTreeSet;
use wire::stored::{self, Schema};
use wire::text::Text;

/// From where a person has logged in, as the edge saw it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    pub address: Option<String>,
    pub user_agent: Option<String>,
}

/// One log-in of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub id: SessionId,
    pub user: UserId,
    pub grant: Grant,
    pub origin: Origin,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// When it was last asked by.
    pub seen_at: Timestamp,
    /// None of a browser's session.
    pub refresh: Option<Refresh>,
    /// Whether a second factor was proven when it began.
    pub by_factor: bool,
    /// Whether its access token goes on to its end, and no further: a browser's, and one whose password was changed.
    pub not_renewed: bool,
}

impl Login {
    /// Until when its refresh token is good, if it has one.
    pub fn refreshable_until(&self) -> Option<Timestamp> {
        self.refresh.as_ref().map(|_| self.created_at.plus(SESSION_AGE_MAX))
    }

    /// When nothing lets in by it any more.
    pub fn ends_at(&self) -> Timestamp {
        self.refreshable_until().map_or(self.expires_at, |until| until.max(self.expires_at))
    }
}

impl<E: Engine> Identity<'_, E> {
    /// On record, where the user is at this version, and notes when they came; false where they were changed.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn open_login(&self, login: &Login, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        let came = Write::update(keys::user(&login.user))
            .set("last_login", time(login.created_at))
            .when(VERSION_AS_SEEN)
            .given("seen_version", number(seen));
        let opened = Write::insert(keys::login(&login.user, &login.id), &row(login))?;
        let opened = opened.set("ttl", ttl(login.ends_at()));
        let mut writes = vec![came, opened, audit::row_in(Table::Identity, audit)?];
        writes.extend(unchanged(&login.grant));
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// Those that are not over, oldest first; as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_logins(&self, user: &UserId, now: Timestamp) -> Result<Vec<Login>, StoreError> {
        let items = Rows(self.0).query(Table::Identity, &keys::of_logins(user), keys::LOGINS).await?;
        let logins = items.into_iter().map(seen);
        let mut logins: Vec<_> = logins.collect::<Result<_, _>>()?;
        logins.retain(|login| now < login.ends_at());
        logins.sort_by_key(|login| login.created_at);
        Ok(logins)
    }

    /// False where it was extended meanwhile, or is over.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn extend_login(&self, login: &Login, until: Timestamp) -> Result<bool, StoreError> {
        let write = Write::update(keys::login(&login.user, &login.id))
            .set("expires_at", time(until))
            .set("ttl", ttl(login.ends_at().max(until)))
            .when(EXPIRY_AS_SEEN)
            .given("seen_expires_at", time(login.expires_at));
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }

    /// From here on its token lets no longer in. Ending it again is success; false where it was not there.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn end_login(&self, user: &UserId, login: &SessionId) -> Result<bool, StoreError> {
        let write = Write::delete(keys::login(user, login)).when(PRESENT);
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }

    /// Of a log-in that is as it was seen; false where it was changed, or is over.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn grant_login(&self, seen: &Login, grant: &Grant) -> Result<bool, StoreError> {
        let mut said = to_item(&row(&Login { grant: grant.clone(), ..seen.clone() }))?;
        // The owner of the session was not there: it stays last seen when it was.
        let mut write = Write::update(keys::login(&seen.user, &seen.id)).set("updated_at", time(seen.seen_at));
        for name in ["scopes", "role_version", "plan", "plan_version", "limits", "rates"] {
            write = match said.remove(name) {
                Some(value) => write.set(name, value),
                None => write.remove(name),
            };
        }
        Ok(matches!(Rows(self.0).send(as_seen(write, &seen.grant)).await?, Written::Done(_)))
    }
}

/// A role and a plan of the deployment's own are as they were when the grant was computed.
pub(super) fn unchanged(grant: &Grant) -> Vec<Write> {
    let check = |(name, version): (DefinitionName, u64)| {
        let check = Write::check(keys::definition(&name)).when(VERSION_AS_SEEN);
        check.given("seen_version", number(version))
    };
    grant.sources().map(check).collect()
}

fn as_seen(write: Write, grant: &Grant) -> Write {
    let write = write.when(ROLE_AS_SEEN).given("seen_role", text(grant.role.as_str()));
    let write = match grant.role_version {
        0 => write.when(NO_ROLE_VERSION),
        version => write.when(ROLE_VERSION_AS_SEEN).given("seen_role_version", number(version)),
    };
    match grant.plan_version {
        0 => write.when(NO_PLAN),
        version => {
            let write = write.when(PLAN_AS_SEEN).given("seen_plan", text(grant.plan.as_str()));
            write.given("seen_plan_version", number(version))
        }
    }
}

/// The row of a log-in.
///
/// # Errors
/// See [`to_item`].
pub fn login_row(login: &Login) -> Result<Write, StoreError> {
    Ok(Write::replace(keys::login(&login.user, &login.id), to_item(&row(login))?))
}

fn row(login: &Login) -> stored::Login {
    stored::Login {
        v: Schema,
        id: Text(login.id.clone()),
        user: Text(login.user.clone()),
        role: Text(login.grant.role.clone()),
        scopes: Some(login.grant.scopes.iter().cloned().map(Text).collect()),
        role_version: Some(login.grant.role_version).filter(|version| *version > 0),
        plan_version: Some(login.grant.plan_version).filter(|version| *version > 0),
        plan: (!login.grant.plan.is_default()).then(|| Text(login.grant.plan.clone())),
        limits: stored::Limits::of(login.grant.limits),
        rates: stored::Rates::of(&login.grant.rates),
        address: login.origin.address.clone(),
        user_agent: login.origin.user_agent.clone(),
        created_at: login.created_at.millis(),
        expires_at: login.expires_at.millis(),
        minute: 0,
        requests: 0,
        refresh: login.refresh.as_ref().map(stored::Refresh::from),
        by_factor: login.by_factor,
        not_renewed: login.not_renewed,
    }
}

/// Every write says when it was made, and each request that is counted is one.
fn seen(item: Item) -> Result<Login, StoreError> {
    let seen_at = number_of(&item, "updated_at").map(Timestamp::from_millis);
    let login = read(from_item(item)?)?;
    Ok(Login { seen_at: seen_at.unwrap_or(login.created_at), ..login })
}

/// Rows from before there were roles of one's own hold a built-in one's name alone.
pub(super) fn read(row: stored::Login) -> Result<Login, StoreError> {
    let grant = Grant {
        scopes: scopes(&row),
        role_version: row.role_version.unwrap_or_default(),
        plan_version: row.plan_version.unwrap_or_default(),
        plan: row.plan.map(|plan| plan.0).unwrap_or_default(),
        limits: row.limits.map(Limits::from).unwrap_or_default(),
        rates: row.rates.map(Rates::try_from).transpose().map_err(StoreError::unreadable)?.unwrap_or_default(),
        role: row.role.0,
    };
    Ok(Login {
        id: row.id.0,
        user: row.user.0,
        grant,
        origin: Origin { address: row.address, user_agent: row.user_agent },
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
        seen_at: Timestamp::from_millis(row.created_at),
        refresh: row.refresh.map(Refresh::from),
        by_factor: row.by_factor,
        not_renewed: row.not_renewed,
    })
}

pub(super) fn scopes(row: &stored::Login) -> BTreeSet<Scope> {
    let built_in = || row.role.0.built_in().map(|role| Grant::from(role).scopes).unwrap_or_default();
    row.scopes.as_ref().map_or_else(built_in, |scopes| scopes.iter().map(|scope| scope.0.clone()).collect())
}

/// In a transaction: this log-in is not over, and permits it.
pub fn may_still(user: &UserId, login: &SessionId, what: Permission, now: Timestamp) -> Write {
    let still = Write::check(keys::login(user, login)).when(UNEXPIRED).given("now", time(now));
    still.when(STILL_PERMITS).given("scope", text(what.as_str()))
}
