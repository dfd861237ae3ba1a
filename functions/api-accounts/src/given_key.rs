//! A venue's key, as a request brings it. It is taken out of the body, and repeated nowhere.

use crate::given::{Given, required};
use app::accounts::NewKey;
use app::ports::{Secret, VenueKey};
use domain::limits::{API_KEY_CHARACTERS_MAX, API_SECRET_CHARACTERS_MAX, PASSPHRASE_CHARACTERS_MAX};
use lambda::edge::Problem;

pub(crate) const MEMBERS: [&str; 4] = ["api_key", "api_secret", "passphrase", "allow_withdrawals"];
/// In writing: whoever has not read it has not written it.
pub(crate) const INSISTED: &str = "I understand that this key can withdraw";

/// Of a key that takes the place of one.
pub(crate) const SAME_ACCOUNT: &str = "same_account";

/// None where the body names nothing of a key.
pub(crate) fn new_key(given: &mut Given) -> Result<Option<NewKey>, Problem> {
    if !MEMBERS.iter().any(|name| given.says(name)) {
        return Ok(None);
    }
    let insisted = match given.text("allow_withdrawals")? {
        None => false,
        Some(INSISTED) => true,
        Some(_) => {
            return Err(Problem::field(
                "allow_withdrawals",
                format!("allow_withdrawals must be left out, or say \"{INSISTED}\""),
            ));
        }
    };
    let api_key = part(given, "api_key", API_KEY_CHARACTERS_MAX, |_| false)?.ok_or_else(|| required("api_key"))?;
    // A private key is a text of several lines.
    let secret = part(given, "api_secret", API_SECRET_CHARACTERS_MAX, |c| matches!(c, ' ' | '\n'))?;
    let api_secret = secret.ok_or_else(|| required("api_secret"))?;
    let passphrase = part(given, "passphrase", PASSPHRASE_CHARACTERS_MAX, |c| c == ' ')?;
    Ok(Some(NewKey { key: VenueKey { api_key, api_secret, passphrase }, insisted, same_account: false }))
}

fn part(given: &mut Given, name: &str, max: usize, blank: fn(char) -> bool) -> Result<Option<Secret>, Problem> {
    let Some(text) = given.take(name)? else { return Ok(None) };
    let secret = Secret::new(text);
    let plain = secret.expose().chars().all(|c| c.is_ascii_graphic() || blank(c));
    let fits = (1..=max).contains(&secret.expose().len());
    let allowed = || format!("{name} must have 1 to {max} printable ASCII characters, as the exchange shows it");
    if plain && fits { Ok(Some(secret)) } else { Err(Problem::field(name, allowed())) }
}
