//! Stamps for writes whose caller brings none.

use app::ports::StoreError;
use domain::ids::AttemptId;

/// Unique to one write, so that it is known again when its answer was lost.
pub(crate) fn fresh() -> Result<AttemptId, StoreError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Unavailable(format!("no random numbers: {error}")))?;
    Ok(AttemptId::new(data_encoding::BASE64URL_NOPAD.encode(&bytes)))
}
