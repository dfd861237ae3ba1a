//! Keys of venues as they are sealed and shown.

use crate::ports::{Secret, VaultError, VenueKey};
use domain::ids::AccountId;
use wire::sealed_key::{KeyText, NoKey};
use wire::text::Text;

impl VenueKey {
    /// What is sealed of it, for this account and no other.
    ///
    /// # Errors
    /// Where it cannot be written; it is never repeated.
    pub fn plain(&self, account: &AccountId) -> Result<Secret, VaultError> {
        let copy = |secret: &Secret| secret.expose().to_owned();
        let text = KeyText {
            api_key: copy(&self.api_key),
            api_secret: copy(&self.api_secret),
            passphrase: self.passphrase.as_ref().map(copy),
            account: Some(Text(account.clone())),
        };
        let plain = text.encode().map_err(refused)?;
        Ok(Secret::new(plain.as_str().to_owned()))
    }

    /// # Errors
    /// Where something else was sealed, or another account's key.
    pub fn of_plain(plain: &Secret, account: &AccountId) -> Result<Self, VaultError> {
        let mut text = KeyText::decode(plain.expose()).map_err(refused)?;
        if text.account.as_ref().is_some_and(|sealed_for| sealed_for.0 != *account) {
            return Err(VaultError::Refused("it was sealed for another account".to_owned()));
        }
        let take = |part: &mut String| Secret::new(std::mem::take(part));
        let (api_key, api_secret) = (take(&mut text.api_key), take(&mut text.api_secret));
        Ok(Self { api_key, api_secret, passphrase: text.passphrase.take().map(Secret::new) })
    }

    /// As a key is shown, once and later: `abcd…wxyz`, and nothing of a short one.
    pub fn masked(&self) -> String {
        const SHOWN: usize = 4;
        let key: Vec<char> = self.api_key.expose().chars().collect();
        let part = |characters: Option<&[char]>| characters.map(String::from_iter).unwrap_or_default();
        if key.len() < SHOWN * 4 {
            return "…".to_owned();
        }
        format!(
            "{}…{}",
            part(key.first_chunk::<SHOWN>().map(|c| &c[..])),
            part(key.last_chunk::<SHOWN>().map(|c| &c[..]))
        )
    }
}

fn refused(why: NoKey) -> VaultError {
    VaultError::Refused(why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(api_key: &str) -> VenueKey {
        let secret = |text: &str| Secret::new(text.to_owned());
        VenueKey { api_key: secret(api_key), api_secret: secret("s"), passphrase: Some(secret("p")) }
    }

    #[test]
    fn a_key_is_shown_by_its_ends_and_a_short_one_not_at_all() {
        let check = |text: &str, shown: &str| assert_eq!(key(text).masked(), shown, "{text}");
        check("abcd56789012wxyz", "abcd…wxyz");
        check("abcd5678901wxyz", "…");
        check("", "…");
    }

    #[test]
    fn a_key_comes_back_with_all_its_parts() {
        let account = AccountId::of(&["it"]);
        let plain = key("abc").plain(&account).unwrap();
        let read = VenueKey::of_plain(&plain, &account).unwrap();
        let parts = (read.api_key.expose(), read.api_secret.expose(), read.passphrase.as_ref().map(Secret::expose));
        assert_eq!(parts, ("abc", "s", Some("p")));
        assert!(VenueKey::of_plain(&Secret::new("plain".to_owned()), &account).is_err());
        assert!(VenueKey::of_plain(&plain, &AccountId::of(&["another"])).is_err(), "another account's");
        let earlier = Secret::new(r#"{"api_key":"abc","api_secret":"s"}"#.to_owned());
        assert!(VenueKey::of_plain(&earlier, &account).is_ok(), "an earlier release's says no account");
    }
}
