//! Whose rows a release is switched onto. A restored or copied table holds an older world than the venues', and nothing is
//! sent from it before a person says so.

use super::DeployOptions;
use super::answers::{somebody_is_there, types};
use super::examine::Inside;
use crate::failure::{Failure, Result};

const OTHER: &str = "the trading table is of another epoch (restored or copied): nothing is sent from it";
const RECOVER: &str = "`moniqo recover`, then the same command again. Only where it is this release that brings the table: \
    the same command in a terminal, then `moniqo recover` (docs/runbooks/restore.md)";

/// Whether a release is well cannot be seen on rows that are not acted upon. Only a person goes on: where the functions in
/// use have another table, nobody can recover this one before the switch.
///
/// # Errors
/// Where the table is of another epoch and a person has not typed the deployment's name: `--yes` is no answer to that.
pub(crate) fn guard(options: &DeployOptions, inside: &impl Inside) -> Result<()> {
    if inside.is_recovered()? {
        return Ok(());
    }
    let refused = Failure::new(format!("{OTHER}; no alias was switched")).next(RECOVER);
    if !somebody_is_there() {
        return Err(refused);
    }
    let question = format!("{OTHER}.\nHave the functions in use that table already, `moniqo recover` comes first.");
    types(&question, &options.deployment).map_err(|_| refused)
}
