//! The stop of the whole deployment: no entry of any account starts. Closes and cancels pass.

use crate::actor::{Act, audit};
use crate::ports::StoreError;
use store::Engine;
use store::trading::Trading;

/// Sets the stop, or lifts it. Once it has answered, no entry starts; one that is under way may still be filled.
///
/// # Errors
/// Where the store cannot be reached; the same again does it.
pub async fn halt_system<D: Engine>(deps: &D, halted: bool, reason: &str, act: Act<'_>) -> Result<(), StoreError> {
    let action = if halted { "halt" } else { "resume" };
    Trading(deps).halt_system(halted, &audit(action, "system", reason, act)).await
}
