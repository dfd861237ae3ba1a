//! Which keys sign tokens, and which are still believed.
//!
//! One signs at a time. Once another does, it is believed for longer than whatever it has signed, and then forgotten.

use super::{IdentityError, Run};
use crate::conflict::retry_on_conflict;
use crate::ports::TokenKey;
use domain::clock::Timestamp;
use domain::limits;
use store::Engine;
use store::identity::Identity;

/// Makes a key the one that signs; done already, it changes nothing.
///
/// # Errors
/// `Contended`, or where the store cannot be reached.
pub async fn publish_key<D: Engine>(deps: &D, key: &TokenKey, run: Run<'_>) -> Result<(), IdentityError> {
    retry_on_conflict(IdentityError::Contended, || async {
        let seen = Identity(deps).load_token_keys().await?;
        if seen.contains(key) {
            return Ok(Some(()));
        }
        Ok(Identity(deps).publish_token_keys(&seen, &with(&seen, key, run.now)).await?.then_some(()))
    })
    .await
}

fn with(seen: &[TokenKey], key: &TokenKey, now: Timestamp) -> Vec<TokenKey> {
    let until = now.plus(limits::TOKEN_KEY_OVERLAP);
    let kept = seen.iter().filter(|kept| kept.id != key.id && kept.until.is_none_or(|until| now < until));
    let kept = kept.map(|kept| TokenKey { until: kept.until.or(Some(until)), ..kept.clone() });
    kept.chain([key.clone()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::Millis;

    fn key(id: &str, until: Option<Timestamp>) -> TokenKey {
        TokenKey { id: id.to_owned(), public: format!("{id}…"), until }
    }

    #[test]
    fn a_key_is_believed_for_a_while_after_another_signs() {
        let now = Timestamp::from_millis(1_000_000_000_000);
        let over = now.plus(limits::TOKEN_KEY_OVERLAP);
        let (soon, gone) = (Some(now.plus(Millis::new(1))), Some(now));
        let seen = [key("older", soon), key("oldest", gone), key("old", None)];
        let kept = with(&seen, &key("new", None), now);
        assert_eq!(kept, [key("older", soon), key("old", Some(over)), key("new", None)]);
        assert_eq!(with(&kept, &key("old", None), now).last(), Some(&key("old", None)), "it signs again");
    }
}
