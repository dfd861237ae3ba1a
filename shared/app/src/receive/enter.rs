//! Who may send.

use super::{KnownTokens, RawAlert, ReceiveError};
use crate::ports::StoreError;
use domain::clock::Timestamp;
use domain::ids::{Sha, TokenId, UserId};
use domain::token::{NotGranted, WebhookToken};
use store::Engine;
use store::trading::Trading;
use subtle::ConstantTimeEq;
use wire::alert::{Opened, Secret, open};

/// An alert that was let in, its secret cut out.
#[derive(Debug)]
pub(super) struct Entered {
    pub(super) token: WebhookToken,
    pub(super) body: Opened,
    /// Where its token takes no alerts from there.
    pub(super) refused: Option<NotGranted>,
}

/// Every request takes the same way with one look-up, so that neither answer nor time tells users from strangers.
pub(super) async fn enter<D: Engine>(
    deps: &D,
    known: &KnownTokens,
    raw: &RawAlert<'_>,
    now: Timestamp,
) -> Result<Entered, ReceiveError> {
    let body = open(raw.body);
    let secret = raw.secret.clone().or_else(|| body.secret.clone()).unwrap_or_else(|| Secret::new(""));
    let user = UserId::parse(raw.user).unwrap_or_else(|_| UserId::of(&["nobody"]));
    let hash = Sha::of_bytes(secret.expose().as_bytes());
    let token = find(deps, known, &user, &hash, now).await?;
    let token = token.filter(|token| opens(token, &user, &hash, now)).ok_or(ReceiveError::Unauthorized)?;
    let refused = token.grant.sent_from(raw.source_ip.as_deref()).err();
    if known.admit(&counted(&token, refused.as_ref()), now) {
        let body = body.without(&secret).on(token.exchange.as_ref());
        Ok(Entered { token, body, refused })
    } else {
        Err(ReceiveError::TooFast)
    }
}

async fn find<D: Engine>(
    deps: &D,
    known: &KnownTokens,
    user: &UserId,
    hash: &Sha,
    now: Timestamp,
) -> Result<Option<WebhookToken>, StoreError> {
    if let Some(token) = known.token(user, hash, now) {
        return Ok(Some(token));
    }
    let found = Trading(deps).find_token(user, hash).await?;
    if let Some(token) = &found {
        known.keep(token.clone(), now);
    }
    Ok(found)
}

/// Whoever has learnt the secret takes nothing of the rate of those that may send.
fn counted(token: &WebhookToken, refused: Option<&NotGranted>) -> TokenId {
    refused.map_or_else(|| token.id.clone(), |not| TokenId::of(&[token.id.as_str(), not.reason.as_str()]))
}

fn opens(token: &WebhookToken, user: &UserId, hash: &Sha, now: Timestamp) -> bool {
    let same = token.hash.as_str().as_bytes().ct_eq(hash.as_str().as_bytes());
    bool::from(same) && token.user == *user && token.is_live(now)
}
