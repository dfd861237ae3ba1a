//! What a look from inside needs: the world around a function, and a place to write down what was seen.

use domain::clock::Millis;

/// What could not be found out, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotSeen(pub String);

/// Where a function stands, as the outside sees it.
pub trait Surroundings {
    /// The region's name.
    fn region(&self) -> String;

    /// Which version of the function's code this is.
    fn version(&self) -> String;

    /// The address that was promised to venues; none behind the shared door.
    fn promised_address(&self) -> Option<String>;

    /// The address that an echo outside saw; none where no echo is set.
    async fn address(&self) -> Result<Option<String>, NotSeen>;

    /// How many functions may run at once in the whole account of AWS.
    async fn concurrency_max(&self) -> Result<u32, NotSeen>;

    /// How far our clock is ahead of AWS's; behind is negative. As exact as an HTTP date: half a second.
    async fn clock_ahead(&self) -> Result<Millis, NotSeen>;
}
