//! Who asks in the tests of this function's routers.

use app::identity::Knock;
use app::ports::{Guarded, Session, StoreError};
use domain::identity::Role;
use domain::ids::{SessionId, UserId};

/// Ann: a token that names a role is a session of hers, and one that names it after `key:` is of her program; any other lets
/// nobody in.
pub(crate) fn admitted(knock: &Knock<'_>) -> Result<Guarded, StoreError> {
    let token = knock.token.expose();
    let (login, role) = match token.strip_prefix("key:") {
        Some(role) => (None, role),
        None => (Some(SessionId::of(&["s"])), token),
    };
    let Ok(role) = role.parse::<Role>() else { return Ok(Guarded::Unknown) };
    let scopes = role.permissions().iter().map(|may| may.as_str().to_owned()).collect();
    Ok(Guarded::Admitted(Session::new(UserId::of(&["ann"]), scopes, login)))
}
