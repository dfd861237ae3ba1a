//! How often one address may ask for what needs no token.

use crate::ports::StoreError;
use domain::clock::{Millis, Timestamp};
use domain::ids::Sha;
use std::net::IpAddr;
use store::Engine;
use store::identity::Identity;

/// How long to wait, where this was one request too many. Whose address the gateway did not see shares one count.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn at_the_door<D: Engine>(
    deps: &D,
    address: Option<&str>,
    most: u32,
    now: Timestamp,
) -> Result<Option<Millis>, StoreError> {
    Identity(deps).count_address(&Sha::of_parts(&["door", &whose(address)]), most, now).await
}

/// By whom an address counts: of the long ones the half that one household has, which has as many as it likes of the others.
pub(super) fn whose(address: Option<&str>) -> String {
    let text = address.unwrap_or_default();
    match text.parse() {
        Ok(IpAddr::V6(long)) if long.to_ipv4_mapped().is_none() => {
            let [one, two, three, four, ..] = long.segments();
            format!("{one:x}:{two:x}:{three:x}:{four:x}::/64")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_has_one_count() {
        let one = |address: &str| whose(Some(address));
        assert_eq!(one("2001:db8:1:2::7"), one("2001:db8:1:2:ffff::1"));
        assert_ne!(one("2001:db8:1:2::7"), one("2001:db8:1:3::7"));
        assert_ne!(one("192.0.2.1"), one("192.0.2.2"));
        assert_ne!(one("::ffff:192.0.2.1"), one("::ffff:192.0.2.2"));
        assert_eq!(whose(None), "");
    }
}
