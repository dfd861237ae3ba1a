//! The stop of the whole deployment: no entry of any account starts. Closes and cancels pass.

use super::ActError;
use crate::actor::{Act, audit};
use crate::ports::StoreError;
use store::Engine;
use store::trading::Trading;

/// Sets the stop. Once it has answered, no entry starts; one that is under way may still be filled.
///
/// # Errors
/// If the store cannot be reached; the same again does it.
pub async fn halt_system<D: Engine>(deps: &D, reason: &str, act: Act<'_>) -> Result<(), StoreError> {
    Trading(deps).halt_system(&audit("halt", "system", reason, act)).await
}

/// Lifts the stop that stands now. One that is set meanwhile stays: its answer was that no entry starts. A program's key lifts none: a thief
/// of a key would start again what was stopped because of the theft.
///
/// # Errors
/// `NotInPerson`, `HaltedMeanwhile`, or if the store cannot be reached; the same again does it.
pub async fn resume_system<D: Engine>(deps: &D, reason: &str, act: Act<'_>) -> Result<(), ActError> {
    if !act.in_person() {
        return Err(ActError::NotInPerson("lifts no stop of the whole deployment"));
    }
    let seen = Trading(deps).load_system().await?;
    let lifted = Trading(deps).lift_system_halt(&seen, &audit("resume", "system", reason, act)).await?;
    if lifted { Ok(()) } else { Err(ActError::HaltedMeanwhile) }
}
