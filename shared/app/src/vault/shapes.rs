//! What is sealed, and who has opened it, as it is stored and sent.

use crate::ports::{Binding, Credential, Lease, LeaseTaken, Sealed, Secret, VaultError, VenueKey};
use domain::clock::Timestamp;
use domain::ids::AccountId;
use wire::sealed_key::{KeyText, NoKey};
use wire::stored::{self, Schema};
use wire::text::{Base64, Text};

impl From<&Sealed> for stored::Sealed {
    fn from(sealed: &Sealed) -> Self {
        Self {
            form: sealed.form,
            wrapped_key: Base64(sealed.wrapped_key.clone()),
            nonce: Base64(sealed.nonce.clone()),
            cipher_text: Base64(sealed.cipher_text.clone()),
            kms_key: sealed.kms_key.clone(),
            sealed_at: sealed.sealed_at.millis(),
        }
    }
}

impl From<stored::Sealed> for Sealed {
    fn from(row: stored::Sealed) -> Self {
        Self {
            form: row.form,
            wrapped_key: row.wrapped_key.0,
            nonce: row.nonce.0,
            cipher_text: row.cipher_text.0,
            kms_key: row.kms_key,
            sealed_at: Timestamp::from_millis(row.sealed_at),
        }
    }
}

impl From<&Credential> for stored::Credential {
    fn from(credential: &Credential) -> Self {
        Self {
            v: Schema,
            id: Text(credential.id.clone()),
            user: Text(credential.user.clone()),
            kind: Text(credential.kind),
            masked: credential.masked.clone(),
            insisted: credential.insisted,
            created_at: credential.created_at.millis(),
            sealed: stored::Sealed::from(&credential.sealed),
        }
    }
}

impl From<stored::Credential> for Credential {
    fn from(row: stored::Credential) -> Self {
        Self {
            id: row.id.0,
            user: row.user.0,
            kind: row.kind.0,
            masked: row.masked,
            insisted: row.insisted,
            created_at: Timestamp::from_millis(row.created_at),
            sealed: row.sealed.into(),
        }
    }
}

impl From<&LeaseTaken> for stored::KeyLease {
    fn from(LeaseTaken { binding, lease, at, until }: &LeaseTaken) -> Self {
        Self {
            v: Schema,
            credential: Text(binding.credential.clone()),
            user: Text(binding.user.clone()),
            kind: Text(binding.kind),
            function: lease.function.clone(),
            why: lease.why.clone(),
            at: at.millis(),
            until: until.millis(),
            attempt: Text(lease.attempt.clone()),
        }
    }
}

impl From<stored::KeyLease> for LeaseTaken {
    fn from(row: stored::KeyLease) -> Self {
        Self {
            binding: Binding { user: row.user.0, credential: row.credential.0, kind: row.kind.0 },
            lease: Lease { function: row.function, why: row.why, attempt: row.attempt.0 },
            at: Timestamp::from_millis(row.at),
            until: Timestamp::from_millis(row.until),
        }
    }
}

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
