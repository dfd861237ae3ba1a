//! An exchange key, as a request brings it. It is moved out of the body, and repeated nowhere.

use app::accounts::NewKey;
use app::ports::{Secret, VenueKey};
use lambda::edge::Problem;
use wire::member::{ApiKey, ApiSecret, Insisted, Passphrase};

pub(crate) fn of(
    api_key: ApiKey,
    api_secret: ApiSecret,
    passphrase: Option<Passphrase>,
    insisted: Option<Insisted>,
) -> NewKey {
    let key = VenueKey {
        api_key: Secret::new(api_key.into_text()),
        api_secret: Secret::new(api_secret.into_text()),
        passphrase: passphrase.map(|passphrase| Secret::new(passphrase.into_text())),
    };
    NewKey { key, insisted: insisted.is_some(), same_account: false }
}

/// None where the body names nothing of a key.
pub(crate) fn read(
    api_key: Option<ApiKey>,
    api_secret: Option<ApiSecret>,
    passphrase: Option<Passphrase>,
    insisted: Option<Insisted>,
) -> Result<Option<NewKey>, Problem> {
    let required = |name: &str| Problem::field(name, format!("{name} is required"));
    match (api_key, api_secret) {
        (None, None) if passphrase.is_none() && insisted.is_none() => Ok(None),
        (Some(api_key), Some(api_secret)) => Ok(Some(of(api_key, api_secret, passphrase, insisted))),
        (None, _) => Err(required("api_key")),
        (Some(_), None) => Err(required("api_secret")),
    }
}
