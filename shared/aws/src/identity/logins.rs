//! Log-ins of people.

use crate::audit;
use crate::client::Aws;
use crate::condition::{EXPIRY_AS_SEEN, PRESENT, VERSION_AS_SEEN};
use crate::config::Place;
use crate::item::{from_item, number, time, ttl};
use crate::keys;
use crate::send::Written;
use crate::stamp;
use crate::write::Write;
use app::ports::{Audit, KeepLogin, Login, Origin, StoreError};
use domain::clock::Timestamp;
use domain::ids::{SessionId, UserId};
use wire::stored::{self, Schema};
use wire::text::Text;

impl KeepLogin for Aws {
    async fn open_login(&self, login: &Login, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        let came = Write::update(keys::user(&login.user))
            .set("last_login", time(login.created_at))
            .when(VERSION_AS_SEEN)
            .given("seen_version", number(seen));
        let opened = Write::insert(keys::login(&login.user, &login.id), &row(login))?;
        let opened = opened.set("ttl", ttl(login.expires_at));
        let writes = vec![came, opened, audit::row_in(Place::Identity, audit)?];
        self.all_or_none(writes, &audit.attempt).await
    }

    async fn list_logins(&self, user: &UserId, now: Timestamp) -> Result<Vec<Login>, StoreError> {
        let items = self.query(Place::Identity, &keys::of_user(user), keys::LOGINS).await?;
        let rows = items.into_iter().map(from_item::<stored::Login>).collect::<Result<Vec<_>, _>>()?;
        let mut logins: Vec<_> = rows.into_iter().map(read).filter(|login| now < login.expires_at).collect();
        logins.sort_by_key(|login| login.created_at);
        Ok(logins)
    }

    async fn extend_login(&self, login: &Login, until: Timestamp) -> Result<bool, StoreError> {
        let write = Write::update(keys::login(&login.user, &login.id))
            .set("expires_at", time(until))
            .set("ttl", ttl(until))
            .when(EXPIRY_AS_SEEN)
            .given("seen_expires_at", time(login.expires_at));
        Ok(matches!(self.write(write, &stamp::fresh()?).await?, Written::Done(_)))
    }

    async fn end_login(&self, user: &UserId, login: &SessionId) -> Result<bool, StoreError> {
        let write = Write::delete(keys::login(user, login)).when(PRESENT);
        Ok(matches!(self.write(write, &stamp::fresh()?).await?, Written::Done(_)))
    }
}

fn row(login: &Login) -> stored::Login {
    stored::Login {
        v: Schema,
        id: Text(login.id.clone()),
        user: Text(login.user.clone()),
        role: Text(login.role),
        address: login.origin.address.clone(),
        user_agent: login.origin.user_agent.clone(),
        created_at: login.created_at.millis(),
        expires_at: login.expires_at.millis(),
        minute: 0,
        requests: 0,
    }
}

fn read(row: stored::Login) -> Login {
    Login {
        id: row.id.0,
        user: row.user.0,
        role: row.role.0,
        origin: Origin { address: row.address, user_agent: row.user_agent },
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    }
}
