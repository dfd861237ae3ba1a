//! Copies of who has opened secrets, by the secrets' ids; one that is opened often goes through several parts.

use super::{Gathered, ROWS_PER_PART, ROWS_PER_READ};
use crate::logs::LogsError;
use crate::ports::{LeaseTaken, Progress};
use store::Engine;
use store::vault::Vault;
use wire::archive::Line;

/// A day's, up to as many rows as a part holds.
pub(super) async fn gather<D: Engine>(deps: &D, at: &Progress) -> Result<Gathered, LogsError> {
    // Where the part before has ended: in which secret, and after which of its leases.
    let last = at.after.as_deref().and_then(|after| after.split_once('#'));
    let mut found = Gathered { lines: Vec::new(), after: None, broken: false, skipped: Vec::new() };
    for credential in Vault(deps).opened_on(at.day).await? {
        let mut after = match last {
            Some((last, _)) if credential.as_str() < last => continue,
            Some((last, place)) if credential.as_str() == last => Some(place.to_owned()),
            _ => None,
        };
        loop {
            let leases = Vault(deps).leases_on(at.day, &credential, after.as_deref(), ROWS_PER_READ).await?;
            found.lines.extend(leases.iter().map(|taken| Line::Lease(taken.into())));
            after = leases.last().map(LeaseTaken::place).or(after);
            if found.lines.len() >= ROWS_PER_PART {
                return Ok(Gathered { after: after.map(|place| format!("{credential}#{place}")), ..found });
            }
            if u32::try_from(leases.len()).unwrap_or(u32::MAX) < ROWS_PER_READ {
                break;
            }
        }
    }
    Ok(found)
}
