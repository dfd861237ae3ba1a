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

/// Without the blanks around it, and with the line breaks of Windows as all others are: they are pasted along.
fn part(given: &mut Given, name: &str, max: usize, blank: fn(char) -> bool) -> Result<Option<Secret>, Problem> {
    let Some(text) = given.take(name)? else { return Ok(None) };
    let pasted = Secret::new(text);
    let secret = Secret::new(pasted.expose().trim().replace("\r\n", "\n"));
    let strange = secret.expose().chars().find(|c| !c.is_ascii_graphic() && !blank(*c));
    let fits = (1..=max).contains(&secret.expose().len());
    if strange.is_none() && fits {
        return Ok(Some(secret));
    }
    let holds = strange.map(|c| format!(": it holds {}", named(c))).unwrap_or_default();
    let allowed = format!("{name} must have 1 to {max} printable ASCII characters, as the exchange shows it{holds}");
    Err(Problem::field(name, allowed))
}

/// What kind of character it is: it may be of a secret, and is not repeated.
fn named(c: char) -> &'static str {
    match c {
        '\n' | '\r' => "a line break",
        '\t' => "a tab",
        _ if c.is_whitespace() => "a blank",
        _ if c.is_control() => "a control character",
        _ => "a character that is not ASCII",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(api_key: &str, api_secret: &str) -> Result<(String, String), String> {
        let body = json!({"api_key": api_key, "api_secret": api_secret}).to_string();
        let mut given = Given::read(body.as_bytes(), &MEMBERS).map_err(|_| "no body".to_owned())?;
        match new_key(&mut given) {
            Ok(new) => {
                let key = new.ok_or("nothing")?.key;
                Ok((key.api_key.expose().to_owned(), key.api_secret.expose().to_owned()))
            }
            Err(problem) => Err(format!("{problem:?}")),
        }
    }

    /// As people paste what Coinbase shows them (https://github.com/ccxt/ccxt/issues/25006, https://github.com/ccxt/ccxt/issues/21226,
    /// https://github.com/Lumiwealth/lumibot/pull/995).
    #[test]
    fn a_key_is_read_however_it_was_pasted() {
        let (name, key) =
            ("organizations/1/apiKeys/2", "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n");
        let read_as = Ok((name.to_owned(), key.trim().to_owned()));
        assert_eq!(read(name, key), read_as);
        assert_eq!(read(name, &key.replace('\n', "\r\n")), read_as);
        assert_eq!(read(&format!(" {name} \n"), &format!("\r\n {key} \n\n")), read_as);
        let escaped = key.trim().replace('\n', "\\n");
        assert_eq!(read(name, &escaped), Ok((name.to_owned(), escaped.clone())), "its exchange unescapes it");
    }

    #[test]
    fn what_a_key_holds_that_it_must_not_is_named_and_not_repeated() {
        for (secret, holds) in [
            ("a\rbc", "it holds a line break"),
            ("a\tbc", "it holds a tab"),
            ("a\u{a0}bc", "it holds a blank"),
            ("a\u{7}bc", "it holds a control character"),
            ("a\u{2013}bc", "it holds a character that is not ASCII"),
            (" \n ", "as the exchange shows it"),
        ] {
            let wrong = read("key", secret).unwrap_err();
            assert!(wrong.contains("api_secret must have 1 to") && wrong.contains(holds), "{secret:?}: {wrong}");
            assert!(!wrong.contains("bc\""), "{wrong}");
        }
        assert!(read("k\ney", "secret").unwrap_err().contains("api_key must have"));
    }
}
