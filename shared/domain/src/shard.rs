//! Shards: how work that is looked for by time is spread, so that no index partition holds all of it.

use crate::ids::Sha;
use crate::limits;

/// The shard of what `key` names (an account or a user), below [`limits::SHARDS`]; the same for ever.
pub fn of(key: &str) -> u8 {
    let first = Sha::of_bytes(key.as_bytes()).as_str().chars().next();
    let digit = first.and_then(|digit| digit.to_digit(16)).unwrap_or_default();
    u8::try_from(digit).unwrap_or_default().min(limits::SHARDS.saturating_sub(1))
}

/// The part of the list of what is due, below [`limits::DUE_SHARDS`]; the same for ever.
pub fn due(key: &str) -> u8 {
    of(key).checked_rem(limits::DUE_SHARDS).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shard_is_used_and_none_beside_them() {
        let shards: std::collections::BTreeSet<u8> = (0..500).map(|number| of(&format!("acc_{number}"))).collect();
        assert_eq!(shards, (0..limits::SHARDS).collect());
    }
}
